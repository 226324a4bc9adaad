"""Which of many laws a few instances contradict: all their terms evaluated together."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories.laws._terms import Law, Term

__all__ = ["ManyLaws"]

# Together with the number of instances this bounds the values held at once: 4 million bytes.
_BLOCK = 2_000_000
# Instances looked at first: most laws are refuted by these, and then their terms are not needed.
_FIRST_BLOCK = 48


class ManyLaws:
    """Some laws with all their terms, numbered so that operands come before their products.

    Args:
        laws: The laws, at least one.
    """

    def __init__(self, laws: tuple[Law, ...]) -> None:
        sizes: dict[Term, int] = {}

        def visit(term: Term) -> int:
            if term not in sizes:
                sizes[term] = 0 if isinstance(term, int) else 1 + visit(term[0]) + visit(term[1])
            return sizes[term]

        for law in laws:
            visit(law.left)
            visit(law.right)
        self.laws = laws
        self._variables = max(law.num_variables for law in laws)
        numbers: dict[Term, int] = {variable: variable for variable in range(self._variables)}
        # For each number of operations the left and the right operands of its terms.
        self._levels: list[tuple[NDArray[Any], NDArray[Any]]] = []
        for size in range(1, 1 + max(sizes.values())):
            level = [term for term in sizes if sizes[term] == size and not isinstance(term, int)]
            for term in level:
                numbers[term] = len(numbers)
            left, right = ([numbers[term[side]] for term in level] for side in (0, 1))
            self._levels.append((np.array(left, np.intp), np.array(right, np.intp)))
        self._num_terms = len(numbers)
        self._left = np.array([numbers[law.left] for law in laws], np.intp)
        self._right = np.array([numbers[law.right] for law in laws], np.intp)

    def standing(
        self, table: Int[NDArray[Any], "n n"], *, instances: int, rng: np.random.Generator
    ) -> Bool[NDArray[Any], " k"]:
        """Return which laws hold in those of some random instances that can be evaluated.

        Args:
            table: Products, shape ``(n, n)``, -1 where unknown.
            instances: How many to look at.
            rng: Draws the values of the variables, the same for all laws.
        """
        n = len(table)
        kind = np.int16 if (n + 1) ** 2 < 2**15 else np.int64
        padded = np.full((n + 1, n + 1), n, kind)
        padded[:n, :n] = np.where(table >= 0, table, n)
        flat = padded.reshape(-1)
        standing = np.ones(len(self.laws), bool)
        done, size = 0, _FIRST_BLOCK
        while done < instances:
            size = min(size, instances - done)
            here = np.flatnonzero(standing)
            values = self._values(here, flat, rng.integers(n, size=(self._variables, size)))
            one, other = values[self._left[here]], values[self._right[here]]
            standing[here] = ~((one != other) & (one < n) & (other < n)).any(axis=1)
            done, size = done + size, max(1, _BLOCK // self._num_terms)
        return standing

    def _values(
        self,
        laws: Int[NDArray[Any], " l"],
        table: Int[NDArray[Any], " cells"],
        drawn: Int[NDArray[Any], "v i"],
    ) -> Int[NDArray[Any], "t i"]:
        """Return the values of all terms that occur in some laws; others are left undefined."""
        needed = np.zeros(self._num_terms, bool)
        needed[self._left[laws]] = needed[self._right[laws]] = True
        end = self._num_terms
        for left, right in reversed(self._levels):
            used = needed[end - len(left) : end]
            needed[left[used]] = needed[right[used]] = True
            end -= len(left)
        width = math.isqrt(len(table))
        values = np.empty((self._num_terms, drawn.shape[1]), table.dtype)
        values[: self._variables] = drawn
        first = self._variables
        for left, right in self._levels:
            used = np.flatnonzero(needed[first : first + len(left)])
            cells = values[left[used]].astype(np.intp) * width + values[right[used]]
            values[first + used] = table.take(cells)
            first += len(left)
        return values

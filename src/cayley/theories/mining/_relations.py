"""Whether a law with variables that occur once is contradicted, without trying all their values.

A variable that occurs once in a law takes every value independently of the rest. So a term is
evaluated to the set of its values, given the variables that occur again elsewhere: a relation
between those variables and the value, made from those of its operands.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._terms import Law, Term

__all__ = ["Relations"]

_Relation: TypeAlias = "tuple[tuple[int, ...], NDArray[Any]]"
"""Variables, and for their values and each element 1 if the term can have it, else 0."""

_MOST_SHARED = 3
"""Relations have at most so many variables: with more, all instances are looked at instead."""


class Relations:
    """Decides laws on the seen cells of one table.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown. Memory is of the order of n**4.
    """

    def __init__(self, table: Int[NDArray[Any], "n n"]) -> None:
        n = len(table)
        self._n = n
        rows, columns = np.nonzero(table >= 0)
        # Floating point, since only then is a contraction a product of matrices.
        self._holds = np.zeros((n, n, n), np.float32)
        self._holds[rows, columns, table[rows, columns]] = 1
        self._kept: dict[tuple[Term, tuple[bool, ...]], NDArray[Any]] = {}

    @staticmethod
    def suits(law: Law) -> bool:
        """Return whether the law has few enough variables that occur more than once."""
        return len(_shared(law)) <= _MOST_SHARED < law.num_variables

    def contradicts(self, law: Law) -> bool:
        """Return whether some instance can be evaluated on both sides, to different elements."""
        shared = _shared(law)
        (left_axes, left), (right_axes, right) = (
            self._relation(side, shared) for side in (law.left, law.right)
        )
        # What occurs in one side only need not agree with the other.
        common = sorted(set(left_axes) & set(right_axes))
        left = self._projected(left_axes, left, common)
        right = self._projected(right_axes, right, common)
        pairs = left.sum(axis=-1) * right.sum(axis=-1)
        return bool((pairs > (left * right).sum(axis=-1)).any())

    def _projected(self, axes: tuple[int, ...], holds: NDArray[Any], kept: list[int]) -> Any:
        away = tuple(place for place, axis in enumerate(axes) if axis not in kept)
        remaining = [axis for axis in axes if axis in kept]
        projected = holds.max(axis=away) if away else holds
        order = [remaining.index(axis) for axis in kept]
        return projected.transpose(*order, len(kept))

    def _relation(self, term: Term, shared: frozenset[int]) -> _Relation:
        numbers: dict[int, int] = {}
        key = _renamed(term, numbers)
        flags = tuple(variable in shared for variable in numbers)
        if (key, flags) not in self._kept:
            among = frozenset(number for number, flag in enumerate(flags) if flag)
            self._kept[key, flags] = self._made(key, among)
        axes = tuple(variable for variable, flag in zip(numbers, flags, strict=True) if flag)
        return axes, self._kept[key, flags]

    def _made(self, term: Term, shared: frozenset[int]) -> NDArray[Any]:
        """Return the relation of a term, its axes being its variables by first appearance."""
        n = self._n
        if isinstance(term, int):
            return np.eye(n, dtype=np.float32) if shared else np.ones(n, np.float32)
        (left_axes, left), (right_axes, right) = (self._relation(each, shared) for each in term)
        # An axis for each value of the right operand, and one for the product.
        sums = left.reshape(-1, n) @ self._holds.reshape(n, n * n)
        sums = np.minimum(sums, 1).reshape(*left.shape[:-1], n, n)
        axes = (*left_axes, *(axis for axis in right_axes if axis not in left_axes))
        operand, value = max(axes, default=0) + 1, max(axes, default=0) + 2
        subscripts = (
            _letters(*left_axes, operand, value),
            _letters(*right_axes, operand),
            _letters(*axes, value),
        )
        counts: NDArray[Any] = np.einsum("{},{}->{}".format(*subscripts), sums, right)
        holds: NDArray[Any] = np.minimum(counts, 1)
        return holds


def _letters(*axes: int) -> str:
    """Return a letter for each axis, as `numpy.einsum` takes them."""
    return "".join(chr(ord("a") + axis) for axis in axes)


def _shared(law: Law) -> frozenset[int]:
    """Return the variables that occur more than once in a law."""
    seen: list[int] = []

    def visit(term: Term) -> None:
        if isinstance(term, int):
            seen.append(term)
        else:
            visit(term[0])
            visit(term[1])

    visit(law.left)
    visit(law.right)
    return frozenset(variable for variable in seen if seen.count(variable) > 1)


def _renamed(term: Term, numbers: dict[int, int]) -> Term:
    if isinstance(term, int):
        return numbers.setdefault(term, len(numbers))
    left = _renamed(term[0], numbers)
    return (left, _renamed(term[1], numbers))

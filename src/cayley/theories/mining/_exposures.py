r"""What the seen cells say about a law: whether they contradict it, and which of them it predicts.

An instance of a law can be *evaluated* if all cells that its two sides use are seen. In the order
in which the cells are uncovered (see ``_chances``), the last cell of an instance is predicted by
the others if it is the outermost product of a side and nothing else in the instance: an *exposure*
of the law. A cell is exposed once, however many instances predict it.

A term is evaluated once for all values of its variables and shared by all laws in which it occurs,
under whatever names of variables. This is the back end up to order 24; above, see
``_exposures_numba``.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._terms import Law, Term
from cayley.theories.mining._chances import SeenCells

__all__ = ["Exposures", "Look"]

# Instances evaluated at once: some ten arrays of two bytes each. All those of the medial law, in
# four variables, fit up to order 24.
_BLOCK = 400_000
# Values of terms are kept for up to so many variables: 27 kB a term at order 24.
_KEPT_VARIABLES = 3


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Look:
    """What the seen cells say about a law or a condition.

    Attributes:
        violation: The values of the variables in an instance whose two sides differ, or None.
        exposed: Which of the seen cells are predicted, shape ``(m,)``, in their order.
        support: The number of instances that can be evaluated and whose outermost cells differ.
    """

    violation: tuple[int, ...] | None
    exposed: Bool[NDArray[Any], " m"]
    support: int


@dataclass(frozen=True, slots=True, eq=False)
class _Values:
    """A term for some values of its variables.

    Attributes:
        value: Its value, n where a cell is not seen.
        last: The largest rank of the cells that it uses, ``n*n`` where one is not seen.
        own: The rank of its outermost cell, -1 for a variable.
        fresh: The same where all other cells have smaller ranks, else -1.
    """

    value: Int[NDArray[Any], "*i"]
    last: Int[NDArray[Any], "*i"]
    own: Int[NDArray[Any], "*i"]
    fresh: Int[NDArray[Any], "*i"]

    def spread(self, places: tuple[int, ...], variables: int) -> "_Values":
        """Return the values with the axis of variable j at ``places[j]`` of so many axes."""
        shape = [1] * variables
        for place in places:
            shape[place] = self.value.shape[0]
        order = sorted(range(len(places)), key=places.__getitem__)
        return _Values(
            *(
                (array if order == list(range(len(order))) else array.transpose(order)).reshape(
                    shape
                )
                for array in (self.value, self.last, self.own, self.fresh)
            )
        )


class Exposures:
    """Evaluates laws on the seen cells of one table.

    Args:
        seen: The seen cells in their order.
    """

    def __init__(self, seen: SeenCells) -> None:
        n = seen.order
        self._n, self._num_seen, self._unseen = n, len(seen.cells), n * n
        # Two bytes an entry while cells of the padded table can be numbered by them.
        kind = np.int16 if (n + 1) ** 2 < 2**15 else np.int64
        # One more row and column, so that an unseen operand, n, leads to an unseen product.
        self._table = np.full((n + 1, n + 1), n, kind)
        self._table[:n, :n] = np.where(seen.table >= 0, seen.table, n)
        self._ranks = np.full((n + 1, n + 1), self._unseen, kind)
        self._ranks[:n, :n] = seen.ranks
        self._kept: dict[Term, _Values] = {0: self.variable(np.arange(n))}

    def look(self, law: Law, *, deadline: float = math.inf) -> Look:
        """Return what the seen cells say about a law, in all its instances.

        Raises:
            OutOfTime: If the deadline, on the monotonic clock, passes first.
        """
        if time.monotonic() > deadline:
            raise OutOfTime
        if self._n**law.num_variables > _BLOCK:
            return self._in_blocks(law, deadline)
        places = tuple(range(law.num_variables))
        return self.compare(self._of(law.left, places), self._of(law.right, places))

    def compare(self, left: _Values, right: _Values) -> Look:
        """Return what instances say whose two sides have been evaluated."""
        violation, support = None, 0
        exposed = np.zeros(self._num_seen, bool)
        evaluated = np.maximum(left.last, right.last) < self._unseen
        wrong = evaluated & (left.value != right.value)
        if wrong.any():
            violation = tuple(int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape))
            return Look(violation=violation, exposed=exposed, support=support)
        support = int(np.count_nonzero(evaluated & (left.own != right.own)))
        if support:
            for side, other in ((left, right), (right, left)):
                # Less than a rank of a seen cell, so all of the other side is seen as well.
                predicted = (side.fresh > other.last) & (side.fresh < self._unseen)
                exposed[np.broadcast_to(side.fresh, predicted.shape)[predicted]] = True
        return Look(violation=None, exposed=exposed, support=support)

    def variable(self, values: Int[NDArray[Any], "*i"]) -> _Values:
        """Return a variable with these values."""
        none = np.full(values.shape, -1, self._table.dtype)
        return _Values(values.astype(self._table.dtype), none, none, none)

    def product(self, left: _Values, right: _Values) -> _Values:
        """Return the products of two terms, with the cells that they use."""
        cells = left.value.astype(np.intp) * (self._n + 1) + right.value
        own = self._ranks.reshape(-1).take(cells)
        inner = np.maximum(left.last, right.last)
        return _Values(
            self._table.reshape(-1).take(cells),
            np.maximum(inner, own),
            own,
            np.where(own > inner, own, -1),
        )

    def _of(self, term: Term, places: tuple[int, ...]) -> _Values:
        """Return a term for all values of its variables; ``places[v]`` is the axis of v."""
        if isinstance(term, int) and len(places) == 1:
            return self._kept[0]
        numbers: dict[int, int] = {}
        canonical = _renamed(term, numbers)
        values = self._canonical(canonical, len(numbers))
        return values.spread(tuple(places[v] for v in numbers), len(places))

    def _canonical(self, term: Term, variables: int) -> _Values:
        values = self._kept.get(term)
        if values is None:
            assert not isinstance(term, int)
            places = tuple(range(variables))
            values = self.product(self._of(term[0], places), self._of(term[1], places))
            if variables <= _KEPT_VARIABLES:
                self._kept[term] = values
        return values

    def _in_blocks(self, law: Law, deadline: float) -> Look:
        exposed, support = np.zeros(self._num_seen, bool), 0
        for block, values in self._blocks(law.num_variables):
            if time.monotonic() > deadline:
                raise OutOfTime
            look = self.compare(self._plain(law.left, values), self._plain(law.right, values))
            if look.violation is not None:
                # A side may lack a variable, and then has an axis of length 1 for it.
                violation = (*block, *look.violation[len(block) :])
                return Look(violation=violation, exposed=look.exposed, support=0)
            exposed |= look.exposed
            support += look.support
        return Look(violation=None, exposed=exposed, support=support)

    def _blocks(self, variables: int) -> Iterator[tuple[tuple[int, ...], list[_Values]]]:
        """Yield values of the leading variables, and those of all, one axis for each."""
        n, fixed = self._n, 0
        while fixed < variables and n ** (variables - fixed) > _BLOCK:
            fixed += 1
        for block in np.ndindex(*(n,) * fixed):
            arrays = [np.array(value).reshape((1,) * variables) for value in block]
            for place in range(fixed, variables):
                shape = [1] * variables
                shape[place] = n
                arrays.append(np.arange(n).reshape(shape))
            yield tuple(block), [self.variable(array) for array in arrays]

    def _plain(self, term: Term, values: list[_Values]) -> _Values:
        if isinstance(term, int):
            return values[term]
        return self.product(self._plain(term[0], values), self._plain(term[1], values))


def _renamed(term: Term, numbers: dict[int, int]) -> Term:
    if isinstance(term, int):
        return numbers.setdefault(term, len(numbers))
    left = _renamed(term[0], numbers)
    return (left, _renamed(term[1], numbers))

"""What the seen cells say about a law, one instance after the other, compiled: above order 24.

It does what ``_exposures`` does, but meets only the instances that can be evaluated: it goes along
the seen cells of a row or a column where one operand is known, and turns back where a cell is not
seen. So sparse tables cost little.
"""

import math
import time
from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories._chances import SeenCells
from cayley.theories._evaluation import OutOfTime
from cayley.theories._exposures import Look
from cayley.theories._terms import Law, Term, products

__all__ = ["CompiledExposures"]

# Steps between two looks at the clock: some 50 ms.
_CHUNK = 4_000_000
_LOOKUP, _ROW, _COLUMN, _ALL, _DIAGONAL, _FREE = range(6)
_WORKING, _DONE, _VIOLATED = range(3)
# Places in `at`: the step that is taken next, the number of instances, whether the last one led
# nowhere, and then for each step how many of its choices have been tried.
_DEPTH, _SUPPORT, _BACKWARDS, _CHOICES = range(4)


class _Cells(NamedTuple):
    """The seen cells and where those of each row and each column stand in lists.

    ``by_row[row_start[a]:row_start[a + 1]]`` are the seen cells of row a, and so for columns.
    """

    table: Int[NDArray[Any], " nn"]
    ranks: Int[NDArray[Any], " nn"]
    by_row: Int[NDArray[Any], " m"]
    row_start: Int[NDArray[Any], " n1"]
    by_column: Int[NDArray[Any], " m"]
    column_start: Int[NDArray[Any], " n1"]


class CompiledExposures:
    """Evaluates laws on the seen cells of one table.

    The first use compiles the kernel or loads it from numba's cache.

    Args:
        seen: The seen cells in their order.
        max_steps: How many steps one law may take.
    """

    def __init__(self, seen: SeenCells, *, max_steps: float = math.inf) -> None:
        n = seen.order
        self._n, self._num_seen, self._max_steps = n, len(seen.cells), max_steps
        by_row = np.sort(seen.cells)
        by_column = by_row[np.argsort(by_row % n, kind="stable")]
        self._cells = _Cells(
            seen.table.reshape(-1).astype(np.int64),
            seen.ranks.reshape(-1).astype(np.int64),
            by_row.astype(np.int64),
            np.searchsorted(by_row // n, np.arange(n + 1)).astype(np.int64),
            by_column.astype(np.int64),
            np.searchsorted(by_column % n, np.arange(n + 1)).astype(np.int64),
        )

    def look(self, law: Law, *, deadline: float = math.inf) -> Look:
        """Return what the seen cells say about a law, in all its instances.

        Raises:
            OutOfTime: If the deadline, on the monotonic clock, passes first, or after too many steps.
        """
        slots, steps = _program(law)
        sides = np.array([slots[law.left], slots[law.right]], np.int64)
        operands = np.array(
            [
                [-1, -1] if isinstance(side, int) else [slots[side[0]], slots[side[1]]]
                for side in (law.left, law.right)
            ],
            np.int64,
        )
        # For each slot its value, the largest rank of its cells, and the rank of its outermost one;
        # -1 for variables.
        state = np.full((3, len(slots)), -1, np.int64)
        at = np.zeros(len(steps) + _CHOICES, np.int64)
        exposed = np.zeros(self._num_seen, np.bool_)
        taken, outcome = 0, _WORKING
        while outcome == _WORKING:
            if taken >= self._max_steps or time.monotonic() > deadline:
                raise OutOfTime
            outcome = _advance(
                self._n, self._cells, steps, sides, operands, state, at, exposed, _CHUNK
            )
            taken += _CHUNK
        if outcome == _VIOLATED:
            violation = tuple(state[0, : law.num_variables].tolist())
            return Look(violation=violation, exposed=np.zeros(self._num_seen, bool), support=0)
        return Look(violation=None, exposed=exposed, support=int(at[_SUPPORT]))


def _program(law: Law) -> tuple[dict[Term, int], Int[NDArray[Any], "s 4"]]:
    """Return the slots of variables and products, and the steps that find all instances.

    A step has a kind, the slots of the operands and that of the product. What needs no choice
    comes first, then what goes along one row or column.
    """
    slots: dict[Term, int] = {variable: variable for variable in range(law.num_variables)}
    waiting: list[Term] = []
    for side in (law.left, law.right):
        for product in products(side):
            if product not in slots:
                slots[product] = len(slots)
                waiting.append(product)
    bound: set[Term] = set()
    steps: list[tuple[int, int, int, int]] = []

    def kind(product: Term) -> int | None:
        assert not isinstance(product, int)
        left, right = product
        if left in bound and right in bound:
            return _LOOKUP
        if left in bound and isinstance(right, int):
            return _ROW
        if right in bound and isinstance(left, int):
            return _COLUMN
        if isinstance(left, int) and isinstance(right, int):
            return _DIAGONAL if left == right else _ALL
        return None

    while waiting:
        kinds = {product: kind(product) for product in waiting}
        # A product of two products waits for these; one of two variables is always there before.
        product = min(
            (each for each in waiting if kinds[each] is not None),
            key=lambda each: (kinds[each] or 0) if kinds[each] != _DIAGONAL else _ROW,
            default=None,
        )
        if product is None:
            # Such as x in x*(y*y): nothing says which values a variable beside a product has.
            product = waiting[0]
            assert not isinstance(product, int)
            free = next(each for each in product if each not in bound and isinstance(each, int))
            steps.append((_FREE, free, 0, 0))
            bound.add(free)
            continue
        assert not isinstance(product, int)
        chosen = kinds[product]
        assert chosen is not None
        steps.append((chosen, slots[product[0]], slots[product[1]], slots[product]))
        bound |= {product, *product}
        waiting.remove(product)
    steps += [(_FREE, each, 0, 0) for each in range(law.num_variables) if each not in bound]
    return slots, np.array(steps, np.int64).reshape(-1, 4)


@nb.njit(cache=True, inline="always")
def _look_up(n, table, ranks, value, last, own, cell, a, b, c):  # type: ignore[no-untyped-def]
    """Bind the product in a cell; return whether it is seen."""
    held = table[cell]
    if held < 0:
        return False
    rank = ranks[cell]
    value[c] = held
    own[c] = rank
    last[c] = max(rank, last[a], last[b])
    return True


@nb.njit(cache=True)
def _advance(n, cells, steps, sides, operands, state, at, exposed, budget):  # type: ignore[no-untyped-def]
    """Take so many steps from where the last call stopped."""
    table, ranks = cells.table, cells.ranks
    by_row, row_start = cells.by_row, cells.row_start
    by_column, column_start = cells.by_column, cells.column_start
    value, last, own = state[0], state[1], state[2]
    left, right = sides[0], sides[1]
    num_steps, num_seen = len(steps), len(by_row)
    depth = at[_DEPTH]
    backwards = at[_BACKWARDS] == 1
    taken = 0
    while taken < budget:
        taken += 1
        if depth < 0:
            return _DONE
        if depth == num_steps:
            if value[left] != value[right]:
                return _VIOLATED
            if own[left] != own[right]:
                at[_SUPPORT] += 1
                # The last cell of the instance, if it is outermost and nothing else in it.
                if own[left] > last[right]:
                    a, b = operands[0, 0], operands[0, 1]
                    if own[left] > last[a] and own[left] > last[b]:
                        exposed[own[left]] = True
                elif own[right] > last[left]:
                    a, b = operands[1, 0], operands[1, 1]
                    if own[right] > last[a] and own[right] > last[b]:
                        exposed[own[right]] = True
            backwards = True
            depth -= 1
            continue
        kind, a, b, c = steps[depth, 0], steps[depth, 1], steps[depth, 2], steps[depth, 3]
        if kind == _LOOKUP:
            # A look-up leaves no choice: on the way back it is passed.
            if not backwards and _look_up(
                n, table, ranks, value, last, own, value[a] * n + value[b], a, b, c
            ):
                depth += 1
            else:
                backwards = True
                depth -= 1
            continue
        if not backwards:
            at[_CHOICES + depth] = 0
        backwards = False
        i = at[_CHOICES + depth]
        at[_CHOICES + depth] += 1
        cell = -1
        if kind == _ROW:
            place = row_start[value[a]] + i
            if place < row_start[value[a] + 1]:
                cell = by_row[place]
                value[b] = cell % n
        elif kind == _COLUMN:
            place = column_start[value[b]] + i
            if place < column_start[value[b] + 1]:
                cell = by_column[place]
                value[a] = cell // n
        elif kind == _ALL:
            if i < num_seen:
                cell = by_row[i]
                value[a], value[b] = cell // n, cell % n
        elif i < n:
            value[a] = i
            if kind == _FREE:
                depth += 1
                continue
            cell = i * n + i
        if cell < 0:
            backwards = True
            depth -= 1
        elif _look_up(n, table, ranks, value, last, own, cell, a, b, c):
            depth += 1
        else:
            # Only a cell of the diagonal may not be seen: take the next choice of this step.
            backwards = True
    at[_DEPTH] = depth
    at[_BACKWARDS] = 1 if backwards else 0
    return _WORKING

"""Carries out plans one instance at a time, compiled: the back end for orders above 24.

It works on the arrays of `KnownCells` and does the same as `PythonJoins`; only the order in which
cells become known may differ. An instance is met once, when the last of its cells is taken from
the trail, since the others are looked up among the cells taken before.
"""

import math
import time
from typing import Any, NamedTuple

import numba as nb
import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from cayley.theories._cells import Conflict, KnownCells
from cayley.theories._evaluation import OutOfTime
from cayley.theories._plans import Effect, Op, Plan

__all__ = ["CompiledJoins"]

# Steps between two looks at the clock: some 50 ms.
_CHUNK = 5_000_000

_LOOKUP, _CHECK, _FREE = Op.LOOKUP, Op.CHECK, Op.FREE
_ROW, _COLUMN = Op.ROW, Op.COLUMN
_MERGE, _ASSIGN, _EQUAL, _CANCEL = Effect.MERGE, Effect.ASSIGN, Effect.EQUAL, Effect.CANCEL
_STEPS, _KNOWN, _SEEN = KnownCells.STEPS, KnownCells.KNOWN, KnownCells.SEEN
_DONE, _CONFLICT, _WORKING = range(3)


class _Plans(NamedTuple):
    """Plans as arrays: those of plan p are ``steps[first[p]:first[p + 1]]``."""

    start: Int[NDArray[Any], "p 3"]
    first: Int[NDArray[Any], " p1"]
    steps: Int[NDArray[Any], "s 4"]
    effect: Int[NDArray[Any], " p"]
    cells: Int[NDArray[Any], "p 4"]
    law: Int[NDArray[Any], " p"]
    variables: Int[NDArray[Any], " p"]


class _Index(NamedTuple):
    """Lists of seen cells: by row and value, by column and value, by value."""

    row: Int[NDArray[Any], " keys"]
    next_in_row: Int[NDArray[Any], " cells"]
    column: Int[NDArray[Any], " keys"]
    next_in_column: Int[NDArray[Any], " cells"]
    value: Int[NDArray[Any], " n"]
    next_of_value: Int[NDArray[Any], " cells"]


class CompiledJoins:
    """Applies laws to new cells until nothing follows any more.

    The first use compiles the kernel or loads it from numba's cache.
    """

    def __init__(
        self, plans: tuple[Plan, ...], *, variables: tuple[int, ...], order: int
    ) -> None:
        self._order = order
        self._begin = _encoded([plan for plan in plans if plan.start is None], variables)
        self._plans = _encoded([plan for plan in plans if plan.start is not None], variables)
        self._slots = max((plan.num_slots for plan in plans), default=1)
        self._depth = max((len(plan.steps) for plan in plans), default=0) + 1

    def run(self, cells: KnownCells, *, deadline: float = math.inf) -> bool:
        """Apply every law to every new cell; return False at a contradiction.

        Stops early where no cell is unknown any more: what is left then is to verify.

        Raises:
            OutOfTime: If the deadline passes; what was deduced until then stands.
        """
        index = _index_of(cells)
        found = np.zeros(2 + cells.step_instance.shape[1], np.int64)
        if not cells.counters[cells.STARTED]:
            cells.counters[cells.STARTED] = 1
            # One value of the first variable at a time, so that the clock is looked at.
            for value in range(self._order if len(self._begin.law) else 0):
                _look(deadline)
                if self._call(_begin, cells, index, self._begin, found, value) == _CONFLICT:
                    return self._contradicted(cells, found)
        while True:
            _look(deadline)
            outcome = self._call(_advance, cells, index, self._plans, found, _CHUNK)
            if outcome == _CONFLICT:
                return self._contradicted(cells, found)
            if outcome == _DONE:
                return True

    def _call(
        self,
        kernel: Any,
        cells: KnownCells,
        index: _Index,
        plans: _Plans,
        found: NDArray[Any],
        argument: int,
    ) -> int:
        scratch = np.zeros(self._slots, np.int64), np.zeros(self._depth, np.int64)
        state = (
            cells.table, cells.seen, cells.parent, cells.trail, cells.reason, cells.step_law,
            cells.step_instance, cells.step_cells, cells.first_edge, cells.next_edge,
            cells.counters, np.zeros((len(cells.table) + 1, 2), np.int32),
        )  # fmt: skip
        outcome: int = kernel(self._order, state, index, plans, scratch, found, argument)
        return outcome

    @staticmethod
    def _contradicted(cells: KnownCells, found: NDArray[Any]) -> bool:
        law, size = int(found[0]), int(found[1])
        cells.conflict = Conflict(law, tuple(found[2 : 2 + size].tolist()))
        return False


def _look(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise OutOfTime


def _encoded(plans: list[Plan], variables: tuple[int, ...]) -> _Plans:
    lengths = [len(plan.steps) for plan in plans]
    cells = np.zeros((len(plans), 4), np.int64)
    for plan, row in zip(plans, cells, strict=True):
        row[: len(plan.cells)] = plan.cells
    starts = [plan.start or (0, 0, 0) for plan in plans]
    return _Plans(
        start=np.array(starts, np.int64).reshape(-1, 3),
        first=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        steps=np.array([step for plan in plans for step in plan.steps], np.int64).reshape(-1, 4),
        effect=np.array([plan.effect for plan in plans], np.int64),
        cells=cells,
        law=np.array([plan.law for plan in plans], np.int64),
        variables=np.array([variables[plan.law] for plan in plans], np.int64),
    )


def _index_of(cells: KnownCells) -> _Index:
    """Return the lists of all seen cells; cheap beside what is done with them."""
    n = cells.order
    size = n * n
    index = _Index(
        row=np.full(size, -1, np.int32),
        next_in_row=np.full(size, -1, np.int32),
        column=np.full(size, -1, np.int32),
        next_in_column=np.full(size, -1, np.int32),
        value=np.full(n, -1, np.int32),
        next_of_value=np.full(size, -1, np.int32),
    )
    _insert_all(n, index, cells.seen)
    return index


@nb.njit(cache=True)
def _insert(n, index, cell, value):  # type: ignore[no-untyped-def]
    row, column = cell // n, cell % n
    index.next_in_row[cell] = index.row[row * n + value]
    index.row[row * n + value] = cell
    index.next_in_column[cell] = index.column[column * n + value]
    index.column[column * n + value] = cell
    index.next_of_value[cell] = index.value[value]
    index.value[value] = cell


@nb.njit(cache=True)
def _insert_all(n, index, seen):  # type: ignore[no-untyped-def]
    for cell in range(n * n):
        if seen[cell] >= 0:
            _insert(n, index, cell, seen[cell])


@nb.njit(cache=True)
def _root(parent, cell):  # type: ignore[no-untyped-def]
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell


@nb.njit(cache=True)
def _step(state, law, slots, size):  # type: ignore[no-untyped-def]
    step_law, step_instance, counters = state[5], state[6], state[10]
    step = counters[_STEPS]
    step_law[step] = law
    for i in range(size):
        step_instance[step, i] = slots[i]
    counters[_STEPS] += 1
    return step


@nb.njit(cache=True)
def _spread(state, cell, value, step):  # type: ignore[no-untyped-def]
    """Give an unknown cell a value, and then every cell of its class along the forest."""
    table, trail, reason = state[0], state[3], state[4]
    step_cells, first_edge, next_edge = state[7], state[8], state[9]
    counters, waiting = state[10], state[11]
    waiting[0, 0], waiting[0, 1] = cell, step
    top = 1
    while top:
        top -= 1
        cell, step = waiting[top, 0], waiting[top, 1]
        if table[cell] >= 0:
            continue
        table[cell] = value
        reason[cell] = step
        trail[counters[_KNOWN]] = cell
        counters[_KNOWN] += 1
        end = first_edge[cell]
        while end >= 0:
            other = step_cells[end // 2, 1 - end % 2]
            # The forest has no circles, so a cell waits at most once.
            if table[other] < 0:
                waiting[top, 0], waiting[top, 1] = other, end // 2
                top += 1
            end = next_edge[end]


@nb.njit(cache=True)
def _conclude(n, state, plans, p, slots):  # type: ignore[no-untyped-def]
    """Draw the conclusion of one instance; return False at a contradiction."""
    table, parent = state[0], state[2]
    effect, law, size = plans.effect[p], plans.law[p], plans.variables[p]
    a, b = slots[plans.cells[p, 0]], slots[plans.cells[p, 1]]
    if effect == _EQUAL:
        return a == b
    one = a * n + b
    c = slots[plans.cells[p, 2]]
    if effect != _MERGE:
        if table[one] < 0:
            _spread(state, one, c, _step(state, law, slots, size))
            return True
        return effect == _CANCEL or table[one] == c
    other = c * n + slots[plans.cells[p, 3]]
    if table[one] >= 0 and table[other] >= 0:
        return table[one] == table[other]
    if table[one] >= 0:
        _spread(state, other, table[one], _step(state, law, slots, size))
        return True
    if table[other] >= 0:
        _spread(state, one, table[other], _step(state, law, slots, size))
        return True
    first, second = _root(parent, one), _root(parent, other)
    if first != second:
        parent[max(first, second)] = min(first, second)
        step = _step(state, law, slots, size)
        step_cells, first_edge, next_edge = state[7], state[8], state[9]
        step_cells[step, 0], step_cells[step, 1] = one, other
        next_edge[2 * step] = first_edge[one]
        first_edge[one] = 2 * step
        next_edge[2 * step + 1] = first_edge[other]
        first_edge[other] = 2 * step + 1
    return True


@nb.njit(cache=True)
def _follow(n, state, index, plans, p, slots, at):  # type: ignore[no-untyped-def]
    """Carry out the steps of a plan by backtracking; return the work, negative at a conflict."""
    seen = state[1]
    begin, end = plans.first[p], plans.first[p + 1]
    depth, entering, work = begin, True, 1
    while True:
        work += 1
        if depth == end:
            if not _conclude(n, state, plans, p, slots):
                return -work
            entering = False
            depth -= 1
            if depth < begin:
                return work
            continue
        op, a, b, c = (
            plans.steps[depth, 0],
            plans.steps[depth, 1],
            plans.steps[depth, 2],
            plans.steps[depth, 3],
        )
        good = False
        place = depth - begin
        if op == _LOOKUP or op == _CHECK:  # noqa: PLR1714, numba compiles this faster
            if entering:
                value = seen[slots[a] * n + slots[b]]
                if op == _CHECK:
                    good = value == slots[c]
                elif value >= 0:
                    slots[c] = value
                    good = True
        elif op == _FREE:
            at[place] = 0 if entering else at[place] + 1
            if at[place] < n:
                slots[a] = at[place]
                good = True
        elif op == _ROW:
            cell = index.row[slots[a] * n + slots[c]] if entering else index.next_in_row[at[place]]
            if cell >= 0:
                at[place] = cell
                slots[b] = cell % n
                good = True
        elif op == _COLUMN:
            cell = (
                index.column[slots[b] * n + slots[c]]
                if entering
                else index.next_in_column[at[place]]
            )
            if cell >= 0:
                at[place] = cell
                slots[a] = cell // n
                good = True
        else:
            cell = index.value[slots[c]] if entering else index.next_of_value[at[place]]
            if cell >= 0:
                at[place] = cell
                slots[a] = cell // n
                slots[b] = cell % n
                good = True
        if good:
            depth += 1
            entering = True
        else:
            depth -= 1
            entering = False
            if depth < begin:
                return work


@nb.njit(cache=True)
def _report(plans, p, slots, found):  # type: ignore[no-untyped-def]
    found[0], found[1] = plans.law[p], plans.variables[p]
    for i in range(plans.variables[p]):
        found[2 + i] = slots[i]


@nb.njit(cache=True)
def _begin(n, state, index, plans, scratch, found, value):  # type: ignore[no-untyped-def]
    """Run the plans without a start for one value of their first free slot."""
    slots, at = scratch
    for p in range(len(plans.law)):
        first = plans.first[p]
        # The first step of a plan without a start is always `FREE`.
        slots[plans.steps[first, 1]] = value
        narrowed = _Plans(
            plans.start, plans.first.copy(), plans.steps, plans.effect, plans.cells, plans.law,
            plans.variables,
        )  # fmt: skip
        narrowed.first[p] = first + 1
        if _follow(n, state, index, narrowed, p, slots, at) < 0:
            _report(plans, p, slots, found)
            return _CONFLICT
    return _DONE


@nb.njit(cache=True)
def _advance(n, state, index, plans, scratch, found, budget):  # type: ignore[no-untyped-def]
    """Apply the laws to new cells, one after the other, until the budget is spent."""
    table, seen, trail, counters = state[0], state[1], state[3], state[10]
    slots, at = scratch
    while counters[_SEEN] < counters[_KNOWN]:
        if counters[_KNOWN] == n * n:
            return _DONE
        if budget <= 0:
            return _WORKING
        cell = trail[counters[_SEEN]]
        counters[_SEEN] += 1
        value = table[cell]
        seen[cell] = value
        _insert(n, index, cell, value)
        for p in range(len(plans.law)):
            left, right, result = plans.start[p, 0], plans.start[p, 1], plans.start[p, 2]
            slots[left] = cell // n
            if right == left and cell % n != slots[left]:
                continue
            slots[right] = cell % n
            if (result == left or result == right) and slots[result] != value:  # noqa: PLR1714
                continue
            slots[result] = value
            work = _follow(n, state, index, plans, p, slots, at)
            if work < 0:
                _report(plans, p, slots, found)
                return _CONFLICT
            budget -= work
    return _DONE

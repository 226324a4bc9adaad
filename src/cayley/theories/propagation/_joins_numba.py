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
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.propagation._cells import Conflict, KnownCells
from cayley.theories.propagation._plans import Effect, Op, Plan

__all__ = ["CompiledJoins"]

# Steps between two looks at the clock: some 50 ms.
_CHUNK = 5_000_000

_CHECK, _FREE, _ROW, _COLUMN = Op.CHECK, Op.FREE, Op.ROW, Op.COLUMN
_MERGE, _EQUAL, _CANCEL = Effect.MERGE, Effect.EQUAL, Effect.CANCEL
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


class _State(NamedTuple):
    """The arrays of `KnownCells`, room for a stack, and lists of the cells in ``seen``.

    The lists hold the seen cells by row and value, by column and value, and by value.
    """

    table: Int[NDArray[Any], " cells"]
    seen: Int[NDArray[Any], " cells"]
    parent: Int[NDArray[Any], " cells"]
    trail: Int[NDArray[Any], " cells"]
    reason: Int[NDArray[Any], " cells"]
    step_law: Int[NDArray[Any], " steps"]
    step_instance: Int[NDArray[Any], "steps v"]
    step_cells: Int[NDArray[Any], "steps 2"]
    first_edge: Int[NDArray[Any], " cells"]
    next_edge: Int[NDArray[Any], " ends"]
    counters: Int[NDArray[Any], " 4"]
    waiting: Int[NDArray[Any], "w 2"]
    row: Int[NDArray[Any], " keys"]
    next_in_row: Int[NDArray[Any], " cells"]
    column: Int[NDArray[Any], " keys"]
    next_in_column: Int[NDArray[Any], " cells"]
    value: Int[NDArray[Any], " n"]
    next_of_value: Int[NDArray[Any], " cells"]


class _Scratch(NamedTuple):
    """The slots of an instance, where each step of a plan stands, and the last contradiction.

    ``found`` holds a law, the number of its variables, and their values.
    """

    slots: Int[NDArray[Any], " slots"]
    at: Int[NDArray[Any], " depth"]
    found: Int[NDArray[Any], " f"]


class CompiledJoins:
    """Applies laws to new cells until nothing follows any more.

    The first use compiles the kernel or loads it from numba's cache.
    """

    def __init__(self, plans: tuple[Plan, ...], *, variables: tuple[int, ...], order: int) -> None:
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
        n, state = cells.order, _state_of(cells)
        scratch = _Scratch(
            np.zeros(self._slots, np.int64),
            np.zeros(self._depth, np.int64),
            np.zeros(2 + cells.step_instance.shape[1], np.int64),
        )
        if not cells.counters[cells.STARTED]:
            cells.counters[cells.STARTED] = 1
            # One value of the first variable at a time, so that the clock is looked at.
            for value in range(n if len(self._begin.law) else 0):
                _look(deadline)
                if _begin(n, state, self._begin, scratch, value) == _CONFLICT:
                    return _contradicted(cells, scratch)
        while True:
            _look(deadline)
            outcome = _advance(n, state, self._plans, scratch, _CHUNK)
            if outcome == _CONFLICT:
                return _contradicted(cells, scratch)
            if outcome == _DONE:
                return True


def _contradicted(cells: KnownCells, scratch: _Scratch) -> bool:
    law, size = int(scratch.found[0]), int(scratch.found[1])
    cells.conflict = Conflict(law, tuple(scratch.found[2 : 2 + size].tolist()))
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


def _state_of(cells: KnownCells) -> _State:
    """Return the arrays of a state, shared, with lists made anew: cheap beside their use."""
    n = cells.order
    state = _State(
        table=cells.table,
        seen=cells.seen,
        parent=cells.parent,
        trail=cells.trail,
        reason=cells.reason,
        step_law=cells.step_law,
        step_instance=cells.step_instance,
        step_cells=cells.step_cells,
        first_edge=cells.first_edge,
        next_edge=cells.next_edge,
        counters=cells.counters,
        waiting=np.zeros((n * n + 1, 2), np.int32),
        row=np.full(n * n, -1, np.int32),
        next_in_row=np.full(n * n, -1, np.int32),
        column=np.full(n * n, -1, np.int32),
        next_in_column=np.full(n * n, -1, np.int32),
        value=np.full(n, -1, np.int32),
        next_of_value=np.full(n * n, -1, np.int32),
    )
    _insert_all(n, state)
    return state


@nb.njit(cache=True)
def _insert(n, state, cell, value):  # type: ignore[no-untyped-def]
    row, column = cell // n, cell % n
    state.next_in_row[cell] = state.row[row * n + value]
    state.row[row * n + value] = cell
    state.next_in_column[cell] = state.column[column * n + value]
    state.column[column * n + value] = cell
    state.next_of_value[cell] = state.value[value]
    state.value[value] = cell


@nb.njit(cache=True)
def _insert_all(n, state):  # type: ignore[no-untyped-def]
    for cell in range(n * n):
        if state.seen[cell] >= 0:
            _insert(n, state, cell, state.seen[cell])


@nb.njit(cache=True)
def _root(parent, cell):  # type: ignore[no-untyped-def]
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell


@nb.njit(cache=True)
def _step(state, law, slots, size):  # type: ignore[no-untyped-def]
    step = state.counters[_STEPS]
    state.step_law[step] = law
    for i in range(size):
        state.step_instance[step, i] = slots[i]
    state.counters[_STEPS] += 1
    return step


@nb.njit(cache=True)
def _spread(state, cell, value, step):  # type: ignore[no-untyped-def]
    """Give an unknown cell a value, and then every cell of its class along the forest."""
    table, waiting, counters = state.table, state.waiting, state.counters
    waiting[0, 0], waiting[0, 1] = cell, step
    top = 1
    while top:
        top -= 1
        cell, step = waiting[top, 0], waiting[top, 1]
        table[cell] = value
        state.reason[cell] = step
        state.trail[counters[_KNOWN]] = cell
        counters[_KNOWN] += 1
        end = state.first_edge[cell]
        while end >= 0:
            other = state.step_cells[end // 2, 1 - end % 2]
            # The forest has no circles, so a cell is reached at most once.
            if table[other] < 0:
                waiting[top, 0], waiting[top, 1] = other, end // 2
                top += 1
            end = state.next_edge[end]


@nb.njit(cache=True)
def _merge(state, one, other, step):  # type: ignore[no-untyped-def]
    """Make two classes of unknown cells one, by a step that has been written."""
    first, second = _root(state.parent, one), _root(state.parent, other)
    state.parent[max(first, second)] = min(first, second)
    state.step_cells[step, 0], state.step_cells[step, 1] = one, other
    state.next_edge[2 * step] = state.first_edge[one]
    state.first_edge[one] = 2 * step
    state.next_edge[2 * step + 1] = state.first_edge[other]
    state.first_edge[other] = 2 * step + 1


@nb.njit(cache=True)
def _conclude(n, state, plans, p, slots):  # type: ignore[no-untyped-def]
    """Draw the conclusion of one instance; return False at a contradiction."""
    table = state.table
    effect, law, size = plans.effect[p], plans.law[p], plans.variables[p]
    a, b = slots[plans.cells[p, 0]], slots[plans.cells[p, 1]]
    if effect == _EQUAL:
        return a == b
    one = a * n + b
    c = slots[plans.cells[p, 2]]
    if effect != _MERGE:
        if table[one] < 0:
            _spread(state, one, c, _step(state, law, slots, size))
        return effect == _CANCEL or table[one] == c
    other = c * n + slots[plans.cells[p, 3]]
    if table[one] < 0 and table[other] < 0:
        if _root(state.parent, one) != _root(state.parent, other):
            _merge(state, one, other, _step(state, law, slots, size))
    elif table[one] < 0:
        _spread(state, one, table[other], _step(state, law, slots, size))
    elif table[other] < 0:
        _spread(state, other, table[one], _step(state, law, slots, size))
    return table[one] == table[other]


@nb.njit(cache=True)
def _follow(n, state, plans, p, scratch):  # type: ignore[no-untyped-def]
    """Carry out the steps of a plan by backtracking; return the work, negative at a conflict.

    One function: a call for each step would pass all arrays and take several times as long.
    """
    slots, at, steps, seen = scratch.slots, scratch.at, plans.steps, state.seen
    row, next_in_row = state.row, state.next_in_row
    column, next_in_column = state.column, state.next_in_column
    begin, end = plans.first[p], plans.first[p + 1]
    depth, work, entering = begin, 1, True
    while depth >= begin:
        work += 1
        good = False
        if depth == end:
            if not _conclude(n, state, plans, p, slots):
                return -work
            depth -= 1
            entering = False
            continue
        place = depth - begin
        op, a, b, c = steps[depth, 0], steps[depth, 1], steps[depth, 2], steps[depth, 3]
        if op <= _CHECK:
            # Such a step has one outcome: when the search comes back to it, it is done.
            if entering:
                value = seen[slots[a] * n + slots[b]]
                if op == _CHECK:
                    good = value == slots[c]
                else:
                    slots[c] = value
                    good = value >= 0
        elif op == _FREE:
            value = 0 if entering else at[place] + 1
            at[place] = slots[a] = value
            good = value < n
        elif op == _ROW:
            cell = row[slots[a] * n + slots[c]] if entering else next_in_row[at[place]]
            at[place] = cell
            slots[b] = cell % n
            good = cell >= 0
        elif op == _COLUMN:
            cell = column[slots[b] * n + slots[c]] if entering else next_in_column[at[place]]
            at[place] = cell
            slots[a] = cell // n
            good = cell >= 0
        else:
            cell = state.value[slots[c]] if entering else state.next_of_value[at[place]]
            at[place] = cell
            slots[a] = cell // n
            slots[b] = cell % n
            good = cell >= 0
        depth += 1 if good else -1
        entering = good
    return work


@nb.njit(cache=True)
def _report(plans, p, scratch):  # type: ignore[no-untyped-def]
    scratch.found[0], scratch.found[1] = plans.law[p], plans.variables[p]
    for i in range(plans.variables[p]):
        scratch.found[2 + i] = scratch.slots[i]


@nb.njit(cache=True)
def _begin(n, state, plans, scratch, value):  # type: ignore[no-untyped-def]
    """Run the plans without a start for one value of their first free slot."""
    for p in range(len(plans.law)):
        # The first step of such a plan is always `FREE`: it is done here, and left out below.
        scratch.slots[plans.steps[plans.first[p], 1]] = value
        plans.first[p] += 1
        work = _follow(n, state, plans, p, scratch)
        plans.first[p] -= 1
        if work < 0:
            _report(plans, p, scratch)
            return _CONFLICT
    return _DONE


@nb.njit(cache=True)
def _advance(n, state, plans, scratch, budget):  # type: ignore[no-untyped-def]
    """Apply the laws to new cells, one after the other, until the budget is spent."""
    slots, counters = scratch.slots, state.counters
    while counters[_SEEN] < counters[_KNOWN] < n * n:
        if budget <= 0:
            return _WORKING
        cell = state.trail[counters[_SEEN]]
        counters[_SEEN] += 1
        value = state.table[cell]
        state.seen[cell] = value
        _insert(n, state, cell, value)
        for p in range(len(plans.law)):
            left, right, result = plans.start[p]
            # Slots can be one and the same, as in x*x; then the cell has to fit.
            slots[result] = value
            slots[right] = cell % n
            slots[left] = cell // n
            if slots[right] != cell % n or slots[result] != value:
                continue
            work = _follow(n, state, plans, p, scratch)
            if work < 0:
                _report(plans, p, scratch)
                return _CONFLICT
            budget -= work
    return _DONE

"""Carries out plans with NumPy, many instances at a time: the back end for small orders."""

import math
import time
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.propagation._cells import Conflict, KnownCells
from cayley.theories.propagation._plans import Effect, Op, Plan, Step

__all__ = ["PythonJoins"]

Slots: TypeAlias = "list[Int[NDArray[Any], ' m'] | None]"
"""For each slot, its values in m instances; None where it is not bound yet."""


class PythonJoins:
    """Applies laws to new cells until nothing follows any more.

    Args:
        plans: The plans of all laws.
        variables: The number of variables of each law.
        max_batch: How many instances may be held at once.
    """

    def __init__(
        self, plans: tuple[Plan, ...], *, variables: tuple[int, ...], max_batch: int
    ) -> None:
        self._plans, self._variables, self._max_batch = plans, variables, max_batch

    def run(self, cells: KnownCells, *, deadline: float = math.inf) -> bool:
        """Apply every law to every new cell; return False at a contradiction.

        Stops early where no cell is unknown any more: what is left then is to verify.

        Raises:
            OutOfTime: If the deadline passes; what was deduced until then stands.
        """
        if not cells.counters[cells.STARTED]:
            cells.counters[cells.STARTED] = 1
            start = np.empty((1, 0), np.int64)
            if not all(
                self._apply(cells, plan, start, None, deadline)
                for plan in self._plans
                if plan.start is None
            ):
                return False
        while cells.counters[cells.SEEN] < cells.num_known:
            new = cells.trail[cells.counters[cells.SEEN] : cells.num_known].astype(np.int64)
            cells.seen[new] = cells.table[new]
            cells.counters[cells.SEEN] = cells.num_known
            rows, columns = np.divmod(new, cells.order)
            triples = np.stack([rows, columns, cells.seen[new]], axis=1)
            index = _Index(cells)
            for plan in self._plans:
                if cells.is_full:
                    return True
                if plan.start is not None and not self._apply(
                    cells, plan, triples, index, deadline
                ):
                    return False
        return True

    def _apply(
        self,
        cells: KnownCells,
        plan: Plan,
        new: Int[NDArray[Any], "m k"],
        index: "_Index | None",
        deadline: float,
    ) -> bool:
        slots: Slots = [None] * plan.num_slots
        if plan.start is not None:
            fits = np.ones(len(new), bool)
            for place, slot in enumerate(plan.start):
                held = slots[slot]
                if held is None:
                    slots[slot] = new[:, place]
                else:
                    fits &= held == new[:, place]
            slots = _chosen(slots, fits)
        for found in self._matches(cells, plan.steps, slots, index, deadline):
            if not _conclude(cells, plan, found, self._variables[plan.law]):
                return False
        return True

    def _matches(
        self,
        cells: KnownCells,
        steps: tuple[Step, ...],
        slots: Slots,
        index: "_Index | None",
        deadline: float,
    ) -> Iterator[Slots]:
        """Yield the instances that the steps lead to, in batches of bounded size."""
        if time.monotonic() > deadline:
            raise OutOfTime
        for at, step in enumerate(steps):
            size = _size(slots)
            if size == 0:
                return
            if step.op in (Op.LOOKUP, Op.CHECK):
                slots = _looked_up(cells, step, slots)
                continue
            # The other steps multiply the instances by n at most, `VALUE` by n*n.
            growth = cells.order ** (2 if step.op == Op.VALUE else 1)
            most = max(1, self._max_batch // growth)
            if size > most:
                for begin in range(0, size, most):
                    part = [None if s is None else s[begin : begin + most] for s in slots]
                    yield from self._matches(cells, steps[at:], part, index, deadline)
                return
            slots = _expanded(cells, step, slots, index)
        if _size(slots):
            yield slots


class _Index:
    """For a row and a value the columns of the seen cells that hold it, and so on."""

    def __init__(self, cells: KnownCells) -> None:
        n = cells.order
        known = np.flatnonzero(cells.seen >= 0)
        rows, columns = np.divmod(known, n)
        values = cells.seen[known].astype(np.int64)
        self.by_row = _grouped(rows * n + values, columns, n * n)
        self.by_column = _grouped(columns * n + values, rows, n * n)
        self.by_value = _grouped(values, known, n)


def _grouped(
    keys: NDArray[Any], items: NDArray[Any], size: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return where the items of each key start, and the items in the order of their keys."""
    order = np.argsort(keys, kind="stable")
    return np.searchsorted(keys[order], np.arange(size + 1)), items[order]


def _size(slots: Slots) -> int:
    return next((len(slot) for slot in slots if slot is not None), 1)


def _chosen(slots: Slots, which: NDArray[Any]) -> Slots:
    return [None if slot is None else slot[which] for slot in slots]


def _looked_up(cells: KnownCells, step: Step, slots: Slots) -> Slots:
    left, right = slots[step.a], slots[step.b]
    assert left is not None
    assert right is not None
    values = cells.seen[left * cells.order + right].astype(np.int64)
    if step.op == Op.CHECK:
        return _chosen(slots, values == slots[step.c])
    fits = values >= 0
    slots = _chosen(slots, fits)
    slots[step.c] = values[fits]
    return slots


def _expanded(cells: KnownCells, step: Step, slots: Slots, index: _Index | None) -> Slots:
    n, size = cells.order, _size(slots)
    if step.op == Op.FREE:
        slots = [None if slot is None else np.repeat(slot, n) for slot in slots]
        slots[step.a] = np.tile(np.arange(n), size)
        return slots
    assert index is not None
    first, second, value = slots[step.a], slots[step.b], slots[step.c]
    assert value is not None
    if step.op == Op.ROW:
        assert first is not None
        (starts, items), keys = index.by_row, first * n + value
    elif step.op == Op.COLUMN:
        assert second is not None
        (starts, items), keys = index.by_column, second * n + value
    else:
        (starts, items), keys = index.by_value, value
    counts = starts[keys + 1] - starts[keys]
    ends = np.cumsum(counts)
    places = (
        np.arange(ends[-1]) - np.repeat(ends - counts, counts) + np.repeat(starts[keys], counts)
    )
    slots = [None if slot is None else np.repeat(slot, counts) for slot in slots]
    if step.op == Op.ROW:
        slots[step.b] = items[places]
    elif step.op == Op.COLUMN:
        slots[step.a] = items[places]
    else:
        slots[step.a], slots[step.b] = np.divmod(items[places], n)
    return slots


def _conclude(cells: KnownCells, plan: Plan, slots: Slots, num_variables: int) -> bool:
    """Draw the conclusions of a batch of instances; return False at a contradiction."""
    n = cells.order
    held = [slots[slot] for slot in plan.cells]
    numbers = [slot for slot in held if slot is not None]
    if plan.effect == Effect.EQUAL:
        different = numbers[0] != numbers[1]
        if not different.any():
            return True
        place = int(different.argmax())
        cells.conflict = Conflict(plan.law, _instance(slots, place, num_variables))
        return False
    one = numbers[0] * n + numbers[1]
    left = cells.table[one].astype(np.int64)
    if plan.effect in (Effect.ASSIGN, Effect.CANCEL):
        open_, right = left < 0, numbers[2]
        keys = one * n + right
    else:
        other = numbers[2] * n + numbers[3]
        right = cells.table[other].astype(np.int64)
        roots = cells.roots().astype(np.int64)
        a, b = roots[one], roots[other]
        both = (left < 0) & (right < 0)
        open_ = np.where(both, a != b, (left < 0) | (right < 0))
        # Equal keys say the same: two classes are one, or a class has a value.
        pair = np.minimum(a, b) * n * n + np.maximum(a, b)
        single = np.where(left < 0, a * n + right, b * n + left)
        keys = np.where(both, pair, -1 - single)
    wrong = (left >= 0) & (right >= 0) & (left != right)
    if plan.effect != Effect.CANCEL and wrong.any():
        place = int(wrong.argmax())
        cells.conflict = Conflict(plan.law, _instance(slots, place, num_variables))
        return False
    chosen = np.flatnonzero(open_)
    chosen = chosen[np.unique(keys[chosen], return_index=True)[1]]
    for place in np.sort(chosen).tolist():
        instance = _instance(slots, place, num_variables)
        if plan.effect == Effect.CANCEL and cells.table[one[place]] >= 0:
            continue
        if plan.effect in (Effect.ASSIGN, Effect.CANCEL):
            good = cells.assign(int(one[place]), int(right[place]), plan.law, instance)
        else:
            good = cells.merge(int(one[place]), int(other[place]), plan.law, instance)
        if not good:
            return False
    return True


def _instance(slots: Slots, place: int, num_variables: int) -> tuple[int, ...]:
    """Return the values of the variables in one instance of a batch."""
    values = (slots[variable] for variable in range(num_variables))
    return tuple(int(value[place]) for value in values if value is not None)

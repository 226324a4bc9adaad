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

from cayley._shapes import Bool, Int
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._terms import Law, Term, products
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._exposures import Look

__all__ = ["CompiledExposures"]

# Steps between two looks at the clock: some 50 ms.
_CHUNK = 4_000_000
_LOOKUP, _ROW, _COLUMN, _ALL, _DIAGONAL, _FREE = range(6)
# Which step is taken first: what leaves no choice, then what goes along one line.
_PREFERENCE = (_LOOKUP, _ROW, _DIAGONAL, _COLUMN, _ALL, None)
_WORKING, _DONE, _VIOLATED = range(3)
# Places in `at`: the step that is taken next, the number of instances, whether the last one led
# nowhere, and then for each step how many of its choices have been tried.
_DEPTH, _SUPPORT, _BACKWARDS, _CHOICES = range(4)


class _Cells(NamedTuple):
    """The seen cells and where those of each row and each column stand in lists.

    ``by_row[row_start[a]:row_start[a + 1]]`` are the seen cells of row a, and so for columns.
    """

    size: int
    table: Int[NDArray[Any], " nn"]
    ranks: Int[NDArray[Any], " nn"]
    by_row: Int[NDArray[Any], " m"]
    row_start: Int[NDArray[Any], " n1"]
    by_column: Int[NDArray[Any], " m"]
    column_start: Int[NDArray[Any], " n1"]


class _Program(NamedTuple):
    """How to find all instances of a law.

    Attributes:
        steps: The steps, see `_program`.
        back: For each place between steps the last step before it that leaves a choice, or -1.
        sides: The slots of the two sides.
        operands: The slots of the operands of each side, 0 for a variable.
    """

    steps: Int[NDArray[Any], "s 4"]
    back: Int[NDArray[Any], " s1"]
    sides: Int[NDArray[Any], " 2"]
    operands: Int[NDArray[Any], "2 2"]


class _Work(NamedTuple):
    """An instance: for each slot its value, the rank of its outermost cell and its largest rank.

    Ranks are -1 for variables. ``exposed`` collects what is predicted; ``at`` see above.
    """

    value: Int[NDArray[Any], " slots"]
    own: Int[NDArray[Any], " slots"]
    last: Int[NDArray[Any], " slots"]
    exposed: Bool[NDArray[Any], " m"]
    at: Int[NDArray[Any], " s4"]


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
            n,
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
            OutOfTime: If the deadline, on the monotonic clock, passes or a law takes too long.
        """
        program, slots = _program(law)
        work = _Work(
            np.zeros(slots, np.int64),
            np.full(slots, -1, np.int64),
            np.full(slots, -1, np.int64),
            np.zeros(self._num_seen, np.bool_),
            np.zeros(len(program.steps) + _CHOICES, np.int64),
        )
        taken, outcome = 0, _WORKING
        while outcome == _WORKING:
            if taken >= self._max_steps or time.monotonic() > deadline:
                raise OutOfTime
            outcome = _advance(self._cells, program, work, _CHUNK)
            taken += _CHUNK
        if outcome == _VIOLATED:
            violation = tuple(work.value[: law.num_variables].tolist())
            return Look(violation=violation, exposed=np.zeros(self._num_seen, bool), support=0)
        return Look(violation=None, exposed=work.exposed, support=int(work.at[_SUPPORT]))


def _program(law: Law) -> tuple[_Program, int]:
    """Return how to find all instances of a law, and the number of its variables and products.

    A step has a kind, the slots of the operands and that of the product. What needs no choice
    comes first, then what goes along one row or column.
    """
    slots: dict[Term, int] = {variable: variable for variable in range(law.num_variables)}
    waiting: list[tuple[Term, Term]] = []
    for side in (law.left, law.right):
        for product in products(side):
            if product not in slots:
                slots[product] = len(slots)
                waiting.append(product)
    bound: set[Term] = set()
    steps: list[tuple[int, int, int, int]] = []

    def kind(product: tuple[Term, Term]) -> int | None:
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
        # One that is not there yet waits for its operands, of which the innermost has variables.
        product = min(waiting, key=lambda each: _PREFERENCE.index(kinds[each]))
        chosen = kinds[product]
        assert chosen is not None
        steps.append((chosen, slots[product[0]], slots[product[1]], slots[product]))
        bound |= {product, *product}
        waiting.remove(product)
    steps += [(_FREE, each, 0, 0) for each in range(law.num_variables) if each not in bound]
    back = [-1]
    for place, (chosen, *_) in enumerate(steps):
        back.append(back[-1] if chosen == _LOOKUP else place)
    sides = (law.left, law.right)
    operands = [
        [0, 0] if isinstance(side, int) else [slots[side[0]], slots[side[1]]] for side in sides
    ]
    program = _Program(
        np.array(steps, np.int64).reshape(-1, 4),
        np.array(back, np.int64),
        np.array([slots[side] for side in sides], np.int64),
        np.array(operands, np.int64),
    )
    return program, len(slots)


# One function: calls that pass the arrays on take seven times as long.
@nb.njit(cache=True)
def _advance(cells, program, work, budget):  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    """Take so many steps from where the last call stopped."""
    table, ranks, n = cells.table, cells.ranks, cells.size
    by_row, row_start = cells.by_row, cells.row_start
    by_column, column_start = cells.by_column, cells.column_start
    steps, back, operands = program.steps, program.back, program.operands
    left, right = program.sides[0], program.sides[1]
    value, own, last, at = work.value, work.own, work.last, work.at
    num_steps, num_seen = len(steps), len(by_row)
    depth, backwards = at[_DEPTH], at[_BACKWARDS] == 1
    for _ in range(budget):
        if depth < 0:
            return _DONE
        if depth == num_steps:
            if value[left] != value[right]:
                return _VIOLATED
            if own[left] != own[right]:
                at[_SUPPORT] += 1
                # A cell is predicted if it is the last of the instance, outermost and only there.
                # A variable has the rank -1, which is never the last.
                side = 0 if own[left] > last[right] else 1
                outer, other = (left, right) if side == 0 else (right, left)
                inner = max(last[operands[side, 0]], last[operands[side, 1]], last[other])
                if own[outer] > inner:
                    work.exposed[own[outer]] = True
            backwards = True
            depth = back[depth]
            continue
        kind, a, b, c = steps[depth, 0], steps[depth, 1], steps[depth, 2], steps[depth, 3]
        cell = -1
        if kind == _LOOKUP:
            # It leaves no choice, so the way back leads past it.
            cell = value[a] * n + value[b]
        else:
            i = at[_CHOICES + depth] if backwards else 0
            at[_CHOICES + depth] = i + 1
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
                cell = i * n + i
                value[a] = i
            if cell < 0:
                depth = back[depth]
                backwards = True
                continue
        backwards = False
        if kind != _FREE:
            held = table[cell]
            if held < 0:
                # Only a diagonal cell that was chosen may be unseen: then the next choice comes.
                backwards = True
                depth = back[depth] if kind == _LOOKUP else depth
                continue
            rank = ranks[cell]
            value[c] = held
            own[c] = rank
            last[c] = max(rank, last[a], last[b])
        depth += 1
    at[_DEPTH], at[_BACKWARDS] = depth, 1 if backwards else 0
    return _WORKING

"""What the conditions of a theory force in a partial table: one look at all its cells.

Each function returns False, with `conflict` set, where a condition cannot hold any more.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories.laws._conditions import Cells, Condition
from cayley.theories.propagation._cells import Conflict, KnownCells, Note

__all__ = ["blocks", "candidates", "force"]

_LEFT, _RIGHT = Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION


def force(cells: KnownCells, conditions: frozenset[Condition], *, associative: bool) -> bool:
    """Deduce once by every condition; the caller repeats it until nothing is new.

    Args:
        cells: The state, changed in place.
        conditions: The conditions.
        associative: Whether the operation is a semigroup, which the theorem on inverses needs.
    """
    if {_LEFT, _RIGHT} & conditions and not _cancel(cells, conditions):
        return False
    if Condition.UNIT in conditions and not _unit(cells, conditions):
        return False
    if Condition.ZERO in conditions and not _zero(cells):
        return False
    if associative and Condition.SEMIGROUP_INVERSES in conditions:
        return _commuting_idempotents(cells)
    return True


def candidates(
    square: Int[NDArray[Any], "n n"],
    conditions: frozenset[Condition],
    rows: slice = slice(None),
) -> Bool[NDArray[Any], "rows n n"]:
    """Return which values each cell of some rows can have if no row and column may repeat one.

    Only the cancellations among the conditions count. Known cells have no candidates.
    """
    n = len(square)
    allowed = np.repeat((square[rows] < 0)[:, :, None], n, axis=2)
    a, b = np.nonzero(square >= 0)
    if _LEFT in conditions:
        free = np.ones((n, n), bool)
        free[a, square[a, b]] = False
        allowed &= free[rows, None, :]
    if _RIGHT in conditions:
        free = np.ones((n, n), bool)
        free[b, square[a, b]] = False
        allowed &= free[None, :, :]
    return allowed


def _cancel(cells: KnownCells, conditions: frozenset[Condition]) -> bool:
    """Refute repeats; fill cells with one candidate, and symbols with one place in a line."""
    both = tuple(each for each in (_LEFT, _RIGHT) if each in conditions)
    for condition in both:
        repeat = _repeat(cells.square if condition is _LEFT else cells.square.T)
        if repeat is not None:
            places = repeat if condition is _LEFT else tuple((b, a) for a, b in repeat)
            return _refuted(cells, Note((condition,), places))
    for rows in blocks(cells.order):
        if not _naked_singles(cells, conditions, both, rows):
            return False
    if len(both) == 1:
        return True
    # A table that the naked singles have changed is looked at in the next round.
    return all(
        _hidden_singles(cells, both, rows, transposed=transposed)
        for transposed in (False, True)
        for rows in blocks(cells.order)
    )


def blocks(order: int) -> Iterator[slice]:
    """Yield the rows in blocks for which `candidates` takes at most 16 million bytes."""
    step = max(1, 2**24 // order**2)
    for first in range(0, order, step):
        yield slice(first, first + step)


def _naked_singles(
    cells: KnownCells,
    conditions: frozenset[Condition],
    both: tuple[Condition, ...],
    rows: slice,
) -> bool:
    """Fill the cells that have one candidate."""
    square = cells.square
    allowed = candidates(square, conditions, rows)
    count = allowed.sum(axis=2)
    few = (count <= 1) & (square[rows] < 0)
    for a, b in np.argwhere(few).tolist():
        row = rows.start + a
        note = Note(both, _blockers(square, row, b, conditions))
        # A cell before this one in the loop may have filled it with all of its class.
        if square[row, b] >= 0:
            continue
        if not count[a, b]:
            return _refuted(cells, note)
        if not cells.assign_by(row * cells.order + b, int(allowed[a, b].argmax()), note):
            return False
    return True


def _hidden_singles(
    cells: KnownCells, both: tuple[Condition, ...], rows: slice, *, transposed: bool
) -> bool:
    """Fill in the symbols that have one place left in a row, or in a column if transposed."""
    # The table as it is now: cells that are filled below have reasons that may not use each other.
    table = (cells.square.T if transposed else cells.square).copy()
    allowed = candidates(table, frozenset(both), rows)
    places = allowed.sum(axis=1)
    lacking = np.ones_like(places, dtype=bool)
    lines, others = np.nonzero(table[rows] >= 0)
    lacking[lines, table[rows][lines, others]] = False
    for at, symbol in np.argwhere(lacking & (places <= 1)).tolist():
        line = rows.start + at
        place = int(allowed[at, :, symbol].argmax()) if places[at, symbol] else -1
        used = _places_taken(table, line, symbol, place)
        note = Note(both, tuple((b, a) for a, b in used) if transposed else used)
        if place < 0:
            return _refuted(cells, note)
        row, column = (place, line) if transposed else (line, place)
        if not cells.assign_by(row * cells.order + column, symbol, note):
            return False
    return True


def _repeat(table: Int[NDArray[Any], "n n"]) -> Cells | None:
    """Return two known cells of a row that hold the same, or None."""
    n = len(table)
    rows, columns = np.nonzero(table >= 0)
    keys = rows * n + table[rows, columns]
    order = np.argsort(keys, kind="stable")
    same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    if not len(same):
        return None
    one, other = order[same[0]], order[same[0] + 1]
    return (int(rows[one]), int(columns[one])), (int(rows[other]), int(columns[other]))


def _blockers(
    table: Int[NDArray[Any], "n n"], a: int, b: int, conditions: frozenset[Condition]
) -> Cells:
    """Return, for every symbol that a cell cannot hold, a cell of its row or column with it."""
    found: dict[int, tuple[int, int]] = {}
    if _LEFT in conditions:
        for column, symbol in enumerate(table[a].tolist()):
            found.setdefault(symbol, (a, column))
    if _RIGHT in conditions:
        for row, symbol in enumerate(table[:, b].tolist()):
            found.setdefault(symbol, (row, b))
    found.pop(-1, None)
    return tuple(cell for _, cell in sorted(found.items()))


def _places_taken(table: Int[NDArray[Any], "n n"], line: int, symbol: int, place: int) -> Cells:
    """Return what keeps a symbol from every place of a line but one: a cell for each."""
    cells = []
    for other, held in enumerate(table[line].tolist()):
        if other != place:
            row = line if held >= 0 else int((table[:, other] == symbol).argmax())
            cells.append((row, other))
    return tuple(cells)


def _unit(cells: KnownCells, conditions: frozenset[Condition]) -> bool:
    n, square = cells.order, cells.square
    note: Note | None = None
    if {_LEFT, _RIGHT} <= conditions:
        # In a loop a single x*y = y makes x the unit, and a single y*x = y too.
        everyone = np.arange(n)
        for hits, axis in ((square == everyone[None, :], 0), (square == everyone[:, None], 1)):
            if hits.any():
                place = tuple(int(i[0]) for i in np.nonzero(hits))
                note = Note((Condition.UNIT, _LEFT, _RIGHT), (place,))  # type: ignore[arg-type]
                return _make_unit(cells, place[axis], note, conditions)
    everyone = np.arange(n)
    in_row = (square >= 0) & (square != everyone[None, :])
    in_column = (square >= 0) & (square != everyone[:, None])
    possible = ~(in_row.any(axis=1) | in_column.any(axis=0))
    return _only(cells, Condition.UNIT, possible, in_row, in_column, conditions=conditions)


def _zero(cells: KnownCells) -> bool:
    square = cells.square
    everyone = np.arange(cells.order)
    in_row = (square >= 0) & (square != everyone[:, None])
    in_column = (square >= 0) & (square != everyone[None, :])
    possible = ~(in_row.any(axis=1) | in_column.any(axis=0))
    return _only(cells, Condition.ZERO, possible, in_row, in_column)


def _only(
    cells: KnownCells,
    condition: Condition,
    possible: Bool[NDArray[Any], " n"],
    in_row: Bool[NDArray[Any], "n n"],
    in_column: Bool[NDArray[Any], "n n"],
    *,
    conditions: frozenset[Condition] = frozenset(),
) -> bool:
    """Fill in the row and the column of the only element that can be a unit or a zero.

    ``in_row[e, x]`` and ``in_column[x, e]`` say that the cell excludes e.
    """
    if possible.sum() > 1:
        return True
    note = Note(
        (condition,),
        tuple(
            (element, int(in_row[element].argmax()))
            if in_row[element].any()
            else (int(in_column[:, element].argmax()), element)
            for element in np.flatnonzero(~possible).tolist()
        ),
    )
    if not possible.any():
        return _refuted(cells, note)
    element = int(possible.argmax())
    if condition is Condition.UNIT:
        return _make_unit(cells, element, note, conditions)
    n = cells.order
    return all(
        cells.assign_by(cell, element, note)
        for x in range(n)
        for cell in (element * n + x, x * n + element)
    )


def _make_unit(cells: KnownCells, unit: int, note: Note, conditions: frozenset[Condition]) -> bool:
    """Fill in the row and the column of the unit, and the inverses that are left no choice."""
    n, square = cells.order, cells.square
    for x in range(n):
        for a, b in ((unit, x), (x, unit)):
            if square[a, b] >= 0 and square[a, b] != x:
                return _refuted(cells, Note(note.conditions, (*note.cells, (a, b))))
            if not cells.assign_by(a * n + b, x, note):
                return False
    if Condition.INVERSES not in conditions:
        return True
    open_ = (square < 0) | (square == unit)
    partners = open_ & open_.T
    count = partners.sum(axis=1)
    for x in np.flatnonzero(count <= 1).tolist():
        others = np.flatnonzero(~partners[x]).tolist()
        used = (*note.cells, *((x, y) if not open_[x, y] else (y, x) for y in others))
        why = Note((*note.conditions, Condition.INVERSES), tuple(dict.fromkeys(used)))
        if count[x] == 0:
            return _refuted(cells, why)
        y = int(partners[x].argmax())
        if not (cells.assign_by(x * n + y, unit, why) and cells.assign_by(y * n + x, unit, why)):
            return False
    return True


def _commuting_idempotents(cells: KnownCells) -> bool:
    """In an inverse semigroup any two idempotents commute (Howie 1995, theorem 5.1.1)."""
    n, square = cells.order, cells.square
    idempotents = np.flatnonzero(np.diagonal(square) == np.arange(n)).tolist()
    roots = cells.roots()
    for i, e in enumerate(idempotents):
        for f in idempotents[:i]:
            one, other = e * n + f, f * n + e
            held = int(cells.table[one]), int(cells.table[other])
            if held[0] == held[1] and (held[0] >= 0 or roots[one] == roots[other]):
                continue
            if not cells.merge_by(
                one, other, Note((Condition.SEMIGROUP_INVERSES,), ((e, e), (f, f)))
            ):
                return False
    return True


def _refuted(cells: KnownCells, note: Note) -> bool:
    cells.conflict = Conflict(note=note)
    return False

"""What a theory may demand beside laws, each decided exactly on a full table."""

from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["Cells", "Condition", "failing_cells", "unit_of"]

Cells: TypeAlias = tuple[tuple[int, int], ...]
"""Rows and columns of cells."""


class Condition(StrEnum):
    """A property of a finite operation that is no law.

    Example:
        >>> Condition("left cancellation") is Condition.LEFT_CANCELLATION
        True
    """

    LEFT_CANCELLATION = "left cancellation"
    """``x*y = x*z`` only if ``y = z``: no row holds a symbol twice, so each holds every symbol."""
    RIGHT_CANCELLATION = "right cancellation"
    """``y*x = z*x`` only if ``y = z``: no column holds a symbol twice."""
    UNIT = "unit"
    """Some ``e`` has ``e*x = x*e = x`` for all ``x``."""
    ZERO = "zero"
    """Some ``z`` has ``z*x = x*z = z`` for all ``x``."""
    INVERSES = "inverses"
    """There is a unit ``e``, and each ``x`` has some ``y`` with ``x*y = y*x = e``."""
    SEMIGROUP_INVERSES = "inverses of a semigroup"
    """Each ``x`` has exactly one ``y`` with ``(x*y)*x = x`` and ``(y*x)*y = y``."""


def unit_of(table: Int[NDArray[Any], "n n"]) -> int | None:
    """Return the element that is a unit of a full table, or None."""
    everyone = np.arange(len(table))
    is_unit = (table == everyone).all(axis=1) & (everyone == table.T).all(axis=1)
    return int(is_unit.argmax()) if is_unit.any() else None


def failing_cells(condition: Condition, table: Int[NDArray[Any], "n n"]) -> Cells | None:
    """Return cells of a full table that contradict a condition, or None if it holds.

    For a cancellation they are two equal cells of a row (column); for an existence they hold, for
    each candidate, a cell that excludes it.

    Example:
        >>> failing_cells(Condition.LEFT_CANCELLATION, np.array([[0, 1], [1, 1]]))
        ((1, 0), (1, 1))
        >>> failing_cells(Condition.UNIT, np.array([[1, 1], [1, 1]]))
        ((0, 0), (1, 0))
    """
    match condition:
        case Condition.LEFT_CANCELLATION:
            return _first_repeat(table)
        case Condition.RIGHT_CANCELLATION:
            repeat = _first_repeat(table.T)
            return None if repeat is None else tuple((b, a) for a, b in repeat)
        case Condition.UNIT:
            everyone = np.arange(len(table))
            return _excluded(table != everyone, (everyone != table.T).T)
        case Condition.ZERO:
            everyone = np.arange(len(table))[:, None]
            return _excluded(table != everyone, (everyone != table.T).T)
        case Condition.INVERSES:
            return _without_inverse(table)
        case Condition.SEMIGROUP_INVERSES:
            return _without_semigroup_inverse(table)


def _first_repeat(table: Int[NDArray[Any], "n n"]) -> Cells | None:
    seen = np.sort(table, axis=1)
    repeated = (seen[:, 1:] == seen[:, :-1]).any(axis=1)
    if not repeated.any():
        return None
    row = int(repeated.argmax())
    places: dict[int, int] = {}
    for column, symbol in enumerate(table[row].tolist()):
        if symbol in places:
            return (row, places[symbol]), (row, column)
        places[symbol] = column
    raise AssertionError("the sorted row has a repeat")


def _excluded(in_row: NDArray[Any], in_column: NDArray[Any]) -> Cells | None:
    """Return one excluding cell for each element; None if an element has none.

    ``in_row[e, x]`` and ``in_column[x, e]`` say that the cell excludes ``e``.
    """
    cells = []
    for element in range(len(in_row)):
        if in_row[element].any():
            cells.append((element, int(in_row[element].argmax())))
        elif in_column[:, element].any():
            cells.append((int(in_column[:, element].argmax()), element))
        else:
            return None
    return tuple(cells)


def _without_inverse(table: Int[NDArray[Any], "n n"]) -> Cells | None:
    unit = unit_of(table)
    if unit is None:
        return failing_cells(Condition.UNIT, table)
    inverse = (table == unit) & (unit == table.T)
    lacking = ~inverse.any(axis=1)
    if not lacking.any():
        return None
    x = int(lacking.argmax())
    return tuple((x, y) if table[x, y] != unit else (y, x) for y in range(len(table)))


def _without_semigroup_inverse(table: Int[NDArray[Any], "n n"]) -> Cells | None:
    n = len(table)
    x = np.arange(n)[:, None]
    once = table[table, x] == x  # (x*y)*x = x, an axis for x and one for y
    count = (once & once.T).sum(axis=1)
    wrong = count != 1
    if not wrong.any():
        return None
    row = int(wrong.argmax())
    # What decides about the inverses of one element: its row, its column, and their products.
    cells = {(row, b) for b in range(n)} | {(b, row) for b in range(n)}
    cells |= {(int(table[row, b]), row) for b in range(n)}
    cells |= {(int(table[b, row]), b) for b in range(n)}
    return tuple(sorted(cells))

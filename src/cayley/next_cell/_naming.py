"""Cells that name the labels left, once the group is known: one cell for each label."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction.universal_group._partial_table import PartialTable

__all__ = ["NamingCell", "elements_by_cells", "naming_cells"]


class NamingCell(NamedTuple):
    """A cell that names a label, or two that name different ones if ``names`` differ."""

    row: int
    column: int
    names: tuple[str, int]
    choices: int


def elements_by_cells(
    partial: PartialTable, group: Int[NDArray[Any], "n n"], elements: Int[NDArray[Any], "3 n"]
) -> Int[NDArray[Any], "3 n"] | None:
    """Return the elements of all labels that follow in a group from those of some labels.

    Two labels of a cell give the third, and the last label of a kind is the last element.

    Args:
        partial: The cells.
        group: The table of the group, element 0 the identity.
        elements: The element of each row, column and symbol, -1 where not known.

    Returns:
        The elements; None if a cell contradicts them.
    """
    elements, n = elements.copy(), partial.order
    inverse = np.argmin(group, axis=1)
    kinds = ((0, 1, 2),) if partial.assume is Structure.GROUP else ((0,), (1,), (2,))
    shared = {kind: same for same in kinds for kind in same}
    changed = True
    while changed:
        changed = False
        for a, b, c in partial.cells.tolist():
            x, y, z = (int(elements[kind, label]) for kind, label in enumerate((a, b, c)))
            if (x < 0) + (y < 0) + (z < 0) != 1:
                continue
            if z < 0:
                kind, label, found = 2, c, group[x, y]
            elif y < 0:
                kind, label, found = 1, b, group[inverse[x], z]
            else:
                kind, label, found = 0, a, group[z, inverse[y]]
            elements[list(shared[kind]), label] = found
            changed = True
        for same in kinds:
            missing = np.flatnonzero(elements[same[0]] < 0)
            rest = np.setdiff1d(np.arange(n), elements[same[0]])
            if len(missing) == 1 and len(rest) == 1:
                elements[list(same), missing[0]] = rest[0]
                changed = True
    a, b, c = partial.cells.T
    x, y, z = elements[0, a], elements[1, b], elements[2, c]
    known = (x >= 0) & (y >= 0) & (z >= 0)
    used = [row[row >= 0] for row in elements]
    if (group[x, y] != z)[known].any() or any(len(np.unique(row)) < len(row) for row in used):
        return None
    return elements


def naming_cells(
    partial: PartialTable, group: Int[NDArray[Any], "n n"], elements: Int[NDArray[Any], "3 n"]
) -> list[NamingCell]:
    """Return cells each of which names a label; none if every label has its element.

    Symbols come first: the answer to a cell then names its row or its column for certain.

    Args:
        partial: The cells.
        group: The table of the group.
        elements: The element of each row, column and symbol, -1 where not known.
    """
    n = partial.order
    missing = [np.flatnonzero(row < 0) for row in elements]
    rows, columns = (np.flatnonzero(elements[kind] >= 0) for kind in (0, 1))
    if len(missing[2]):
        named = np.zeros(n, bool)
        named[elements[2][elements[2] >= 0]] = True
        products = group[np.ix_(elements[0][rows], elements[1][columns])]
        found = [
            NamingCell(
                int(rows[i]), int(columns[j]), ("symbol", int(products[i, j])), len(missing[2])
            )
            for i, j in np.argwhere(~named[products]).tolist()
        ]
        if found:
            return found
    known = set(map(tuple, partial.cells[:, :2].tolist()))
    if len(missing[0]):
        cells = [(a, b, ("row", a)) for a in missing[0].tolist() for b in columns.tolist()]
    else:
        cells = [(a, b, ("column", b)) for b in missing[1].tolist() for a in rows.tolist()]
    choices = max(map(len, missing))
    return [NamingCell(a, b, names, choices) for a, b, names in cells if (a, b) not in known]

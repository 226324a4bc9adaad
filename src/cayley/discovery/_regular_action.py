"""The group's table that a simply transitive action stands for.

If exactly one element of the group takes any state to any other, choose a state as the identity:
then every state stands for the element that takes that state to it, and the transformation ``a``
for the element ``g`` at which it takes the chosen state. What ``a`` does to the state ``x`` is the
product ``x o g``: transitions are some columns of the group's table.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction import Forced, Limits, decide
from cayley.tables import UNKNOWN

__all__ = ["RegularTable", "forced_by_groups", "regular_table"]

_LARGEST_SEARCHED = 32
"""Most states for which all groups of the order are searched, as `solve` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularTable:
    """The part of the group's table that transitions say.

    Attributes:
        cells: Products of states, shape ``(k, k)``, -1 where unknown.
        base: The state that is the identity.
        columns: The state at which each transformation takes it, shape ``(m,)``, -1 where unknown.
    """

    cells: Int[NDArray[Any], "k k"]
    base: int
    columns: Int[NDArray[Any], " m"]


def regular_table(maps: Int[NDArray[Any], "m k"]) -> RegularTable | None:
    """Return the cells that transitions stand for; None if the action is not simply transitive.

    Args:
        maps: The image of every state under every transformation, -1 where unknown.

    Example:
        >>> regular_table(np.array([[1, 2, -1]])).cells.tolist()
        [[0, 1, 2], [1, 2, -1], [2, -1, -1]]
    """
    k = maps.shape[1]
    # The state at which most transformations were seen: its images say which elements they are.
    base = int((maps >= 0).sum(axis=0).argmax())
    cells = np.full((k, k), UNKNOWN, np.int64)
    cells[base] = cells[:, base] = np.arange(k)
    columns = maps[:, base]
    for row, column in zip(maps, columns.tolist(), strict=True):
        known = row >= 0
        before = cells[known, column]
        if column < 0:
            continue
        if ((before >= 0) & (before != row[known])).any():
            return None  # two transformations that agree at one state and not at another
        cells[known, column] = row[known]
    return RegularTable(cells=cells, base=base, columns=columns)


def forced_by_groups(
    maps: Int[NDArray[Any], "m k"], limits: Limits
) -> Int[NDArray[Any], "m k"] | None:
    """Return the only simply transitive completion, found by a search through all groups.

    None if there are several, none, too many states, or a transformation of which it is not known
    where it takes the state that is the identity.
    """
    k = maps.shape[1]
    found = regular_table(maps) if k <= _LARGEST_SEARCHED else None
    if found is None or (found.columns < 0).any():
        return None
    a, b = np.nonzero(found.cells >= 0)
    cells = np.column_stack([a, b, found.cells[a, b]])
    verdict = decide(cells, order=k, assume=Structure.GROUP, limits=limits).verdict
    if not isinstance(verdict, Forced):
        return None
    table: Int[NDArray[Any], "k k"] = verdict.table
    return table[:, found.columns].T

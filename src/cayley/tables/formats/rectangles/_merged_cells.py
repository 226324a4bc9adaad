"""Cells that span several columns or rows: titles beside a table are left out, others refused.

People write the names of the operands above the labels of the columns and beside those of the rows,
each in one cell as wide or as high as the table. Inside of a table a merged cell may mean the same
product several times, or one product and holes; nothing tells which.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from cayley.tables.labels._shown import ticked

__all__ = ["Merged", "take_out_titles"]


# Each is compared with all rows. A table has two or three, and some have a tree of headers.
_MOST_TITLES = 50


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Merged:
    """A cell that spans several, by row and column of its first one, from 0."""

    row: int
    column: int
    height: int
    width: int


def take_out_titles(
    filled: dict[int, dict[int, str]],
    merged: Collection[Merged],
    refuse: Callable[[Merged], Exception],
) -> tuple[str, ...]:
    """Take the merged cells out that are titles.

    Args:
        filled: The filled cells by row and column; titles are deleted from it.
        merged: The merged cells; blank ones are passed over.
        refuse: Makes the error for a merged cell that is no title.

    Returns:
        What was left out, in words.
    """
    remarks: list[str] = []
    places = {(cell.row, cell.column) for cell in merged}
    for cell in sorted(merged):
        text = filled.get(cell.row, {}).get(cell.column)
        if not text:
            continue
        if len(remarks) >= _MOST_TITLES or not _is_title(cell, filled, places):
            raise refuse(cell)
        del filled[cell.row][cell.column]
        if not filled[cell.row]:
            del filled[cell.row]
        remarks.append(f"the merged cell {ticked(text)} left out")
    return tuple(remarks)


def _is_title(
    cell: Merged, filled: dict[int, dict[int, str]], places: set[tuple[int, int]]
) -> bool:
    """Return whether a merged cell stands in the corner, or in a margin beside the labels.

    Such a margin has nothing else in it but other merged cells, and the corner of the table.
    """
    top, left = min(filled), min(map(min, filled.values()))
    if (cell.row, cell.column) == (top, left):
        return True
    if cell.width > 1 and cell.row == top:
        return all(column == left or (top, column) in places for column in filled[top])
    if cell.height > 1 and cell.column == left:
        beside = [row for row, cells in filled.items() if left in cells]
        return all(row == top or (row, left) in places for row in beside)
    return False

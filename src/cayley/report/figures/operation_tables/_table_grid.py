"""Where the cells of a table lie, with gaps between blocks, and the headings around them."""

from collections.abc import Sequence
from dataclasses import dataclass

from cayley.report.figures.drawing._marks import (
    Label,
    Mark,
)
from cayley.report.figures.drawing._text_width import longest_start, plain, text_width
from cayley.report.figures.element_order._arrangement import Arrangement
from cayley.tables import Table

__all__ = ["LARGEST_TABLE", "SMALLEST_HEADING", "Grid", "cell_size", "cut", "grid_of", "headings"]

LARGEST_TABLE = 512
"""Larger tables are not drawn: a cell would be smaller than two pixels."""

# The side of a cell in pixels up to an order: room for labels first, then for a screen. At order 48
# a table is 1000 pixels wide, at 120 still 720.
_SIDES = ((6, 52.0), (8, 46.0), (12, 40.0), (16, 36.0), (24, 31.0), (32, 25.0), (48, 20.0),
          (64, 14.0), (96, 8.0), (128, 6.0), (200, 4.0), (LARGEST_TABLE, 2.0))  # fmt: skip

_HEADING = 84.0
"""Most room for a heading in pixels: a cycle type of S4 fits, and the table stays the picture."""

SMALLEST_HEADING = 9.0
"""Smaller cells have no headings: they could not be read, and hovering says what a cell is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where the cells of a table lie.

    Attributes:
        left: The x of each place of a column.
        top: The y of each place of a row.
        side: The side of a cell; cells of one block are a pixel apart where there is room.
        right: Where the last column ends.
        bottom: Where the last row ends.
        headed: Whether there is room for headings.
    """

    left: tuple[float, ...]
    top: tuple[float, ...]
    side: float
    right: float
    bottom: float
    headed: bool
    gap: float = 1.0

    @property
    def drawn(self) -> float:
        """The side of what is painted of a cell."""
        return self.side - self.gap


def cell_size(order: int) -> float:
    """Return the side of a cell of a table of this order.

    Raises:
        ValueError: If the table is too large.
    """
    for largest, side in _SIDES:
        if order <= largest:
            return side
    raise ValueError(f"order {order} is too large to draw; the limit is {LARGEST_TABLE}.")


def grid_of(
    table: Table,
    placed: Arrangement,
    *,
    side: float | None = None,
    x: float = 0.0,
    y: float = 0.0,
    headed: bool = True,
) -> Grid:
    """Return where cells lie, with room for headings at the left and above.

    Args:
        table: What is drawn.
        placed: The order of rows and columns, and the blocks between which gaps are left.
        side: Of a cell; by the order if None.
        x: The left edge of all, headings included.
        y: The upper edge.
        headed: Whether there are headings, if there is room.
    """
    side = cell_size(max(table.array.shape)) if side is None else side
    headed = headed and side >= SMALLEST_HEADING
    if headed:
        x += _room(table.rows, side) + 8
        y += _room_above(table.columns, side) + 8
    cuts = set(placed.cuts)
    # A gap of a fifth of a cell, of two pixels at least, is seen at every size.
    wide = max(2.0, round(side / 6))

    def places(count: int, start: float) -> tuple[list[float], float]:
        found = []
        for i in range(count):
            start += wide if i in cuts else 0.0
            found.append(start)
            start += side
        return found, start

    left, right = places(table.array.shape[1], x)
    top, bottom = places(table.array.shape[0], y)
    gap = 1.0 if side >= 12 else 0.0
    return Grid(
        left=tuple(left), top=tuple(top), side=side, right=right - gap, bottom=bottom - gap,
        headed=headed, gap=gap,
    )  # fmt: skip


def headings(table: Table, placed: Arrangement, grid: Grid) -> list[Mark]:
    """Return the labels of rows and columns, smaller or on lines where they need it.

    What does not fit is cut and said in full when hovered.
    """
    if not grid.headed:
        return []
    side = grid.drawn
    marks: list[Mark] = []
    room = grid.left[0] - 8
    size = _size(table.rows, room, side)
    for y, a in zip(grid.top, placed.rows.tolist(), strict=True):
        text, hint = cut(table.rows[a], min(room, _HEADING), size)
        marks.append(
            Label(
                x=grid.left[0] - 7, y=y + side / 2, text=text, size=size, anchor="end", bold=True,
                data={"row": a}, hint=hint,
            )
        )  # fmt: skip
    upright = _upright(table.columns, grid.side)
    size = _size(table.columns, _HEADING if upright else side, side)
    for x, b in zip(grid.left, placed.columns.tolist(), strict=True):
        text, hint = cut(table.columns[b], _HEADING if upright else side, size)
        marks.append(
            Label(
                x=x + side / 2,
                y=grid.top[0] - 7 - (0 if upright else size / 2),
                text=text, size=size, anchor="start" if upright else "middle", bold=True,
                turn=-90 if upright else 0, data={"column": b}, hint=hint,
            )
        )  # fmt: skip
    return marks


def cut(text: str, width: float, size: float) -> tuple[str, str | None]:
    """Return a text that fits a width, cut if it must be, and what hovering then says.

    Example:
        >>> cut("abc", 100, 10)
        ('abc', None)
        >>> cut("a label that is long", 40, 10)
        ('a lab…', 'a label that is long')
    """
    text = plain(text)
    if text_width(text, size, bold=True) <= width + 1e-6:
        return text, None
    return longest_start(text, width, size, bold=True) + "…", text


def _size(labels: Sequence[str], width: float, height: float) -> float:
    """Return the size of headings: one for all, which suits the longest within limits."""
    largest = min(12.0, 0.62 * height)
    unit = max(text_width(plain(label), 1.0, bold=True) for label in labels) or 0.3
    # Half a pixel at a time, and never below what can be read: longer labels are cut.
    return max(min(largest, 8.0), int(2 * min(largest, width / unit)) / 2)


def _room(labels: Sequence[str], side: float) -> float:
    """Return how wide the headings of rows are."""
    size = _size(labels, _HEADING, side)
    widest = max(text_width(plain(label), size, bold=True) for label in labels)
    return min(_HEADING, widest)


def _upright(labels: Sequence[str], side: float) -> bool:
    """Return whether headings of columns are turned: one that is wider than its column is."""
    size = min(12.0, 0.62 * side)
    return any(text_width(plain(label), 0.8 * size, bold=True) > side - 2 for label in labels)


def _room_above(labels: Sequence[str], side: float) -> float:
    """Return how high the headings of columns are."""
    return _room(labels, side) if _upright(labels, side) else min(12.0, 0.62 * side)

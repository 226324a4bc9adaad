"""An operation table as marks: headings, colored cells with their labels, gaps between blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.report.figures._arrangement import Arrangement
from cayley.report.figures._marks import (
    INK,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    isolated,
    written,
)
from cayley.report.figures._palette import ink_on
from cayley.report.figures._style import shortened
from cayley.report.figures._text_width import Fitted, fitted, longest_start, plain, text_width
from cayley.tables import UNKNOWN, Table

__all__ = [
    "LARGEST_TABLE",
    "Grid",
    "cell_size",
    "cells_of",
    "cut",
    "grid_of",
    "headings",
    "product_hint",
]

LARGEST_TABLE = 512
"""Larger tables are not drawn: a cell would be smaller than two pixels."""

LARGEST_SINGLE = 64
"""Up to this order each cell is a mark of its own with what hovering says; above, the cells of one
symbol are a single path, which keeps a picture of order 120 under 300 kB."""

# The side of a cell in pixels up to an order: room for labels first, then for a screen. At order 48
# a table is 1000 pixels wide, at 120 still 720.
_SIDES = ((6, 52.0), (8, 46.0), (12, 40.0), (16, 36.0), (24, 31.0), (32, 25.0), (48, 20.0),
          (64, 14.0), (96, 8.0), (128, 6.0), (200, 4.0), (LARGEST_TABLE, 2.0))  # fmt: skip

_HEADING = 84.0
"""Most room for a heading in pixels: a cycle type of S4 fits, and the table stays the picture."""

_SMALLEST_HEADING = 9.0
"""Smaller cells have no headings: they could not be read, and hovering says what a cell is."""

_LONGEST, _SMALL = 96, 24
"""The longest label in a hint up to this order; a quarter of it above."""

_SMALLEST_LETTERS = 6.5
"""Smaller letters in a cell cannot be read, and hide its color."""

_FADED = 0.3
"""The opacity of cells that only surround what is shown; the page's ink is readable on them."""

_INK = Style(fill=INK)
_BLANK = Style(stroke=INK, width=0.8, dash="2 2", opacity=0.5)
_QUESTION = Style(fill=INK, opacity=0.6)


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
    headed = headed and side >= _SMALLEST_HEADING
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


def cells_of(
    table: Table,
    placed: Arrangement,
    grid: Grid,
    colors: Sequence[str],
    *,
    letters: bool = True,
    hint: Callable[[int, int], str | None] | None = None,
    single: int = LARGEST_SINGLE,
    faded: Bool[NDArray[Any], "r c"] | None = None,
    question: bool = True,
) -> list[Mark]:
    """Return the cells in the colors of their symbols, and their labels where these fit.

    Args:
        table: What is drawn.
        placed: The order of rows and columns.
        grid: Where the cells lie.
        colors: Of the symbols, by their index.
        letters: Whether to write the labels.
        hint: What hovering over a cell says, from row and column of the table as given.
        single: Up to this order each cell is a mark of its own.
        faded: Cells that only surround what is shown, rows and columns of the table as given.
        question: Whether unknown cells have a question mark.
    """
    values = table.array[np.ix_(placed.rows, placed.columns)]
    if max(values.shape) > single:
        return _paths(table, values, grid, colors, opacity=1.0 if faded is None else _FADED)
    side, marks, texts = grid.drawn, list[Mark](), list[Mark]()
    styles = [Style(fill=color) for color in colors]
    inks = [Style(fill=ink_on(color)) for color in colors]
    pale = [Style(fill=color, opacity=_FADED) for color in colors]
    corner = 2.0 if side >= 16 else 0.0
    fits = _letters(table, side) if letters else [None] * len(colors)
    asked = Label(x=0, y=0, text="?", size=min(13.0, 0.42 * side), style=_QUESTION)
    for y, a, line in zip(grid.top, placed.rows.tolist(), values.tolist(), strict=True):
        for x, b, c in zip(grid.left, placed.columns.tolist(), line, strict=True):
            says = None if hint is None else hint(a, b)
            data: dict[str, str | int] = {"row": a, "column": b, "value": c}
            back = faded is not None and bool(faded[a, b])
            style = _BLANK if c == UNKNOWN else pale[c] if back else styles[c]
            marks.append(
                Rectangle(
                    x=x,
                    y=y,
                    width=side,
                    height=side,
                    corner=corner,
                    style=style,
                    data=data,
                    hint=says,
                )
            )
            middle = x + side / 2, y + side / 2
            if c == UNKNOWN:
                if question and side >= _SMALLEST_HEADING:
                    texts.append(replace(asked, x=middle[0], y=middle[1]))
            elif (fit := fits[c]) is not None:
                texts.extend(written(fit, *middle, style=_INK if back else inks[c]))
    # All letters after all cells: neighbors of one style share a group, which keeps files small.
    return [*marks, *texts]


def _letters(table: Table, side: float) -> list[Fitted | None]:
    """Return how the label of each symbol is written into a cell; None where it is left out.

    All have one size as far as they fit, since sizes that differ from cell to cell are restless.
    Where more than a fifth do not fit none is written: a table half in letters looks broken, and
    hovering says each.
    """
    room = {"width": side - 3, "height": side - 2, "smallest": _SMALLEST_LETTERS}
    largest = min(13.0, 0.42 * side)
    found = [fitted(label, largest=largest, **room) for label in table.symbols]
    sizes = [fit.size for fit in found if fit is not None]
    if len(sizes) < 0.8 * len(found):
        return [None] * len(found)
    common = max(min(sizes), 8.0)
    return [fitted(label, largest=min(largest, common), **room) for label in table.symbols]


def product_hint(table: Table, a: int, b: int) -> str:
    """Return what a cell says in words: ``a o b = c``, each label isolated from its neighbors.

    In large tables labels are cut to some length, since each stands in hundreds of hints; headings
    say them in full.
    """
    longest = _LONGEST if len(table.rows) <= _SMALL else _LONGEST // 4
    c = int(table.array[a, b])
    left, right, result = (
        isolated(shortened(label, longest))
        for label in (table.rows[a], table.columns[b], "?" if c == UNKNOWN else table.symbols[c])
    )
    return f"{left} ∘ {right} = {result}"


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


def _paths(
    table: Table,
    values: Int[NDArray[Any], "r c"],
    grid: Grid,
    colors: Sequence[str],
    *,
    opacity: float,
) -> list[Mark]:
    """Return one path for all cells of a color: strokes as wide as a cell."""
    symbols: dict[str, list[int]] = {}
    for c, color in enumerate(colors):
        symbols.setdefault(color, []).append(c)
    marks: list[Mark] = []
    for color, alike in symbols.items():
        lines = strokes_of(np.isin(values, alike), grid)
        if lines:
            painted = Style(stroke=color, width=grid.side, opacity=opacity)
            single = len(alike) == 1
            data: dict[str, str | int] = (
                {"value": alike[0]} if single else {"elements": " ".join(map(str, alike))}
            )
            hint = plain(table.symbols[alike[0]]) if single else None
            marks.append(Path(d=lines, style=painted, data=data, hint=hint))
    return marks


def strokes_of(cells: Bool[NDArray[Any], "r c"], grid: Grid) -> str:
    """Return a path through cells, a line for each run of neighbors in a row."""
    parts: list[str] = []
    half, end = grid.side / 2, (-1.0, -1.0)
    rows, columns = np.nonzero(cells)
    for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
        x, y = grid.left[b], grid.top[a] + half
        if end == (x, y):  # the cell continues the line before it
            parts.pop()
        else:
            parts.append(f"M{x:g} {y:g}")
        end = (x + grid.side, y)
        parts.append(f"L{end[0]:g} {y:g}")
    return "".join(parts)


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

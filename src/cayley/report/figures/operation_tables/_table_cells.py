"""The cells of a table: colors, letters, what hovering says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.report.figures.drawing._marks import (
    INK,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    isolated,
    written,
)
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._style import shortened
from cayley.report.figures.drawing._text_width import Fitted, fitted, plain
from cayley.report.figures.element_order._arrangement import Arrangement
from cayley.report.figures.operation_tables._table_grid import SMALLEST_HEADING, Grid
from cayley.tables import UNKNOWN, Table

__all__ = ["LARGEST_SINGLE", "cells_of", "product_hint", "strokes_of"]

LARGEST_SINGLE = 64
"""Up to this order each cell is a mark of its own with what hovering says; above, the cells of one
symbol are a single path, which keeps a picture of order 120 under 300 kB."""

_LONGEST, _SMALL = 96, 24
"""The longest label in a hint up to this order; a quarter of it above."""

_SMALLEST_LETTERS = 6.5
"""Smaller letters in a cell cannot be read, and hide its color."""

_FADED = 0.3
"""The opacity of cells that only surround what is shown; the page's ink is readable on them."""

_INK = Style(fill=INK)
_BLANK = Style(stroke=INK, width=0.8, dash="2 2", opacity=0.5)
_QUESTION = Style(fill=INK, opacity=0.6)


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
                if question and side >= SMALLEST_HEADING:
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

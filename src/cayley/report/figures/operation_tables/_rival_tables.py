"""Two completions side by side, with the cells marked in which they differ."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.completion import Solution
from cayley.completion._findings import Rival
from cayley.completion.solution._wording import a_kind
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Rectangle,
    Style,
    label_box,
)
from cayley.report.figures.drawing._style import shortened
from cayley.report.figures.drawing._text_width import text_width
from cayley.report.figures.element_order._arrangement import Arrangement, arrange
from cayley.report.figures.operation_tables._multiplication_table import symbol_colors
from cayley.report.figures.operation_tables._table_cells import cells_of, product_hint
from cayley.report.figures.operation_tables._table_grid import Grid, cell_size, grid_of, headings
from cayley.tables import UNKNOWN, Table

__all__ = ["rivals_picture"]

_MARGIN, _BETWEEN = 8.0, 28.0
_MOST_SAID = 8
"""Cells in the description: more would take minutes to be read aloud."""


def rivals_picture(solution: Solution, *, rival: int = 1) -> Drawing:
    """Return the table and a rival, or two completions, with their differences framed.

    Cells in which they agree are pale.

    Args:
        solution: One with a rival, or with at least two completions.
        rival: Which rival, counted from 1; without rivals, completion 1 is shown beside completion
            ``rival + 1``.

    Raises:
        ValueError: If there is no such rival or completion, or the table is too large.

    Example:
        >>> from cayley.completion import solve
        >>> rivals_picture(solve([[0, 1], [1, -1]])).description[-21:]
        '1 o 1 is 0 against 1.'
    """
    first, second, captions, more = _two(solution, rival)
    differ = first.array != second.array
    placed = arrange(solution)
    colors = symbol_colors(solution.table, placed)
    side = max(2.0, round(0.72 * cell_size(max(first.array.shape))))
    marks: list[Mark] = []
    x, bottom = _MARGIN, 0.0
    for table, caption in zip((first, second), captions, strict=True):
        grid = grid_of(table, placed, side=side, x=x, y=_MARGIN + 24)
        marks.append(_caption(caption, grid.left[0]))
        marks += headings(table, placed, grid)
        marks += cells_of(
            table, placed, grid, colors, faded=~differ,
            hint=partial(product_hint, table),
        )  # fmt: skip
        marks += _frames(differ, placed, grid)
        x = max(grid.right, grid.left[0] + text_width(caption, 12, bold=True)) + _BETWEEN
        bottom = grid.bottom
    count = int(differ.sum())
    cells = "1 cell differs" if count == 1 else f"{count} cells differ"
    note = f"{cells}, framed; the others are pale{more}"
    label = Label(
        x=_MARGIN, y=bottom + 15, text=note, size=11, anchor="start",
        style=Style(fill=INK, opacity=0.75),
    )  # fmt: skip
    return Drawing(
        width=max(x - _BETWEEN, label_box(label)[2]) + _MARGIN, height=bottom + 28,
        marks=(*marks, label), title="Two completions side by side",
        description=_description(first, second, differ, captions),
    )  # fmt: skip


def _two(solution: Solution, index: int) -> tuple[Table, Table, tuple[str, str], str]:
    """Return two tables, what each is, and what is said of further ones.

    Raises:
        ValueError: If there are no two, or none of that index.
    """
    rivals, completions = solution.rivals, solution.completions
    known = len(rivals) if rivals else max(0, len(completions) - 1)
    if not known:
        raise ValueError("there are no two completions to compare: nothing rivals the table.")
    if not 1 <= index <= known:
        what = "rival" if rivals else "second completion"
        raise ValueError(
            f"there is no {what} {index}: "
            + (f"they are counted from 1 to {known}." if known > 1 else "there is 1 only.")
        )
    if rivals:
        rival = rivals[index - 1]
        shown = "As shown" if solution.assumption is None else f"If {a_kind(solution.assumption)}"
        others = known - 1
        more = f"; {others} more rivals" if others > 1 else "; one more rival" if others else ""
        captions = (shortened(shown, 60), shortened(f"If {a_kind(rival.theory)}", 60))
        return solution.table, _of_rival(solution.table, rival), captions, more
    total = solution.num_completions or len(completions)
    count = f"{'' if solution.completions_exact else 'at least '}{total}"
    captions = (f"Completion 1 of {count}", f"Completion {index + 1} of {count}")
    return completions[0], completions[index], captions, ""


def _of_rival(table: Table, rival: Rival) -> Table:
    """Return the table that a rival has."""
    rows, columns, symbols = (
        {label: i for i, label in enumerate(labels)}
        for labels in (table.rows, table.columns, table.symbols)
    )
    array: Int[NDArray[Any], "r c"] = table.array.copy()
    for row, column, value in rival.differs:
        array[rows[row], columns[column]] = UNKNOWN if value is None else symbols[value]
    return Table(rows=table.rows, columns=table.columns, symbols=table.symbols, array=array)


def _caption(text: str, x: float) -> Label:
    """Return the line above a table."""
    return Label(x=x, y=_MARGIN + 8, text=text, size=12, anchor="start", bold=True)


def _frames(differ: NDArray[Any], placed: Arrangement, grid: Grid) -> list[Mark]:
    """Return a frame around each cell that differs."""
    wide = max(1.2, 0.07 * grid.side)
    style = Style(stroke=INK, width=wide)
    rows, columns = np.nonzero(differ[np.ix_(placed.rows, placed.columns)])
    return [
        Rectangle(
            x=grid.left[b] - wide / 2, y=grid.top[a] - wide / 2,
            width=grid.drawn + wide, height=grid.drawn + wide, corner=3.0, style=style,
        )
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True)
    ]  # fmt: skip


def _description(
    first: Table, second: Table, differ: NDArray[Any], captions: tuple[str, str]
) -> str:
    """Return what a person who does not see them is told: the first cells that differ."""
    said = []
    cells = np.argwhere(differ).tolist()
    for a, b in cells[:_MOST_SAID]:
        here, there = (
            "open" if c < 0 else shortened(table.symbols[c], 40)
            for table, c in ((first, int(first.array[a, b])), (second, int(second.array[a, b])))
        )
        row, column = shortened(first.rows[a], 40), shortened(first.columns[b], 40)
        said.append(f"{row} o {column} is {here} against {there}")
    more = len(cells) - len(said)
    rest = f"; and {more} more cells differ" if more > 0 else ""
    return f"{captions[0]}, {captions[1][:1].lower()}{captions[1][1:]}: {'; '.join(said)}{rest}."

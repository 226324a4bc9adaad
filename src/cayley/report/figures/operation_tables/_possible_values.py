"""What open cells can still be: each candidate as a small colored square in its cell."""

from math import ceil, sqrt

import numpy as np

from cayley.completion import Solution
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Rectangle,
    Style,
    isolated,
    label_box,
    written,
)
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._style import shortened
from cayley.report.figures.drawing._text_width import fitted, plain
from cayley.report.figures.element_order._arrangement import arrange
from cayley.report.figures.operation_tables._multiplication_table import symbol_colors
from cayley.report.figures.operation_tables._table_cells import cells_of, product_hint
from cayley.report.figures.operation_tables._table_grid import Grid, grid_of, headings

__all__ = ["possible_picture"]

_MARGIN = 8.0

# The side of a cell in pixels up to an order: larger than in other tables, as it holds a table.
_SIDES = ((3, 84.0), (6, 68.0), (10, 56.0), (16, 46.0), (24, 38.0), (48, 22.0))

_MOST_VALUES = 16
"""More candidates are counted and not drawn: four in a row of a cell is what can be told apart."""

_SMALLEST_DRAWN = 4.5
"""Smaller squares would be dots without a color."""

_MOST_SAID = 8
"""Cells in the description: more would take minutes to be read aloud."""


def possible_picture(solution: Solution) -> Drawing:
    """Return the table with what each open cell can still be.

    Cells that are known are pale; open ones are framed.

    Args:
        solution: One whose ``possible`` lists values of open cells, of order at most 48.

    Raises:
        ValueError: If no cell is open, nothing is known about those that are, or it is too large.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import Table
        >>> largest = [[max(a, b) for b in range(3)] for a in range(3)]
        >>> largest[1][2] = largest[2][1] = -1
        >>> found = solve(Table.from_array(largest), assume="semilattice")
        >>> possible_picture(found).title
        'What open cells can be'
    """
    table = solution.table
    if table.is_full:
        raise ValueError("there are no open cells: every cell of the table is filled.")
    if not solution.possible:
        raise ValueError("there are no lists of possible values: nothing was excluded anywhere.")
    order = max(table.array.shape)
    sides = [side for largest, side in _SIDES if order <= largest]
    if not sides:
        limit = _SIDES[-1][0]
        raise ValueError(
            f"order {order} is too large for candidates in cells; the limit is {limit}."
        )
    placed = arrange(solution)
    colors = symbol_colors(table, placed)
    grid = grid_of(table, placed, side=sides[0], x=_MARGIN, y=_MARGIN)
    known = np.ones(table.array.shape, bool)
    marks: list[Mark] = headings(table, placed, grid)
    marks += cells_of(
        table, placed, grid, colors, faded=known, question=False,
        hint=lambda a, b: product_hint(table, a, b),
    )  # fmt: skip
    row = {a: i for i, a in enumerate(placed.rows.tolist())}
    column = {b: i for i, b in enumerate(placed.columns.tolist())}
    for (a, b), values in sorted(solution.possible.items()):
        if table.array[a, b] < 0:
            x, y = grid.left[column[b]], grid.top[row[a]]
            marks += _candidates(solution, values, (x, y), grid, colors)
    open_cells = int((table.array < 0).sum())
    note = f"{open_cells} open cells; squares in them are the values that they can have"
    caption = Label(
        x=grid.left[0], y=grid.bottom + 14, text=note, size=11, anchor="start",
        style=Style(fill=INK, opacity=0.75),
    )  # fmt: skip
    return Drawing(
        width=max(grid.right, label_box(caption)[2]) + _MARGIN, height=grid.bottom + 28,
        marks=(*marks, caption), title="What open cells can be",
        description=_description(solution),
    )  # fmt: skip


def _candidates(
    solution: Solution,
    values: tuple[int, ...],
    corner: tuple[float, float],
    grid: Grid,
    colors: list[str],
) -> list[Mark]:
    """Return squares of the values that a cell can have, or their number where they are many."""
    (x, y), side, symbols = corner, grid.drawn, solution.table.symbols
    columns = ceil(sqrt(len(values)))
    step = (side - 4) / columns
    if len(values) > _MOST_VALUES or step < _SMALLEST_DRAWN:
        says = ", ".join(isolated(shortened(symbols[c], 40)) for c in values)
        size = min(12.0, 0.5 * side)
        return [Label(x=x + side / 2, y=y + side / 2, text=str(len(values)), size=size, hint=says)]
    # Squares stand in the middle of the cell, whatever is left in the last line.
    top = y + (side - step * ceil(len(values) / columns)) / 2
    marks: list[Mark] = []
    texts: list[Mark] = []
    for k, c in enumerate(values):
        u, v = x + 2 + step * (k % columns), top + step * (k // columns)
        marks.append(
            Rectangle(
                x=u + 0.5, y=v + 0.5, width=step - 1, height=step - 1, corner=2,
                style=Style(fill=colors[c]), data={"element": c}, hint=plain(symbols[c]),
            )
        )  # fmt: skip
        fits = fitted(plain(symbols[c]), width=step - 3, height=step - 2, largest=12, smallest=6.0)
        if fits is not None:
            texts += written(fits, u + step / 2, v + step / 2, style=Style(fill=ink_on(colors[c])))
    return [*marks, *texts]


def _description(solution: Solution) -> str:
    """Return what a person who does not see the table is told: the first cells and their values."""
    table = solution.table
    said = []
    for (a, b), values in sorted(solution.possible.items())[:_MOST_SAID]:
        listed = ", ".join(isolated(shortened(table.symbols[c], 40)) for c in values)
        left, right = isolated(plain(table.rows[a])), isolated(plain(table.columns[b]))
        said.append(f"{left} ∘ {right} can be {listed}")
    more = len(solution.possible) - len(said)
    rest = f"; and {more} more cells" if more > 0 else ""
    return f"The table with the values that its open cells can have: {'; '.join(said)}{rest}."

"""Where cells come from, as marks on a table and as a key."""

import numpy as np

from cayley.completion import Provenance, Solution
from cayley.report.figures.drawing._marks import INK, Circle, Label, Mark, Path, Rectangle, Style
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._style import PROVENANCE_COLORS
from cayley.report.figures.drawing._text_width import text_width
from cayley.report.figures.element_order._arrangement import Arrangement
from cayley.report.figures.operation_tables._table_cells import (
    LARGEST_SINGLE,
    product_hint,
    strokes_of,
)
from cayley.report.figures.operation_tables._table_grid import Grid

__all__ = ["provenance_cells", "provenance_key", "provenance_marks"]

_SMALLEST_MARKED = 12.0
"""In smaller cells a mark would cover the color; suspect cells are framed at every size."""

_ALARM = PROVENANCE_COLORS[Provenance.SUSPECT]
_KEY_SIZE = 11.0


def provenance_marks(
    solution: Solution, placed: Arrangement, grid: Grid, colors: list[str]
) -> list[Mark]:
    """Return a small mark in the corner of each cell that was not given, and frames of suspects.

    Args:
        solution: What is drawn.
        placed: The order of rows and columns.
        grid: Where the cells lie.
        colors: Of the symbols, on which the marks have to be seen.
    """
    kinds = solution.provenance[np.ix_(placed.rows, placed.columns)]
    values = solution.table.array[np.ix_(placed.rows, placed.columns)]
    marks: list[Mark] = []
    # By kind, so that marks of one style share a group.
    for kind in (Provenance.FORCED, Provenance.PREDICTED, Provenance.SUSPECT):
        if kind is not Provenance.SUSPECT and grid.side < _SMALLEST_MARKED:
            continue
        rows, columns = np.nonzero(kinds == kind)
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
            x, y, c = grid.left[b], grid.top[a], int(values[a, b])
            ink = ink_on(colors[c]) if c >= 0 else INK
            if kind is Provenance.SUSPECT:
                marks += _frame(x, y, grid.drawn)
            else:
                marks.append(_mark(kind, x, y, grid.drawn, ink))
    marks.sort(key=lambda mark: mark.style.fill)
    return marks


def provenance_cells(
    solution: Solution, placed: Arrangement, grid: Grid, *, single: int = LARGEST_SINGLE
) -> list[Mark]:
    """Return each cell in the color of its provenance, with a mark where there is room.

    Above the order ``single`` the cells of one provenance are a single path.
    """
    kinds = solution.provenance[np.ix_(placed.rows, placed.columns)]
    separate = max(kinds.shape) <= single
    marks: list[Mark] = []
    for kind in Provenance:
        style = Style(fill=PROVENANCE_COLORS[kind])
        rows, columns = np.nonzero(kinds == kind)
        if not separate:
            strokes = strokes_of(kinds == kind, grid)
            if strokes:
                wide = Style(stroke=PROVENANCE_COLORS[kind], width=grid.side)
                marks.append(Path(d=strokes, style=wide, hint=kind.name.lower()))
            continue
        cells: list[Mark] = []
        for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
            row, column = int(placed.rows[a]), int(placed.columns[b])
            value = int(solution.table.array[row, column])
            x, y = grid.left[b], grid.top[a]
            cells.append(
                Rectangle(
                    x=x, y=y, width=grid.drawn, height=grid.drawn, style=style,
                    corner=2.0 if grid.drawn >= 16 else 0.0,
                    data={"row": row, "column": column, "value": value},
                    hint=f"{product_hint(solution.table, row, column)} ({kind.name.lower()})",
                )
            )  # fmt: skip
        marks += cells
        if grid.side >= _SMALLEST_MARKED and kind is not Provenance.OBSERVED:
            ink = ink_on(PROVENANCE_COLORS[kind])
            for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
                middle = grid.left[b] + grid.drawn / 2, grid.top[a] + grid.drawn / 2
                marks.append(_sign(kind, *middle, 0.16 * grid.drawn, ink))
    return marks


def provenance_key(
    solution: Solution, x: float, y: float, width: float, *, swatches: bool = False
) -> tuple[list[Mark], float]:
    """Return the key of the marks that occur, each with its count, and where it ends.

    Args:
        solution: What is drawn.
        x: Where lines begin.
        y: The upper edge of the key.
        width: Where lines end.
        swatches: Whether the marks stand on the colors of provenance, and given cells are said.
    """
    marks: list[Mark] = []
    left, y = x, y + 9
    for kind in Provenance:
        count = solution.counts[kind.name.lower()]
        if not count or (kind is Provenance.OBSERVED and not swatches):
            continue
        text = f"{kind.name.lower()} {count}"
        wide = 18 + text_width(text, _KEY_SIZE)
        if x > left and x + wide > width - 6:
            x, y = left, y + 18
        color = PROVENANCE_COLORS[kind] if swatches else "none"
        dashed = kind is Provenance.UNKNOWN and not swatches
        box = Style(fill=color, stroke=INK, width=0.6, dash="2 2" if dashed else None)
        marks.append(Rectangle(x=x, y=y - 6, width=12, height=12, corner=2, style=box))
        ink = ink_on(color) if swatches else INK
        if kind is Provenance.SUSPECT and not swatches:
            marks += _frame(x, y - 6, 12)
        elif kind is not Provenance.OBSERVED and not dashed:
            marks.append(_sign(kind, x + 6, y, 2.4, ink))
        marks.append(Label(x=x + 18, y=y, text=text, size=_KEY_SIZE, anchor="start"))
        x += wide + 14
    return marks, (y + 9 if marks else y - 9)


def _mark(kind: Provenance, x: float, y: float, side: float, ink: str) -> Mark:
    """Return the mark in the upper right corner of a cell, beside its letters."""
    size = max(1.2, 0.07 * side)
    return _sign(kind, x + side - 1.7 * size - 0.6, y + 1.7 * size + 0.6, size, ink)


def _sign(kind: Provenance, x: float, y: float, size: float, ink: str) -> Mark:
    """Return a dot (forced), a triangle (predicted), a cross (suspect) or a plus (unknown)."""
    if kind is Provenance.FORCED:
        return Circle(x=x, y=y, radius=size, style=Style(fill=ink))
    if kind is Provenance.PREDICTED:
        w, h = 1.3 * size, 1.1 * size
        d = f"M{x:.2f} {y - h:.2f}L{x + w:.2f} {y + h:.2f}L{x - w:.2f} {y + h:.2f}Z"
        return Path(d=d, style=Style(fill=ink))
    lines = Style(stroke=ink, width=max(1.0, 0.5 * size))
    s = 1.2 * size
    if kind is Provenance.SUSPECT:
        d = f"M{x - s:.2f} {y - s:.2f}L{x + s:.2f} {y + s:.2f}"
        return Path(d=f"{d}M{x - s:.2f} {y + s:.2f}L{x + s:.2f} {y - s:.2f}", style=lines)
    d = f"M{x - s:.2f} {y:.2f}L{x + s:.2f} {y:.2f}M{x:.2f} {y - s:.2f}L{x:.2f} {y + s:.2f}"
    return Path(d=d, style=lines)


def _frame(x: float, y: float, side: float) -> list[Mark]:
    """Return a frame around a cell, of two colors: it is seen on cells of every color."""
    wide = max(1.5, 0.08 * side)
    half = wide / 2
    outer = Rectangle(
        x=x - half, y=y - half, width=side + wide, height=side + wide, corner=3.0,
        style=Style(stroke=_ALARM, width=wide),
    )  # fmt: skip
    inner = Rectangle(
        x=x + half, y=y + half, width=side - wide, height=side - wide, corner=1.5,
        style=Style(stroke="#fefefe", width=max(0.8, wide / 2)),
    )  # fmt: skip
    return [outer, inner]

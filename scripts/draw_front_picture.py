"""Draw the picture of the README and of the first page: a partial table being completed.

Run from the repository root: python scripts/draw_front_picture.py
It writes docs/_static/front-{wide,tall}-{light,dark}.svg: side by side, and for phones one above
the other. The products, the words and the reason all come from cayley; nothing is typed here.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

from cayley import Solution, Table, read_table, solve
from cayley.completion import Provenance
from cayley.report.figures.drawing._drawing import drawing_svg
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Rectangle,
    Style,
    arrow_head,
)
from cayley.report.figures.drawing._marks import Path as Line
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._text_width import text_width
from cayley.report.figures.element_order._arrangement import arrange
from cayley.report.figures.operation_tables._multiplication_table import symbol_colors
from cayley.report.figures.operation_tables._table_cells import cells_of
from cayley.report.figures.operation_tables._table_grid import Grid, grid_of, headings

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "_static"
# Ink and what lies behind it, as GitHub and furo show them.
INKS = {"light": ("#1c1c1c", "#ffffff"), "dark": ("#e6e6e6", "#131416")}
_FONTS = "'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_SIDE, _BETWEEN, _MARGIN = 46.0, 92.0, 8.0
_BOLD = {"bold": True, "anchor": "start"}


def reason(table: Table) -> tuple[tuple[int, int], str]:
    """Return an unknown cell that three known ones settle by associativity, and the words."""
    for x, y, text in sorted(_reasons(table), key=lambda found: (found[0] in found[:2], found)):
        return (x, y), text
    raise ValueError("no cell follows in one step")


def _reasons(table: Table) -> Iterator[tuple[int, int, str]]:
    cells, names = table.array, table.symbols
    for u, v, y in product(range(len(names)), repeat=3):
        x, w = cells[u, v], cells[v, y]
        # An identity on either side would make a line that says nothing.
        if min(x, w) > 0 and min(u, v, y) > 0 and cells[x, y] < 0 <= cells[u, w]:
            a, b, c, d, e, z = (names[i] for i in (x, y, u, v, w, cells[u, w]))
            yield x, y, f"{a} ∘ {b} = ({c} ∘ {d}) ∘ {b} = {c} ∘ ({d} ∘ {b}) = {c} ∘ {e} = {z}"


def picture(solution: Solution, *, tall: bool) -> Drawing:
    """Return the table as given and as completed, with the words of the proof."""
    placed, table = arrange(solution), solution.table
    colors = symbol_colors(table, placed)
    cell, because = reason(solution.given)
    top = _MARGIN + 24
    given = grid_of(table, placed, side=_SIDE, x=_MARGIN, y=top)
    below = given.bottom + 72
    x, y = (_MARGIN, below) if tall else (given.right + _BETWEEN, top)
    whole = grid_of(table, placed, side=_SIDE, x=x, y=y)
    marks: list[Mark] = []
    known, hidden = solution.given.num_observed, solution.given.array.size
    marks += [_heading(given, f"{known} of {hidden} products were noted")]
    marks += [_heading(whole, f"the other {hidden - known} are proved")]
    for grid, shown in ((given, solution.given), (whole, table)):
        marks += headings(table, placed, grid)
        marks += cells_of(shown, placed, grid, colors)
    marks += _frames(solution, whole, colors, cell)
    marks += _arrow(given, whole, tall=tall)
    width = max(given.right, whole.right) + _MARGIN
    sentences = [sentence.rstrip(".") + "." for sentence in solution.verdict.split(". ")]
    lines = sentences if tall else [sentences[0], " ".join(sentences[1:])]
    bottom = whole.bottom + 30
    for i, line in enumerate(lines):
        bold = i == 0
        marks.append(
            Label(x=given.left[0], y=bottom, text=line, size=13.5, anchor="start", bold=bold)
        )
        bottom += 22
    for line in _broken(f"For example {because}.", width - given.left[0] - _MARGIN, 12.5):
        quiet = Style(fill=INK, opacity=0.75)
        marks.append(
            Label(x=given.left[0], y=bottom, text=line, size=12.5, anchor="start", style=quiet)
        )
        bottom += 19
    reach = max(m.x + text_width(m.text, m.size, bold=m.bold) for m in marks
                if isinstance(m, Label) and m.anchor == "start")  # fmt: skip
    return Drawing(
        width=round(max(width, reach + _MARGIN)), height=round(bottom - 4), marks=tuple(marks),
        title="A partial table is completed",
        description=f"Left: {known} of {hidden} products of the symmetries of ammonia. Right: all "
        f"{hidden}. {solution.verdict}",
    )  # fmt: skip


def _heading(grid: Grid, text: str) -> Label:
    return Label(x=grid.left[0], y=grid.top[0] - 36, text=text, size=14.5, **_BOLD)


def _frames(solution: Solution, grid: Grid, colors: list[str], cell: tuple[int, int]) -> list[Mark]:
    """Return a dot in each proved cell, and a frame around the one that the words explain."""
    found: list[Mark] = []
    placed = arrange(solution)
    for y, a in zip(grid.top, placed.rows.tolist(), strict=True):
        for x, b in zip(grid.left, placed.columns.tolist(), strict=True):
            if solution.provenance[a, b] != Provenance.FORCED:
                continue
            ink = ink_on(colors[int(solution.table.array[a, b])])
            s = grid.drawn
            tip = f"M{x + s - 13} {y + 8}L{x + s - 10} {y + 11}L{x + s - 5} {y + 5}"  # a check mark
            found.append(Line(d=tip, style=Style(stroke=ink, width=1.6)))
            if (a, b) == cell:
                box = {"x": x - 2, "y": y - 2, "width": s + 4, "height": s + 4}
                found.append(Rectangle(**box, style=Style(stroke=INK, width=2.5)))
    return found


def _arrow(given: Grid, whole: Grid, *, tall: bool) -> list[Mark]:
    if tall:
        x = (given.left[0] + given.right) / 2
        x0, y0, x1, y1 = x, given.bottom + 8, x, given.bottom + 32
    else:
        y = (given.top[0] + given.bottom) / 2
        x0, y0, x1, y1 = given.right + 14, y, given.right + 50, y
    line = Line(d=f"M{x0} {y0}L{x1} {y1}", style=Style(stroke=INK, width=2))
    head = arrow_head(x1, y1, x1 - x0, y1 - y0, size=11)
    return [line, Line(d=head, style=Style(fill=INK))]


def _broken(text: str, width: float, size: float) -> list[str]:
    """Return a text in lines, broken before an equality sign."""
    lines, pieces = [""], text.split(" = ")
    for i, piece in enumerate(pieces):
        more = f"= {piece} " if i else f"{piece} "
        if text_width(lines[-1] + more, size) > width:
            lines.append("")
        lines[-1] += more
    return [line.strip() for line in lines]


def as_file(drawing: Drawing, ink: str, paper: str) -> str:
    """Return a drawing as a file on no background, so that a page shows through."""
    text = drawing_svg(replace(drawing, key=()), name="front")
    text = text.replace("currentColor", ink).replace("var(--paper)", paper)
    head = f"<svg xmlns='http://www.w3.org/2000/svg' font-family=\"{_FONTS}\""
    return text.replace("<svg", head, 1) + "\n"


def main() -> None:
    """Write the four files."""
    path = ROOT / "examples" / "tables" / "c3v_partial.csv"
    solution = solve(read_table(path))
    for shape in ("wide", "tall"):
        drawing = picture(solution, tall=shape == "tall")
        for name, inks in INKS.items():
            target = TARGET / f"front-{shape}-{name}.svg"
            target.write_text(as_file(drawing, *inks), encoding="utf-8")


if __name__ == "__main__":
    main()

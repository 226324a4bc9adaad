"""Pictures of a table: in colors of its symbols, before and after completion, by provenance."""

from typing import TYPE_CHECKING

from cayley.completion import Provenance, Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures.drawing._drawing import drawing_figure
from cayley.report.figures.drawing._marks import INK, Drawing, Label, Mark, Style, label_box
from cayley.report.figures.drawing._palette import structured_colors
from cayley.report.figures.element_order._arrangement import Arrangement, OrderBy, arrange
from cayley.report.figures.element_order._chosen import SubgroupChoice, chosen_subgroup
from cayley.report.figures.operation_tables._provenance_marks import (
    provenance_cells,
    provenance_key,
    provenance_marks,
)
from cayley.report.figures.operation_tables._table_cells import cells_of, product_hint
from cayley.report.figures.operation_tables._table_grid import Grid, cell_size, grid_of, headings
from cayley.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "before_after_picture",
    "draw_before_after",
    "draw_provenance",
    "draw_table",
    "provenance_picture",
    "symbol_colors",
    "table_picture",
]

_MARGIN = 8.0
_LARGEST_BESIDE = 32
"""Where three tables stand side by side, larger ones have one path a symbol: a page stays small."""

_CAPTION = Style(fill=INK, opacity=0.75)


def draw_table(solution: SolutionLike) -> "Figure":
    """Draw the completed table in colors, listed so that its structure shows.

    Symbols of one coset or class share a hue; gaps part the blocks.

    Args:
        solution: Its table may have unknown cells; a table is completed first.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> len(draw_table(solve(generate_family("S3"))).axes)
        1
    """
    return drawing_figure(table_picture(as_solution(solution)))


def draw_before_after(solution: SolutionLike) -> "Figure":
    """Draw the table as it was given, as it was completed, and where each cell comes from.

    Args:
        solution: What to draw; a table is completed first.
    """
    return drawing_figure(before_after_picture(as_solution(solution)))


def draw_provenance(solution: SolutionLike) -> "Figure":
    """Draw where each cell of the completed table comes from, by color and by mark.

    Args:
        solution: What to draw; a table is completed first.
    """
    return drawing_figure(provenance_picture(as_solution(solution)))


def table_picture(
    solution: Solution, *, order_by: OrderBy = "auto", subgroup: SubgroupChoice = None
) -> Drawing:
    """Return the completed table in colors of its symbols, with marks of provenance.

    Args:
        solution: Its table may have unknown cells.
        order_by: What its labels are listed by; ``_arrangement.OrderBy`` says more.
        subgroup: Whose cosets are listed, as ``_chosen.chosen_subgroup`` takes it.

    Raises:
        ValueError: If it is too large, or there is no such order.

    Example:
        >>> from cayley.completion import solve
        >>> picture = table_picture(solve([[0, 1], [1, -1]]))
        >>> picture.title
        'Operation table of C2, 2 × 2'
    """
    placed = arrange(solution, order_by=order_by, subgroup=chosen_subgroup(solution, subgroup))
    table = solution.table
    grid = grid_of(table, placed, x=_MARGIN, y=_MARGIN)
    colors = symbol_colors(table, placed)
    words = [kind.name.lower() for kind in Provenance]

    def hint(a: int, b: int) -> str:
        kind = words[int(solution.provenance[a, b])]
        return f"{product_hint(table, a, b)} ({kind}){_given(solution, a, b)}"

    marks: list[Mark] = headings(table, placed, grid)
    marks += cells_of(table, placed, grid, colors, hint=hint)
    marks += provenance_marks(solution, placed, grid, colors)
    width = max(grid.right + _MARGIN, 180.0)
    y = grid.bottom + 6
    if placed.how != "as given":
        caption = _caption(f"Listed {placed.how}", grid.left[0], y + 9)
        # A line under a small table may be wider than it.
        width = max(width, label_box(caption)[2] + _MARGIN)
        marks.append(caption)
        y += 18
    key, y = provenance_key(solution, grid.left[0], y, width)
    return Drawing(
        width=width, height=y + _MARGIN / 2, marks=(*marks, *key), title=_title(solution),
        description=_description(solution, placed),
    )  # fmt: skip


def provenance_picture(solution: Solution) -> Drawing:
    """Return where each cell of the completed table comes from, by color and by mark."""
    placed = arrange(solution)
    grid = grid_of(solution.table, placed, x=_MARGIN, y=_MARGIN)
    marks = [*headings(solution.table, placed, grid), *provenance_cells(solution, placed, grid)]
    width = max(grid.right + _MARGIN, 180.0)
    key, y = provenance_key(solution, grid.left[0], grid.bottom + 6, width, swatches=True)
    counted = _counted(solution)
    return Drawing(
        width=width, height=y + _MARGIN / 2, marks=(*marks, *key),
        title="Where each cell comes from",
        description=f"The table by provenance, listed {placed.how}: {counted}.",
    )  # fmt: skip


def before_after_picture(solution: Solution) -> Drawing:
    """Return the table as given, as completed, and by provenance, side by side."""
    placed = arrange(solution)
    # Three tables side by side: cells of two thirds of the size, without letters below 20 pixels.
    side = max(2.0, round(0.62 * cell_size(max(solution.table.array.shape))))
    colors = symbol_colors(solution.table, placed)
    marks: list[Mark] = []
    x, bottom = _MARGIN, 0.0
    given = f"Given: {solution.given.num_observed} of {solution.given.array.size} cells"
    for i, text in enumerate((given, "Completed", "Where each cell comes from")):
        grid = grid_of(solution.table, placed, side=side, x=x, y=_MARGIN)
        marks += headings(solution.table, placed, grid)
        if i == 2:
            marks += provenance_cells(solution, placed, grid, single=_LARGEST_BESIDE)
        else:
            marks += _side(solution.given if i == 0 else solution.table, placed, grid, colors)
        marks.append(Label(x=grid.left[0], y=grid.bottom + 14, text=text, size=12, anchor="start"))
        # The line under a small table may be wider than it.
        x = max(grid.right, grid.left[0] + 7.2 * len(text)) + 24
        bottom = grid.bottom
    width = x - 24 + _MARGIN
    key, y = provenance_key(solution, _MARGIN, bottom + 26, width, swatches=True)
    return Drawing(
        width=width, height=y + _MARGIN / 2, marks=(*marks, *key),
        title="Before and after completion",
        description=f"Three tables, listed {placed.how}: as given, as completed, and by "
        f"provenance. {given}. Completed: {_counted(solution)}.",
    )  # fmt: skip


def symbol_colors(table: Table, placed: Arrangement) -> list[str]:
    """Return the color of each symbol: a hue for each block of the arrangement.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> solution = solve(generate_family("D8"))
        >>> len(set(symbol_colors(solution.table, arrange(solution))))
        8
    """
    return structured_colors(placed.symbol_blocks)


def _side(table: Table, placed: Arrangement, grid: Grid, colors: list[str]) -> list[Mark]:
    """Return one of the tables that stand side by side."""
    return cells_of(
        table, placed, grid, colors, letters=grid.side >= 20,
        hint=lambda a, b: product_hint(table, a, b), single=_LARGEST_BESIDE,
    )  # fmt: skip


def _given(solution: Solution, a: int, b: int) -> str:
    """Return what was observed in a cell that is a suspect; else nothing."""
    if solution.provenance[a, b] != Provenance.SUSPECT:
        return ""
    return f", given as {solution.given.symbols[int(solution.given.array[a, b])]}"


def _caption(text: str, x: float, y: float) -> Label:
    """Return a line under a picture."""
    return Label(x=x, y=y, text=text, size=11, anchor="start", style=_CAPTION)


def _title(solution: Solution) -> str:
    """Return what the table is, as far as it is decided."""
    shape = " × ".join(map(str, solution.table.array.shape))
    found = solution.identification
    if found is None or found.name is None or solution.isotopism is None:
        return f"Operation table, {shape}"
    isotope = "" if solution.structure == "group" else "an isotope of "
    return f"Operation table of {isotope}{found.name}, {shape}"


def _counted(solution: Solution) -> str:
    """Return how many cells have each provenance."""
    return ", ".join(f"{count} {name}" for name, count in solution.counts.items() if count)


def _description(solution: Solution, placed: Arrangement) -> str:
    """Return what a person who does not see the table is told."""
    rows, columns = solution.table.array.shape
    blocks = (
        f" Gaps part {len(placed.sizes)} blocks; symbols of one block share a hue."
        if placed.sizes
        else ""
    )
    return (
        f"{_title(solution)}: {rows} rows and {columns} columns, listed {placed.how}."
        f"{blocks} Cells: {_counted(solution)}."
    )

"""Figures of a table: as a heat map, before and after completion, and by provenance."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.completion import Provenance, Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures._arrangement import Arrangement, arrange
from cayley.report.figures._style import (
    INK,
    MARKERS,
    PROVENANCE_COLORS,
    SYMBOLS,
    new_figure,
    shortened,
    style,
)
from cayley.tables import UNKNOWN, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw_before_after", "draw_provenance", "draw_table", "places"]

# Up to these orders texts and marks are drawn. The figure stops growing at 6.4 inches: in larger
# tables a cell is too small for a symbol, and later for a label beside it or a mark in it.
_LARGEST_WRITTEN = 16  # symbols in the cells
_LARGEST_LABELED = 40  # labels at the edges
_LARGEST_MARKED = 40  # marks of provenance


def draw_table(solution: SolutionLike) -> "Figure":
    """Draw the completed table as a heat map, listed so that its structure shows.

    A symbol's color is its place in the order; lines part the cosets of a subgroup.

    Args:
        solution: Its table may have unknown cells; a table is completed first.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> len(draw_table(solve(generate_family("S3"))).axes)
        1
    """
    solution = as_solution(solution)
    with style():
        size = _size(solution.table)
        figure = new_figure(size, size)
        placed = arrange(solution)
        axes = figure.add_subplot()
        _draw_symbols(axes, solution.table, placed, written=True)
        axes.set_xlabel(f"Listed {placed.how}".replace(", ", ",\n"))
        return figure


def draw_before_after(solution: SolutionLike) -> "Figure":
    """Draw the table as it was given, as it was completed, and where each cell comes from.

    Args:
        solution: What to draw; a table is completed first.
    """
    solution = as_solution(solution)
    with style():
        size = min(_size(solution.table), 3.8)  # three side by side: 11.7 inches at most
        figure = new_figure(3 * size + 0.3, size + 0.7)
        before, after, why = figure.subplots(1, 3)
        placed = arrange(solution)
        _draw_symbols(before, solution.given, placed, written=False)
        _draw_symbols(after, solution.table, placed, written=False)
        _draw_provenance(why, solution, placed)
        given = f"{solution.given.num_observed} of {solution.given.array.size} cells"
        before.set_xlabel(f"Given: {given}")
        after.set_xlabel("Completed")
        why.set_xlabel("Where each cell comes from")
        for axes in (after, why):  # the labels of the rows stand at the first table
            axes.set_yticks([])
        _legend(figure, solution)
        return figure


def draw_provenance(solution: SolutionLike) -> "Figure":
    """Draw where each cell of the completed table comes from, by color and by mark.

    Args:
        solution: What to draw; a table is completed first.
    """
    solution = as_solution(solution)
    with style():
        size = _size(solution.table)
        figure = new_figure(size, size + 0.5)
        axes = figure.add_subplot()
        _draw_provenance(axes, solution, arrange(solution))
        axes.set_xlabel("Where each cell comes from")
        _legend(figure, solution)
        return figure


def _size(table: Table) -> float:
    """Return the side of a figure in inches: about a third of an inch a cell, within limits."""
    return min(max(3.5, 0.9 + 0.32 * len(table.rows)), 6.4)


def places(table: Table, placed: Arrangement) -> Int[NDArray[Any], "r c"]:
    """Return the place of each cell's symbol in the order, -1 where unknown, cells as drawn."""
    # The index -1 of an unknown cell reads the last entry.
    place = np.append(np.argsort(placed.symbols), UNKNOWN)
    cells: Int[NDArray[Any], "r c"] = place[table.array[np.ix_(placed.rows, placed.columns)]]
    return cells


def _draw_symbols(axes: "Axes", table: Table, placed: Arrangement, *, written: bool) -> None:
    """Draw each cell in the color of its symbol's place; unknown cells are blank with a dot."""
    import matplotlib as mpl  # imported only where something is drawn

    cells = places(table, placed)
    known = np.ma.masked_equal(cells, UNKNOWN)
    last = max(1, len(table.symbols) - 1)  # a single symbol still needs a range
    colors = mpl.colormaps[SYMBOLS].with_extremes(bad=(0, 0, 0, 0))
    axes.imshow(known, cmap=colors, vmin=0, vmax=last, interpolation="none")
    _frame(axes, table, placed)
    if (cells == UNKNOWN).any() and len(table.rows) <= _LARGEST_LABELED:
        a, b = np.nonzero(cells == UNKNOWN)
        axes.scatter(b, a, s=0.2 * _marker_size(axes, table), marker="o", color="#b5b5b5", lw=0)
    if written and max(table.array.shape) <= _LARGEST_WRITTEN:
        for (a, b), c in np.ndenumerate(cells):
            if c != UNKNOWN:
                label = shortened(table.symbols[placed.symbols[c]], 5)
                # The lower half of the color map is dark.
                ink = "white" if c < 0.55 * last else "black"
                size = 7.5 if len(label) < 4 else 5.5
                axes.text(b, a, label, ha="center", va="center", color=ink, fontsize=size)


def _draw_provenance(axes: "Axes", solution: Solution, placed: Arrangement) -> None:
    """Draw each cell in the color of its provenance, with a mark where there is room."""
    from matplotlib.colors import ListedColormap

    kinds = solution.provenance[np.ix_(placed.rows, placed.columns)]
    colors = ListedColormap([PROVENANCE_COLORS[kind] for kind in Provenance])
    axes.imshow(kinds, cmap=colors, vmin=-0.5, vmax=len(Provenance) - 0.5, interpolation="none")
    _frame(axes, solution.table, placed)
    if max(kinds.shape) > _LARGEST_MARKED:
        return
    size = _marker_size(axes, solution.table)
    for kind, marker in MARKERS.items():
        a, b = np.nonzero(kinds == kind)
        if len(a):
            # A table may be forced almost whole: the dot is the least of the marks.
            small = 0.5 if kind is Provenance.FORCED else 1
            width = 1.2 if marker == "+" else 0  # the only mark that is all line
            axes.scatter(b, a, s=small * size, marker=marker, color="black", linewidths=width)


def _marker_size(axes: "Axes", table: Table) -> float:
    """Return the area of a mark that fits a cell, in square points."""
    # 24 of the 72 points of an inch: a mark is a third as wide as its cell.
    figure = axes.get_figure(root=True)
    assert figure is not None
    width = float(figure.get_size_inches()[0]) / len(figure.axes)
    return float((24 * width / max(table.array.shape)) ** 2)


def _legend(figure: "Figure", solution: Solution) -> None:
    """Draw color, mark and count of every provenance that occurs."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    for kind in Provenance:
        name = kind.name.lower()
        if not (number := solution.counts[name]):
            continue
        patch = Patch(facecolor=PROVENANCE_COLORS[kind], edgecolor=INK, linewidth=0.5)
        mark = Line2D([], [], linestyle="", marker=MARKERS.get(kind, ""), color="black", ms=5)
        handles.append(((patch, mark), f"{name} {number}"))
    if handles:
        symbols, texts = zip(*handles, strict=True)
        figure.legend(symbols, texts, loc="outside lower center", ncols=len(handles))


def _frame(axes: "Axes", table: Table, placed: Arrangement) -> None:
    """Write the labels at the edges where there is room, and draw lines between cosets."""
    rows, columns = table.array.shape
    axes.spines[:].set_visible(False)
    if max(rows, columns) <= _LARGEST_LABELED:
        small = 8 if max(rows, columns) <= 16 else 5.5
        names = [shortened(table.rows[i], 8) for i in placed.rows]
        axes.set_yticks(range(rows), names, fontsize=small)
        names = [shortened(table.columns[i], 8) for i in placed.columns]
        upright = max(map(len, names)) > 2  # longer ones would overlap side by side
        axes.set_xticks(range(columns), names, fontsize=small, rotation=90 if upright else 0)
        axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    else:
        axes.set_xticks([])
        axes.set_yticks([])
    if placed.block > 1:
        lines = np.arange(placed.block, rows, placed.block) - 0.5
        axes.hlines(lines, -0.5, columns - 0.5, colors="white", linewidths=1.2)
        axes.vlines(lines, -0.5, rows - 0.5, colors="white", linewidths=1.2)

"""The kinds of figures by name, for ``cayley plot`` and the report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cayley.completion import Solution
from cayley.report.figures._cayley_graph import draw_cayley_graph
from cayley.report.figures._characters import draw_characters
from cayley.report.figures._curves import draw_curves
from cayley.report.figures._matrices import draw_matrices
from cayley.report.figures._multiplication_table import (
    draw_before_after,
    draw_provenance,
    draw_table,
)
from cayley.report.figures._normal_subgroups import draw_normal_subgroups

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "FigureKind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKind:
    """A kind of figure.

    Attributes:
        draw: Draws it; raises a ``ValueError`` where a solution has nothing to show.
        about: What it shows, in a few words; the help of ``cayley plot`` repeats them.
    """

    draw: "Callable[[Solution], Figure]"
    about: str


# In the order of the help of `cayley plot`: the table first, then its group, then what was learned.
FIGURES: dict[str, FigureKind] = {
    "table": FigureKind(draw=draw_table, about="the completed table, listed by cosets"),
    "before-after": FigureKind(
        draw=draw_before_after, about="the table given and completed, with provenance"
    ),
    "provenance": FigureKind(draw=draw_provenance, about="where each cell comes from"),
    "characters": FigureKind(draw=draw_characters, about="the character table"),
    "cayley-graph": FigureKind(draw=draw_cayley_graph, about="the Cayley graph on generators"),
    "normal-subgroups": FigureKind(
        draw=draw_normal_subgroups, about="the lattice of normal subgroups"
    ),
    "matrices": FigureKind(
        draw=draw_matrices, about="matrices as learned, gauge fixed, by irreducible blocks"
    ),
    "curves": FigureKind(draw=draw_curves, about="fit, penalty, agreement, imbalance in training"),
}
"""The kinds of figures, by the names that ``cayley plot`` takes."""

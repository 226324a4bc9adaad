"""The kinds of figures by name, for ``cayley plot``, the report and the studio."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures._characters import characters_picture
from cayley.report.figures._curves import draw_curves
from cayley.report.figures._matrices import draw_matrices
from cayley.report.figures.cayley_diagrams._cayley_graph import cayley_picture
from cayley.report.figures.drawing._drawing import drawing_figure
from cayley.report.figures.drawing._marks import Drawing
from cayley.report.figures.element_graphs._cycle_graph import cycle_graph_picture
from cayley.report.figures.element_graphs._quandle_graph import quandle_graph_picture
from cayley.report.figures.hasse_diagrams._egg_box import egg_box_picture
from cayley.report.figures.hasse_diagrams._hasse_diagram import hasse_diagram_picture
from cayley.report.figures.hasse_diagrams._subgroup_lattice import (
    normal_subgroups_picture,
    subgroup_lattice_picture,
)
from cayley.report.figures.operation_tables._multiplication_table import (
    before_after_picture,
    provenance_picture,
    table_picture,
)
from cayley.report.figures.operation_tables._possible_values import possible_picture
from cayley.report.figures.operation_tables._quotient import quotient_picture
from cayley.report.figures.operation_tables._rival_tables import rivals_picture
from cayley.report.figures.point_groups._symmetry import symmetry_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "FigureKind", "picture_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKind:
    """A kind of figure: a picture as a value, or one that only matplotlib draws.

    Attributes:
        about: What it shows, in a few words; the help of ``cayley plot`` repeats them.
        picture: Returns the picture of a solution; raises a ``ValueError`` where it has nothing to
            show. Its keyword-only arguments are the options of the kind. None if only matplotlib
            draws it.
        plot: Returns a matplotlib figure, likewise, where there is no ``picture``.
    """

    about: str
    picture: "Callable[..., Drawing] | None" = None
    plot: "Callable[..., Figure] | None" = None

    @property
    def options(self) -> frozenset[str]:
        """The names of the options that this kind takes."""
        parameters = inspect.signature(self.picture or self.plot or as_solution).parameters.values()
        return frozenset(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)

    def draw(self, solution: SolutionLike, **options: Any) -> "Figure":
        """Return a matplotlib figure; a table is completed first."""
        if self.picture is not None:
            return drawing_figure(self.picture(as_solution(solution), **options))
        assert self.plot is not None
        return self.plot(as_solution(solution), **options)


# In the order of the help of `cayley plot`: the table first, then its group, then what was learned.
# A picture as a value needs one line here, and its name in `Kind` of `cli/_plot.py`.
FIGURES: dict[str, FigureKind] = {
    "table": FigureKind(picture=table_picture, about="the completed table, listed by structure"),
    "before-after": FigureKind(
        picture=before_after_picture, about="the table given and completed, with provenance"
    ),
    "provenance": FigureKind(picture=provenance_picture, about="where each cell comes from"),
    "possible": FigureKind(picture=possible_picture, about="the values that open cells can have"),
    "rivals": FigureKind(
        picture=rivals_picture, about="two rival completions, their differences marked"
    ),
    "characters": FigureKind(picture=characters_picture, about="the character table"),
    "cayley-graph": FigureKind(picture=cayley_picture, about="the Cayley graph on generators"),
    "quotient": FigureKind(picture=quotient_picture, about="the table folded by a normal subgroup"),
    "normal-subgroups": FigureKind(
        picture=normal_subgroups_picture, about="the lattice of normal subgroups"
    ),
    "subgroup-lattice": FigureKind(
        picture=subgroup_lattice_picture, about="all subgroups, conjugate ones together"
    ),
    "cycle-graph": FigureKind(picture=cycle_graph_picture, about="the maximal cyclic subgroups"),
    "symmetry": FigureKind(
        picture=symmetry_picture, about="what each element does to a polygon or solid"
    ),
    "egg-box": FigureKind(picture=egg_box_picture, about="Green's relations on a semigroup"),
    "hasse": FigureKind(
        picture=hasse_diagram_picture, about="the order of a semilattice or of idempotents"
    ),
    "quandle-graph": FigureKind(
        picture=quandle_graph_picture, about="how the elements of a quandle move each other"
    ),
    "matrices": FigureKind(
        plot=draw_matrices, about="matrices as learned, gauge fixed, by irreducible blocks"
    ),
    "curves": FigureKind(plot=draw_curves, about="fit, penalty, agreement, imbalance in training"),
}
"""The kinds of figures, by the names that ``cayley plot`` takes."""


def picture_of(kind: str, solution: Solution) -> Drawing | None:
    """Return the picture of this kind, or None where the solution has nothing to show in it.

    Example:
        >>> from cayley.completion import solve
        >>> picture_of("table", solve([[0, 1], [1, 0]])).title
        'Operation table of C2, 2 × 2'
    """
    draw = FIGURES[kind].picture
    if draw is None:
        return None
    try:
        return draw(solution)
    except ValueError:  # nothing to show, or too much
        return None

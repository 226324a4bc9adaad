"""A picture of a table or solution by the name of its kind: for notebooks, and to save."""

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cayley._files import replace_file
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures._figure_kinds import FIGURES
from cayley.report.figures.drawing._drawing import drawing_figure, drawing_svg
from cayley.report.figures.drawing._marks import Drawing
from cayley.report.figures.drawing._style import figure_bytes, format_of
from cayley.report.figures.networks._network_figures import NETWORK_FIGURES, network_picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cayley.interpretation import EnergyRecorder, Explanation

__all__ = ["Picture", "draw_picture"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A picture; a notebook shows it.

    Attributes:
        kind: Its name, as ``cayley plot`` knows it.
        description: What a person who does not see it is told.
        drawn: What was drawn: a picture as a value, or a matplotlib figure where only that can.

    Example:
        >>> from cayley.tables import generate_family
        >>> picture = draw_picture("cycle-graph", generate_family("Q8"))
        >>> picture.kind, picture.svg.startswith("<svg")
        ('cycle-graph', True)
    """

    kind: str
    description: str
    drawn: "Drawing | Figure" = field(repr=False)

    @property
    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        if isinstance(self.drawn, Drawing):
            return drawing_svg(self.drawn, name=self.kind, standalone=True) + "\n"
        return figure_bytes(self.drawn, "svg").decode()

    @property
    def figure(self) -> "Figure":
        """The picture as a matplotlib figure, for other formats and for changes."""
        return drawing_figure(self.drawn) if isinstance(self.drawn, Drawing) else self.drawn

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture to a file named ``.svg``, ``.png`` or ``.pdf``, whole or not at all.

        Raises:
            ValueError: If the suffix is none of these.
            OSError: If the file cannot be written.
        """
        format = format_of(path)
        data = self.svg.encode() if format == "svg" else figure_bytes(self.figure, format)
        replace_file(Path(path), data)


def draw_picture(
    kind: str, table: "SolutionLike | Explanation | EnergyRecorder", **options: Any
) -> Picture:
    """Draw a picture of a table or solution.

    Args:
        kind: "table", "before-after", "provenance", "possible", "rivals", "quotient",
            "cayley-graph", "cycle-graph", "subgroup-lattice", "normal-subgroups", "symmetry",
            "characters", "matrices", "egg-box", "hasse", "quandle-graph" or "curves"; of a network
            "part-energies", "neuron" or "energies-over-training".
        table: A solution, or a table in any form that :func:`~cayley.completion.solve` takes; it is
            completed first. For the last three an :class:`~cayley.interpretation.Explanation`, or
            an :class:`~cayley.interpretation.EnergyRecorder`.
        options: What the kind takes: ``generators`` of a Cayley graph, ``subgroup`` of a quotient,
            ``order_by`` and ``subgroup`` of a table, ``count`` of matrices, ``solid`` of symmetry,
            ``rival`` of rivals, ``neuron`` of a network, ``of`` of energies over training.

    Raises:
        ValueError: If there is no such kind, it does not take an option, or the solution has
            nothing to show.

    Example:
        >>> draw_picture("hasse", [["F", "T"], ["T", "T"]], assume="band")
        Traceback (most recent call last):
            ...
        ValueError: the kind "hasse" takes no option `assume`.
    """
    if kind in NETWORK_FIGURES:
        drawing = network_picture(kind, table, **options)
        return Picture(kind=kind, description=drawing.description, drawn=drawing)
    if kind not in FIGURES:
        known = ", ".join((*FIGURES, *NETWORK_FIGURES))
        raise ValueError(f"`kind` must be one of {known}; got {kind!r}.")
    chosen = FIGURES[kind]
    for name in options:
        if name not in chosen.options:
            raise ValueError(f'the kind "{kind}" takes no option `{name}`.')
    solution = as_solution(cast("SolutionLike", table))
    if chosen.picture is None:
        return Picture(kind=kind, description=chosen.about, drawn=chosen.draw(solution, **options))
    drawing = chosen.picture(solution, **options)
    return Picture(kind=kind, description=drawing.description, drawn=drawing)

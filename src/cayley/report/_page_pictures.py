"""The pictures of a page: those that a solution has, each in its place, as SVG."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cayley.completion import Solution
from cayley.report._svg import inline_svg
from cayley.report.figures._figure_kinds import FIGURES

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["PagePictures", "Picture", "curves_svg", "page_pictures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: its kind, what stands above and below it, and the SVG."""

    name: str
    title: str
    caption: str
    svg: "Markup"
    linked: bool
    wide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePictures:
    """The pictures of a page by their places.

    Attributes:
        linked: Beside the table.
        gallery: In a section of their own.
        open: With the open cells.
        rivals: With the rivals.
    """

    linked: tuple[Picture, ...]
    gallery: tuple[Picture, ...]
    open: tuple[Picture, ...]
    rivals: tuple[Picture, ...]


# Kind, title, caption, whether it takes the whole width.
_LINKED = (
    ("cayley-graph", "Cayley diagram", "A point for each element, an arrow from x to xg for each chosen generator g, a line without a head where g is its own inverse.", False),
)  # fmt: skip


def page_pictures(solution: Solution) -> PagePictures:
    return PagePictures(
        linked=_drawn(solution, _LINKED, linked=True), gallery=(), open=(), rivals=()
    )


def _drawn(solution, wanted, *, linked=False):
    from markupsafe import Markup

    found = []
    for name, title, caption, wide in wanted:
        try:
            figure = FIGURES[name].draw(solution)
        except ValueError:  # nothing to show, or too much
            continue
        found.append(
            Picture(
                name=name,
                title=title,
                caption=caption,
                svg=Markup(inline_svg(figure, name=name, label=title)),
                linked=linked,
                wide=wide,
            )
        )
    return tuple(found)


def curves_svg(solution: Solution) -> "Markup | None":
    """Return the curves of training as SVG; None if nothing was trained."""
    from markupsafe import Markup

    try:
        figure = FIGURES["curves"].draw(solution)
    except ValueError:
        return None
    return Markup(inline_svg(figure, name="curves", label=FIGURES["curves"].about))

"""The pictures of a page: those that a solution has, each in its place, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from cayley.completion import Solution
from cayley.report._svg import inline_svg
from cayley.report.figures._figure_kinds import FIGURES, picture_of
from cayley.report.figures.drawing._drawing import drawing_svg
from cayley.report.figures.drawing._marks import Drawing, Label
from cayley.report.figures.drawing._palette import ink_on

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["PLACED", "PagePictures", "Picture", "curves_svg", "page_pictures"]

LARGEST_PICTURE = 400_000
"""Characters of the largest picture in a page; the quotient of a group of order 40 has so many."""

Place: TypeAlias = Literal["linked", "gallery", "open", "rivals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a kind of picture stands in a page, and what is written above and below it.

    Attributes:
        kind: The name of the kind.
        title: What stands above it.
        place: Where it stands.
        caption: What stands below it; empty for what it says to those who do not see it.
        hint: What can be done with it on a screen.
        wide: Whether it takes the whole width.
        recolored: Whether its elements get the colors that they have in the table of the page.
    """

    kind: str
    title: str
    place: Place
    caption: str = ""
    hint: str = ""
    wide: bool = False
    recolored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of a page.

    Attributes:
        name: Its kind.
        title: What stands above it.
        caption: What stands below it.
        hint: What can be done with it on a screen, below that.
        svg: The picture.
        linked: Whether there are elements in it, which the script marks.
        wide: Whether it takes the whole width.
        recolored: Whether elements have the same colors in it as in the table.
    """

    name: str
    title: str
    caption: str
    hint: str
    svg: "Markup"
    linked: bool
    wide: bool
    recolored: bool


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


# In each place in the order in which they are shown: elements before sets of elements.
PLACED = (
    Placed(
        kind="cayley-graph",
        title="Cayley diagram",
        place="linked",
        caption="A point for each element, an arrow from x to xg for each chosen generator g; a "
        "line without a head where g is its own inverse.",
        recolored=True,
    ),
    Placed(
        kind="cycle-graph",
        title="Cycle graph",
        place="linked",
        caption="Each closed line is a largest cyclic subgroup: the powers of one element, from "
        "the identity back to it.",
        recolored=True,
    ),
    Placed(
        kind="egg-box",
        title="Egg-boxes",
        place="linked",
        caption="A box for each of Green's D-classes, higher ideals above lower ones; rows are "
        "R-classes, columns L-classes, cells H-classes; a star marks an idempotent.",
    ),
    Placed(
        kind="hasse",
        title="Order",
        place="linked",
        recolored=True,
    ),
    Placed(
        kind="quandle-graph",
        title="Quandle graph",
        place="linked",
    ),
    Placed(
        kind="subgroup-lattice",
        title="Subgroup lattice",
        place="gallery",
        caption="Each subgroup by its name, joined to the next larger ones that contain it; "
        "conjugate ones stand together.",
        hint="A click colors its cosets everywhere on this page.",
        wide=True,
    ),
    Placed(
        kind="quotient",
        title="A quotient",
        place="gallery",
        caption="The table in the colors of the cosets of a normal subgroup: each block holds one "
        "color, so the cosets multiply as the small table says.",
        wide=True,
    ),
    Placed(
        kind="symmetry",
        title="As symmetries",
        place="gallery",
        caption="The elements as symmetries of a figure, by conjugacy classes; one of several ways "
        "to see the group so.",
        wide=True,
    ),
    Placed(
        kind="possible",
        title="Possible values",
        place="open",
        caption="In each open cell the symbols that it can have.",
    ),
    Placed(
        kind="rivals",
        title="Two explanations side by side",
        place="rivals",
        caption="The table shown and a rival; the cells in which they differ are framed.",
        wide=True,
    ),
)
"""The kinds that a page shows, and where."""


def page_pictures(solution: Solution, colors: Sequence[str]) -> PagePictures:
    """Return the pictures that there is something to draw for, by their places.

    Args:
        solution: What is shown.
        colors: The color of each symbol in the table of the page.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family
        >>> found = page_pictures(solve(generate_family("S3")), ["#ffffff"] * 6)
        >>> [picture.name for picture in found.linked]
        ['cayley-graph', 'cycle-graph']
    """
    from markupsafe import Markup

    found: dict[str, list[Picture]] = {"linked": [], "gallery": [], "open": [], "rivals": []}
    for each in PLACED:
        # The egg-box of a group is one box of all elements.
        if each.kind == "egg-box" and solution.isotopism is not None:
            continue
        drawing = picture_of(each.kind, solution)
        if drawing is None:
            continue
        if each.recolored:
            drawing = _recolored(drawing, colors)
        svg = drawing_svg(drawing, name=each.kind)
        if len(svg) > LARGEST_PICTURE:
            continue
        picture = Picture(
            name=each.kind,
            title=each.title,
            caption=each.caption or drawing.description,
            hint=each.hint,
            # What is in a drawing is escaped where it is written; as text it would be so twice.
            svg=Markup(svg),
            linked="data-element" in svg,
            wide=each.wide,
            recolored=each.recolored,
        )
        found[each.place].append(picture)
    return PagePictures(**{place: tuple(pictures) for place, pictures in found.items()})


def _recolored(drawing: Drawing, colors: Sequence[str]) -> Drawing:
    """Return a drawing whose elements have these colors, without the key to other ones."""
    marks = []
    for mark in drawing.marks:
        element, fill = mark.data.get("element"), mark.style.fill
        if element is not None and fill.startswith("#"):
            color = colors[int(element)]
            own = ink_on(color) if isinstance(mark, Label) else color
            mark = replace(mark, style=replace(mark.style, fill=own))  # noqa: PLW2901
        marks.append(mark)
    return replace(drawing, marks=tuple(marks), key=())


def curves_svg(solution: Solution) -> "Markup | None":
    """Return the curves of training as SVG; None if nothing was trained."""
    from markupsafe import Markup

    try:
        figure = FIGURES["curves"].draw(solution)
    except ValueError:
        return None
    return Markup(inline_svg(figure, name="curves", label=FIGURES["curves"].about))

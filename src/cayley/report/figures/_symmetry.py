"""Symmetries of an object as a picture: one small picture for each element of a point group."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group, conjugacy_classes, identify
from cayley.algebra.identification._canonical_form import canonical_form
from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Rectangle,
    Style,
    isolated,
)
from cayley.report.figures._object_views import SIZE, ObjectView
from cayley.report.figures._symmetric_objects import (
    Motion,
    SymmetricObject,
    motion_of,
    symmetric_objects,
)
from cayley.report.figures._text_width import plain, text_width
from cayley.report.figures._what_there_is import group_with_names

__all__ = ["Realization", "draw_symmetry", "realization", "realizations"]

_MARGIN = 14.0

_WIDEST_PAGE = 1080.0
"""Eight small pictures side by side."""

_CAPTION = 22.0
"""The height of the label under a small picture."""

_HEADING = 22.0
"""The height of the words above a class."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Realization:
    """A group as the symmetries of an object.

    Attributes:
        thing: The object.
        to: The symmetry that each element of the group is, shape ``(n,)``: an isomorphism.
        choices: How many isomorphisms there are, as many as automorphisms.
        agrees: Whether every label of an element is the permutation of corners that it is drawn as,
            in cycles.
    """

    thing: SymmetricObject
    to: Int[NDArray[Any], " n"]
    choices: int
    agrees: bool


def realizations(group: Group, names: tuple[str, ...]) -> list[Realization]:
    """Return all objects whose group is isomorphic to a group, each with one isomorphism.

    Of the isomorphisms the one is taken under which most labels are the permutation of corners, in
    cycles, that they are drawn as; of equal ones the first, so that turns by small angles come to
    the elements that are listed first.

    Args:
        group: A group.
        names: The labels of its elements.

    Example:
        >>> group = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> found = realizations(group, ("()", "(2 3)", "(1 2)", "(1 2 3)", "(1 3 2)", "(1 3)"))
        >>> [(each.thing.name, each.choices, each.agrees) for each in found]
        [('triangle', 6, True)]
    """
    found = []
    orders = sorted(group.element_orders.tolist())
    form = None
    for thing in symmetric_objects(group.order):
        # Equal canonical forms take longer; most groups differ in the orders of elements already.
        if sorted(thing.group.element_orders.tolist()) != orders:
            continue
        form = canonical_form(group.table, group=True) if form is None else form
        other = canonical_form(thing.group.table, group=True)
        if form is None or other is None or not np.array_equal(form.table, other.table):
            continue
        one = np.argsort(other.places)[form.places]
        every = one[form.automorphisms]  # first an automorphism of the group, then `one`
        written = [_cycles(image) for image in thing.images.tolist()]
        agreeing = [
            sum(written[s] == name for s, name in zip(to, names, strict=True))
            for to in every.tolist()
        ]
        best = min(range(len(every)), key=lambda k: (-agreeing[k], every[k].tolist()))
        found.append(
            Realization(
                thing=thing,
                to=every[best],
                choices=len(every),
                agrees=agreeing[best] == len(names),
            )
        )
    return found


def realization(
    group: Group, names: tuple[str, ...], solid: Literal["tetrahedron", "cube"] | None = None
) -> Realization:
    """Return the object that is drawn for a group.

    Raises:
        ValueError: If no object is drawn that has this group, or not the solid asked for.
    """
    found = realizations(group, names)
    if solid is not None:
        found = [each for each in found if each.thing.name == solid]
    if not found:
        name = identify(group).name or f"a group of order {group.order}"
        what = "no object" if solid is None else f"no {solid}"
        raise ValueError(
            f"there is no picture of symmetries: {what} is drawn that has the group {name}. Objects "
            "are drawn for C1 to C8, for the groups of the rectangle and the regular polygons of up "
            "to 8 sides, of the box and the square and hexagonal prisms, and for A4, S4 and C2 x S4."
        )
    return found[0]


def draw_symmetry(
    solution: SolutionLike, *, solid: Literal["tetrahedron", "cube"] | None = None
) -> Drawing:
    """Draw each element of a point group as what it does to an object.

    The corners have numbers, and each small picture shows where an element moves them, with its
    axis or mirror; conjugate elements are together. The product ``a b`` is drawn as first a, then b.
    Objects are polygons for cyclic and dihedral groups, the box and prisms, the tetrahedron for A4
    and S4, and the cube for C2 x S4, and for S4 if it is asked for.

    Args:
        solution: One with such a group; a table is completed first.
        solid: Which of the two solids to draw for S4: the tetrahedron with turns and reflections,
            or the cube with turns; the tetrahedron if None.

    Raises:
        ValueError: If the table is not complete, there is no group, or no object for it.

    Example:
        >>> from cayley.tables import generate_family
        >>> draw_symmetry(generate_family("D8")).title
        'symmetries of the square'
    """
    group, symbols, names = group_with_names(solution, picture="a picture of symmetries")
    found = realization(group, names, solid)
    thing = found.thing
    motions = [motion_of(matrix, is_plane=thing.is_plane) for matrix in thing.matrices]
    view = ObjectView(thing)
    classes = conjugacy_classes(group)

    # The identity first, then turns, then the others; small classes before large ones.
    def rank(k: int) -> tuple[int, int, int, int]:
        motion = motions[int(found.to[classes.representatives[k]])]
        kinds = ("identity", "turn", "inversion", "mirror", "turn and mirror")
        return (kinds.index(motion.kind), -motion.angle if not thing.is_plane else motion.angle,
                int(classes.sizes[k]), k)  # fmt: skip

    marks: list[Mark] = []
    left = top = _MARGIN
    bottom = right = 0.0
    for k in sorted(range(len(classes)), key=rank):
        members = sorted(classes.members(k).tolist(), key=lambda x: int(found.to[x]))
        heading = _heading(thing, [motions[int(found.to[x])] for x in members])
        columns = min(len(members), int((_WIDEST_PAGE - 2 * _MARGIN) // SIZE))
        lines = -(-len(members) // columns)
        wide = max(columns * SIZE, text_width(heading, 11.5, bold=True) + 16)
        tall = _HEADING + lines * (SIZE + _CAPTION)
        if left > _MARGIN and left + wide > _WIDEST_PAGE - _MARGIN:
            left, top = _MARGIN, bottom + 12.0
        marks += [
            Rectangle(x=round(left, 1), y=round(top, 1), width=round(wide, 1), height=round(tall, 1),
                      corner=8, style=Style(fill="#8a8a8a", opacity=0.13),
                      data={"class": k}),
            Label(x=round(left + 10, 1), y=round(top + 13, 1), text=heading, size=11.5,
                  anchor="start", bold=True),
        ]  # fmt: skip
        for i, x in enumerate(members):
            u = left + (wide - columns * SIZE) / 2 + (i % columns + 0.5) * SIZE
            v = top + _HEADING + (i // columns) * (SIZE + _CAPTION)
            symmetry = int(found.to[x])
            data: dict[str, str | int] = {"element": symbols[x]}
            marks += view.marks(
                symmetry, motions[symmetry], (round(u, 1), round(v + SIZE / 2, 1)), data=data
            )
            hint = f"{isolated(names[x])}: {_words(thing, motions[symmetry])}; corners {_cycles(thing.images[symmetry].tolist())}"
            marks.append(
                Label(x=round(u, 1), y=round(v + SIZE + 8, 1), text=_shown(names[x]), size=12.0,
                      data=data, hint=hint)
            )  # fmt: skip
        left += wide + 12.0
        bottom, right = max(bottom, top + tall), max(right, left - 12.0)
    return Drawing(
        width=round(right + _MARGIN, 1),
        height=round(bottom + _MARGIN, 1),
        marks=tuple(marks),
        title=f"symmetries of the {thing.name}",
        description=_description(found, group, names),
    )


def _shown(name: str) -> str:
    text = plain(name)
    if text_width(text, 12.0) <= SIZE - 8:
        return text
    while len(text) > 1 and text_width(text + "…", 12.0) > SIZE - 8:
        text = text[:-1]
    return text + "…"


def _cycles(image: list[int]) -> str:
    """Write a permutation in cycles, points counted from 1.

    Example:
        >>> _cycles([1, 0, 2]), _cycles([0, 1])
        ('(1 2)', '()')
    """
    seen: set[int] = set()
    parts = []
    for start in range(len(image)):
        cycle = []
        x = start
        while x not in seen:
            seen.add(x)
            cycle.append(x + 1)
            x = image[x]
        if len(cycle) > 1:
            parts.append("(" + " ".join(map(str, cycle)) + ")")
    return "".join(parts) or "()"


def _words(thing: SymmetricObject, motion: Motion) -> str:
    """Return what a motion is, in words."""
    if motion.kind == "identity":
        return "identity"
    if motion.kind == "turn":
        return f"turn by {motion.angle}°"
    if motion.kind == "mirror":
        return "mirror line" if thing.is_plane else "mirror"
    if motion.kind == "inversion":
        return "inversion"
    return f"turn by {motion.angle}° and mirror"


def _heading(thing: SymmetricObject, motions: list[Motion]) -> str:
    """Return what the elements of a class are, with their number where they are several."""
    count = len(motions)
    words = _words(thing, motions[0])
    angles = sorted({motion.angle for motion in motions})
    if len(angles) > 1:  # in the plane a turn and its inverse
        words = "turn by " + " or ".join(f"{angle}°" for angle in angles)
    if count == 1:
        return words[0].upper() + words[1:]
    first, _, rest = words.partition(" ")
    if first == "mirror" and rest == "line":
        return f"{count} mirror lines {_through(thing, motions)}".strip()
    where = _through(thing, motions)
    return f"{count} {first}s {rest} {where}".replace("  ", " ").strip()


def _through(thing: SymmetricObject, motions: list[Motion]) -> str:
    """Return what the axes of a solid, or the mirror lines of a polygon, go through."""
    motion = motions[0]
    if motion.kind == "turn" and not thing.is_plane:
        ways = [("corners", thing.corners), ("edges", _middles(thing))]
        for what, points in ways:
            units = points / np.linalg.norm(points, axis=1)[:, None]
            if np.abs(np.abs(units @ motion.axis) - 1).min() < 1e-6:
                return f"about axes through {what}" + _seen(thing, units, motions)
        return "about axes through faces"
    if motion.kind == "mirror" and thing.is_plane:
        on_corner = int((np.abs(thing.corners @ motion.axis) < 1e-6).sum())
        return {0: "through sides", 2: "through corners"}.get(
            on_corner, "through a corner and a side"
        )
    return ""


def _seen(thing: SymmetricObject, units: NDArray[Any], motions: list[Motion]) -> str:
    """Return the direction of turns seen from the corners, if it is the same for all."""
    if thing.name != "tetrahedron" or motions[0].angle == 180:
        return ""  # elsewhere the other end of the axis is a corner, too
    signs = {bool(((units @ motion.axis) > 1 - 1e-6).any()) for motion in motions}
    if len(signs) > 1:
        return ""
    return ", counterclockwise" if signs == {True} else ", clockwise"


def _middles(thing: SymmetricObject) -> NDArray[Any]:
    return np.array([(thing.corners[i] + thing.corners[j]) / 2 for i, j in thing.edges])


def _description(found: Realization, group: Group, names: tuple[str, ...]) -> str:
    """Return what a person who does not see the picture is told."""
    thing = found.thing
    to = found.to.tolist()
    given = "; ".join(
        f"{isolated(names[x])} is drawn as "
        f"{_words(thing, motion_of(thing.matrices[to[x]], is_plane=thing.is_plane))}, corners "
        f"{_cycles(thing.images[to[x]].tolist())}"
        for x in group.generators
    )
    elements = "The one element" if group.order == 1 else f"The {group.order} elements"
    text = (
        f"{elements} of the group as the {thing.symmetries} of the {thing.name} "
        f"(point group {thing.symbol}), grouped by conjugacy class. Each small picture shows where "
        "an element moves the numbered corners. The product a b is first a, then b."
    )
    if found.choices == 1:
        return text + " There is only one isomorphism."
    chosen = f" The isomorphism is one of {found.choices}"
    if found.agrees:
        return text + chosen + ": the one under which the labels are the permutations of corners."
    return text + chosen + (f": {given}." if given else ".")

"""Symmetries of an object as a picture: one small picture for each element of a point group."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley.algebra import Group, conjugacy_classes
from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._completed_operation import group_with_names
from cayley.report.figures.drawing._marks import (
    Drawing,
    Label,
    Mark,
    Rectangle,
    Style,
    isolated,
)
from cayley.report.figures.drawing._text_width import plain, text_width
from cayley.report.figures.point_groups._object_views import SIZE, ObjectView
from cayley.report.figures.point_groups._realizations import Realization, cycles_text, realization
from cayley.report.figures.point_groups._symmetric_objects import Motion, SymmetricObject, motion_of

__all__ = ["symmetry_picture"]

_MARGIN = 14.0

_WIDEST_PAGE = 1080.0
"""Eight small pictures side by side."""

_CAPTION = 22.0
"""The height of the label under a small picture."""

_KINDS = ("identity", "turn", "inversion", "mirror", "turn and mirror")
"""The order in which classes are drawn."""

_HEADING = 22.0
"""The height of the words above a class."""


def symmetry_picture(
    solution: SolutionLike, *, solid: Literal["tetrahedron", "cube"] | None = None
) -> Drawing:
    """Draw each element of a point group as what it does to an object.

    The corners have numbers, and each small picture shows where an element moves them, with its
    axis or mirror; conjugate elements are together. The product ``a b`` is first a, then b.
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
        >>> symmetry_picture(generate_family("D8")).title
        'symmetries of the square'
    """
    group, symbols, names = group_with_names(solution, nothing="there are no symmetries")
    found = realization(group, names, solid)
    thing = found.thing
    motions = [motion_of(matrix, is_plane=thing.is_plane) for matrix in thing.matrices]
    view = ObjectView(thing)
    classes = conjugacy_classes(group)

    def rank(k: int) -> tuple[int, float, int, int]:
        """The identity first, then turns, then the others; large angles before small in space."""
        motion = motions[int(found.to[classes.representatives[k]])]
        angle = float(motion.angle) if thing.is_plane else -float(motion.angle)
        return (_KINDS.index(motion.kind), angle, int(classes.sizes[k]), k)

    marks: list[Mark] = []
    left = top = _MARGIN
    bottom = right = 0.0
    for k in sorted(range(len(classes)), key=rank):
        members = sorted(classes.members(k).tolist(), key=lambda x: int(found.to[x]))
        heading = _heading(thing, [motions[int(found.to[x])] for x in members])
        columns = min(len(members), int((_WIDEST_PAGE - 2 * _MARGIN) // SIZE))
        wide = max(columns * SIZE, text_width(heading, 11.5, bold=True) + 16)
        tall = _HEADING - (-len(members) // columns) * (SIZE + _CAPTION)
        if left > _MARGIN and left + wide > _WIDEST_PAGE - _MARGIN:
            left, top = _MARGIN, bottom + 12.0
        marks += [
            Rectangle(x=round(left, 1), y=round(top, 1), width=round(wide, 1),
                      height=round(tall, 1), corner=8, style=Style(fill="#8a8a8a", opacity=0.13),
                      data={"class": k}),
            Label(x=round(left + 10, 1), y=round(top + 13, 1), text=heading, size=11.5,
                  anchor="start", bold=True),
        ]  # fmt: skip
        for i, x in enumerate(members):
            u = round(left + (wide - columns * SIZE) / 2 + (i % columns + 0.5) * SIZE, 1)
            v = round(top + _HEADING + (i // columns) * (SIZE + _CAPTION), 1)
            symmetry, data = int(found.to[x]), {"element": symbols[x]}
            motion = motions[symmetry]
            marks += view.marks(symmetry, motion, (u, v + SIZE / 2), data=data)
            moved = cycles_text(thing.images[symmetry].tolist())
            hint = f"{isolated(names[x])}: {_words(thing, motion)}; corners {moved}"
            caption = Label(x=u, y=v + SIZE + 8, text=_shown(names[x]), data=data, hint=hint)
            marks.append(caption)
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


def _words(thing: SymmetricObject, motion: Motion) -> str:
    """Return what a motion is, in words."""
    if motion.kind == "identity":
        return "identity"
    if motion.kind == "turn":
        return f"turn by {_angle(motion)}"
    if motion.kind == "mirror":
        return "mirror line" if thing.is_plane else "mirror"
    if motion.kind == "inversion":
        return "inversion"
    return f"turn by {_angle(motion)} and mirror"


def _angle(motion: Motion) -> str:
    """Write an angle in degrees, or as a part of a full turn where those are not whole."""
    degrees = 360 * motion.angle
    return f"{degrees}°" if degrees.denominator == 1 else f"{motion.angle} of 360°"


def _heading(thing: SymmetricObject, motions: list[Motion]) -> str:
    """Return what the elements of a class are, with their number where they are several."""
    count = len(motions)
    words = _words(thing, motions[0])
    angles = list(dict.fromkeys(map(_angle, sorted(motions, key=lambda motion: motion.angle))))
    if len(angles) > 1:  # in the plane a turn and its inverse
        words = "turn by " + " or ".join(angles)
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
    if thing.name != "tetrahedron" or 2 * motions[0].angle == 1:
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
        f"{cycles_text(thing.images[to[x]].tolist())}"
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

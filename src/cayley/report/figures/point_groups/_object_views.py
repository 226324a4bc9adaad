"""Small pictures of an object with a symmetry acting on it: its axis or mirror, its corners moved.

The corner with number i is drawn at the place to which the symmetry moves it.
"""

from collections.abc import Mapping
from math import atan2, cos, pi, radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.report.figures.drawing._marks import (
    INK,
    PAPER,
    Circle,
    Label,
    Mark,
    Path,
    Style,
    arrow_head,
)
from cayley.report.figures.drawing._palette import element_colors, ink_on
from cayley.report.figures.drawing._style import COLORS
from cayley.report.figures.point_groups._symmetric_objects import Motion, SymmetricObject

__all__ = ["SIZE", "ObjectView"]

SIZE = 128.0
"""Width and height of a small picture."""

_UNIT = 42.0
"""The distance of a corner from the center, in pixels: an axis of one and a half fits in."""

_AXIS = 1.42
"""How far an axis reaches."""

_ARC_AT = 1.2
"""Where on the axis the arc is: outside of the solid, whose corners are at 1."""

_AXIS_COLOR, _MIRROR_COLOR = COLORS[1], COLORS[0]

_LOOK = (-26.0, 22.0)
"""How solids are turned about the vertical and tilted, in degrees: corners are then far from each
other, and axes from edges."""

_LOOK_OF = {"hexagonal prism": (6.0, 30.0)}
"""Where another look parts the corners better."""

_ON_PLANE = 1e-6
"""Points so near to a plane, or to each other, are on it, or one: corners are rounded to 1e-15."""


class ObjectView:
    """How an object is looked at, computed once for all small pictures of it.

    Args:
        thing: The object.
    """

    def __init__(self, thing: SymmetricObject) -> None:
        self.thing = thing
        around, tilt = map(radians, _LOOK_OF.get(thing.name, _LOOK))
        first = np.array(
            [[cos(around), 0.0, sin(around)], [0.0, 1.0, 0.0], [-sin(around), 0.0, cos(around)]]
        )
        second = np.array(
            [[1.0, 0.0, 0.0], [0.0, cos(tilt), -sin(tilt)], [0.0, sin(tilt), cos(tilt)]]
        )
        self._turn = np.eye(3) if thing.is_plane else second @ first
        self._towards = self._turn[2]  # the direction to the reader
        self._hidden = set() if thing.is_plane else self._hidden_edges()
        self._colors = element_colors(len(thing.corners))

    def marks(
        self,
        index: int,
        motion: Motion,
        center: tuple[float, float],
        *,
        data: Mapping[str, str | int],
    ) -> list[Mark]:
        """Return the marks of the object after a symmetry has acted on it.

        Args:
            index: The number of the symmetry.
            motion: What it does.
            center: Where the center of the object is drawn.
            data: Attributes of the corners.
        """
        marks: list[Mark] = []
        if motion.kind in ("mirror", "turn and mirror"):
            marks += self._mirror(motion, center)
        marks += self._edges(center)
        if motion.kind in ("turn", "turn and mirror"):
            marks += self._arc(motion, center)
        if motion.kind == "inversion":
            dot = Style(fill=_AXIS_COLOR)
            marks.append(Circle(x=center[0], y=center[1], radius=4.5, style=dot))
        return marks + self._corners(index, center, data)

    def _at(
        self, point: Float[NDArray[Any], "3"], center: tuple[float, float]
    ) -> tuple[float, float]:
        """Return the place of a point in the picture."""
        x, y, _ = (self._turn @ point).tolist()
        return (round(center[0] + _UNIT * x, 1), round(center[1] - _UNIT * y, 1))

    def _depth(self, point: Float[NDArray[Any], "3"]) -> float:
        """Return how near a point is to the reader."""
        return round(float(self._towards @ point), 6)

    def _edges(self, center: tuple[float, float]) -> list[Mark]:
        """Return the edges; hidden ones are dashed."""
        plain = Style(stroke=INK, width=1.4)
        hidden = Style(stroke=INK, width=1.0, dash="3 3", opacity=0.55)
        marks: list[Mark] = []
        for k, (i, j) in enumerate(self.thing.edges):
            a, b = (self._at(self.thing.corners[c], center) for c in (i, j))
            marks.append(Path(d=_line([a, b]), style=hidden if k in self._hidden else plain))
            if self.thing.has_direction:  # a head on the side tells its direction
                x, y = a[0] + 0.62 * (b[0] - a[0]), a[1] + 0.62 * (b[1] - a[1])
                head = arrow_head(x, y, b[0] - a[0], b[1] - a[1], size=9)
                marks.append(Path(d=head, style=Style(fill=INK)))
        return marks

    def _hidden_edges(self) -> set[int]:
        """Return the edges that the solid itself hides: it is convex."""
        normals, offsets = _faces(self.thing.corners)
        hidden = set()
        for k, (i, j) in enumerate(self.thing.edges):
            # An edge is seen if its middle, moved a little towards the reader, leaves the solid.
            point = (self.thing.corners[i] + self.thing.corners[j]) / 2 + 0.02 * self._towards
            if ((normals @ point) <= offsets + 1e-9).all():
                hidden.add(k)
        return hidden

    def _mirror(self, motion: Motion, center: tuple[float, float]) -> list[Mark]:
        """Return a mirror: a line in the plane; in space the part of a plane inside the solid."""
        normal = motion.axis
        if self.thing.is_plane:
            along = np.array([-normal[1], normal[0], 0.0])
            ends = [self._at(along * s * _AXIS, center) for s in (-1, 1)]
            return [Path(d=_line(ends), style=Style(stroke=_MIRROR_COLOR, width=2.0, dash="6 4"))]
        corners = [self._at(1.08 * point, center) for point in _section(self.thing, normal)]
        outline = _line(corners, closed=True)
        return [
            Path(d=outline, style=Style(fill=_MIRROR_COLOR, opacity=0.25)),
            Path(d=outline, style=Style(stroke=_MIRROR_COLOR, width=1.6)),
        ]

    def _arc(self, motion: Motion, center: tuple[float, float]) -> list[Mark]:
        """Return the axis of a turn, and an arc with a head that tells its direction."""
        drawn = Style(stroke=_AXIS_COLOR, width=2.0)
        axis = motion.axis
        if self.thing.is_plane:
            dot = Style(fill=_AXIS_COLOR)
            marks: list[Mark] = [Circle(x=center[0], y=center[1], radius=3.0, style=dot)]
            base, radius, sweep = np.zeros(3), 0.42, 2 * pi * min(float(motion.angle), 5 / 6)
            first, second = np.array([0.0, 1.0, 0.0]), np.array([-1.0, 0.0, 0.0])
        else:
            ends = [self._at(axis * s * _AXIS, center) for s in (-1, 1)]
            marks = [Path(d=_line(ends), style=drawn)]
            # At that end of the axis which is nearer to the reader. The angle stands in words above
            # the picture: in perspective an arc of so many degrees would not be read as such.
            tip = 1.0 if self._depth(axis) >= 0 else -1.0
            base, radius, sweep = axis * tip * _ARC_AT, 0.27, radians(260)
            first = np.cross(axis, self._towards)
            if np.linalg.norm(first) < 1e-3:
                first = np.cross(axis, self._turn[1])
            first = first / np.linalg.norm(first)
            second = np.cross(axis, first)
        steps = max(6, round(sweep / radians(8)))
        angles = [sweep * (k / steps - 0.5) for k in range(steps + 1)]
        points = [
            self._at(base + radius * (cos(a) * first + sin(a) * second), center) for a in angles
        ]
        (ax, ay), (bx, by) = points[-3], points[-1]
        head = arrow_head(bx + 0.3 * (bx - ax), by + 0.3 * (by - ay), bx - ax, by - ay, size=7.5)
        return [
            *marks,
            Path(d=_line(points), style=drawn),
            Path(d=head, style=Style(fill=_AXIS_COLOR)),
        ]

    def _corners(
        self, index: int, center: tuple[float, float], data: Mapping[str, str | int]
    ) -> list[Mark]:
        """Return the numbered corners where they are moved, those behind first."""
        corners = self.thing.corners
        places = self.thing.images[index].tolist()
        marks: list[Mark] = []
        for i in sorted(range(len(corners)), key=lambda i: self._depth(corners[places[i]])):
            x, y = self._at(corners[places[i]], center)
            more = {**data, "corner": i + 1, "place": places[i] + 1}
            where = "stays" if places[i] == i else f"is moved to the place of {places[i] + 1}"
            hint = f"corner {i + 1} {where}"
            color = self._colors[i]
            marks += [
                Circle(x=x, y=y, radius=8.0, style=Style(fill=color, stroke=PAPER, width=1.2),
                       data=more, hint=hint),
                Label(x=x, y=y, text=str(i + 1), size=10.5, bold=True,
                      style=Style(fill=ink_on(color)), data=more, hint=hint),
            ]  # fmt: skip
        return marks


def _section(
    thing: SymmetricObject, normal: Float[NDArray[Any], "3"]
) -> list[Float[NDArray[Any], "3"]]:
    """Return the corners of the part of a plane through the center that is inside of a solid."""
    points: list[NDArray[Any]] = []
    for i, j in thing.edges:
        a, b = thing.corners[i], thing.corners[j]
        s, t = float(a @ normal), float(b @ normal)
        if abs(s) < _ON_PLANE and abs(t) < _ON_PLANE:
            points += [a, b]
        elif s * t <= 0 or min(abs(s), abs(t)) < _ON_PLANE:
            points.append(a + (b - a) * s / (s - t))
    distinct: list[NDArray[Any]] = []
    for point in points:
        if all(np.abs(point - other).max() > _ON_PLANE for other in distinct):
            distinct.append(point)
    middle = np.mean(distinct, axis=0)
    u = distinct[0] - middle
    v = np.cross(normal, u)
    return sorted(distinct, key=lambda p: atan2(float((p - middle) @ v), float((p - middle) @ u)))


def _line(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    text = "L".join(f"{x:g} {y:g}" for x, y in points)
    return f"M{text}{'Z' if closed else ''}"


def _faces(
    corners: Float[NDArray[Any], "m 3"],
) -> tuple[Float[NDArray[Any], "f 3"], Float[NDArray[Any], " f"]]:
    """Return normals and offsets of the faces of a convex solid around the origin."""
    normals, offsets = [], []
    m = len(corners)
    for i in range(m):
        for j in range(i + 1, m):
            for k in range(j + 1, m):
                normal = np.cross(corners[j] - corners[i], corners[k] - corners[i])
                length = np.linalg.norm(normal)
                if length < 1e-9:
                    continue
                normal = normal / length
                sides = corners @ normal - corners[i] @ normal
                if sides.max() < 1e-9 or sides.min() > -1e-9:
                    sign = 1.0 if sides.max() < 1e-9 else -1.0
                    normals.append(sign * normal)
                    offsets.append(sign * float(corners[i] @ normal))
    return np.array(normals), np.array(offsets)

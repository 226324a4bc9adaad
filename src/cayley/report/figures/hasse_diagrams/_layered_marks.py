"""Marks of layered diagrams: edges through their bends, and what is common to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from cayley.report.figures.drawing._marks import INK, Box, Path, Style
from cayley.report.figures.hasse_diagrams._layered_layout import LayeredLayout

__all__ = ["Obstacles", "edge_mark", "edge_marks", "straightened"]

_CLEARANCE = 4.0
"""The least distance between an edge and a node that it passes."""


_ROUNDING = 6.0
"""Corners are rounded so far from them: less than the least distance of bends from nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacles:
    """The nodes of one level: the vertical place of their centers, and where each is.

    Attributes:
        y: The center of the level.
        half: Half the height of its nodes.
        spans: Left and right edges.
    """

    y: float
    half: float
    spans: tuple[tuple[float, float], ...]


def straightened(
    points: Sequence[tuple[float, float]], between: Sequence[Obstacles]
) -> list[tuple[float, float]]:
    """Leave out the bends that an edge does not need to pass the nodes.

    At those that stay the edge is vertical beside the nodes: each is two points, below and above.

    Args:
        points: An end, a bend on each level between, the other end, upwards.
        between: The nodes on these levels.

    Example:
        >>> level = Obstacles(y=50.0, half=10.0, spans=((0.0, 20.0),))
        >>> straightened([(10, 100), (30, 50), (10, 0)], [level])
        [(10, 100), (30, 60.0), (30, 40.0), (10, 0)]
        >>> straightened([(40, 100), (30, 50), (40, 0)], [level])
        [(40, 100), (40, 0)]
    """
    last = len(points) - 1

    def beside(i: int, side: float) -> tuple[float, float]:
        """Return a point at the lower (1) or upper (-1) edge of the nodes of a level."""
        if i in (0, last):
            return points[i]
        return (points[i][0], between[i - 1].y + side * between[i - 1].half)

    kept = [points[0]]
    start = 0
    while start < last:
        # The farthest point that can be seen from here; the next one can be seen always.
        end = start + 1
        for far in range(last, start + 1, -1):
            line = beside(start, -1), beside(far, 1)
            if all(_passes(*line, each) for each in between[start : far - 1]):
                end = far
                break
        kept += [beside(end, 1)] if end == last else [beside(end, 1), beside(end, -1)]
        start = end
    return kept


def _passes(a: tuple[float, float], b: tuple[float, float], level: Obstacles) -> bool:
    """Return whether a straight line keeps clear of all nodes of a level."""
    slope = (b[0] - a[0]) / (b[1] - a[1])
    one = a[0] + slope * (level.y - level.half - a[1])
    other = a[0] + slope * (level.y + level.half - a[1])
    low, high = min(one, other) - _CLEARANCE, max(one, other) + _CLEARANCE
    return all(right < low or left > high for left, right in level.spans)


def edge_mark(
    points: Sequence[tuple[float, float]],
    *,
    style: Style | None = None,
    data: Mapping[str, str | int] | None = None,
    hint: str | None = None,
) -> Path:
    """Return a line through points from one level to the next; its corners are round.

    Args:
        points: From the lower end upwards, at least two.
        style: How it is painted.
        data: Attributes.
        hint: What hovering says.

    Example:
        >>> edge_mark([(0, 20), (10, 0)]).d
        'M0 20L10 0'
    """
    parts = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        first, second = _towards(corner, before), _towards(corner, after)
        parts.append(f"L{_pair(first)}Q{_pair(corner)} {_pair(second)}")
    parts.append(f"L{_pair(points[-1])}")
    return Path(
        d="".join(parts),
        style=style or Style(stroke=INK, width=1.0, opacity=0.6),
        data=data or {},
        hint=hint,
    )


def _pair(point: tuple[float, float]) -> str:
    return f"{round(point[0], 1):g} {round(point[1], 1):g}"


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the point near a corner at which its rounding begins."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    share = min(0.5, _ROUNDING / max(hypot(dx, dy), 1e-9))
    return (corner[0] + share * dx, corner[1] + share * dy)


def edge_marks(
    edges: Sequence[tuple[int, int]],
    layout: LayeredLayout,
    levels: Sequence[int],
    boxes: Sequence[Box],
    *,
    left: float,
    names: Sequence[int] | None = None,
    style: Style | None = None,
) -> list[Path]:
    """Return the edges of a layered diagram, from the top of each lower node to the upper one.

    Args:
        edges: Pairs of a node and one on a higher level, as they were laid out.
        layout: Where they bend.
        levels: The level of each node, from 0.
        boxes: Where each node is.
        left: What was added to the horizontal places of the layout.
        names: What stands for the nodes in ``data-from`` and ``data-to``; their numbers by default.
        style: How the edges are painted.
    """
    of_level: dict[int, list[Box]] = {}
    for level, box in zip(levels, boxes, strict=True):
        of_level.setdefault(level, []).append(box)
    obstacles = {}
    for level, those in of_level.items():
        top, bottom = min(box[1] for box in those), max(box[3] for box in those)
        spans = tuple((box[0], box[2]) for box in those)
        obstacles[level] = Obstacles(y=(top + bottom) / 2, half=(bottom - top) / 2, spans=spans)
    marks = []
    for (a, b), bends in zip(edges, layout.bends, strict=True):
        between = [obstacles[level] for level in range(levels[a] + 1, levels[b])]
        through = [(x + left, each.y) for x, each in zip(bends, between, strict=True)]
        start = ((boxes[a][0] + boxes[a][2]) / 2, boxes[a][1])
        end = ((boxes[b][0] + boxes[b][2]) / 2, boxes[b][3])
        data = {"from": names[a] if names else a, "to": names[b] if names else b}
        points = straightened([start, *through, end], between)
        marks.append(edge_mark(points, style=style, data=data))
    return marks

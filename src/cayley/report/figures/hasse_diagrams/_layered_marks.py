"""Marks of layered diagrams: edges through their bends, and what is common to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cayley.report.figures._marks import INK, Box, Path, Style
from cayley.report.figures.hasse_diagrams._layered_layout import LayeredLayout

__all__ = ["Obstacles", "edge_mark", "edge_marks", "straightened"]

_CLEARANCE = 4.0
"""The least distance between an edge and a node that it passes."""


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

    Args:
        points: An end, a bend on each level between, the other end.
        between: The nodes on these levels, one fewer than there are pieces.

    Example:
        >>> level = Obstacles(y=50.0, half=10.0, spans=((0.0, 20.0),))
        >>> straightened([(10, 100), (30, 50), (10, 0)], [level])
        [(10, 100), (30, 50), (10, 0)]
        >>> straightened([(40, 100), (30, 50), (40, 0)], [level])
        [(40, 100), (40, 0)]
    """
    kept = [points[0]]
    start, last = 0, len(points) - 1
    while start < last:
        # The farthest point that can be seen from here; the next one can be seen always.
        end = next(
            (
                end
                for end in range(last, start + 1, -1)
                if all(
                    _passes(points[start], points[end], each) for each in between[start : end - 1]
                )
            ),
            start + 1,
        )
        kept.append(points[end])
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
    """Return a line through points from one level to the next; it turns smoothly at bends.

    Args:
        points: From the lower end upwards, at least two.
        style: How it is painted.
        data: Attributes.
        hint: What hovering says.

    Example:
        >>> edge_mark([(0, 20), (10, 0)]).d
        'M0 20L10 0'
    """
    at = [(round(x, 1), round(y, 1)) for x, y in points]
    parts = [f"M{at[0][0]:g} {at[0][1]:g}"]
    if len(at) == 2:
        parts.append(f"L{at[1][0]:g} {at[1][1]:g}")
    else:
        slopes = _slopes(at)
        for i in range(len(at) - 1):
            (x0, y0), (x1, y1) = at[i], at[i + 1]
            third = (y1 - y0) / 3
            a, b = x0 + slopes[i] * third, x1 - slopes[i + 1] * third
            parts.append(f"C{a:.1f} {y0 + third:.1f} {b:.1f} {y1 - third:.1f} {x1:g} {y1:g}")
    return Path(
        d="".join(parts),
        style=style or Style(stroke=INK, width=1.0, opacity=0.6),
        data=data or {},
        hint=hint,
    )


def _slopes(at: Sequence[tuple[float, float]]) -> list[float]:
    """Return dx/dy at each point of a curve that turns no farther aside than its points.

    References:
        F. N. Fritsch, J. Butland, "A method for constructing local monotone piecewise cubic
        interpolants", SIAM J. Sci. Stat. Comput. 5 (1984): harmonic means, 0 at extrema.
    """
    pieces = [(x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in pairwise(at)]
    inner = [0.0 if a * b <= 0 else 2 * a * b / (a + b) for a, b in pairwise(pieces)]
    return [pieces[0], *inner, pieces[-1]]


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

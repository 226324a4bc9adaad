"""Arrows between nodes that pass no other node: straight where they can be, else bent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float

__all__ = ["Arrow", "bent_arrows", "clipped_curve", "curve_points", "num_bent"]

# Bends in units of the length, in the order in which they are tried: straight first, then to both
# sides, more and more.
_BENDS = (0.0, 0.08, -0.08, 0.14, -0.14, 0.2, -0.2, 0.28, -0.28, 0.4, -0.4)

_FARTHEST, _FARTHEST_OF_MANY, _MANY = 0.22, 0.09, 60
"""Longest way of the middle of a bent arrow from the straight line, in units of the picture, and
that where there are many nodes: wide arcs around everything are harder to follow than a line that
passes a node closely."""

# Where several arrows have the same two ends: first bends of the first, the second, ...
_SIDES = (0.16, -0.16, 0.34, -0.34, 0.52, -0.52)

_SAMPLES = np.linspace(0.06, 0.94, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """An arrow from one node to another.

    Attributes:
        tail: The node where it begins.
        head: The node where it ends.
        kind: A number that arrows of one color share.
        plain: Whether it is a line without a head.
    """

    tail: int
    head: int
    kind: int
    plain: bool


def bent_arrows(
    places: Float[NDArray[Any], "n 2"],
    arrows: Sequence[Arrow],
    *,
    radius: float,
) -> list[Float[NDArray[Any], "3 2"]]:
    """Return for each arrow the three control points of a quadratic curve between the centers.

    Arrows with the same ends part to both sides. The others are straight unless they would pass a
    node: then they are bent as little as it takes.

    Args:
        places: Centers of the nodes, in pixels.
        arrows: What is drawn.
        radius: Of the nodes; arrows stay away from their rims by a third of it.
    """
    same: dict[frozenset[int], list[int]] = {}
    for i, arrow in enumerate(arrows):
        same.setdefault(frozenset((arrow.tail, arrow.head)), []).append(i)
    found: list[Float[NDArray[Any], "3 2"]] = [np.empty((3, 2))] * len(arrows)
    share = _FARTHEST if len(places) <= _MANY else _FARTHEST_OF_MANY
    reach = share * float(np.ptp(places, axis=0).max())
    for ends, group in same.items():
        for place, i in enumerate(group):
            arrow = arrows[i]
            length = float(np.linalg.norm(places[arrow.head] - places[arrow.tail]))
            bends = tuple(bend for bend in _BENDS if abs(bend) * length <= reach)
            if len(group) > 1:
                # The side counts from the lower end, whichever way the arrow goes.
                sign = 1.0 if arrow.tail == min(ends) else -1.0
                first = sign * _SIDES[place % len(_SIDES)]
                bends = (first, 1.7 * first, 2.4 * first)
            found[i] = _clearest(places, arrow, bends, radius + max(2.0, 0.3 * radius))
    return found


def _clearest(
    places: Float[NDArray[Any], "n 2"], arrow: Arrow, bends: Sequence[float], room: float
) -> Float[NDArray[Any], "3 2"]:
    """Return the first of the curves that stays clear of nodes, or the one that does so most."""
    a, b = places[arrow.tail], places[arrow.head]
    others = np.delete(places, [arrow.tail, arrow.head], axis=0)
    normal = np.array([b[1] - a[1], a[0] - b[0]])
    best: tuple[float, Float[NDArray[Any], "3 2"]] | None = None
    for bend in bends:
        # The middle of a quadratic curve is half as far out as its control point.
        curve = np.array([a, (a + b) / 2 + 2 * bend * normal, b])
        if not len(others):
            return curve
        points = _at(curve, _SAMPLES)
        # Between two samples a node may be nearer than at both: they are dense enough for that.
        gap = float(np.linalg.norm(points[:, None] - others[None], axis=-1).min())
        if gap >= room:
            return curve
        if best is None or gap > best[0] + 1e-6:
            best = (gap, curve)
    assert best is not None
    return best[1]


def num_bent(curves: Sequence[Float[NDArray[Any], "3 2"]]) -> int:
    """Return how many curves are no straight lines."""
    middles = np.array([curve[1] - (curve[0] + curve[2]) / 2 for curve in curves])
    return int((np.linalg.norm(middles, axis=1) > 0.5).sum()) if len(curves) else 0


def clipped_curve(
    curve: Float[NDArray[Any], "3 2"], *, start: float, end: float
) -> Float[NDArray[Any], "3 2"]:
    """Return the part of a curve outside circles around its ends.

    Args:
        curve: Control points.
        start: The radius of the circle around its beginning.
        end: Likewise around its end.

    Example:
        >>> line = np.array([[0.0, 0.0], [5.0, 0.0], [10.0, 0.0]])
        >>> clipped_curve(line, start=2, end=3).round(2).tolist()
        [[2.0, 0.0], [4.5, 0.0], [7.0, 0.0]]
    """
    t0 = _leaves(curve, start)
    t1 = 1 - _leaves(curve[::-1], end)
    if t1 <= t0:  # the circles meet: nothing is left but a point between them
        t0 = t1 = (t0 + t1) / 2
    p, q, r = curve
    # De Casteljau: the middle control point of a part is the blossom of its two ends.
    middle = (1 - t0) * (1 - t1) * p + ((1 - t0) * t1 + t0 * (1 - t1)) * q + t0 * t1 * r
    first, last = _at(curve, np.array([t0, t1]))
    return np.stack([first, middle, last])


def curve_points(curve: Float[NDArray[Any], "3 2"]) -> Float[NDArray[Any], "k 2"]:
    """Return points along a curve, at most four pixels apart."""
    count = 2 + int(np.linalg.norm(curve[2] - curve[0]) / 4)
    points: Float[NDArray[Any], "k 2"] = _at(curve, np.linspace(0, 1, count))
    return points


def _leaves(curve: Float[NDArray[Any], "3 2"], radius: float) -> float:
    """Return the parameter at which a curve leaves a circle around its beginning."""
    low, high = 0.0, 1.0
    for _ in range(24):  # to a thousandth of a pixel
        t = (low + high) / 2
        inside = np.linalg.norm(_at(curve, np.array([t]))[0] - curve[0]) < radius
        low, high = (t, high) if inside else (low, t)
    return high


def _at(curve: Float[NDArray[Any], "3 2"], t: Float[NDArray[Any], " k"]) -> Any:
    """Return points of a quadratic curve."""
    u = t[:, None]
    return (1 - u) ** 2 * curve[0] + 2 * u * (1 - u) * curve[1] + u * u * curve[2]

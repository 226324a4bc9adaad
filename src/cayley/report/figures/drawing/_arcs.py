"""Arcs of ellipses in paths as cubic curves."""

from collections.abc import Sequence
from math import atan2, ceil, cos, hypot, pi, radians, sin, sqrt, tan

__all__ = ["arc_curves"]

Point = tuple[float, float]


def arc_curves(start: Point, values: Sequence[float]) -> list[Point]:
    """Return the control points and ends of cubic curves that follow an arc.

    Args:
        start: Where the arc begins.
        values: As after ``A`` in a path: both radii, the turn of the ellipse in degrees, whether
            the arc is the large one, whether it goes clockwise on the screen, and its end.

    Returns:
        Three points for each curve. An arc of radius 0 is a line, which is a curve too.

    Example:
        >>> points = arc_curves((1, 0), [1, 1, 0, 0, 1, 0, 1])
        >>> [(round(x, 3), round(y, 3)) for x, y in points]
        [(1.0, 0.552), (0.552, 1.0), (0.0, 1.0)]

    References:
        SVG 1.1, appendix F.6: conversion from the ends to the center of an arc.
    """
    rx, ry, turn, large, sweep, x2, y2 = values
    x1, y1 = start
    if not rx or not ry or (x1, y1) == (x2, y2):
        return [(x1, y1), (x2, y2), (x2, y2)]
    rx, ry = abs(rx), abs(ry)
    c, s = cos(radians(turn)), sin(radians(turn))
    u = (c * (x1 - x2) + s * (y1 - y2)) / 2
    v = (c * (y1 - y2) - s * (x1 - x2)) / 2
    stretch = hypot(u / rx, v / ry)
    if stretch > 1:  # radii too small to reach the end grow until they do
        rx, ry = rx * stretch, ry * stretch
    rest = max(0.0, (rx * ry) ** 2 - (rx * v) ** 2 - (ry * u) ** 2)
    factor = sqrt(rest / ((rx * v) ** 2 + (ry * u) ** 2))
    if bool(large) == bool(sweep):
        factor = -factor
    cu, cv = factor * rx * v / ry, -factor * ry * u / rx
    cx, cy = c * cu - s * cv + (x1 + x2) / 2, s * cu + c * cv + (y1 + y2) / 2
    first = atan2((v - cv) / ry, (u - cu) / rx)
    last = atan2((-v - cv) / ry, (-u - cu) / rx)
    span = (last - first) % (2 * pi)
    if not sweep:
        span -= 2 * pi
    count = max(1, ceil(abs(span) / (pi / 2) - 1e-9))  # a quarter at a time: wrong by 3 in 10^4
    step = span / count
    k = 4 / 3 * tan(step / 4)
    found: list[Point] = []
    for i in range(count):
        a, b = first + i * step, first + (i + 1) * step
        ring = [
            (cos(a) - k * sin(a), sin(a) + k * cos(a)),
            (cos(b) + k * sin(b), sin(b) - k * cos(b)),
            (cos(b), sin(b)),
        ]
        found.extend((cx + c * rx * p - s * ry * q, cy + s * rx * p + c * ry * q) for p, q in ring)
    return found

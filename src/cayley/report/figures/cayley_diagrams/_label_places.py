"""Labels beside nodes: where each has room, without touching nodes or other labels."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.report.figures.drawing._marks import Box, Label, label_box, overlapping

__all__ = ["labels_beside"]

_DIRECTIONS = 16
"""Directions in which a label is tried: outwards first, then more and more to both sides."""


def labels_beside(
    texts: Sequence[str],
    places: Float[NDArray[Any], "n 2"],
    *,
    radius: float,
    size: float,
    lines: Float[NDArray[Any], "k 2"],
) -> list[Label | None]:
    """Return a label for each node, None where it has no room.

    Of the directions in which it touches nothing, the one is taken in which it covers least of the
    lines, and among equals the one that points outwards most.

    Args:
        texts: What is written; empty texts need no room.
        places: Centers of the nodes.
        radius: Of the nodes.
        size: Of the font.
        lines: Points along all lines, dense enough that a label that covers a line covers a point.
    """
    middle = places.mean(axis=0)
    taken: list[Box] = []
    found: list[Label | None] = []
    for text, (x, y) in zip(texts, places.tolist(), strict=True):
        if not text:
            found.append(None)
            continue
        outwards = np.arctan2(y - middle[1], x - middle[0])
        best: tuple[tuple[int, float], Label, Box] | None = None
        for k in range(_DIRECTIONS):
            off = (k + 1) // 2 * (1 if k % 2 else -1) * 2 * pi / _DIRECTIONS
            label = _beside(text, (x, y), outwards + off, radius, size)
            box = label_box(label)
            # The nearest point of the box to each node has to be outside it.
            near = np.clip(places, box[:2], box[2:])
            if (np.linalg.norm(near - places, axis=1) < radius + 1).any():
                continue
            if any(overlapping(box, other, margin=1.0) for other in taken):
                continue
            inside = (
                (lines[:, 0] > box[0]) & (lines[:, 0] < box[2])
                & (lines[:, 1] > box[1]) & (lines[:, 1] < box[3])
            )  # fmt: skip
            score = (int(inside.sum()), round(abs(off), 6))
            if best is None or score < best[0]:
                best = (score, label, box)
        if best is None:
            found.append(None)
        else:
            taken.append(best[2])
            found.append(best[1])
    return found


def _beside(
    text: str, node: tuple[float, float], angle: float, radius: float, size: float
) -> Label:
    """Return a label whose box touches a circle around a node from a direction."""
    (x, y), c, s = node, cos(angle), sin(angle)
    reach = radius + 2.5
    anchor = "start" if c > 0.35 else "end" if c < -0.35 else "middle"
    # The middle of the line lies higher or lower by as much of its height as the direction says.
    return Label(
        x=round(x + reach * c, 2), y=round(y + reach * s + 0.55 * size * s, 2), text=text,
        size=size, anchor=anchor,
    )  # fmt: skip

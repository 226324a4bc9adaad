"""Labels of nodes: inside them where all fit, else beside them where there is room."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.report.figures.cayley_diagrams._label_places import labels_beside
from cayley.report.figures.drawing._marks import (
    PAPER,
    Box,
    Label,
    Mark,
    Rectangle,
    Style,
    label_box,
    written,
)
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._style import shortened
from cayley.report.figures.drawing._text_width import fitted, plain

__all__ = ["label_boxes", "node_labels"]

_SMALLEST_INSIDE = 8.0
"""Smaller letters do not stand in nodes: beside them they can be larger."""

_SIZES = (12.0, 11.0, 10.0, 9.0)
"""Sizes of labels beside nodes: the largest at which all have room."""

_LONGEST = 18
"""Longer labels are cut beside nodes, and said in full when hovered."""

_MOST = 60
"""More labels beside nodes hide the lines."""

_VEIL = Style(fill=PAPER, opacity=0.8)


def node_labels(
    names: Sequence[str],
    places: Float[NDArray[Any], "n 2"],
    radius: float,
    *,
    colors: Sequence[str],
    lines: Sequence[Float[NDArray[Any], "k 2"]],
    symbols: Sequence[int],
) -> list[Mark]:
    """Return the labels of nodes; what has no room is said when its node is hovered.

    A label that covers a line has a veil behind it.

    Args:
        names: The labels.
        places: The centers of the nodes.
        radius: Of the nodes.
        colors: Of the nodes.
        lines: Points along the lines.
        symbols: What each node is, for the attribute ``data-element``.
    """
    room = 1.5 * radius  # a square in the circle, and a little of its sides
    box = {"width": room, "height": room}
    fits = [fitted(plain(name), largest=13.0, smallest=_SMALLEST_INSIDE, **box) for name in names]
    sizes = [fit.size for fit in fits if fit is not None]
    if len(sizes) == len(names):
        same = [fitted(plain(name), largest=min(sizes), smallest=6.0, **box) for name in names]
        return [
            label
            for (x, y), color, fit in zip(places.tolist(), colors, same, strict=True)
            if fit is not None
            for label in written(fit, x, y, style=Style(fill=ink_on(color)))
        ]
    if len(names) > _MOST:
        return []
    texts = [shortened(plain(name), _LONGEST) for name in names]
    points = np.concatenate(lines) if lines else np.empty((0, 2))
    best: list[Label | None] = []
    for size in _SIZES:
        found = labels_beside(texts, places, radius=radius, size=size, lines=points)
        if not best or found.count(None) < best.count(None):
            best = found
        if None not in best:
            break
    # Where few have room none is written: which ones would be an accident of their places.
    if len(best) - best.count(None) < 0.6 * len(texts):
        return []
    marks: list[Mark] = []
    for g, label in enumerate(best):
        if label is not None:
            x, y, right, bottom = label_box(label)
            inside = (points > (x, y)).all(axis=1) & (points < (right, bottom)).all(axis=1)
            if inside.any():
                marks.append(
                    Rectangle(x=x, y=y, width=right - x, height=bottom - y, corner=3.0, style=_VEIL)
                )
            marks.append(replace(label, data={"element": symbols[g]}, hint=plain(names[g])))
    # All veils below all texts.
    return sorted(marks, key=lambda mark: isinstance(mark, Label))


def label_boxes(marks: Sequence[Mark]) -> list[Box]:
    """Return the boxes of the labels among marks."""
    return [label_box(mark) for mark in marks if isinstance(mark, Label)]

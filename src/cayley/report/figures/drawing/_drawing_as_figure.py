"""A drawing as a matplotlib figure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cayley.report.figures.drawing._arcs import arc_curves
from cayley.report.figures.drawing._marks import (
    Circle,
    Drawing,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    color_text,
    key_marks,
)
from cayley.report.figures.drawing._style import new_figure, style
from cayley.report.figures.drawing._text_width import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["drawing_figure"]


def drawing_figure(drawing: Drawing) -> "Figure":
    """Return a drawing as a matplotlib figure, for files of other formats.

    Args:
        drawing: What to show; 96 pixels are an inch.

    Example:
        >>> from cayley.report.figures.drawing._marks import INK
        >>> figure = drawing_figure(
        ...     Drawing(
        ...         width=96,
        ...         height=48,
        ...         marks=(Circle(x=9, y=9, radius=4, style=Style(stroke=INK)),),
        ...         title="a circle",
        ...         description="A circle.",
        ...     )
        ... )
        >>> figure.get_size_inches().tolist()
        [1.0, 0.5]
    """
    from matplotlib.collections import PathCollection

    below, more = key_marks(drawing.key, drawing.width, drawing.height)
    width, height = drawing.width, drawing.height + more
    with style():
        figure = new_figure(width / 96, height / 96)
        figure.set_layout_engine("none")  # every mark has its place already
        axes = figure.add_axes((0, 0, 1, 1), label=drawing.title)
        axes.axis("off")
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)  # downwards, as on a screen
        layers = groupby((*drawing.marks, *below), key=lambda mark: isinstance(mark, Label))
        for layer, (is_text, marks) in enumerate(layers):
            if is_text:
                for label in marks:
                    assert isinstance(label, Label)
                    _write_label(axes, label, layer)
                continue
            shapes = [mark for mark in marks if not isinstance(mark, Label)]
            styles = [mark.style for mark in shapes]
            collection = PathCollection(
                [_outline(mark) for mark in shapes],
                facecolors=[_rgba(s.fill, s.opacity) for s in styles],
                edgecolors=[_rgba(s.stroke, s.opacity) for s in styles],
                linewidths=[0.75 * s.width if s.stroke != "none" else 0 for s in styles],
                linestyles=[_dashes(s) for s in styles],
                capstyle="round",
                zorder=layer,
            )
            collection.set_transform(axes.transData)
            axes.add_collection(collection, autolim=False)
        return figure


def _write_label(axes: Any, label: Label, layer: int) -> None:
    """Write a label; its baseline is placed as in the SVG."""
    axes.text(
        label.x,
        label.y,
        plain(label.text),
        fontsize=0.75 * label.size,  # points
        color=_rgba(label.style.fill, label.style.opacity),
        ha={"start": "left", "middle": "center", "end": "right"}[label.anchor],
        va="center_baseline" if not label.turn else "center",
        rotation=-label.turn,
        rotation_mode="anchor",
        fontweight="bold" if label.bold else "normal",
        zorder=layer,
        clip_on=True,
    )


@lru_cache(maxsize=512)
def _rgba(color: str, opacity: float) -> tuple[float, float, float, float]:
    """Return a color with its opacity, as matplotlib takes it."""
    if color == "none":
        return (0.0, 0.0, 0.0, 0.0)
    literal = color_text(color, standalone=True)
    red, green, blue = (int(literal[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return (red, green, blue, opacity)


def _dashes(painted: Style) -> tuple[float, Sequence[float] | None]:
    """Return dashes in units of the width of the line, as matplotlib takes them."""
    if painted.dash is None:
        return (0, None)
    return (0, [float(part) / painted.width for part in painted.dash.split()])


def _outline(mark: Mark) -> Any:
    """Return the outline of a mark as a matplotlib path."""
    from matplotlib.path import Path as Outline

    if isinstance(mark, Circle):
        return Outline.circle((mark.x, mark.y), mark.radius)
    if isinstance(mark, Path):
        return _parsed(mark.d)
    assert isinstance(mark, Rectangle)
    x, y, u, v = mark.x, mark.y, mark.x + mark.width, mark.y + mark.height
    if not mark.corner:
        return Outline([(x, y), (u, y), (u, v), (x, v), (x, y)], closed=True)
    r = min(mark.corner, mark.width / 2, mark.height / 2)
    # The control point of a quadratic curve in the corner: close to an arc at these sizes.
    return _parsed(
        f"M{x + r} {y}L{u - r} {y}Q{u} {y} {u} {y + r}L{u} {v - r}Q{u} {v} {u - r} {v}"
        f"L{x + r} {v}Q{x} {v} {x} {v - r}L{x} {y + r}Q{x} {y} {x + r} {y}Z"
    )


_TOKEN = re.compile(r"[MLCQAZ]|-?\d*\.?\d+(?:e[-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "C": 6, "Q": 4, "A": 7, "Z": 0}


def _parsed(d: str) -> Any:
    """Return a path of M, L, C, Q, A and Z as a matplotlib path."""
    from matplotlib.path import Path as Outline

    codes = {"M": Outline.MOVETO, "L": Outline.LINETO, "C": Outline.CURVE4, "Q": Outline.CURVE3}
    points: list[tuple[float, float]] = []
    kinds: list[int] = []
    tokens = _TOKEN.findall(d)
    at, command, start = 0, "M", (0.0, 0.0)
    while at < len(tokens):
        if tokens[at] in _TAKES:
            command = tokens[at]
            at += 1
        if command == "Z":
            points.append(start)
            kinds.append(int(Outline.CLOSEPOLY))
            continue
        values = [float(token) for token in tokens[at : at + _TAKES[command]]]
        at += _TAKES[command]
        if command == "A":
            curves = arc_curves(points[-1], values)
            points.extend(curves)
            kinds.extend([int(Outline.CURVE4)] * len(curves))
            continue
        pairs = list(zip(values[::2], values[1::2], strict=True))
        points.extend(pairs)
        kinds.extend([int(codes[command])] * len(pairs))
        if command == "M":
            start, command = pairs[0], "L"  # further pairs are lines, as in SVG
    return Outline(points, kinds)

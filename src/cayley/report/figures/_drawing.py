"""A drawing as SVG and as a matplotlib figure; the values that it consists of are in ``_marks``."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from cayley.report.figures._arcs import arc_curves
from cayley.report.figures._marks import (
    INK,
    PAPER,
    Circle,
    Drawing,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    key_marks,
)
from cayley.report.figures._style import INK as DARK
from cayley.report.figures._style import PAPER as LIGHT
from cayley.report.figures._style import new_figure, style
from cayley.report.figures._text_width import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "INK",
    "PAPER",
    "Circle",
    "Drawing",
    "Label",
    "Path",
    "Rectangle",
    "Style",
    "drawing_figure",
    "drawing_svg",
]

_FONTS = "'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
"""Of a file; in a page the font is the page's. All are at most as wide as ``_text_width`` says."""

_COLOR = re.compile(r"#[0-9a-f]{6}|none|currentColor|var\(--[a-z-]+\)")
_NAME = re.compile(r"[a-z][a-z-]*")

# The middle of small letters lies about this far above the line on which they stand, in units of
# the size of the font; `dominant-baseline` would do the same and is not known to all viewers.
_MIDDLE = 0.35


def drawing_svg(drawing: Drawing, *, name: str, standalone: bool = False) -> str:
    """Return a drawing as an ``<svg>`` element: the same text whenever the drawing is the same.

    There are no styles, scripts or links in it, so the strictest policy of a page admits it.

    Args:
        drawing: What to show.
        name: The prefix of identifiers, different for every drawing of a page.
        standalone: Whether it is a file of its own: with a namespace, a font, a background, and
            literal colors instead of the page's.

    Example:
        >>> box = Rectangle(x=1, y=1, width=8, height=8, style=Style(fill=PAPER), hint="<b>")
        >>> text = drawing_svg(
        ...     Drawing(width=10, height=10, marks=(box,), title="a box", description="A box."),
        ...     name="one",
        ... )
        >>> "&lt;b&gt;" in text, 'fill="var(--paper)"' in text
        (True, True)
    """
    below, more = key_marks(drawing.key, drawing.width, drawing.height)
    width, height = _number(drawing.width), _number(drawing.height + more)
    head = {
        "viewBox": f"0 0 {width} {height}",
        "width": width,
        "height": height,
        "role": "img",
        "aria-labelledby": f"{name}-title",
        "aria-describedby": f"{name}-description",
        "fill": "none",
    }
    if standalone:
        head = {"xmlns": "http://www.w3.org/2000/svg"} | head | {"font-family": _FONTS}
    parts = [f"<svg{_attributes(head)}>"]
    # In a page the title is no <title>, which would be shown whenever the pointer rests.
    tag = "title" if standalone else "desc"
    parts.append(f'<{tag} id="{escape(name)}-title">{_text(drawing.title)}</{tag}>')
    parts.append(f'<desc id="{escape(name)}-description">{_text(drawing.description)}</desc>')
    if standalone:
        parts.append(f'<rect width="{width}" height="{height}" fill="{LIGHT}"/>')
    # Neighbors of one style share a group that says it once: tables become half as long.
    for style_of, marks in groupby((*drawing.marks, *below), key=_style_key):
        group = list(marks)
        painted = _style_attributes(style_of[0], text=style_of[1], standalone=standalone)
        if style_of[2]:
            painted["pointer-events"] = "none"
        if len(group) == 1:
            parts.append(_element(group[0], painted))
        else:
            parts.append(f"<g{_attributes(painted)}>")
            parts.extend(_element(mark, {}) for mark in group)
            parts.append("</g>")
    parts.append("</svg>")
    return "".join(parts)


def drawing_figure(drawing: Drawing) -> "Figure":
    """Return a drawing as a matplotlib figure, for files of other formats.

    Args:
        drawing: What to show; 96 pixels are an inch.

    Example:
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


def _style_key(mark: Mark) -> tuple[Style, bool, bool]:
    """Return what marks of one group share: style, whether they are text, and text of no use.

    Letters that say nothing when hovered let the pointer through to the cell behind them.
    """
    is_text = isinstance(mark, Label)
    return mark.style, is_text, is_text and mark.hint is None and not mark.data


def _style_attributes(painted: Style, *, text: bool, standalone: bool) -> dict[str, str]:
    """Return the attributes of a style, without what the root element says already."""
    found: dict[str, str] = {}
    if painted.fill != "none" or text:
        found["fill"] = _color(painted.fill, standalone=standalone)
    if painted.stroke != "none":
        found["stroke"] = _color(painted.stroke, standalone=standalone)
        if painted.width != 1:
            found["stroke-width"] = _number(painted.width)
        if painted.dash is not None:
            found["stroke-dasharray"] = painted.dash
    if painted.opacity != 1:
        found["opacity" if text or painted.stroke == "none" else "stroke-opacity"] = _number(
            painted.opacity
        )
        if painted.stroke != "none" and painted.fill != "none":
            found["fill-opacity"] = _number(painted.opacity)
    return found


def _color(color: str, *, standalone: bool) -> str:
    """Return a color as it is written: that of a page, or a literal one in a file."""
    assert _COLOR.fullmatch(color), f"no color of a drawing: {color!r}"
    return {INK: DARK, PAPER: LIGHT}.get(color, color) if standalone else color


def _element(mark: Mark, painted: dict[str, str]) -> str:
    """Return the element of a mark, with its hint as a ``<title>``."""
    tag, attributes, text = "path", {}, ""
    if isinstance(mark, Rectangle):
        tag = "rect"
        attributes = {
            "x": _number(mark.x), "y": _number(mark.y),
            "width": _number(mark.width), "height": _number(mark.height),
        }  # fmt: skip
        if mark.corner:
            attributes["rx"] = _number(mark.corner)
    elif isinstance(mark, Circle):
        tag = "circle"
        attributes = {"cx": _number(mark.x), "cy": _number(mark.y), "r": _number(mark.radius)}
    elif isinstance(mark, Path):
        attributes = {"d": mark.d}
    else:
        tag, text = "text", _text(mark.text)
        y = mark.y + _MIDDLE * mark.size
        attributes = {"x": _number(mark.x), "y": _number(y), "font-size": _number(mark.size)}
        if mark.anchor != "start":
            attributes["text-anchor"] = mark.anchor
        if mark.bold:
            attributes["font-weight"] = "bold"
        if mark.turn:
            where = f"{_number(mark.turn)} {_number(mark.x)} {_number(mark.y)}"
            attributes["transform"] = f"rotate({where})"
    attributes |= painted
    for key, value in mark.data.items():
        assert _NAME.fullmatch(key), f"no name of an attribute: {key!r}"
        attributes[f"data-{key}"] = plain(str(value))
    hint = "" if mark.hint is None else f"<title>{_text(mark.hint)}</title>"
    if not hint and not text:
        return f"<{tag}{_attributes(attributes)}/>"
    return f"<{tag}{_attributes(attributes)}>{hint}{text}</{tag}>"


def _attributes(values: Mapping[str, str]) -> str:
    """Return attributes as text, escaped and quoted."""
    return "".join(f" {key}={quoteattr(value)}" for key, value in values.items())


def _text(text: str) -> str:
    """Return a text with what is markup escaped, and without what XML does not allow."""
    return escape(plain(text))


def _number(value: float) -> str:
    """Return a length in pixels with two decimals at most, which is finer than any screen."""
    assert isfinite(value), "a mark without a place"
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# --- matplotlib ---------------------------------------------------------------------------------


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
    literal = _color(color, standalone=True)
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

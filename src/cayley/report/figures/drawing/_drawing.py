"""A drawing as SVG and as a matplotlib figure; the values that it consists of are in ``_marks``."""

import re
from collections.abc import Mapping
from itertools import groupby
from math import isfinite
from xml.sax.saxutils import escape, quoteattr

from cayley.report.figures.drawing._drawing_as_figure import drawing_figure
from cayley.report.figures.drawing._marks import (
    INK,
    PAPER,
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
from cayley.report.figures.drawing._style import PAPER as LIGHT
from cayley.report.figures.drawing._text_width import plain

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
        found["fill"] = color_text(painted.fill, standalone=standalone)
    if painted.stroke != "none":
        found["stroke"] = color_text(painted.stroke, standalone=standalone)
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

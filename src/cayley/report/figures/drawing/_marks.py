"""A drawing as a value: rectangles, circles, paths and labels; ``_drawing`` shows it.

One drawing serves the report, the studio, notebooks and ``cayley plot``: a function of a solution
returns it, and knows nothing of files. Sizes are in CSS pixels, the origin is at the upper left.
Text and lines take :data:`INK`, what lies behind them :data:`PAPER`: a page shows both in its own
colors, so that a picture is right in the dark. Colors of elements are the same everywhere, and what
is written on them is literally dark or light (``_palette.ink_on``).

Attributes that a page reads: ``element`` (an index into the symbols of the table), ``row``,
``column`` (indices into the table as given) and ``value`` (of a symbol, -1 if unknown) of cells;
``from``, ``to``, ``generator`` of arrows; ``subgroup`` and ``elements`` (indices with blanks) of a
subgroup; ``class`` of a class.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import cos, hypot, radians, sin
from types import MappingProxyType
from typing import TypeAlias

from cayley.report.figures.drawing._style import INK as DARK
from cayley.report.figures.drawing._style import PAPER as LIGHT
from cayley.report.figures.drawing._text_width import LINE, Fitted, longest_start, plain, text_width

__all__ = [
    "INK",
    "PAPER",
    "Box",
    "Circle",
    "Drawing",
    "Label",
    "Mark",
    "Path",
    "Rectangle",
    "Style",
    "arrow_head",
    "color_text",
    "isolated",
    "key_marks",
    "label_box",
    "overlapping",
    "written",
]

INK = "currentColor"
"""The color of text and lines: the page's own, or nearly black in a file."""

PAPER = "var(--paper)"
"""The color of what lies behind text that covers lines: the page's, or nearly white in a file."""

_NO_DATA: Mapping[str, str | int] = MappingProxyType({})

Data: TypeAlias = Mapping[str, str | int]
"""Attributes by name without ``data-``: small letters and hyphens."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def _no_data() -> Data:
    """Return no attributes: one value that all marks without attributes share."""
    return _NO_DATA


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a mark is painted.

    Attributes:
        fill: A color ``#rrggbb``, :data:`INK`, :data:`PAPER` or ``none``.
        stroke: The color of the outline, likewise.
        width: Of the outline, in pixels.
        dash: Lengths of dashes and gaps in pixels, such as ``"4 2"``; None for a solid line.
        opacity: From 0 to 1.
    """

    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    dash: str | None = None
    opacity: float = 1.0


_PLAIN = Style()
_TEXT = Style(fill=INK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A rectangle, by its upper left corner; ``corner`` is the radius of rounded corners."""

    x: float
    y: float
    width: float
    height: float
    corner: float = 0.0
    style: Style = _PLAIN
    data: Data = field(default_factory=_no_data)
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A circle, by its center."""

    x: float
    y: float
    radius: float
    style: Style = _PLAIN
    data: Data = field(default_factory=_no_data)
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A path of M, L, C, Q, A and Z with absolute coordinates, as in SVG."""

    d: str
    style: Style = _PLAIN
    data: Data = field(default_factory=_no_data)
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text on one line, centered vertically at ``y``.

    Attributes:
        x: Where it starts, is centered or ends, as ``anchor`` says.
        y: The middle of its line.
        text: What is written; it is escaped, and what cannot be printed is replaced.
        size: Of the font, in pixels.
        anchor: ``start`` (x is at the left), ``middle`` or ``end`` (x is at the right).
        bold: Whether it is bold.
        turn: Degrees by which it is turned clockwise about (x, y).
        style: ``fill`` is the color of the letters.
        data: Attributes for a page.
        hint: What hovering says: the full text where it is cut.
    """

    x: float
    y: float
    text: str
    size: float = 12.0
    anchor: str = "middle"
    bold: bool = False
    turn: float = 0.0
    style: Style = _TEXT
    data: Data = field(default_factory=_no_data)
    hint: str | None = None


Mark: TypeAlias = Rectangle | Circle | Path | Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture: marks from back to front, and what is said to those who do not see it.

    Attributes:
        width: Of the marks, in pixels.
        height: Of the marks; the key is drawn below and adds to it.
        marks: What is painted, in this order.
        title: A few words.
        description: What a person who does not see it is told, in sentences.
        key: Colors and what they mean. It is drawn under the marks; a page that has a key of its
            own shows ``dataclasses.replace(drawing, key=())``.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str
    description: str
    key: tuple[tuple[str, str], ...] = ()


def written(
    text: Fitted,
    x: float,
    y: float,
    *,
    style: Style = _TEXT,
    bold: bool = False,
    data: Data = _NO_DATA,
    hint: str | None = None,
) -> tuple[Label, ...]:
    """Return the labels of a text that was fitted into a box centered at (x, y).

    Example:
        >>> from cayley.report.figures.drawing._text_width import fitted
        >>> fits = fitted("(1 2)(3 4)", width=36, height=40)
        >>> [(label.text, round(label.y, 1)) for label in written(fits, 0, 0)]
        [('(1 2)', -7.2), ('(3 4)', 7.2)]
    """
    step = LINE * text.size
    first = y - step * (len(text.lines) - 1) / 2
    return tuple(
        Label(
            x=x, y=first + i * step, text=line, size=text.size, style=style, bold=bold,
            data=data, hint=hint,
        )
        for i, line in enumerate(text.lines)
    )  # fmt: skip


def label_box(label: Label) -> Box:
    """Return the box around a label as it is measured; of a turned one, around the turned box.

    Example:
        >>> label_box(Label(x=10, y=10, text="i", size=10))
        (8.6, 4.5, 11.4, 15.5)
    """
    width = text_width(plain(label.text), label.size, bold=label.bold)
    left = {"start": 0.0, "middle": -width / 2, "end": -width}[label.anchor]
    half = 0.55 * label.size  # ascenders and descenders reach this far from the middle
    corners = [(left, -half), (left + width, -half), (left, half), (left + width, half)]
    c, s = cos(radians(label.turn)), sin(radians(label.turn))
    xs = [label.x + c * u - s * v for u, v in corners]
    ys = [label.y + s * u + c * v for u, v in corners]
    return (round(min(xs), 6), round(min(ys), 6), round(max(xs), 6), round(max(ys), 6))


def overlapping(a: Box, b: Box, *, margin: float = 0.0) -> bool:
    """Return whether two boxes overlap, or come closer to each other than a margin.

    Example:
        >>> overlapping((0, 0, 2, 2), (2, 0, 4, 2)), overlapping((0, 0, 2, 2), (1, 1, 4, 2))
        (False, True)
    """
    return (
        a[0] < b[2] + margin
        and b[0] < a[2] + margin
        and a[1] < b[3] + margin
        and b[1] < a[3] + margin
    )


def arrow_head(x: float, y: float, dx: float, dy: float, *, size: float = 7.0) -> str:
    """Return the path of the head of an arrow: its tip at (x, y), in the direction (dx, dy).

    Example:
        >>> arrow_head(10, 0, 1, 0, size=6)
        'M10 0L4 2.1L4 -2.1Z'
    """
    length = hypot(dx, dy) or 1.0
    u, v = size * dx / length, size * dy / length
    w = 0.35  # half the width of the head, in its lengths
    first, second = (x - u - w * v, y - v + w * u), (x - u + w * v, y - v - w * u)
    text = "L".join(f"{round(a, 2):g} {round(b, 2):g}" for a, b in ((x, y), first, second))
    return f"M{text}Z"


# Letters of scripts that are written from right to left: Hebrew, Arabic and their neighbors.
_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")


def isolated(label: str) -> str:
    """Return a label for the inside of a sentence, which its direction then cannot reorder.

    Example:
        >>> isolated("a"), len(isolated("\u05d0"))
        ('a', 3)
    """
    if _FROM_RIGHT.search(label) is None:
        return label
    return f"\N{FIRST STRONG ISOLATE}{label}\N{POP DIRECTIONAL ISOLATE}"


_COLOR = re.compile(r"#[0-9a-f]{6}|none|currentColor|var\(--[a-z-]+\)")


def color_text(color: str, *, standalone: bool) -> str:
    """Return a color as it is written: that of a page, or a literal one in a file."""
    assert _COLOR.fullmatch(color), f"no color of a drawing: {color!r}"
    return {INK: DARK, PAPER: LIGHT}.get(color, color) if standalone else color


_KEY_SIZE = 11.0
"""The size of the font of a key: smaller than titles, and easily read."""


def key_marks(
    key: Iterable[tuple[str, str]], width: float, top: float
) -> tuple[tuple[Mark, ...], float]:
    """Return the marks of a key under a drawing, in lines no wider than it, and their height.

    Args:
        key: Colors and meanings.
        width: Of the drawing.
        top: Where the key begins.

    Example:
        >>> marks, height = key_marks([("#ff0000", "red"), ("#00ff00", "green")], 200, 100)
        >>> len(marks), height
        (4, 24.0)
    """
    marks: list[Mark] = []
    x, y, line = 6.0, top + 12.0, 18.0
    for color, meaning in key:
        text = plain(meaning)
        room = width - 28  # a meaning wider than the drawing is cut, and said in full in its hint
        hint = None
        if text_width(text, _KEY_SIZE) > room:
            hint = text
            text = longest_start(text, room, _KEY_SIZE) + "…"
        wide = 16 + text_width(text, _KEY_SIZE)
        if x > 6 and x + wide > width - 6:
            x, y = 6.0, y + line
        swatch = Style(fill=color, stroke=INK, width=0.5)
        marks.append(Rectangle(x=x, y=y - 5, width=10, height=10, corner=2, style=swatch))
        marks.append(Label(x=x + 16, y=y, text=text, size=_KEY_SIZE, anchor="start", hint=hint))
        x += wide + 14
    return tuple(marks), (y + 12.0 - top if marks else 0.0)

"""Nodes of diagrams: elements in rounded boxes that are as wide as their labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cayley.report.figures.drawing._marks import INK, Box, Label, Mark, Rectangle, Style, written
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._text_width import (
    LINE,
    Fitted,
    fitted,
    longest_start,
    plain,
    text_width,
)

__all__ = ["NodeText", "dots", "node_box", "node_marks", "node_texts"]

_PADDING = (6.0, 4.0)
"""From the letters to the edge of the box, sideways and above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeText:
    """How a label is written into a node, and how large the node is."""

    text: Fitted
    full: str
    is_cut: bool
    width: float
    height: float


def node_texts(
    labels: Sequence[str], *, size: float = 12.0, widest: float = 84.0, lines: int = 2
) -> list[NodeText]:
    """Return nodes for labels: all of one height, each at least as wide as high.

    Args:
        labels: What stands in the nodes.
        size: The largest size of the font; long labels are written smaller, down to 8.
        widest: The widest that letters may be.
        lines: The largest number of lines.

    Example:
        >>> [(node.width, node.height) for node in node_texts(["a", "abcdefg"])]
        [(22.4, 22.4), (60.24, 22.4)]
    """
    texts = [_fit(label, size, widest, lines) for label in labels]
    most = max((len(text.lines) * text.size * LINE for text, _ in texts), default=0.0)
    height = round(max(most, size * LINE) + 2 * _PADDING[1], 2)
    found = []
    for label, (text, is_cut) in zip(labels, texts, strict=True):
        letters = max(text_width(line, text.size) for line in text.lines)
        width = max(round(letters + 2 * _PADDING[0], 2), height)
        found.append(
            NodeText(text=text, full=plain(label), is_cut=is_cut, width=width, height=height)
        )
    return found


def dots(labels: Sequence[str], *, size: float = 11.0) -> list[NodeText]:
    """Return nodes that have no letters, for pictures in which labels would have no room.

    Example:
        >>> [(node.width, node.is_cut) for node in dots(["a label"])]
        [(11.0, True)]
    """
    empty = Fitted(lines=(), size=size)
    return [
        NodeText(text=empty, full=plain(label), is_cut=True, width=size, height=size)
        for label in labels
    ]


def _fit(label: str, size: float, widest: float, lines: int) -> tuple[Fitted, bool]:
    """Return the text of a node, and whether it is cut."""
    smallest = min(8.0, size)
    room = lines * LINE * smallest if lines > 1 else LINE * size
    found = fitted(label, width=widest, height=room, largest=size, smallest=smallest)
    if found is not None:
        return found, False
    text = plain(label)
    text = longest_start(text, widest, smallest) or text[:1]
    return Fitted(lines=(text + "…",), size=smallest), True


def node_box(node: NodeText, x: float, y: float) -> Box:
    """Return the box of a node centered at (x, y)."""
    u, v = node.width / 2, node.height / 2
    return (x - u, y - v, x + u, y + v)


def node_marks(
    node: NodeText,
    x: float,
    y: float,
    *,
    fill: str,
    data: Mapping[str, str | int],
    hint: str,
    strong: bool = False,
    stroke: str = INK,
) -> list[Mark]:
    """Return the marks of a node centered at (x, y).

    Args:
        node: Its text and size.
        x: Its center.
        y: Its center.
        fill: The color of the box, as ``#rrggbb``.
        data: Attributes of the box and the letters.
        hint: What hovering says.
        strong: Whether the outline is thick.
        stroke: The color of the outline.
    """
    painted = Style(fill=fill, stroke=stroke, width=2.2 if strong else 0.8)
    box = Rectangle(
        x=round(x - node.width / 2, 2),
        y=round(y - node.height / 2, 2),
        width=node.width,
        height=node.height,
        corner=min(node.width, node.height) / 2 if len(node.text.lines) < 2 else 9.0,
        style=painted,
        data=data,
        hint=hint,
    )
    letters: tuple[Label, ...] = written(
        node.text, round(x, 2), round(y, 2), style=Style(fill=ink_on(fill)), data=data, hint=hint
    )
    return [box, *letters]

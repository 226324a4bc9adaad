"""A matplotlib figure as SVG in a page: identifiers with a prefix, colors of the page, no styles.

The policy of a page admits one style sheet and no style in an element, so what matplotlib writes as
a style becomes attributes, which say the same.
"""

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from cayley.report.figures.drawing._style import INK, PAPER, figure_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["inline_svg"]

# How one element of an SVG names another, as a clip path or a marker.
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline_svg(figure: "Figure", *, name: str, label: str) -> str:
    """Return an ``<svg>`` element for a page.

    Identifiers get a prefix, since a page has several figures; ink and paper become those of the
    page; the background is left to it; what is only for files (namespaces, metadata) is dropped,
    and so is the style sheet.

    Args:
        figure: What a drawing function returned.
        name: The prefix, different for every figure of a page.
        label: What the figure shows, for those who do not see it.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.report import draw_table
        >>> from cayley.tables import generate_family
        >>> figure = draw_table(solve(generate_family("C2")))
        >>> inline_svg(figure, name="t", label="the table")[:42]
        '<svg role="img" aria-label="the table" id='
    """
    # The salt changes the identifiers too, so that two figures differ also before the prefix.
    root = ElementTree.fromstring(figure_bytes(figure, "svg", salt=name, transparent=True))
    for element in list(root):
        if _local(element.tag) == "metadata" or list(
            element.iter("{http://www.w3.org/2000/svg}style")
        ):
            root.remove(element)
    seen: set[str] = set()
    for element in root.iter():
        element.tag = _local(element.tag)  # HTML knows svg without namespaces
        identifier = element.attrib.pop("id", None)
        if identifier is not None and identifier not in seen:  # a mark may be defined twice
            element.attrib["id"] = identifier
            seen.add(identifier)
        attributes = {_local(key): value for key, value in element.attrib.items()}
        # Each property of an SVG's style is an attribute, too.
        for declaration in filter(None, attributes.pop("style", "").split(";")):
            key, _, value = declaration.partition(":")
            attributes[key.strip()] = value.strip()
        element.attrib = {key: _adapted(key, value, name) for key, value in attributes.items()}
    size = {key: root.attrib.pop(key) for key in ("width", "height", "viewBox")}
    width = float(size["width"].removesuffix("pt")) * 4 / 3  # 72 points are 96 pixels
    start = {"role": "img", "aria-label": label, "id": f"{name}-figure"}
    # What the sheet that was removed said of all lines.
    lines = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    root.attrib = start | {"viewBox": size["viewBox"], "width": f"{width:.0f}"} | lines
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def _local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def _adapted(key: str, value: str, name: str) -> str:
    """Return an attribute's value with identifiers prefixed and colors replaced."""
    if key == "id":
        return f"{name}-{value}"
    if key == "href" and value.startswith("#"):
        return f"#{name}-{value[1:]}"
    if key in ("fill", "stroke"):
        return value.replace(INK, "currentColor").replace(PAPER, "var(--paper)")
    return _REFERENCE.sub(rf"url(#{name}-\1)", value)

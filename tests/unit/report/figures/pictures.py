"""What tests ask of every picture: labels apart, readable, escaped; marks by their attributes."""

from xml.etree import ElementTree

import numpy as np

from cayley.report.figures.drawing._drawing import drawing_svg
from cayley.report.figures.drawing._marks import Circle, Label, Rectangle, label_box

HOSTILE = [
    '<b>&"x',
    "</title>",
    "a rather long label of words",
    "אבג דהו",
    "\u202eevil\x07",
    "x" * 90,
]


def labels(picture):
    return [mark for mark in picture.marks if isinstance(mark, Label)]


def with_data(picture, *names, kind=object):
    return [
        mark for mark in picture.marks
        if isinstance(mark, kind) and all(name in mark.data for name in names)
    ]  # fmt: skip


def cells(picture):
    """The cells of a table, by row and column."""
    found = with_data(picture, "row", "column", kind=Rectangle)
    assert len({(m.data["row"], m.data["column"]) for m in found}) == len(found)
    return {(m.data["row"], m.data["column"]): m for m in found}


def nodes(picture):
    return {m.data["element"]: m for m in with_data(picture, "element", kind=Circle)}


def assert_labels_apart(picture) -> None:
    """No two labels overlap: boxes a little smaller than measured, since lines may touch."""
    found = labels(picture)
    boxes = np.array([label_box(label) for label in found]).reshape(-1, 4)
    boxes += (0.3, 0.8, -0.3, -0.8)
    low, high = boxes[:, :2], boxes[:, 2:]
    apart = (low[:, None] >= high[None]).any(axis=2)
    touching = np.argwhere(~apart & ~apart.T & ~np.eye(len(boxes), dtype=bool))
    assert not len(touching), [(found[i].text, found[j].text) for i, j in touching[:3].tolist()]


def assert_inside(picture) -> None:
    """All labels lie inside the picture."""
    for label in labels(picture):
        x, y, right, bottom = label_box(label)
        assert x >= -0.5, label.text
        assert y >= -0.5, label.text
        assert right <= picture.width + 0.5, label.text
        assert bottom <= picture.height + 0.5, label.text


def said(picture) -> str:
    """Everything that the picture says: texts and hints."""
    return "\n".join(
        text for mark in picture.marks for text in (getattr(mark, "text", None), mark.hint) if text
    )


def parsed(picture) -> ElementTree.Element:
    """The picture as a file, read again: labels are text and no markup."""
    root = ElementTree.fromstring(drawing_svg(picture, name="p", standalone=True))
    known = {"svg", "g", "rect", "circle", "path", "text", "title", "desc"}
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= known
    return root

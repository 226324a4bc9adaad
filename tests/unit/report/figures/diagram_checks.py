"""What the tests of diagrams share: boxes of labels, and tables of semigroups and quandles."""

import itertools
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np

from cayley.completion import Solution, solve
from cayley.report.figures.drawing._drawing import drawing_svg
from cayley.report.figures.drawing._marks import (
    Circle,
    Drawing,
    Label,
    Rectangle,
    key_marks,
    label_box,
    overlapping,
)
from cayley.tables import Table

HOSTILE = ["<b>&\"'", "]]>", "\x00\x07", "\u202egnp", "א ב", "</title>", "a\nb", "😀", "x" * 200]


def assert_labels_apart(drawing: Drawing) -> None:
    """Check that no two labels overlap, and that all marks lie in the picture."""
    below, more = key_marks(drawing.key, drawing.width, drawing.height)
    labels = [mark for mark in (*drawing.marks, *below) if isinstance(mark, Label)]
    boxes = [label_box(label) for label in labels]
    for (one, a), (other, b) in itertools.combinations(zip(labels, boxes, strict=True), 2):
        assert not overlapping(a, b), (one.text, other.text)
    for label, (left, top, right, bottom) in zip(labels, boxes, strict=True):
        assert left >= 0 and top >= 0, label
        assert right <= drawing.width + 0.01 and bottom <= drawing.height + more + 0.01, label


def assert_nodes_apart(drawing: Drawing) -> None:
    """Check that no two nodes of elements or subgroups overlap."""
    boxes = [
        (mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)
        for mark in drawing.marks
        if isinstance(mark, Rectangle) and {"element", "subgroup"} & set(mark.data)
    ]
    for a, b in itertools.combinations(boxes, 2):
        assert not overlapping(a, b)


def assert_well_formed(drawing: Drawing) -> None:
    """Check that it is XML whatever the labels are, and the same twice."""
    svg = drawing_svg(drawing, name="x", standalone=True)
    assert svg == drawing_svg(drawing, name="x", standalone=True)
    root = ElementTree.fromstring(svg)
    assert not list(root.iter("{http://www.w3.org/2000/svg}b"))
    assert drawing.title and drawing.description.endswith(".")


def elements_shown(drawing: Drawing) -> Counter[int]:
    """Count the boxes of each element."""
    return Counter(
        int(mark.data["element"])
        for mark in drawing.marks
        if isinstance(mark, Rectangle | Circle) and "element" in mark.data
    )


def transformations(n: int) -> Table:
    """Return all maps of n points, the left one first."""
    maps = list(itertools.product(range(n), repeat=n))
    return Table.from_operation(
        lambda a, b: tuple(b[x] for x in a), maps, labels=["".join(map(str, m)) for m in maps]
    )


def partial_bijections(n: int) -> Table:
    """Return the symmetric inverse monoid: -1 stands for no image."""
    maps = [
        m
        for m in itertools.product(range(-1, n), repeat=n)
        if len(set(kept := [x for x in m if x >= 0])) == len(kept)
    ]
    return Table.from_operation(
        lambda a, b: tuple(-1 if x < 0 else b[x] for x in a), maps, labels=[str(m) for m in maps]
    )


def conjugation(permutations: list[tuple[int, ...]]) -> Table:
    """Return the quandle x*y = x^-1 y x, the left factor first."""

    def act(x: tuple[int, ...], y: tuple[int, ...]) -> tuple[int, ...]:
        back = np.argsort(x)
        return tuple(int(x[y[i]]) for i in back)

    return Table.from_operation(act, permutations)


def with_holes(table: Table) -> Solution:
    """Return a solution of a table in which two cells stayed open."""
    found = solve(table)
    holes = found.table.array.copy()
    holes[0, 0] = holes[-1, 0] = -1
    return replace(
        found, table=found.table.with_array(holes), identification=None, status="unresolved"
    )


def reflections(n: int) -> Table:
    """Return the dihedral quandle."""
    return Table.from_operation(lambda a, b: (2 * a - b) % n, list(range(n)))

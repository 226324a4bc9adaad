"""The lattice of all subgroups, or of the normal ones, as a picture: subgroups by their orders."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cayley.algebra import Group, identify
from cayley.algebra.groups._group import restricted_to
from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._completed_operation import group_with_names
from cayley.report.figures.drawing._drawing import drawing_figure
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Rectangle,
    Style,
    isolated,
)
from cayley.report.figures.drawing._nodes import NodeText, node_box, node_marks, node_texts
from cayley.report.figures.drawing._text_width import text_width
from cayley.report.figures.hasse_diagrams._drawn_lattice import (
    DrawnLattice,
    lattice_of_classes,
    lattice_of_normal_subgroups,
    lattice_of_subgroups,
)
from cayley.report.figures.hasse_diagrams._layered_layout import layered_layout
from cayley.report.figures.hasse_diagrams._layered_marks import edge_marks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_normal_subgroups", "normal_subgroups_picture", "subgroup_lattice_picture"]

_LARGEST_LISTED = 60
"""The largest order of groups of which all subgroups are drawn."""

_LARGEST = 200
"""Larger groups take seconds."""

_ROW = 62.0
"""From one row to the next: three times the height of a node, so that edges are not too flat."""

_TALLEST_ROW = 130.0

# A cold and a warm color, both so light that letters are dark on them in the dark too; normal
# subgroups have a thick outline besides.
_NORMAL, _OTHER = "#a8cdfa", "#f3e2bf"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def subgroup_lattice_picture(solution: SolutionLike) -> Drawing:
    """Draw the lattice of all subgroups of the group found.

    Subgroups of one order are in one row, conjugate ones together in a frame, and a line leads from
    each subgroup to those right above it. Groups of order above 60, or with more than 150
    subgroups, have one node for each class of conjugate subgroups, with their number on it.

    Args:
        solution: One with a group of order at most 200; a table is completed first.

    Raises:
        ValueError: If the table is not complete, there is no group, or it has too many subgroups.

    Example:
        >>> from cayley.tables import generate_family
        >>> subgroup_lattice_picture(generate_family("S3")).title
        'subgroup lattice'
    """
    group, symbols, names = group_with_names(solution, nothing="there is no subgroup lattice")
    if group.order > _LARGEST:
        raise ValueError(
            f"a subgroup lattice of order {group.order} is too large to draw; the limit is "
            f"{_LARGEST}."
        )
    listed = lattice_of_subgroups(group) if group.order <= _LARGEST_LISTED else None
    lattice = lattice_of_classes(group) if listed is None else listed
    if isinstance(lattice, str):
        raise ValueError(f"the subgroup lattice is too large to draw: {lattice}.")
    return _drawn(
        group, lattice, symbols, names, by_class=listed is None, title="subgroup lattice",
        description=_description(group, lattice, listed is None),
    )  # fmt: skip


def normal_subgroups_picture(solution: SolutionLike) -> Drawing:
    """Draw the lattice of the normal subgroups of the group found.

    Normal subgroups of one order are in one row, and a line leads from each to those right above
    it.

    Args:
        solution: One with a group that has at most 80 normal subgroups; a table is completed first.

    Raises:
        ValueError: If the table is not complete, there is no group, or it has more.

    Example:
        >>> from cayley.tables import generate_family
        >>> normal_subgroups_picture(generate_family("S4")).description[:53]
        'The lattice of the 4 normal subgroups of a group of o'
    """
    group, symbols, names = group_with_names(solution, nothing="there are no subgroups")
    lattice = lattice_of_normal_subgroups(group)
    description = (
        f"The lattice of the {len(lattice.masks)} normal subgroups of a group of order "
        f"{group.order}. Larger subgroups are higher, and a line leads from each to those right "
        "above it."
    )
    return _drawn(
        group, lattice, symbols, names, by_class=False, title="lattice of normal subgroups",
        description=description,
    )  # fmt: skip


def draw_normal_subgroups(solution: SolutionLike) -> "Figure":
    """Draw the normal subgroups, each joined to the next larger ones, orders on the left.

    Args:
        solution: One with a group that has at most 80 normal subgroups; a table is completed first.

    Raises:
        ValueError: If there is no group, or it has more.
    """
    return drawing_figure(normal_subgroups_picture(solution))


def _drawn(
    group: Group,
    lattice: DrawnLattice,
    symbols: tuple[int, ...],
    names: tuple[str, ...],
    *,
    by_class: bool,
    title: str,
    description: str,
) -> Drawing:
    kinds = _kinds(group, lattice)
    count = len(kinds)
    orders = lattice.masks.sum(axis=1).tolist()
    levels = sorted(set(orders))
    rows = [[i for i in range(count) if orders[i] == order] for order in levels]
    widest = max(map(len, rows))
    short = [_with_powers(kind) if widest > 16 else kind for kind in kinds]
    texts = [
        f"{kind} ×{size}" if by_class and size > 1 else kind
        for kind, size in zip(short, lattice.sizes, strict=True)
    ]
    nodes = node_texts(
        texts, size=12.0 if widest <= 16 else 10.0, widest=90.0 if widest <= 12 else 62.0
    )
    layout = layered_layout(
        rows,
        lattice.edges,
        [node.width for node in nodes],
        gap=7.0 if widest <= 16 else 5.0,
        blocks=lattice.classes,
        block_gap=20.0 if widest <= 16 else 14.0,
        bend_gap=9.0 if widest <= 16 else 6.0,
    )
    # Wide lattices get higher rows: else their edges would be too flat to follow.
    row = min(_TALLEST_ROW, max(_ROW, 0.075 * layout.width + 36))
    margin = 16.0
    orders_at = margin + max(text_width(f"order {order}", 11) for order in levels)
    left = orders_at + 22.0
    tall = nodes[0].height
    y_of = {
        order: margin + tall / 2 + 6 + row * (len(levels) - 1 - k) for k, order in enumerate(levels)
    }
    at = [(layout.x[i] + left, y_of[orders[i]]) for i in range(count)]
    marks: list[Mark] = [
        Label(x=orders_at, y=y_of[order], text=f"order {order}", size=11, anchor="end",
              style=Style(fill=INK, opacity=0.75))
        for order in levels
    ]  # fmt: skip
    marks += _frames(lattice, at, nodes, by_class)
    boxes = [node_box(node, *place) for node, place in zip(nodes, at, strict=True)]
    marks += edge_marks(
        lattice.edges, layout, [levels.index(order) for order in orders], boxes, left=left
    )
    normal, other = _NORMAL, _OTHER
    for i, node in enumerate(nodes):
        members = np.flatnonzero(lattice.masks[i]).tolist()
        is_normal = lattice.sizes[i] == 1
        marks += node_marks(
            node,
            *at[i],
            fill=normal if is_normal else other,
            data={
                "subgroup": i,
                "class": lattice.classes[i],
                "elements": " ".join(map(str, sorted(symbols[x] for x in members))),
            },
            hint=_hint(kinds[i], lattice.sizes[i], [names[x] for x in members]),
            strong=is_normal,
        )
    right = max(
        layout.width + left, *(mark.x + mark.width for mark in marks if isinstance(mark, Rectangle))
    )
    return Drawing(
        width=round(right + margin, 1),
        height=round(y_of[levels[0]] + tall / 2 + 6 + margin, 1),
        marks=tuple(marks),
        title=title,
        description=description,
        # One color alone needs no words: all are normal.
        key=((normal, "normal"), (other, "not normal")) if max(lattice.sizes) > 1 else (),
    )


def _kinds(group: Group, lattice: DrawnLattice) -> list[str]:
    """Return the isomorphism type of each subgroup; conjugate ones are asked about once."""
    known: dict[int, str] = {}
    for mask, label in zip(lattice.masks, lattice.classes, strict=True):
        if label not in known:
            order = int(mask.sum())
            name = "1" if order == 1 else identify(restricted_to(group, np.flatnonzero(mask))).name
            known[label] = (name or f"order {order}").replace(" x ", "×").replace(" : ", "⋊")
    return [known[label] for label in lattice.classes]


def _with_powers(kind: str) -> str:
    """Write equal neighboring factors of a product as a power.

    Example:
        >>> _with_powers("C3×C2×C2"), _with_powers("(C2×C2)⋊C3")
        ('C3×C2²', '(C2²)⋊C3')
    """
    return re.sub(
        r"(C\d+)((?:×\1)+)(?!\d)",
        lambda found: found[1] + str(found[2].count("×") + 1).translate(_RAISED),
        kind,
    )


def _frames(
    lattice: DrawnLattice, at: list[tuple[float, float]], nodes: Sequence[NodeText], by_class: bool
) -> list[Mark]:
    """Return a frame around each class of more than one subgroup."""
    marks: list[Mark] = []
    members: dict[int, list[int]] = {}
    for i, label in enumerate(lattice.classes):
        members.setdefault(label, []).append(i)
    for label, those in members.items():
        if len(those) < 2 or by_class:
            continue
        left = min(at[i][0] - nodes[i].width / 2 for i in those) - 5
        right = max(at[i][0] + nodes[i].width / 2 for i in those) + 5
        tall = nodes[those[0]].height + 10
        marks.append(
            Rectangle(
                x=round(left, 2), y=round(at[those[0]][1] - tall / 2, 2),
                width=round(right - left, 2), height=tall, corner=tall / 2,
                style=Style(fill="#8a8a8a", opacity=0.22),
                data={"class": label},
                hint=f"{len(those)} conjugate subgroups",
            )
        )  # fmt: skip
    return marks


def _hint(kind: str, size: int, members: list[str]) -> str:
    standing = "normal" if size == 1 else f"one of {size} conjugate subgroups"
    return f"{kind}, {standing}: {', '.join(map(isolated, members))}"


def _description(group: Group, lattice: DrawnLattice, by_class: bool) -> str:
    """Return what a person who does not see the picture is told."""
    sizes = dict(zip(lattice.classes, lattice.sizes, strict=True))
    total, normal = sum(sizes.values()), sum(size == 1 for size in sizes.values())
    text = (
        f"The lattice of the {total} subgroups of a group of order {group.order}, in "
        f"{len(sizes)} classes of conjugate subgroups; {normal} are normal. Larger subgroups are "
        "higher, and a line leads from each subgroup to those right above it."
    )
    if by_class:
        text += (
            " Each node is a class, with the number of its members; a line says that some member of"
            " the one is right below some member of the other."
        )
    return text

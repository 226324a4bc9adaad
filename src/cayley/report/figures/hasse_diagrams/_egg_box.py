"""Egg-boxes as pictures: Green's relations on a semigroup.

Each class of D is a grid: a row for each class of R, a column for each class of L, a class of H in
each cell. The grids stand in the order of the ideals that their elements generate.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import identify, is_associative
from cayley.algebra.semigroups._green import EggBox, GreenRelations, green_relations
from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._completed_operation import full_operation
from cayley.report.figures.drawing._marks import (
    INK,
    Drawing,
    Label,
    Mark,
    Rectangle,
    Style,
    isolated,
)
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._text_width import LINE, plain, text_width
from cayley.report.figures.hasse_diagrams._layered_layout import layered_layout
from cayley.report.figures.hasse_diagrams._layered_marks import edge_marks
from cayley.report.figures.hasse_diagrams._natural_order import heights

__all__ = ["egg_box_picture", "with_diagonal"]

_LARGEST = 400
"""Larger semigroups have grids of hundreds of cells; all transformations of 4 points are 256."""

_MOST_CELLS = 600

_MARGIN = 16.0

_GROUP, _OTHER = "#a8cdfa", "#f7efdc"

_SIZE = 11.0

_WIDEST_LABEL = 76.0
"""Longer labels are cut in a cell, and read in full by pointing at them."""

_MOST_LISTED = 8
"""A class of H of more elements is counted: a cell of more lines would be as large as a page."""


def egg_box_picture(solution: SolutionLike) -> Drawing:
    """Draw the egg-boxes of a semigroup in their order.

    A cell is a class of H; where it holds an idempotent it is a group, in blue, with the name of
    the group. Idempotents have a star. Elements are listed, up to 8 in a cell, or counted.

    Args:
        solution: One with a complete table over one alphabet; a table is completed first.

    Raises:
        ValueError: If cells are open, the operation is not associative, or it is too large.

    Example:
        >>> egg_box_picture([[0, 0], [0, 1]]).title
        'egg-boxes'

    References:
        A. H. Clifford, G. B. Preston, *The Algebraic Theory of Semigroups* I, 1961, section 2.1.
    """
    green, products, names = full_operation(
        solution, nothing="there are no egg-boxes", examine=_green
    )
    if len(names) > _LARGEST:
        raise ValueError(
            f"egg-boxes of {len(names)} elements are too large to draw; the limit is {_LARGEST}."
        )
    cells = sum(len(box.cells) * len(box.cells[0]) for box in green.boxes)
    if cells > _MOST_CELLS:
        raise ValueError(
            f"egg-boxes of {cells} classes of H are too large to draw; the limit is {_MOST_CELLS}."
        )
    return _drawn(green, products, names)


def _green(products: Int[NDArray[Any], "n n"]) -> GreenRelations:
    """Return Green's relations, or say that there are none."""
    if not is_associative(products):
        raise ValueError("there are no egg-boxes: the operation is not associative.")
    return green_relations(products)


def with_diagonal(box: EggBox) -> EggBox:
    """Return an egg-box with its columns in an order that puts idempotents on the diagonal.

    In an inverse semigroup that is possible for all of them.

    Example:
        >>> box = EggBox(cells=(((0,), (1,)), ((2,), (3,))), groups=((None, 1), (2, None)))
        >>> with_diagonal(box).groups
        ((1, None), (None, 2))
    """
    left = list(range(len(box.cells[0])))
    order = []
    for row in box.groups:
        if not left:
            break
        chosen = next((j for j in left if row[j] is not None), left[0])
        left.remove(chosen)
        order.append(chosen)
    order += left
    return EggBox(
        cells=tuple(tuple(row[j] for j in order) for row in box.cells),
        groups=tuple(tuple(row[j] for j in order) for row in box.groups),
    )


Line: TypeAlias = tuple[str, int | None, bool]
"""A text, the element that it is or None, and whether that is idempotent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """How the cells of a class of D are written: their size, and for each cell its lines.

    ``group`` is the name of the groups among them; empty if they are trivial, or there are none.
    """

    width: float
    height: float
    lines: tuple[tuple[tuple[Line, ...], ...], ...]
    group: str


def _drawn(
    green: GreenRelations, products: Int[NDArray[Any], "n n"], names: tuple[str, ...]
) -> Drawing:
    shown = [with_diagonal(box) for box in green.boxes]
    count = len(shown)
    below = np.eye(count, dtype=bool)
    for i, j in green.order:
        below[i, j] = True
    for _ in range(count.bit_length()):  # squares reach chains of any length
        below = (below.astype(np.float32) @ below.astype(np.float32)) > 0
    level = heights(below)
    rows = [[i for i, h in enumerate(level) if h == k] for k in range(max(level) + 1)]
    written = [_cells(box, products, names) for box in shown]
    widths = [cell.width * len(box.cells[0]) for cell, box in zip(written, shown, strict=True)]
    tall = [cell.height * len(box.cells) for cell, box in zip(written, shown, strict=True)]
    layout = layered_layout(rows, green.order, widths, gap=26.0, bend_gap=16.0)
    gap = 34.0
    y_of = [0.0] * len(rows)
    at = _MARGIN
    for k in range(len(rows) - 1, -1, -1):
        high = max(tall[i] for i in rows[k])
        y_of[k] = at + high / 2
        at += high + gap
    corners = [
        (layout.x[i] + _MARGIN - widths[i] / 2, y_of[level[i]] - tall[i] / 2) for i in range(count)
    ]
    boxes = [(u, v, u + widths[i], v + tall[i]) for i, (u, v) in enumerate(corners)]
    marks: list[Mark] = [
        *edge_marks(
            green.order, layout, level, boxes, left=_MARGIN,
            style=Style(stroke=INK, width=1.3, opacity=0.7),
        )
    ]  # fmt: skip
    for i, box in enumerate(shown):
        marks += _box_marks(box, written[i], corners[i], green, names)
    idempotents = sum(e is not None for box in shown for row in box.groups for e in row)
    has_other = idempotents < sum(len(box.cells) * len(box.cells[0]) for box in shown)
    return Drawing(
        width=round(layout.width + 2 * _MARGIN, 1),
        height=round(at - gap + _MARGIN, 1),
        marks=tuple(marks),
        title="egg-boxes",
        description=_description(green, names, idempotents),
        key=((_GROUP, "group"), *(((_OTHER, "no group"),) if has_other else ())),
    )


def _cells(box: EggBox, products: Int[NDArray[Any], "n n"], names: tuple[str, ...]) -> _Cells:
    """Return what stands in the cells of a class of D."""
    size = len(box.cells[0][0])

    def lines_of(cell: tuple[int, ...], idempotent: int | None) -> tuple[Line, ...]:
        if size > _MOST_LISTED:
            return ((f"{size} elements", None, False),)
        # The identity of a group first.
        ordered = sorted(cell, key=lambda x: (x != idempotent, x))
        return tuple((_cut(names[x]), x, x == idempotent) for x in ordered)

    lines = tuple(
        tuple(lines_of(cell, idempotent) for cell, idempotent in zip(row, groups, strict=True))
        for row, groups in zip(box.cells, box.groups, strict=True)
    )
    group = _group_name(box, products)
    texts = [_starred(line) for row in lines for cell in row for line in cell]
    widest = max(text_width(text, _SIZE) for text in texts)
    widest = max(widest, text_width(group, _SIZE - 1, bold=True))
    most = max(len(cell) for row in lines for cell in row) + (1 if group else 0)
    return _Cells(
        width=round(max(34.0, widest + 14), 1),
        height=round(most * LINE * _SIZE + 10, 1),
        lines=lines,
        group=group,
    )


def _group_name(box: EggBox, products: Int[NDArray[Any], "n n"]) -> str:
    """Return the name of the groups of a class of D, which are isomorphic; empty if trivial."""
    size = len(box.cells[0][0])
    pairs = zip(box.cells, box.groups, strict=True)
    groups = [
        np.array(cell)
        for row, idempotents in pairs
        for cell, e in zip(row, idempotents, strict=True)
        if e is not None
    ]
    if size == 1 or not groups:
        return ""
    members = groups[0]
    place = np.full(len(products), -1)
    place[members] = np.arange(size)
    name = identify(place[products[np.ix_(members, members)]]).name
    return (name or f"group of order {size}").replace(" x ", "×").replace(" : ", "⋊")


def _starred(line: Line) -> str:
    text, _, is_idempotent = line
    return f"★ {text}" if is_idempotent else text


def _cut(label: str) -> str:
    text = plain(label)
    if text_width(text, _SIZE) <= _WIDEST_LABEL:
        return text
    while len(text) > 1 and text_width(text + "…", _SIZE) > _WIDEST_LABEL:
        text = text[:-1]
    return text + "…"


def _box_marks(
    box: EggBox,
    written: _Cells,
    corner: tuple[float, float],
    green: GreenRelations,
    names: tuple[str, ...],
) -> list[Mark]:
    """Return the marks of a class of D."""
    marks: list[Mark] = []
    wide, high = written.width, written.height
    for i, row in enumerate(box.cells):
        for j, cell in enumerate(row):
            left, top = corner[0] + j * wide, corner[1] + i * high
            is_group = box.groups[i][j] is not None
            group, fill = (written.group, _GROUP) if is_group else ("", _OTHER)
            listed = ", ".join(isolated(names[x]) for x in cell)
            kind = f"a group{f' ({group})' if group else ''}" if is_group else "no group"
            marks.append(
                Rectangle(
                    x=round(left, 2), y=round(top, 2), width=wide, height=high,
                    style=Style(fill=fill, stroke="#5c5c5c", width=0.8),
                    data={
                        "class": int(green.h[cell[0]]),
                        "elements": " ".join(map(str, cell)),
                    },
                    hint=f"class of H, {kind}: {listed}",
                )
            )  # fmt: skip
            lines = written.lines[i][j]
            count = len(lines) + (1 if group else 0)
            y = top + high / 2 - (count - 1) * LINE * _SIZE / 2
            letters = Style(fill=ink_on(fill))
            if group:
                marks.append(
                    Label(x=round(left + wide / 2, 2), y=round(y, 2), text=group,
                          size=_SIZE - 1, bold=True, style=letters)
                )  # fmt: skip
                y += LINE * _SIZE
            for line in lines:
                _, x, star = line
                marks.append(
                    Label(
                        x=round(left + wide / 2, 2), y=round(y, 2),
                        text=_starred(line), size=_SIZE, style=letters,
                        data={} if x is None else {"element": x},
                        hint=None if x is None else isolated(names[x]) + ", idempotent" * star,
                    )
                )  # fmt: skip
                y += LINE * _SIZE
    marks.append(
        Rectangle(
            x=round(corner[0], 2), y=round(corner[1], 2),
            width=round(wide * len(box.cells[0]), 2), height=round(high * len(box.cells), 2),
            style=Style(stroke=INK, width=2.0),
        )
    )  # fmt: skip
    return marks


def _description(green: GreenRelations, names: tuple[str, ...], idempotents: int) -> str:
    """Return what a person who does not see the picture is told."""
    parts = []
    for box in green.boxes:
        rows, columns, size = len(box.cells), len(box.cells[0]), len(box.cells[0][0])
        regular = "" if box.is_regular else ", without idempotents"
        parts.append(f"{rows} × {columns} cells of {size}{regular}")
    shapes = "; ".join(parts) if len(parts) <= 12 else f"{len(parts)} grids"
    return (
        f"The egg-boxes of a semigroup of {len(names)} elements with {idempotents} idempotents: "
        f"rows are classes of R, columns classes of L, cells classes of H. Classes of D: {shapes}. "
        "An ideal is above those that it contains."
    )

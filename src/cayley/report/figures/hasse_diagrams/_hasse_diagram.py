"""Hasse diagrams as pictures: semilattices, and the natural partial order of semigroups."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._hasse_diagram import covers
from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._completed_operation import full_operation
from cayley.report.figures.drawing._marks import Drawing, Mark, isolated
from cayley.report.figures.drawing._nodes import node_box, node_marks, node_texts
from cayley.report.figures.hasse_diagrams._layered_layout import layered_layout
from cayley.report.figures.hasse_diagrams._layered_marks import edge_marks
from cayley.report.figures.hasse_diagrams._natural_order import NaturalOrder, heights, natural_order

__all__ = ["hasse_diagram_picture"]

_LARGEST = 150
"""Larger orders are rows of dozens, in which nobody follows a line."""

_MARGIN = 16.0

_NODE, _IDEMPOTENT = "#f3e2bf", "#a8cdfa"


def hasse_diagram_picture(solution: SolutionLike) -> Drawing:
    """Draw the Hasse diagram of the order that an operation has.

    Lines lead upwards from each element to those right above it. A semilattice or a lattice
    operation (minimum, maximum, AND, greatest common divisor) is drawn with all elements, so is an
    inverse semigroup in its natural order; of other semigroups the idempotents are drawn.

    In a semilattice the product is the greatest common lower bound. If the labels are numbers and
    no product is less than its factors, as with the maximum, the picture is turned over: the
    product is then the least common upper bound.

    Args:
        solution: One with a complete table over one alphabet; a table is completed first.

    Raises:
        ValueError: If cells are open, the operation is not associative, or it orders nothing.

    Example:
        >>> hasse_diagram_picture([[0, 0], [0, 1]]).title
        'Hasse diagram'
    """
    order, products, names = full_operation(
        solution, nothing="there is no Hasse diagram", examine=natural_order
    )
    if len(order.elements) > _LARGEST:
        raise ValueError(
            f"a Hasse diagram of {len(order.elements)} elements is too large to draw; the limit is "
            f"{_LARGEST}."
        )
    joins = order.kind == "semilattice" and _grows(products, names)
    below = order.below.T if joins else order.below
    edges = covers(below)
    level = heights(below)
    rows = [[i for i, h in enumerate(level) if h == k] for k in range(max(level) + 1)]
    labels = [names[x] for x in order.elements]
    widest = max(map(len, rows))
    small = widest > 14
    nodes = node_texts(labels, size=10.0 if small else 12.0, widest=60.0 if small else 90.0)
    layout = layered_layout(
        rows,
        edges,
        [node.width for node in nodes],
        gap=10.0 if small else 18.0,
        bend_gap=8.0 if small else 12.0,
    )
    tall = nodes[0].height
    # Few rows may be far apart; a long chain is read with its nodes close to each other.
    row = max(
        tall + 18.0,
        min(
            120.0,
            62.0 if len(rows) < 10 else 48.0,
        ),
        0.075 * layout.width + 26,
    )
    y_of = [_MARGIN + tall / 2 + row * (len(rows) - 1 - k) for k in range(len(rows))]
    at = [(layout.x[i] + _MARGIN, y_of[level[i]]) for i in range(len(nodes))]
    boxes = [node_box(node, *place) for node, place in zip(nodes, at, strict=True)]
    marks: list[Mark] = [
        *edge_marks(edges, layout, level, boxes, left=_MARGIN, names=order.elements)
    ]
    mixed = len(set(order.idempotent)) > 1
    for i, node in enumerate(nodes):
        marks += node_marks(
            node,
            *at[i],
            fill=_IDEMPOTENT if order.idempotent[i] else _NODE,
            data={"element": order.elements[i]},
            hint=_hint(i, labels, edges, idempotent=mixed and order.idempotent[i]),
            strong=mixed and order.idempotent[i],
        )
    return Drawing(
        width=round(layout.width + 2 * _MARGIN, 1),
        height=round(y_of[0] + tall / 2 + _MARGIN, 1),
        marks=tuple(marks),
        title="Hasse diagram",
        description=_description(order, labels, edges, joins),
        key=((_IDEMPOTENT, "idempotent"), (_NODE, "not idempotent")) if mixed else (),
    )


def _grows(products: Int[NDArray[Any], "n n"], names: tuple[str, ...]) -> bool:
    """Return whether labels are numbers and every product is at least as large as its factors."""
    try:
        values = np.array([float(name) for name in names])
    except ValueError:
        return False
    found = values[products]
    larger = np.maximum(values[:, None], values)
    return bool(np.isfinite(values).all() and (found >= larger).all() and len(names) > 1)


def _hint(
    i: int, labels: list[str], edges: tuple[tuple[int, int], ...], *, idempotent: bool
) -> str:
    above = [isolated(labels[b]) for a, b in edges if a == i]
    under = [isolated(labels[a]) for a, b in edges if b == i]
    parts = [isolated(labels[i]) + (", idempotent" if idempotent else "")]
    if above:
        parts.append(f"right below {', '.join(above)}")
    if under:
        parts.append(f"right above {', '.join(under)}")
    return "; ".join(parts)


def _description(
    order: NaturalOrder, labels: list[str], edges: tuple[tuple[int, int], ...], joins: bool
) -> str:
    """Return what a person who does not see the picture is told."""
    what = {
        "semilattice": "The Hasse diagram of a semilattice: the product of two elements is their "
        + ("least common upper bound." if joins else "greatest common lower bound."),
        "inverse semigroup": "The natural partial order of an inverse semigroup: a is below b if "
        "a = e b for an idempotent e.",
        "idempotents": "The natural partial order of the idempotents of a semigroup: e is below f "
        "if e f = e = f e.",
    }[order.kind]
    lower, upper = {b for _, b in edges}, {a for a, _ in edges}
    least = [isolated(x) for i, x in enumerate(labels) if i not in lower]
    greatest = [isolated(x) for i, x in enumerate(labels) if i not in upper]
    return (
        f"{what} {len(labels)} elements, {len(edges)} lines. At the bottom: {', '.join(least)}; "
        f"at the top: {', '.join(greatest)}."
    )

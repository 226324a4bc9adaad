r"""Hasse diagrams as pictures: semilattices, and the natural partial order of semigroups.

In a semilattice :math:`a \le b` if :math:`ab = a`. Idempotents of a semigroup have
:math:`e \le f` if :math:`ef = e = fe`, and the elements of an inverse semigroup
:math:`a \le b` if :math:`a = eb` for an idempotent e.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import is_associative
from cayley.algebra.axioms._hasse_diagram import covers
from cayley.algebra.semigroups._regular import is_inverse_semigroup, is_semilattice
from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._layered_layout import layered_layout
from cayley.report.figures._layered_marks import Obstacles, edge_mark, straightened
from cayley.report.figures._marks import Drawing, Mark, isolated
from cayley.report.figures._nodes import node_marks, node_texts
from cayley.report.figures._what_there_is import full_operation

__all__ = ["NaturalOrder", "draw_hasse_diagram", "heights", "natural_order"]

_LARGEST = 150
"""Larger orders are rows of dozens, in which nobody follows a line."""

_MARGIN = 16.0

_NODE, _IDEMPOTENT = "#f3e2bf", "#a8cdfa"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NaturalOrder:
    """A partial order that an operation has.

    Attributes:
        kind: What it is the order of.
        elements: The elements that it orders, ascending.
        below: Whether ``elements[i] <= elements[j]``, shape ``(m, m)``.
        idempotent: Whether each of them is idempotent.
    """

    kind: Literal["semilattice", "inverse semigroup", "idempotents"]
    elements: tuple[int, ...]
    below: Bool[NDArray[Any], "m m"]
    idempotent: tuple[bool, ...]


def natural_order(products: Int[NDArray[Any], "n n"]) -> NaturalOrder:
    """Return the order of a semilattice, of an inverse semigroup, or of idempotents.

    Args:
        products: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Raises:
        ValueError: If the operation is not associative, or the order is equality.

    Example:
        >>> natural_order(np.minimum(*np.indices((3, 3)))).below.sum().item()
        6
    """
    associative = is_associative(products)
    if not associative:
        raise ValueError("there is no Hasse diagram to draw: the operation is not associative.")
    n = len(products)
    each = np.arange(n)
    idempotent = products.diagonal() == each
    e = np.flatnonzero(idempotent)
    kind: Literal["semilattice", "inverse semigroup", "idempotents"] = "idempotents"
    elements = e
    if is_semilattice(products, associative=associative):
        kind = "semilattice"
        below = products == each[:, None]
    elif is_inverse_semigroup(products, associative=associative):
        kind, elements = "inverse semigroup", each
        below = np.zeros((n, n), bool)
        below[products[e], each] = True  # [eb, b] for each idempotent e and each b
    else:
        block = products[np.ix_(e, e)]
        below = (block == e[:, None]) & (block.T == e[:, None])
    if len(elements) > 1 and below.sum() == len(elements):
        what = "elements" if len(elements) == n else "idempotents"
        raise ValueError(
            f"there is no Hasse diagram to draw: no two {what} are comparable in the natural order"
            + (", as in every group." if kind == "inverse semigroup" else ".")
        )
    return NaturalOrder(
        kind=kind,
        elements=tuple(elements.tolist()),
        below=below,
        idempotent=tuple(idempotent[elements].tolist()),
    )


def heights(below: Bool[NDArray[Any], "m m"]) -> list[int]:
    """Return for each element the length of the longest chain that ends in it, from 0.

    Example:
        >>> heights(np.array([[1, 1, 1], [0, 1, 0], [0, 0, 1]], bool))
        [0, 1, 1]
    """
    height = [0] * len(below)
    # By the number of elements below: those below an element come before it.
    for b in np.argsort(below.sum(axis=0), kind="stable").tolist():
        under = [height[a] for a in np.flatnonzero(below[:, b]).tolist() if a != b]
        height[b] = max(under, default=-1) + 1
    return height


def draw_hasse_diagram(solution: SolutionLike) -> Drawing:
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
        >>> draw_hasse_diagram([[0, 0], [0, 1]]).title
        'Hasse diagram'
    """
    products, names = full_operation(solution, picture="a Hasse diagram")
    order = natural_order(products)
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
    row = max(tall + 18.0, min(120.0, 62.0 if len(rows) < 10 else 48.0, ) , 0.075 * layout.width + 26)
    y_of = [_MARGIN + tall / 2 + row * (len(rows) - 1 - k) for k in range(len(rows))]
    at = [(layout.x[i] + _MARGIN, y_of[level[i]]) for i in range(len(nodes))]
    obstacles = [
        Obstacles(
            y=y_of[k],
            half=tall / 2,
            spans=tuple((at[i][0] - nodes[i].width / 2, at[i][0] + nodes[i].width / 2) for i in of_row),
        )
        for k, of_row in enumerate(rows)
    ]
    marks: list[Mark] = []
    for (a, b), bends in zip(edges, layout.bends, strict=True):
        between = obstacles[level[a] + 1 : level[b]]
        through = [(x + _MARGIN, each.y) for x, each in zip(bends, between, strict=True)]
        ends = [(at[a][0], at[a][1] - tall / 2), *through, (at[b][0], at[b][1] + tall / 2)]
        marks.append(
            edge_mark(
                straightened(ends, between),
                data={"from": order.elements[a], "to": order.elements[b]},
            )
        )
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


def _hint(i: int, labels: list[str], edges: tuple[tuple[int, int], ...], *, idempotent: bool) -> str:
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

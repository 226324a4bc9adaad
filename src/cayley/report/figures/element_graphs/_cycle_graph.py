"""The cycle graph as a picture: maximal cyclic subgroups as petals around the identity."""

import numpy as np

from cayley.algebra import Group
from cayley.completion._as_solution import SolutionLike
from cayley.report.figures._completed_operation import group_with_names
from cayley.report.figures.drawing._marks import INK, Drawing, Mark, Path, Style, isolated
from cayley.report.figures.drawing._nodes import NodeText, dots, node_marks, node_texts
from cayley.report.figures.drawing._palette import structured_colors
from cayley.report.figures.element_graphs._cycle_layout import Cycle, CycleLayout, cycle_layout

__all__ = ["cycle_graph_picture"]

LARGEST_CYCLE_GRAPH = 120
"""Larger graphs would be more than 1500 pixels wide, and their cycles too many to follow."""

_LARGEST_LABELED = 48
"""The elements of larger groups are dots, whose labels are read by pointing at them."""

_WIDEST = 1500.0
"""In pixels. A picture that would be wider or higher gets smaller letters, and if that is not
enough dots, too."""

_MARGIN = 14.0


def cycle_graph_picture(solution: SolutionLike) -> Drawing:
    r"""Draw the cycle graph of the group found: each maximal cyclic subgroup as a closed curve.

    The powers of a generator follow each other on a curve that begins and ends at the identity.
    Cycles meet in the elements that they have in common. Colors tell the orders of elements.

    Args:
        solution: One with a group of order at most 120; a table is completed first.

    Raises:
        ValueError: If the table is not complete, there is no group, or it is too large.

    Example:
        >>> from cayley.tables import generate_family
        >>> cycle_graph_picture(generate_family("S3")).title
        'cycle graph'

    References:
        D. Shanks, *Solved and Unsolved Problems in Number Theory*, 1962, section 34 (cycle graphs).
    """
    group, symbols, names = group_with_names(solution, nothing="there is no cycle graph")
    if group.order > LARGEST_CYCLE_GRAPH:
        raise ValueError(
            f"a cycle graph of order {group.order} is too large to draw; the limit is "
            f"{LARGEST_CYCLE_GRAPH}."
        )
    nodes, layout = _nodes_and_layout(group, names)
    sizes = np.array([(node.width, node.height) for node in nodes])
    low = (layout.places - sizes / 2).min(axis=0)
    high = (layout.places + sizes / 2).max(axis=0)
    curves = [_curve_points(cycle, layout) for cycle in layout.cycles]
    for points in curves:  # curves may reach a little further than the elements on them
        low = np.minimum(low, points.reshape(-1, 2).min(axis=0))
        high = np.maximum(high, points.reshape(-1, 2).max(axis=0))
    shift = _MARGIN - low
    width, height = (float(v) for v in np.round(high - low + 2 * _MARGIN, 1))

    orders = group.element_orders.tolist()
    present = sorted(set(orders))
    colors = dict(zip(present, _order_colors(len(present)), strict=True))
    marks: list[Mark] = []
    for cycle, points in zip(layout.cycles, curves, strict=True):
        members = " ".join(str(symbols[x]) for x in sorted(cycle.elements))
        powers = ", ".join(isolated(names[x]) for x in cycle.elements)
        marks.append(
            Path(
                d=_path(points + shift),
                style=Style(stroke=INK, width=1.4, opacity=0.55),
                data={"elements": members},
                hint=f"cycle of length {len(cycle.elements)}: {powers}",
            )
        )
    for x, (node, (u, v)) in enumerate(zip(nodes, (layout.places + shift).tolist(), strict=True)):
        marks += node_marks(
            node,
            u,
            v,
            fill=colors[orders[x]],
            data={"element": symbols[x]},
            hint=f"{isolated(names[x])}, of order {orders[x]}",
            strong=x == group.identity,
        )
    return Drawing(
        width=width,
        height=height,
        marks=tuple(marks),
        title="cycle graph",
        description=_description(layout, names, orders, group.identity),
        key=tuple((colors[k], "identity" if k == 1 else f"order {k}") for k in present),
    )


def _nodes_and_layout(group: Group, names: tuple[str, ...]) -> tuple[list[NodeText], CycleLayout]:
    """Return nodes as large as the picture has room for, and where they are."""
    small = group.order > 24
    ways = [
        node_texts(names, size=10.0 if small else 12.0, widest=58.0 if small else 72.0),
        node_texts(names, size=9.0, widest=44.0),
        dots(names),
    ]
    for nodes in ways[2:] if group.order > _LARGEST_LABELED else ways:
        sizes = np.array([(node.width, node.height) for node in nodes])
        layout = cycle_layout(group, sizes)
        if np.ptp(layout.places, axis=0).max() < _WIDEST:
            break
    return nodes, layout


def _order_colors(count: int) -> list[str]:
    """Return a color for each order; that of the identity is the first."""
    return structured_colors([[i] for i in range(count)])


def _curve_points(
    cycle: Cycle, layout: CycleLayout
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Return the control points of the pieces of a closed curve, shape ``(k, 4, 2)``."""
    places = layout.places[[cycle.elements[-1], *cycle.elements]]
    third = cycle.tangents / 3
    if len(cycle.elements) == 2:  # a straight line, there and back
        return np.array([[places[0], places[0], places[1], places[1]]])
    return np.stack([places[:-1], places[:-1] + third[:-1], places[1:] - third[1:], places[1:]], 1)


def _path(points: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> str:
    text = f"M{_pair(points[0, 0])}"
    return text + "".join(f"C{' '.join(_pair(p) for p in piece[1:])}" for piece in points)


def _pair(point: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> str:
    return f"{round(float(point[0]), 1):g} {round(float(point[1]), 1):g}"


def _description(
    layout: CycleLayout, names: tuple[str, ...], orders: list[int], identity: int
) -> str:
    """Return what a person who does not see the picture is told."""
    lengths = sorted((len(cycle.elements) for cycle in layout.cycles), reverse=True)
    parts = [f"{lengths.count(k)} of length {k}" for k in sorted(set(lengths), reverse=True)]
    text = (
        f"The cycle graph of a group of order {len(names)}, with the identity "
        f"{isolated(names[identity])} where all cycles meet. Maximal cyclic subgroups: "
        f"{', '.join(parts)}."
    )
    shared = len({c.bundle for c in layout.cycles}) < len(layout.cycles)
    return text + (" Some of them share elements other than the identity." if shared else "")

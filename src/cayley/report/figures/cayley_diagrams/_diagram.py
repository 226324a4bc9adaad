"""A Cayley diagram in pixels: where its nodes and arrows lie."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.algebra import Group
from cayley.completion import Solution
from cayley.report.figures.cayley_diagrams._arrows import Arrow, bent_arrows, num_bent
from cayley.report.figures.cayley_diagrams._coset_layout import cayley_graph_layout
from cayley.report.figures.drawing._palette import structured_colors
from cayley.report.figures.element_order._arrangement import arrange

__all__ = ["LARGEST_GRAPH", "Diagram", "diagram_of", "moved"]

LARGEST_GRAPH = 200
"""Larger graphs are not drawn: arrows hide each other, and their layout takes n^2 steps."""

# The diameter of the layout in pixels up to an order: a node with its label takes some 60 x 60.
_DIAMETERS = ((2, 110.0), (4, 180.0), (8, 280.0), (12, 360.0), (24, 500.0), (60, 660.0),
              (LARGEST_GRAPH, 800.0))  # fmt: skip

_LARGEST_NODE, _SMALLEST_NODE = 17.0, 3.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A diagram in pixels: elements of the group, their names, and where everything lies.

    Attributes:
        group: The group.
        generators: The elements whose arrows are drawn.
        symbol: The symbol of the table that each element is.
        names: The labels of the elements.
        colors: Their colors.
        places: The centers of their nodes.
        radius: Of the nodes.
        arrows: All arrows.
        curves: The control points of each.
    """

    group: Group
    generators: tuple[int, ...]
    symbol: list[int]
    names: list[str]
    colors: list[str]
    places: Float[NDArray[Any], "n 2"]
    radius: float
    arrows: list[Arrow]
    curves: list[Float[NDArray[Any], "3 2"]]


def diagram_of(solution: Solution, group: Group, generators: tuple[int, ...]) -> Diagram:
    """Return where nodes and arrows lie, in pixels."""
    assert solution.isotopism is not None
    # Element g of the group is this symbol of the table.
    symbol: list[int] = np.argsort(solution.isotopism.symbols).tolist()
    of_symbols = structured_colors(arrange(solution).symbol_blocks)
    diameter = next(wide for largest, wide in _DIAMETERS if group.order <= largest)
    unit = cayley_graph_layout(group, generators)
    places = unit * (diameter / max(float(np.ptp(unit, axis=0).max()), 1e-9))
    gaps = np.linalg.norm(places[:, None] - places[None], axis=-1)
    np.fill_diagonal(gaps, np.inf)
    # Between the nearest two nodes an arrow of nearly half their distance is seen.
    largest_node = float(np.clip(0.27 * gaps.min(), _SMALLEST_NODE, _LARGEST_NODE))
    arrows = _arrows(group, generators)
    radius, curves = _plainest(places, arrows, largest_node)
    return Diagram(
        group=group, generators=generators, symbol=symbol,
        names=[solution.table.symbols[i] for i in symbol],
        colors=[of_symbols[i] for i in symbol], places=places, radius=radius, arrows=arrows,
        curves=curves,
    )  # fmt: skip


def _plainest(
    places: Float[NDArray[Any], "n 2"], arrows: list[Arrow], largest: float
) -> tuple[float, list[Float[NDArray[Any], "3 2"]]]:
    """Return a radius of the nodes and the curves: smaller nodes if fewer arrows then bend."""
    best: tuple[int, float, list[Float[NDArray[Any], "3 2"]]] | None = None
    for factor in (1.0, 0.8, 0.62):
        radius = round(max(_SMALLEST_NODE, factor * largest), 2)
        curves = bent_arrows(places, arrows, radius=radius)
        bent = num_bent(curves)
        # Large nodes have room for labels: a few bent arrows are no reason to give that up.
        if best is None or bent < 0.6 * best[0] - 2:
            best = (bent, radius, curves)
    assert best is not None
    return best[1:]


def _arrows(group: Group, generators: Sequence[int]) -> list[Arrow]:
    """Return the arrows of all generators; of one of order 2 a single line for both directions."""
    found = []
    for kind, s in enumerate(generators):
        involution = bool(group.element_orders[s] == 2)
        for g, h in enumerate(group.table[:, s].tolist()):
            if g != h and not (involution and h < g):
                found.append(Arrow(tail=g, head=h, kind=kind, plain=involution))
    return found


def moved(diagram: Diagram, x: float, y: float) -> Diagram:
    """Return a diagram shifted."""
    shift = np.array([x, y])
    return replace(
        diagram,
        places=(diagram.places + shift).round(2),
        curves=[curve + shift for curve in diagram.curves],
    )

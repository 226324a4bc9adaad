r"""Layered drawings of graphs: nodes on given levels, few crossings, edges as straight as can be.

An edge over several levels gets a *bend* on each level between: a node of no width, so that the
edge passes between the nodes there and not behind them. The nodes are ordered so that few edges
cross. Then their coordinates minimize the sum of :math:`w (x_i - x_j)^2` over all pieces of edges,
given the order and the distances that must be kept.

References:
    E. R. Gansner, E. Koutsofios, S. C. North, K.-P. Vo, "A technique for drawing directed graphs",
    IEEE Trans. Softw. Eng. 19 (1993), 214-230 (heavier edges between bends).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from cayley.report.figures._isotonic_regression import place_in_order
from cayley.report.figures.hasse_diagrams._crossing_reduction import (
    LayeredGraph,
    reduce_crossings,
)

__all__ = ["LayeredLayout", "layered_layout"]

_PASSES = 40
"""Rounds of placing. Each lowers the energy; after 40 the nodes move by less than a pixel."""

# Bends in a row make kinks in the middle of an edge, which the eye follows less easily than a kink
# at its end: the weights are those of Gansner and others, who found 1, 2 and 8 to look well.
_WEIGHTS = (1.0, 2.0, 8.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredLayout:
    """Where the nodes and the bends of the edges are.

    Attributes:
        x: The horizontal center of each node.
        bends: For each edge, in the order given, the horizontal places where it passes the levels
            between its two ends, upwards; empty if there are none between.
        crossings: How often pieces of edges cross.
        width: From the left edge of the leftmost node, which is 0, to the right of the rightmost.
    """

    x: tuple[float, ...]
    bends: tuple[tuple[float, ...], ...]
    crossings: int
    width: float


def layered_layout(
    levels: Sequence[Sequence[int]],
    edges: Sequence[tuple[int, int]],
    widths: Sequence[float],
    *,
    gap: float,
    blocks: Sequence[int] | None = None,
    block_gap: float | None = None,
    bend_gap: float | None = None,
) -> LayeredLayout:
    """Place the nodes of an acyclic graph whose levels are known.

    Args:
        levels: The nodes ``0..n-1`` on each level, from the bottom.
        edges: Pairs of a node and another one on a higher level.
        widths: The width of each node.
        gap: The least distance between nodes side by side.
        blocks: For each node the number of its block: nodes of one block on one level stay
            together. Each node is its own block by default.
        block_gap: The least distance between blocks of which one has several nodes; ``gap`` by
            default.
        bend_gap: The least distance of a bend from its neighbors; ``gap`` by default.

    Example:
        >>> diamond = layered_layout(
        ...     [[0], [1, 2], [3]], [(0, 1), (0, 2), (1, 3), (2, 3)], [20.0] * 4, gap=10.0
        ... )
        >>> diamond.x, diamond.crossings
        ((25.0, 10.0, 40.0, 25.0), 0)
    """
    count = len(widths)
    own_blocks = list(range(count)) if blocks is None else list(blocks)
    graph = LayeredGraph(
        levels=[list(level) for level in levels], widths=list(widths), blocks=own_blocks
    )
    chains = [_with_bends(graph, a, b) for a, b in edges]
    crossings = reduce_crossings(graph)
    gaps = (gap, gap if block_gap is None else block_gap, gap if bend_gap is None else bend_gap)
    x = _coordinates(graph, count, gaps)
    left = min((x[v] - graph.widths[v] / 2 for v in range(len(x))), default=0.0)
    right = max((x[v] + graph.widths[v] / 2 for v in range(len(x))), default=0.0)
    # Rounded, so that the last digits of floats do not decide about the bytes of a picture.
    return LayeredLayout(
        x=tuple(round(x[v] - left, 2) for v in range(count)),
        bends=tuple(tuple(round(x[v] - left, 2) for v in chain) for chain in chains),
        crossings=crossings,
        width=round(right - left, 2),
    )


def _with_bends(graph: LayeredGraph, a: int, b: int) -> list[int]:
    """Add an edge, piece by piece, and return its bends."""
    level = {v: k for k, nodes in enumerate(graph.levels) for v in nodes if v in (a, b)}
    bends = []
    for k in range(level[a] + 1, level[b]):
        bend = len(graph.widths)
        graph.widths.append(0.0)
        # A bend is a block of its own: no edge passes through a frame.
        graph.blocks.append(-1 - bend)
        graph.levels[k].append(bend)
        bends.append(bend)
    for lower, upper in pairwise([a, *bends, b]):
        graph.up[lower].append(upper)
        graph.down[upper].append(lower)
    return bends


def _coordinates(graph: LayeredGraph, count: int, gaps: tuple[float, float, float]) -> list[float]:
    """Return the centers of nodes and bends, given their order.

    Args:
        graph: Nodes and bends.
        count: The number of nodes.
        gaps: Between nodes of a block, between blocks, and between a bend and its neighbors.
    """
    sizes = Counter(graph.blocks)

    def gap(v: int, w: int) -> float:
        if v >= count or w >= count:
            return gaps[2]
        one, other = graph.blocks[v], graph.blocks[w]
        alone = sizes[one] == sizes[other] == 1
        return gaps[0] if one == other or alone else gaps[1]

    x = [0.0] * len(graph.widths)
    apart: list[list[float]] = []
    for level in graph.levels:
        apart.append(
            [(graph.widths[v] + graph.widths[w]) / 2 + gap(v, w) for v, w in pairwise(level)]
        )
        starts = list(accumulate(apart[-1], initial=0.0))
        for v, start in zip(level, starts, strict=True):
            x[v] = start - starts[-1] / 2  # each level is centered at 0 to begin with
    pulls = {
        v: [(u, _WEIGHTS[(u >= count) + (v >= count)]) for u in graph.down[v] + graph.up[v]]
        for level in graph.levels
        for v in level
    }
    num = len(graph.levels)
    for step in range(_PASSES):
        for k in range(num) if step % 2 == 0 else range(num - 1, -1, -1):
            level = graph.levels[k]
            weights = [sum(w for _, w in pulls[v]) for v in level]
            wanted = [
                sum(w * x[u] for u, w in pulls[v]) / total if total else x[v]
                for v, total in zip(level, weights, strict=True)
            ]
            placed = place_in_order(wanted, [total or 1.0 for total in weights], apart[k])
            for v, place in zip(level, placed, strict=True):
                x[v] = place
    return x

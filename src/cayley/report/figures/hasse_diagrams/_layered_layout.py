r"""Layered drawings of graphs: nodes on given levels, few crossings, edges as straight as can be.

An edge over several levels gets a *bend* on each level between: a node of no width, so that the
edge passes between the nodes there and not behind them. On each level the nodes are ordered by the
mean place of their neighbors, level by level upwards and downwards, as long as that removes
crossings. Then their coordinates minimize the sum of :math:`w (x_i - x_j)^2` over all pieces of
edges, given the order and the distances that must be kept.

References:
    K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system
    structures", IEEE Trans. Syst. Man Cybern. 11 (1981), 109-125. E. R. Gansner, E. Koutsofios,
    S. C. North, K.-P. Vo, "A technique for drawing directed graphs", IEEE Trans. Softw. Eng. 19
    (1993), 214-230 (heavier edges between bends).
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from cayley.report.figures._isotonic_regression import place_in_order

__all__ = ["LayeredLayout", "layered_layout"]

_SWEEPS = 12
"""Rounds of ordering. The crossings hardly fall after six; the best order of all rounds is kept."""

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


@dataclass(slots=True, kw_only=True)
class _Graph:
    """Nodes and bends with their neighbors one level up and down."""

    levels: list[list[int]]
    widths: list[float]
    blocks: list[int]
    up: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    down: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


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
    graph = _Graph(levels=[list(level) for level in levels], widths=list(widths), blocks=own_blocks)
    chains = [_with_bends(graph, a, b) for a, b in edges]
    crossings = _order(graph)
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


def _with_bends(graph: _Graph, a: int, b: int) -> list[int]:
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


def _order(graph: _Graph) -> int:
    """Order each level so that few edges cross; returns how many do."""
    best, fewest = [level[:] for level in graph.levels], _crossings(graph)
    num = len(graph.levels)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        upwards = sweep % 2 == 0
        for k in range(1, num) if upwards else range(num - 2, -1, -1):
            _sort_level(graph, k, upwards)
        for k in range(num):
            _exchange_neighbors(graph, k)
        if (found := _crossings(graph)) < fewest:
            best, fewest = [level[:] for level in graph.levels], found
    graph.levels = best
    return fewest


def _units(graph: _Graph, k: int) -> list[list[int]]:
    """Return the nodes of a level, those of each block together, in their order."""
    units: dict[int, list[int]] = {}
    for v in graph.levels[k]:
        units.setdefault(graph.blocks[v], []).append(v)
    return list(units.values())


def _sort_level(graph: _Graph, k: int, upwards: bool) -> None:
    """Order a level by the mean places of neighbors below or above: blocks, then inside of them."""
    neighbors = graph.down if upwards else graph.up
    place = {v: i for i, v in enumerate(graph.levels[k - 1 if upwards else k + 1])}

    def mean(nodes: list[int]) -> float | None:
        places = [place[u] for v in nodes for u in neighbors[v]]
        return sum(places) / len(places) if places else None

    def in_order(units: list[list[int]]) -> list[list[int]]:
        means = [mean(unit) for unit in units]
        # Those without neighbors on this side stay where they are; equal ones keep their order.
        pairs = sorted((m, i) for i, m in enumerate(means) if m is not None)
        order = iter(i for _, i in pairs)
        return [units[i] if m is None else units[next(order)] for i, m in enumerate(means)]

    graph.levels[k] = [
        v for unit in in_order(_units(graph, k)) for (v,) in in_order([[v] for v in unit])
    ]


def _exchange_neighbors(graph: _Graph, k: int) -> None:
    """Exchange neighboring blocks, and nodes inside of blocks, where that removes crossings."""
    beside = [
        (neighbors, {v: i for i, v in enumerate(graph.levels[j])})
        for j, neighbors in ((k - 1, graph.down), (k + 1, graph.up))
        if 0 <= j < len(graph.levels)
    ]
    # For each node the sorted places of its neighbors on each side.
    places = {
        v: [sorted(place[u] for u in neighbors[v]) for neighbors, place in beside]
        for v in graph.levels[k]
    }

    def gained(left: list[int], right: list[int]) -> int:
        """Return how many crossings an exchange removes."""
        gain = 0
        for side in range(len(beside)):
            ours = sorted(p for v in left for p in places[v][side])
            theirs = sorted(p for v in right for p in places[v][side])
            for p in ours:
                below = bisect_left(theirs, p)
                gain += below - (len(theirs) - bisect_right(theirs, p))
        return gain

    def improved(units: list[list[int]]) -> list[list[int]]:
        units = units[:]
        for i in range(len(units) - 1):
            if gained(units[i], units[i + 1]) > 0:
                units[i], units[i + 1] = units[i + 1], units[i]
        return units

    graph.levels[k] = [
        v for unit in improved(_units(graph, k)) for (v,) in improved([[v] for v in unit])
    ]


def _crossings(graph: _Graph) -> int:
    """Count the crossings of pieces of edges between neighboring levels."""
    total = 0
    for k in range(len(graph.levels) - 1):
        place = {v: i for i, v in enumerate(graph.levels[k + 1])}
        seen: list[int] = []  # sorted: where the edges of the nodes before end
        for v in graph.levels[k]:
            ends = sorted(place[u] for u in graph.up[v])
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _coordinates(graph: _Graph, count: int, gaps: tuple[float, float, float]) -> list[float]:
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

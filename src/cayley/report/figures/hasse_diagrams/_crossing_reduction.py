"""Orders of nodes on levels in which few edges cross.

On each level the nodes are ordered by the mean place of their neighbors, level by level upwards and
downwards, and neighbors are exchanged, as long as that removes crossings.

References:
    K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system
    structures", IEEE Trans. Syst. Man Cybern. 11 (1981), 109-125.
"""

import random
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass, field

__all__ = ["LayeredGraph", "reduce_crossings"]

_SWEEPS = 12
"""Rounds of ordering. The crossings hardly fall after six; the best order of all rounds is kept."""

_EXCHANGES = 8
"""Rounds of exchanges after each round of ordering; they end when nothing is left to gain."""

_STARTS = 4
"""Orders from which small graphs are improved; more hardly find anything better."""

_MANY_EDGES = 300
"""Pieces of edges of the largest graph that is begun anew, which takes 0.04 seconds each time."""


@dataclass(slots=True, kw_only=True)
class LayeredGraph:
    """Nodes and bends with their neighbors one level up and down.

    Attributes:
        levels: The nodes of each level in their order, from the bottom.
        widths: The width of each node; 0 of bends.
        blocks: The number of the block of each node.
        up: The neighbors of each node one level higher.
        down: One level lower.
    """

    levels: list[list[int]]
    widths: list[float]
    blocks: list[int]
    up: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    down: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def reduce_crossings(graph: LayeredGraph) -> int:
    """Order each level, in place, so that few edges cross; returns how many do.

    Example:
        >>> graph = LayeredGraph(levels=[[0, 1], [2, 3]], widths=[0.0] * 4, blocks=[0, 1, 2, 3])
        >>> graph.up[0], graph.down[3], graph.up[1], graph.down[2] = [3], [0], [2], [1]
        >>> reduce_crossings(graph), graph.levels
        (0, [[0, 1], [3, 2]])
    """
    starts = [[level[:] for level in graph.levels]]
    # Rounds end in a local minimum; small graphs can afford to begin elsewhere, too. The shuffles
    # have a seed, so that the same graph is always drawn alike.
    if sum(map(len, graph.up.values())) <= _MANY_EDGES:
        shuffled = random.Random(0)
        starts += [
            [shuffled.sample(level, len(level)) for level in graph.levels]
            for _ in range(_STARTS - 1)
        ]
    best, fewest = starts[0], -1
    for start in starts:
        graph.levels = _gathered(graph, start)
        found = _improved_order(graph)
        if fewest < 0 or found < fewest:
            best, fewest = graph.levels, found
        if not fewest:
            break
    graph.levels = best
    return fewest


def _gathered(graph: LayeredGraph, levels: list[list[int]]) -> list[list[int]]:
    """Return levels in which the nodes of each block are together."""
    graph.levels = levels
    return [[v for unit in _units(graph, k) for v in unit] for k in range(len(levels))]


def _improved_order(graph: LayeredGraph) -> int:
    """Order the levels anew as long as that removes crossings; returns how many are left."""
    best, fewest = [level[:] for level in graph.levels], _crossings(graph)
    num = len(graph.levels)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        upwards = sweep % 2 == 0
        for k in range(1, num) if upwards else range(num - 2, -1, -1):
            _sort_level(graph, k, upwards)
        for _ in range(_EXCHANGES):
            exchanged = [_exchange_neighbors(graph, k) for k in range(num)]
            if not any(exchanged):
                break
        if (found := _crossings(graph)) < fewest:
            best, fewest = [level[:] for level in graph.levels], found
    graph.levels = best
    return fewest


def _units(graph: LayeredGraph, k: int) -> list[list[int]]:
    """Return the nodes of a level, those of each block together, in their order."""
    units: dict[int, list[int]] = {}
    for v in graph.levels[k]:
        units.setdefault(graph.blocks[v], []).append(v)
    return list(units.values())


def _sort_level(graph: LayeredGraph, k: int, upwards: bool) -> None:
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


def _exchange_neighbors(graph: LayeredGraph, k: int) -> bool:
    """Exchange neighboring blocks, and nodes inside of blocks, where that removes crossings.

    Returns:
        Whether anything was exchanged.
    """
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

    before = graph.levels[k]
    graph.levels[k] = [
        v for unit in improved(_units(graph, k)) for (v,) in improved([[v] for v in unit])
    ]
    return graph.levels[k] != before


def _crossings(graph: LayeredGraph) -> int:
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

import itertools
import random

import pytest

from cayley.report.figures.hasse_diagrams._layered_layout import layered_layout
from cayley.report.figures.hasse_diagrams._layered_marks import Obstacles, edge_mark, straightened


def crossings(levels, places, edges) -> int:
    """Count crossings of straight edges between neighboring levels by comparing all pairs."""
    level = {v: k for k, nodes in enumerate(levels) for v in nodes}
    return sum(
        level[a] == level[c] and (places[a] - places[c]) * (places[b] - places[d]) < 0
        for (a, b), (c, d) in itertools.combinations(edges, 2)
    )


def random_graph(seed):
    source = random.Random(seed)
    levels, count = [], 0
    for _ in range(source.randint(2, 5)):
        size = source.randint(1, 7)
        levels.append(list(range(count, count + size)))
        count += size
    edges = []
    for low, high in itertools.combinations(range(len(levels)), 2):
        pairs = itertools.product(levels[low], levels[high])
        edges += [pair for pair in pairs if source.random() < 0.4 / (high - low) ** 2]
    return levels, edges, [source.choice([20.0, 45.0]) for _ in range(count)]


@pytest.mark.parametrize("seed", range(12))
def test_distances_are_kept_and_blocks_stay_together(seed) -> None:
    levels, edges, widths = random_graph(seed)
    blocks = [v // 2 for v in range(len(widths))]
    found = layered_layout(
        levels, edges, widths, gap=5.0, blocks=blocks, block_gap=9.0, bend_gap=4.0
    )
    for level in levels:
        ordered = sorted(level, key=lambda v: found.x[v])
        for v, w in itertools.pairwise(ordered):
            # Bends between two nodes are not seen here; without any, blocks are farther apart.
            assert found.x[w] - found.x[v] >= (widths[v] + widths[w]) / 2 + 5.0 - 0.02
        seen = [block for block, _ in itertools.groupby(blocks[v] for v in ordered)]
        assert len(seen) == len(set(seen))
    assert min(x - w / 2 for x, w in zip(found.x, widths, strict=True)) >= -0.01
    level = {v: k for k, nodes in enumerate(levels) for v in nodes}
    for (a, b), bends in zip(edges, found.bends, strict=True):
        assert len(bends) == level[b] - level[a] - 1
        for k, bend in enumerate(bends, level[a] + 1):
            for v in levels[k]:  # no edge passes behind a node
                assert abs(found.x[v] - bend) >= widths[v] / 2 + 4.0 - 0.02


@pytest.mark.parametrize("seed", range(12))
def test_crossings_are_counted_and_at_most_those_of_the_order_given(seed) -> None:
    levels, edges, widths = random_graph(seed)
    level = {v: k for k, nodes in enumerate(levels) for v in nodes}
    edges = [(a, b) for a, b in edges if level[b] == level[a] + 1]
    found = layered_layout(levels, edges, widths, gap=5.0)
    assert found.crossings == crossings(levels, found.x, edges)
    assert found.crossings <= crossings(levels, list(range(len(widths))), edges)


def test_as_few_crossings_as_there_can_be() -> None:
    # A hexagon on two levels has two crossings at least; the lines to bottom and top add none.
    edges = [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (1, 5), (3, 5), (2, 6), (3, 6), (4, 7)]
    assert (
        layered_layout([[0], [2, 3, 1], [5, 4, 6], [7]], edges, [10.0] * 8, gap=5.0).crossings == 2
    )
    # A tree has none, however its leaves are listed.
    leaves = [7, 4, 9, 5, 8, 3, 6, 10]
    tree = [(0, 1), (0, 2), *((1, v) for v in (3, 4, 5, 6)), *((2, v) for v in (7, 8, 9, 10))]
    found = layered_layout([[0], [2, 1], leaves], tree, [10.0] * 11, gap=5.0)
    assert found.crossings == 0
    assert found.x[0] == pytest.approx((found.x[1] + found.x[2]) / 2, abs=0.02)


def test_crossings_of_two_levels_are_nearly_the_fewest() -> None:
    source = random.Random(1)
    found = fewest = 0
    for _ in range(10):
        levels = [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
        pairs = list(itertools.product(*levels))
        edges = source.sample(pairs, 11)
        found += layered_layout(levels, edges, [10.0] * 10, gap=5.0).crossings
        # All orders of the upper level against all of the lower one, up to a reflection of both.
        fewest += min(
            crossings(levels, dict(zip([*low, *high], [*range(5), *range(5)], strict=True)), edges)
            for low in itertools.permutations(levels[0])
            if low[0] < low[-1]
            for high in barycentric_and_neighbors(low, levels[1], edges)
        )
    assert fewest > 0
    assert found <= 1.05 * fewest


def barycentric_and_neighbors(low, high, edges):
    """Give the upper level by mean and by median places of neighbors."""
    place = {v: i for i, v in enumerate(low)}
    ends = {w: sorted(place[v] for v, u in edges if u == w) or [0] for w in high}
    yield sorted(high, key=lambda w: sum(ends[w]) / len(ends[w]))
    yield sorted(high, key=lambda w: ends[w][len(ends[w]) // 2])


def test_edges_bend_only_where_a_node_is_in_the_way() -> None:
    rows = [Obstacles(y=y, half=5.0, spans=((0.0, 10.0), (40.0, 50.0))) for y in (60.0, 30.0)]
    assert straightened([(25, 90), (28, 60), (22, 30), (25, 0)], rows) == [(25, 90), (25, 0)]
    kept = straightened([(5, 90), (20, 60), (20, 30), (5, 0)], rows)
    assert kept == [(5, 90), (20, 65), (20, 55), (20, 35), (20, 25), (5, 0)]
    assert edge_mark([(0, 20), (0, 10), (10, 0)]).d == "M0 20L0 15Q0 10 4.2 5.8L10 0"

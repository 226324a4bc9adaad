from itertools import pairwise, product

import numpy as np
import pytest

from cayley.algebra import Group
from cayley.completion import solve
from cayley.report.figures.element_order._arrangement import arrange
from cayley.report.figures.element_order._element_classes import (
    conjugacy_blocks,
    green_blocks,
    orbits,
)
from cayley.tables import Table, generate_family, shuffle


def maps_of(points: int) -> Table:
    """All maps of a set into itself under composition."""
    maps = list(product(range(points), repeat=points))
    return Table.from_operation(lambda f, g: tuple(g[x] for x in f), maps)


def reflections() -> Table:
    """The reflections of a hexagon in its corners."""
    return Table.from_array([[(2 * a - b) % 6 for b in range(6)] for a in range(6)])


def test_conjugacy_classes_by_definition() -> None:
    group = Group.from_table(generate_family("S4").array)
    blocks = conjugacy_blocks(group)
    assert sorted(x for block in blocks for x in block) == list(range(24))
    for block in blocks:
        conjugates = {
            int(group.table[group.table[group.inverses[g], block[0]], g]) for g in range(24)
        }
        assert conjugates == set(block)


def test_green_classes_fall_in_rank() -> None:
    """Maps of equal rank are one class of D, and the rank falls from class to class."""
    table = maps_of(3)
    blocks = green_blocks(table.array).blocks
    ranks = [{len(set(eval_label(table.rows[i]))) for i in block} for block in blocks]
    assert ranks == [{3}, {2}, {1}]


def eval_label(label: str) -> list[int]:
    return [int(c) for c in label if c.isdigit()]


def test_classes_of_r_stand_together() -> None:
    table = maps_of(3).array
    order = [i for block in green_blocks(table).blocks for i in block]
    ideals = [frozenset([i, *table[i].tolist()]) for i in order]
    changes = sum(a != b for a, b in pairwise(ideals))
    assert changes + 1 == len(set(ideals))


def test_orbits_are_closed_under_translations() -> None:
    table = reflections().array
    blocks = orbits(table).blocks
    assert sorted(map(sorted, blocks)) == [[0, 2, 4], [1, 3, 5]]
    for block in blocks:
        assert set(table[:, list(block)].ravel().tolist()) == set(block)
    assert sorted(map(sorted, orbits(np.ascontiguousarray(table.T)).blocks)) == [
        [0, 2, 4],
        [1, 3, 5],
    ]
    assert orbits(np.array([[0, 0], [0, 0]])) is None
    assert green_blocks(table) is None


@pytest.mark.parametrize(
    "table", [maps_of(3), Table.from_array([[(2 * a - b) % 6 for b in range(6)] for a in range(6)])]
)
def test_blocks_are_listed_in_any_order_of_labels(table) -> None:
    """The same labels stand in the same blocks, however rows, columns and symbols are given."""
    first, second = (arrange(solve(t, assume="none")) for t in (table, shuffle(table, seed=4)))
    assert first.sizes == second.sizes
    assert first.how == second.how != "as given"
    mixed = shuffle(table, seed=4)
    for placed, t in ((first, table), (second, mixed)):
        assert [t.rows[i] for i in placed.rows] == [t.columns[i] for i in placed.columns]
        assert [t.rows[i] for i in placed.rows] == [t.symbols[i] for i in placed.symbols]
    names = [
        [{t.symbols[i] for i in block} for block in placed.symbol_blocks]
        for placed, t in ((first, table), (second, mixed))
    ]
    assert sorted(map(sorted, names[0])) == sorted(map(sorted, names[1]))

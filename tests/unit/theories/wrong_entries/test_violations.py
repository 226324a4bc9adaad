import itertools

import numpy as np

from cayley.theories import parse_theory
from cayley.theories.wrong_entries import _violations
from cayley.theories.wrong_entries._violations import instances_of, least_trusted


def by_hand(table):
    """The cells of each instance of associativity that can be evaluated, and whether it fails."""
    n = len(table)
    found = []
    for x, y, z in itertools.product(range(n), repeat=3):
        xy, yz = table[x, y], table[y, z]
        if xy < 0 or yz < 0 or table[xy, z] < 0 or table[x, yz] < 0:
            continue
        cells = {x * n + y, y * n + z, int(xy) * n + z, x * n + int(yz)}
        fails = table[xy, z] != table[x, yz]
        if fails or len(cells) > 1:
            found.append((frozenset(cells), bool(fails)))
    return sorted(found, key=lambda each: (sorted(each[0]), each[1]))


def test_all_instances_that_can_be_evaluated_are_met(rng):
    laws = parse_theory("semigroup").laws
    for n in (2, 3, 5, 9):
        table = np.where(rng.random((n, n)) < 0.7, rng.integers(n, size=(n, n)), -1)
        met = instances_of(table, laws, ())
        pairs = [
            (frozenset(c), bool(f)) for c, f in zip(met.cells.tolist(), met.fails, strict=True)
        ]
        assert sorted(pairs, key=lambda each: (sorted(each[0]), each[1])) == by_hand(table)
        assert set(met.failing()) == {cells for cells, fails in by_hand(table) if fails}


def test_of_too_many_instances_a_part_is_looked_at(monkeypatch, rng):
    table = rng.integers(9, size=(9, 9))
    laws = parse_theory("semigroup").laws
    whole = set(instances_of(table, laws, ()).failing())
    monkeypatch.setattr(_violations, "_MOST_INSTANCES", 200)
    part = set(instances_of(table, laws, ()).failing())
    assert part < whole
    assert len(part) > 100


def test_equal_cells_of_a_line_fail():
    table = np.array([[0, 1, 0], [1, -1, 1], [2, 2, -1]])
    loop = parse_theory("loop")
    failing = set(instances_of(table, loop.laws, loop.conditions).failing())
    rows = {frozenset({0, 2}), frozenset({3, 5}), frozenset({6, 7})}
    assert failing == rows
    left = parse_theory("right cancellative")
    table = table.T
    assert {frozenset(c // 3 + c % 3 * 3 for c in each) for each in rows} == set(
        instances_of(table, left.laws, left.conditions).failing()
    )


def test_the_wrong_cell_of_a_group_goes_first(tables):
    table = tables.symmetric(3).copy()
    table[4, 2] = (table[4, 2] + 1) % 6
    group = parse_theory("group")
    first = next(least_trusted(instances_of(table, group.laws, group.conditions), 36))
    assert first.tolist() == [26]


def test_cells_that_are_equally_doubtful_go_together(rng):
    table = np.array([[0, 1, 2], [1, 1, 0], [2, 1, 2]])
    commutative = parse_theory("commutative")
    dropped = list(least_trusted(instances_of(table, commutative.laws, ()), 9))
    assert [each.tolist() for each in dropped] == [[5, 7]]
    assert not list(least_trusted(instances_of(np.full((3, 3), -1), commutative.laws, ()), 9))

"""Entropies and forced cells against every table of a small order, listed by brute force."""

import itertools

import numpy as np
import pytest
from tests.oracles import labeled_groups, labeled_isotopes, with_cells

from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._consistent_groups import consistent_groups
from cayley.next_cell._entropy import Outcomes, best_by_entropy, forced_by_ways
from cayley.tables import generate_family

ORACLE = {"group": labeled_groups, "isotope": labeled_isotopes}


def cells_of(table, places):
    return [(a, b, int(table[a, b])) for a, b in places]


def draw(kind, n, count, seed):
    random = np.random.default_rng(seed)
    tables = ORACLE[kind](n)
    table = tables[random.integers(len(tables))]
    places = random.choice(n * n, size=count, replace=False)
    return cells_of(table, [divmod(int(i), n) for i in places])


def entropy(values):
    share = np.bincount(values) / len(values)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("kind", "n", "count"), [("group", 5, 2), ("group", 5, 4), ("isotope", 3, 3), ("isotope", 5, 6)]
)
def test_entropy_of_every_cell_is_that_over_all_tables(kind, n, count, seed):
    # One group of each of these orders, so that all tables of the kind have the same weight.
    cells = draw(kind, n, count, seed)
    partial = PartialTable.of(np.array(cells), n, kind)
    outcomes = Outcomes(consistent_groups(partial), assume=partial.assume)
    tables = with_cells(ORACLE[kind](n), cells)
    for a in range(n):
        for b in range(n):
            assert outcomes.entropy(a, b) == pytest.approx(entropy(tables[:, a, b]), abs=1e-9)


@pytest.mark.parametrize("cells", [[(0, 0, 1)], [(0, 0, 1), (0, 1, 2)], [(0, 1, 2), (1, 0, 3)]])
def test_isomorphism_types_have_the_same_weight(cells):
    # every relabeling of C6 and of S3: 720 of each, so that all count alike
    orders = np.array(list(itertools.permutations(range(6))))
    inverses = np.argsort(orders, axis=1)
    moved = [
        orders[
            np.arange(720)[:, None, None],
            generate_family(name).array[inverses[:, :, None], inverses[:, None, :]],
        ]
        for name in ("C6", "S3")
    ]
    tables = with_cells(np.concatenate(moved), cells)
    partial = PartialTable.of(np.array(cells), 6, "group")
    outcomes = Outcomes(consistent_groups(partial), assume=partial.assume)
    for a in range(6):
        for b in range(6):
            assert outcomes.entropy(a, b) == pytest.approx(entropy(tables[:, a, b]), abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_forced_cells_are_the_same_in_all_tables(seed):
    cells = draw("group", 5, 3, seed)
    partial = PartialTable.of(np.array(cells), 5, "group")
    forced = forced_by_ways(consistent_groups(partial), partial)
    tables = with_cells(labeled_groups(5), cells)
    known = forced >= 0
    assert (tables[:, known] == forced[known]).all()


@pytest.mark.parametrize("count", [1, 3])
def test_the_best_cells_are_open_and_their_entropy_is_said(count):
    cells = [(0, 0, 1), (1, 0, 2)]
    partial = PartialTable.of(np.array(cells), 5, "group")
    found = best_by_entropy(
        consistent_groups(partial),
        partial,
        count=count,
        costs=np.ones((5, 5)),
        random=np.random.default_rng(0),
    )
    tables = with_cells(labeled_groups(5), cells)
    assert len({(each.row, each.column) for each in found}) == count
    for each in found:
        assert each.is_exact
        assert each.bits == pytest.approx(entropy(tables[:, each.row, each.column]))
        assert each.bits > 0
    if count == 1:
        most = max(entropy(tables[:, a, b]) for a in range(5) for b in range(5))
        assert found[0].bits == pytest.approx(most)


def test_a_batch_divides_the_tables_better_than_the_same_question_thrice():
    partial = PartialTable.of(np.array([(0, 1, 2), (1, 2, 3), (0, 0, 4)]), 8, "group")
    ways = consistent_groups(partial)
    found = best_by_entropy(
        ways, partial, count=3, costs=np.ones((8, 8)), random=np.random.default_rng(0)
    )
    outcomes = Outcomes(ways, assume=partial.assume)
    known = set(outcomes.seen[0].tolist())
    seen = [each for each in found if {each.row, each.column} <= known]
    elements = ways.elements.astype(int)
    products = [
        ways.groups[ways.which, elements[:, 0, each.row], elements[:, 1, each.column]]
        for each in seen
    ]
    # no two of them are one element in every group that agrees with the cells
    for i, one in enumerate(products):
        assert all((one != other).any() for other in products[:i])


def test_cells_that_no_group_has_leave_no_way():
    partial = PartialTable.of(np.array([(0, 0, 0), (1, 1, 1)]), 4, "group")
    assert not len(consistent_groups(partial).which)


def test_too_many_ways_are_not_counted():
    random = np.random.default_rng(0)
    pairs = random.permutation(24).reshape(-1, 3)
    assert consistent_groups(PartialTable.of(pairs, 24, "group")) is None

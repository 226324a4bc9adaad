"""Questions about groups and isotopes: how few, never about a forced cell, and what contradicts."""

import math

import numpy as np
import pytest
from tests.oracles import labeled_groups, with_cells

from cayley.deduction import Forced, decide, deduce
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._for_groups import Refuted, group_prediction, group_questions
from cayley.tables import generate_family


def relabeled(name, seed, kind="group"):
    table = generate_family(name).array
    random = np.random.default_rng(seed)
    p = random.permutation(len(table))
    if kind == "group":
        inverse = np.argsort(p)
        return p[table[np.ix_(inverse, inverse)]]
    return p[table[np.ix_(random.permutation(len(table)), random.permutation(len(table)))]]


def ask(table, kind, *, cells=(), costs=None, count=1, most=math.inf):
    """Ask until nothing is left; return the cells."""
    n, cells = len(table), list(cells)
    costs = np.ones((n, n)) if costs is None else costs
    random = np.random.default_rng(0)
    while len(cells) < most:
        partial = PartialTable.of(np.array(cells, int).reshape(-1, 3), n, kind)
        found = group_questions(partial, count=count, costs=costs, random=random)
        if not found:
            return cells, found
        for each in found:
            assert (each.row, each.column) not in {cell[:2] for cell in cells}
            cells.append((each.row, each.column, int(table[each.row, each.column])))
    return cells, None


# The goals are medians of ten relabelings; `experiments/records/next_cell.py` measures those.
@pytest.mark.parametrize(
    ("name", "kind", "most"),
    [("S4", "group", 27), ("C24", "group", 27), ("D24", "group", 27),
     pytest.param("A5", "group", 66, marks=pytest.mark.slow),
     ("A4", "isotope", 39)],
)  # fmt: skip
def test_few_cells_prove_a_table(name, kind, most):
    table = relabeled(name, 1, kind)
    cells, left = ask(table, kind)
    assert left == []
    assert len(cells) <= most
    prove = (lambda *a, **k: decide(*a, **k).verdict) if len(table) <= 32 else deduce
    verdict = prove(np.array(cells), order=len(table), assume=kind)
    assert isinstance(verdict, Forced)
    assert np.array_equal(verdict.table, table)


def test_order_eight_takes_seven_cells_in_the_mean():
    names = ["C8", "C4xC2", "D8", "Q8", "C2xC2xC2"]
    # how many of the 22,080 tables of order 8 are of each group: 8! / |Aut|
    weights = np.array([10080, 5040, 5040, 1680, 240])
    counts = [np.mean([len(ask(relabeled(name, s), "group")[0]) for s in (0, 1)]) for name in names]
    assert weights.sum() == 22080
    assert np.average(counts, weights=weights) <= 7


@pytest.mark.parametrize("seed", range(8))
def test_no_question_is_about_a_forced_cell(seed):
    random = np.random.default_rng(seed)
    tables = labeled_groups(5)
    table = tables[random.integers(len(tables))]
    cells = []
    while True:
        partial = PartialTable.of(np.array(cells, int).reshape(-1, 3), 5, "group")
        found = group_questions(partial, count=2, costs=np.ones((5, 5)), random=random)
        agreeing = with_cells(tables, cells)
        if not found:
            assert len(agreeing) == 1
            break
        for each in found:
            assert len(np.unique(agreeing[:, each.row, each.column])) > 1
        cells.append((found[0].row, found[0].column, int(table[found[0].row, found[0].column])))


@pytest.mark.parametrize(("name", "kind"), [("A5", "group"), ("S4", "isotope")])
def test_proved_cells_are_not_asked_for_and_random_cells_are_used(name, kind):
    table = relabeled(name, 1, kind)
    n = len(table)
    random = np.random.default_rng(5)
    places = random.choice(n * n, size=n, replace=False)
    cells = [(*divmod(int(i), n), int(table[divmod(int(i), n)])) for i in places]
    partial = PartialTable.of(np.array(cells), n, kind)
    found = group_questions(partial, count=3, costs=np.ones((n, n)), random=random)
    proved = group_prediction(partial)
    assert len(found) == 3
    for each in found:
        assert proved[each.row, each.column] < 0


def test_a_cell_that_cannot_be_observed_is_never_asked_for():
    table = relabeled("A5", 0)
    costs = np.ones((60, 60))
    costs[np.random.default_rng(0).random((60, 60)) < 0.5] = np.inf
    cells, _ = ask(table, "group", costs=costs, most=30)
    assert len(cells) == 30
    assert all(np.isfinite(costs[a, b]) for a, b, _ in cells)


def test_nothing_can_be_observed():
    partial = PartialTable.of(np.array([(0, 0, 1)]), 6, "group")
    costs = np.full((6, 6), np.inf)
    assert group_questions(partial, count=1, costs=costs, random=np.random.default_rng(0)) is None


def test_cheap_rows_are_asked_for_first():
    costs = np.full((12, 12), 5.0)
    costs[3] = 1.0
    cells, left = ask(relabeled("C12", 0), "group", costs=costs)
    assert left == []
    assert sum(a == 3 for a, _, _ in cells) >= 5


@pytest.mark.parametrize("n", [5, 40])
def test_contradicting_cells_are_named(n):
    cells = [(0, 0, 0), (1, 1, 1), (2, 3, 4)]
    partial = PartialTable.of(np.array(cells), n, "group")
    with pytest.raises(Refuted) as refuted:
        group_questions(partial, count=1, costs=np.ones((n, n)), random=np.random.default_rng(0))
    assert refuted.value.evidence == (0, 1)

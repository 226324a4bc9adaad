"""The fewest wrong cells under a theory, against all tables of small orders and MaxSAT."""

import itertools
import math

import numpy as np
import pytest

from cayley.tables import Table
from cayley.theories import SearchLimits, parse_theory
from cayley.theories.wrong_entries._wrong_entries import log10_chance_of, repair_under

THEORIES = ["semilattice", "commutative", "quasigroup", "semigroup", "left quandle", "monoid"]
FEW = THEORIES[:3]  # those that take least time


def nightly(*values):
    return pytest.param(*values, marks=pytest.mark.slow)


def all_tables(n, text):
    """Every table of an order with a theory, decided cell by cell from the definitions."""
    tables = np.array(list(itertools.product(range(n), repeat=n * n))).reshape(-1, n, n)
    theory = parse_theory(text)
    every = np.arange(len(tables))
    good = np.ones(len(tables), bool)

    def value(term, env):
        if isinstance(term, int):
            return np.full(len(tables), env[term])
        return tables[every, value(term[0], env), value(term[1], env)]

    for law in theory.laws:
        for env in itertools.product(range(n), repeat=law.num_variables):
            good &= value(law.left, env) == value(law.right, env)
    everyone = np.arange(n)
    for condition in theory.conditions:
        if condition == "unit":
            units = (tables == everyone).all(axis=2) & (tables == everyone[:, None]).all(axis=1)
            good &= units.any(axis=1)
        else:
            axis = 2 if condition == "left cancellation" else 1
            good &= (np.sort(tables, axis=axis) == np.expand_dims(everyone, 2 - axis)).all(
                axis=(1, 2)
            )
    return tables[good]


ALL = {(n, text): all_tables(n, text) for n in (2, 3) for text in THEORIES}


def check(table, text):
    known = table >= 0
    tables = ALL[len(table), text]
    wrong = ((tables != table) & known).sum(axis=(1, 2))
    least = int(wrong.min())
    repair = repair_under(table, text)
    assert len(repair.suspects) == least
    assert repair.is_minimal

    def accused(each):
        return tuple(map(tuple, np.argwhere((each != table) & known).tolist()))

    best = {accused(each) for each in tables[wrong == least]}
    first = tuple((cell.row, cell.column) for cell in repair.suspects)
    ties = {each.suspects for each in repair.ties}
    assert first in best
    assert ties <= best - {first}
    assert ties == best - {first} or len(ties) >= 7
    assert repair.is_only <= (len(best) == 1)
    fits = [each for each in tables if accused(each) == first]
    assert repair.is_forced == (len(fits) == 1)
    for cell in repair.suspects:
        values = {int(each[cell.row, cell.column]) for each in fits}
        assert cell.given == table[cell.row, cell.column]
        assert values == {cell.expected} if cell.expected is not None else len(values) > 1
    for rival in (*repair.ties, *repair.rivals):
        assert (tables == rival.table).all(axis=(1, 2)).any()
        assert accused(rival.table) == rival.suspects
    if repair.is_unrivaled and repair.is_forced:
        assert (wrong <= least + 1).sum() == 1
    if repair.is_forced:
        listed = {x.suspects for x in (*repair.ties, *repair.rivals)} | {first}
        others = [w for each, w in zip(tables, wrong, strict=True) if accused(each) not in listed]
        assert min(others, default=99) >= repair.bound


@pytest.mark.parametrize("text", [*FEW, *map(nightly, THEORIES[3:])])
def test_every_table_of_order_two_gets_the_fewest_suspects(text):
    for cells in itertools.product(range(-1, 2), range(-1, 2), (0, 1), (0, 1)):
        check(np.array(cells).reshape(2, 2), text)


@pytest.mark.parametrize("text", [*FEW, *map(nightly, THEORIES[3:])])
def test_tables_of_order_three_get_the_fewest_suspects(text, rng):
    for share in (1.0, 1.0, 0.8, 0.6):
        shown = rng.random((3, 3)) < share
        check(np.where(shown, rng.integers(3, size=(3, 3)), -1), text)
    tables = ALL[3, text]
    for share in (1.0, 0.9, 0.7, 0.7):
        table = tables[rng.integers(len(tables))].copy()
        table.flat[rng.integers(9)] = rng.integers(3)
        check(np.where(rng.random((3, 3)) < share, table, -1), text)


def fewest_by_maxsat(table, text):
    """The least number of cells in which a table with the theory differs, by RC2."""
    rc2 = pytest.importorskip("pysat.examples.rc2")
    wcnf = pytest.importorskip("pysat.formula").WCNF()
    n, theory = len(table), parse_theory(text)

    def variable(a, b, c):
        return 1 + (a * n + b) * n + c

    def values(term, env):
        if isinstance(term, int):
            yield env[term], ()
            return
        for left, one in values(term[0], env):
            for right, other in values(term[1], env):
                for c in range(n):
                    yield c, (*one, *other, variable(left, right, c))

    lines = [[(a, b, c) for c in range(n)] for a in range(n) for b in range(n)]
    if "left cancellation" in theory.conditions:
        lines += [[(a, b, c) for b in range(n)] for a in range(n) for c in range(n)]
    if "right cancellation" in theory.conditions:
        lines += [[(a, b, c) for a in range(n)] for b in range(n) for c in range(n)]
    for line in lines:
        wcnf.append([variable(*cell) for cell in line])
        for one, other in itertools.combinations(line, 2):
            wcnf.append([-variable(*one), -variable(*other)])
    for law in theory.laws:
        for env in itertools.product(range(n), repeat=law.num_variables):
            for left, one in values(law.left, env):
                for right, other in values(law.right, env):
                    if left != right:
                        wcnf.append([-x for x in {*one, *other}])
    for a, b in np.argwhere(table >= 0).tolist():
        wcnf.append([variable(a, b, int(table[a, b]))], weight=1)
    with rc2.RC2(wcnf) as solver:
        solver.compute()
        return solver.cost


@pytest.mark.parametrize("order", [4, nightly(5)])
@pytest.mark.parametrize("text", ["semilattice", "commutative semigroup", "quasigroup"])
def test_maxsat_finds_no_fewer(order, text, rng):
    i, j = np.indices((order, order))
    truth = (i + j) % order if text == "quasigroup" else np.maximum(i, j)
    for wrong, share in ((2, 1.0), (3, 0.8)):
        table = np.where(rng.random((order, order)) < share, truth, -1)
        places = rng.choice(np.flatnonzero(table >= 0), wrong, replace=False)
        table.flat[places] = (table.flat[places] + rng.integers(1, order, wrong)) % order
        repair = repair_under(table, text)
        assert repair.is_minimal
        assert len(repair.suspects) == fewest_by_maxsat(table, text)


def octonions():
    """The units of the octonions, by the Cayley-Dickson construction."""
    table, sign = np.zeros((1, 1), int), np.ones((1, 1), int)
    for size in (1, 2, 4):
        i, j = np.indices((size, size))
        conjugate = np.where(np.arange(size) == 0, 1, -1)
        sign = np.block(
            [[sign, sign.T], [sign * conjugate[None, :], -(sign * conjugate[:, None]).T]]
        )
        table = np.block([[i ^ j, (i ^ j) + size], [(i ^ j) + size, i ^ j]])
    full = np.where(sign > 0, table, table + 8)
    return np.block([[full, (full + 8) % 16], [(full + 8) % 16, full]])


def spoiled(truth, wrong, share, rng):
    n = len(truth)
    table = np.where(rng.random((n, n)) < share, truth, -1)
    places = rng.choice(np.flatnonzero(table >= 0), wrong, replace=False)
    table.flat[places] = (table.flat[places] + rng.integers(1, n, wrong)) % n
    return table, {(int(p) // n, int(p) % n) for p in places}


def residues(n):
    return np.multiply.outer(np.arange(n), np.arange(n)) % n


@pytest.mark.parametrize(
    ("text", "truth", "wrong", "share"),
    [
        nightly("Moufang loop", octonions(), 25, 1.0),
        ("commutative monoid", residues(12), 14, 1.0),
        nightly("commutative monoid", residues(12), 6, 0.8),
        ("semilattice", np.bitwise_or.outer(np.arange(8), np.arange(8)), 4, 1.0),
        ("right quandle", (2 * np.arange(9) - np.arange(9)[:, None]) % 9, 8, 1.0),
    ],
    ids=["octonions", "Z12", "part of Z12", "subsets", "quandle"],
)
def test_wrong_cells_are_found_and_proved_fewest(text, truth, wrong, share, rng):
    table, places = spoiled(truth, wrong, share, rng)
    repair = repair_under(table, text)
    assert {(cell.row, cell.column) for cell in repair.suspects} == places
    assert repair.is_minimal
    assert repair.is_only
    assert repair.is_forced
    np.testing.assert_array_equal(repair.table, truth)
    assert all(cell.expected == truth[cell.row, cell.column] for cell in repair.suspects)


def test_labels_and_lines_decide_nothing(rng):
    truth = np.maximum.outer(np.arange(5), np.arange(5))
    for text, wrong in (("semilattice", 3), ("commutative", 2), ("band", 2)):
        table, _ = spoiled(truth, wrong, 0.9, rng)
        first = repair_under(table, text)
        p = rng.permutation(5)
        moved = np.full((5, 5), -1)
        a, b = np.nonzero(table >= 0)
        moved[p[a], p[b]] = p[table[a, b]]
        again = repair_under(moved, text)

        def named(repair, q):
            pairs = [tuple((c.row, c.column) for c in repair.suspects)]
            pairs += [each.suspects for each in repair.ties]
            return {frozenset((int(q[x]), int(q[y])) for x, y in each) for each in pairs}

        assert (first.is_minimal, first.is_only) == (again.is_minimal, again.is_only)
        assert first.is_unrivaled == again.is_unrivaled
        if len(first.ties) < 7:
            assert named(first, p) == named(again, np.arange(5))
        labels = [f"l{i}" for i in range(5)]
        triples = [
            (labels[x], labels[y], labels[table[x, y]])
            for x, y in rng.permutation(np.argwhere(table >= 0)).tolist()
        ]
        lines = repair_under(Table.from_triples(triples, labels=labels), text)
        assert named(lines, np.arange(5)) == named(first, np.arange(5))


def test_two_results_for_a_cell_are_weighed_by_the_other_cells():
    """Max on four, one cell given twice: the line that comes first is not believed for that."""
    labels = "0123"
    right = [(a, b, max(a, b)) for a in labels for b in labels]
    for at in (0, len(right)):
        lines = [*right[:at], ("1", "2", "3"), *right[at:]]
        repair = repair_under(Table.from_triples(lines, labels=list(labels)), "semilattice")
        assert [(c.row, c.column, c.given, c.expected) for c in repair.suspects] == [(1, 2, 3, 2)]
        assert repair.num_given == 17


def test_without_a_contradiction_nothing_is_suspected():
    table = np.array([[0, 1, -1], [1, 1, -1], [-1, -1, -1]])
    repair = repair_under(table, "semilattice")
    assert (repair.suspects, repair.is_minimal, repair.is_forced) == ((), True, False)
    assert not repair.ties


def test_limits_are_said(rng):
    table, _ = spoiled(residues(9), 6, 1.0, rng)
    tables = [repair_under(table, "commutative semigroup", max_looks=k) for k in (0, 1, 200)]
    assert tables[2].is_minimal
    for each in tables[:2]:
        assert each is None or each.bound <= len(tables[2].suspects) or each.is_minimal
    late = repair_under(table, "commutative semigroup", limits=SearchLimits(time_limit=0.0))
    assert late is None or not late.is_minimal


def test_an_order_without_any_table_has_no_repair():
    # No Steiner quasigroup has order 4.
    table = np.array([[0, -1, -1, -1], [-1, 1, -1, -1], [-1, -1, -1, -1], [-1, -1, -1, 3]])
    assert repair_under(table, "Steiner quasigroup") is None


def test_the_chance_counts_the_ways_to_leave_cells_out():
    table = residues(12)
    semigroup = parse_theory("commutative semigroup")
    clean = log10_chance_of(semigroup, table, num_given=144, num_wrong=0)
    assert clean < -20
    kept = table.copy()
    kept[3, 4] = kept[7, 7] = -1
    left_out = log10_chance_of(semigroup, kept, num_given=144, num_wrong=2)
    alone = log10_chance_of(semigroup, kept, num_given=142, num_wrong=0)
    assert left_out == pytest.approx(alone + math.log10(144 * 143 / 2))
    contradicted = kept.copy()
    contradicted[3, 4] = 1
    assert log10_chance_of(semigroup, contradicted, num_given=143, num_wrong=1) == 0


def test_bad_tables_get_one_clear_message():
    with pytest.raises(ValueError, match="must be square"):
        repair_under(np.zeros((2, 3), int), "semigroup")
    with pytest.raises(ValueError, match="no known theory"):
        repair_under(np.zeros((2, 2), int), "semigruop")

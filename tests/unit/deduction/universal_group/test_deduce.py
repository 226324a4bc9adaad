"""What is deduced is compared with a list of all tables of the kind, for orders up to 5."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.deduction import (
    Forced,
    Inconsistent,
    Limits,
    Undecided,
    decide,
    deduce,
)
from cayley.deduction.todd_coxeter._todd_coxeter import ROUNDS
from cayley.deduction.universal_group._evidence import inconsistency
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.testing import assert_group, assert_isotopism
from oracles import labeled_groups, labeled_isotopes

ALL = {("group", n): labeled_groups(n) for n in range(1, 6)}
ALL |= {("isotope", n): labeled_isotopes(n) for n in range(1, 6)}


def test_the_oracle_counts_what_is_known():
    """n!/|Aut| labeled groups, and the Latin squares, all isotopes of groups but for order 5."""
    assert [len(ALL["group", n]) for n in range(1, 6)] == [1, 2, 3, 16, 30]
    assert [len(ALL["isotope", n]) for n in range(1, 6)] == [1, 2, 12, 576, 17280]


@st.composite
def observed(draw):
    """Some cells of a table of the kind, or with one of them changed."""
    assume = draw(st.sampled_from(["group", "isotope"]))
    n = draw(st.integers(1, 5))
    tables = ALL[assume, n]
    table = tables[draw(st.integers(0, len(tables) - 1))]
    cells = draw(st.lists(st.integers(0, n * n - 1), unique=True, max_size=n * n))
    a, b = np.divmod(np.array(cells, np.int64), n)
    c = table[a, b].copy()
    if cells and draw(st.booleans()):
        c[draw(st.integers(0, len(c) - 1))] = draw(st.integers(0, n - 1))
    return assume, n, np.stack([a, b, c], axis=1)


def completions(assume, n, observations):
    a, b, c = observations.T
    return ALL[assume, n][(ALL[assume, n][:, a, b] == c).all(axis=1)]


def check(verdict, assume, n, observations):
    """Whatever is claimed holds for the list of all completions."""
    possible = completions(assume, n, observations)
    if isinstance(verdict, Forced):
        assert len(possible) == 1
        np.testing.assert_array_equal(possible[0], verdict.table)
        assert_group(verdict.group)
        rows, columns, symbols = np.broadcast_to(verdict.elements, (3, n))
        np.testing.assert_array_equal(verdict.group[np.ix_(rows, columns)], symbols[verdict.table])
    elif isinstance(verdict, Inconsistent):
        assert len(possible) == 0
        evidence = list(verdict.evidence)
        assert len(completions(assume, n, observations[evidence])) == 0
    else:
        assert isinstance(verdict, Undecided)
        for x, y, z in verdict.cells.tolist():
            assert (possible[:, x, y] == z).all()
        seen = {tuple(cell) for cell in verdict.cells.tolist()}
        assert {tuple(cell) for cell in observations.tolist()} <= seen
        assert len(verdict.completions) == (2 if verdict.unique == "no" else 0)
        if verdict.unique == "no":
            first, second = verdict.completions
            assert not np.array_equal(first, second)
            for table in (first, second):
                assert (possible == table).all(axis=(1, 2)).any()
    return possible


@settings(max_examples=400)
@given(observed())
def test_every_claim_holds_among_all_tables_of_order_up_to_five(example):
    check(deduce(example[2], order=example[1], assume=example[0]), *example)


@settings(max_examples=200)
@given(observed())
def test_the_search_decides_every_case_of_order_up_to_five(example):
    decision = decide(example[2], order=example[1], assume=example[0])
    assert decision.is_complete
    verdict = decision.verdict
    possible = check(verdict, *example)
    kinds = {0: Inconsistent, 1: Forced}
    assert isinstance(verdict, kinds.get(len(possible), Undecided))
    if isinstance(verdict, Undecided):
        assert verdict.unique == "no"


@settings(max_examples=100)
@given(observed())
def test_evidence_is_minimal(example):
    """Without any one of its cells, the weakest procedure that refutes it finds nothing."""
    assume, n, observations = example
    verdict = deduce(observations, order=n, assume=assume)
    if not isinstance(verdict, Inconsistent):
        return
    assert verdict.minimal
    problem = PartialTable.of(observations, n, assume)
    closure = Limits(full_enumeration=False)
    for limits, rounds in ((closure, 1), (closure, ROUNDS), (Limits(), ROUNDS)):
        refutes = inconsistency(problem, limits, rounds=rounds)
        if refutes(verdict.evidence):
            break
    assert refutes(verdict.evidence)
    for i in verdict.evidence:
        assert not refutes([j for j in verdict.evidence if j != i])


def cells_of(table, rng, fraction):
    n = len(table)
    a, b = np.divmod(rng.choice(n * n, round(fraction * n * n), replace=False), n)
    return np.stack([a, b, table[a, b]], axis=1)


CASES = {
    "S4": ("group", 0.10, "symmetric", 4),
    "S4 isotope": ("isotope", 0.25, "symmetric", 4),
    "A5": ("group", 0.04, "alternating", 5),
    "A5 isotope": ("isotope", 0.12, "alternating", 5),
    "C97": ("group", 0.04, "cyclic", 97),
    "C97 isotope": ("isotope", 0.10, "cyclic", 97),
    "S5": ("group", 0.03, "symmetric", 5),
    "S5 isotope": ("isotope", 0.09, "symmetric", 5),
    "PSL(2,7)": ("group", 0.025, "projective", 7),
}


@pytest.mark.parametrize("name", CASES)
def test_a_few_cells_force_the_table(name, tables, rng):
    assume, fraction, family, size = CASES[name]
    table = getattr(tables, family)(size)
    hidden = (tables.isotope if assume == "isotope" else tables.relabeled)(table, rng)
    verdict = deduce(cells_of(hidden, rng, fraction), order=len(table), assume=assume)
    assert isinstance(verdict, Forced)
    assert verdict.unique == "yes"
    np.testing.assert_array_equal(verdict.table, hidden)
    assert_group(verdict.group)
    rows, columns, symbols = np.broadcast_to(verdict.elements, (3, len(table)))
    assert_isotopism(verdict.table, verdict.group, rows=rows, columns=columns, symbols=symbols)


def test_one_unused_label_is_recovered_and_two_are_not(tables):
    table = tables.symmetric(4)
    for unused, expected in (([5], Forced), ([5, 9], Undecided)):
        a, b = np.indices(table.shape).reshape(2, -1)
        cells = np.stack([a, b, table[a, b]], axis=1)
        cells = cells[~np.isin(cells, unused).any(axis=1)]
        verdict = deduce(cells, order=24, assume="group")
        assert isinstance(verdict, expected)
        if expected is Forced:
            np.testing.assert_array_equal(verdict.table, table)
        else:
            assert verdict.unique == "no"
            swapped = [t for t in verdict.completions if not np.array_equal(t, table)]
            assert len(swapped) == 1
            assert_group(swapped[0])
            assert (swapped[0][cells[:, 0], cells[:, 1]] == cells[:, 2]).all()


def test_a_wrong_cell_is_refuted_with_evidence_that_names_it(tables, rng):
    table = tables.symmetric(4)
    for _ in range(5):
        cells = cells_of(table, rng, 0.5)
        wrong = int(rng.integers(len(cells)))
        cells[wrong, 2] = (cells[wrong, 2] + rng.integers(1, 24)) % 24
        verdict = deduce(cells, order=24, assume="group")
        assert isinstance(verdict, Inconsistent)
        assert wrong in verdict.evidence  # the others are consistent
        assert isinstance(deduce(np.delete(cells, wrong, 0), order=24, assume="group"), Forced)


@pytest.fixture(scope="module")
def near_misses(tables):
    """Full tables that are no isotope of a group, though most of their cells may look like one."""
    rng = np.random.default_rng(0)
    return {
        "S3 x C2 switched": tables.switched(tables.product(tables.symmetric(3), tables.cyclic(2))),
        "C2^4 switched": tables.switched(tables.product(*[tables.cyclic(2)] * 4)),
        "D10 switched": tables.switched(tables.dihedral(5)),
        "Moufang loop of order 12": tables.moufang(tables.symmetric(3)),
        "Moufang loop of order 16": tables.moufang(tables.dihedral(4)),
        "Steiner loop of order 10": tables.steiner(9, loop=True),
        **{f"random Latin square {n}": tables.random_latin(n, rng) for n in (7, 8, 9, 11, 13)},
    }


def test_near_misses_are_refuted(near_misses, tables, rng):
    seen = Counter()
    for name, table in near_misses.items():
        for assume in ("group", "isotope"):
            hidden = (tables.isotope if assume == "isotope" else tables.relabeled)(table, rng)
            verdict = deduce(cells_of(hidden, rng, 1.0), order=len(table), assume=assume)
            assert isinstance(verdict, Inconsistent), (name, assume)
            assert 0 < len(verdict.evidence) < table.size
            seen[assume] += 1
    assert seen == {"group": 11, "isotope": 11}


def test_quandles_and_semigroups_are_refuted(tables):
    group = tables.symmetric(3)
    inverse = (group == 0).argmax(axis=1)
    a, b = np.indices(group.shape)
    quandle = group[group[a, b], inverse[a]]
    minimum = np.minimum.outer(np.arange(6), np.arange(6))
    left_zero = np.broadcast_to(np.arange(6)[:, None], (6, 6))
    for table in (quandle, minimum, left_zero):
        cells = np.stack([a.ravel(), b.ravel(), table.ravel()], axis=1)
        for assume in ("group", "isotope"):
            assert isinstance(deduce(cells, order=6, assume=assume), Inconsistent)


def test_parts_of_near_misses_never_force_a_table_that_disagrees(near_misses, rng):
    """A part of a near miss may be part of a group; then the forced table contains the part."""
    forced = 0
    for table in near_misses.values():
        for fraction in (0.3, 0.5, 0.7):
            for assume in ("group", "isotope"):
                cells = cells_of(table, rng, fraction)
                verdict = deduce(cells, order=len(table), assume=assume)
                if isinstance(verdict, Forced):
                    forced += 1
                    assert_group(verdict.group)
                    a, b, c = cells.T
                    np.testing.assert_array_equal(verdict.table[a, b], c)
    assert forced > 0


def test_contradicting_observations_of_one_cell_are_inconsistent():
    for assume in ("group", "isotope"):
        verdict = deduce([[0, 1, 2], [2, 2, 1], [0, 1, 1]], order=3, assume=assume)
        assert isinstance(verdict, Inconsistent)
        assert verdict.evidence == (0, 2)


def test_no_observations_force_nothing_but_the_trivial_group():
    empty = np.empty((0, 3), np.int64)
    for assume in ("group", "isotope"):
        assert deduce(empty, order=1, assume=assume).table.tolist() == [[0]]
        verdict = deduce(empty, order=7, assume=assume)
        assert isinstance(verdict, Undecided)
        assert verdict.cells.shape == (0, 3)


def test_quotients_of_a_larger_universal_group_are_gone_through():
    """These relations present C10; its only quotient of order 5 is the completion."""
    exponents = [0, 1, 2, 8, 4]  # of a generator of C10, one for each label
    relations = [(0, 1), (1, 1), (2, 2), (4, 4), (3, 2)]
    cells = [[a, b, (exponents[a] + exponents[b]) % 5] for a, b in relations]
    assert all((exponents[a] + exponents[b] - exponents[c]) % 10 == 0 for a, b, c in cells)
    verdict = deduce(cells, order=5, assume="group")
    assert isinstance(verdict, Forced)
    assert verdict.method == "quotients"
    np.testing.assert_array_equal(verdict.table, np.add.outer(np.arange(5), np.arange(5)) % 5)


def test_limits_lead_to_undecided_and_cells_that_are_proved(tables, rng):
    table = tables.symmetric(5)
    cells = cells_of(tables.isotope(table, rng), rng, 0.062)
    verdict = deduce(cells, order=120, assume="isotope", limits=Limits(full_enumeration=False))
    assert isinstance(verdict, Undecided)
    assert (verdict.unique, verdict.universal_order) == ("unknown", None)
    assert verdict.reason == "limit: closure"
    full = deduce(cells, order=120, assume="isotope")
    assert isinstance(full, Forced)
    assert full.method == "enumeration"
    a, b, c = verdict.cells.T
    np.testing.assert_array_equal(full.table[a, b], c)
    assert len(verdict.cells) >= len(cells)
    few = deduce(cells, order=120, assume="isotope", limits=Limits(max_cosets=5))
    assert few.reason == "limit: cosets"
    small = deduce(cells, order=120, assume="isotope", limits=Limits(max_bytes=1))
    assert small.reason in ("limit: cosets", "limit: closure")


@pytest.mark.parametrize("assume", ["group", "isotope"])
@pytest.mark.parametrize("n", [3, 7, 30])
def test_a_repeat_is_refuted_by_its_two_cells(n, assume):
    """Two cells that a table without repeats can't have both are the whole evidence."""
    rng = np.random.default_rng(n)
    table = np.add.outer(np.arange(n), np.arange(n)) % n
    for kind in range(3):
        a, b = rng.integers(n, size=2)
        other = (a if kind != 1 else (a + 1) % n, b if kind != 0 else (b + 1) % n)
        cells = [(i, j, int(table[i, j])) for i, j in np.ndindex(n, n) if rng.random() < 0.6]
        cells = [each for each in cells if each[:2] not in ((a, b), other)]
        symbols = (0, 1) if kind == 2 else (0, 0)  # one cell twice, or one symbol in a line
        cells += [(a, b, symbols[0]), (*other, symbols[1])]
        order = rng.permutation(len(cells))
        verdict = deduce(np.array(cells)[order], order=n, assume=assume)
        assert isinstance(verdict, Inconsistent)
        assert verdict.minimal
        (one, two) = (np.array(cells)[order][place] for place in verdict.evidence)
        assert (one == two).sum() == 2


def test_bad_arguments_get_one_clear_message():
    with pytest.raises(ValueError, match=r"`order` must be an integer >= 1; got 0"):
        deduce([[0, 0, 0]], order=0, assume="group")
    with pytest.raises(ValueError, match=r'`assume` must be "group" or "isotope"'):
        deduce([[0, 0, 0]], order=1, assume="loop")
    with pytest.raises(TypeError, match=r"`observations` must hold integers; got dtype float64"):
        deduce([[0.0, 0, 0]], order=1, assume="group")
    with pytest.raises(ValueError, match=r"must have shape \(m, 3\); got \(1, 2\)"):
        deduce([[0, 0]], order=1, assume="group")
    with pytest.raises(ValueError, match=r"integers in 0..1; got values from 0 to 2"):
        deduce([[0, 0, 2]], order=2, assume="group")
    with pytest.raises(ValueError, match=r"`max_cosets` must not be negative; got -1"):
        Limits(max_cosets=-1)

"""Completions are compared with all operations of a theory, listed by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.tables import Table
from cayley.theories import (
    SearchLimits,
    Theory,
    complete_under,
    law,
    parse_laws,
    parse_theory,
)
from cayley.theories.laws._catalog import NOUNS
from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._numbered import NUM_NUMBERED
from oracles import agreeing, models, obeying, operations

ALL = SearchLimits(max_completions=20_000, max_nodes=100_000)


def masked(table, rng, fraction):
    return np.where(rng.random(table.shape) < fraction, table, -1)


def check(cells, theory, truth, limits=ALL):
    """Compare a completion with all tables that agree, and every statement in it."""
    completion = complete_under(cells, theory, limits=limits)
    given = cells >= 0
    np.testing.assert_array_equal(completion.given, given)
    np.testing.assert_array_equal(completion.table[given], cells[given])
    assert completion.is_exact
    assert completion.is_possible_exact
    assert completion.num_completions == len(truth) == len(completion.completions)
    assert completion.unique == ("yes" if len(truth) == 1 else "no")
    found = {table.tobytes() for table in completion.completions}
    assert found == {table.astype(np.int64).tobytes() for table in truth}
    if not len(truth):
        check_refutation(completion, cells, theory)
        return completion
    assert completion.refutation is None
    for a, b in np.argwhere(~given).tolist():
        values = sorted(set(truth[:, a, b].tolist()))
        if len(values) == 1:
            assert completion.forced[a, b]
            assert completion.table[a, b] == values[0]
            check_reason(completion, a, b)
        else:
            assert completion.table[a, b] == -1
            assert list(completion.possible[a, b]) == values
    assert len(completion.possible) == (completion.table < 0).sum()
    return completion


def check_reason(completion, a, b):
    reason = completion.reason(a, b)
    assert (a, b) not in reason.cells
    for cell in reason.cells:
        assert completion.given[cell] or completion.forced[cell]
    if reason.law is not None:
        table = completion.table
        sides = []

        def evaluated(term):
            if isinstance(term, int):
                return reason.instance[term]
            left, right = map(evaluated, term)
            assert (left, right) in {*reason.cells, (a, b)}
            return table[left, right]

        sides = [evaluated(reason.law.left), evaluated(reason.law.right)]
        assert sides[0] == sides[1]


def check_refutation(completion, cells, theory):
    """The evidence is among the given cells, and no operation with the theory has it."""
    evidence = completion.refutation.evidence
    assert all(cells[cell] >= 0 for cell in evidence)
    only = np.full_like(cells, -1)
    for cell in evidence:
        only[cell] = cells[cell]
    assert len(agreeing(models(theory, len(cells)), only)) == 0


def theories_for(order):
    """The named theories whose models of an order the oracles can list."""
    for theory in NOUNS.values():
        facts = {*map(str, theory.laws), *map(str, theory.conditions)}
        listed = (
            "x*(y*z) = (x*y)*z" in facts
            or {
                "left cancellation",
                "right cancellation",
            }
            <= facts
        )
        quandle = theory.name in ("left quandle", "left kei")
        if order <= 3 or (order == 4 and (listed or quandle)) or (order == 5 and quandle):
            yield theory


CASES = [(theory, n) for n in (1, 2, 3, 4, 5) for theory in theories_for(n)]


@pytest.mark.parametrize(("theory", "n"), CASES, ids=str)
def test_completions_of_masked_models_are_all_that_brute_force_finds(theory, n):
    rng = np.random.default_rng(n)
    tables = models(theory, n)
    if not len(tables):
        check(np.full((n, n), -1), theory, tables)
        return
    # Below half of the cells, most theories of order 4 have hundreds of completions.
    for fraction in (0.2, 0.45, 0.7, 1.0) if n < 4 else (0.55, 0.8):
        for _ in range(2):
            cells = masked(tables[rng.integers(len(tables))], rng, fraction)
            truth = agreeing(tables, cells)
            if len(truth) <= 100:
                check(cells, theory, truth)


@pytest.mark.parametrize(("theory", "n"), CASES, ids=str)
def test_random_cells_are_completed_or_refuted(theory, n):
    rng = np.random.default_rng(10 + n)
    tables = models(theory, n)
    for _ in range(3):
        cells = masked(rng.integers(n, size=(n, n)), rng, 0.4)
        truth = agreeing(tables, cells)
        if len(truth) <= 40:
            check(cells, theory, truth)
    if len(tables):
        # One wrong cell in a model.
        cells = tables[rng.integers(len(tables))].copy()
        cells[tuple(rng.integers(n, size=2))] = rng.integers(n)
        check(cells, theory, agreeing(tables, cells))


def test_every_fortieth_numbered_law_on_all_magmas_of_order_2():
    rng = np.random.default_rng(0)
    for number in range(1, NUM_NUMBERED + 1, 40):
        theory = Theory(f"law {number}", (law(number),))
        tables = obeying(operations(2), law(number))
        for fraction in (0.0, 0.5):
            cells = masked(operations(2)[rng.integers(16)], rng, fraction)
            check(cells, theory, agreeing(tables, cells))


@settings(max_examples=50)
@given(st.data())
def test_numbered_laws_with_conditions_on_magmas_of_order_3(data):
    numbers = data.draw(st.lists(st.integers(1, NUM_NUMBERED), min_size=1, max_size=2))
    conditions = data.draw(st.sets(st.sampled_from(list(Condition)), max_size=2))
    theory = Theory("drawn", tuple(map(law, numbers)), frozenset(conditions))
    tables = models(theory, 3)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    source = tables if len(tables) and rng.random() < 0.8 else operations(3)
    cells = masked(source[rng.integers(len(source))], rng, rng.choice([0.3, 0.6, 1.0]))
    truth = agreeing(tables, cells)
    if len(truth) <= 100:
        check(cells, theory, truth)


def test_idempotents_need_not_commute_where_inverses_are_those_of_no_semigroup():
    # x*(x*(x*(x*y))) = x is drawn from a search of tables where a rule of semigroups is false.
    theory = Theory("", parse_laws("x = x(x(x(xy)))"), frozenset({Condition.SEMIGROUP_INVERSES}))
    cells = np.array([[0, -1, 0], [-1, -1, 0], [-1, -1, -1]])
    truth = agreeing(models(theory, 3), cells)
    assert len(truth) == 1
    check(cells, theory, truth)


@pytest.mark.parametrize("condition", list(Condition))
def test_conditions_without_laws(condition, rng):
    theory = Theory(str(condition), (), frozenset({condition}))
    tables = models(theory, 3)
    for _ in range(8):
        cells = masked(tables[rng.integers(len(tables))], rng, 0.6)
        truth = agreeing(tables, cells)
        if len(truth) <= 100:
            check(cells, theory, truth)


@pytest.mark.parametrize("name", ["Steiner quasigroup", "commutative loop", "left rack", "band"])
def test_relabeling_the_elements_relabels_the_answer(name, rng):
    theory = parse_theory(name)
    n = 3 if name == "left rack" else 4 if name == "band" else 3
    tables = models(theory, n)
    for fraction in (0.3, 0.6):
        cells = masked(tables[rng.integers(len(tables))], rng, fraction)
        p = rng.permutation(n)
        back = np.argsort(p)
        moved = np.where(cells >= 0, p[cells], -1)[np.ix_(back, back)]
        one = complete_under(cells, theory, limits=ALL)
        other = complete_under(moved, theory, limits=ALL)
        assert one.num_completions == other.num_completions
        expected = np.where(one.table >= 0, p[one.table], -1)[np.ix_(back, back)]
        np.testing.assert_array_equal(other.table, expected)
        assert {
            (p[a], p[b]): tuple(sorted(p[list(values)])) for (a, b), values in one.possible.items()
        } == dict(other.possible)


def test_limits_lead_to_unknown_and_never_to_a_wrong_answer(rng):
    theory = parse_theory("semigroup")
    tables = models(theory, 4)
    for _ in range(4):
        cells = masked(tables[rng.integers(len(tables))], rng, 0.4)
        truth = agreeing(tables, cells)
        for limits in (
            SearchLimits(max_nodes=0),
            SearchLimits(max_nodes=5),
            SearchLimits(max_completions=2, max_nodes=200),
            SearchLimits(time_limit=0),
            SearchLimits(max_batch=1),
            SearchLimits(max_bytes=0),
        ):
            completion = complete_under(cells, theory, limits=limits)
            assert completion.unique in ("unknown", "yes" if len(truth) == 1 else "no")
            assert completion.num_completions <= len(truth)
            assert not completion.is_exact or completion.num_completions == len(truth)
            for (a, b), values in completion.possible.items():
                assert set(truth[:, a, b]) <= set(values)
                assert not completion.is_possible_exact or set(truth[:, a, b]) == set(values)
            for a, b in np.argwhere(completion.forced).tolist():
                assert set(truth[:, a, b]) == {completion.table[a, b]}


def test_a_time_limit_of_zero_deduces_nothing_wrong():
    completion = complete_under([[0, -1], [-1, -1]], "group", limits=SearchLimits(time_limit=0))
    assert completion.unique == "unknown"
    assert not completion.is_exact


def test_possible_values_are_exact_beyond_the_number_of_completions_kept():
    completion = complete_under(
        np.full((4, 4), -1), "latin", limits=SearchLimits(max_completions=2)
    )
    assert completion.unique == "no"
    assert not completion.is_exact
    assert completion.is_possible_exact
    assert all(values == (0, 1, 2, 3) for values in completion.possible.values())
    one, other = completion.completions
    assert not np.array_equal(one, other)


def test_a_table_with_labels_in_any_order_is_aligned():
    table = Table(rows="ea", columns="ae", symbols="ae", array=[[0, 1], [-1, -1]])
    completion = complete_under(table, "group")
    assert completion.table.tolist() == [[0, 1], [1, 0]]
    assert completion.unique == "yes"


def test_a_refutation_names_the_law_its_instance_and_the_cells():
    completion = complete_under([[0, 1], [0, 1]], "x*y = y*x")
    assert completion.unique == "no"
    reason = completion.refutation.reason
    assert reason.law == parse_laws("xy = yx")[0]
    assert set(reason.cells) == {(0, 1), (1, 0)} == set(completion.refutation.evidence)
    text = "refuted: x*y = y*x at x = 0, y = 1, because of (0, 1), (1, 0)"
    assert str(completion.refutation) == text


def test_contradictory_conditions_are_named():
    theory = Theory("", (), frozenset({"zero", "left cancellation"}))
    completion = complete_under(np.full((2, 2), -1), theory)
    assert completion.unique == "no"
    assert completion.num_completions == 0
    zero = complete_under([[0, 0], [0, 1]], theory)
    assert zero.refutation.reason.conditions == (Condition.LEFT_CANCELLATION,)


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ([[0.5]], TypeError, "`table` must hold integers; got dtype float64"),
        ([[0, 1]], ValueError, r"`table` must be square and not empty; got shape \(1, 2\)"),
        (
            [[0, 2], [-1, 0]],
            ValueError,
            r"entries in 0..1, or in 1..2 without a 0; got 2 at \(0, 1\)",
        ),
        (
            Table.from_triples([("a", "a", "a"), ("a", "a", "b")], labels="ab"),
            ValueError,
            "`table` has two results for 'a' o 'a'",
        ),
    ],
)
def test_bad_tables_are_refused(table, error, message):
    with pytest.raises(error, match=message):
        complete_under(table, "group")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"max_completions": 1}, "`max_completions` must be at least 2; got 1"),
        ({"max_nodes": -1}, "`max_nodes` must be at least 0"),
        ({"max_bytes": -1}, "`max_bytes` must be at least 0"),
        ({"max_batch": 0}, "`max_batch` must be at least 1"),
        ({"time_limit": -1}, "`time_limit` must not be negative; got -1"),
    ],
)
def test_bad_limits_are_refused(limits, message):
    with pytest.raises(ValueError, match=message):
        SearchLimits(**limits)


def test_results_are_frozen():
    completion = complete_under([[0, -1], [-1, -1]], "group")
    for array in (completion.table, completion.forced, *completion.completions):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    with pytest.raises(TypeError):
        completion.possible[0, 0] = (1,)

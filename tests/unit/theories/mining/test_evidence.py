import itertools
import math
import time

import numpy as np
import pytest

from cayley.theories import Theory, complete_under, parse_laws, parse_theory
from cayley.theories.laws._catalog import NOUNS
from cayley.theories.laws._conditions import Condition, failing_cells
from cayley.theories.laws._evaluation import OutOfTime, first_violation
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._evidence import NUM_TRIED, Weighing, evidence_for

LEFT, RIGHT = Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION
QUANDLE = (2 * np.arange(9)[None, :] - np.arange(9)[:, None]) % 9


def holds(theory, table):
    return all(first_violation(law, table) is None for law in theory.laws) and all(
        failing_cells(condition, table) is None for condition in theory.conditions
    )


def test_the_bound_holds_for_every_named_theory_over_all_tables_of_order_two():
    tables = np.array(list(itertools.product((0, 1), repeat=4))).reshape(-1, 2, 2)
    theories = list(NOUNS.values())
    for mask, some in (([[1, 1], [1, 1]], theories[::2]), ([[1, 0], [1, 1]], theories[1::2])):
        partial = np.where(np.array(mask) > 0, tables, -1)
        for theory in some:
            found = [evidence_for(theory, table) for table in partial]
            chances = [each.log10_chance for each in found]
            mean = sum(10**-chance for chance in chances if chance is not None) / 16
            assert mean <= 1 + 1e-9, str(theory)


def test_a_refuted_theory_has_an_instance_and_one_that_holds_has_none(rng):
    full = [
        QUANDLE,
        np.maximum.outer(np.arange(4), np.arange(4)),
        rng.integers(3, size=(3, 3)),
        np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1]]),
        np.array([[0, 0, 0], [0, 1, 0], [0, 0, 2]]),
    ]
    for table in full:
        for theory in NOUNS.values():
            evidence = evidence_for(theory, table)
            if Condition.INVERSES in theory.conditions and LEFT not in theory.conditions:
                continue
            if Condition.SEMIGROUP_INVERSES in theory.conditions:
                # Whether every element has an inverse is not looked at here.
                assert evidence.log10_chance is not None or not holds(theory, table)
                continue
            assert (evidence.violation is None) == holds(theory, table), str(theory)
            assert (evidence.log10_chance is None) == (evidence.violation is not None)
            if evidence.violation is not None:
                assert evidence.corrected == 0.0
                assert not evidence.is_earned
                assert evidence.violation.cells
                # The cells of the reason alone refute it.
                only = np.full_like(table, -1)
                for a, b in evidence.violation.cells:
                    only[a, b] = table[a, b]
                assert evidence_for(theory, only).violation is not None


def test_no_completion_exists_where_evidence_sees_a_violation(rng):
    for _ in range(40):
        table = np.where(rng.random((3, 3)) < 0.6, rng.integers(3, size=(3, 3)), -1)
        for name in ("semigroup", "semilattice", "loop", "left quandle", "monoid"):
            theory = parse_theory(name)
            if evidence_for(theory, table).violation is not None:
                assert complete_under(table, theory).refutation is not None


def test_consequences_refute_too():
    # Associativity and cancellation imply a unit; each element is excluded as one.
    table = np.full((3, 3), -1)
    table[0, 1], table[1, 2], table[2, 0] = 0, 1, 2
    group = Theory("", parse_laws("x(yz) = (xy)z"), frozenset({LEFT, RIGHT}))
    violation = evidence_for(group, table).violation
    assert violation.conditions == (Condition.UNIT,)
    assert set(violation.cells) == {(0, 1), (1, 2), (2, 0)}


def test_cells_are_credited_once():
    table = np.maximum.outer(np.arange(6), np.arange(6))
    seen = SeenCells.of(table)
    weighing = Weighing(seen=seen)
    laws = [law.canonical() for law in parse_laws("xy = yx; x(yz) = (xy)z; xx = x")]
    single = [float(seen.log10_symbol[weighing.look(law).exposed].sum()) for law in laws]
    links = weighing.links(frozenset(laws))
    together = weighing.total(frozenset(laws), frozenset(laws))
    assert together == pytest.approx(sum(links.values()))
    assert together > sum(single)
    assert min(links.values()) == pytest.approx(min(single))
    assert seen.log10_new(frozenset()) == pytest.approx(np.zeros(36))


def test_cancellations_are_conditions_to_be_earned(rng):
    square = rng.permutation(9)[np.add.outer(rng.permutation(9), rng.permutation(9)) % 9]
    evidence = evidence_for(parse_theory("quasigroup"), square)
    assert evidence.is_earned
    assert evidence.exposures == 0
    seen = SeenCells.of(square)
    total = float(seen.log10_new(frozenset({LEFT, RIGHT})).sum())
    assert evidence.corrected == pytest.approx(
        total + math.log10(NUM_TRIED) + math.log10(1) + 0.0, abs=0.31
    )
    assert not evidence_for(parse_theory("quasigroup"), square[:3, :3] % 3).is_earned
    sparse = np.where(rng.random((9, 9)) < 0.2, square, -1)
    assert not evidence_for(parse_theory("quasigroup"), sparse).is_earned


def test_a_theory_is_not_earned_by_what_others_of_its_laws_say(rng):
    """A commutative table of which too few cells are seen to test another law."""
    upper = np.triu(rng.integers(12, size=(12, 12)))
    table = upper + np.triu(upper, 1).T
    # Rows and columns 0 to 2 only: their symbols are never among them.
    seen = np.full((12, 12), -1)
    seen[:3], seen[:, :3] = table[:3], table[:, :3]
    seen[:3, :3] = seen[:3, :3].max() % 9 + 3
    commutative = evidence_for(parse_theory("commutative"), seen)
    assert commutative.is_earned
    theory = parse_theory("xy = yx; (xx)(yy) = ((xx)(xx))((yy)(yy))")
    evidence = evidence_for(theory, seen)
    assert evidence.violation is None
    assert evidence.corrected <= -6
    assert not evidence.is_earned


def test_true_theories_are_earned_and_relabeling_does_not_matter(rng):
    for name, table in (
        ("right kei", QUANDLE),
        ("semilattice", np.minimum.outer(*[np.arange(9)] * 2)),
    ):
        p = rng.permutation(9)
        renamed = np.empty_like(table)
        renamed[np.ix_(p, p)] = p[table]
        for each in (table, renamed):
            evidence = evidence_for(parse_theory(name), each)
            assert evidence.is_earned
            assert evidence.corrected < -20


def test_a_unit_costs_its_choice():
    table = np.full((8, 8), -1)
    table[3] = table[:, 3] = np.arange(8)
    weighing = Weighing(seen=SeenCells.of(table))
    look = weighing.look(Condition.UNIT)
    assert look.cost == math.log10(8)
    assert look.exposed.all()
    # A constant column alone says nothing of the row of a zero.
    table = np.where(np.arange(8) == 3, 3, np.arange(64).reshape(8, 8) % 8)
    table[3, :3] = table[3, 4:] = -1
    weighing = Weighing(seen=SeenCells.of(table))
    nothing = np.zeros(len(weighing.seen.cells), bool)
    row, column = weighing.look(Condition.ZERO).parts
    assert (row.sum(), column.sum()) == (1, 8)
    assert weighing.beyond(Condition.ZERO, nothing) >= 0
    assert (
        weighing.look(Condition.ZERO).violation is not None
        or not weighing.look(Condition.ZERO).exposed.all()
    )


def test_two_inverses_refute_an_inverse_semigroup():
    table = np.full((3, 3), -1)
    # Both 1 and 2 are inverses of 0: a band of left zeros.
    for a, b in itertools.product((0, 1, 2), repeat=2):
        table[a, b] = a
    violation = evidence_for(parse_theory("inverse semigroup"), table).violation
    assert violation.conditions == (Condition.SEMIGROUP_INVERSES,)
    assert set(violation.cells) <= set(itertools.product(range(3), repeat=2))


def test_above_order_24_it_is_weighed_too(tables):
    table = np.where(np.random.default_rng(0).random((26, 26)) < 0.5, tables.cyclic(26), -1)
    evidence = evidence_for(parse_theory("abelian group"), table)
    assert evidence.is_earned
    assert evidence_for(parse_theory("band"), table).violation is not None
    with pytest.raises(OutOfTime):
        evidence_for(parse_theory("band"), table, deadline=time.monotonic() - 1)

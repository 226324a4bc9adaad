import subprocess
import sys
import time

import numpy as np
import pytest

from cayley.theories import parse_laws, parse_theory
from cayley.theories.laws._catalog import NOUNS
from cayley.theories.laws._evaluation import OutOfTime, first_violation
from cayley.theories.mining._evidence import evidence_for
from cayley.theories.mining._standing import named, standing_theories


def names(found, standing):
    return [each.theory.name for each in found if each.standing == standing]


def masked(table, fraction, seed=0):
    return np.where(np.random.default_rng(seed).random(table.shape) < fraction, table, -1)


def test_octonions_are_a_moufang_loop_and_no_group(tables):
    table = masked(tables.moufang(tables.symmetric(3)), 0.7)
    found = standing_theories(table)
    assert found[0].theory.name == "Moufang loop"
    assert {"left Bol loop", "right Bol loop", "loop", "quasigroup"} <= set(names(found, "earned"))
    assert "group" not in {each.theory.name for each in found}
    assert [each.standing for each in found] == sorted(each.standing for each in found)


def test_all_that_stand_are_named_nouns_or_made_of_earned_facts(rng):
    table = masked(np.maximum.outer(np.arange(7), np.arange(7)), 0.6)
    found = {each.theory.name: each for each in standing_theories(table)}
    for theory in NOUNS.values():
        if not theory.laws and not theory.conditions:
            continue
        evidence = evidence_for(theory, table)
        assert (evidence.log10_chance is not None) == (theory.name in found), theory.name
        if theory.name in found:
            assert found[theory.name].evidence == evidence
    for each in found.values():
        assert all(
            first_violation(law, np.maximum.outer(*[np.arange(7)] * 2)) is None
            for law in each.theory.laws
            if each.standing == "earned"
        )
        assert parse_theory(each.theory.name).consequences() == each.theory.consequences()


def test_theories_that_disagree_both_stand():
    # Two elements, three cells: a group and a semilattice.
    table = np.array([[0, 1], [1, -1]])
    found = names(standing_theories(table), "supposed")
    assert {"group", "semilattice"} <= set(found)
    assert not names(standing_theories(table), "earned")


def test_what_an_earned_theory_implies_is_earned():
    quandle = (2 * np.arange(9)[:, None] - np.arange(9)[None, :]) % 9
    found = standing_theories(masked(quandle, 0.6, seed=4))
    facts = {each.theory.name: each.theory.consequences() for each in found}
    earned = names(found, "earned")
    assert "left kei" in earned
    # Some say too little by themselves, and are implied by others.
    assert any(not e.evidence.is_earned for e in found if e.standing == "earned")
    for name, of in facts.items():
        implied = any(of <= facts[other] for other in earned)
        assert (name in earned) == implied


def test_adjectives_and_identities_name_what_is_no_noun(tables):
    i, j = np.indices((11, 11))
    found = standing_theories(masked((2 * i + 3 * j) % 11, 0.8))
    assert found[0].theory.name == "medial quasigroup"
    group = tables.symmetric(4)
    core = group[group, np.arange(24)[:, None]]
    found = standing_theories(masked(core, 0.5))
    core_law = parse_laws("(xy)z = x(y(xz))")[0].canonical()
    assert core_law in found[0].theory.consequences()
    assert str(core_law) in found[0].theory.name


def test_numbered_laws_are_found_where_named_ones_say_nothing(rng):
    # x*y = f(y) with f of order 2 obeys x*(y*z) = w*(u*z) and no named law.
    f = np.array([1, 0, 3, 2, 5, 4, 7, 6])
    table = masked(np.repeat(f[None, :], 8, axis=0), 0.7)
    named_only = standing_theories(table)
    found = standing_theories(table, numbered=True)
    assert len(found) == len(named_only) + 1
    best = next(each for each in found if each not in named_only)
    assert best.standing == "earned"
    full = np.repeat(f[None, :], 8, axis=0)
    assert all(first_violation(law, full) is None for law in best.theory.laws)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x(yz) = (xy)z; xy = yx; quasigroup", "abelian group"),
        ("xx = x; xy = yx; x(xy) = y", "Steiner quasigroup"),
        ("xy = yx; x(yz) = (xy)z", "commutative semigroup"),
        ("medial quasigroup", "medial quasigroup"),
        ("xy = yx", "commutative magma"),
        ("x(yz) = y(xz)", "x*(y*z) = y*(x*z)"),
        ("xx = x; x(yz) = y(xz)", "idempotent magma; x*(y*z) = y*(x*z)"),
    ],
)
def test_names(text, name):
    theory = parse_theory(text)
    assert named(theory).name == name
    assert named(theory).consequences() == theory.consequences()


def test_a_condition_without_an_adjective_is_a_name(rng):
    theory = parse_theory("semigroup; zero")
    assert named(theory).name == "semigroup; zero"
    assert theory.conditions == {"zero"}


@pytest.mark.parametrize("order", [1, 2, 5, 26])
def test_all_theories_stand_where_no_cell_is_seen(order):
    found = standing_theories(np.full((order, order), -1), numbered=True)
    assert {each.theory.name for each in found} == {each.name for each in NOUNS.values()} - {
        "magma"
    }
    assert not names(found, "earned")


def test_the_clock_is_looked_at():
    with pytest.raises(OutOfTime):
        standing_theories(np.zeros((4, 4), int), deadline=time.monotonic() - 1)


def test_numba_is_not_imported_up_to_order_24():
    code = (
        "import sys, numpy as np\n"
        "from cayley.theories.mining._standing import standing_theories\n"
        "i, j = np.indices((24, 24))\n"
        "standing_theories((i + j) % 24, numbered=True)\n"
        "print('numba' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]

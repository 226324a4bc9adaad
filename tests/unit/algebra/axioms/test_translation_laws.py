"""Laws of three and four variables, against every instance on small tables."""

from itertools import product

import numpy as np
import pytest

import oracles
from cayley.algebra.axioms._mediality import MOST_EXHAUSTIVE, is_medial
from cayley.algebra.axioms._translation_laws import is_left_distributive, is_right_distributive
from cayley.algebra.loops._moufang import is_left_bol, is_moufang, is_right_bol

# Each law as two functions of the table and its variables, in the order of the counterexample.
LAWS = {
    is_left_distributive: (lambda t, x, y, z: (t[x, t[y, z]], t[t[x, y], t[x, z]])),
    is_right_distributive: (lambda t, x, y, z: (t[t[x, y], z], t[t[x, z], t[y, z]])),
    is_moufang: (lambda t, x, y, z: (t[t[x, y], t[z, x]], t[t[x, t[y, z]], x])),
    is_left_bol: (lambda t, x, y, z: (t[x, t[y, t[x, z]]], t[t[x, t[y, x]], z])),
    is_right_bol: (lambda t, x, y, z: (t[t[t[z, x], y], x], t[z, t[t[x, y], x]])),
    is_medial: (lambda t, x, y, z, w: (t[t[x, y], t[z, w]], t[t[x, z], t[y, w]])),
}


def small_tables():
    """Some of each kind: laws hold on many of them, each for a reason of its own."""
    yield from oracles.operations(2)
    yield from oracles.operations(3)[::97]
    yield from oracles.semigroups(3)
    yield from oracles.semigroups(4)[::29]
    for quandle in oracles.left_quandles(4):
        yield quandle
        yield quandle.T
    yield from oracles.latin_squares(4)[::5]
    for a, b, c in product(range(4), repeat=3):
        i, j = np.indices((4, 4))
        yield (a * i + b * j + c) % 4
        yield (a * i + b * j + c) % 4 // 2
        yield a & i ^ b & j ^ c


def every_instance(law, table):
    values = np.indices((len(table),) * (law.__code__.co_argcount - 1))
    left, right = law(table, *values)
    return bool((left == right).all())


@pytest.mark.parametrize("decide", LAWS, ids=lambda f: f.__name__)
def test_every_law_is_decided_as_by_all_instances(decide):
    law = LAWS[decide]
    held = total = 0
    for table in small_tables():
        answer = decide(np.ascontiguousarray(table))
        expected = every_instance(law, table)
        assert bool(answer) == expected, table.tolist()
        if not expected:
            left, right = law(table, *answer.counterexample)
            assert left != right, (table.tolist(), answer)
        held += expected
        total += 1
    assert 100 < held < total - 100  # both answers occur often


@pytest.mark.parametrize("n", [30, 161, 200])
def test_affine_quasigroups_are_medial_at_any_order(n, tables, rng):
    i, j = np.indices((n, n))
    table = tables.relabeled((7 * i + 11 * j + 3) % n if n % 7 and n % 11 else (i - j) % n, rng)
    assert is_medial(table).holds


def test_an_affine_square_of_automorphisms_that_do_not_commute_is_not_medial():
    # alpha and beta on C2 x C2: a swap of two elements, and a turn of all three.
    alpha, beta = np.array([0, 2, 1, 3]), np.array([0, 2, 3, 1])
    i, j = np.indices((4, 4))
    table = alpha[i] ^ beta[j]
    answer = is_medial(table)
    left, right = LAWS[is_medial](table, *answer.counterexample)
    assert left != right


def test_above_the_limit_what_no_theorem_decides_is_said_to_be_open():
    for n, decided in ((60, True), (MOST_EXHAUSTIVE + 2, False)):
        i, j = np.indices((n, n))
        # Medial, as an affine form over the integers mod n, but 2 is no unit: neither Latin nor a
        # rack, and not associative.
        answer = is_medial((2 * i + 4 * j) % n)
        assert (answer is not None and answer.holds) is decided


def test_medial_quandles_and_semilattices_of_large_order():
    i, j = np.indices((200, 200))
    assert is_medial((2 * i - j) % 200).holds
    assert is_medial(np.maximum(i, j)).holds
    assert is_left_distributive((2 * i - j) % 200)


@pytest.mark.parametrize("k", [3, 4])
def test_a_quandle_that_is_not_medial(k, tables):
    # Conjugation in S3 is small enough that no instances are drawn at random.
    group = tables.symmetric(k)
    inverse = (group == 0).argmax(axis=1)
    conjugation = group[group, inverse[:, None]]
    assert is_left_distributive(conjugation)
    for table in (conjugation, conjugation.T):
        left, right = LAWS[is_medial](table, *is_medial(table).counterexample)
        assert left != right

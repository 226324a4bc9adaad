"""Regular and inverse semigroups and semilattices, against their definitions."""

import numpy as np
import pytest

import oracles
from cayley.algebra.semigroups._regular import is_inverse_semigroup, is_regular, is_semilattice


def inverses(table, a):
    return [
        x for x in range(len(table)) if table[table[a, x], a] == a and table[table[x, a], x] == x
    ]


def test_all_semigroups_of_order_three_and_some_of_order_four():
    found = []
    for table in (*oracles.semigroups(3), *oracles.semigroups(4)[::7]):
        n = len(table)
        counts = [len(inverses(table, a)) for a in range(n)]
        regular = all(any(table[table[a, x], a] == a for x in range(n)) for a in range(n))
        assert bool(is_regular(table)) == regular == (min(counts) > 0)
        assert bool(is_inverse_semigroup(table)) == (counts == [1] * n)
        commutes = bool((table == table.T).all())
        bands = bool((table.diagonal() == np.arange(n)).all())
        assert bool(is_semilattice(table)) == (commutes and bands)
        found.append((regular, counts == [1] * n, commutes and bands))
    assert len(set(found)) == 4


@pytest.mark.parametrize("ask", [is_regular, is_inverse_semigroup, is_semilattice])
def test_what_is_no_semigroup_has_none_of_these(ask):
    for table in oracles.operations(3)[::101]:
        if not any(np.array_equal(table, each) for each in oracles.semigroups(3)):
            assert not ask(table)


def test_counterexamples_show_what_fails():
    left_zero = np.indices((3, 3))[0]
    e, f = is_inverse_semigroup(left_zero).counterexample
    assert left_zero[e, f] != left_zero[f, e]
    null = np.zeros((3, 3), int)
    (a,) = is_regular(null).counterexample
    assert a > 0
    assert is_inverse_semigroup(null).counterexample == (a,)
    rock_paper_scissors = np.array([[0, 1, 0], [1, 1, 2], [0, 2, 2]])
    a, b, c = is_semilattice(rock_paper_scissors).counterexample
    t = rock_paper_scissors
    assert t[t[a, b], c] != t[a, t[b, c]]

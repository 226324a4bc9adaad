import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.algebra import is_homomorphism, is_isomorphism
from cayley.testing import assert_homomorphism


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 11))
@settings(deadline=None)
def test_maps_between_cyclic_groups(tables, n, m, k):
    """x -> k x is a homomorphism from C_n to C_m exactly if m divides k n, or n = 1."""
    mapping = k * np.arange(n) % m
    answer = is_homomorphism(tables.cyclic(n), tables.cyclic(m), mapping)
    assert bool(answer) == (n == 1 or k * n % m == 0)
    if answer:
        assert_homomorphism(tables.cyclic(n), tables.cyclic(m), mapping)
    else:
        a, b = answer.counterexample
        assert mapping[(a + b) % n] != (mapping[a] + mapping[b]) % m
    bijective = n == m and np.gcd(k, n) == 1
    assert bool(is_isomorphism(tables.cyclic(n), tables.cyclic(m), mapping)) == bijective


def test_counterexamples_of_isomorphism(tables):
    c2, c4 = tables.cyclic(2), tables.cyclic(4)
    assert is_isomorphism(c4, c2, [0, 1, 0, 1]).counterexample == (0, 2)
    assert is_isomorphism(c4, c4, [0, 2, 1, 3]).counterexample is not None
    missed = is_isomorphism(c2, c4, [0, 2])
    assert not missed
    assert missed.counterexample is None


def test_relabeling_is_an_isomorphism(tables, rng):
    table = tables.symmetric(4)
    p = rng.permutation(24)
    relabeled = p[table[np.ix_(np.argsort(p), np.argsort(p))]]
    assert is_isomorphism(table, relabeled, p)


@pytest.mark.parametrize("mapping", [[0], [0.0, 1.0], [0, 2], [0, -1]])
def test_maps_that_are_none_are_refused(mapping, tables):
    with pytest.raises(ValueError, match="`mapping` must"):
        is_homomorphism(tables.cyclic(2), tables.cyclic(2), mapping)

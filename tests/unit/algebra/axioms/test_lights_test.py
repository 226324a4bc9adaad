import numpy as np
import pytest

from cayley.algebra import is_associative


def test_a_single_wrong_product_is_found(tables, rng):
    """One changed cell makes a group or semigroup non-associative more often than not."""
    found = 0
    for table in (tables.cyclic(7), tables.symmetric(3), np.maximum.outer(range(6), range(6))):
        n = len(table)
        for _ in range(60):
            broken = table.copy()
            broken[tuple(rng.integers(n, size=2))] = rng.integers(n)
            expected = all(
                broken[broken[a, b], c] == broken[a, broken[b, c]]
                for a in range(n)
                for b in range(n)
                for c in range(n)
            )
            answer = is_associative(broken)
            assert bool(answer) == expected
            if not expected:
                a, b, c = answer.counterexample
                assert broken[broken[a, b], c] != broken[a, broken[b, c]]
                found += 1
    assert found > 100


@pytest.mark.parametrize("n", [255, 256, 257])
def test_the_narrow_integer_types_hold_every_element(n, tables):
    table = tables.cyclic(n)
    assert is_associative(table)
    table[n - 1, n - 1] = n - 1
    assert not is_associative(table)


def test_magmas_that_only_all_elements_generate():
    n = 60
    left_zero = np.repeat(np.arange(n)[:, None], n, axis=1)
    assert is_associative(left_zero)
    assert is_associative(left_zero.T)
    left_zero[n - 1, n - 2] = 0
    assert not is_associative(left_zero)


def test_large_group(tables, rng):
    assert is_associative(tables.relabeled(tables.dihedral(300), rng))

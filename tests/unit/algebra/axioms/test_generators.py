import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.combinatorics import Permutation, PermutationGroup

from cayley.algebra import Group, generated_submagma, generating_set

tables_of_order_up_to_5 = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.integers(0, n - 1), min_size=n * n, max_size=n * n).map(
        lambda cells: np.array(cells).reshape(n, n)
    )
)


@given(tables_of_order_up_to_5, st.integers(0, 4))
@settings(deadline=None)
def test_closure_is_the_smallest_closed_set(table, seed):
    seed %= len(table)
    expected = {seed}
    while True:
        larger = expected | {int(table[a, b]) for a in expected for b in expected}
        if larger == expected:
            break
        expected = larger
    assert set(generated_submagma(table, [seed]).tolist()) == expected


@given(tables_of_order_up_to_5)
@settings(deadline=None)
def test_generating_set_generates(table):
    generators = generating_set(table)
    assert len(set(generators.tolist())) == len(generators)
    assert len(generated_submagma(table, generators)) == len(table)


@pytest.mark.parametrize("n", [1, 2, 64, 97])
def test_few_generators_suffice_for_a_quasigroup(n, tables):
    assert len(generating_set(tables.cyclic(n))) <= 1 + np.log2(n)


def test_subgroups_of_s5_have_the_orders_that_sympy_finds(rng):
    s5 = Group.from_permutations([[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]])
    images = sorted(
        p.array_form
        for p in PermutationGroup(
            Permutation([1, 2, 3, 4, 0]), Permutation([1, 0, 2, 3, 4])
        ).elements
    )
    for _ in range(20):
        a, b = rng.integers(120, size=2).tolist()
        expected = PermutationGroup(Permutation(images[a]), Permutation(images[b])).order()
        assert len(generated_submagma(s5.table, [a, b])) == expected

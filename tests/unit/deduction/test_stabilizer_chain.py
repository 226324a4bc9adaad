"""Orders of permutation groups against SymPy and against known puzzles."""

import numpy as np
import pytest

from cayley.deduction._stabilizer_chain import permutation_group_order


def test_orders_agree_with_sympy():
    combinatorics = pytest.importorskip("sympy.combinatorics")
    random = np.random.default_rng(0)
    for _ in range(40):
        k, m = int(random.integers(1, 9)), int(random.integers(1, 4))
        generators = [random.permutation(k).tolist() for _ in range(m)]
        group = combinatorics.PermutationGroup([combinatorics.Permutation(p) for p in generators])
        assert permutation_group_order(generators) == group.order()


def test_large_groups():
    cycle, swap = [*range(1, 30), 0], [1, 0, *range(2, 30)]
    assert permutation_group_order([cycle, swap]) == 265252859812191058636308480000000
    mathieu = [
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0],
        [0, 1, 6, 9, 5, 3, 10, 2, 8, 4, 7],
    ]
    assert permutation_group_order(mathieu) == 7920


def test_edge_cases():
    assert permutation_group_order([]) == 1
    assert permutation_group_order([[0, 1, 2]]) == 1
    with pytest.raises(ValueError, match="not a permutation"):
        permutation_group_order([[0, 0]])

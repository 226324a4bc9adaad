import itertools

import numpy as np
import pytest
from tests.oracles import labeled_isotopes

from cayley.deduction.wrong_entries._distance import is_determined, least_distance


@pytest.mark.parametrize("order", [2, 3, 4, 5])
def test_the_least_distance_is_that_of_all_pairs(order):
    """Relabeling takes any table to another isotope, so one table of each group is enough."""
    tables = labeled_isotopes(order)
    i, j = np.indices((order, order))
    groups = [(i + j) % order, i ^ j] if order == 4 else [(i + j) % order]
    apart = np.concatenate([(tables != group).sum(axis=(1, 2)) for group in groups])
    assert apart[apart > 0].min() == least_distance(order)


def test_up_to_one_less_than_the_order_is_determined():
    for order in (2, 3, 5, 7, 8, 100):
        assert is_determined(order, num_wrong=order - 1)
        assert not is_determined(order, num_wrong=order)
    assert [is_determined(4, num_wrong=k) for k in (1, 2)] == [True, False]
    assert [is_determined(6, num_wrong=k) for k in (3, 4)] == [True, False]
    assert is_determined(1, num_wrong=1)


def least_apart(one, other):
    """The least distance of `one` to another isotope of `other`, both groups of order 6.

    Multiplying on the left or right moves any row and column to the first place, so only the rows
    and columns that stay behind are permuted; symbols in all ways.
    """
    orders = np.array(list(itertools.permutations(range(6))))
    fixing = orders[orders[:, 0] == 0]
    agreeing = np.zeros((len(fixing), len(fixing), 6, 6), np.int8)
    p, q = np.ix_(range(len(fixing)), range(len(fixing)))
    for a, b in itertools.product(range(6), repeat=2):
        agreeing[p, q, other[fixing[:, a][:, None], fixing[:, b][None, :]], one[a, b]] += 1
    total = sum(agreeing[:, :, symbol, orders[:, symbol]] for symbol in range(6))
    apart = 36 - total
    return int(apart[apart > 0].min())


def test_order_six_is_an_exception():
    i, j = np.indices((6, 6))
    cyclic = (i + j) % 6
    moves = list(itertools.permutations(range(3)))
    symmetric = np.array([[moves.index(tuple(p[k] for k in q)) for q in moves] for p in moves])
    assert least_apart(cyclic, cyclic) == 8 == least_distance(6)
    assert least_apart(symmetric, cyclic) == 12
    assert least_apart(symmetric, symmetric) == 12

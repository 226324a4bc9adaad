from collections import Counter

import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from cayley.tables import all_small_groups, small_group
from cayley.tables.families._small_groups import LARGEST_LISTED_ORDER

# Numbers of groups of order 1, 2, ...: sequence A000001 of the OEIS.
COUNTS = [1, 1, 1, 2, 1, 2, 1, 5, 2, 2, 1, 5, 1, 2, 1, 14, 1, 5, 1, 5, 2, 2, 1, 15, 2, 2, 5, 4, 1,
          4, 1, 51, 1, 2, 1, 14, 1, 2, 2, 14, 1, 6, 1, 4, 2, 2, 1, 52, 2, 5, 1, 5, 1, 15, 2, 13, 2,
          2, 1, 13, 1, 2, 4, 267, 1, 4, 1, 5, 1, 4, 1, 50, 1, 2, 3, 4, 1, 6, 1, 52, 15, 2, 1, 15, 1,
          2, 1, 12, 1, 10, 1, 4, 2, 2, 1, 231, 1, 5, 2, 16]  # fmt: skip


def test_every_group_of_order_up_to_100_is_listed_once():
    groups = all_small_groups()
    assert len(groups) == sum(COUNTS) == 1048
    counts = Counter(group.order for group in groups)
    assert [counts[order] for order in range(1, LARGEST_LISTED_ORDER + 1)] == COUNTS
    for order, count in enumerate(COUNTS, start=1):
        assert [group.id for group in all_small_groups(order)] == list(range(1, count + 1))


@pytest.mark.parametrize("order", [1, 6, 8, 12, 16, 24, 60])
def test_generators_generate_a_group_of_the_order(order):
    for group in all_small_groups(order):
        generators = [Permutation(list(images)) for images in group.generators]
        expected = PermutationGroup(generators or [Permutation([0])])
        assert expected.order() == order
        table = small_group(order, group.id)
        assert table.order == order
        assert table.has_one_alphabet
        abelian = (table.array == table.array.T).all()
        assert bool(expected.is_abelian) == abelian


def test_the_list_is_read_once():
    assert all_small_groups(8) is all_small_groups(8)


@pytest.mark.parametrize("order", [0, 101, -1])
def test_orders_that_are_not_listed(order):
    with pytest.raises(ValueError, match=f"`order` must be 1 to 100; got {order}"):
        all_small_groups(order)


@pytest.mark.parametrize("number", [0, 6])
def test_ids_that_are_not_listed(number):
    with pytest.raises(ValueError, match=f"`id` must be 1 to 5 for order 8; got {number}"):
        small_group(8, number)

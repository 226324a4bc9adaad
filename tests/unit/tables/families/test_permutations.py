import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy.combinatorics import Permutation, PermutationGroup

from cayley.tables import permutation_group_elements
from cayley.tables.families._permutations import (
    cycle_notation,
    multiplication_table,
    permutation_group_table,
)


def compose(a, b):
    """First a, then b."""
    return tuple(b[i] for i in a)


@st.composite
def generator_lists(draw):
    degree = draw(st.integers(1, 5))
    return draw(st.lists(st.permutations(range(degree)), min_size=1, max_size=3))


@given(generator_lists())
def test_elements_and_products_by_brute_force(generators):
    elements = {tuple(range(len(generators[0])))}
    while True:
        products = {compose(a, tuple(g)) for a in elements for g in generators} | elements
        if products == elements:
            break
        elements = products
    listed = sorted(elements)
    found = permutation_group_elements(generators)
    assert list(map(tuple, found.tolist())) == listed
    expected = [[listed.index(compose(a, b)) for b in listed] for a in listed]
    assert multiplication_table(found).tolist() == expected


@given(generator_lists())
def test_order_agrees_with_sympy(generators):
    assert len(permutation_group_elements(generators)) == (
        PermutationGroup([Permutation(list(g)) for g in generators]).order()
    )


def test_composition_is_first_left_then_right():
    table = permutation_group_table([[1, 2, 0], [1, 0, 2]])
    for a, b in itertools.product(table.rows, repeat=2):
        left, right = (permutation_of(label, 3) for label in (a, b))
        assert permutation_of(table[a, b], 3) == left * right


def permutation_of(label, degree):
    cycles = [[int(i) - 1 for i in part.split()] for part in re.findall(r"\(([^)]+)\)", label)]
    return Permutation(cycles, size=degree)


def test_identity_comes_first():
    table = permutation_group_table([[1, 2, 3, 4, 0]])
    assert table.rows[0] == "()"
    assert table.array[0].tolist() == table.array[:, 0].tolist() == list(range(5))


def test_no_generators_give_the_trivial_group():
    assert permutation_group_table([]).rows == ("()",)


def test_cycles():
    assert cycle_notation([2, 0, 1, 3, 5, 4]) == "(1 3 2)(5 6)"


@pytest.mark.parametrize(
    ("generators", "message"),
    [
        ([[0, 0]], r"\[0, 0\] is not a permutation of 0..1"),
        ([[1, 2]], "is not a permutation of 0..1"),
        ([[0.5]], "must be lists of integers"),
        ([[]], "must be lists of integers"),
        ([3], "must be lists of integers"),
        ([[0, 1], [0]], r"must have one length; got \[1, 2\]"),
    ],
)
def test_refuses_what_is_no_permutation(generators, message):
    with pytest.raises(ValueError, match=message):
        permutation_group_table(generators)


def test_stops_at_the_limit():
    generators = [[*range(1, 12), 0], [1, 0, *range(2, 12)]]
    with pytest.raises(ValueError, match=r"as far as seen, has order .* over the limit of 100"):
        permutation_group_table(generators, max_order=100)


def test_large_degree_needs_no_large_keys():
    generators = np.array([[*range(1, 150), 0]])
    table = permutation_group_table(generators)
    powers = (np.arange(150)[:, None] + np.arange(150)) % 150
    assert np.array_equal(table.array, powers)

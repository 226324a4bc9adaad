import pickle

import numpy as np
import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from cayley.algebra import Group, generated_submagma, identify
from cayley.testing import assert_group

GENERATORS = {
    "trivial": [],
    "identity alone": [[0, 1, 2]],
    "C6": [[1, 2, 0, 4, 3]],
    "S4": [[1, 2, 3, 0], [1, 0, 2, 3]],
    "A5": [[1, 2, 3, 4, 0], [1, 2, 0, 3, 4]],
    "C3 wr C2": [[1, 2, 0, 4, 5, 3, 7, 8, 6], [0, 3, 6, 1, 4, 7, 2, 5, 8]],
}


@pytest.mark.parametrize("generators", GENERATORS.values(), ids=GENERATORS)
def test_permutation_groups_agree_with_sympy(generators):
    group = Group.from_permutations(generators)
    assert_group(group.table)
    oracle = PermutationGroup([Permutation(g) for g in generators] or [Permutation([0])])
    elements = sorted(oracle.elements, key=lambda p: p.array_form)
    assert group.order == oracle.order()
    assert group.is_abelian == oracle.is_abelian
    assert group.element_orders.tolist() == [p.order() for p in elements]
    place = {tuple(p.array_form): i for i, p in enumerate(elements)}
    expected = [[place[tuple((p * q).array_form)] for q in elements] for p in elements]
    assert group.table.tolist() == expected
    assert group.inverses.tolist() == [place[tuple((p**-1).array_form)] for p in elements]


def test_generators_generate_and_none_is_redundant(group_of):
    for order, number in [(1, 1), (2, 1), (16, 14), (24, 12), (60, 5), (64, 267), (96, 70)]:
        group = group_of(order, number)
        chosen = list(group.generators)
        assert len(generated_submagma(group.table, [group.identity, *chosen])) == order
        for x in chosen:
            others = [y for y in chosen if y != x]
            assert len(generated_submagma(group.table, [group.identity, *others])) < order


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[0, 1], [0, 1]], r"cells \(0, 0\) and \(1, 0\) both hold 0"),
        ([[0, 2, 1], [1, 0, 2], [2, 1, 0]], "no identity"),
        ([[0, -1], [1, 0]], "full"),
    ],
    ids=["not latin", "no identity", "partial"],
)
def test_from_table_refuses_with_the_reason(table, message):
    with pytest.raises(ValueError, match=message):
        Group.from_table(table)


def test_from_table_names_the_failing_triple(tables):
    with pytest.raises(ValueError, match=r"not associative: \(\d+ \d+\) \d+ = \d+, but"):
        Group.from_table(tables.moufang(tables.symmetric(3)))


def test_from_table_accepts_any_place_of_the_identity(tables, rng):
    table = tables.relabeled(tables.symmetric(4), rng)
    group = Group.from_table(table)
    assert (table[group.identity] == np.arange(24)).all()
    assert (identify(group).name, identify(group).gap_id) == ("S4", (24, 12))


@pytest.mark.parametrize(
    ("generators", "message"),
    [
        ([[0, 0]], "not a permutation"),
        ([[1, 0], [0, 1, 2]], "one length"),
        ([[1, 2]], "not a permutation"),
    ],
)
def test_from_permutations_refuses(generators, message):
    with pytest.raises(ValueError, match=message):
        Group.from_permutations(generators)


def test_from_permutations_stops_at_the_largest_order():
    with pytest.raises(ValueError, match="over the limit of 23"):
        Group.from_permutations(GENERATORS["S4"], max_order=23)
    assert Group.from_permutations(GENERATORS["S4"], max_order=24).order == 24


def test_group_is_a_value(tables):
    group = Group.from_table(tables.cyclic(4))
    same = Group.from_table(tables.cyclic(4))
    assert group == same
    assert hash(group) == hash(same)
    assert group != Group.from_table(tables.cyclic(5))
    assert group != "C4"
    assert pickle.loads(pickle.dumps(group)) == group
    for array in (group.table, group.inverses, group.element_orders):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(AttributeError):
        group.identity = 1
    assert repr(group) == "Group(order=4, identity=0)"

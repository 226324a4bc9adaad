import numpy as np
import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from cayley.algebra import (
    Group,
    abelian_invariants,
    center,
    conjugacy_classes,
    derived_subgroup,
)
from cayley.algebra.groups._conjugacy_classes import element_power, power_map

IDS = [
    (1, 1),
    (2, 1),
    (6, 1),
    (8, 3),
    (8, 4),
    (12, 1),
    (16, 3),
    (24, 3),
    (24, 12),
    (32, 49),
    (60, 5),
]


@pytest.mark.parametrize("gap_id", IDS, ids=str)
def test_classes_agree_with_the_definition(gap_id, group_of):
    group = group_of(*gap_id)
    table, inverse = group.table, group.inverses
    expected = {
        frozenset(table[table[inverse, x], np.arange(group.order)].tolist())
        for x in range(group.order)
    }
    classes = conjugacy_classes(group)
    found = {frozenset(classes.members(i).tolist()) for i in range(len(classes))}
    assert found == expected
    for i in range(len(classes)):
        members = classes.members(i)
        assert classes.representatives[i] == members.min()
        assert classes.sizes[i] == len(members)
        assert set(group.element_orders[members].tolist()) == {classes.orders[i]}
    keys = list(zip(classes.orders, classes.sizes, classes.representatives, strict=True))
    assert keys == sorted(keys)
    assert not classes.labels.flags.writeable


@pytest.mark.parametrize("gap_id", IDS, ids=str)
def test_centre_and_derived_subgroup_agree_with_sympy(gap_id, small_groups, group_of):
    group = group_of(*gap_id)
    entry = next(g for g in small_groups if (g["order"], g["id"]) == gap_id)
    oracle = PermutationGroup([Permutation(g) for g in entry["generators"]] or [Permutation([0])])
    assert len(center(group)) == oracle.center().order()
    assert len(derived_subgroup(group)) == oracle.derived_subgroup().order()
    assert sorted(abelian_invariants(group)) == sorted(oracle.abelian_invariants())


@pytest.mark.parametrize("exponent", [-2, -1, 0, 1, 2, 3, 5, 12, 1000])
def test_powers_agree_with_repeated_multiplication(exponent, tables):
    group = Group.from_table(tables.symmetric(4))
    expected = np.full(24, group.identity)
    base = np.arange(24) if exponent >= 0 else group.inverses
    for _ in range(abs(exponent)):
        expected = group.table[expected, base]
    assert element_power(group, exponent).tolist() == expected.tolist()
    classes = conjugacy_classes(group)
    by_class = power_map(group, exponent, classes=classes)
    assert by_class.tolist() == power_map(group, exponent).tolist()
    # the power map of the group covers that of the classes
    assert classes.labels[expected].tolist() == by_class[classes.labels].tolist()


def test_abelian_invariants_of_products(tables, rng):
    for orders in [(2, 2, 4, 8), (9, 3, 5), (12, 10), (7,), (2, 3, 4, 5)]:
        table = tables.product(*(tables.cyclic(n) for n in orders))
        group = Group.from_table(tables.relabeled(table, rng))
        parts = [p**k for n in orders for p, k in _factored(n)]
        assert sorted(abelian_invariants(group)) == sorted(parts)


def _factored(n):
    return [(p, k) for p in (2, 3, 5, 7) for k in (3, 2, 1) if n % p**k == 0 and n % p ** (k + 1)]

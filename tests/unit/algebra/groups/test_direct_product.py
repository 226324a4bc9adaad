import re
from collections import Counter

import pytest

from cayley.algebra import Group, identify
from cayley.algebra.groups._direct_product import direct_factors
from cayley.testing import assert_group

PRODUCTS = [
    ["C2", "C2", "C3", "C4"],
    ["C2", "S3"],
    ["S3", "S3", "S3"],
    ["C2", "D8", "Q8"],
    ["C3", "S4", "D8"],
    ["Q8", "Q8"],
    ["A5"],
    ["Q8"],
    ["C8"],
]


@pytest.mark.parametrize("names", PRODUCTS, ids=" x ".join)
def test_a_product_splits_into_its_indecomposable_factors(names, tables, rng):
    known = {
        **{f"C{n}": tables.cyclic(n) for n in (2, 3, 4, 8)},
        "S3": tables.symmetric(3),
        "S4": tables.symmetric(4),
        "D8": tables.dihedral(4),
        "Q8": tables.dihedral(4, dicyclic=True),
        "A5": tables.alternating(5),
    }
    table = tables.relabeled(tables.product(*(known[name] for name in names)), rng)
    factors = direct_factors(Group.from_table(table))
    for factor in factors:
        assert_group(factor.table)
    assert Counter(identify(factor).name for factor in factors) == Counter(names)


@pytest.mark.parametrize("most", [63, pytest.param(100, marks=pytest.mark.slow)])
def test_exactly_the_groups_that_gap_writes_as_products_split(small_groups, most):
    """In all groups of these orders that are not abelian the search misses no factor.

    GAP writes D12 for C2 x S3, and likewise D20, D28, ...
    """
    for entry in small_groups:
        if entry["order"] > most:
            break
        top = entry["name"]
        while "(" in top:
            top = re.sub(r"\([^()]*\)", "", top)
        group = Group.from_permutations(entry["generators"])
        if not group.is_abelian:
            is_product = " x " in top and " : " not in top and " . " not in top
            is_product |= top == f"D{group.order}" and group.order % 8 == 4
            assert (len(direct_factors(group)) > 1) == is_product, entry["name"]


def test_coprime_factors_split_however_many_classes_there_are(tables):
    """C166 x S3 has 498 classes, beyond what the general search takes on."""
    group = Group.from_table(tables.product(tables.symmetric(3), tables.cyclic(166)))
    assert Counter(factor.order for factor in direct_factors(group)) == Counter([83, 2, 6])
    found = identify(group)
    assert (found.name, found.proved) == ("C166 x S3", True)
    d8 = tables.dihedral(4)
    large = tables.product(d8, tables.cyclic(25), tables.cyclic(5))
    assert identify(large).name == "C25 x C5 x D8"

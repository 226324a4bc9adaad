from math import prod

import pytest
from sympy import factorint
from sympy.functions.combinatorial.numbers import partition

from cayley.algebra import Group, abelian_invariants
from cayley.algebra.identification._structure_description import abelian_name, product_name


@pytest.mark.parametrize(
    ("invariants", "name"),
    [((), "1"), ((2,), "C2"), ((2, 2), "C2 x C2"), ((2, 3), "C6"), ((4, 2, 9, 3, 5), "C180 x C6")],
)
def test_abelian_names(invariants, name):
    assert abelian_name(invariants) == name


def test_names_of_all_listed_abelian_groups_are_gaps(small_groups):
    groups = ((g["name"], Group.from_permutations(g["generators"])) for g in small_groups)
    abelian = [(name, group) for name, group in groups if group.is_abelian]
    counts = (prod(map(partition, factorint(n).values())) for n in range(1, 101))
    assert len(abelian) == sum(map(int, counts))
    for name, group in abelian:
        assert abelian_name(abelian_invariants(group)) == name


def test_product_names():
    assert product_name((), ("S4", "S4")) == "S4 x S4"
    assert product_name((2, 3), ("C3 : C4",)) == "C6 x (C3 : C4)"

import pytest
from sympy import isprime

from cayley.algebra import Group, identify
from cayley.algebra.identification._simple_groups import _NAMES, simple_name


def test_orders_of_the_linear_groups():
    """|PSL(2, q)| = q (q^2 - 1) / gcd(2, q - 1), for every prime power q that belongs here."""
    powers = [q for q in range(7, 32) if isprime(q) or q in (8, 16, 25, 27)]
    orders = {q: q * (q * q - 1) // (1 if q % 2 == 0 else 2) for q in powers}
    expected = {order: f"PSL(2,{q})" for q, order in orders.items() if order < 10_000}
    assert expected == {order: n for order, n in _NAMES.items() if n.startswith("PSL(2")}


def test_psl_2_8_on_the_projective_line():
    def times(x, y):  # in GF(8) with a^3 = a + 1
        z = 0
        for i in range(3):
            z ^= (x << i) * (y >> i & 1)
        for i in (4, 3):
            z ^= (0b1011 << (i - 3)) * (z >> i & 1)
        return z

    inverse = {x: y for x in range(1, 8) for y in range(1, 8) if times(x, y) == 1}
    shift = [*(x ^ 1 for x in range(8)), 8]
    scale = [*(times(2, x) for x in range(8)), 8]
    invert = [8, *(inverse[x] for x in range(1, 8)), 0]
    group = Group.from_permutations([shift, scale, invert])
    assert group.order == 504
    assert identify(group).name == "PSL(2,8)"


@pytest.mark.parametrize(
    ("order", "number"), [(60, 1), (60, 5), (60, 4)], ids=["solvable", "A5", "cyclic"]
)
def test_order_alone_does_not_decide(order, number, group_of):
    name = simple_name(group_of(order, number))
    assert name == ("A5" if number == 5 else None)


def test_a_direct_product_of_order_168_is_not_simple(tables):
    frobenius = Group.from_permutations([[1, 2, 3, 4, 5, 6, 0], [0, 2, 4, 6, 1, 3, 5]])
    group = Group.from_table(tables.product(frobenius.table, tables.dihedral(4)))
    assert group.order == 168
    assert simple_name(group) is None
    assert identify(group).name == "D8 x (C7 : C3)"

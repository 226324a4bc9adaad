import itertools
import math

import numpy as np
import pytest
from sympy.combinatorics.named_groups import AlternatingGroup, DihedralGroup, SymmetricGroup

from cayley.tables import Table
from cayley.tables.families._families import (
    alternating_group,
    cyclic_group,
    dicyclic_group,
    dihedral_group,
    direct_product,
    is_prime,
    projective_special_linear_group,
    quaternion_group,
    symmetric_group,
)


def assert_group(table):
    """Latin, associative, one alphabet, and the first label is the identity."""
    array, n = table.array, table.order
    assert table.rows == table.columns == table.symbols
    assert array[0].tolist() == array[:, 0].tolist() == list(range(n))
    assert (np.sort(array, axis=0) == np.arange(n)[:, None]).all()
    assert (np.sort(array, axis=1) == np.arange(n)).all()
    assert np.array_equal(array[array], array[:, array])


def element_orders(table):
    def order_of(x):
        power, count = x, 1
        while power:
            power, count = table.array[power, x], count + 1
        return count

    return sorted(map(order_of, range(table.order)))


def sympy_element_orders(group):
    return sorted(element.order() for element in group.elements)


@pytest.mark.parametrize(
    "table",
    [
        *(cyclic_group(n) for n in (1, 2, 7)),
        *(dihedral_group(n) for n in (2, 4, 6, 8, 14)),
        *(dicyclic_group(n) for n in (4, 8, 12, 20)),
        *(quaternion_group(n) for n in (8, 16)),
        *(symmetric_group(n) for n in (1, 2, 3, 4)),
        *(alternating_group(n) for n in (1, 2, 3, 4)),
        *(projective_special_linear_group(n) for n in (2, 3, 5)),
        direct_product(cyclic_group(2), symmetric_group(3)),
    ],
    ids=repr,
)
def test_every_family_is_a_group(table):
    assert_group(table)


@pytest.mark.parametrize("degree", [2, 3, 4, 5])
def test_element_orders_agree_with_sympy(degree):
    assert element_orders(symmetric_group(degree)) == sympy_element_orders(SymmetricGroup(degree))
    if degree > 2:
        expected = sympy_element_orders(AlternatingGroup(degree))
        assert element_orders(alternating_group(degree)) == expected
        expected = sympy_element_orders(DihedralGroup(degree))
        assert element_orders(dihedral_group(2 * degree)) == expected


def test_cyclic_group_adds():
    table = cyclic_group(12)
    for a, b in itertools.product(range(12), repeat=2):
        assert table[str(a), str(b)] == str((a + b) % 12)


@pytest.mark.parametrize("half", [1, 2, 3, 4, 7])
def test_dihedral_group_by_matrices(half):
    angle = 2 * np.pi / half
    r = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    s = np.diag([1.0, -1.0])
    elements = [np.linalg.matrix_power(s, k) @ np.linalg.matrix_power(r, i)
                for k in (0, 1) for i in range(half)]  # fmt: skip
    table = dihedral_group(2 * half)
    for a, b in itertools.product(range(2 * half), repeat=2):
        assert np.allclose(elements[a] @ elements[b], elements[table.array[a, b]])
    assert table.rows[:2] == (("e", "r") if half > 1 else ("e", "s"))


@pytest.mark.parametrize("order", [4, 8, 12, 16, 20])
def test_dicyclic_group_by_complex_matrices(order):
    root = np.exp(4j * np.pi / order)
    r, s = np.diag([root, 1 / root]), np.array([[0, -1], [1, 0]])
    elements = [np.linalg.matrix_power(s, k) @ np.linalg.matrix_power(r, i)
                for k in (0, 1) for i in range(order // 2)]  # fmt: skip
    table = dicyclic_group(order)
    for a, b in itertools.product(range(order), repeat=2):
        assert np.allclose(elements[a] @ elements[b], elements[table.array[a, b]])


def test_quaternions_multiply_as_hamilton_wrote():
    table = quaternion_group(8)
    assert table.rows == ("1", "-1", "i", "-i", "j", "-j", "k", "-k")
    for x, y, z in ("ijk", "jki", "kij"):
        assert table[x, y] == z
        assert table[y, x] == f"-{z}"
        assert table[x, x] == "-1"
        assert table[f"-{x}", y] == f"-{z}"
    assert element_orders(quaternion_group(16)).count(2) == 1


@pytest.mark.parametrize("p", [2, 3, 5, 7])
def test_psl_by_counting_matrices(p):
    count = sum((a * d - b * c) % p == 1 for a, b, c, d in itertools.product(range(p), repeat=4))
    assert projective_special_linear_group(p).order == count // math.gcd(2, p - 1)


def test_direct_product_is_componentwise():
    one, other, third = cyclic_group(2), symmetric_group(3), cyclic_group(3)
    table = direct_product(one, other, third)
    for a, b in itertools.product(itertools.product(one.rows, other.rows, third.rows), repeat=2):
        parts = [t[x, y] for t, x, y in zip((one, other, third), a, b, strict=True)]
        assert table[f"({','.join(a)})", f"({','.join(b)})"] == f"({','.join(parts)})"
    assert direct_product(one) is one


def test_direct_product_of_partial_rectangles():
    action = Table(rows="xy", columns="g", symbols="xy", array=[[1], [-1]])
    table = direct_product(action, cyclic_group(2))
    assert table["(x,0)", "(g,1)"] == "(y,1)"
    assert table["(y,0)", "(g,1)"] is None
    noisy = Table(rows="x", columns="g", symbols="x", array=[[0]], repeats=[[0, 0, 0]])
    with pytest.raises(ValueError, match="must not have repeats"):
        direct_product(noisy, action)
    with pytest.raises(ValueError, match="must not be empty"):
        direct_product()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: cyclic_group(0), "`order` of cyclic_group must be positive; got 0"),
        (lambda: dihedral_group(7), "must be a positive multiple of 2; got 7"),
        (lambda: dihedral_group(-2), "must be a positive multiple of 2; got -2"),
        (lambda: dicyclic_group(6), "must be a positive multiple of 4; got 6"),
        (lambda: quaternion_group(12), "must be 8, 16, 32, ...; got 12"),
        (lambda: symmetric_group(0), "`degree` must be positive; got 0"),
        (lambda: alternating_group(0), "`degree` must be positive; got 0"),
        (lambda: projective_special_linear_group(9), "must be a prime; got 9"),
        (lambda: symmetric_group(8), r"S8 has order 40320, .* needs 13.0 GB"),
        (lambda: symmetric_group(10**9), r"S1000000000 has order more than 10\^32"),
        (lambda: alternating_group(8), "A8 has order 20160"),
        (lambda: cyclic_group(10**18), "over the limit of 5000"),
        (lambda: projective_special_linear_group(10**18), "over the limit of 5000"),
        (lambda: direct_product(cyclic_group(100), cyclic_group(100)), "order 10000"),
        (lambda: cyclic_group(5, max_order=4), r"has order 5, over the limit of 4"),
    ],
)  # fmt: skip
def test_refusals(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_primes():
    assert [n for n in range(-1, 30) if is_prime(n)] == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]

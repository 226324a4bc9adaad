import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.tables.families._modular import modular_table

# The polynomials of the benchmark as Python sees them.
POLYNOMIALS = {
    "a+b": lambda a, b: a + b,
    "a-b": lambda a, b: a - b,
    "a^2+b^2": lambda a, b: a**2 + b**2,
    "a^2+ab+b^2": lambda a, b: a**2 + a * b + b**2,
    "a^2+ab+b^2+a": lambda a, b: a**2 + a * b + b**2 + a,
    "a^3+ab": lambda a, b: a**3 + a * b,
    "a^3+ab^2+b": lambda a, b: a**3 + a * b**2 + b,
    "-2a + 3*a^2b - 4": lambda a, b: -2 * a + 3 * a**2 * b - 4,
    "7": lambda _a, _b: 7,
    "ba*b - 12ab": lambda a, b: b * a * b - 12 * a * b,
    "+a^0": lambda _a, _b: 1,
    "100000000000000000a": lambda a, _b: 10**17 * a,
}


@pytest.mark.parametrize("formula", POLYNOMIALS)
@pytest.mark.parametrize("modulus", [1, 2, 7, 12])
def test_polynomials_by_brute_force(formula, modulus):
    table = modular_table(modulus, formula)
    assert table.rows == table.columns == table.symbols == tuple(map(str, range(modulus)))
    for a, b in itertools.product(range(modulus), repeat=2):
        assert table[str(a), str(b)] == str(POLYNOMIALS[formula](a, b) % modulus)


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(1, 23))
def test_large_powers(m, k, modulus):
    table = modular_table(modulus, f"a^{m}b^{k}")
    a, b = 2 % modulus, 3 % modulus
    assert table[str(a), str(b)] == str(pow(a, m, modulus) * pow(b, k, modulus) % modulus)


@pytest.mark.parametrize("p", [2, 3, 11])
def test_division_undoes_multiplication(p):
    table = modular_table(p, "a / b")
    assert table.rows == table.columns == table.symbols == tuple(map(str, range(1, p)))
    for a, b in itertools.product(range(1, p), repeat=2):
        assert int(table[str(a), str(b)]) * b % p == a


def test_mixed_operation():
    table = modular_table(7, "a/b if b odd else a-b")
    assert table == modular_table(7, "a/bifboddelsea-b")
    for a, b in itertools.product(range(7), repeat=2):
        c = int(table[str(a), str(b)])
        assert c * b % 7 == a if b % 2 else c == (a - b) % 7


@pytest.mark.parametrize(
    "formula",
    ["", "a+", "a**b", "a^b", "c", "a++b", "a b c", "2*", "*a", "a^-1", "import os", "a+b;", "а+b",
     "a/b+1", "a^" + "9" * 50, "a+" * 200 + "a", "a^²"],
)  # fmt: skip
def test_refuses_other_formulas(formula):
    with pytest.raises(ValueError, match=r"is not an operation modulo n. Accepted are polynomials"):
        modular_table(5, formula)


@pytest.mark.parametrize(
    ("modulus", "formula", "message"),
    [
        (10, "a/b", "division modulo 10 needs a prime"),
        (1, "a/b", "division modulo 1 needs a prime"),
        (9, "a/b if b odd else a-b", "division modulo 9 needs a prime"),
        (0, "a+b", "`modulus` must be positive; got 0"),
        (5003, "a+b", "mod5003 has order 5003, over the limit of 5000"),
    ],
)
def test_refuses_moduli(modulus, formula, message):
    with pytest.raises(ValueError, match=message):
        modular_table(modulus, formula)

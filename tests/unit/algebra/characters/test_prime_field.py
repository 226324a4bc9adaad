import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.algebra.characters._prime_field import (
    characteristic_roots,
    matmul_mod,
    prime_with_roots,
    primitive_root_of_unity,
)


@pytest.mark.parametrize("order", [1, 2, 12, 60, 97, 500])
def test_the_field_has_the_roots(order):
    p = prime_with_roots(order, above=1000)
    assert p > 1000
    assert p % order == 1 % order
    assert all(p % d for d in range(2, int(p**0.5) + 1))
    z = primitive_root_of_unity(order, p)
    assert [k for k in range(1, order + 1) if pow(z, k, p) == 1] == [order]


@pytest.mark.parametrize("p", [2, 97, 1_000_003, 33_554_393, 1_073_741_789])
def test_products_are_exact_however_large_the_prime(p):
    rng = np.random.default_rng(0)
    left, right = rng.integers(p, size=(5, 700)), rng.integers(p, size=(700, 4))
    left[0], right[:, 0] = p - 1, p - 1
    expected = (left.astype(object) @ right.astype(object)) % p
    assert matmul_mod(left, right, p).tolist() == expected.tolist()


def test_a_prime_too_large_is_refused():
    with pytest.raises(ValueError, match="`p` is too large for sums of 1 products"):
        matmul_mod(np.ones((1, 1), int), np.ones((1, 1), int), 2**53)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12))
def test_numbers_come_back_from_their_power_sums(numbers):
    p = 101
    sums = np.array([sum(pow(x, j, p) for x in numbers) % p for j in range(1, len(numbers) + 1)])
    assert characteristic_roots(sums, p).tolist() == sorted(set(numbers))

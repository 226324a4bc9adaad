from math import prod

import pytest

from cayley.algebra.groups._element_orders import prime_factors


@pytest.mark.parametrize("number", [1, 2, 97, 360, 1024, 2520, 9999])
def test_prime_factors_multiply_back(number):
    factors = prime_factors(number)
    assert prod(p**k for p, k in factors.items()) == number
    assert all(p > 1 and all(p % q for q in range(2, p)) for p in factors)
    assert list(factors) == sorted(factors)

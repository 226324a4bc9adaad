"""Powers and orders of all elements of a group, computed on whole arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int

__all__ = ["orders_modulo", "powers", "prime_factors"]


def prime_factors(number: int) -> dict[int, int]:
    """Return the prime factorization of a positive integer, ascending.

    Example:
        >>> prime_factors(360)
        {2: 3, 3: 2, 5: 1}
    """
    factors: dict[int, int] = {}
    p = 2
    # Trial division is enough for orders of groups, and for primes of about their square.
    while p * p <= number:
        while number % p == 0:
            factors[p] = factors.get(p, 0) + 1
            number //= p
        p += 1
    if number > 1:
        factors[number] = 1
    return factors


def powers(
    table: Int[NDArray[Any], "n n"],
    identity: int,
    elements: Int[NDArray[Any], " k"],
    exponent: int,
) -> Int[NDArray[Any], " k"]:
    """Return the powers of elements of a group, by repeated squaring.

    Args:
        table: Products of a group, shape ``(n, n)``.
        identity: Its identity.
        elements: Elements, shape ``(k,)``.
        exponent: Any integer >= 0.
    """
    result = np.full_like(elements, identity)
    square = elements
    while exponent:
        if exponent & 1:
            result = table[result, square]
        square = table[square, square]
        exponent >>= 1
    return result


def orders_modulo(
    table: Int[NDArray[Any], "n n"], identity: int, kernel: Bool[NDArray[Any], " n"]
) -> Int[NDArray[Any], " n"]:
    r"""Return the order of every element modulo a normal subgroup.

    For each prime :math:`p^k \parallel n` the element :math:`y = x^{n / p^k}` carries the
    :math:`p`-part of the order: the number of times it must be raised to :math:`p` to vanish.

    Args:
        table: Products of a group, shape ``(n, n)``.
        identity: Its identity.
        kernel: Which elements are in the normal subgroup, shape ``(n,)``.
    """
    n = len(table)
    orders = np.ones(n, np.int64)
    for p, k in prime_factors(n).items():
        y = powers(table, identity, np.arange(n), n // p**k)
        for _ in range(k):
            outside = ~kernel[y]
            # All elements are in the kernel by now, and so are their further powers.
            if not outside.any():
                break
            orders[outside] *= p
            y = powers(table, identity, y, p)
    return orders

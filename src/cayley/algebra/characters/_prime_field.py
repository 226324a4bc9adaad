"""Arithmetic modulo a prime, on arrays of integers."""

from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.groups._element_orders import prime_factors

__all__ = ["characteristic_roots", "matmul_mod", "prime_with_roots", "primitive_root_of_unity"]

_EXACT = 2**53
"""Integers up to here are exact in double precision."""


def prime_with_roots(order: int, *, above: int) -> int:
    r"""Return the smallest prime :math:`p \equiv 1 \bmod m` greater than a bound.

    The field of ``p`` elements then holds all ``m``-th roots of unity.

    Example:
        >>> prime_with_roots(12, above=20)
        37
    """
    candidates = (k * order + 1 for k in count(above // order))
    return next(p for p in candidates if p > max(above, 2) and prime_factors(p) == {p: 1})


def primitive_root_of_unity(order: int, p: int) -> int:
    """Return an element of multiplicative order ``order`` modulo ``p``.

    Example:
        >>> z = primitive_root_of_unity(5, 11)
        >>> z != 1 and pow(z, 5, 11) == 1
        True
    """
    primes = prime_factors(order)
    # Tried in ascending order, so that the same root is found in every run.
    roots = (pow(x, (p - 1) // order, p) for x in range(1, p))
    return next(z for z in roots if all(pow(z, order // q, p) != 1 for q in primes))


def matmul_mod(
    left: Int[NDArray[Any], "*a k"], right: Int[NDArray[Any], "k *b"], p: int
) -> Int[NDArray[Any], "..."]:
    """Return the product of matrices modulo ``p``, through double precision, where it is exact.

    Args:
        left: Entries in ``0..p-1``.
        right: Entries in ``0..p-1``.
        p: The modulus; below ``2 ** 30`` or so, depending on ``k``.

    Example:
        >>> matmul_mod(np.array([[5, 6]]), np.array([[4], [3]]), 7).tolist()
        [[3]]
    """
    terms, other = max(1, left.shape[-1]), right.astype(np.float64)
    # digits of the left factor small enough that sums of products stay below 2^53
    # If p is small one product of floats is enough. Floats, because NumPy multiplies matrices of
    # integers without BLAS.
    base = p if terms * p * p < _EXACT else 1 << (_EXACT // (terms * p)).bit_length() - 1
    if base < 2:
        raise ValueError(f"`p` is too large for sums of {terms} products; got {p}.")
    result = np.zeros((*left.shape[:-1], *right.shape[1:]), np.int64)
    scale = 1
    while left.any():
        left, digit = np.divmod(left, base)
        part = (digit.astype(np.float64) @ other).astype(np.int64) % p
        result = (result + part * scale) % p
        scale = scale * base % p
    return result


def characteristic_roots(power_sums: Int[NDArray[Any], " r"], p: int) -> Int[NDArray[Any], " s"]:
    r"""Return the distinct numbers behind power sums, all of which lie in the field.

    Newton's identities :math:`j e_j = \sum_{i=1}^j (-1)^{i-1} e_{j-i} s_i` turn
    :math:`s_j = \sum \lambda^j` into the polynomial :math:`\prod (x - \lambda)`, which is then
    evaluated at every element of the field.

    Args:
        power_sums: :math:`s_1, \dots, s_r` modulo ``p``, for ``r < p`` numbers.
        p: A prime.

    Example:
        >>> characteristic_roots(np.array([2 + 2 + 5, 4 + 4 + 25, 8 + 8 + 125]) % 11, 11).tolist()
        [2, 5]
    """
    r = len(power_sums)
    signed = np.where(np.arange(r) % 2 == 0, power_sums, -power_sums) % p
    symmetric = np.zeros(r + 1, np.int64)
    symmetric[0] = 1
    for j in range(1, r + 1):
        total = int((symmetric[j - 1 :: -1][:j] * signed[:j] % p).sum() % p)
        symmetric[j] = total * pow(j, -1, p) % p
    x = np.arange(p)
    # Horner's rule at all p elements at once. The primes here are small, so that no cleverer way to
    # find roots is needed.
    value = np.ones(p, np.int64)
    for j in range(1, r + 1):
        sign = -1 if j % 2 else 1
        value = (value * x + sign * int(symmetric[j])) % p
    return np.flatnonzero(value == 0)

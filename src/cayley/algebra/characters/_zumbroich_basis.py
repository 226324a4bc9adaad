r"""The Zumbroich basis: one canonical integer vector for each sum of roots of unity.

A vector ``c`` of length ``n`` stands for :math:`\sum_i c_i \zeta_n^i` with
:math:`\zeta_n = e^{2 \pi i / n}`. The powers are linearly dependent; the Zumbroich basis keeps
those whose exponents, taken prime by prime, avoid a certain range. Every number has exactly one
integer vector in it, and the vector of a number shows whether it lies in a smaller field.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Shaped
from cayley.algebra.groups._element_orders import prime_factors

__all__ = ["reduced"]


def reduced(vector: Shaped[NDArray[Any], " n"]) -> Shaped[NDArray[Any], " m"]:
    r"""Return the canonical vector of a number, its length the conductor.

    The result is in the Zumbroich basis of the smallest field :math:`\mathbf{Q}(\zeta_m)` that
    holds the number; two numbers are equal exactly if their results are.

    Example:
        >>> reduced(np.array([0, 1, 1, 1, 1])).tolist()
        [-1]
        >>> reduced(np.array([0, 0, 1, 0])).tolist()
        [-1]

    References:
        T. Breuer, "Integral bases for subfields of cyclotomic fields", AAECC 8 (1997).
    """
    vector = _in_basis(vector)
    smaller = _descended(vector)
    while smaller is not None:
        vector = smaller
        smaller = _descended(vector)
    return vector


def _in_basis(vector: Shaped[NDArray[Any], " n"]) -> Shaped[NDArray[Any], " n"]:
    r"""Return the vector of the same number in which powers outside the basis do not occur.

    Each is replaced by :math:`-\sum_{k=1}^{p-1} \zeta^{i + k n / p}`.
    """
    n = len(vector)
    vector = vector.copy()
    for p, excluded in _excluded(n):
        moved = np.where(excluded, vector, 0)
        # k = 0 removes the power itself
        vector -= np.tile(moved.reshape(p, n // p).sum(axis=0), p)
    return vector


@cache
def _excluded(n: int) -> tuple[tuple[int, Bool[NDArray[Any], " n"]], ...]:
    r"""Return for each prime the exponents that are not in the basis.

    With :math:`q = p^k \parallel n` the exponent :math:`i` contributes :math:`\zeta_q^j` with
    :math:`j = i (n / q)^{-1} \bmod q`. For odd :math:`p` the :math:`j` within
    :math:`(q / p - 1) / 2` of 0 are left out, for :math:`p = 2` the upper half.
    """
    masks = []
    for p, k in prime_factors(n).items():
        q = p**k
        j = np.arange(n) * pow(n // q, -1, q) % q
        half = (q // p - 1) // 2
        masks.append((p, j >= q // 2 if p == 2 else np.minimum(j, q - j) <= half))
    return tuple(masks)


def _descended(vector: Shaped[NDArray[Any], " n"]) -> Shaped[NDArray[Any], " m"] | None:
    """Write a basis vector over the field of ``n / p``-th roots for some ``p``, if it is there."""
    n = len(vector)
    for p in prime_factors(n):
        m = n // p
        if m % p == 0 or p == 2:
            # the basis is that of the smaller field times a set of powers that holds 1
            powers = vector.reshape(m, p)
            if not powers[:, 1:].any():
                return powers[:, 0].copy()
        else:
            # 1 is the negative sum of the p-th roots a = 1..p-1, all of them in the basis
            a, b = np.arange(1, p)[:, None], np.arange(m)
            rows = vector[(a * m + b * p) % n]
            if (rows == rows[0]).all():
                return _in_basis(-rows[0])
    return None

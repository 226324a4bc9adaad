r"""The primitive idempotents of the class algebra modulo a prime.

The class sums of a group span a commutative algebra. Modulo a prime :math:`p` with
:math:`p \equiv 1` modulo the exponent and :math:`p \nmid n` it is a product of ``k`` copies of the
field, one for each irreducible character:

.. math:: e_\chi = \frac{\chi(1)}{n} \sum_g \chi(g^{-1})\, g.

Multiplication by a random element :math:`z` has an eigenvalue on each copy. Where they differ they
tell the copies apart: with the distinct eigenvalues :math:`\lambda` on :math:`e`,

.. math:: e_\lambda = \prod_{\mu \ne \lambda} \frac{z - \mu}{\lambda - \mu}\; e .
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._random import generator
from cayley._shapes import Int
from cayley.algebra.characters._prime_field import characteristic_roots, matmul_mod
from cayley.algebra.groups._conjugacy_classes import conjugacy_classes
from cayley.algebra.groups._group import Group

__all__ = ["primitive_idempotents"]


def primitive_idempotents(group: Group, p: int) -> Int[NDArray[Any], "k k"]:
    """Return the primitive idempotents of the class algebra modulo ``p``.

    Args:
        group: A group with ``k`` classes.
        p: A prime greater than ``k`` that is 1 modulo the exponent of the group and does not divide
            its order.

    Returns:
        One idempotent a row, as coefficients of the class sums, in no particular order.
    """
    classes = conjugacy_classes(group)
    k, labels = len(classes), classes.labels
    # quotient[x, s] is the class of x^-1 times representative s
    quotient = labels[group.table[group.inverses][:, classes.representatives]]
    # The traces of multiplication by class sums: for every x the number of classes s with x^-1 z_s
    # in class s, which is the diagonal of what `_multiplication` returns.
    fixed = (quotient == np.arange(k)).sum(axis=1)
    trace = np.bincount(labels, weights=fixed, minlength=k).astype(np.int64) % p
    one = np.zeros((1, k), np.int64)
    one[0, 0] = 1
    found, waiting = list[NDArray[Any]](), [one[0]]
    rounds = 0
    while waiting:
        # A new random element each round, from a fixed seed: equal groups give equal tables. Where
        # two eigenvalues coincide by chance (probability about 1/p), the next round tells them
        # apart.
        weights = generator(0, "class algebra", rounds).integers(p, size=k)
        action = _multiplication(weights[labels], quotient, k) % p
        parts = [part for e in waiting for part in _split(e, action, trace, p)]
        ranks = [int(part @ trace % p) for part in parts]
        found += [part for part, rank in zip(parts, ranks, strict=True) if rank == 1]
        waiting = [part for part, rank in zip(parts, ranks, strict=True) if rank > 1]
        rounds += 1
    return np.array(found)


def _multiplication(
    weights: Int[NDArray[Any], " n"], quotient: Int[NDArray[Any], "n k"], k: int
) -> Int[NDArray[Any], "k k"]:
    """Return the matrix by which the sum of weighted elements multiplies class sums.

    Entry ``(s, r)`` sums the weights of the ``x`` with :math:`x^{-1} z_s` in class ``r``.
    """
    places = quotient + k * np.arange(k)
    summed = np.bincount(places.ravel(), weights=np.repeat(weights, k), minlength=k * k)
    return summed.astype(np.int64).reshape(k, k)


def _split(
    e: Int[NDArray[Any], " k"],
    action: Int[NDArray[Any], "k k"],
    trace: Int[NDArray[Any], " k"],
    p: int,
) -> Int[NDArray[Any], "s k"]:
    """Return the parts of an idempotent, one for each eigenvalue of the action on it."""
    # The trace of an idempotent is its rank; ranks are below p, so nothing is lost modulo p.
    rank = int(e @ trace % p)
    powers = [e]
    for _ in range(rank):
        powers.append(matmul_mod(action, powers[-1][:, None], p)[:, 0])
    krylov = np.array(powers)
    sums = matmul_mod(krylov[1:], trace[:, None], p)[:, 0]
    roots = characteristic_roots(sums, p)
    return matmul_mod(_lagrange(roots, p), krylov[: len(roots)], p)


def _lagrange(roots: Int[NDArray[Any], " s"], p: int) -> Int[NDArray[Any], "s s"]:
    r"""Return coefficients of :math:`\prod_{\mu \ne \lambda} (x - \mu) / (\lambda - \mu)`.

    One row for each root, constant term first: the whole product, divided by :math:`x - \lambda`
    from the top, over its value there.
    """
    s = len(roots)
    # The quotient by (x - root) is found by Horner's rule for all roots at once; multiplying out
    # the s products one by one would take O(s^3).
    whole = np.zeros(s + 1, np.int64)  # constant term first
    whole[0] = 1
    for root in roots.tolist():
        whole = (np.roll(whole, 1) - root * whole) % p
    quotient = np.zeros((s, s), np.int64)
    carried = np.zeros(s, np.int64)
    for power in range(s - 1, -1, -1):
        carried = (whole[power + 1] + roots * carried) % p
        quotient[:, power] = carried
    value = np.zeros(s, np.int64)
    for power in range(s - 1, -1, -1):
        value = (value * roots + quotient[:, power]) % p
    inverse = np.array([pow(int(v), -1, p) for v in value], np.int64)
    return quotient * inverse[:, None] % p

r"""The values of the irreducible characters, exact, in no particular order.

A character is a sum of roots of unity, :math:`\chi(g) = \sum_l m_l \zeta_o^l` with :math:`o` the
order of :math:`g` and :math:`m_l \ge 0` the multiplicities of the eigenvalues. Modulo a prime
:math:`p > \chi(1)` that has all these roots, values at the powers of :math:`g` give them back:

.. math:: m_l = \frac1o \sum_t \chi(g^t)\, \zeta_o^{-lt} .
"""

from dataclasses import dataclass
from math import gcd, isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.characters._cyclotomic import Cyclotomic
from cayley.algebra.characters._idempotents import primitive_idempotents
from cayley.algebra.characters._prime_field import (
    matmul_mod,
    prime_with_roots,
    primitive_root_of_unity,
)
from cayley.algebra.groups._conjugacy_classes import ConjugacyClasses, conjugacy_classes
from cayley.algebra.groups._group import Group

__all__ = ["CodedValues", "abelian_characters", "exponent", "irreducible_characters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedValues:
    """A matrix of cyclotomic numbers, of which few are different.

    Attributes:
        values: The different numbers.
        codes: Which of them stands where, shape ``(k, k)``; one row a character.
    """

    values: tuple[Cyclotomic, ...]
    codes: Int[NDArray[Any], "k k"]


class _Collector:
    """Gives a number to each different value; values of the same roots are built once."""

    def __init__(self) -> None:
        self.values: list[Cyclotomic] = []
        self._by_value: dict[Cyclotomic, int] = {}
        self._by_terms: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}

    def code(self, order: int, terms: tuple[tuple[int, int], ...]) -> int:
        key = (order, terms)
        if key not in self._by_terms:
            value = Cyclotomic.sum_of_roots(order, terms)
            code = self._by_value.setdefault(value, len(self.values))
            if code == len(self.values):
                self.values.append(value)
            self._by_terms[key] = code
        return self._by_terms[key]


def exponent(group: Group) -> int:
    """Return the least common multiple of the orders of the elements."""
    return int(np.lcm.reduce(group.element_orders))


def irreducible_characters(group: Group) -> CodedValues:
    """Return the irreducible characters by the method of Dixon, rows in no particular order.

    References:
        J. D. Dixon, "High speed computation of group characters", Numer. Math. 10 (1967), for the
        prime field and the lift. The splitting is that of :func:`primitive_idempotents`.
    """
    classes = conjugacy_classes(group)
    m, n, k = exponent(group), group.order, len(classes)
    # above 2 sqrt(n) degrees are told from their negatives; a larger field splits faster
    p = prime_with_roots(m, above=max(2 * isqrt(n) + 2, 16 * k, 100))
    residues = _residues(group, classes, p)
    zeta = primitive_root_of_unity(m, p)
    collector = _Collector()
    codes = np.empty((k, k), np.int64)
    for representative, order in _rational_classes(group, classes):
        powers = classes.labels[_powers(group, representative, order)]
        z = pow(zeta, m // order, p)
        # One Fourier transform for all characters at once.
        multiplicities = _eigenvalues(residues[:, powers], z, p)
        assert (multiplicities.sum(axis=1) == residues[:, 0]).all(), "eigenvalues do not add up"
        distinct, inverse = _distinct_rows(multiplicities)
        # Values at other generators of the same cyclic group are Galois conjugates: the exponents
        # are multiplied by u, and nothing is computed modulo p again.
        for u, target in _galois_images(powers):
            coded = [collector.code(order, _terms(row, u)) for row in distinct]
            codes[:, target] = np.array(coded)[inverse]
    return CodedValues(values=tuple(collector.values), codes=codes)


def abelian_characters(group: Group) -> CodedValues:
    r"""Return the characters of an abelian group, rows in no particular order.

    They are extended from subgroup to subgroup: with ``j`` the least exponent for which
    :math:`g^j \in H`, a character of :math:`H` extends in ``j`` ways to :math:`\langle H, g
    \rangle`, by the ``j``-th roots of its value at :math:`g^j`.
    """
    m, table = exponent(group), group.table
    classes = conjugacy_classes(group)
    elements = np.array([group.identity])
    logarithms = np.zeros((1, 1), np.int64)  # of the characters (rows) at the elements (columns)
    for g in group.generators:
        place = np.full(group.order, -1)
        place[elements] = np.arange(len(elements))
        cosets, x = [elements], g
        while place[x] < 0:
            cosets.append(table[elements, x])
            x = int(table[x, g])
        j = len(cosets)
        at_power = logarithms[:, place[x]]
        roots = (at_power[:, None] + m * np.arange(j)) // j  # every l with j l = at_power mod m
        steps = roots[:, :, None, None] * np.arange(j)[:, None]
        extended = (logarithms[:, None, None, :] + steps) % m
        elements = np.concatenate(cosets)
        logarithms = extended.reshape(len(logarithms) * j, len(elements))
    by_class = np.empty_like(logarithms)
    by_class[:, classes.labels[elements]] = logarithms
    used, codes = np.unique(by_class, return_inverse=True)
    values = tuple(Cyclotomic.root(m, int(i)) for i in used)
    return CodedValues(values=values, codes=codes.reshape(by_class.shape))


def _residues(group: Group, classes: ConjugacyClasses, p: int) -> Int[NDArray[Any], "k k"]:
    """Return the values of the characters modulo ``p``, one row a character."""
    idempotents = primitive_idempotents(group, p)
    n = group.order
    squares = idempotents[:, 0] * n % p  # the coefficient of the identity is chi(1)^2 / n
    # Degrees divide the order (Frobenius) and their squares do not exceed it, so that squares
    # modulo p tell them apart: p > 2 sqrt(n).
    roots = {d * d % p: d for d in range(1, isqrt(n) + 1) if n % d == 0}
    degrees = np.array([roots[int(square)] for square in squares])
    scale = np.array([n * pow(int(d), -1, p) % p for d in degrees])
    inverse_class = classes.labels[group.inverses[classes.representatives]]
    values: Int[NDArray[Any], "k k"] = idempotents[:, inverse_class] * scale[:, None] % p
    return values


def _rational_classes(group: Group, classes: ConjugacyClasses) -> list[tuple[int, int]]:
    """Return a representative and its order of each set of classes of generators of one group."""
    seen: set[int] = set()
    chosen = []
    for x, order in zip(classes.representatives.tolist(), classes.orders.tolist(), strict=True):
        powers = classes.labels[_powers(group, x, order)]
        if int(classes.labels[x]) not in seen:
            chosen.append((x, order))
            seen |= {target for _, target in _galois_images(powers)}
    return chosen


def _powers(group: Group, x: int, order: int) -> Int[NDArray[Any], " o"]:
    powers = [group.identity]
    for _ in range(order - 1):
        powers.append(int(group.table[powers[-1], x]))
    return np.array(powers)


def _galois_images(powers: Int[NDArray[Any], " o"]) -> list[tuple[int, int]]:
    """Return for each class of a generating power one exponent that leads to it."""
    order = len(powers)
    # Downwards, so that the smallest exponent remains. At order 1 this gives u = 1.
    images = {int(powers[u % order]): u for u in range(order, 0, -1) if gcd(u, order) == 1}
    return [(u, target) for target, u in images.items()]


def _eigenvalues(values: Int[NDArray[Any], "k o"], z: int, p: int) -> Int[NDArray[Any], "k o"]:
    """Return how often each root of unity is an eigenvalue, from values at all powers."""
    order = values.shape[1]
    powers = [1]
    for _ in range(order - 1):
        powers.append(powers[-1] * z % p)
    exponents = -np.multiply.outer(np.arange(order), np.arange(order)) % order
    transform = np.array(powers)[exponents] * pow(order, -1, p) % p
    return matmul_mod(values, transform, p)


def _distinct_rows(
    rows: Int[NDArray[Any], "k o"],
) -> tuple[Int[NDArray[Any], "s o"], Int[NDArray[Any], " k"]]:
    distinct, inverse = np.unique(rows.astype(np.int16), axis=0, return_inverse=True)
    return distinct, inverse.reshape(-1)  # NumPy 2.0 alone keeps an axis here


def _terms(multiplicities: Int[NDArray[Any], " o"], u: int) -> tuple[tuple[int, int], ...]:
    """Return exponents and multiplicities of the eigenvalues of the ``u``-th power."""
    order = len(multiplicities)
    present = np.flatnonzero(multiplicities)
    pairs = zip(present * u % order, multiplicities[present], strict=True)
    return tuple(sorted((int(i), int(c)) for i, c in pairs))

"""Exact sums of roots of unity: the values of characters."""

import cmath
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from cayley.algebra._cyclotomic_basis import reduced

__all__ = ["Cyclotomic"]


@dataclass(frozen=True, slots=True)
class Cyclotomic:
    r"""An integer combination of roots of unity :math:`\zeta_n = e^{2 \pi i / n}`, exact.

    It is kept in one canonical form, so that numbers are equal exactly if their attributes are:
    the smallest conductor, and coefficients in the Zumbroich basis, as GAP has it. Make one with
    :meth:`root`, :meth:`sum_of_roots` or from integers and the operations ``+ - *``.

    Attributes:
        conductor: The smallest ``n`` such that the number is in :math:`\mathbf{Q}(\zeta_n)`.
        terms: Pairs ``(i, c)`` of an exponent and its coefficient, not 0, ascending.

    Example:
        >>> golden = -Cyclotomic.root(5, 2) - Cyclotomic.root(5, 3)
        >>> golden * golden == golden + 1, str(golden), golden.to_gap()
        (True, '(1+√5)/2', '-E(5)^2-E(5)^3')
        >>> round(complex(golden).real, 6), golden.conjugate() == golden
        (1.618034, True)
    """

    conductor: int
    terms: tuple[tuple[int, int], ...]

    @classmethod
    def root(cls, order: int, exponent: int = 1) -> "Cyclotomic":
        r"""Return :math:`\zeta_n^k`.

        Args:
            order: ``n``, positive.
            exponent: ``k``, any integer.

        Example:
            >>> [str(Cyclotomic.root(4, k)) for k in range(4)]
            ['1', 'i', '-1', '-i']
        """
        return cls.sum_of_roots(order, [(exponent, 1)])

    @classmethod
    def sum_of_roots(cls, order: int, terms: Iterable[tuple[int, int]]) -> "Cyclotomic":
        r"""Return :math:`\sum c\, \zeta_n^k` over pairs ``(k, c)``.

        Args:
            order: ``n``, positive.
            terms: Exponents, any integers, and their coefficients; an exponent may repeat.

        Raises:
            ValueError: If ``order`` is not positive.

        Example:
            >>> print(Cyclotomic.sum_of_roots(8, [(1, 1), (7, 1)]))
            √2
        """
        if order < 1:
            raise ValueError(f"`order` must be positive; got {order}.")
        vector = np.zeros(order, object)  # Python's integers do not overflow
        for exponent, coefficient in terms:
            vector[exponent % order] += coefficient
        vector = reduced(vector)
        kept = tuple((int(i), int(vector[i])) for i in np.flatnonzero(vector))
        return cls(len(vector), kept) if kept else cls(1, ())

    @property
    def is_rational(self) -> bool:
        """Whether it is an integer."""
        return self.conductor == 1

    @property
    def is_real(self) -> bool:
        """Whether it equals its complex conjugate."""
        return self == self.conjugate()

    def conjugate(self) -> "Cyclotomic":
        """Return the complex conjugate."""
        return self.galois(-1)

    def galois(self, exponent: int) -> "Cyclotomic":
        r"""Return the image under :math:`\zeta \mapsto \zeta^u`, ``u`` prime to the conductor.

        Raises:
            ValueError: If ``u`` and the conductor have a common factor.

        Example:
            >>> print((-Cyclotomic.root(5, 2) - Cyclotomic.root(5, 3)).galois(2))
            (1-√5)/2
        """
        if math.gcd(exponent, self.conductor) != 1:
            raise ValueError(f"`exponent` must be prime to {self.conductor}; got {exponent}.")
        if self.is_rational:
            return self
        return self.sum_of_roots(self.conductor, ((i * exponent, c) for i, c in self.terms))

    def to_gap(self) -> str:
        """Return the number as GAP reads and writes it.

        Example:
            >>> Cyclotomic.root(3).to_gap(), (2 - Cyclotomic.root(4)).to_gap()
            ('E(3)', '2-E(4)')
        """
        from cayley.algebra._cyclotomic_text import gap_text

        return gap_text(self)

    def to_latex(self) -> str:
        r"""Return the number as LaTeX, for math mode.

        Example:
            >>> print((Cyclotomic.root(7) + Cyclotomic.root(7, 6)).to_latex())
            \zeta_{7} + \zeta_{7}^{6}
        """
        from cayley.algebra._cyclotomic_text import latex_text

        return latex_text(self)

    def __str__(self) -> str:
        from cayley.algebra._cyclotomic_text import plain_text

        return plain_text(self)

    def __repr__(self) -> str:
        return f"Cyclotomic({self.to_gap()})"

    def __complex__(self) -> complex:
        roots = [c * cmath.rect(1.0, 2 * math.pi * i / self.conductor) for i, c in self.terms]
        real = math.fsum(root.real for root in roots)
        return complex(real, 0.0 if self.is_real else math.fsum(root.imag for root in roots))

    def __int__(self) -> int:
        if not self.is_rational:
            raise ValueError(f"{self} is not an integer.")
        return self.terms[0][1] if self.terms else 0

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            return self.is_rational and int(self) == other
        if not isinstance(other, Cyclotomic):
            return NotImplemented
        return (self.conductor, self.terms) == (other.conductor, other.terms)

    def __hash__(self) -> int:
        return hash(int(self)) if self.is_rational else hash((self.conductor, self.terms))

    def __neg__(self) -> "Cyclotomic":
        return Cyclotomic(self.conductor, tuple((i, -c) for i, c in self.terms))

    def __add__(self, other: "Cyclotomic | int") -> "Cyclotomic":
        other = _from(other)
        order = math.lcm(self.conductor, other.conductor)
        return self.sum_of_roots(order, [*_stretched(self, order), *_stretched(other, order)])

    __radd__ = __add__

    def __sub__(self, other: "Cyclotomic | int") -> "Cyclotomic":
        return self + -_from(other)

    def __rsub__(self, other: int) -> "Cyclotomic":
        return _from(other) - self

    def __mul__(self, other: "Cyclotomic | int") -> "Cyclotomic":
        other = _from(other)
        order = math.lcm(self.conductor, other.conductor)
        left, right = _stretched(self, order), _stretched(other, order)
        return self.sum_of_roots(order, ((i + j, a * b) for i, a in left for j, b in right))

    __rmul__ = __mul__


@cache
def _from_integer(value: int) -> Cyclotomic:
    return Cyclotomic(1, ((0, value),) if value else ())


def _from(value: Cyclotomic | int) -> Cyclotomic:
    return value if isinstance(value, Cyclotomic) else _from_integer(int(value))


def _stretched(number: Cyclotomic, order: int) -> list[tuple[int, int]]:
    """Return the terms over roots of a multiple of the conductor."""
    factor = order // number.conductor
    return [(i * factor, c) for i, c in number.terms]

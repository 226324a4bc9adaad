"""``Cyclotomic``: exact sums of roots of unity, which the values of characters are."""

import cmath
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from cayley.algebra.characters._zumbroich_basis import reduced
from cayley.algebra.groups._element_orders import prime_factors

__all__ = ["Cyclotomic"]


@dataclass(frozen=True, slots=True)
class Cyclotomic:
    r"""An integer combination of roots of unity :math:`\zeta_n = e^{2 \pi i / n}`, exact.

    It is stored in one canonical form, so that numbers are equal exactly if their attributes are:
    the smallest conductor, and coefficients in the Zumbroich basis, as in GAP. Make one with
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
        # Otherwise the map is not one to one on the roots, and no automorphism.
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
        return _gap_text(self)

    def to_latex(self) -> str:
        r"""Return the number as LaTeX, for math mode.

        Example:
            >>> print((Cyclotomic.root(7) + Cyclotomic.root(7, 6)).to_latex())
            \zeta_{7} + \zeta_{7}^{6}
        """
        return _latex_text(self)

    def __str__(self) -> str:
        return _plain_text(self)

    def __repr__(self) -> str:
        return f"Cyclotomic({self.to_gap()})"

    def __complex__(self) -> complex:
        roots = [c * cmath.rect(1.0, 2 * math.pi * i / self.conductor) for i, c in self.terms]
        # fsum rounds once, at the end: what should cancel does so up to the rounding of the roots.
        real = math.fsum(root.real for root in roots)
        # Exactly real numbers get exactly no imaginary part, so that they can be sorted and
        # printed.
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


def _gap_text(number: Cyclotomic) -> str:
    """Write the sum in GAP's syntax, in the basis that GAP uses."""
    return _sum(number, lambda i: _power(f"E({number.conductor})", i, "{}^{}"), times="*")


def _plain_text(number: Cyclotomic) -> str:
    """Return the text of textbooks: ``i``, ``w`` for a cube root, square roots, else a sum."""
    if number.conductor in (1, 4):
        return _sum(number, lambda i: "i" if i else "")
    quadratic = _quadratic(number)
    if quadratic is None or (number.conductor == 3 and quadratic[0]):
        name = "w" if number.conductor == 3 else f"E({number.conductor})"
        return _sum(_as_root(number), lambda i: _power(name, i, "{}^{}"))
    half, factor, radicand = quadratic
    root = f"√{abs(radicand)}"
    return _fraction(half, factor, f"i{root}" if radicand < 0 else root, "({})/2")


def _latex_text(number: Cyclotomic) -> str:
    r"""Write a number in LaTeX: :math:`\omega`, fractions of square roots, :math:`\zeta_n^k`."""
    if number.conductor in (1, 4):
        return _sum(number, lambda i: "i" if i else "", separator=" ")
    quadratic = _quadratic(number)
    if quadratic is None or (number.conductor == 3 and quadratic[0]):
        name = r"\omega" if number.conductor == 3 else rf"\zeta_{{{number.conductor}}}"
        return _sum(_as_root(number), lambda i: _power(name, i, "{}^{{{}}}"), separator=" ")
    half, factor, radicand = quadratic
    root = rf"\sqrt{{{abs(radicand)}}}"
    return _fraction(half, factor, f"i{root}" if radicand < 0 else root, r"\frac{{{}}}{{2}}")


def _as_root(number: Cyclotomic) -> Cyclotomic:
    """Return a root of unity or its negative as one term; any other number unchanged.

    The basis may need several terms for a root of unity that is not in it.
    """
    n, value = number.conductor, complex(number)
    for sign in (1, -1):
        # The phase only proposes k; the next line decides exactly.
        k = round(cmath.phase(sign * value) * n / (2 * math.pi)) % n
        if Cyclotomic.root(n, k) == sign * number:
            return Cyclotomic(n, ((k, sign),))  # one term, for printing only
    return number


def _power(name: str, exponent: int, pattern: str) -> str:
    if exponent == 0:
        return ""
    return name if exponent == 1 else pattern.format(name, exponent)


def _sum(
    number: Cyclotomic, root: Callable[[int], str], *, times: str = "", separator: str = ""
) -> str:
    """Join coefficients and roots with signs; ``root(i)`` is empty where the root is 1."""
    parts: list[str] = []
    for i, c in number.terms:
        name = root(i)
        size = name if abs(c) == 1 and name else f"{abs(c)}{times if name else ''}{name}"
        sign = "-" if c < 0 else "+"
        parts.append(
            f"{separator}{sign}{separator}{size}" if parts else f"{sign}{size}".lstrip("+")
        )
    return "".join(parts) or "0"


def _fraction(half: int, factor: int, root: str, over_two: str) -> str:
    """Write (half + factor root) / 2, reduced."""
    # (a + b sqrt D) / 2 with a and b even is written without the fraction.
    by_two = half % 2 == 0 and factor % 2 == 0
    a, b = (half // 2, factor // 2) if by_two else (half, factor)
    size = root if abs(b) == 1 else f"{abs(b)}{root}"
    sign = "-" if b < 0 else "+" if a else ""
    text = f"{a or ''}{sign}{size}"
    return text if by_two else over_two.format(text)


def _quadratic(number: Cyclotomic) -> tuple[int, int, int] | None:
    r"""Write a number as :math:`(a + b \sqrt D) / 2`, or return ``None`` if it is not of degree 2.

    Exact but for the sign of :math:`b`, which is read off the numerical value: the two candidates
    are :math:`|b| \sqrt{|D|} \ge 1` apart.
    """
    orbit = {number}
    for u in range(2, number.conductor):
        if math.gcd(u, number.conductor) == 1:
            orbit.add(number.galois(u))
        # Degree 2 means two conjugates; the search may stop at the third.
        if len(orbit) > 2:
            return None
    if len(orbit) < 2:
        return None
    other = next(image for image in orbit if image != number)
    # Sum and product of both conjugates are rational, and algebraic integers, hence integers.
    trace, norm = int(number + other), int(number * other)
    discriminant = trace * trace - 4 * norm
    factor, radicand = 1, 1 if discriminant > 0 else -1
    for p, k in prime_factors(abs(discriminant)).items():
        factor *= p ** (k // 2)
        radicand *= p ** (k % 2)
    value = complex(number)
    side = value.real - trace / 2 if radicand > 0 else value.imag
    return trace, factor if side > 0 else -factor, radicand

r"""Polynomials in a and b modulo a prime, by cases of the column, and how they are written."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int

__all__ = ["Formula", "Polynomial"]

_MOST_SHOWN = 4  # cases of a formula that has one for every column; the rest are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Polynomial:
    r"""A polynomial in a and b modulo a prime; powers may be negative (Laurent).

    Attributes:
        modulus: The prime.
        terms: Triples (coefficient, power of a, power of b), coefficients in ``1..modulus-1``.

    Example:
        >>> square = Polynomial(modulus=7, terms=((1, 2, 0), (6, 0, 1), (3, 1, -1)))
        >>> str(square), square(2, 3).tolist()
        ('a^2 - b + 3*a/b mod 7', 3)
    """

    modulus: int
    terms: tuple[tuple[int, int, int], ...]

    def __call__(self, a: ArrayLike, b: ArrayLike) -> Int[NDArray[Any], "..."]:
        """Return the values, int64, of the shape to which ``a`` and ``b`` broadcast.

        Raises:
            ZeroDivisionError: If a power is negative and its base is 0.
        """
        left, right = np.asarray(a, np.int64), np.asarray(b, np.int64)
        total = np.zeros(np.broadcast_shapes(left.shape, right.shape), np.int64)
        for factor, i, j in self.terms:
            x, y = self._power(left, i), self._power(right, j)
            total = (total + factor * (x * y % self.modulus)) % self.modulus
        return total

    def _power(self, base: NDArray[Any], exponent: int) -> NDArray[Any]:
        p = self.modulus
        if exponent < 0 and (base % p == 0).any():
            raise ZeroDivisionError(f"a power of 0 modulo {p} is negative.")
        # The nonzero residues form a group of order p - 1, which gives negative powers as well.
        exponent, power = exponent if exponent >= 0 else exponent % (p - 1), np.ones_like(base)
        while exponent:
            if exponent & 1:
                power = power * base % p
            base = base * base % p
            exponent >>= 1
        return power

    @property
    def expression(self) -> str:
        """The polynomial without the modulus."""
        text = ""
        # From the highest power down, a before b, quotients last: the order of a textbook.
        for factor, i, j in sorted(self.terms, key=lambda t: (min(t[1:]) < 0, -t[1] - t[2], -t[1])):
            # A coefficient above half of the modulus reads better as a negative one.
            negative = 2 * factor > self.modulus
            term = _monomial(self.modulus - factor if negative else factor, i, j)
            sign = (" - " if negative else " + ") if text else ("-" if negative else "")
            text += sign + term
        return text or "0"

    def __str__(self) -> str:
        return f"{self.expression} mod {self.modulus}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    r"""One polynomial for each class of columns modulo k; column b has that of ``b mod k``.

    Attributes:
        modulus: The prime.
        cases: The polynomials, k of them: one for the whole table, or two for even and odd columns,
            or as many as residues if each column has its own; None for a column that is not known.

    Example:
        >>> difference = Polynomial(modulus=97, terms=((1, 1, 0), (96, 0, 1)))
        >>> quotient = Polynomial(modulus=97, terms=((1, 1, -1),))
        >>> print(Formula(modulus=97, cases=(difference, quotient)))
        a - b if b is even, a/b if b is odd, mod 97
    """

    modulus: int
    cases: tuple[Polynomial | None, ...]

    def __str__(self) -> str:
        if len(self.cases) == 1:
            return str(self.cases[0])
        known = [(b, each.expression) for b, each in enumerate(self.cases) if each is not None]
        by_column = len(self.cases) == self.modulus
        parts = [f"{text} if {self._condition(b)}" for b, text in known]
        if by_column and len(parts) > _MOST_SHOWN:
            parts[_MOST_SHOWN:] = [f"and so on for {len(parts) - _MOST_SHOWN} more columns"]
        return ", ".join([*parts, f"mod {self.modulus}"])

    def _condition(self, b: int) -> str:
        if len(self.cases) == self.modulus:
            return f"b = {b}"
        if len(self.cases) == 2:
            return "b is odd" if b else "b is even"
        return f"b mod {len(self.cases)} = {b}"


def _monomial(factor: int, i: int, j: int) -> str:
    over = [_letter(x, e) for x, e in (("a", i), ("b", j)) if e > 0]
    under = [_letter(x, -e) for x, e in (("a", i), ("b", j)) if e < 0]
    text = "*".join([str(factor)] * (factor != 1 or not over) + over)
    if not under:
        return text
    return f"{text}/{under[0]}" if len(under) == 1 else f"{text}/({'*'.join(under)})"


def _letter(letter: str, exponent: int) -> str:
    return letter if exponent == 1 else f"{letter}^{exponent}"

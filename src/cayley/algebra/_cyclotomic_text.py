"""Cyclotomic numbers as text: plain, GAP and LaTeX."""

import cmath
import math
from collections.abc import Callable

from cayley.algebra._cyclotomic import Cyclotomic
from cayley.algebra._orders import prime_factors

__all__ = ["gap_text", "latex_text", "plain_text"]


def gap_text(number: Cyclotomic) -> str:
    """Write the sum in GAP's syntax, in the basis that GAP uses."""
    return _sum(number, lambda i: _power(f"E({number.conductor})", i, "{}^{}"), times="*")


def plain_text(number: Cyclotomic) -> str:
    """Write a number as textbooks do: ``i``, ``w`` for a cube root, square roots, else a sum."""
    if number.conductor in (1, 4):
        return _sum(number, lambda i: "i" if i else "")
    quadratic = _quadratic(number)
    if quadratic is None or (number.conductor == 3 and quadratic[0]):
        name = "w" if number.conductor == 3 else f"E({number.conductor})"
        return _sum(_as_root(number), lambda i: _power(name, i, "{}^{}"))
    half, factor, radicand = quadratic
    root = f"√{abs(radicand)}"
    return _fraction(half, factor, f"i{root}" if radicand < 0 else root, "({})/2")


def latex_text(number: Cyclotomic) -> str:
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
    """Write a root of unity or its negative as one term, which the basis may not; else nothing."""
    n, value = number.conductor, complex(number)
    for sign in (1, -1):
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
        if len(orbit) > 2:
            return None
    if len(orbit) < 2:
        return None
    other = next(image for image in orbit if image != number)
    trace, norm = int(number + other), int(number * other)
    discriminant = trace * trace - 4 * norm
    factor, radicand = 1, 1 if discriminant > 0 else -1
    for p, k in prime_factors(abs(discriminant)).items():
        factor *= p ** (k // 2)
        radicand *= p ** (k % 2)
    value = complex(number)
    side = value.real - trace / 2 if radicand > 0 else value.imag
    return trace, factor if side > 0 else -factor, radicand

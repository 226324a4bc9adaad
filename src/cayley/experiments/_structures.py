"""Operations with a structure, each with the theory that one would name, to measure recall on.

A theory is text for `parse_theory`. The entries of a table are numbers of its elements; in which
order these are does not matter to any theory, so measurements rename them at random.
"""

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["Structure", "structures"]

_Element = TypeVar("_Element")

# A left Bol loop of order 8 in which the Moufang law fails (found by search; Burn 1978 has shown
# that there are six up to isomorphism).
_BOL = "01234567 10327654 23016745 32105476 45670123 56741230 67452301 74563012"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Structure:
    """A full table with a name, and the theory that it has.

    Attributes:
        name: What it is.
        theory: The theory, as `parse_theory` reads it: one that a user would name.
        table: Products, shape ``(n, n)``, int64.
    """

    name: str
    theory: str
    table: Int[NDArray[Any], "n n"]


@cache
def structures() -> tuple[Structure, ...]:
    """Return all structures, orders 3 to 120.

    Example:
        >>> found = structures()
        >>> len(found), found[0].name, found[0].theory, len(found[0].table)
        (42, 'octonion units', 'Moufang loop', 16)
    """
    return (
        *_loops(),
        *_groups(),
        *_quasigroups(),
        *_quandles(),
        *_semilattices(),
        *_commutative_monoids(),
        *_semigroups(),
        *_others(),
    )


def _made(
    name: str,
    theory: str,
    elements: Iterable[_Element],
    product: Callable[[_Element, _Element], _Element],
) -> Structure:
    """Return the structure with these elements and products."""
    listed = list(elements)
    number = {element: i for i, element in enumerate(listed)}
    table = np.array([[number[product(a, b)] for b in listed] for a in listed])
    return Structure(name=name, theory=theory, table=table)


def _loops() -> tuple[Structure, ...]:
    bol = np.array([[int(digit) for digit in row] for row in _BOL.split()])
    triples = _steiner(9)

    def steiner_loop(a: int, b: int) -> int:
        # 0 is the unit and every square; the other elements are the points, counted from 1.
        if 0 in {a, b}:
            return a + b
        return 0 if a == b else triples(a - 1, b - 1) + 1

    return (
        _made("octonion units", "Moufang loop", _signed(8), _octonion),
        Structure(name="left Bol loop of order 8", theory="left Bol loop", table=bol),
        Structure(name="right Bol loop of order 8", theory="right Bol loop", table=bol.T.copy()),
        _made("Steiner loop of order 10", "Steiner loop", range(10), steiner_loop),
    )


def _groups() -> tuple[Structure, ...]:
    symmetric = list(itertools.permutations(range(4)))
    dihedral = [(turn, flip) for flip in (0, 1) for turn in range(4)]

    def reflect(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
        return ((a[0] + (-b[0] if a[1] else b[0])) % 4, a[1] ^ b[1])

    i, j = np.indices((7, 7))
    rng = np.random.default_rng(7)
    isotope = rng.permutation(7)[(rng.permutation(7)[i] + rng.permutation(7)[j]) % 7]
    return (
        _made("C14", "abelian group", range(14), lambda a, b: (a + b) % 14),
        _made("exclusive or of three bits", "abelian group", range(8), lambda a, b: a ^ b),
        _made("dihedral group of order 8", "group", dihedral, reflect),
        _made("quaternion group", "group", _signed(4), _octonion),
        _made("S4", "group", symmetric, _composed),
        Structure(name="isotope of C7", theory="quasigroup", table=isotope),
    )


def _quasigroups() -> tuple[Structure, ...]:
    return (
        _made("Steiner quasigroup of order 7", "Steiner quasigroup", range(7), _steiner(7)),
        _made("Steiner quasigroup of order 9", "Steiner quasigroup", range(9), _steiner(9)),
        _made(
            "mean mod 7",
            "commutative idempotent medial quasigroup",
            range(7),
            lambda a, b: (a + b) * 4 % 7,
        ),
        _made("2a + 3b mod 11", "medial quasigroup", range(11), lambda a, b: (2 * a + 3 * b) % 11),
        _made("subtraction mod 7", "medial quasigroup", range(7), lambda a, b: (a - b) % 7),
    )


def _quandles() -> tuple[Structure, ...]:
    found = [
        _made("dihedral quandle of order 9", "left kei", range(9), lambda a, b: (2 * a - b) % 9),
        _made("Alexander quandle of order 8", "left quandle", range(8), _alexander),
    ]
    for degree in (4, 5):
        elements = list(itertools.permutations(range(degree)))
        found += [
            _made(f"conjugation in S{degree}", "left quandle", elements, _conjugated),
            _made(f"aba in S{degree}", "(x*y)*z = x*(y*(x*z))", elements, _core),
        ]
    return tuple(found)


def _semilattices() -> tuple[Structure, ...]:
    divisors = {n: [d for d in range(1, n + 1) if n % d == 0] for n in (36, 60)}
    subsets = [frozenset(s) for k in range(4) for s in itertools.combinations(range(3), k)]
    tree = [(), (0,), (1,), (0, 0), (0, 1), (1, 0), (1, 1)]

    def common(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(
            x for x, _ in itertools.takewhile(lambda p: p[0] == p[1], zip(a, b, strict=False))
        )

    return (
        _made("max on five", "semilattice", range(5), max),
        _made("max on twelve", "semilattice", range(12), max),
        _made("min on six", "semilattice", range(6), min),
        _made("gcd of the divisors of 36", "semilattice", divisors[36], math.gcd),
        _made("lcm of the divisors of 60", "semilattice", divisors[60], math.lcm),
        _made("union of subsets of three", "semilattice", subsets, frozenset.__or__),
        _made("common beginning of words", "semilattice", tree, common),
    )


def _commutative_monoids() -> tuple[Structure, ...]:
    tropical = [*range(8), math.inf]

    def capped(a: float, b: float) -> float:
        return a + b if a + b < 8 else math.inf

    return (
        _made("times mod 12", "commutative monoid", range(12), lambda a, b: a * b % 12),
        _made("tropical sum up to 7", "commutative monoid", tropical, capped),
    )


def _semigroups() -> tuple[Structure, ...]:
    maps = list(itertools.product(range(3), repeat=3))
    pairs = list(itertools.product(range(3), range(4)))
    matrices = list(itertools.product((0, 1), repeat=4))
    tropical = list(itertools.product(range(3), repeat=4))
    brandt = [None, *((i, j) for i in range(3) for j in range(3))]

    def matrix_unit(a: tuple[int, int] | None, b: tuple[int, int] | None) -> Any:
        return (a[0], b[1]) if a and b and a[1] == b[0] else None

    def boolean(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(max(a[2 * i] & b[j], a[2 * i + 1] & b[2 + j]) for i in (0, 1) for j in (0, 1))

    def min_plus(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
        # Entries 0, 1 and 2, which stands for infinity: 2x2 matrices over a truncated semiring.
        return tuple(
            min(2, a[2 * i] + b[j], a[2 * i + 1] + b[2 + j]) for i in (0, 1) for j in (0, 1)
        )

    return (
        _made("all maps of three points", "monoid", maps, _composed),
        _made("boolean 2x2 matrices", "monoid", matrices, boolean),
        _made("tropical 2x2 matrices", "semigroup", tropical, min_plus),
        _made("rectangular band", "rectangular band", pairs, lambda a, b: (a[0], b[1])),
        _made("left zero semigroup", "left zero semigroup", range(6), lambda a, b: a),
        _made("right zero semigroup", "right zero semigroup", range(7), lambda a, b: b),
        _made("Brandt semigroup", "inverse semigroup", brandt, matrix_unit),
        *(
            _made(
                f"partial injections of {n} points",
                "unital inverse semigroup",
                _partial_injections(n),
                _after,
            )
            for n in (2, 3)
        ),
    )


def _others() -> tuple[Structure, ...]:
    return (
        _made(
            "rock, paper, scissors",
            "commutative idempotent magma",
            range(3),
            lambda a, b: a if (a - b) % 3 == 1 else b,
        ),
        _made("bitwise not of the second", "x*y = z*y", range(8), lambda a, b: 7 - b),
        _made("conditional of three bits", "x*(y*z) = y*(x*z)", range(8), lambda a, b: ~a & 7 | b),
    )


def _signed(dimension: int) -> list[tuple[int, int]]:
    """Return the basis elements with signs, 1 first."""
    return [(i, sign) for sign in (1, -1) for i in range(dimension)]


def _octonion(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """Multiply signed basis elements by the Cayley-Dickson rule (p, q)(r, s)."""
    index, sign = _cayley_dickson(a[0], b[0], 4)
    return index, sign * a[1] * b[1]


def _cayley_dickson(i: int, j: int, half: int) -> tuple[int, int]:
    """Return the index and the sign of e_i e_j, the index of half being that of (0, 1)."""
    if half == 0:
        return 0, 1
    (q, p), (s, r) = divmod(i, half), divmod(j, half)

    def conjugate(index: int) -> int:
        return 1 if index == 0 else -1

    # (p, 0)(r, 0) = (p r, 0); (p, 0)(0, s) = (0, s p); (0, q)(r, 0) = (0, q r*);
    # (0, q)(0, s) = (-s* q, 0).
    if q == 0 and s == 0:
        return _cayley_dickson(p, r, half // 2)
    if q == 0:
        index, sign = _cayley_dickson(r, p, half // 2)
        return index + half, sign
    if s == 0:
        index, sign = _cayley_dickson(p, r, half // 2)
        return index + half, sign * conjugate(r)
    index, sign = _cayley_dickson(r, p, half // 2)
    return index, -sign * conjugate(r)


def _steiner(points: int) -> Callable[[int, int], int]:
    """Return the third point of the line through two: of the Fano plane or of AG(2, 3)."""
    if points == 9:
        return lambda a, b: (-(a // 3) - b // 3) % 3 * 3 + (-a - b) % 3
    lines = [frozenset((i, (i + 1) % 7, (i + 3) % 7)) for i in range(7)]

    def third(a: int, b: int) -> int:
        if a == b:
            return a
        (line,) = (line for line in lines if {a, b} <= line)
        (point,) = line - {a, b}
        return point

    return third


def _alexander(a: int, b: int) -> int:
    """Return (1 - t) a + t b over the field of 8 elements, t a root of x^3 + x + 1."""

    def times_t(x: int) -> int:
        return (x << 1) ^ (11 if x & 4 else 0)

    return a ^ times_t(a) ^ times_t(b)


def _composed(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Return the map that applies a first."""
    return tuple(b[i] for i in a)


def _conjugated(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Return a b a^-1."""
    inverse = tuple(sorted(range(len(a)), key=a.__getitem__))
    return _composed(_composed(a, b), inverse)


def _core(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """Return a b a."""
    return _composed(_composed(a, b), a)


def _partial_injections(n: int) -> list[tuple[int, ...]]:
    """Return all one-to-one maps between subsets of n points, -1 where one is not defined."""
    every = itertools.product(range(-1, n), repeat=n)
    defined = ((each, [x for x in each if x >= 0]) for each in every)
    return [each for each, images in defined if len(set(images)) == len(images)]


def _after(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(b[i] if i >= 0 else -1 for i in a)

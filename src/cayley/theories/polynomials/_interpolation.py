r"""The lowest-degree polynomial modulo a prime through given cells, and what is left open by them.

All polynomials of one degree through the cells are the solutions of a linear system, one equation
for each cell and one unknown for each monomial. Nothing here knows labels or classes of columns.

References:
    Lidl, Niederreiter (1997), "Finite Fields", section 7.5: every function of several variables on
    a finite field is a polynomial.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.deduction.homotopes._elimination import GrowingSystem
from cayley.theories.polynomials._formula import Polynomial

__all__ = ["Interpolation", "interpolate", "interpolate_columns"]

# Equations looked at first, beyond the number of unknowns: a wrong polynomial passes them with the
# chance p^-32. All cells are looked at afterwards in any case.
_SAMPLE = 32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interpolation:
    """The polynomials of one degree through all cells.

    Attributes:
        polynomial: One of them.
        monomials: The powers of a and b that it may have.
        kernel: The differences between two of them, as coefficients, shape ``(k, d)``; d = 0 if
            there is only one.
        rank: How many cells determine it as far as the cells do.
        num_tried: How many degrees were looked at.
    """

    polynomial: Polynomial
    monomials: tuple[tuple[int, int], ...]
    kernel: Int[NDArray[Any], "k d"]
    rank: int
    num_tried: int

    def forced(
        self, a: Int[NDArray[Any], "r 1"], b: Int[NDArray[Any], "1 c"]
    ) -> Bool[NDArray[Any], "r c"]:
        """Return in which cells all of the polynomials have the same value."""
        p = self.polynomial.modulus
        same = np.ones((len(a), b.size), bool)
        for difference in self.kernel.T:
            terms = zip(difference.tolist(), self.monomials, strict=True)
            each = Polynomial(modulus=p, terms=tuple((c, i, j) for c, (i, j) in terms if c))
            same &= each(a, b) == 0
        return same

    def num_spare(self, cells: Int[NDArray[Any], "m 3"]) -> int:
        """Return how many of the cells agree though they need not.

        A table may be a polynomial in every column, or in every row, without being one in both
        variables. Cells that agree for that reason do not count: of each column only as many as
        determine a polynomial in a of the degree that this one has in a, and likewise of each row.
        """
        spare = [len(cells) - self.rank]
        for variable in (0, 1):
            powers = [abs(term[1 + variable]) for term in self.polynomial.terms]
            degree = max(powers, default=0)
            _, counts = np.unique(cells[:, 1 - variable], return_counts=True)
            unknowns = sum(abs(monomial[variable]) <= degree for monomial in self.monomials)
            spare.append(int(np.minimum(counts, degree + 1).sum()) - unknowns)
        return max(min(spare), 0)


def interpolate(
    cells: Int[NDArray[Any], "m 3"],
    modulus: int,
    *,
    max_degree: int,
    max_coefficients: int,
    signs: tuple[int, int] = (1, 1),
) -> Interpolation | None:
    """Return the polynomials of the lowest degree through the cells, or None.

    Args:
        cells: Rows ``(a, b, c)`` of residues, no two of them equal.
        modulus: The prime.
        max_degree: The highest degree to try; a power of a variable stays below the prime, since
            higher ones are no new functions.
        max_coefficients: The most coefficients a polynomial may have.
        signs: The signs of the powers of a and of b: 1, -1, or 0 to leave the variable out.
    """
    degrees = list(_degrees(modulus, max_degree, max_coefficients, signs))
    if not degrees:
        return None
    # The cells that are looked at first must be no special ones; the order is always the same.
    order = np.random.default_rng(0).permutation(len(cells))
    size = sum(map(len, degrees)) + _SAMPLE
    first = 0
    for part in (order[:size], order) if size < len(order) else (order,):
        found = _lowest(cells, part, modulus, degrees, first)
        if found is None or found.rank == len(found.monomials) or len(part) == len(order):
            break
        # Some cells do not tell all polynomials of this degree apart: look at all of them. Degrees
        # that were refuted by some cells stay refuted.
        first = found.num_tried - 1
    return found


def interpolate_columns(
    cells: Int[NDArray[Any], "m 3"], modulus: int, *, max_degree: int, max_coefficients: int
) -> dict[int, Interpolation] | None:
    """Return polynomials in a alone, of the same lowest degree for each column that has cells."""
    columns, counts = np.unique(cells[:, 1], return_counts=True)
    # Columns with most cells refute a degree soonest.
    parts = [np.flatnonzero(cells[:, 1] == b) for b in columns[np.argsort(-counts, kind="stable")]]
    degree, found = 0, dict[int, Interpolation]()
    while degree <= max_degree and (degree + 1) * len(columns) <= max_coefficients:
        monomials = [(i, 0) for i in range(degree + 1)]
        for part in parts:
            each = _lowest(cells[part], np.arange(len(part)), modulus, [monomials], 0)
            if each is None:
                break
            found[int(cells[part[0], 1])] = each
        else:
            return found
        found.clear()
        degree += 1
    return None


def _degrees(
    modulus: int, max_degree: int, max_coefficients: int, signs: tuple[int, int]
) -> Iterator[list[tuple[int, int]]]:
    """Yield the monomials of each degree, as long as there are not too many coefficients."""
    total = 0
    for degree in range(max_degree + 1):
        powers = [(i, degree - i) for i in range(degree, -1, -1) if max(i, degree - i) < modulus]
        powers = [(i, j) for i, j in powers if (signs[0] or not i) and (signs[1] or not j)]
        total += len(powers)
        if not powers or total > max_coefficients:
            return
        yield [(signs[0] * i, signs[1] * j) for i, j in powers]


def _lowest(
    cells: Int[NDArray[Any], "m 3"],
    part: NDArray[Any],
    modulus: int,
    degrees: Sequence[Sequence[tuple[int, int]]],
    first: int,
) -> Interpolation | None:
    """Look at some of the cells, then compare what they determine with all; from one degree on."""
    a, b, c = cells[part].T
    system = GrowingSystem(c, modulus)
    monomials: list[tuple[int, int]] = []
    for degree, added in enumerate(degrees):
        for i, j in added:
            system.add(Polynomial(modulus=modulus, terms=((1, i, j),))(a, b))
            monomials.append((i, j))
        if degree < first or not system.is_solved:
            continue
        terms = zip(system.solution.tolist(), monomials, strict=True)
        polynomial = Polynomial(
            modulus=modulus, terms=tuple((factor, i, j) for factor, (i, j) in terms if factor)
        )
        is_only = system.rank == len(monomials)
        # If it is the only one through some cells and misses another, none of this degree fits.
        if is_only and len(part) < len(cells) and (polynomial(*cells.T[:2]) != cells[:, 2]).any():
            continue
        return Interpolation(
            polynomial=polynomial,
            monomials=tuple(monomials),
            kernel=system.kernel,
            rank=system.rank,
            num_tried=degree + 1,
        )
    return None

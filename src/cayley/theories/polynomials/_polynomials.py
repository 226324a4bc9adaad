r"""Operations on the residues modulo a prime that are polynomials, whole or by classes of columns.

The forms that are tried, each from degree 0 on: one polynomial for the whole table; one for each
class of columns ``b mod k`` with k = 2, 3, 4; one in ``a`` alone for each column. Where no operand
is 0, quotients such as ``a/b`` are tried as well. The form with fewest coefficients is returned.
"""

import itertools
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.deduction.wrong_entries._chance import mean_log10_frequency
from cayley.tables import UNKNOWN, Table
from cayley.tables.families._families import is_prime
from cayley.theories.polynomials._formula import Formula
from cayley.theories.polynomials._interpolation import (
    Interpolation,
    interpolate,
    interpolate_columns,
)

__all__ = ["MAX_DEGREE", "MIN_SPARE", "Fit", "Residues", "fit_polynomial"]

MAX_DEGREE = 12
"""Polynomials of degree 12 have 91 coefficients; a refutation costs some 20 ms for each form."""

MIN_SPARE = 6
"""Cells beyond the coefficients: modulo 97 so many agree by chance once in 10^12 times."""

# Parity is what published benchmarks have. With more classes than four each has too few cells in a
# sparse table, and polynomials for each column by itself take over.
_CLASSES = (2, 3, 4)

_PLAIN = (1, 1)
_QUOTIENTS = ((1, -1), (-1, 1), (-1, -1))

# int() of a long string of digits takes quadratic time, and no table has as many labels as this.
_LONGEST_LABEL = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    r"""The polynomial with fewest coefficients, of those tried, through all seen cells.

    Attributes:
        formula: The polynomial, or one for each class of columns. If it is not ``unique`` it is one
            of several.
        table: The table with the cells that every polynomial of the same form and degree with
            the seen cells has: all cells if ``unique``. Its symbols may be more than before.
        num_coefficients: How many coefficients a polynomial of the form and degree has.
        num_spare: How many of the seen cells agree though they need not: cells that agree only
            because every column by itself, or every row, is a polynomial do not count.
        log10_chance: Logarithm of a bound on the chance that a polynomial of the forms tried goes
            through so many further cells if their symbols are independent. Each of them counts the
            mean logarithm of the frequencies of the seen symbols, where no frequency counts as
            less than :math:`1/p`; the logarithm of the number of forms and degrees tried is added.
        unique: Whether it is the only polynomial of its form and degree through the seen cells.
    """

    formula: Formula
    table: Table
    num_coefficients: int
    num_spare: int
    log10_chance: float
    unique: bool


def fit_polynomial(
    table: Table | ArrayLike,
    *,
    modulus: int | None = None,
    max_degree: int = MAX_DEGREE,
    min_spare: int = MIN_SPARE,
) -> Fit | None:
    r"""Return the polynomial with fewest coefficients through all seen cells, if there is one.

    Degrees go up to ``max_degree``, for the whole table at most to :math:`p - 2` and for a class of
    columns or with quotients at most to :math:`(p - 1) / 2`. Beyond, coefficients vanish for
    reasons that have little to do with polynomials: every permutation of the residues is one of
    degree :math:`p - 2` or less. None means that no polynomial of these forms goes through all seen
    cells with ``min_spare`` cells to spare, or that the labels are not the residues modulo a
    prime. Fields whose order is no prime are not treated.

    Args:
        table: A table whose labels are ``0..p-1`` or ``1..p-1``, in any order, or a square array
            of integers in ``0..p-1``, negative where unknown.
        modulus: The prime p. By default it is read off the labels, which must then be all residues
            or all of them but 0; if it is given, results may be any residues.
        max_degree: The highest degree (sum of the powers of a and b) to try.
        min_spare: How many cells more than coefficients there have to be.

    Raises:
        ValueError: If ``modulus`` is given and is no prime, or a limit is negative.

    Example:
        >>> a, b = np.indices((11, 11))
        >>> seen = np.where((2 * a + 3 * b) % 7 == 0, (a * a - a * b + 4) % 11, -1)
        >>> fit = fit_polynomial(seen)
        >>> print(fit.formula)
        a^2 - a*b + 4 mod 11
        >>> fit.num_coefficients, fit.num_spare, fit.unique, fit.table["10", "10"]
        (6, 11, True, '4')
    """
    for name, value in (("max_degree", max_degree), ("min_spare", min_spare)):
        if value < 0:
            raise ValueError(f"`{name}` must not be negative; got {value}.")
    if modulus is not None and not is_prime(modulus):
        raise ValueError(f"`modulus` must be a prime; got {modulus}.")
    table = table if isinstance(table, Table) else Table.from_array(table)
    residues = Residues.of(table, modulus=modulus)
    if residues is None:
        return None
    a, b, c = table.observations.T
    cells = np.stack([residues.rows[a], residues.columns[b], residues.symbols[c]], axis=1)
    # The same observation twice is one cell; two results in one cell lie on no polynomial.
    cells = np.unique(cells, axis=0)
    best: Fit | None = None
    num_tried = 0
    for num_classes in (1, *_CLASSES, residues.modulus):
        # Only a form with fewer coefficients than all before is of interest.
        most = len(cells) - min_spare if best is None else best.num_coefficients - 1
        search = _Search(cells, residues, num_classes, max_degree, most, min_spare)
        num_tried += search.num_formulas
        pieces = search.pieces()
        fit = None if pieces is None else _completed(table, search, pieces)
        best = best if fit is None else fit
    if best is None:
        return None
    return replace(best, log10_chance=min(best.log10_chance + math.log10(num_tried), 0.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residues:
    """The labels of a table as residues modulo a prime.

    Attributes:
        modulus: The prime.
        rows: The residue of each row, int64; likewise ``columns`` and ``symbols``.
        results: Which residues may be results.
    """

    modulus: int
    rows: Int[NDArray[Any], " r"]
    columns: Int[NDArray[Any], " c"]
    symbols: Int[NDArray[Any], " s"]
    results: frozenset[int]

    @classmethod
    def of(cls, table: Table, *, modulus: int | None = None) -> "Residues | None":
        """Return the residues, or None if the labels are not all residues modulo a prime.

        Example:
            >>> Residues.of(Table.from_array([[0, 1], [1, 0]], labels="10")).rows.tolist()
            [1, 0]
            >>> Residues.of(Table.from_array([[0, 1], [1, 0]], labels="ea")) is None
            True
        """
        alphabets = (table.rows, table.columns, table.symbols)
        labels = {label for alphabet in alphabets for label in alphabet}
        if not all(map(_is_plain_number, labels)):
            return None
        numbers = {int(label) for label in labels}
        p = max(numbers) + 1 if modulus is None else modulus
        is_complete = modulus is not None or len(numbers - {0}) == p - 1
        if max(numbers) >= p or not is_complete or not is_prime(p):
            return None
        rows, columns, symbols = (np.array([int(x) for x in each], np.int64) for each in alphabets)
        results = frozenset(numbers if modulus is None else range(p))
        return cls(modulus=p, rows=rows, columns=columns, symbols=symbols, results=results)


def _is_plain_number(label: str) -> bool:
    is_short = label.isascii() and label.isdigit() and len(label) <= _LONGEST_LABEL
    return is_short and str(int(label)) == label


@dataclass(frozen=True, slots=True)
class _Search:
    """A form, one polynomial for each class of columns, and the cells it has to go through."""

    cells: Int[NDArray[Any], "m 3"]
    residues: Residues
    num_classes: int
    max_degree: int
    max_coefficients: int
    min_spare: int

    @property
    def by_column(self) -> bool:
        """Whether each column is a class of its own."""
        return self.num_classes == self.residues.modulus

    @property
    def degrees(self) -> range:
        """The degrees to try."""
        p, k = self.residues.modulus, self.num_classes
        highest = max(p - 2, 1) if k == 1 else (p - 1) // 2
        per_class = self.max_coefficients // k if self.by_column else self.max_coefficients - k + 1
        highest = min(self.max_degree, highest)
        while highest >= 0 and _num_monomials(highest, by_column=self.by_column) > per_class:
            highest -= 1
        return range(highest + 1)

    @property
    def num_formulas(self) -> int:
        """How many choices of a degree, and of quotients or none, there are for all classes."""
        if self.by_column:
            return len(self.degrees)
        ways = {0: 1}  # how many choices for the classes so far have so many coefficients together
        for each in range(self.num_classes):
            kinds = 1 + len(self._quotients(each))
            before, ways = ways, {}
            for spent, degree in itertools.product(before, self.degrees):
                total = spent + _num_monomials(degree, by_column=False)
                if total <= self.max_coefficients:
                    ways[total] = ways.get(total, 0) + kinds * before[spent]
        return sum(ways.values())

    def pieces(self) -> list[Interpolation | None] | None:
        """Return an interpolation for each class, None for one without cells; or None."""
        if self.by_column:
            return self._of_columns()
        left, found = self.max_coefficients, list[Interpolation | None]()
        for each in range(self.num_classes):
            own = np.flatnonzero(self.cells[:, 1] % self.num_classes == each)
            # Each of the classes to come has at least one coefficient.
            most = min(left - (self.num_classes - 1 - each), len(own) - self.min_spare)
            piece = self._lowest(own, each, most)
            if piece is None:
                return None
            found.append(piece)
            left -= len(piece.monomials)
        return found

    def _lowest(self, own: NDArray[Any], each: int, most: int) -> Interpolation | None:
        best: Interpolation | None = None
        for signs in (_PLAIN, *self._quotients(each)):
            found = interpolate(
                self.cells[own],
                self.residues.modulus,
                max_degree=len(self.degrees) - 1,
                max_coefficients=most if best is None else len(best.monomials) - 1,
                signs=signs,
            )
            if found is not None and found.num_spare(self.cells[own]) >= self.min_spare:
                best = found
        return best

    def _quotients(self, each: int) -> list[tuple[int, int]]:
        """Return the signs of the powers that are possible where no operand is 0."""
        columns = self.residues.columns[self.residues.columns % self.num_classes == each]
        has_zero = [not self.residues.rows.all(), not columns.all()]
        return [
            signs
            for signs in _QUOTIENTS
            if not any(sign < 0 and zero for sign, zero in zip(signs, has_zero, strict=True))
        ]

    def _of_columns(self) -> list[Interpolation | None] | None:
        found = interpolate_columns(
            self.cells,
            self.residues.modulus,
            max_degree=len(self.degrees) - 1,
            max_coefficients=self.max_coefficients,
        )
        return None if found is None else [found.get(b) for b in range(self.num_classes)]


def _num_monomials(degree: int, *, by_column: bool) -> int:
    return degree + 1 if by_column else (degree + 1) * (degree + 2) // 2


def _completed(table: Table, search: _Search, pieces: list[Interpolation | None]) -> Fit | None:
    """Fill in what all polynomials agree on; None if a result is no label of the table.

    The chance is that of this formula alone.
    """
    residues, k = search.residues, search.num_classes
    grid = np.full(table.array.shape, UNKNOWN)
    for each, piece in enumerate(pieces):
        places = np.flatnonzero(residues.columns % k == each)
        if piece is not None and len(places):
            a, b = residues.rows[:, None], residues.columns[None, places]
            grid[:, places] = np.where(piece.forced(a, b), piece.polynomial(a, b), UNKNOWN)
    values = set(np.unique(grid).tolist()) - {UNKNOWN}
    if not values <= residues.results:
        return None
    symbols = (*table.symbols, *map(str, sorted(values - set(residues.symbols.tolist()))))
    place = np.full(residues.modulus + 1, UNKNOWN)  # one more: UNKNOWN is -1 and stays so
    place[[int(label) for label in symbols]] = np.arange(len(symbols))
    num_spare = 0
    for each, piece in enumerate(pieces):
        if piece is not None:
            own = search.cells[search.cells[:, 1] % k == each]
            num_spare += len(own) - piece.rank if search.by_column else piece.num_spare(own)
    if num_spare < search.min_spare:
        return None
    return Fit(
        formula=Formula(
            modulus=residues.modulus,
            cases=tuple(None if piece is None else piece.polynomial for piece in pieces),
        ),
        table=Table(rows=table.rows, columns=table.columns, symbols=symbols, array=place[grid]),
        num_coefficients=sum(len(piece.monomials) for piece in pieces if piece is not None),
        num_spare=num_spare,
        log10_chance=num_spare * mean_log10_frequency(search.cells[:, 2], residues.modulus),
        unique=bool((grid != UNKNOWN).all()),
    )

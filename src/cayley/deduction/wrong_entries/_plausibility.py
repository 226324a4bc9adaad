"""Whether a table that contradicts some observations is nevertheless the one behind them."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction.wrong_entries._chance import log10_agreeing_by_chance
from cayley.tables._full_square import full_square

__all__ = ["Plausibility", "exchange_gains", "label_tallies", "weigh_observations"]

_CHANCE, _RIVALS, _ACCIDENT = -9.0, -3.0, -4.0
"""Logarithms of the odds at which a table that contradicts observations is believed no longer. The
bound on chance is the strictest: it is a union bound over tables of all groups of the order. The
bound on accidents is a tail probability, so that smaller means more suspicious."""

_RELATED = 0.15
"""From this share of contradicting observations on they are searched for structure: fewer errors
coincide too seldom to tell errors from a related table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausibility:
    r"""Three ways in which a table could agree with many observations and still be wrong.

    Attributes:
        cells: Number of observations.
        agreeing: Number of them that the table agrees with.
        log10_chance: Bound on the expected number of tables of the kind that agree with so many
            if products were random; see :func:`log10_agreeing_by_chance`.
        log10_rivals: The table with two labels exchanged is a rival. The odds of all rivals
            together against the table, if wrong entries are uniform and as frequent as seen.
        log10_accident: The contradicting observations are errors, or else they obey a related
            table and then ask for the same exchange of labels many times over. The
            probability that errors coincide as often as they do; 0 if they are too few to ask.
    """

    cells: int
    agreeing: int
    log10_chance: float
    log10_rivals: float
    log10_accident: float

    @property
    def is_safe(self) -> bool:
        """Whether all observations agree, or none of the three is a serious possibility."""
        if self.agreeing == self.cells:
            return True
        return (
            self.log10_chance <= _CHANCE
            and self.log10_rivals <= _RIVALS
            and self.log10_accident >= _ACCIDENT
        )


def weigh_observations(
    table: ArrayLike, observations: ArrayLike, *, assume: Structure
) -> Plausibility:
    r"""Weigh the observations that agree with a Latin square against those that do not.

    With :math:`q` the share of observations that contradict, an observation that a rival explains
    and the table does not, or the other way round, has the odds :math:`(1 - q)(n - 1) / q`.

    Args:
        table: A Latin square, shape ``(n, n)``.
        observations: Rows ``(a, b, c)``, shape ``(m, 3)``.
        assume: ``GROUP`` for one alphabet, ``GROUP_ISOTOPE`` for independent labels of rows,
            columns and symbols.

    Example:
        >>> table = np.add.outer(np.arange(7), np.arange(7)) % 7
        >>> a, b = np.indices((7, 7)).reshape(2, -1)
        >>> cells = np.stack([a, b, table[a, b]], axis=1)
        >>> cells[::10, 2] += 1
        >>> cells[:, 2] %= 7
        >>> weighed = weigh_observations(table, cells, assume=Structure.GROUP_ISOTOPE)
        >>> weighed.agreeing, weighed.is_safe
        (44, True)
    """
    products = full_square(table)
    cells = np.asarray(observations, np.int64).reshape(-1, 3)
    n, m = len(products), len(cells)
    tallies = label_tallies(products, cells)
    agreeing = int(np.trace(tallies[2]))
    # Laplace's estimate of the share of wrong entries: never 0 or 1, so that the odds are finite.
    wrong = (m - agreeing + 1) / (m + 2)
    odds = math.log10(max((1 - wrong) * max(n - 1, 1) / wrong, 1.0))
    return Plausibility(
        cells=m,
        agreeing=agreeing,
        log10_chance=log10_agreeing_by_chance(n, assume=assume, cells=m, agreeing=agreeing),
        log10_rivals=_log10_rivals(exchange_gains(tallies, assume=assume), odds),
        log10_accident=_log10_accident(tallies) if m - agreeing > _RELATED * m else 0.0,
    )


def label_tallies(table: ArrayLike, observations: ArrayLike) -> Int[NDArray[Any], "3 n n"]:
    """Count how often the observations of a label ask for the place of another one.

    An observation ``(a, b, c)`` is explained by the row that has c in column b, by the column that
    has c in row a, and by the symbol in row a and column b. It agrees with the table exactly if
    these are its own row, column and symbol.

    Args:
        table: A Latin square, shape ``(n, n)``.
        observations: Rows ``(a, b, c)``, shape ``(m, 3)``.

    Returns:
        One count for rows, columns and symbols: of each label (first axis), for the place of each
        label (second axis).

    Example:
        >>> label_tallies([[0, 1], [1, 0]], [[0, 0, 0], [0, 1, 0]])[0].tolist()
        [[1, 1], [0, 0]]
    """
    products = full_square(table)
    cells = np.asarray(observations, np.int64).reshape(-1, 3)
    n = len(products)
    place = np.arange(n)
    row_of, column_of = np.empty_like(products), np.empty_like(products)
    row_of[place[None, :], products] = place[:, None]  # [column, symbol]
    column_of[place[:, None], products] = place[None, :]  # [row, symbol]
    a, b, c = cells.T
    tallies = np.zeros((3, n, n), np.int64)
    for kind, (label, wanted) in enumerate(
        ((a, row_of[b, c]), (b, column_of[a, c]), (c, products[a, b]))
    ):
        np.add.at(tallies[kind], (label, wanted), 1)
    return tallies


def exchange_gains(
    tallies: Int[NDArray[Any], "3 n n"], *, assume: Structure
) -> Int[NDArray[Any], " pairs"]:
    """Return how many more observations would agree if two labels of a kind were exchanged.

    Args:
        tallies: Of all labels, see :func:`label_tallies`.
        assume: ``GROUP`` for one alphabet, ``GROUP_ISOTOPE`` for independent labels of rows,
            columns and symbols.

    Returns:
        One number for each pair of labels of a kind; negative where agreement would be lost.
    """
    kinds = tallies if assume is Structure.GROUP_ISOTOPE else tallies.sum(0, keepdims=True)
    own = np.diagonal(kinds, axis1=1, axis2=2)
    gain = kinds + kinds.transpose(0, 2, 1) - own[:, :, None] - own[:, None, :]
    first, second = np.triu_indices(kinds.shape[-1], 1)
    gains: Int[NDArray[Any], " pairs"] = gain[:, first, second].ravel()
    return gains


def _log10_rivals(gains: Int[NDArray[Any], " pairs"], log10_odds: float) -> float:
    """Sum the odds of all exchanges of two labels of a kind."""
    exponents = log10_odds * gains
    if not len(exponents):
        return -math.inf
    most = float(exponents.max())
    return most + math.log10(float((10.0 ** (exponents - most)).sum()))


def _log10_accident(tallies: Int[NDArray[Any], "3 n n"]) -> float:
    """Return the least probability, over the kinds, of so many coincidences among errors."""
    n = tallies.shape[-1]
    least = 0.0
    for tally in tallies:
        errors = tally - np.diag(np.diag(tally))
        total = errors.sum(1)
        expected = float((total * (total - 1) / 2).sum()) / max(n - 1, 1)
        found = int((errors * (errors - 1) // 2).sum())
        least = min(least, _log10_poisson_tail(expected, found))
    return least


def _log10_poisson_tail(mean: float, least: int) -> float:
    """Bound the probability of at least so many events by Chernoff's inequality."""
    if least <= mean or mean == 0:
        return 0.0
    return (least - mean - least * math.log(least / mean)) / math.log(10)

"""How many groups (isotopes) would agree with so many cells if these were drawn at random."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure

__all__ = [
    "EARNED",
    "log2_num_groups",
    "log2_num_tables",
    "log10_agreeing_by_chance",
    "mean_log10_frequency",
]

EARNED = -6.0
"""Logarithm of the chance below which so much agreement is believed: one in a million. A hypothesis
that nobody named is *earned* then, be it a group or a theory of laws."""

# No order below the first number has more groups than the second (Besche, Eick, O'Brien). Powers of
# two have by far the most, hence the steps.
_MOST_GROUPS = (
    (8, 2),
    (16, 5),
    (32, 15),
    (64, 52),
    (128, 267),
    (512, 56_092),
    (1024, 10_494_213),
    (2048, 49_487_367_289),
)


def log2_num_tables(order: int, *, assume: Structure) -> float:
    r"""Return an upper bound on the binary logarithm of the number of tables of one kind.

    A group has at most :math:`n!` labeled tables, and at most :math:`(n!)^3 / n^2` isotopes. The
    number of groups is known up to order 2047; beyond, :math:`(\log_2 n)^3` bits are far above
    the bound of Pyber.

    References:
        Besche, Eick, O'Brien (2002), "A millennium project: constructing small groups".
        Pyber (1993), "Enumerating finite groups of given order".
    """
    bits = math.log2(order)
    groups = log2_num_groups(order)
    labelings = math.lgamma(order + 1) / math.log(2)
    return groups + (3 * labelings - 2 * bits if assume is Structure.GROUP_ISOTOPE else labelings)


def log2_num_groups(order: int) -> float:
    """Return an upper bound on the binary logarithm of the number of groups of an order."""
    known = (math.log2(most) for below, most in _MOST_GROUPS if order < below)
    return next(known, math.log2(order) ** 3)


def mean_log10_frequency(symbols: Int[NDArray[Any], " m"], num_symbols: int) -> float:
    """Return the mean logarithm of the chance that a cell has its symbol by accident.

    A frequent symbol is little evidence; one that was seen seldom is not for that reason rare, so
    no frequency counts as less than one in the number of symbols.

    Example:
        >>> round(mean_log10_frequency(np.array([0, 0, 0, 0]), 10), 3)
        0.0
        >>> round(mean_log10_frequency(np.arange(10), 10), 3)
        -1.0
    """
    if not len(symbols):
        return 0.0
    frequency = np.bincount(symbols, minlength=num_symbols) / len(symbols)
    return float(np.log10(np.maximum(frequency[symbols], 1 / num_symbols)).mean())


def log10_agreeing_by_chance(order: int, *, assume: Structure, cells: int, agreeing: int) -> float:
    r"""Return an upper bound on the logarithm of the expected number of agreeing tables.

    If the products of ``cells`` different cells were independent and uniform, the expected number
    of tables that agree with at least ``agreeing`` of them would be at most

    .. math:: N \binom{m}{k} n^{-k}

    for :math:`N` tables of the kind, :math:`m` cells and :math:`k` agreeing ones (union bound).

    Example:
        >>> round(log10_agreeing_by_chance(24, assume=Structure.GROUP, cells=60, agreeing=57))
        -49
    """
    choices = math.lgamma(cells + 1) - math.lgamma(agreeing + 1) - math.lgamma(cells - agreeing + 1)
    bits = log2_num_tables(order, assume=assume) + choices / math.log(2)
    return (bits - agreeing * math.log2(order)) * math.log10(2)

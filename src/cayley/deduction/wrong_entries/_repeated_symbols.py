r"""Whether observations that a Latin square contradicts look like wrong entries.

A wrong entry is any symbol, and sooner or later it repeats one of its row or column. Observations
that contradict a group and still keep to the rule of Latin squares are rather those of another
Latin square: an intercalate of it was turned, or it is a loop that is near to a group.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["log10_chance_of_so_few_repeats", "most_agreeing"]


def most_agreeing(observations: Int[NDArray[Any], "m 3"], order: int) -> int:
    """Return a number of observations that no Latin square can agree with more of.

    It agrees with one of those with the same row and column, row and symbol, or column and symbol.

    Args:
        observations: Row, column and symbol of each; repeated ones count once.
        order: The order of the square.

    Example:
        >>> most_agreeing(np.array([(0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 1, 1)]), 2)
        3
    """
    a, b, c = np.unique(observations, axis=0).T
    return min(len(np.unique(x * order + y)) for x, y in ((a, b), (a, c), (b, c)))


def log10_chance_of_so_few_repeats(
    observations: Int[NDArray[Any], "m 3"], table: Int[NDArray[Any], "n n"]
) -> float:
    r"""Return the logarithm of the chance that wrong entries repeat so few symbols.

    Let an observation ``(a, b, c)`` with ``c`` other than ``table[a, b]`` be wrong, and ``c`` any
    other symbol with equal odds. It repeats a symbol if an observation that the table agrees with
    has ``c`` in row ``a`` or in column ``b``; it does not with the probability

    .. math:: q = 1 - \frac{|S|}{n - 1},

    where S are the symbols of these observations. The number of wrong entries without a repeat is
    a sum of independent trials; the chance is that of as many as there are, or more.

    Args:
        observations: Row, column and symbol of each; repeated ones count once.
        table: A Latin square with no unknown cell.

    Returns:
        The logarithm to base 10; 0 if every contradicted observation repeats a symbol, or none is
        contradicted.

    Example:
        >>> c4 = np.add.outer(np.arange(4), np.arange(4)) % 4
        >>> seen = [(a, b, c4[a, b]) for a in range(4) for b in range(4) if (a, b) != (3, 3)]
        >>> turned = [(a, b, (c + 2) % 4 if a % 2 == b % 2 == 0 else c) for a, b, c in seen]
        >>> round(log10_chance_of_so_few_repeats(np.array(turned), c4), 2)  # (1/3)^4
        -1.91
        >>> log10_chance_of_so_few_repeats(np.array([*seen, (3, 3, 0)]), c4)
        0.0
    """
    a, b, c = np.unique(observations, axis=0).T
    n = len(table)
    right = table[a, b] == c
    in_row, in_column = (np.zeros((n, n), bool) for _ in range(2))
    in_row[a[right], c[right]] = True
    in_column[b[right], c[right]] = True
    # A cell that was observed rightly too, and as something else: that is a contradiction anyhow.
    twice = np.zeros((n, n), bool)
    twice[a[right], b[right]] = True
    chances, without = [], 0
    for i in np.flatnonzero(~right):
        row, column, symbol = int(a[i]), int(b[i]), int(c[i])
        if twice[row, column]:
            continue
        there = in_row[row] | in_column[column]
        chances.append(1.0 - int(there.sum()) / (n - 1))
        without += not there[symbol]
    if not without:
        return 0.0
    # tail[k] is the chance of k wrong entries without a repeat among those looked at so far.
    tail = np.zeros(len(chances) + 1)
    tail[0] = 1.0
    for q in chances:
        tail[1:] = tail[1:] * (1.0 - q) + tail[:-1] * q
        tail[0] *= 1.0 - q
    chance = float(tail[without:].sum())
    return min(0.0, math.log10(chance)) if chance > 0 else -math.inf

"""How often Frolov's quadrangle criterion holds in a table with wrong entries.

In an isotope of a group, of two rectangles that agree in three corners the fourth agrees, too. With
a share ``e`` of wrong entries that is still so in about ``(1 - e)^8`` of the cases, and elsewhere
as often as two symbols are equal by chance. A few thousand rectangles tell whether a search for a
group behind the wrong entries is worth its time.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["is_like_a_group"]

_RECTANGLES = 20_000
"""So many pairs: at 30 % wrong entries of 120 symbols some 1,100 agree, and 170 by chance."""

_DEVIATIONS = 6.0
"""More agreements than by chance, in standard deviations, that are worth a search."""


def is_like_a_group(table: Int[NDArray[Any], "n n"], random: np.random.Generator) -> bool:
    """Return whether rectangles agree in the fourth corner clearly more often than by chance.

    Args:
        table: Symbols 0..n-1, not necessarily a Latin square.
        random: Draws the rectangles.

    Example:
        >>> random = np.random.default_rng(0)
        >>> a, b = np.indices((20, 20))
        >>> is_like_a_group((a + 3 * b) % 20, random)
        True
        >>> is_like_a_group(random.integers(20, size=(20, 20)), random)
        False
    """
    n = len(table)
    # The first column of each symbol in a row, and the first row of each symbol in a column.
    column_of, row_of = np.full((n, n), -1), np.full((n, n), -1)
    for k in range(n - 1, -1, -1):
        column_of[np.arange(n), table[:, k]] = k
        row_of[table[k], np.arange(n)] = k
    a1, a2, a3, b1, b2 = random.integers(n, size=(5, _RECTANGLES))
    b3 = column_of[a3, table[a1, b1]]
    b4 = column_of[a3, table[a1, b2]]
    a4 = row_of[table[a2, b1], b3]
    there = (b3 >= 0) & (b4 >= 0) & (a4 >= 0) & (a1 != a2) & (b1 != b2)
    # Rectangles that share a corner agree without a reason.
    there &= (a3 != a1) & (a4 != a2) & (b3 != b1) & (b4 != b2)
    tried = int(there.sum())
    if not tried:
        return False
    agree = int((table[a2, b2] == table[a4, b4])[there].sum())
    frequencies = np.bincount(table.ravel(), minlength=n) / table.size
    chance = float((frequencies**2).sum())
    spread = np.sqrt(tried * chance * (1 - chance))
    return bool(agree - tried * chance > _DEVIATIONS * spread)

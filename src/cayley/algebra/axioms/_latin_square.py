"""Cancellation on either side, and Latin squares; every check takes O(n^2) time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._property import Property
from cayley.tables._full_square import TableLike, full_square

__all__ = [
    "is_latin_square",
    "is_left_cancellative",
    "is_right_cancellative",
]


def is_left_cancellative(table: TableLike) -> Property:
    r"""Decide whether :math:`ab = ac` implies :math:`b = c`: no row holds a symbol twice.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b, c)`` with ``ab = ac`` and ``b != c``.

    Example:
        >>> is_left_cancellative([[0, 0], [0, 1]]).counterexample
        (0, 0, 1)
    """
    found = _repeat_in_row(full_square(table))
    return Property(name="left cancellative", holds=found is None, counterexample=found)


def is_right_cancellative(table: TableLike) -> Property:
    r"""Decide whether :math:`ba = ca` implies :math:`b = c`: no column holds a symbol twice.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b, c)`` with ``ba = ca`` and ``b != c``.

    Example:
        >>> is_right_cancellative([[0, 1], [0, 1]]).counterexample
        (0, 0, 1)
    """
    found = _repeat_in_row(full_square(table).T)
    return Property(name="right cancellative", holds=found is None, counterexample=found)


def is_latin_square(table: TableLike) -> Property:
    r"""Decide whether every row and every column holds every symbol once: a quasigroup.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b, c, d)``: the different cells ``(a, b)`` and
        ``(c, d)`` hold the same symbol and lie in one row (``a = c``) or one column (``b = d``).

    Example:
        >>> is_latin_square([[0, 1], [0, 1]]).counterexample
        (0, 0, 1, 0)
    """
    products = full_square(table)
    row = _repeat_in_row(products)
    if row is not None:
        a, b, c = row
        return Property(name="Latin square", holds=False, counterexample=(a, b, a, c))
    column = _repeat_in_row(products.T)
    if column is not None:
        a, b, c = column
        return Property(name="Latin square", holds=False, counterexample=(b, a, c, a))
    return Property(name="Latin square", holds=True)


def _repeat_in_row(table: Int[NDArray[Any], "n n"]) -> tuple[int, int, int] | None:
    """Return ``(a, b, c)`` with ``b < c`` and equal symbols at ``(a, b)`` and ``(a, c)``."""
    n = len(table)
    present = np.zeros((n, n), bool)
    # A row with n entries in 0..n-1 repeats one exactly if another is absent. This marks all rows
    # at once, where sorting them would take a factor log n more.
    present[np.arange(n)[:, None], table] = True
    short = ~present.all(axis=1)
    if not short.any():
        return None
    a = int(short.argmax())
    row = table[a].tolist()
    c = next(i for i, symbol in enumerate(row) if symbol in row[:i])
    return a, row.index(row[c]), c

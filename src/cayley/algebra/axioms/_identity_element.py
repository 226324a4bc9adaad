"""Identities, zeros and inverses, found or refuted in O(n^2) time."""

import numpy as np
from numpy.typing import NDArray

from cayley.algebra.axioms._property import Property
from cayley.tables._full_square import TableLike, full_square

__all__ = [
    "has_absorbing_element",
    "has_identity",
    "has_inverses",
    "has_left_identity",
    "has_right_identity",
]


def has_left_identity(table: TableLike) -> Property:
    r"""Decide whether some :math:`e` has :math:`ex = x` for all :math:`x`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose witness is the first such ``e``, and whose counterexample has ``n``
        entries: for each candidate ``e`` an element ``x`` with ``ex != x``.

    Example:
        >>> has_left_identity([[1, 0], [0, 1]]).witness
        1
    """
    products = full_square(table)
    return _exists("left identity", products != np.arange(len(products)))


def has_right_identity(table: TableLike) -> Property:
    r"""Decide whether some :math:`e` has :math:`xe = x` for all :math:`x`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose witness is the first such ``e``, and whose counterexample has ``n``
        entries: for each candidate ``e`` an element ``x`` with ``xe != x``.

    Example:
        >>> has_right_identity([[0, 1], [0, 1]]).counterexample
        (1, 0)
    """
    products = full_square(table)
    return _exists("right identity", np.arange(len(products)) != products.T)


def has_identity(table: TableLike) -> Property:
    r"""Decide whether some :math:`e` has :math:`ex = x = xe` for all :math:`x`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose witness is ``e`` (there is at most one), and whose counterexample has
        ``n`` entries: for each candidate ``e`` an element ``x`` with ``ex != x`` or ``xe != x``.

    Example:
        >>> has_identity([[1, 0], [0, 1]]).witness
        1
    """
    products = full_square(table)
    each = np.arange(len(products))
    return _exists("identity", (products != each) | (each != products.T))


def has_absorbing_element(table: TableLike) -> Property:
    r"""Decide whether some :math:`z` has :math:`zx = z = xz` for all :math:`x` (a zero).

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose witness is ``z`` (there is at most one), and whose counterexample has
        ``n`` entries: for each candidate ``z`` an element ``x`` with ``zx != z`` or ``xz != z``.

    Example:
        >>> has_absorbing_element([[0, 0], [0, 1]]).witness
        0
    """
    products = full_square(table)
    each = np.arange(len(products))[:, None]
    return _exists("absorbing element", (products != each) | (each != products.T))


def has_inverses(table: TableLike) -> Property:
    r"""Decide whether every element has a two-sided inverse.

    That is, there is an identity :math:`e`, and every :math:`a` has a :math:`b` with
    :math:`ab = e = ba`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a,)``, an element without such a ``b``; ``None`` if
        there is no identity to begin with.

    Example:
        >>> has_inverses([[0, 1], [1, 1]]).counterexample
        (1,)
    """
    products = full_square(table)
    # Which element an inverse leads to is only defined if there is an identity.
    identity = has_identity(products)
    if not identity:
        return Property(name="inverses", holds=False)
    # reaches & reaches.T: the same b on both sides; a left and a right inverse may differ in a
    # loop.
    reaches = products == identity.witness
    without = ~(reaches & reaches.T).any(axis=1)
    if without.any():
        return Property(name="inverses", holds=False, counterexample=(int(without.argmax()),))
    return Property(name="inverses", holds=True)


def _exists(name: str, fails: NDArray[np.bool_]) -> Property:
    """Return whether some row of ``fails`` has no entry, else the first entry of every row."""
    good = ~fails.any(axis=1)
    if good.any():
        return Property(name=name, holds=True, witness=int(good.argmax()))
    return Property(name=name, holds=False, counterexample=tuple(fails.argmax(axis=1).tolist()))

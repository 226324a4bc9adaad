"""Laws in one or two variables, decided by comparing the arrays of both sides in O(n^2) time."""

import numpy as np

from cayley.algebra.axioms._property import Property, first_difference
from cayley.tables._full_square import TableLike, full_square

__all__ = [
    "is_commutative",
    "is_flexible",
    "is_idempotent",
    "is_left_alternative",
    "is_right_alternative",
    "is_unipotent",
]


def is_commutative(table: TableLike) -> Property:
    r"""Decide whether :math:`ab = ba` for all :math:`a, b`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``ab != ba``.

    Example:
        >>> is_commutative([[0, 0], [1, 1]]).counterexample
        (0, 1)
    """
    products = full_square(table)
    place = first_difference(products, products.T)
    return Property(name="commutative", holds=place is None, counterexample=place)


def is_idempotent(table: TableLike) -> Property:
    r"""Decide whether :math:`aa = a` for all :math:`a`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a,)`` with ``aa != a``.

    Example:
        >>> is_idempotent([[0, 1], [1, 0]]).counterexample
        (1,)
    """
    products = full_square(table)
    place = first_difference(products.diagonal(), np.arange(len(products)))
    return Property(name="idempotent", holds=place is None, counterexample=place)


def is_unipotent(table: TableLike) -> Property:
    r"""Decide whether all squares are equal: :math:`aa = bb` for all :math:`a, b`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``aa != bb``; its witness is the square.

    Example:
        >>> is_unipotent([[0, 1], [1, 0]]).witness
        0
    """
    squares = full_square(table).diagonal()
    # comparing all squares with the first one is enough: equality is transitive
    place = first_difference(squares, np.full_like(squares, squares[0]))
    if place is None:
        return Property(name="unipotent", holds=True, witness=int(squares[0]))
    return Property(name="unipotent", holds=False, counterexample=(0, place[0]))


def is_left_alternative(table: TableLike) -> Property:
    r"""Decide whether :math:`(aa)b = a(ab)` for all :math:`a, b`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``(aa)b != a(ab)``.

    Example:
        >>> is_left_alternative([[0, 0], [0, 1]]).holds
        True
    """
    products = full_square(table)
    each = np.arange(len(products))[:, None]
    # rows of squares: [a, b] is (aa)b; row a at its own entries: [a, b] is a(ab)
    place = first_difference(products[products.diagonal()], products[each, products])
    return Property(name="left alternative", holds=place is None, counterexample=place)


def is_right_alternative(table: TableLike) -> Property:
    r"""Decide whether :math:`(ab)b = a(bb)` for all :math:`a, b`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``(ab)b != a(bb)``.

    Example:
        >>> is_right_alternative([[0, 0], [0, 1]]).holds
        True
    """
    products = full_square(table)
    each = np.arange(len(products))[None, :]
    # [a, b] is (ab)b, and [a, b] is a(bb)
    place = first_difference(products[products, each], products[:, products.diagonal()])
    return Property(name="right alternative", holds=place is None, counterexample=place)


def is_flexible(table: TableLike) -> Property:
    r"""Decide whether :math:`(ab)a = a(ba)` for all :math:`a, b`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``(ab)a != a(ba)``.

    Example:
        >>> is_flexible([[0, 0], [0, 1]]).holds
        True
    """
    products = full_square(table)
    each = np.arange(len(products))[:, None]
    # [a, b] is (ab)a, and [a, b] is a(ba)
    place = first_difference(products[products, each], products[each, products.T])
    return Property(name="flexible", holds=place is None, counterexample=place)

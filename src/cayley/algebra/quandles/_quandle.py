"""Quandles: idempotent tables whose translations on one side are automorphisms."""

from cayley.algebra.axioms._latin_square import is_left_cancellative, is_right_cancellative
from cayley.algebra.axioms._laws import is_idempotent
from cayley.algebra.axioms._property import Property
from cayley.algebra.axioms._translation_laws import is_left_distributive, is_right_distributive
from cayley.tables._full_square import TableLike, full_square

__all__ = ["is_left_quandle", "is_right_quandle"]


def is_left_quandle(table: TableLike, *, distributive: Property | None = None) -> Property:
    r"""Decide whether :math:`xx = x`, rows repeat no symbol, and :math:`x(yz) = (xy)(xz)`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        distributive: What `is_left_distributive` returned for it, if that is known already.

    Returns:
        A property whose counterexample is that of the first of these to fail: ``(x,)`` with
        ``xx != x``; of the others three elements, ``(x, y, z)`` with ``xy = xz`` and ``y != z``, or
        with ``x(yz) != (xy)(xz)``.

    Example:
        >>> is_left_quandle([[0, 2, 1], [2, 1, 0], [1, 0, 2]]).holds
        True
        >>> is_left_quandle([[0, 0], [0, 1]]).counterexample
        (0, 0, 1)

    References:
        D. Joyce, "A classifying invariant of knots, the knot quandle", J. Pure Appl. Algebra 23
        (1982), 37-65.
    """
    products = full_square(table)
    found = is_idempotent(products) and is_left_cancellative(products)
    if found:
        found = is_left_distributive(products) if distributive is None else distributive
    return Property(name="left quandle", holds=found.holds, counterexample=found.counterexample)


def is_right_quandle(table: TableLike, *, distributive: Property | None = None) -> Property:
    r"""Decide whether :math:`xx = x`, columns repeat no symbol, and :math:`(xy)z = (xz)(yz)`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        distributive: What `is_right_distributive` returned for it, if that is known already.

    Returns:
        A property whose counterexample is that of the first of these to fail: ``(x,)`` with
        ``xx != x``; of the others three elements, ``(x, y, z)`` with ``yx = zx`` and ``y != z``, or
        with ``(xy)z != (xz)(yz)``.

    Example:
        >>> is_right_quandle([[0, 0], [1, 1]]).holds
        True
    """
    products = full_square(table)
    found = is_idempotent(products) and is_right_cancellative(products)
    if found:
        found = is_right_distributive(products) if distributive is None else distributive
    return Property(name="right quandle", holds=found.holds, counterexample=found.counterexample)

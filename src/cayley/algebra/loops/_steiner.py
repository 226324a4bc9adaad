"""Steiner quasigroups and Steiner loops: the two operations that a Steiner triple system has."""

import numpy as np

from cayley.algebra.axioms._identity_element import has_identity
from cayley.algebra.axioms._laws import is_commutative, is_idempotent
from cayley.algebra.axioms._property import Property, first_difference
from cayley.tables._full_square import TableLike, full_square

__all__ = ["is_steiner", "is_totally_symmetric"]


def is_totally_symmetric(table: TableLike) -> Property:
    r"""Decide whether :math:`ab = c` holds for all orders of :math:`a, b, c` or for none.

    That is, :math:`xy = yx` and :math:`x(xy) = y`; such a table is a Latin square.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(x, y)`` with ``x(xy) != y`` or ``xy != yx``.

    Example:
        >>> is_totally_symmetric([[0, 2, 1], [2, 1, 0], [1, 0, 2]]).holds
        True
    """
    products = full_square(table)
    each = np.arange(len(products))
    place = first_difference(
        products[each[:, None], products], np.broadcast_to(each, products.shape)
    )
    if place is None:
        place = is_commutative(products).counterexample
    return Property(name="totally symmetric", holds=place is None, counterexample=place)


def is_steiner(table: TableLike) -> Property:
    r"""Decide whether a table is a Steiner quasigroup or a Steiner loop.

    Both are totally symmetric. A Steiner quasigroup is idempotent besides: :math:`ab` is the third
    point of the triple of :math:`a` and :math:`b`. A Steiner loop has an identity beside the
    points, which is the square of every point.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(x, y)`` with ``x(xy) != y`` or ``xy != yx``; ``None``
        if the table is totally symmetric, but neither idempotent nor with an identity.

    Example:
        >>> is_steiner([[0, 2, 1], [2, 1, 0], [1, 0, 2]]).holds
        True
        >>> is_steiner([[0, 1, 2], [1, 2, 0], [2, 0, 1]]).counterexample
        (1, 0)

    References:
        R. H. Bruck, *A Survey of Binary Systems*, 1958, section III.2.
    """
    products = full_square(table)
    symmetric = is_totally_symmetric(products)
    if not symmetric:
        return Property(name="Steiner", holds=False, counterexample=symmetric.counterexample)
    holds = bool(is_idempotent(products)) or bool(has_identity(products))
    return Property(name="Steiner", holds=holds)

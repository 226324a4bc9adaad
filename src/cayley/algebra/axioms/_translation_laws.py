"""Laws in three variables, decided one translation at a time in O(n^3) time and O(n^2) memory.

With one variable fixed, both sides of such a law are arrays of ``n * n`` entries that are made from
the table by composing it with rows and columns: the *translations* ``L_a: x -> ax`` and
``R_a: x -> xa``.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import generating_set
from cayley.algebra.axioms._latin_square import is_left_cancellative, is_right_cancellative
from cayley.algebra.axioms._property import Property, first_difference
from cayley.tables._full_square import TableLike, full_square

__all__ = ["first_failure", "is_left_distributive", "is_right_distributive", "narrow"]

Sides: TypeAlias = Callable[
    [int], tuple[Int[NDArray[Any], "n n"], Int[NDArray[Any], "n n"]]
]  # both sides of a law, for one value of the variable that is fixed


def is_left_distributive(table: TableLike) -> Property:
    r"""Decide whether :math:`x(yz) = (xy)(xz)` for all :math:`x, y, z`.

    Every left translation is then an endomorphism. If rows repeat no symbol, the law says that
    :math:`L_{xy} = L_x L_y L_x^{-1}` once :math:`L_x` is an endomorphism; then :math:`L_{xy}` is
    one as well if :math:`L_y` is, and it is enough to look at the :math:`x` in a generating set.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(x, y, z)`` with ``x(yz) != (xy)(xz)``.

    Example:
        >>> reflections = [[0, 2, 1], [2, 1, 0], [1, 0, 2]]
        >>> bool(is_left_distributive(reflections))
        True
        >>> is_left_distributive([[0, 1], [1, 0]]).counterexample
        (1, 0, 0)
    """
    products = full_square(table)
    found = _not_an_endomorphism(products, bool(is_left_cancellative(products)))
    return Property(name="left distributive", holds=found is None, counterexample=found)


def is_right_distributive(table: TableLike) -> Property:
    r"""Decide whether :math:`(xy)z = (xz)(yz)` for all :math:`x, y, z`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(x, y, z)`` with ``(xy)z != (xz)(yz)``.

    Example:
        >>> is_right_distributive([[0, 1], [1, 0]]).counterexample
        (0, 0, 1)
    """
    products = full_square(table)
    # The law for the opposite operation, x.y = yx, is the other one: z(yx) = (zy)(zx).
    found = _not_an_endomorphism(
        np.ascontiguousarray(products.T), bool(is_right_cancellative(products))
    )
    found = None if found is None else (found[2], found[1], found[0])
    return Property(name="right distributive", holds=found is None, counterexample=found)


def _not_an_endomorphism(
    products: Int[NDArray[Any], "n n"], cancellative: bool
) -> tuple[int, int, int] | None:
    values = narrow(products)

    def sides(x: int) -> tuple[NDArray[Any], NDArray[Any]]:
        row = products[x]
        return values[x].take(products), values.take(row, axis=0).take(row, axis=1)

    elements = generating_set(products).tolist() if cancellative else range(len(products))
    return first_failure(elements, sides)


def first_failure(elements: Iterable[int], sides: Sides) -> tuple[int, int, int] | None:
    """Return the fixed element and the place where the two sides of a law differ first, or None.

    Args:
        elements: Values of the variable that is fixed.
        sides: Returns both sides for one of them, shape ``(n, n)`` each.
    """
    for fixed in elements:
        place = first_difference(*sides(fixed))
        if place is not None:
            return fixed, place[0], place[1]
    return None


def narrow(products: Int[NDArray[Any], "n n"]) -> NDArray[Any]:
    """Return a copy in the narrowest type that holds the order, which moves the least memory."""
    return products.astype(np.min_scalar_type(len(products)))

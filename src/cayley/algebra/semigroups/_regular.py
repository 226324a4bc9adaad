"""Regular and inverse semigroups, and semilattices."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._laws import is_commutative, is_idempotent
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._property import Property, first_difference
from cayley.tables._full_square import TableLike, full_square

__all__ = ["is_inverse_semigroup", "is_regular", "is_semilattice"]


def is_regular(table: TableLike, *, associative: Property | None = None) -> Property:
    r"""Decide whether a table is a regular semigroup.

    That is, it is associative, and every :math:`a` has an :math:`x` with :math:`axa = a`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        associative: What `is_associative` returned for it, if that is known already.

    Returns:
        A property whose counterexample is ``(a,)`` without such an ``x``; that of `is_associative`,
        three elements, if the table is no semigroup.

    Example:
        >>> is_regular([[0, 0], [0, 0]]).counterexample
        (1,)

    References:
        J. A. Green, "On the structure of semigroups", Ann. of Math. 54 (1951), section 4, after
        J. von Neumann.
    """
    products = full_square(table)
    associative = is_associative(products) if associative is None else associative
    if not associative:
        return Property(name="regular", holds=False, counterexample=associative.counterexample)
    each = np.arange(len(products))[:, None]
    without = ~(products[products, each] == each).any(axis=1)
    if without.any():
        return Property(name="regular", holds=False, counterexample=(int(without.argmax()),))
    return Property(name="regular", holds=True)


def is_inverse_semigroup(table: TableLike, *, associative: Property | None = None) -> Property:
    r"""Decide whether every element has exactly one inverse: :math:`axa = a` and :math:`xax = x`.

    A semigroup is so exactly if it is regular and its idempotents commute.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        associative: What `is_associative` returned for it, if that is known already.

    Returns:
        A property whose counterexample is ``(e, f)``, idempotents with ``ef != fe``; that of
        `is_regular` if the table is not regular.

    Example:
        >>> is_inverse_semigroup([[0, 0], [1, 1]]).counterexample
        (0, 1)

    References:
        J. M. Howie, *Fundamentals of Semigroup Theory*, 1995, theorem 5.1.1.
    """
    products = full_square(table)
    regular = is_regular(products, associative=associative)
    found = regular.counterexample
    if regular:
        found = _idempotents_that_do_not_commute(products)
    return Property(name="inverse semigroup", holds=found is None, counterexample=found)


def is_semilattice(table: TableLike, *, associative: Property | None = None) -> Property:
    r"""Decide whether a table is associative, commutative and idempotent.

    Then :math:`a \le b` if :math:`ab = a` is a partial order, and :math:`ab` is the meet.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        associative: What `is_associative` returned for it, if that is known already.

    Returns:
        A property whose counterexample is that of the first of these to fail: ``(a,)`` with
        ``aa != a``, ``(a, b)`` with ``ab != ba``, ``(a, b, c)`` with ``(ab)c != a(bc)``.

    Example:
        >>> is_semilattice([[0, 0], [0, 1]]).holds
        True
        >>> is_semilattice([[0, 1], [1, 0]]).counterexample
        (1,)
    """
    products = full_square(table)
    # The cheap laws first; the lengths of their counterexamples tell which one it was.
    for law in (is_idempotent(products), is_commutative(products)):
        if not law:
            return Property(name="semilattice", holds=False, counterexample=law.counterexample)
    associative = is_associative(products) if associative is None else associative
    return Property(
        name="semilattice", holds=bool(associative), counterexample=associative.counterexample
    )


def _idempotents_that_do_not_commute(
    products: Int[NDArray[Any], "n n"],
) -> tuple[int, ...] | None:
    idempotents = np.flatnonzero(products.diagonal() == np.arange(len(products)))
    block = products[np.ix_(idempotents, idempotents)]
    place = first_difference(block, block.T)
    return None if place is None else (int(idempotents[place[0]]), int(idempotents[place[1]]))

"""The medial law, which has four variables: decided by theorems where they help, else by blocks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import generating_set
from cayley.algebra.axioms._latin_square import (
    is_latin_square,
    is_left_cancellative,
    is_right_cancellative,
)
from cayley.algebra.axioms._laws import is_commutative
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._property import Property, first_difference
from cayley.algebra.axioms._translation_laws import (
    is_left_distributive,
    is_right_distributive,
    narrow,
)
from cayley.tables._full_square import TableLike, full_square

__all__ = ["MOST_EXHAUSTIVE", "is_medial"]

MOST_EXHAUSTIVE = 160
"""Largest order at which all n^4 instances are compared: 0.5 s there, and 16 times that at 320."""

# A law that fails at one instance in a thousand passes so many with a chance of 10^-8.
_DRAWN = 20_000


def is_medial(table: TableLike, *, associative: Property | None = None) -> Property | None:
    r"""Decide whether :math:`(xy)(zw) = (xz)(yw)` for all :math:`x, y, z, w`.

    Random instances refute most tables that are not medial. Then, in this order:

    - A Latin square is medial exactly if it is :math:`xy = \alpha(x) + \beta(y) + c` over an
      abelian group, with automorphisms :math:`\alpha, \beta` that commute (Toyoda's theorem). The
      group is looked for, and the automorphisms are checked, in :math:`O(n^2 \log n)`.
    - In a left rack :math:`L_{xy} = L_x L_y L_x^{-1}`, and the law says that :math:`L_y L_x^{-1}`
      and :math:`L_z L_x^{-1}` commute. For one :math:`x` these generate all the others. A right
      rack is the opposite of a left one.
    - In a semigroup the law says that :math:`y` and :math:`z` commute between any two elements.
      If :math:`y` does so with :math:`z` and with :math:`z'`, it does with :math:`zz'`, so it is
      enough to look at pairs of generators, and at none if all elements commute.
    - Otherwise all instances are compared, up to order 160.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        associative: What `is_associative` returned for it, if that is known already.

    Returns:
        A property whose counterexample is ``(x, y, z, w)`` with ``(xy)(zw) != (xz)(yw)``; ``None``
        where it was not decided: no random instance fails, the order is above 160, and the table is
        no semigroup, no Latin square and no rack.

    Example:
        >>> is_medial([[0, 2, 1], [1, 0, 2], [2, 1, 0]]).holds
        True
        >>> is_medial([[0, 1], [0, 0]]).counterexample
        (1, 0, 1, 1)

    References:
        K. Toyoda, "On axioms of linear functions", Proc. Imp. Acad. Tokyo 17 (1941), 221-227.
    """
    products = full_square(table)
    # Drawing instances costs more than comparing all, where these are as many.
    found = _drawn_failure(products) if len(products) ** 4 > _DRAWN else None
    if found is None:
        if is_latin_square(products):
            if not _is_affine(products):
                found = _failure(products, np.arange(len(products)))
                assert found is not None, "a Latin square that is not affine is not medial"
        elif is_left_cancellative(products) and is_left_distributive(products):
            found = _failure_in_rack(products)
        elif is_right_cancellative(products) and is_right_distributive(products):
            found = _failure_in_rack(np.ascontiguousarray(products.T))
            # The law for the opposite operation is (wz)(yx) = (wy)(zx), read from right to left.
            found = None if found is None else (found[3], found[2], found[1], found[0])
        elif is_associative(products) if associative is None else associative:
            if not is_commutative(products):
                found = _failure(products, generating_set(products))
        elif len(products) <= MOST_EXHAUSTIVE:
            found = _failure(products, np.arange(len(products)))
        else:
            return None
    return Property(name="medial", holds=found is None, counterexample=found)


def _drawn_failure(products: Int[NDArray[Any], "n n"]) -> tuple[int, int, int, int] | None:
    """Return one of many random instances that fails, or None."""
    drawn = np.random.default_rng(0).integers(len(products), size=(4, _DRAWN))
    x, y, z, w = drawn
    differs = products[products[x, y], products[z, w]] != products[products[x, z], products[y, w]]
    if not differs.any():
        return None
    a, b, c, d = (int(i) for i in drawn[:, differs.argmax()])
    return a, b, c, d


def _failure(
    products: Int[NDArray[Any], "n n"], elements: Int[NDArray[Any], " k"]
) -> tuple[int, int, int, int] | None:
    """Return an instance with ``y`` and ``z`` from the given elements that fails, or None.

    One ``y`` at a time: ``k n^2`` entries, which are few megabytes at order 160.
    """
    values = narrow(products)
    for k, y in enumerate(elements[:-1].tolist()):
        # The law is symmetric in y and z, and says nothing where they are equal.
        later = elements[k + 1 :]
        # [x, z, w] is (xy)(zw): row xy of the table at zw.
        left = values[products[:, y]].take(products[later], axis=1)
        # [x, z, w] is (xz)(yw): row xz of the table whose columns are the yw.
        right = values[:, products[y]].take(products[:, later], axis=0)
        place = first_difference(left, right)
        if place is not None:
            x, z, w = place
            return x, y, int(later[z]), w
    return None


def _failure_in_rack(products: Int[NDArray[Any], "n n"]) -> tuple[int, int, int, int] | None:
    """Return an instance that fails in a left rack, or None."""
    values = narrow(products)
    # Row y is the displacement L_y L_0^-1; equal rows need one look.
    displaced = products[:, np.argsort(products[0])]
    distinct, places = np.unique(displaced, axis=0, return_index=True)
    small = distinct.astype(values.dtype)
    for k, y in enumerate(places.tolist()):
        # [z, w]: the two displacements one after the other, in both orders.
        place = first_difference(small[k].take(distinct), small.take(distinct[k], axis=1))
        if place is not None:
            z = int(places[place[0]])
            left, right = values[products[0, y], products[z]], values[products[0, z], products[y]]
            return 0, y, z, int((left != right).argmax())
    return None


def _is_affine(products: Int[NDArray[Any], "n n"]) -> bool:
    """Whether a Latin square is ``alpha(x) + beta(y) + c`` as Toyoda's theorem says.

    The sum with the neutral element 0 is (x 0)(0 y) -> xy, a principal isotope. If the square is
    medial, that is an abelian group, and x0 and 0y are alpha and beta up to constants.
    """
    column, row = products[:, 0], products[0]
    plus = products[np.ix_(np.argsort(column), np.argsort(row))]
    if not (is_commutative(plus) and is_associative(plus)):
        return False
    # In this group x0 + 0y = xy and 00 is neutral; every affine form has these two as its parts.
    neutral = int(products[0, 0])
    minus = (plus == neutral).argmax(axis=1)
    maps = []
    for each in (column, row):
        # An affine bijection is an automorphism plus its value at the neutral element.
        linear = plus[each, minus[each[neutral]]]
        if not np.array_equal(linear[plus], plus[np.ix_(linear, linear)]):
            return False
        maps.append(linear)
    alpha, beta = maps
    return np.array_equal(alpha[beta], beta[alpha])

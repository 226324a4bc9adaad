"""Loops in which inverses, powers and translations behave as in a group, in one way or another."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = [
    "has_antiautomorphic_inverses",
    "has_automorphic_inverses",
    "has_left_inverse_property",
    "is_left_conjugacy_closed",
    "is_power_associative",
]


def has_left_inverse_property(products: Int[NDArray[Any], "n n"], identity: int) -> bool:
    r"""Return whether :math:`x^\lambda (xy) = y` in a loop, with :math:`x^\lambda x = 1`.

    The opposite operation has it exactly if the loop has the right inverse property.

    Example:
        >>> has_left_inverse_property(np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1]]), 0)
        True
    """
    left_inverse = (products == identity).argmax(axis=0)
    back = products[left_inverse[:, None], products]
    return bool((back == np.arange(len(products))).all())


def has_automorphic_inverses(products: Int[NDArray[Any], "n n"], identity: int) -> bool:
    """Return whether the inverse of ``xy`` is that of ``x`` times that of ``y``, in a loop.

    False, too, if some element has a left and a right inverse that differ.
    """
    inverse = _inverses(products, identity)
    if inverse is None:
        return False
    return np.array_equal(inverse[products], products[np.ix_(inverse, inverse)])


def has_antiautomorphic_inverses(products: Int[NDArray[Any], "n n"], identity: int) -> bool:
    """Return whether the inverse of ``xy`` is that of ``y`` times that of ``x``, in a loop."""
    inverse = _inverses(products, identity)
    if inverse is None:
        return False
    return np.array_equal(inverse[products], products[np.ix_(inverse, inverse)].T)


def _inverses(products: Int[NDArray[Any], "n n"], identity: int) -> NDArray[Any] | None:
    left = (products == identity).argmax(axis=0)
    right = (products == identity).argmax(axis=1)
    return right if np.array_equal(left, right) else None


def is_power_associative(products: Int[NDArray[Any], "n n"], identity: int) -> bool:
    """Return whether every element of a loop generates a group.

    That is so exactly if ``p_i p_j = p_(i+j)`` for ``p_1 = x`` and ``p_(k+1) = x p_k``: these
    elements are then a cyclic group, and otherwise the subloop has another product for them.
    """
    for x in range(len(products)):
        powers = [identity]
        while (following := int(products[x, powers[-1]])) != identity:
            powers.append(following)
        places = np.arange(len(powers))
        cyclic = np.array(powers)[np.add.outer(places, places) % len(powers)]
        if not np.array_equal(products[np.ix_(powers, powers)], cyclic):
            return False
    return True


def is_left_conjugacy_closed(products: Int[NDArray[Any], "n n"], identity: int) -> bool:
    """Return whether ``L_x L_y L_x^-1`` is a left translation for all ``x, y``, in a loop.

    The opposite operation has it exactly if the right translations of the loop do.
    """
    for row in products:
        # [y, z]: where L_x L_y L_x^-1 takes z.
        conjugates = row[products[:, np.argsort(row)]]
        # The only left translation that takes the identity to c is L_c.
        if not np.array_equal(products[conjugates[:, identity]], conjugates):
            return False
    return True

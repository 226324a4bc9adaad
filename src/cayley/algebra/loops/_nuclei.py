"""Nuclei, commutant and center: the elements that associate or commute with all others."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._translation_laws import narrow

__all__ = ["Nuclei", "nuclei"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuclei:
    """The nuclei of an operation; elements ascending.

    Attributes:
        left: The ``a`` with ``a(xy) = (ax)y`` for all ``x, y``.
        middle: The ``a`` with ``x(ay) = (xa)y``.
        right: The ``a`` with ``x(ya) = (xy)a``.
        commutant: The ``a`` with ``ax = xa``.
    """

    left: tuple[int, ...]
    middle: tuple[int, ...]
    right: tuple[int, ...]
    commutant: tuple[int, ...]

    @property
    def nucleus(self) -> tuple[int, ...]:
        """What is in all three nuclei."""
        return tuple(sorted({*self.left} & {*self.middle} & {*self.right}))

    @property
    def center(self) -> tuple[int, ...]:
        """What is in the nucleus and in the commutant."""
        return tuple(sorted({*self.nucleus} & {*self.commutant}))


def nuclei(products: Int[NDArray[Any], "n n"]) -> Nuclei:
    """Return the nuclei and the commutant of an operation, in O(n^3) time.

    Args:
        products: Products, shape ``(n, n)``.

    Example:
        >>> nuclei(np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])).center
        (0, 1, 2)

    References:
        R. H. Bruck, *A Survey of Binary Systems*, 1958, section IV.1.
    """
    values = narrow(products)
    left, middle, right = [], [], []
    for a in range(len(products)):
        row, column = products[a], products[:, a]
        if np.array_equal(values[a].take(products), values[row]):
            left.append(a)
        if np.array_equal(values[:, row], values[column]):
            middle.append(a)
        if np.array_equal(values[:, column], values[:, a].take(products)):
            right.append(a)
    commutes = (products == products.T).all(axis=1)
    return Nuclei(
        left=tuple(left),
        middle=tuple(middle),
        right=tuple(right),
        commutant=tuple(np.flatnonzero(commutes).tolist()),
    )

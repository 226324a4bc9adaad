"""Nuclei, commutant and center: the elements that associate or commute with all others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import extend
from cayley.algebra.axioms._translation_laws import narrow

__all__ = ["Nuclei", "nuclei"]

_DRAWN = 64
"""Instances of a law that refute most elements outside a nucleus, without a look at all n^2."""


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
    left = _closed(
        products,
        lambda x, y: products[:, products[x, y]] == products[products[:, x], y],
        lambda a: (values[a].take(products), values[products[a]]),
    )
    middle = _closed(
        products,
        lambda x, y: products[x, products[:, y]] == products[products[x].T, y],
        lambda a: (values[:, products[a]], values[products[:, a]]),
    )
    right = _closed(
        products,
        lambda x, y: products[x, products[y].T] == products[products[x, y]].T,
        lambda a: (values[:, products[:, a]], values[:, a].take(products)),
    )
    commutes = (products == products.T).all(axis=1)
    return Nuclei(
        left=left,
        middle=middle,
        right=right,
        commutant=tuple(np.flatnonzero(commutes).tolist()),
    )


def _closed(
    products: Int[NDArray[Any], "n n"],
    some: Callable[[Int[NDArray[Any], " d"], Int[NDArray[Any], " d"]], NDArray[np.bool_]],
    sides: Callable[[int], tuple[NDArray[Any], NDArray[Any]]],
) -> tuple[int, ...]:
    """Return the elements of a nucleus, which contains the products of its elements.

    Args:
        products: Products, shape ``(n, n)``.
        some: For given ``x, y``, shape ``(d,)``: for each ``a`` whether it obeys the law of the
            nucleus there, shape ``(n, d)``.
        sides: Both sides of that law for one ``a`` and all ``x, y``.
    """
    n = len(products)
    drawn = np.random.default_rng(0).integers(n, size=(2, _DRAWN))
    candidates = np.flatnonzero(some(*drawn).all(axis=1))
    member = np.zeros(n, bool)
    for a in candidates.tolist():
        # What is a product of elements that were found before needs no look.
        if not member[a] and np.array_equal(*sides(a)):
            extend(products, member, np.array([a]))
    return tuple(np.flatnonzero(member).tolist())

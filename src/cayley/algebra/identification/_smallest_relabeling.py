"""``smallest_relabeling``: the smallest table that is isomorphic to one of order at most 6."""

from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["LARGEST_RELABELED", "smallest_relabeling"]

LARGEST_RELABELED = 6
"""Largest order for which all relabelings are compared: 720 of them in a millisecond."""


def smallest_relabeling(products: Int[NDArray[Any], "n n"]) -> bytes:
    """Return the smallest of all tables that relabeling gives, as bytes; for orders up to 6.

    Two operations are isomorphic exactly if these are equal. Unlike the canonical form it can be
    had of operations that many elements are needed to generate.

    Example:
        >>> xor, equal = np.array([[0, 1], [1, 0]]), np.array([[1, 0], [0, 1]])
        >>> smallest_relabeling(xor) == smallest_relabeling(equal)
        True
    """
    to, cells = _relabelings(len(products))
    # A row for each relabeling: the new names of the products, in the order of the new names.
    tables = np.take_along_axis(to, products.ravel()[cells], axis=1).astype(np.uint8)
    return min(bytes(row) for row in tables)


@cache
def _relabelings(n: int) -> tuple[Int[NDArray[Any], "p n"], Int[NDArray[Any], "p c"]]:
    """Return all relabelings, and for each the cells of a table in their new order."""
    to = np.array(list(permutations(range(n))))
    back = np.argsort(to, axis=1)
    return to, (n * back[:, :, None] + back[:, None, :]).reshape(len(to), -1)

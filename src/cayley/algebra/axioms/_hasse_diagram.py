"""Partial orders on a few elements, given by their cover relations."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool

__all__ = ["covers"]


def covers(below: Bool[NDArray[Any], "n n"]) -> tuple[tuple[int, int], ...]:
    """Return the edges of the Hasse diagram of a partial order.

    Args:
        below: Whether ``a <= b``, shape ``(n, n)``; reflexive, antisymmetric and transitive.

    Returns:
        The pairs ``(a, b)`` with ``a < b`` and nothing between, in lexicographic order.

    Example:
        >>> covers(np.array([[1, 1, 1], [0, 1, 1], [0, 0, 1]], bool))
        ((0, 1), (1, 2))
    """
    strictly = below & ~np.eye(len(below), dtype=bool)
    # As floats, so that BLAS multiplies them; the sums are at most n, which is exact.
    as_numbers = strictly.astype(np.float32)
    between = as_numbers @ as_numbers > 0
    return tuple((int(a), int(b)) for a, b in np.argwhere(strictly & ~between))

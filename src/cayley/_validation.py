"""Checks of arguments at public entry points; internals trust their callers."""

from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import ArrayLike, NDArray

__all__ = ["full_square"]


def full_square(table: ArrayLike, *, name: str = "table") -> Int[NDArray[Any], "n n"]:
    """Return ``table`` as a C-contiguous int64 array after checking that it is a full table.

    Args:
        table: Products as integers, shape ``(n, n)`` with ``n >= 1``, every entry in ``0..n-1``.
        name: What to call the argument in a message.

    Raises:
        TypeError: If the entries are not integers.
        ValueError: If the shape is not square or an entry is missing or out of range.
    """
    array = np.asarray(table)
    if array.dtype.kind not in "iu":
        raise TypeError(f"`{name}` must hold integers; got dtype {array.dtype}.")
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.size == 0:
        raise ValueError(f"`{name}` must be square and not empty; got shape {array.shape}.")
    array = np.ascontiguousarray(array, dtype=np.int64)
    if array.min() < 0 or array.max() >= len(array):
        a, b = (int(i[0]) for i in np.nonzero((array < 0) | (array >= len(array))))
        raise ValueError(
            f"`{name}` must be full, with entries in 0..{len(array) - 1}; "
            f"got {array[a, b]} at ({a}, {b})."
        )
    return array

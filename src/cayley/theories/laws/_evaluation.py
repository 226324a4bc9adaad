"""Whether a full table obeys a law, decided over all instances in blocks of bounded memory."""

import math
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._terms import Law, Term

__all__ = ["OutOfTime", "first_violation"]

# Instances compared at once: 4 million bytes for the comparison and at most 32 for each side.
_BLOCK = 4_000_000


class OutOfTime(Exception):
    """The deadline has passed: the question that was being decided stays open."""


def first_violation(
    law: Law, table: Int[NDArray[Any], "n n"], *, deadline: float = math.inf
) -> tuple[int, ...] | None:
    """Return values of the variables for which a law fails in a full table, or None if none do.

    Args:
        law: The law.
        table: Products, shape ``(n, n)``, every entry in ``0..n-1``.
        deadline: When to give up, on the monotonic clock.

    Raises:
        OutOfTime: If the deadline passes first.

    Example:
        >>> from cayley.theories import law
        >>> subtraction = np.array([[0, 2, 1], [1, 0, 2], [2, 1, 0]])
        >>> first_violation(law(43), subtraction), first_violation(law(4512), subtraction)
        ((0, 1), (0, 0, 1))
    """
    n, variables = len(table), law.num_variables
    # The leading variables are fixed one after the other until the rest fits into a block.
    fixed = 0
    while fixed < variables and n ** (variables - fixed) > _BLOCK:
        fixed += 1
    axes = np.arange(n)
    for block in np.ndindex(*(n,) * fixed):
        if time.monotonic() > deadline:
            raise OutOfTime
        values = [np.array(value).reshape((1,) * (variables - fixed)) for value in block]
        for place in range(variables - fixed):
            shape = [1] * (variables - fixed)
            shape[place] = n
            values.append(axes.reshape(shape))
        differs = _value(law.left, table, values) != _value(law.right, table, values)
        if differs.any():
            differs = np.broadcast_to(differs, (n,) * (variables - fixed))
            found = np.unravel_index(int(differs.argmax()), differs.shape)
            return (*block, *(int(i) for i in found))
    return None


def _value(term: Term, table: NDArray[Any], values: list[NDArray[Any]]) -> NDArray[Any]:
    """Return the values of a term, with an axis of length n only for the variables in it."""
    if isinstance(term, int):
        return values[term]
    products: NDArray[Any] = table[_value(term[0], table, values), _value(term[1], table, values)]
    return products

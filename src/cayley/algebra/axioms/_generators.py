"""Generated submagmas and generating sets, in any finite magma."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.tables._full_square import TableLike, full_square

__all__ = ["extend", "generated_submagma", "generating_set"]


def generated_submagma(table: TableLike, seeds: ArrayLike) -> Int[NDArray[Any], " k"]:
    """Return the smallest set that holds the seeds and is closed under the operation.

    In a finite group this is the subgroup that the seeds generate. Every pair of elements is
    multiplied once: :math:`O(n^2)` time and memory.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        seeds: Elements, shape ``(k,)``, integers in ``0..n-1``.

    Returns:
        The elements in ascending order, int64.

    Example:
        >>> c6 = [[(a + b) % 6 for b in range(6)] for a in range(6)]
        >>> generated_submagma(c6, [2]).tolist()
        [0, 2, 4]
    """
    products = full_square(table)
    member = np.zeros(len(products), bool)
    extend(products, member, np.unique(np.asarray(seeds, np.int64)))
    return np.flatnonzero(member)


def generating_set(table: TableLike) -> Int[NDArray[Any], " k"]:
    r"""Return elements that generate the whole magma, few but not always as few as possible.

    Elements that are no product at all must be in every generating set and are taken first; then
    the smallest element not yet generated, until none is left. In a quasigroup a proper
    subquasigroup has at most :math:`n / 2` elements, so at most :math:`1 + \log_2 n` are taken.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        The generators, int64, in the order in which they were taken.

    Example:
        >>> generating_set([[0, 1, 2], [1, 2, 0], [2, 0, 1]]).tolist()
        [0, 1]
    """
    products = full_square(table)
    is_product = np.zeros(len(products), bool)
    # An element that is no product can only be in a generated set if it is a generator.
    is_product[products] = True
    chosen = np.flatnonzero(~is_product)
    member = np.zeros(len(products), bool)
    extend(products, member, chosen)
    generators = chosen.tolist()
    while not member.all():
        # The smallest element, so that the result depends on the table only. In a quasigroup any
        # choice at least doubles the subquasigroup.
        new = int(member.argmin())
        generators.append(new)
        extend(products, member, np.array([new]))
    return np.array(generators, np.int64)


def extend(
    table: Int[NDArray[Any], "n n"], member: NDArray[np.bool_], new: Int[NDArray[Any], " k"]
) -> None:
    """Add ``new`` to the closed set ``member`` in place and close it again.

    Args:
        table: Products, shape ``(n, n)``.
        member: Which elements are in the set, shape ``(n,)``; changed in place.
        new: Elements to add, distinct and not in the set.
    """
    while len(new):
        member[new] = True
        # Only pairs with a new element are multiplied, old ones were in an earlier round: without
        # this the closure would take O(n^2) in every round.
        inside = np.flatnonzero(member)
        reached = np.zeros_like(member)
        reached[table[np.ix_(new, inside)]] = True
        reached[table[np.ix_(inside, new)]] = True
        new = np.flatnonzero(reached & ~member)

"""Normal subgroups of a small group, and the quotients that keep labels distinct."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Int
from numpy.typing import NDArray

__all__ = ["normal_subgroups", "quotients"]

_MOST_ELEMENTS = 4096
_MOST_SUBGROUPS = 20_000


def quotients(
    table: Int[NDArray[Any], "v v"], elements: Int[NDArray[Any], "kinds n"], order: int
) -> list[tuple[Int[NDArray[Any], "n n"], Int[NDArray[Any], "kinds n"]]] | None:
    """Return every quotient of one order in which the labels of each kind stay distinct.

    Args:
        table: A group table, element 0 the identity.
        elements: The element of each label, -1 for none.
        order: The order of the quotients.

    Returns:
        Pairs of a group table (element 0 the identity) and the images of the labels in it, or
        None if the group is too large or has too many normal subgroups to go through.
    """
    index, rest = divmod(len(table), order)
    if rest:
        return []
    if index == 1:
        return [(table, elements)] if _are_distinct(elements) else []
    if len(table) > _MOST_ELEMENTS:
        return None
    subgroups = normal_subgroups(table, dividing=index)
    if subgroups is None:
        return None
    found = []
    for members in subgroups:
        if members.sum() != index:
            continue
        cosets = table[:, members].min(axis=1)
        leaders, number = np.unique(cosets, return_inverse=True)
        images = np.where(elements >= 0, number[elements], -1)
        if _are_distinct(images):
            found.append((number[table[np.ix_(leaders, leaders)]], images))
    return found


def normal_subgroups(
    table: Int[NDArray[Any], "v v"], *, dividing: int
) -> list[Bool[NDArray[Any], " v"]] | None:
    """Return the normal subgroups whose order divides a number, as masks of their elements.

    Every normal subgroup is a join of normal closures of elements, and all of these lie in it,
    so that their orders divide the number too.

    Returns:
        The masks, the trivial subgroup first; None if there are too many.
    """
    closures = {
        mask.tobytes(): mask
        for mask in _normal_closures(table, dividing)
        if dividing % int(mask.sum()) == 0
    }
    trivial = np.arange(len(table)) == 0
    found = {trivial.tobytes(): trivial}
    queue = [trivial]
    for mask in queue:
        for closure in closures.values():
            join = np.zeros(len(table), bool)
            join[table[np.ix_(mask, closure)]] = True  # the product of normal subgroups
            key = join.tobytes()
            if key not in found and dividing % int(join.sum()) == 0:
                found[key] = join
                queue.append(join)
        if len(found) > _MOST_SUBGROUPS:
            return None
    return queue


def _normal_closures(table: Int[NDArray[Any], "v v"], most: int) -> list[Bool[NDArray[Any], " v"]]:
    """Return the normal closure of each conjugacy class, where it has at most ``most`` elements."""
    size = len(table)
    everything = np.arange(size)
    inverse = np.argmin(table, axis=1)  # the identity is 0
    done = np.zeros(size, bool)
    closures = []
    for x in range(size):
        if done[x]:
            continue
        conjugates = np.unique(table[table[everything, x], inverse])
        done[conjugates] = True
        mask = _generated(table, conjugates, most)
        if mask is not None:
            closures.append(mask)
    return closures


def _generated(
    table: Int[NDArray[Any], "v v"], generators: Int[NDArray[Any], " k"], most: int
) -> Bool[NDArray[Any], " v"] | None:
    """Return the subgroup that elements generate, or None if it has more than ``most``."""
    mask: NDArray[Any] = np.arange(len(table)) == 0
    frontier = np.zeros(1, np.int64)
    while len(frontier):
        products = np.unique(table[np.ix_(frontier, generators)])
        frontier = products[~mask[products]]
        mask[frontier] = True
        if mask.sum() > most:
            return None
    return mask


def _are_distinct(elements: Int[NDArray[Any], "kinds n"]) -> bool:
    used = [row[row >= 0] for row in elements]
    return all(len(np.unique(row)) == len(row) for row in used)

"""Quotients of a small group in which the given labels stay distinct."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.groups._group import Group
from cayley.algebra.groups._normal_subgroups import ClassSet, NormalClosures

__all__ = ["quotients"]

# The table of a group of order 4096 takes 134 MB in int64, and each quotient reads it once.
_MOST_ELEMENTS = 4096
# Elementary abelian groups have the most normal subgroups: C2^6 has 2825, C2^7 29212. Beyond the
# limit the answer is None, which callers must read as "not decided".
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
    normal = NormalClosures.of(Group(table=table, identity=0))
    subgroups = _normal_subgroups(normal, index)
    if subgroups is None:
        return None
    found = []
    for subgroup in subgroups:
        # A coset is named by its smallest element.
        cosets = table[:, normal.elements(subgroup)].min(axis=1)
        leaders, number = np.unique(cosets, return_inverse=True)
        images = np.where(elements >= 0, number[elements], -1)
        if _are_distinct(images):
            found.append((number[table[np.ix_(leaders, leaders)]], images))
    return found


def _normal_subgroups(normal: NormalClosures, order: int) -> list[ClassSet] | None:
    """Return the normal subgroups of one order, or None if there are too many below them.

    Every normal subgroup is a product of normal closures of its elements, and the order of each
    factor divides its own.
    """
    factors = [each for each in normal.closures if order % normal.order(each) == 0]
    found = {factors[0].tobytes(): factors[0]}  # the trivial subgroup
    queue = [factors[0]]
    # The queue grows while it is read: products of what was found with every factor.
    for subgroup in queue:
        for factor in factors:
            product = normal.product(subgroup, factor)
            if product.tobytes() not in found and order % normal.order(product) == 0:
                found[product.tobytes()] = product
                queue.append(product)
        if len(found) > _MOST_SUBGROUPS:
            return None
    return [subgroup for subgroup in queue if normal.order(subgroup) == order]


def _are_distinct(elements: Int[NDArray[Any], "kinds n"]) -> bool:
    used = [row[row >= 0] for row in elements]
    return all(len(np.unique(row)) == len(row) for row in used)

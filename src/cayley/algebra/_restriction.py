"""A subgroup as a group of its own."""

from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from cayley.algebra._group import Group

__all__ = ["restricted_to"]


def restricted_to(group: Group, elements: Int[NDArray[Any], " m"]) -> Group:
    """Return a subgroup, given by all its elements, as a group on ``0..m-1``.

    Element ``i`` of the result is ``elements[i]``.

    Example:
        >>> c4 = Group.from_permutations([[1, 2, 3, 0]])
        >>> restricted_to(c4, np.array([0, 2])).table.tolist()
        [[0, 1], [1, 0]]
    """
    place = np.full(group.order, -1)
    place[elements] = np.arange(len(elements))
    return Group(
        table=place[group.table[np.ix_(elements, elements)]], identity=int(place[group.identity])
    )

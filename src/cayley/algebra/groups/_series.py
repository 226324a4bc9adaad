r"""Series of subgroups, and what they say: solvable, nilpotent, perfect, simple."""

from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from cayley.algebra.axioms._generators import extend
from cayley.algebra.groups._conjugacy_classes import conjugacy_classes, derived_subgroup
from cayley.algebra.groups._element_orders import prime_factors
from cayley.algebra.groups._group import Group, restricted_to
from cayley.algebra.groups._normal_subgroups import NormalClosures

__all__ = [
    "derived_series",
    "is_nilpotent",
    "is_perfect",
    "is_simple",
    "is_solvable",
    "lower_central_series",
]


def derived_series(group: Group) -> tuple[Int[NDArray[Any], " m"], ...]:
    r"""Return :math:`G \ge G' \ge G'' \ge \dots` up to where it repeats.

    Args:
        group: A group.

    Returns:
        The elements of each subgroup, ascending; all different.

    Example:
        >>> s4 = Group.from_permutations([[1, 2, 3, 0], [1, 0, 2, 3]])
        >>> [len(subgroup) for subgroup in derived_series(s4)]
        [24, 12, 4, 1]
    """
    series = [np.arange(group.order)]
    while True:
        following = series[-1][derived_subgroup(restricted_to(group, series[-1]))]
        if len(following) == len(series[-1]):
            return tuple(series)
        series.append(following)


def lower_central_series(group: Group) -> tuple[Int[NDArray[Any], " m"], ...]:
    r"""Return :math:`\gamma_1 = G`, :math:`\gamma_{i+1} = [\gamma_i, G]` up to where it repeats.

    Args:
        group: A group.

    Returns:
        The elements of each subgroup, ascending; all different.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> [len(subgroup) for subgroup in lower_central_series(s3)]
        [6, 3]
    """
    series = [np.arange(group.order)]
    while True:
        following = _commutators_with_all(group, series[-1])
        if len(following) == len(series[-1]):
            return tuple(series)
        series.append(following)


def is_solvable(group: Group) -> bool:
    """Whether the derived series reaches the trivial subgroup.

    Example:
        >>> is_solvable(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        True
    """
    return len(derived_series(group)[-1]) == 1


def is_nilpotent(group: Group) -> bool:
    """Whether the lower central series reaches the trivial subgroup.

    Example:
        >>> is_nilpotent(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        False
    """
    return len(lower_central_series(group)[-1]) == 1


def is_perfect(group: Group) -> bool:
    """Whether the group is its own derived subgroup; the trivial group is.

    Example:
        >>> is_perfect(Group.from_permutations([[1, 2, 0, 3, 4], [0, 1, 3, 4, 2]]))
        True
    """
    return len(derived_subgroup(group)) == group.order


def is_simple(group: Group) -> bool:
    """Whether there are exactly two normal subgroups; the trivial group is not simple.

    Example:
        >>> is_simple(Group.from_permutations([[1, 2, 0]]))
        True
    """
    if group.is_abelian or not is_perfect(group):
        return sum(prime_factors(group.order).values()) == 1
    normal = NormalClosures.of(group)
    return [normal.order(closure) for closure in normal.closures] == [1, group.order]


def _commutators_with_all(group: Group, normal: Int[NDArray[Any], " m"]) -> Int[NDArray[Any], " k"]:
    """Return the subgroup of commutators of a normal subgroup with the whole group.

    It is the normal closure of the commutators with generators of the group.
    """
    table, inverses = group.table, group.inverses
    generators = np.array(group.generators, np.int64)
    swapped = table[np.ix_(inverses[normal], inverses[generators])]
    commutators = table[swapped, table[np.ix_(normal, generators)]]
    labels = conjugacy_classes(group).labels
    member = np.arange(group.order) == group.identity
    conjugates = np.isin(labels, labels[commutators])
    extend(table, member, np.flatnonzero(conjugates & ~member))
    return np.flatnonzero(member)

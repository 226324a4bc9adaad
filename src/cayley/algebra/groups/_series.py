r"""The derived and the lower central series, and whether a group is solvable, nilpotent, simple."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import extend
from cayley.algebra.axioms._property import Property
from cayley.algebra.groups._conjugacy_classes import conjugacy_classes, derived_subgroup
from cayley.algebra.groups._group import Group, as_group, restricted_to
from cayley.algebra.groups._normal_subgroups import NormalClosures
from cayley.tables._full_square import TableLike

__all__ = [
    "derived_series",
    "is_nilpotent",
    "is_perfect",
    "is_simple",
    "is_solvable",
    "lower_central_series",
]


def derived_series(group: TableLike) -> tuple[Int[NDArray[Any], " m"], ...]:
    r"""Return :math:`G \ge G' \ge G'' \ge \dots` up to where it repeats.

    Args:
        group: A group, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        The elements of each subgroup, ascending; all different.

    Example:
        >>> s4 = Group.from_permutations([[1, 2, 3, 0], [1, 0, 2, 3]])
        >>> [len(subgroup) for subgroup in derived_series(s4)]
        [24, 12, 4, 1]
    """
    group = as_group(group)
    series = [np.arange(group.order)]
    while True:
        # each term is made a group of its own, whose elements are then renamed to those of `group`
        following = series[-1][derived_subgroup(restricted_to(group, series[-1]))]
        if len(following) == len(series[-1]):
            return tuple(series)
        series.append(following)


def lower_central_series(group: TableLike) -> tuple[Int[NDArray[Any], " m"], ...]:
    r"""Return :math:`\gamma_1 = G`, :math:`\gamma_{i+1} = [\gamma_i, G]` up to where it repeats.

    Args:
        group: A group, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        The elements of each subgroup, ascending; all different.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> [len(subgroup) for subgroup in lower_central_series(s3)]
        [6, 3]
    """
    group = as_group(group)
    series = [np.arange(group.order)]
    while True:
        following = _commutators_with_all(group, series[-1])
        if len(following) == len(series[-1]):
            return tuple(series)
        series.append(following)


def is_solvable(group: TableLike) -> Property:
    """Decide whether the derived series reaches the trivial subgroup.

    Args:
        group: A group, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        A property whose counterexample is ``(x,)``: an element other than the identity in the last
        term of the derived series, which is its own derived subgroup.

    Example:
        >>> bool(is_solvable(Group.from_permutations([[1, 2, 0], [1, 0, 2]])))
        True
    """
    group = as_group(group)
    return _reaches_identity("solvable", group, derived_series(group))


def is_nilpotent(group: TableLike) -> Property:
    r"""Decide whether the lower central series reaches the trivial subgroup.

    Args:
        group: A group, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        A property whose counterexample is ``(x,)``: an element other than the identity in the last
        term :math:`\gamma` of the lower central series, for which :math:`\gamma = [\gamma, G]`.

    Example:
        >>> print(is_nilpotent(Group.from_permutations([[1, 2, 0], [1, 0, 2]])))
        not nilpotent: counterexample (3,)
    """
    group = as_group(group)
    return _reaches_identity("nilpotent", group, lower_central_series(group))


def _reaches_identity(
    name: str, group: Group, series: tuple[Int[NDArray[Any], " m"], ...]
) -> Property:
    others = series[-1][series[-1] != group.identity]
    found = (int(others[0]),) if len(others) else None
    return Property(name=name, holds=found is None, counterexample=found)


def is_perfect(group: TableLike) -> Property:
    """Decide whether the group is its own derived subgroup; the trivial group is.

    Args:
        group: A group, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        A property whose counterexample is ``(x,)``, an element outside the derived subgroup.

    Example:
        >>> bool(is_perfect(Group.from_permutations([[1, 2, 0, 3, 4], [0, 1, 3, 4, 2]])))
        True
    """
    group = as_group(group)
    outside = np.setdiff1d(np.arange(group.order), derived_subgroup(group))
    found = (int(outside[0]),) if len(outside) else None
    return Property(name="perfect", holds=found is None, counterexample=found)


def is_simple(group: TableLike) -> Property:
    """Decide whether there are exactly two normal subgroups; the trivial group is not simple.

    Args:
        group: A group, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        A property whose counterexample is ``(x,)``, an element whose normal closure is neither the
        trivial subgroup nor the group. It is ``None`` for the trivial group, which has none.

    Example:
        >>> bool(is_simple(Group.from_permutations([[1, 2, 0]])))
        True
        >>> print(is_simple(Group.from_permutations([[1, 2, 3, 0]])))
        not simple: counterexample (2,)
    """
    group = as_group(group)
    if group.order == 1:
        return Property(name="simple", holds=False)
    found = _with_proper_closure(group)
    return Property(
        name="simple", holds=found is None, counterexample=None if found is None else (found,)
    )


def _with_proper_closure(group: Group) -> int | None:
    """Return an element whose normal closure is neither trivial nor the group, or ``None``."""
    # The two easy cases come first: the closures of all elements take O(k n) products.
    if group.is_abelian:
        # The closure of x is the cyclic group of order o(x); the whole group is cyclic of prime
        # order if there is no proper one.
        proper = (group.element_orders > 1) & (group.element_orders < group.order)
        return int(proper.argmax()) if proper.any() else None
    derived = derived_subgroup(group)
    if len(derived) < group.order:
        # Not trivial, as the group is not abelian; it holds the closure of each of its elements.
        return int(derived[derived != group.identity][0])
    normal = NormalClosures.of(group)
    for closure in normal.closures:
        if 1 < normal.order(closure) < group.order:
            # Closures come by rising order, so this one is minimal normal: it is the closure of
            # every element in it but the identity.
            members = normal.elements(closure)
            return int(members[members != group.identity][0])
    return None


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

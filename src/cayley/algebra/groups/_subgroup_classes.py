"""Classes of conjugate subgroups, and which of them contain which."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra.groups._element_orders import powers
from cayley.algebra.groups._group import Group

__all__ = ["SubgroupClass", "maximal_cycles", "subgroup_classes"]

_MOST_CLASSES = 200
"""More classes would make a diagram that nobody can read."""

_MOST_SUBGROUPS = 1000
"""Which of so many subgroups are maximal in another one is a product of matrices of this size."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubgroupClass:
    """A class of conjugate subgroups.

    Attributes:
        order: The order of each of them.
        size: How many they are; 1 if the subgroup is normal.
        elements: The elements of one of them, ascending.
        generators: Elements that generate it.
        maximal: The classes, by their places, whose members are maximal subgroups of this one.
    """

    order: int
    size: int
    elements: Int[NDArray[Any], " k"]
    generators: tuple[int, ...]
    maximal: tuple[int, ...]


def subgroup_classes(
    masks: Bool[NDArray[Any], "s n"], labels: Sequence[int], generators: Sequence[Sequence[int]]
) -> tuple[SubgroupClass, ...] | None:
    """Return the classes by rising order, larger classes first; None if they are too many.

    Args:
        masks: The members of all subgroups.
        labels: For each subgroup a number that conjugate ones have in common.
        generators: Generators of each subgroup.
    """
    sizes = Counter(labels)
    if len(sizes) > _MOST_CLASSES or len(masks) > _MOST_SUBGROUPS:
        return None
    orders = masks.sum(axis=1)
    first: dict[int, int] = {}
    for place, label in enumerate(labels):
        first.setdefault(label, place)
    chosen = sorted(first, key=lambda label: (orders[first[label]], -sizes[label], first[label]))
    number = {label: k for k, label in enumerate(chosen)}
    numbers = np.array([number[label] for label in labels])
    members = masks.astype(np.float32)
    # [i, j]: subgroup j lies in subgroup i and is not it. Sums are at most the order: exact.
    below = (members @ members.T == orders) & (orders[:, None] > orders)
    representatives = np.array([first[label] for label in chosen])
    between = below[representatives].astype(np.float32) @ below.astype(np.float32) > 0
    maximal = below[representatives] & ~between
    return tuple(
        SubgroupClass(
            order=int(orders[place]),
            size=sizes[label],
            elements=np.flatnonzero(masks[place]),
            generators=tuple(generators[place]),
            maximal=tuple(np.unique(numbers[row]).tolist()),
        )
        for label, place, row in zip(chosen, representatives.tolist(), maximal, strict=True)
    )


def maximal_cycles(group: Group) -> tuple[tuple[int, ...], ...]:
    """Return the maximal cyclic subgroups: the powers ``x, xx, ...`` of a generator, 1 at the end.

    They are the cycles of the cycle graph.

    Example:
        >>> maximal_cycles(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        ((3, 4, 0), (1, 0), (2, 0), (5, 0))
    """
    found = []
    covered = np.zeros(group.order, bool)
    # By falling order: an element of a larger cycle is covered before it is looked at.
    for x in np.argsort(-group.element_orders, kind="stable").tolist():
        if not covered[x]:
            order = int(group.element_orders[x])
            cycle = [
                int(powers(group.table, group.identity, np.array([x]), k)[0])
                for k in range(1, order + 1)
            ]
            covered[cycle] = True
            found.append(tuple(cycle))
    return tuple(found)

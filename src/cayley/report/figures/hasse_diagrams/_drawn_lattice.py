"""What is drawn of a lattice of subgroups: all of them, or one of each class of conjugate ones."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool
from cayley.algebra import Group, subgroup_lattice
from cayley.algebra.axioms._hasse_diagram import covers
from cayley.algebra.groups._subgroup_lattice import NotComputed, all_subgroups
from cayley.report.figures.element_order._normal_subgroups import normal_subgroups

__all__ = [
    "DrawnLattice",
    "lattice_of_classes",
    "lattice_of_normal_subgroups",
    "lattice_of_subgroups",
]

_MOST_SUBGROUPS = 150
"""More subgroups make rows of more than 50, which no page is wide enough for."""

_MOST_CLASSES = 120
"""The same bound for classes, whose nodes are wider."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnLattice:
    """What is drawn of a lattice of subgroups.

    Attributes:
        masks: The members of each subgroup, or of one subgroup of each class, shape ``(s, n)``.
        classes: The number of the class of each; classes are numbered by rising order.
        sizes: How many subgroups the class of each has.
        edges: Pairs of a subgroup and one right above it, or of two classes, of which some member
            of the first is right below some member of the second.
    """

    masks: Bool[NDArray[Any], "s n"]
    classes: tuple[int, ...]
    sizes: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]


def lattice_of_subgroups(group: Group, *, most: int = _MOST_SUBGROUPS) -> DrawnLattice | None:
    """Return all subgroups of a group and which cover which, or None if they are too many.

    Example:
        >>> found = lattice_of_subgroups(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> found.classes, found.sizes, len(found.edges)
        ((0, 1, 1, 1, 2, 3), (1, 3, 3, 3, 1, 1), 8)
    """
    found = all_subgroups(group, most=most)
    if found is None:
        return None
    masks, labels, _ = found
    sizes = Counter(labels)
    orders = masks.sum(axis=1).tolist()
    members = [np.flatnonzero(mask).tolist() for mask in masks]
    # By order, and normal subgroups and small classes first; by members where all that is equal.
    first = {
        label: min(members[i] for i in range(len(masks)) if labels[i] == label) for label in sizes
    }
    order = sorted(
        range(len(masks)),
        key=lambda i: (orders[i], sizes[labels[i]], first[labels[i]], members[i]),
    )
    number: dict[int, int] = {}
    for i in order:
        number.setdefault(labels[i], len(number))
    masks = masks[order]
    return DrawnLattice(
        masks=masks,
        classes=tuple(number[labels[i]] for i in order),
        sizes=tuple(sizes[labels[i]] for i in order),
        edges=covers(_contained(masks)),
    )


def lattice_of_normal_subgroups(group: Group) -> DrawnLattice:
    """Return the normal subgroups of a group and which cover which; each is a class of its own.

    Raises:
        ValueError: If there are more than 80.

    Example:
        >>> found = lattice_of_normal_subgroups(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> found.sizes, found.edges
        ((1, 1, 1), ((0, 1), (1, 2)))
    """
    masks = normal_subgroups(group)
    return DrawnLattice(
        masks=masks,
        classes=tuple(range(len(masks))),
        sizes=(1,) * len(masks),
        edges=covers(_contained(masks)),
    )


def _contained(masks: Bool[NDArray[Any], "s n"]) -> Bool[NDArray[Any], "s s"]:
    """Return which sets are contained in which."""
    as_numbers = masks.astype(np.float32)
    contained: Bool[NDArray[Any], "s s"] = (
        as_numbers @ as_numbers.T == as_numbers.sum(axis=1)[:, None]
    )
    return contained


def lattice_of_classes(group: Group, *, most: int = _MOST_CLASSES) -> DrawnLattice | str:
    """Return one subgroup of each class and which classes cover which, or why there is none.

    Example:
        >>> found = lattice_of_classes(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> found.sizes, found.edges
        ((1, 3, 1, 1), ((0, 1), (0, 2), (1, 3), (2, 3)))
    """
    found = subgroup_lattice(group)
    if isinstance(found, NotComputed):
        return found.reason
    classes = found.classes
    if classes is None or len(classes) > most:
        return f"there are {found.num_classes} classes of subgroups; the limit is {most}"
    masks = np.zeros((len(classes), group.order), bool)
    for i, each in enumerate(classes):
        masks[i, each.elements] = True
    return DrawnLattice(
        masks=masks,
        classes=tuple(range(len(classes))),
        sizes=tuple(each.size for each in classes),
        edges=tuple(sorted((j, i) for i, each in enumerate(classes) for j in each.maximal)),
    )

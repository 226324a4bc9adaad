r"""Which subgroup's cosets explain a function on a group.

A function that is constant on the cosets :math:`xH`, or on :math:`Hx`, has all its variance between
them. Every function has some of it there, the more the smaller the subgroup is, so subgroups are
compared by the Bayesian information criterion :math:`n \log(1 - R^2) + k \log n` with :math:`k`
cosets, where 99 % explained are enough, and shares are adjusted as in regression:
:math:`1 - (1 - R^2) (n - 1) / (n - k)` is 0 on average for a function that has nothing to do with
the subgroup.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Group
from cayley.algebra.groups._subgroup_lattice import all_subgroups

__all__ = ["BestCosets", "CosetPartition", "best_cosets", "coset_partitions", "cosets_of"]

MAX_ORDER = 400
"""Subgroups are listed up to this order, as by :func:`~cayley.algebra.subgroup_lattice`."""

MAX_SUBGROUPS = 1000
"""A limit on time: each takes a pass over all functions for either side. C2^6 has 2825."""

_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")

_ENOUGH = 0.01
"""Unexplained variance below this share is not looked into: the larger subgroup is taken, though a
smaller one explains a little more. What a network learned is never exact, and traces of it have
structure, too."""


_EVIDENCE = 6.0
"""A difference of the criterion up to this is no strong evidence (Kass and Raftery 1995)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CosetPartition:
    """The cosets of a proper subgroup that is not trivial, on one side.

    Attributes:
        side: ``left`` for :math:`xH`, ``right`` for :math:`Hx`.
        subgroup_class: The place of its class of conjugate subgroups, by rising order.
        elements: The elements of the subgroup.
        generators: Elements that generate it.
        listed: The elements of the group, one coset after the other, shape ``(k, h)``.
    """

    side: Literal["left", "right"]
    subgroup_class: int
    elements: tuple[int, ...]
    generators: tuple[int, ...]
    listed: Int[NDArray[Any], "k h"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestCosets:
    """The best partition for each of ``m`` functions.

    Attributes:
        place: Its place in the list of partitions, shape ``(m,)``.
        share: The share of variance between its cosets.
        adjusted: The same, corrected for their number.
        criterion: What was compared, smaller for a better explanation.
    """

    place: Int[NDArray[Any], " m"]
    share: Float[NDArray[Any], " m"]
    adjusted: Float[NDArray[Any], " m"]
    criterion: Float[NDArray[Any], " m"]


def coset_partitions(group: Group) -> tuple[CosetPartition, ...] | None:
    """Return the cosets of all proper subgroups that are not trivial, on both sides.

    Normal subgroups have the same cosets on either side and are listed once, as ``left``.

    Returns:
        The partitions, smaller subgroups first, or None if the subgroups are too many to list.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> [(len(each.elements), each.side) for each in coset_partitions(s3)][-3:]
        [(2, 'left'), (2, 'right'), (3, 'left')]
    """
    if group.order > MAX_ORDER:
        return None
    found = all_subgroups(group, most=MAX_SUBGROUPS)
    if found is None:
        return None
    masks, orbits, generators = found
    # Classes by rising order; which of equal order is first is fixed by the smallest subgroup mask.
    orders = masks.sum(axis=1)
    first = sorted(set(orbits), key=lambda label: (int(orders[label]), label))
    numbers = {label: k for k, label in enumerate(first)}
    partitions = []
    for place in np.argsort(orders, kind="stable").tolist():
        mask = masks[place]
        if orders[place] in (1, group.order):
            continue
        elements = np.flatnonzero(mask)
        members = tuple(elements.tolist())
        listed = {side: cosets_of(group, members, side) for side in _SIDES}
        if np.array_equal(listed["left"], listed["right"]):
            del listed["right"]  # of a normal subgroup
        partitions += [
            CosetPartition(
                side=side,
                subgroup_class=numbers[orbits[place]],
                elements=members,
                generators=tuple(int(g) for g in generators[place]),
                listed=cosets,
            )
            for side, cosets in listed.items()
        ]
    return tuple(partitions)


def cosets_of(
    group: Group, elements: tuple[int, ...], side: Literal["left", "right"]
) -> Int[NDArray[Any], "k h"]:
    """Return the cosets of a subgroup, one a row.

    Example:
        >>> c4 = Group.from_permutations([[1, 2, 3, 0]])
        >>> cosets_of(c4, (0, 2), "left").tolist()
        [[0, 2], [1, 3]]
    """
    members = list(elements)
    smallest = (group.table[:, members] if side == "left" else group.table[members].T).min(axis=1)
    return np.argsort(smallest, kind="stable").reshape(-1, len(members))


def best_cosets(
    partitions: tuple[CosetPartition, ...],
    functions: Float[NDArray[Any], "n m"],
    *,
    side: Literal["left", "right"] = "left",
) -> BestCosets:
    """Return for each column the partition that explains it best.

    A function with two values, one of them on a single coset ``xH``, goes by the right cosets of a
    conjugate of H, too: ``xH`` is one of them. ``side`` decides between partitions into equally
    many cosets that explain as much.

    Args:
        partitions: At least one.
        functions: One column a function on the group; a constant one is explained by nothing.
        side: What to prefer.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> partitions = coset_partitions(s3)
        >>> sign = np.where(s3.element_orders == 2, -1.0, 1.0)
        >>> best = best_cosets(partitions, sign[:, None])
        >>> len(partitions[best.place[0]].elements), best.share.round(9).tolist()
        (3, [1.0])
    """
    n, m = functions.shape
    centered = functions - functions.mean(axis=0)
    total = (centered**2).sum(axis=0)
    total = np.where(total > 0, total, np.inf)
    explained = np.empty((len(partitions), m))
    for i, partition in enumerate(partitions):
        sums = centered[partition.listed].sum(axis=1)
        h = partition.listed.shape[1]
        explained[i] = np.minimum((sums**2).sum(axis=0) / h / total, 1.0)
    cosets = np.array([len(partition.listed) for partition in partitions])[:, None]
    # Of subgroups that explain equally much the larger one, which has fewer cosets, is better.
    criterion = n * np.log(np.maximum(1 - explained, _ENOUGH)) + cosets * np.log(n)
    best = criterion.argmin(axis=0)
    equal = (criterion <= criterion.min(axis=0) + _EVIDENCE) & (cosets == cosets[best, 0])
    other = np.array([partition.side != side for partition in partitions])[:, None]
    # First the preferred side, then the better one.
    order = np.where(equal, criterion + np.where(other, 1e6, 0.0), np.inf)
    place = order.argmin(axis=0)
    share = explained[place, np.arange(m)]
    k = cosets[place, 0]
    return BestCosets(
        place=place,
        share=share,
        adjusted=1 - (1 - share) * (n - 1) / np.maximum(n - k, 1),
        criterion=criterion[place, np.arange(m)],
    )

r"""All groups of a small order that agree with the cells, with the elements of the labels.

The groups of every order up to 100 are listed, so all ways in which the seen labels can be
elements of a group of the order can be found by a search (`cayley.deduction`), and counted. Every
isomorphism type has the same prior weight, and within one every assignment of elements to labels.
A way counts once for each assignment that automorphisms make of it.
"""

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Group
from cayley.deduction import Limits
from cayley.deduction.universal_group._embeddings import SearchLimit, embeddings, plan_of
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.tables import all_small_groups

__all__ = ["LARGEST_ORDER", "ConsistentGroups", "consistent_groups"]

LARGEST_ORDER = 32
"""Up to this order `solve` decides by the same search. Orders 64 and 96 have 267 and 231 groups,
which take seconds for every question."""

_MOST_ASSIGNMENTS = 60_000
"""Partial assignments for one question: some tenths of a second. Random cells with many labels that
are not tied to each other exceed it, and then the cells are chosen by the Cayley graph."""


@dataclass(frozen=True, slots=True, eq=False)
class ConsistentGroups:
    """Ways in which the seen labels are elements of groups.

    Attributes:
        groups: The tables of all groups of the order, shape ``(g, n, n)``.
        which: The group of each way, shape ``(w,)``.
        elements: The element of each label, shape ``(w, 3, n)`` for rows, columns and symbols, -1
            for labels that are not seen; the three are equal for a group.
        weights: How often each way counts, shape ``(w,)``, the sum being 1.
    """

    groups: Int[NDArray[Any], "g n n"]
    which: Int[NDArray[Any], " w"]
    elements: Int[NDArray[Any], "w 3 n"]
    weights: Float[NDArray[Any], " w"]

    def sample(self, size: int, random: np.random.Generator) -> "ConsistentGroups":
        """Return at most so many ways, drawn by their weights."""
        if len(self.which) <= size:
            return self
        chosen = random.choice(len(self.which), size=size, p=self.weights)
        return ConsistentGroups(
            self.groups,
            self.which[chosen],
            self.elements[chosen],
            np.full(size, 1.0 / size),
        )


def consistent_groups(partial: PartialTable) -> ConsistentGroups | None:
    """Return all ways in which the seen labels can be elements of a group of the order.

    Returns:
        The ways, none of them if no group agrees with the cells; None if there are too many.
    """
    closure = partial.enumerated(Limits(full_enumeration=False))
    groups, orbits = _catalog(partial.order)
    n = partial.order
    rows: list[NDArray[Any]] = []
    which: list[NDArray[Any]] = []
    weights: list[NDArray[Any]] = []
    if closure.status != "collapsed":
        labels = closure.presentation.labels
        if len(labels) == 1:
            labels = np.repeat(labels, 3, axis=0)
        plan = plan_of(closure.presentation)
        seed = next((step[1] for step in plan.steps if step[0] == "seed"), None)
        budget = [_MOST_ASSIGNMENTS]
        for number, group in enumerate(groups):
            try:
                found = list(embeddings(plan, group, budget, deadline=math.inf))
            except SearchLimit:
                return None
            if not found:
                continue
            images = np.array(found)
            # int16 is enough for elements up to `LARGEST_ORDER`, and 60,000 ways then take 12 MB.
            rows.append(np.where(labels >= 0, images[:, labels], -1).astype(np.int16))
            which.append(np.full(len(images), number))
            # The search tries one element of each orbit for the first seed.
            each = np.ones(len(images)) if seed is None else orbits[number][images[:, seed]]
            weights.append(each.astype(np.float64))
    if not rows:
        nothing = np.empty((0, 3, n), np.int16)
        return ConsistentGroups(groups, np.empty(0, np.int64), nothing, np.empty(0))
    weight = np.concatenate(weights)
    elements = _eliminated(np.concatenate(rows))
    return ConsistentGroups(groups, np.concatenate(which), elements, weight / weight.sum())


def _eliminated(elements: Int[NDArray[Any], "w 3 n"]) -> Int[NDArray[Any], "w 3 n"]:
    """Give the last label of a kind that is not seen the element that is left."""
    n = elements.shape[2]
    for kind in range(3):
        missing = np.flatnonzero(elements[0, kind] < 0)
        if len(missing) == 1:
            # All elements together have the sum n (n - 1) / 2, and the missing one counts as -1.
            rest = n * (n - 1) // 2 - (elements[:, kind].sum(axis=1) + 1)
            elements[:, kind, missing[0]] = rest
    return elements


@functools.lru_cache(maxsize=8)  # the orders that one session asks about
def _catalog(order: int) -> tuple[NDArray[Any], tuple[NDArray[Any], ...]]:
    """Return the tables of all groups of an order, and the sizes of orbits of their elements."""
    tables = [Group.from_permutations(each.generators).table for each in all_small_groups(order)]
    return np.stack(tables), tuple(_orbit_sizes(table) for table in tables)


def _orbit_sizes(group: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], " n"]:
    """Return the size of the orbit of each element, by the automorphisms that the search uses."""
    n = len(group)
    everything = np.arange(n)
    if not np.array_equal(group, group.T):
        inverse = np.argmin(group, axis=1)
        leader = group[group, inverse[:, None]].min(axis=0)
    else:
        leader, power = everything.copy(), everything.copy()
        for k in range(2, n):
            power = group[power, everything]
            if math.gcd(k, n) == 1:
                leader = np.minimum(leader, power)
    sizes: NDArray[Any] = np.bincount(leader, minlength=n)[leader]
    return sizes

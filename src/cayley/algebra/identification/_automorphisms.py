r"""``automorphisms_of_group``: generators of the automorphism group, and its order.

Elements :math:`g_1, \dots, g_r` generate the group, so an automorphism is known from their images,
and the order of the automorphism group is the product of the sizes of orbits: of :math:`g_i` under
the automorphisms that fix :math:`g_1, \dots, g_{i-1}` (the theorem on orbit and stabilizer). For
each possible image of :math:`g_i` one such automorphism is looked for; those that were found give
more of the orbit, so that few searches are needed even where there are millions of automorphisms.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra.axioms._generators import generated_submagma
from cayley.algebra.groups._conjugacy_classes import conjugacy_classes, element_power
from cayley.algebra.groups._element_orders import prime_factors
from cayley.algebra.groups._group import Group
from cayley.algebra.identification._canonical_form import refined_colors

__all__ = ["AutomorphismGroup", "automorphisms_of_group"]

_MOST_IMAGES = 5_000
"""Images of generators that are tried in all, half a second at order 100. No group of order up to
100 needs so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomorphismGroup:
    """The automorphism group of a group.

    Attributes:
        order: How many automorphisms there are.
        generators: Automorphisms that generate all, as images of ``0..n-1``, shape ``(k, n)``.
    """

    order: int
    generators: Int[NDArray[Any], "k n"]


def automorphisms_of_group(group: Group, *, most: int = _MOST_IMAGES) -> AutomorphismGroup | None:
    """Return the automorphism group, or None if too many images of generators had to be tried.

    Args:
        group: A group.
        most: How many images may be tried.

    Example:
        >>> v4 = Group.from_permutations([[1, 0, 3, 2], [2, 3, 0, 1]])
        >>> automorphisms_of_group(v4).order
        6
    """
    search = _Search(group, most)
    found: list[Int[NDArray[Any], " n"]] = []
    order = 1
    # The last generator first: what fixes all before it helps with the orbits of those.
    for i in reversed(range(len(search.generators))):
        orbit = search.orbit(i, found)
        if orbit is None:
            return None
        order *= orbit
    return AutomorphismGroup(
        order=order, generators=np.array(found or [np.arange(group.order)], np.int64)
    )


def _invariants(group: Group) -> list[Int[NDArray[Any], " n"]]:
    """Return for each element numbers that automorphisms preserve.

    Its order, the size of its class, how often it is a commutator, and how many roots it has.
    """
    table, inverses = group.table, group.inverses
    classes = conjugacy_classes(group)
    commutators = table[table[np.ix_(inverses, inverses)], table]
    results = [commutators, *(element_power(group, p) for p in prime_factors(group.order))]
    counts = [np.bincount(each.reshape(-1), minlength=group.order) for each in results]
    return [group.element_orders, classes.sizes[classes.labels], *counts]


class _Search:
    """Searches for automorphisms with given images of the first generators."""

    def __init__(self, group: Group, most: int) -> None:
        self.table, self.identity, self.left = group.table, group.identity, most
        keys = np.stack(_invariants(group))
        start = np.unique(keys, axis=1, return_inverse=True)[1].reshape(-1)
        self.colors = refined_colors(self.table, start)
        self.generators = self._chosen_generators()
        # words[i]: (element, parent, which generator) for all that the first i + 1 generate.
        self.words = [self._words(i + 1) for i in range(len(self.generators))]

    def _chosen_generators(self) -> list[int]:
        """Return generators: each the one that adds most, of the color that has the fewest."""
        representatives = np.unique(self.colors, return_index=True)[1]
        sizes = np.bincount(self.colors)
        inside = np.zeros(len(self.table), bool)
        inside[self.identity] = True
        chosen: list[int] = []
        while not inside.all():
            best: tuple[int, int] = (0, 0)
            for color, first in enumerate(representatives.tolist()):
                outside = np.flatnonzero((self.colors == color) & ~inside)
                if not len(outside):
                    continue
                x = int(outside[0]) if inside[first] else first
                reached = generated_submagma(self.table, [*chosen, x])
                if (len(reached), -int(sizes[color])) > best:
                    best, new, members = (len(reached), -int(sizes[color])), x, reached
            chosen.append(new)
            inside[members] = True
        return chosen

    def _words(self, count: int) -> list[tuple[int, int, int]]:
        known, found = {self.identity}, list[tuple[int, int, int]]()
        waiting = [self.identity]
        for x in waiting:  # grows while it is read
            for j, g in enumerate(self.generators[:count]):
                y = int(self.table[x, g])
                if y not in known:
                    known.add(y)
                    waiting.append(y)
                    found.append((y, x, j))
        return found

    def orbit(self, i: int, found: list[Int[NDArray[Any], " n"]]) -> int | None:
        """Return the size of an orbit: of generator i under what fixes the generators before it.

        Automorphisms that are needed for it are added to those that were found; None if too many
        images were tried.
        """
        fixed = self.generators[:i]
        colors = self.colors
        if fixed:
            # Elements that the fixed ones generate are fixed, each a color of its own.
            start = colors.copy()
            members = generated_submagma(self.table, fixed)
            start[members] = colors.max() + 1 + np.arange(len(members))
            colors = refined_colors(self.table, np.unique(start, return_inverse=True)[1])
        g = self.generators[i]
        orbit = self._spread(np.array([g]), found)
        refuted = np.zeros(len(self.table), bool)
        for image in np.flatnonzero(colors == colors[g]).tolist():
            if orbit[image] or refuted[image]:
                continue
            new = next(self._extensions([*fixed, image]), None)
            if self.left < 0:
                return None
            if new is None:
                refuted |= self._spread(np.array([image]), found)
            else:
                found.append(new)
                orbit = self._spread(np.flatnonzero(orbit), found)
        return int(orbit.sum())

    def _spread(
        self, start: Int[NDArray[Any], " m"], found: list[Int[NDArray[Any], " n"]]
    ) -> Bool[NDArray[Any], " n"]:
        """Return which elements the automorphisms found take some elements to."""
        reached = np.zeros(len(self.table), bool)
        reached[start] = True
        while True:
            before = int(reached.sum())
            for each in found:
                reached[each[reached]] = True
            if int(reached.sum()) == before:
                return reached

    def _extensions(self, images: list[int]) -> Iterator[Int[NDArray[Any], " n"]]:
        """Yield automorphisms that take the first generators to these images."""
        if self.left < 0:
            return
        self.left -= 1
        mapped = self._partial_map(images)
        if mapped is None:
            return
        if len(images) == len(self.generators):
            yield mapped
            return
        color = self.colors[self.generators[len(images)]]
        used = np.zeros(len(self.table), bool)
        used[mapped[mapped >= 0]] = True
        for image in np.flatnonzero((self.colors == color) & ~used).tolist():
            yield from self._extensions([*images, image])

    def _partial_map(self, images: list[int]) -> Int[NDArray[Any], " n"] | None:
        """Return the map of what the first generators generate, by their images; -1 elsewhere.

        None if it is no isomorphism to what the images generate.
        """
        count = len(images)
        mapped = np.full(len(self.table), -1)
        mapped[self.identity] = self.identity
        row = self.table[:, images].tolist()
        values = {self.identity: self.identity}
        for y, x, j in self.words[count - 1]:
            values[y] = row[values[x]][j]
        elements = np.fromiter(values, np.int64, len(values))
        mapped[elements] = np.fromiter(values.values(), np.int64, len(values))
        for g, image in zip(self.generators, images, strict=False):
            places = self.table[elements, g]
            if not np.array_equal(mapped[places], self.table[mapped[elements], image]):
                return None
        # A homomorphism that repeats no value is an isomorphism to its image.
        return mapped if len(np.unique(mapped[elements])) == len(elements) else None

"""Relation tables: at which elements does a relation say something new; many looked up at once.

All relations are of the form a b = c. Wherever v a = w, w b = u and v c = u are known but for one,
the relation gives the third; where all three are known and disagree, it gives a coincidence. Both
are *open corners*. Dense arrays of the known products find those of all new edges of one generator
in a few operations; what is found is written down one by one, by ``_traced_enumeration``.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["RelationTables"]

Relations: TypeAlias = tuple[Int[NDArray[np.int64], "m"], ...]
"""The numbers of some relations a b = c, and two of their three generators."""


class RelationTables:
    """The relations by their generators, and the known products of elements.

    Args:
        size: How many elements there is room for at first: all generators.

    Attributes:
        relations: For each relation a, b, c, and the fact that a b = c.
    """

    def __init__(self, size: int) -> None:
        self.relations: list[tuple[int, int, int, int]] = []
        self._role: tuple[dict[int, set[int]], ...] = tuple(defaultdict(set) for _ in range(3))
        self._arrays: dict[tuple[int, int], Relations] = {}  # relations by place and generator
        # v g by v and g, v with v g = w by w and g; -1 where unknown.
        self._to, self._from = _unit_products(size), _unit_quotients(size)

    def numbers(self, place: int, g: int) -> set[int]:
        """Return the numbers of the relations with a generator at a place: a, b or c."""
        return self._role[place].get(g, set())

    def relate(self, a: int, b: int, c: int, fact: int, number: int | None = None) -> bool:
        """Add a relation, or put it in the place of one; return whether it is ever scanned.

        1 b = c and a 1 = c are none: they say that two elements are one.
        """
        if number is None:
            number = len(self.relations)
            self.relations.append((a, b, c, fact))
        self.relations[number] = a, b, c, fact
        if a and b:
            for role, x in zip(self._role, (a, b, c), strict=True):
                role[x].add(number)
            self._arrays.clear()
        return bool(a and b)

    def withdraw(self, x: int) -> set[int]:
        """Take the relations with a generator out of the tables; return their numbers."""
        touched = set().union(*(role.pop(x, set()) for role in self._role))
        for number in touched:
            for role, y in zip(self._role, self.relations[number], strict=False):
                if y in role:
                    role[y].discard(number)
        self._arrays.clear()
        return touched

    def enter(self, p: int, q: int, r: int, num_names: int) -> None:
        """Enter that p q = r; make room for twice as many elements where there are too many."""
        if len(self._to) < num_names:
            size = 2 * num_names
            to, back = _unit_products(size), _unit_quotients(size)
            to[: len(self._to), : len(self._to)] = self._to
            back[: len(self._from), : len(self._from)] = self._from
            self._to, self._from = to, back
        self._to[p, q], self._from[r, q] = r, p

    def remove(self, p: int, q: int, r: int) -> None:
        """Forget that p q = r."""
        self._to[p, q], self._from[r, q] = -1, -1

    def open_corners(self, g: int, sources: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Yield where the edges v g of some v say more: v, the place of g in a relation, it.

        What is entered meanwhile is looked at the next time.
        """
        at_v = np.array(sources, int)[:, None]
        at_w = self._to[at_v, g]
        for place in range(3):
            numbers, one, other = self._with(place, g)
            if place == 0:  # v a = w: w b and v c are both u
                left, right = self._to[at_w, one], self._to[at_v, other]
            elif place == 1:  # w b = u, so that w and u are at the ends: v a = w, v c = u
                left, right = self._from[at_v, one], self._from[at_w, other]
            else:  # v c = u: v a and what b takes to u are both w
                left, right = self._to[at_v, one], self._from[at_w, other]
            at, which = np.nonzero(left != right)
            for i, j in zip(at.tolist(), which.tolist(), strict=True):
                yield sources[i], place, int(numbers[j])

    def _with(self, place: int, g: int) -> Relations:
        """Return the relations with a generator at a place, and their two others."""
        found = self._arrays.get((place, g))
        if found is None:
            numbers = sorted(self.numbers(place, g))
            rest = [at for at in range(3) if at != place]
            others = [[self.relations[i][at] for i in numbers] for at in rest]
            found = (np.array(numbers, int), np.array(others[0], int), np.array(others[1], int))
            self._arrays[place, g] = found
        return found

    def copy(self) -> "RelationTables":
        """Return tables of their own with the same content."""
        other = RelationTables(0)
        other.relations, other._arrays = list(self.relations), dict(self._arrays)
        other._role = tuple(
            defaultdict(set, {x: set(numbers) for x, numbers in role.items()})
            for role in self._role
        )
        other._to, other._from = self._to.copy(), self._from.copy()
        return other


def _unit_products(size: int) -> Int[NDArray[np.int32], "n n"]:
    """Return the products of names that are known without proof: with the unit, 0."""
    to = np.full((size, size), -1, np.int32)
    to[:, :1] = np.arange(size)[:, None]
    to[:1] = np.arange(size)
    return to


def _unit_quotients(size: int) -> Int[NDArray[np.int32], "n n"]:
    """Return v with v g = w, by w and g, where that is known without proof: g is the unit, or w."""
    back = np.full((size, size), -1, np.int32)
    back[:, :1] = np.arange(size)[:, None]
    np.fill_diagonal(back, 0)
    return back

r"""The Cayley graph of a group, and which of its edges relators close.

Color the edges of a spanning tree. Where a relator leads around from some vertex and passes over
one edge only that has no color, and over that once, this edge is colored too. If in the end every
edge is colored, the relators define the group (Cannon).

Sets of edges are integers whose bits are the edges: a graph of order 120 has a few hundred, and one
way around a relator is compared with a set in a tenth of a microsecond.
"""

from collections.abc import Sequence
from typing import TypeAlias

from cayley.algebra.groups._group import Group
from cayley.algebra.groups._words import (
    Word,
    cyclically_reduced,
    displayed_length,
    inverse_word,
    root,
)

__all__ = ["CayleyGraph", "Way", "color"]

Way: TypeAlias = tuple[int, int]
"""One way around a relator: the edges that it passes over, and those over which it passes once."""


def color(colored: int, ways: Sequence[Way]) -> tuple[int, list[Way]]:
    """Color the edges that ways around relators close, until none is.

    The result does not depend on the order of the ways; short ones first reach it sooner.

    Args:
        colored: The edges that have a color.
        ways: Ways around relators.

    Returns:
        The edges that have a color in the end, and the ways that miss some edges still.
    """
    while True:
        open_ways = []
        before = colored
        for way in ways:
            missing = way[0] & ~colored
            if not missing & (missing - 1):  # one edge, or none
                if not missing:
                    continue
                if missing & way[1]:
                    colored |= missing
                    continue
            open_ways.append(way)
        if colored == before:
            return colored, open_ways
        ways = open_ways


class CayleyGraph:
    """The Cayley graph: edge ``s * n + v`` leads from ``v`` to ``v`` times generator ``s``.

    Attributes:
        tree: The edges of a spanning tree.
        all_edges: All edges.
    """

    def __init__(self, group: Group, generators: Sequence[int]) -> None:
        self._n = group.order
        self._forward = [group.table[:, x].tolist() for x in generators]
        self._backward = [group.table[:, group.inverses[x]].tolist() for x in generators]
        self._paths = self._spanning_paths(group.identity)
        self._ways: dict[Word, list[Way]] = {}
        self.all_edges = (1 << len(generators) * self._n) - 1
        self.tree = 0
        for v, path in enumerate(self._paths):
            if path:
                # The last edge of every path.
                s = abs(path[-1]) - 1
                self.tree |= 1 << s * self._n + (self._backward[s][v] if path[-1] > 0 else v)

    def closes_more(self, word: Word, colored: int) -> bool:
        """Return whether a relator passes over an edge that is not colored yet."""
        # From all vertices together, each letter passes over all edges of its generator.
        whole = (1 << self._n) - 1
        return any(~colored >> s * self._n & whole for s in {abs(letter) - 1 for letter in word})

    def is_presented_by(self, relators: Sequence[Word]) -> bool:
        """Return whether relators close all edges that are not in the tree."""
        ordered = sorted(relators, key=len)
        colored, _ = color(self.tree, [way for word in ordered for way in self.ways(word)])
        return colored == self.all_edges

    def ways(self, word: Word) -> list[Way]:
        """Return the different ways around a relator, from all vertices."""
        if word not in self._ways:
            n = self._n
            base, exponent = root(word)
            found: list[Way] = []
            passed = [False] * n
            for start in range(n):
                # From where the way around a power comes back to its root, it is the same way.
                if passed[start]:
                    continue
                at, seen, twice = start, 0, 0
                for _ in range(exponent):
                    passed[at] = True
                    for letter in base:
                        if letter > 0:
                            edge = 1 << (letter - 1) * n + at
                            at = self._forward[letter - 1][at]
                        else:
                            at = self._backward[-letter - 1][at]
                            edge = 1 << (-letter - 1) * n + at
                        twice |= seen & edge
                        seen |= edge
                found.append((seen, seen & ~twice))
            self._ways[word] = found
        return self._ways[word]

    def shortest_cycle(self, colored: int) -> Word:
        """Return the shortest of the cycles through the tree and one edge not colored."""
        cycles = []
        for s, forward in enumerate(self._forward):
            for v, target in enumerate(forward):
                if not colored >> s * self._n + v & 1:
                    back = inverse_word(self._paths[target])
                    cycles.append(cyclically_reduced((*self._paths[v], s + 1, *back)))
        return min(cycles, key=lambda word: (displayed_length(word), len(word), word))

    def _spanning_paths(self, identity: int) -> list[Word]:
        """Return for each vertex a shortest word that leads there from the identity."""
        paths: list[Word | None] = [None] * self._n
        paths[identity] = ()
        queue = [identity]
        for v in queue:  # grows while it is read: breadth first
            here = paths[v] or ()
            for s, (forward, backward) in enumerate(
                zip(self._forward, self._backward, strict=True), start=1
            ):
                for letter, to in ((s, forward[v]), (-s, backward[v])):
                    if paths[to] is None:
                        paths[to] = (*here, letter)
                        queue.append(to)
        return [path or () for path in paths]

r"""``short_presentation``: a short presentation, found on the Cayley graph and proved there.

Color the edges of a spanning tree of the Cayley graph. Follow a relator around from some vertex:
if all edges but one on the way are colored, color that one too. If in the end every edge is
colored, the relators define the group. For each coloring step writes the loop through the tree
and the new edge as a product of conjugates of relators; all these loops together generate the
fundamental group of the graph, which is the group of all relations (Cannon).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

import numpy as np

from cayley.algebra.axioms._generators import extend
from cayley.algebra.groups._cayley_graph import CayleyGraph, Way, color
from cayley.algebra.groups._conjugacy_classes import abelian_invariants, conjugacy_classes
from cayley.algebra.groups._element_orders import prime_factors
from cayley.algebra.groups._group import Group, as_group
from cayley.algebra.groups._words import (
    Word,
    cyclically_reduced,
    displayed_length,
    plainest,
    word_text,
)
from cayley.tables._full_square import TableLike

__all__ = ["Presentation", "short_presentation"]

# More pairs find shorter presentations now and then, and each costs a spanning tree and a greedy
# search: the time of `short_presentation` grows in proportion.
_TRIALS = 12
"""How many pairs of generators are tried, in addition to ``group.generators``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    r"""Generators and relators, proved to define a group.

    Attributes:
        generators: The elements that the generators stand for.
        relators: Words that are the identity, letters ``1..r`` for generators and ``-1..-r`` for
            their inverses.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> found = short_presentation(s3)
        >>> str(found), found.to_gap()
        ('< a, b | a^2, b^3, (ab)^2 >', 'FreeGroup("a", "b") / [a^2, b^3, (a*b)^2]')
    """

    generators: tuple[int, ...]
    relators: tuple[Word, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the generators: ``a``, ``b``, ..."""
        return tuple(chr(ord("a") + i) for i in range(len(self.generators)))

    def __str__(self) -> str:
        relators = ", ".join(word_text(word, self.names) for word in self.relators)
        return f"< {', '.join(self.names)} | {relators} >" if self.names else "< | >"

    def to_gap(self) -> str:
        """Return the relators as GAP writes them, for generators of these names."""
        relators = ", ".join(word_text(word, self.names, times="*") for word in self.relators)
        names = ", ".join(f'"{name}"' for name in self.names)
        return f"FreeGroup({names}) / [{relators}]"

    def to_latex(self) -> str:
        r"""Return the presentation as LaTeX, for math mode.

        Example:
            >>> c2 = short_presentation(Group.from_permutations([[1, 0]]))
            >>> print(c2.to_latex())
            \langle a \mid a^{2} \rangle
        """
        relators = ", ".join(
            word_text(word, self.names, power="{}^{{{}}}") for word in self.relators
        )
        return rf"\langle {', '.join(self.names)} \mid {relators} \rangle"


def short_presentation(group: TableLike) -> Presentation:
    r"""Return a short presentation of a group, with proof.

    Several generating sets are tried, and for each the relators are chosen greedily, short ones
    first, among powers, commutators, powers of short products and the cycles of the Cayley graph
    that the others leave over; superfluous ones are dropped again. It is short, not the shortest.

    Args:
        group: A group, or its table in any form that :meth:`Group.from_table` takes.

    Example:
        >>> print(short_presentation(Group.from_permutations([[1, 2, 3, 0], [1, 0, 2, 3]])))
        < a, b | a^3, b^4, (ab)^2 >

    References:
        J. J. Cannon, "Construction of defining relators for finite groups", Discrete Math. 5
        (1973).
    """
    group = as_group(group)
    return group.once("presentation", lambda: _short_presentation(group))


def _short_presentation(group: Group) -> Presentation:
    found = [_presented(group, generators) for generators in _generating_sets(group)]
    return min(found, key=_length)


def _length(presentation: Presentation) -> tuple[int, int]:
    read = sum(map(displayed_length, presentation.relators))
    letters = sum(map(len, presentation.relators))
    return read + len(presentation.generators), letters


def _generating_sets(group: Group) -> Iterator[tuple[int, ...]]:
    """Yield the group's own generators, lowest orders first, then some pairs that generate it."""
    own = sorted(group.generators, key=lambda x: (group.element_orders[x], x))
    yield tuple(own)
    # A pair can generate the group only if it generates G / G', whose p-part needs as many
    # generators as it has cyclic factors. Abelian groups get their own generators only.
    ranks = Counter(next(iter(prime_factors(q))) for q in abelian_invariants(group))
    if not group.is_abelian and max(ranks.values(), default=0) <= 2:
        # Above order 200 fewer pairs are tried, as each takes longer.
        yield from islice(_generating_pairs(group), _TRIALS if group.order <= 200 else 3)


def _generating_pairs(group: Group) -> Iterator[tuple[int, int]]:
    """Yield pairs that generate the group, elements of low order first, few of each kind."""
    classes, orders = conjugacy_classes(group), group.element_orders
    representatives = classes.representatives[1:].tolist()
    kinds: dict[tuple[int, ...], int] = {}
    tested = 0
    for x, b in sorted(
        product(representatives, range(1, len(classes))),
        key=lambda pair: (orders[pair[0]] + classes.orders[pair[1]], pair),
    ):
        if orders[x] > classes.orders[b]:
            continue
        for y in classes.members(b).tolist():
            # One pair of each kind is tried: short relators are powers of the two elements and of
            # their product.
            kind = (x, b, int(orders[group.table[x, y]]))
            if kind in kinds or x == y:
                continue
            kinds[kind] = y
            tested += 1
            # That two elements generate G / G' does not mean that any two generate G, so the search
            # must have an end.
            if tested > 100:
                return
            member = np.arange(group.order) == group.identity
            extend(group.table, member, np.array([x, y]))
            if member.all():
                yield x, y


def _presented(group: Group, generators: Sequence[int]) -> Presentation:
    graph = CayleyGraph(group, generators)
    relators: list[Word] = []
    colored, ways = graph.tree, list[Way]()
    for word in _structured_words(group, generators):
        if graph.closes_more(word, colored):
            relators.append(word)
            colored, ways = color(colored, [*graph.ways(word), *ways])
    # Structured words need not be enough; cycles of the graph always are, as in the end every edge
    # not in the tree has its own.
    while colored != graph.all_edges:
        relators.append(graph.shortest_cycle(colored))
        colored, ways = color(colored, [*graph.ways(relators[-1]), *ways])
    # Long relators are tried first: dropping one may make another necessary.
    for word in sorted(relators, key=lambda word: (-displayed_length(word), -len(word))):
        others = [other for other in relators if other != word]
        if graph.is_presented_by(others):
            relators = others
    return _with_plain_letters(group, generators, relators)


def _with_plain_letters(
    group: Group, generators: Sequence[int], relators: Sequence[Word]
) -> Presentation:
    """Return the presentation with inverse letters avoided: other signs, rotations, inverses."""

    def flipped(signs: tuple[int, ...]) -> list[Word]:
        changed = [tuple(x * signs[abs(x) - 1] for x in word) for word in relators]
        return [plainest(word) for word in changed]

    # 2^r choices for r generators, which are few: at most log2 of the order.
    choices = list(product((1, -1), repeat=len(generators)))
    signs = min(choices, key=lambda s: sum(x < 0 for word in flipped(s) for x in word))
    words = sorted(
        flipped(signs), key=lambda w: (displayed_length(w), len(w), [(abs(x), x < 0) for x in w])
    )
    elements = (
        x if sign > 0 else int(group.inverses[x]) for x, sign in zip(generators, signs, strict=True)
    )
    return Presentation(generators=tuple(elements), relators=tuple(words))


def _structured_words(group: Group, generators: Sequence[int]) -> list[Word]:
    """Return powers, commutators and powers of short products that are the identity."""
    words = {(i,) * int(group.element_orders[x]) for i, x in enumerate(generators, start=1)}
    letters = [*range(1, len(generators) + 1)]
    for i, j in combinations(letters, 2):
        short = [
            base
            for signs in product((i, -i), (j, -j))
            for base in (signs, (i, *signs), (*signs, signs[1]), (*signs, i, j), (i, i, *signs, j))
        ]
        for base in [(-i, -j, i, j), *short]:
            reduced = cyclically_reduced(base)
            order = int(group.element_orders[_value(group, generators, reduced)])
            words.add(reduced * order)
    return sorted(
        (word for word in words if word),
        key=lambda word: (displayed_length(word), len(word), [-x for x in word]),
    )


def _value(group: Group, generators: Sequence[int], word: Word) -> int:
    value = group.identity
    for letter in word:
        x = generators[abs(letter) - 1]
        value = int(group.table[value, x if letter > 0 else group.inverses[x]])
    return value

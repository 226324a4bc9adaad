"""Generators whose Cayley diagram is plain: one of a large order, the other of a small one."""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool
from cayley.algebra import (
    Group,
    abelian_invariants,
    conjugacy_classes,
    generated_submagma,
    short_presentation,
)
from cayley.algebra.groups._element_orders import prime_factors
from cayley.report.figures.element_order._coset_order import is_normal, powers

__all__ = ["plain_generators"]

_MOST_TRIED = 300
"""Pairs that are tried before a presentation decides: few groups need more than a dozen."""


def plain_generators(group: Group) -> tuple[int, ...]:
    """Return one generator, or two, of which the second has a small order; or more where needed.

    A pair is preferred whose second element is an involution, since it draws as a line without a
    head; then one in which the powers of the first are a normal subgroup, as the rotations of a
    dihedral group; then cycles as large as possible, and a product of small order, which makes the
    diagrams of A4, S4 and A5 those of polyhedra.

    Example:
        >>> s4 = Group.from_permutations([[1, 2, 3, 0], [1, 0, 2, 3]])
        >>> [int(s4.element_orders[x]) for x in plain_generators(s4)]
        [4, 2]
    """
    n, orders = group.order, group.element_orders
    if n == 1:
        return ()
    if orders.max() == n:
        return (int(np.flatnonzero(orders == n)[0]),)
    # As many generators as the largest elementary abelian quotient needs.
    primes = Counter(min(prime_factors(k)) for k in abelian_invariants(group))
    if max(primes.values(), default=0) <= 2:
        pair = _pair(group)
        if pair is not None:
            return pair
    chosen = short_presentation(group).generators
    plain = _extended(group)
    if len(plain) <= len(chosen):
        return plain
    # The layout draws the cosets of the first generator as polygons: the fewer the better.
    return tuple(sorted(chosen, key=lambda x: -int(orders[x])))


def _extended(group: Group) -> tuple[int, ...]:
    """Return a large cycle and elements of small order that extend it step by step."""
    orders = group.element_orders
    largest_first = np.argsort(-orders, kind="stable").tolist()
    first = next(
        (x for x in largest_first if is_normal(group, _generated(group, [x]))), largest_first[0]
    )
    chosen = [first]
    mask = _generated(group, chosen)
    for x in np.argsort(orders, kind="stable").tolist():
        if not mask[x]:
            chosen.append(x)
            mask = _generated(group, chosen)
    return tuple(chosen)


def _generated(group: Group, elements: list[int]) -> Bool[NDArray[Any], " n"]:
    """Return the members of the subgroup that elements generate."""
    mask = np.zeros(group.order, bool)
    mask[generated_submagma(group.table, [group.identity, *elements])] = True
    return mask


def _pair(group: Group) -> tuple[int, int] | None:
    """Return the plainest pair that generates the group, or None if none was found."""
    orders = group.element_orders
    found: list[tuple[int, bool, int, int, int, int]] = []
    for a in conjugacy_classes(group).representatives.tolist():
        if a == group.identity:
            continue
        mask = np.zeros(group.order, bool)
        mask[powers(group, a)] = True
        bent = not is_normal(group, mask)
        products = orders[group.table[a]]
        found += [
            (int(orders[b]), bent, -int(orders[a]), int(products[b]), a, b)
            for b in np.flatnonzero(~mask).tolist()
            # The smaller order second; a pair in the other order comes with its other element.
            if orders[b] <= orders[a] or not bent
        ]
    found.sort()
    for *_, a, b in found[:_MOST_TRIED]:
        if len(generated_submagma(group.table, [group.identity, a, b])) == group.order:
            return a, b
    return None

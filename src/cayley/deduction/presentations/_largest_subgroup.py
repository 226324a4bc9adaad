"""The largest group among some elements whose products are known where they are among them."""

from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["largest_subgroup"]

_MOST_SUBGROUPS = 20_000
"""Subgroups looked at, which takes some ten seconds. Among the operations of a space group of which
some are missing there are some hundred; only elementary abelian groups have so many."""


def largest_subgroup(products: Int[NDArray[Any], "k k"], identity: int) -> tuple[list[int], bool]:
    """Return the largest set of elements that is closed under products, and whether that is proved.

    Subgroups are joined with one element at a time, most promising first; one that cannot grow
    beyond the best known is not looked at.

    Args:
        products: The number of each product, -1 where it is none of the elements; products are
            associative, and each element has finitely many powers.
        identity: The number of the identity.

    Returns:
        Its elements, ascending; False if the search ended at its limit.

    Example:
        >>> import numpy as np
        >>> hours = np.add.outer(np.arange(12), np.arange(12)) % 12
        >>> kept = [0, 1, 3, 4, 6, 8, 9]  # of the clock; 3 and 4 generate groups in it
        >>> place = np.full(12, -1)
        >>> place[kept] = np.arange(7)
        >>> largest_subgroup(place[hours[np.ix_(kept, kept)]], 0)
        ([0, 2, 4, 6], True)
    """
    size = len(products)
    if (products >= 0).all():
        return list(range(size)), True
    table = products.tolist()
    start = 1 << identity
    best, seen, proved = start, {start}, True
    # Each entry: the elements as bits, a list of generators, the elements that may be joined.
    stack: list[tuple[int, list[int], list[int]]] = [
        (start, [], [x for x in range(size) if x != identity])
    ]
    while stack:
        group, generators, candidates = stack.pop()
        if group.bit_count() + len(candidates) <= best.bit_count():
            continue
        larger: dict[int, int] = {}
        rejected = set()
        for x in candidates:
            joined = _generated(table, identity, [*generators, x])
            if joined:
                larger.setdefault(joined, x)
            else:
                rejected.add(x)
        # Whatever contains this group and an element that leads out of the list leads out too.
        allowed = [x for x in candidates if x not in rejected]
        # The largest comes last, and is taken from the stack first: it bounds the rest.
        for joined in sorted(larger, key=int.bit_count):
            if joined in seen:
                continue
            if len(seen) >= _MOST_SUBGROUPS:
                proved = False
                break
            seen.add(joined)
            if joined.bit_count() > best.bit_count():
                best = joined
            rest = [x for x in allowed if not joined >> x & 1]
            if joined.bit_count() + len(rest) > best.bit_count():
                stack.append((joined, [*generators, larger[joined]], rest))
    return [x for x in range(size) if best >> x & 1], proved


def _generated(table: list[list[int]], identity: int, generators: list[int]) -> int:
    """Return the elements that some generate, as bits; 0 if a product is outside the list."""
    found = 1 << identity
    reached = [identity]
    for x in reached:
        row = table[x]
        for g in generators:
            y = row[g]
            if y < 0:
                return 0
            if not found >> y & 1:
                found |= 1 << y
                reached.append(y)
    return found

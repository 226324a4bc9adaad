"""``pair_digest``: tells apart the few groups of order up to 200 that share a fingerprint.

They are 14 groups: two of order 147, two of 189 and ten of order 128. The fingerprint colors
elements; here pairs of elements are colored, which takes longer and sees more.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int, Shaped
from cayley.algebra.groups._conjugacy_classes import conjugacy_classes
from cayley.algebra.groups._group import Group

__all__ = ["pair_digest"]


def pair_digest(group: Group) -> str:
    r"""Return 8 hexadecimal digits that isomorphic groups have in common.

    A pair :math:`(x, y)` is first colored by the orders of x, y and xy, and by whether the two are
    equal or conjugate. Colors are refined until they are stable: by those of :math:`(y, x)`,
    :math:`(x, xy)` and :math:`(xy, y)` and by the multiset, over all z, of those of :math:`(x, z)`
    and :math:`(z, y)`. This is the algorithm of Weisfeiler and Leman on pairs.

    Args:
        group: A group of order ``n``; takes ``O(n^3)`` time for each of a few rounds, a second at
            order 200.

    Example:
        >>> c4 = Group.from_permutations([[1, 2, 3, 0]])
        >>> v4 = Group.from_permutations([[1, 0, 3, 2], [2, 3, 0, 1]])
        >>> pair_digest(c4) == pair_digest(v4)
        False
    """
    table, orders = group.table, group.element_orders
    x, y = np.indices(table.shape)
    classes = conjugacy_classes(group).labels
    digest = hashlib.blake2b(digest_size=4)
    keys = _joined(orders[x], orders[y], orders[table], x == y, classes[:, None] == classes)
    colors, count = _canonical(keys, digest)
    while True:
        through = np.zeros(table.shape, np.uint64)
        for z in range(group.order):  # a sum is a multiset: it does not depend on the order of z
            through += _joined(colors[:, z, None], colors[z])
        keys = _joined(colors, colors.T, colors[x, table], colors[table, y], through)
        colors, refined = _canonical(keys, digest)
        if refined == count:
            return digest.hexdigest()
        count = refined


def _canonical(
    keys: Shaped[NDArray[np.uint64], "n n"], digest: "hashlib.blake2b"
) -> tuple[Int[NDArray[Any], "n n"], int]:
    """Number the different keys by size; what they are and how often is added to the digest."""
    distinct, colors, counts = np.unique(keys, return_inverse=True, return_counts=True)
    for part in (distinct, counts):
        digest.update(part.astype("<u8").tobytes())
    return colors.reshape(keys.shape), len(distinct)


def _joined(*parts: Shaped[NDArray[Any], "..."]) -> Shaped[NDArray[np.uint64], "..."]:
    """Return 64 bits that depend on all parts and their order: equal parts give equal bits."""
    found = np.zeros((), np.uint64)
    for part in parts:
        found = _mixed(found + part.astype(np.uint64) + np.uint64(1))
    return found


def _mixed(bits: Shaped[NDArray[np.uint64], "..."]) -> Shaped[NDArray[np.uint64], "..."]:
    """Spread 64 bits over 64 bits, one to one: the last steps of the generator SplitMix64."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))

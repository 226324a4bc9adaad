"""``fingerprint``: an invariant that distinguishes all groups of order at most 100."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.groups._conjugacy_classes import (
    center,
    conjugacy_classes,
    derived_subgroup,
    element_power,
)
from cayley.algebra.groups._element_orders import orders_modulo, prime_factors
from cayley.algebra.groups._group import Group, as_group
from cayley.tables._full_square import TableLike

__all__ = ["canonical_colors", "fingerprint", "row_digests"]


def fingerprint(group: TableLike) -> str:
    r"""Return 12 hexadecimal digits that depend on the isomorphism type of a group only.

    Elements are colored by what every isomorphism preserves: order, size of the class, order
    modulo the center and modulo the derived subgroup, membership in both, and whether
    :math:`x^{-1}` and :math:`x^p`, for the primes :math:`p \mid n`, are conjugate to :math:`x`.
    Colors are then refined until they are stable, by the colors of the powers :math:`x^p` and
    the multiset, over all :math:`y`, of the colors of :math:`(y, xy, [x, y])` with the answers
    to whether :math:`y^p = x`. The fingerprint digests the colors of every round and at last the
    histogram of colors of :math:`(x, y, xy)`.

    Isomorphic groups have equal fingerprints by construction. The converse holds for the orders
    up to 100 because it was checked for all 1048 groups there when their list was made; beyond,
    equal fingerprints prove nothing.

    Args:
        group: A group of order ``n``, or its table; takes ``O(n^2 log n)`` time.

    Example:
        >>> c4 = Group.from_permutations([[1, 2, 3, 0]])
        >>> v4 = Group.from_permutations([[1, 0, 3, 2], [2, 3, 0, 1]])
        >>> fingerprint(c4) == fingerprint(v4)
        False
    """
    group = as_group(group)
    table, inverses = group.table, group.inverses
    commutators = table[table[np.ix_(inverses, inverses)], table]  # x^-1 y^-1 x y
    powers = [element_power(group, p) for p in prime_factors(group.order)]
    each = np.arange(group.order)[:, None]
    roots = sum((power == each) * 2**i for i, power in enumerate(powers))  # bit i: y^p = x
    # 48 bits. The 1048 listed groups were checked to have different digests; changing anything
    # here, also the order of keys, invalidates data/group_fingerprints.jsonl.
    digest = hashlib.blake2b(digest_size=6)
    colors, count = canonical_colors(_first_colors(group, powers), digest)
    while True:
        partners = (colors * count + colors[table]) * count + colors[commutators]
        partners = partners * 2 ** len(powers) + roots
        # Sorted rows are multisets: what remains does not depend on how elements are numbered.
        partners.sort(axis=1)
        keys = [colors, *(colors[power] for power in powers), row_digests(partners)]
        colors, refined = canonical_colors(keys, digest)
        # No color was split, so further rounds would split none either.
        if refined == count:
            break
        count = refined
    triples = (colors[:, None] * count + colors) * count + colors[table]
    for part in np.unique(triples, return_counts=True):
        digest.update(_bytes(part))
    return digest.hexdigest()


def _first_colors(
    group: Group, powers: list[Int[NDArray[Any], " n"]]
) -> list[Int[NDArray[Any], " n"]]:
    classes = conjugacy_classes(group)
    keys = [group.element_orders, classes.sizes[classes.labels]]
    for subgroup in (center(group), derived_subgroup(group)):
        inside = np.zeros(group.order, bool)
        inside[subgroup] = True
        keys += [inside.astype(np.int64), orders_modulo(group.table, group.identity, inside)]
    for image in (group.inverses, *powers):
        keys.append((classes.labels[image] == classes.labels).astype(np.int64))
    return keys


def canonical_colors(
    keys: Sequence[Int[NDArray[Any], " n"]], digest: "hashlib.blake2b"
) -> tuple[Int[NDArray[Any], " n"], int]:
    """Return a color for each element, its columns of ``keys`` numbered in sorted order.

    The colors depend on the keys only, not on how elements are labeled. The distinct columns and
    their counts are added to the digest; the second result is how many there are.
    """
    rows = np.stack(keys, axis=1)
    distinct, colors, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    digest.update(_bytes(distinct))
    digest.update(_bytes(counts))
    return colors.reshape(-1), len(distinct)  # NumPy 2.0 alone keeps an axis here


def row_digests(rows: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], " n"]:
    """Return 63 bits of a digest of each row; equal digests of unequal rows merge two colors."""
    small = (hashlib.blake2b(_bytes(row), digest_size=8).digest() for row in rows)
    return np.array([int.from_bytes(value, "little") >> 1 for value in small], np.int64)


def _bytes(array: NDArray[np.integer[Any]]) -> bytes:
    return array.astype("<i8").tobytes()

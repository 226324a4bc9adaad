"""The elements of a group by cosets of a subgroup, in an order in which structure shows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import Group, identify
from cayley.algebra import generated_submagma as generated
from cayley.algebra.groups._normal_subgroups import NormalClosures

__all__ = [
    "coset_order",
    "cosets_in_order",
    "is_normal",
    "moderate_normal",
    "powers",
    "subgroup_name",
]

_MOST_BLOCKS = 6
"""Up to this index a cyclic normal subgroup is taken: more blocks show less than larger blocks."""

_MOST_JOINED = 16
"""So many normal closures are joined in pairs when a subgroup is chosen: some 100 products."""


def coset_order(
    group: Group, subgroup: Bool[NDArray[Any], " n"] | None = None
) -> tuple[Int[NDArray[Any], " n"], Bool[NDArray[Any], " n"]]:
    """Return the elements of a group by cosets, and the subgroup whose cosets they are.

    The subgroup is a cyclic normal one of small index, by powers of a generator; where there is
    none, a normal one of moderate order, itself in such an order; in a simple group the largest
    cyclic one. Its left cosets follow each other in the order of the quotient, found in the same
    way.

    Args:
        group: A group of order ``n``.
        subgroup: The members of the subgroup to take instead.

    Returns:
        A permutation of the elements that begins with the identity, and the subgroup's members.

    Example:
        >>> order, subgroup = coset_order(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> order.tolist(), subgroup.sum().item()
        ([0, 3, 4, 1, 2, 5], 3)
    """
    order, chosen, _ = cosets_in_order(group, subgroup)
    return order, chosen


def cosets_in_order(
    group: Group, subgroup: Bool[NDArray[Any], " n"] | None
) -> tuple[Int[NDArray[Any], " n"], Bool[NDArray[Any], " n"], bool]:
    """Return the order, the subgroup, and whether all subgroups used on the way are normal."""
    n, table = group.order, group.table
    alone = np.arange(n) == group.identity
    if n == 1:
        return np.array([group.identity]), alone, True
    symmetric = True
    if subgroup is None:
        inner, subgroup, symmetric = _innermost(group)
    else:
        within, members = _as_group(group, subgroup)
        order, _, symmetric = cosets_in_order(within, None)
        inner = members[order]
    if len(inner) == n:
        return inner, subgroup, symmetric
    least = table[:, inner].min(axis=1)  # the least member names a left coset
    names, coset_of = np.unique(least, return_inverse=True)
    representatives = names
    if is_normal(group, subgroup):
        quotient = Group(
            table=coset_of[table[np.ix_(names, names)]], identity=int(coset_of[group.identity])
        )
        outer, _, likewise = cosets_in_order(quotient, None)
        symmetric = symmetric and likewise
        representatives = names[outer]
    else:
        symmetric = False
    first = np.flatnonzero(least[representatives] == least[group.identity])[0]
    representatives = np.roll(representatives, -first)
    # The least member of the subgroup need not be the identity, which has to be listed first.
    representatives[0] = group.identity
    return table[np.ix_(representatives, inner)].ravel(), subgroup, symmetric


def is_normal(group: Group, subgroup: Bool[NDArray[Any], " n"]) -> bool:
    """Return whether the generators map a subgroup to itself by conjugation."""
    members = np.flatnonzero(subgroup)
    moved = [group.table[group.table[group.inverses[g], members], g] for g in group.generators]
    return all(bool(subgroup[image].all()) for image in moved)


def subgroup_name(group: Group, subgroup: Bool[NDArray[Any], " n"]) -> str:
    """Return the name of a subgroup, or "of order n" where it has none."""
    inner, members = _as_group(group, subgroup)
    return identify(inner).name or f"of order {len(members)}"


def powers(group: Group, x: int) -> Int[NDArray[Any], " m"]:
    """Return the powers of an element, the identity first."""
    found = [group.identity]
    while (y := int(group.table[found[-1], x])) != group.identity:
        found.append(y)
    return np.array(found)


def _as_group(
    group: Group, subgroup: Bool[NDArray[Any], " n"]
) -> tuple[Group, Int[NDArray[Any], " h"]]:
    """Return a subgroup as a group of its own, and the element that each of its elements is."""
    members = np.flatnonzero(subgroup)
    place = np.empty(group.order, np.int64)
    place[members] = np.arange(len(members))
    table = place[group.table[np.ix_(members, members)]]
    return Group(table=table, identity=int(place[group.identity])), members


def _innermost(
    group: Group,
) -> tuple[Int[NDArray[Any], " h"], Bool[NDArray[Any], " n"], bool]:
    """Return the subgroup to take cosets of: its members in order, as a mask, and if all is normal.

    A cyclic normal subgroup of small index; else the normal subgroup whose order is nearest to the
    square root of the group's, so that blocks and their number are both moderate; in a simple group
    the largest cyclic one.
    """
    # Large cyclic subgroups first: rotations before reflections. A stable sort lets the order of
    # the elements decide between equals, so that the picture is the same every time.
    by_order = np.argsort(-group.element_orders, kind="stable")
    orders = group.element_orders[by_order]
    for x in by_order[_MOST_BLOCKS * orders >= group.order].tolist():
        cycle = powers(group, x)
        mask = _mask(group.order, cycle)
        if is_normal(group, mask):
            return cycle, mask, True
    moderate = moderate_normal(group)
    if moderate is None:  # the group is simple
        cycle = powers(group, int(by_order[0]))
        return cycle, _mask(group.order, cycle), len(cycle) == group.order
    inner, members = _as_group(group, moderate)
    order, _, symmetric = cosets_in_order(inner, None)
    return members[order], moderate, symmetric


def _mask(n: int, members: Int[NDArray[Any], " m"]) -> Bool[NDArray[Any], " n"]:
    """Return members as a mask of all elements."""
    mask = np.zeros(n, bool)
    mask[members] = True
    return mask


def moderate_normal(group: Group) -> Bool[NDArray[Any], " n"] | None:
    """Return the proper normal subgroup of an order nearest to the square root; None if simple."""
    n = group.order
    if group.is_abelian:
        # Every subgroup is normal, and there may be thousands: a chain of them is enough. By rising
        # order, since the first element of a large order may generate everything.
        chain = [_mask(n, np.array([group.identity]))]
        for x in np.argsort(group.element_orders, kind="stable").tolist():
            if not chain[-1][x]:
                chain.append(
                    _mask(n, np.asarray(generated(group.table, [*np.flatnonzero(chain[-1]), x])))
                )
        found = chain[1:-1]
    else:
        normal = NormalClosures.of(group)
        # Products of two closures are enough for a choice; there may be many more subgroups.
        sets = {mask.tobytes(): mask for mask in normal.closures}
        for a in normal.closures[:_MOST_JOINED]:
            for b in normal.closures[:_MOST_JOINED]:
                joined = normal.product(a, b)
                sets[joined.tobytes()] = joined
        found = [
            _mask(n, normal.elements(mask)) for mask in sets.values() if 1 < normal.order(mask) < n
        ]
    if not found:
        return None
    return min(found, key=lambda m: (abs(np.log(m.sum() / np.sqrt(n))), np.flatnonzero(m).tolist()))

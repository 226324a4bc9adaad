"""The order in which a table is drawn: by cosets of a subgroup, the identity first."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import Group, conjugacy_classes, identify
from cayley.algebra import generated_submagma as generated
from cayley.completion import Solution

__all__ = ["Arrangement", "arrange", "coset_order"]

LARGEST_ORDERED = 256
"""Larger groups are listed as they come: a picture of them shows no single cosets."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrangement:
    """Where the labels of a table are drawn.

    Attributes:
        rows: The row at each place, a permutation.
        columns: The column at each place.
        symbols: The symbol at each place; its place gives it its color.
        block: The number of elements in a coset of the innermost subgroup: the table falls into
            squares of this size, in each of which the symbols of few cosets stand. 1 if none.
        how: The order in words.
    """

    rows: Int[NDArray[Any], " r"]
    columns: Int[NDArray[Any], " c"]
    symbols: Int[NDArray[Any], " s"]
    block: int
    how: str


def arrange(solution: Solution) -> Arrangement:
    """Return the order that shows the structure of a solution's table, or the given one.

    Args:
        solution: Where a group was found, its elements are listed by cosets; rows, columns and
            symbols in the order of the elements that they stand for.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family, shuffle
        >>> found = arrange(solve(shuffle(generate_family("D8"), seed=1)))
        >>> found.block, found.how
        (4, 'by cosets of a normal subgroup C4, the identity first')
    """
    table, maps = solution.table, solution.isotopism
    if maps is None or maps.group.order > LARGEST_ORDERED:
        rows, columns, symbols = (
            np.arange(len(names)) for names in (table.rows, table.columns, table.symbols)
        )
        return Arrangement(rows=rows, columns=columns, symbols=symbols, block=1, how="as given")
    order, subgroup = coset_order(maps.group)
    normal = is_normal(maps.group, subgroup)
    # Rows fall into left cosets aH. Against right cosets Hb each square has |H| symbols, since
    # aH Hb = aHb; inverses turn the ones into the others. Of a normal subgroup they are the same,
    # and one order for both keeps a symmetric table symmetric.
    across = order if normal else maps.group.inverses[order]
    n, block = maps.group.order, int(subgroup.sum())
    kind = "a normal subgroup" if normal else "a subgroup"
    name = subgroup_name(maps.group, subgroup)
    how = "by powers of a generator" if block == n else f"by cosets of {kind} {name}"
    return Arrangement(
        rows=np.argsort(maps.rows)[order],
        columns=np.argsort(maps.columns)[across],
        symbols=np.argsort(maps.symbols)[order],
        block=block if 1 < block < n else 1,  # a single square, or one a cell, parts nothing
        how=f"{how}, the identity first" if n > 1 else "as given",
    )


def coset_order(group: Group) -> tuple[Int[NDArray[Any], " n"], Bool[NDArray[Any], " n"]]:
    """Return the elements of a group by cosets, and the subgroup whose cosets they are.

    The subgroup is the largest cyclic normal one, by powers of a generator; where there is none,
    a minimal normal one, itself in such an order; in a simple group the largest cyclic one. Its
    left cosets follow each other in the order of the quotient, found in the same way.

    Args:
        group: A group of order ``n``.

    Returns:
        A permutation of the elements that begins with the identity, and the subgroup's members.

    Example:
        >>> order, subgroup = coset_order(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> order.tolist(), subgroup.sum().item()
        ([0, 3, 4, 1, 2, 5], 3)
    """
    n, table = group.order, group.table
    alone = np.arange(n) == group.identity
    if n == 1:
        return np.array([group.identity]), alone
    inner, subgroup = _innermost(group)
    if len(inner) == n:
        return inner, subgroup
    least = table[:, inner].min(axis=1)  # the least member names a left coset
    names, coset_of = np.unique(least, return_inverse=True)
    representatives = names
    if is_normal(group, subgroup):
        quotient = Group(
            table=coset_of[table[np.ix_(names, names)]], identity=int(coset_of[group.identity])
        )
        outer, _ = coset_order(quotient)
        representatives = names[outer]
    first = np.flatnonzero(least[representatives] == least[group.identity])[0]
    representatives = np.roll(representatives, -first)
    # The least member of the subgroup need not be the identity, which has to be listed first.
    representatives[0] = group.identity
    return table[np.ix_(representatives, inner)].ravel(), subgroup


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


def _innermost(group: Group) -> tuple[Int[NDArray[Any], " h"], Bool[NDArray[Any], " n"]]:
    """Return the subgroup to take cosets of: its members in order, and as a mask."""
    # Large cyclic subgroups first: rotations before reflections. A stable sort lets the order of
    # the elements decide between equals, so that the picture is the same every time.
    by_order = np.argsort(-group.element_orders, kind="stable")
    for x in by_order[group.element_orders[by_order] > 1].tolist():
        cycle = powers(group, x)
        mask = _mask(group.order, cycle)
        if is_normal(group, mask):
            return cycle, mask
    mask = _minimal_normal(group)
    if mask.all():  # the group is simple
        cycle = powers(group, int(by_order[0]))
        return cycle, _mask(group.order, cycle)
    inner, members = _as_group(group, mask)
    return members[coset_order(inner)[0]], mask


def _mask(n: int, members: Int[NDArray[Any], " m"]) -> Bool[NDArray[Any], " n"]:
    """Return members as a mask of all elements."""
    mask = np.zeros(n, bool)
    mask[members] = True
    return mask


def _minimal_normal(group: Group) -> Bool[NDArray[Any], " n"]:
    """Return the smallest of the subgroups that one conjugacy class generates."""
    classes = conjugacy_classes(group)
    # Every normal subgroup that is not trivial contains such a closure. Class 0 is the identity's,
    # which generates the trivial one.
    closures = [
        _mask(group.order, np.asarray(generated(group.table, classes.members(i))))
        for i in range(1, len(classes))
    ]
    return min(closures, key=lambda mask: int(mask.sum()))

"""The order in which a table is drawn: by cosets, conjugacy classes, Green's classes or orbits."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import Group, identify
from cayley.algebra import generated_submagma as generated
from cayley.algebra.groups._normal_subgroups import NormalClosures
from cayley.completion import Solution
from cayley.report.figures._element_classes import Blocks, conjugacy_blocks, green_blocks, orbits

__all__ = [
    "ORDERS",
    "Arrangement",
    "OrderBy",
    "arrange",
    "coset_order",
    "is_normal",
    "moderate_normal",
    "subgroup_name",
]

OrderBy = Literal["auto", "cosets", "classes", "green", "orbits", "given"]
"""How the elements are listed: ``classes`` are conjugacy classes, ``green`` Green's classes of D,
by classes of R inside; ``auto`` takes cosets for groups, ``green`` for semigroups, orbits for
quandles, and else the order that was given."""

ORDERS: tuple[OrderBy, ...] = get_args(OrderBy)

_MOST_BLOCKS = 6
"""Up to this index a cyclic normal subgroup is taken: more blocks show less than larger blocks."""

_MOST_JOINED = 16
"""So many normal closures are joined in pairs when a subgroup is chosen: some 100 products."""

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
        sizes: The sizes of the blocks into which rows fall, and columns and symbols likewise;
            empty if there are none.
    """

    rows: Int[NDArray[Any], " r"]
    columns: Int[NDArray[Any], " c"]
    symbols: Int[NDArray[Any], " s"]
    block: int
    how: str
    sizes: tuple[int, ...] = ()

    @property
    def cuts(self) -> tuple[int, ...]:
        """The places at which a new block begins, the first one left out."""
        return tuple(accumulate(self.sizes))[:-1]

    @property
    def symbol_blocks(self) -> list[list[int]]:
        """The symbols of each block; a single block if there are none."""
        ends = (0, *self.cuts, len(self.symbols))
        symbols: list[int] = self.symbols.tolist()
        return [symbols[a:b] for a, b in pairwise(ends)]


def arrange(
    solution: Solution,
    *,
    order_by: OrderBy = "auto",
    subgroup: Bool[NDArray[Any], " n"] | None = None,
) -> Arrangement:
    """Return the order that shows the structure of a solution's table, or the given one.

    Args:
        solution: Where a group was found, its elements are listed by cosets; rows, columns and
            symbols in the order of the elements that they stand for.
        order_by: What to list by.
        subgroup: The members of the subgroup whose cosets are listed; a good one if None.

    Raises:
        ValueError: If there is no such order, as that by conjugacy classes without a group.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family, shuffle
        >>> found = arrange(solve(shuffle(generate_family("D8"), seed=1)))
        >>> found.block, found.how
        (4, 'by cosets of a normal subgroup C4, the identity first')
    """
    maps = solution.isotopism
    if order_by not in ORDERS:
        raise ValueError(f"`order_by` must be one of {', '.join(ORDERS)}; got {order_by!r}.")
    if subgroup is not None and order_by not in ("auto", "cosets"):
        raise ValueError(f"a subgroup has cosets; leave out `order_by` {order_by!r}, or give none.")
    if order_by == "classes":
        return _by_classes(solution)
    if order_by in ("green", "orbits") or (order_by == "auto" and maps is None):
        return _by_blocks(solution, order_by)
    if order_by == "cosets" and maps is None:
        raise ValueError("there are no cosets: no group was found.")
    if order_by == "given" or maps is None or maps.group.order > LARGEST_ORDERED:
        return _as_given(solution)
    order, subgroup, symmetric = _coset_order(maps.group, subgroup)
    normal = is_normal(maps.group, subgroup)
    # Rows fall into left cosets aH. Against right cosets Hb each square has |H| symbols, since
    # aH Hb = aHb; inverses turn the ones into the others. Of normal subgroups they are the same,
    # and one order for both keeps a symmetric table symmetric.
    across = order if symmetric else maps.group.inverses[order]
    n, block = maps.group.order, int(subgroup.sum())
    kind = "a normal subgroup" if normal else "a subgroup"
    name = subgroup_name(maps.group, subgroup)
    how = "by powers of a generator" if block == n else f"by cosets of {kind} {name}"
    parted = 1 < block < n  # a single square, or one a cell, parts nothing
    return Arrangement(
        rows=np.argsort(maps.rows)[order],
        columns=np.argsort(maps.columns)[across],
        symbols=np.argsort(maps.symbols)[order],
        block=block if parted else 1,
        how=f"{how}, the identity first" if n > 1 else "as given",
        sizes=(block,) * (n // block) if parted else (),
    )


def _as_given(solution: Solution) -> Arrangement:
    """Return the order in which the table lists its labels."""
    table = solution.table
    rows, columns, symbols = (
        np.arange(len(names)) for names in (table.rows, table.columns, table.symbols)
    )
    return Arrangement(rows=rows, columns=columns, symbols=symbols, block=1, how="as given")


def _by_classes(solution: Solution) -> Arrangement:
    """Return the order by conjugacy classes of the group found."""
    maps = solution.isotopism
    if maps is None:
        raise ValueError("there are no conjugacy classes: no group was found.")
    blocks = conjugacy_blocks(maps.group)
    order = np.array([x for block in blocks for x in block])
    return Arrangement(
        rows=np.argsort(maps.rows)[order],
        columns=np.argsort(maps.columns)[order],
        symbols=np.argsort(maps.symbols)[order],
        block=1,
        how="by conjugacy classes, the identity first",
        sizes=tuple(map(len, blocks)),
    )


def _by_blocks(solution: Solution, order_by: OrderBy) -> Arrangement:
    """Return the order by Green's classes or by orbits, or as given where ``auto`` finds none."""
    table = solution.table
    found: Blocks | None = None
    if table.is_full and table.has_one_alphabet and len(table.rows) <= LARGEST_ORDERED:
        products = table.aligned().array  # element i is the label of row i
        if order_by in ("auto", "green"):
            found = green_blocks(products)
        if found is None and order_by in ("auto", "orbits"):
            found = orbits(products)
    if found is None:
        if order_by == "auto":
            return _as_given(solution)
        what = {"green": "Green's classes: no semigroup", "orbits": "orbits: no rack or quandle"}
        raise ValueError(f"there are no {what[order_by]} was found.")
    order = [i for block in found.blocks for i in block]
    labels = [table.rows[i] for i in order]
    column = {label: i for i, label in enumerate(table.columns)}
    symbol = {label: i for i, label in enumerate(table.symbols)}
    sizes = tuple(map(len, found.blocks))
    return Arrangement(
        rows=np.array(order),
        columns=np.array([column[label] for label in labels]),
        symbols=np.array([symbol[label] for label in labels]),
        block=1,
        how=found.how,
        sizes=sizes if 1 < len(sizes) < len(order) else (),  # else lines would part nothing, or all
    )


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
    order, chosen, _ = _coset_order(group, subgroup)
    return order, chosen


def _coset_order(
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
        order, _, symmetric = _coset_order(within, None)
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
        outer, _, likewise = _coset_order(quotient, None)
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
    order, _, symmetric = _coset_order(inner, None)
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

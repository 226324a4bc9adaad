"""The order in which a table is drawn: by cosets, conjugacy classes, Green's classes or orbits."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.completion import Solution
from cayley.report.figures.element_order._coset_order import (
    cosets_in_order,
    is_normal,
    subgroup_name,
)
from cayley.report.figures.element_order._element_classes import (
    Blocks,
    conjugacy_blocks,
    green_blocks,
    orbits,
)

__all__ = ["ORDERS", "Arrangement", "OrderBy", "arrange"]

OrderBy = Literal["auto", "cosets", "classes", "green", "orbits", "given"]
"""How the elements are listed: ``classes`` are conjugacy classes, ``green`` Green's classes of D,
by classes of R inside; ``auto`` takes cosets for groups, ``green`` for semigroups, orbits for
quandles, and else the order that was given."""

ORDERS: tuple[OrderBy, ...] = get_args(OrderBy)

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
    order, subgroup, symmetric = cosets_in_order(maps.group, subgroup)
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

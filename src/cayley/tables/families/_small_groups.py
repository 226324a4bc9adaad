"""The groups of small order, each with its number in GAP's library and generators."""

import functools
import json
from dataclasses import dataclass
from importlib import resources

from cayley.tables._table import Table
from cayley.tables.families._permutations import permutation_group_table

__all__ = ["LARGEST_LISTED_ORDER", "SmallGroup", "all_small_groups", "small_group"]

# The list in data/smallgroups.jsonl ends here, and `identify` relies on it being complete: 1048
# groups up to order 100. Order 128 alone has 2328.
LARGEST_LISTED_ORDER = 100
"""All groups up to this order are listed, up to isomorphism."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallGroup:
    """One group of the list.

    Attributes:
        order: Its order.
        id: Its number among the groups of this order in GAP's small groups library, from 1.
        name: GAP's description of its structure, such as ``C3 : C4``. Different groups may share
            a description; ``order`` and ``id`` together are unique.
        generators: Permutations that generate it, as images of points counted from 0.
    """

    order: int
    id: int
    name: str
    generators: tuple[tuple[int, ...], ...]


def all_small_groups(order: int | None = None) -> tuple[SmallGroup, ...]:
    """Return the groups of one order, or of all listed orders, by order and id.

    The list is read on first use and kept.

    Raises:
        ValueError: If ``order`` is not between 1 and 100.

    Example:
        >>> [group.name for group in all_small_groups(8)]
        ['C8', 'C4 x C2', 'D8', 'Q8', 'C2 x C2 x C2']

    References:
        Besche, Eick, O'Brien (2002), "A millennium project: constructing small groups".
    """
    groups = _by_order()
    if order is None:
        return tuple(group for same in groups.values() for group in same)
    if order not in groups:
        raise ValueError(f"`order` must be 1 to {LARGEST_LISTED_ORDER}; got {order}.")
    return groups[order]


def small_group(order: int, id: int) -> Table:
    """Return the table of the group with a number in GAP's small groups library.

    Elements are permutations in cycle notation, the identity first.

    Raises:
        ValueError: If the list has no such group.

    Example:
        >>> small_group(12, 3).order
        12
    """
    groups = all_small_groups(order)
    if not 1 <= id <= len(groups):
        raise ValueError(f"`id` must be 1 to {len(groups)} for order {order}; got {id}.")
    return permutation_group_table(groups[id - 1].generators)


@functools.cache
def _by_order() -> dict[int, tuple[SmallGroup, ...]]:
    source = resources.files("cayley.tables").joinpath("data", "smallgroups.jsonl")
    groups: dict[int, list[SmallGroup]] = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        group = SmallGroup(
            order=entry["order"],
            id=entry["id"],
            name=entry["name"],
            generators=tuple(map(tuple, entry["generators"])),
        )
        groups.setdefault(group.order, []).append(group)
    return {order: tuple(same) for order, same in groups.items()}

"""Claims about the group behind a full table: its name, its irreducible characters."""

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley import _checker
from cayley._shapes import Int
from cayley.algebra import Group, character_table, short_presentation
from cayley.algebra.identification._listed_presentations import (
    ListedPresentation,
    satisfying_generators,
)
from cayley.tables import all_small_groups
from cayley.tables.families._small_groups import LARGEST_LISTED_ORDER

__all__ = ["characters_claim", "has_few_characters", "has_permutations", "named_claim"]

_MOST_POINTS = 200
"""Points of a permutation group that is written out, such as C_n on n points."""

_MOST_NAMED = 1000
"""Order up to which generators are looked for: the table of the permutation group is computed."""

_MOST_CHARACTERS = 40
"""Characters up to which the checker, in plain Python, needs seconds: k^3 products for each."""


def has_permutations(name: str, order: int, gap_id: tuple[int, int] | None) -> bool:
    """Whether permutations of the name are known here; order 1 says itself what it is."""
    return order > 1 and _permutations(name, order, gap_id) is not None


def has_few_characters(array: Int[NDArray[Any], "n n"], maps: dict[str, Any] | None) -> bool:
    """Whether the checker looks at them in seconds."""
    table, _ = _group_behind(array, maps)
    # The number of classes is that of pairs that commute, over the order.
    k = int((table == table.T).sum()) // len(table)
    return k <= _MOST_CHARACTERS


def _group_behind(
    array: Int[NDArray[Any], "n n"], maps: dict[str, Any] | None
) -> tuple[Int[NDArray[Any], "n n"], dict[str, Any]]:
    """Return the table of the group, and what a claim says of how it is got from the table."""
    return (array, {}) if maps is None else (np.array(maps["group"]), {"maps": maps})


def named_claim(
    array: Int[NDArray[Any], "n n"],
    maps: dict[str, Any] | None,
    name: str,
    gap_id: tuple[int, int] | None,
) -> dict[str, Any] | None:
    """Return the claim that a group is isomorphic to permutations of its name; None if not found.

    Args:
        array: The completed table.
        maps: The isotopism to the group if the table is only an isotope.
        name: What the group was found to be.
        gap_id: Its number in the list of small groups, or None.
    """
    table, how = _group_behind(array, maps)
    permutations = _permutations(name, len(table), gap_id)
    if permutations is None:
        return None
    named = Group.from_permutations(permutations)
    if named.order != len(table):
        return None
    presentation = short_presentation(named)
    group = Group.from_table(table)
    listed = ListedPresentation(
        name=name,
        order=named.order,
        orders=tuple(int(named.element_orders[x]) for x in presentation.generators),
        relators=presentation.relators,
    )
    # Generators that satisfy the relators of a presentation of a group of the same order.
    generators = satisfying_generators(group, listed)
    if generators is None:
        return None
    elements = _elements(permutations)
    return {
        "claim": "named",
        "name": name,
        "generators": [int(x) for x in generators],
        "permutations": [list(elements[x]) for x in presentation.generators],
        "relators": [list(word) for word in presentation.relators],
        **how,
    }


def _permutations(
    name: str, order: int, gap_id: tuple[int, int] | None
) -> tuple[tuple[int, ...], ...] | None:
    """Return permutations that generate the group of a name, None if none are known here."""
    if order > _MOST_NAMED:
        return None
    found = re.fullmatch(r"([SACD])(\d+)", name)
    if found is not None:
        return _of_family(found[1], int(found[2]))
    if gap_id is None or order > LARGEST_LISTED_ORDER:
        return None
    generators = all_small_groups(order)[gap_id[1] - 1].generators
    return tuple(tuple(int(x) for x in each) for each in generators)


def _of_family(family: str, size: int) -> tuple[tuple[int, ...], ...] | None:
    """Return generators of S_k, A_k, C_k, or of the dihedral group of a given order."""
    k = size // 2 if family == "D" else size  # D10 has ten elements, of a polygon with five corners
    too_large = family in "SA" and math.factorial(min(k, 10)) > 2 * _MOST_NAMED
    if not 2 <= k <= _MOST_POINTS or too_large:
        return None
    turn = (*range(1, k), 0)
    return {
        "C": (turn,),
        "D": (turn, tuple(-x % k for x in range(k))),
        "S": (turn, (1, 0, *range(2, k))),
        "A": tuple(tuple({0: 1, 1: i, i: 0}.get(x, x) for x in range(k)) for i in range(2, k)),
    }[family]


def _elements(permutations: tuple[tuple[int, ...], ...]) -> list[tuple[int, ...]]:
    """Return all elements in the order in which `Group.from_permutations` numbers them."""
    unit = tuple(range(len(permutations[0])))
    reached, waiting = {unit}, [unit]
    while waiting:
        x = waiting.pop()
        new = {tuple(p[point] for point in x) for p in permutations} - reached
        reached |= new
        waiting += new
    return sorted(reached)


def characters_claim(
    array: Int[NDArray[Any], "n n"], maps: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return the claim which irreducible characters a group has; None if the check takes long."""
    table, how = _group_behind(array, maps)
    group = Group.from_table(table)
    found = character_table(group)
    k = len(found)
    root = math.lcm(*(value.conductor for value in found.values))
    if k**3 * root > _checker.MOST_WORK:
        return None
    return {
        "claim": "characters",
        "classes": [found.classes.members(i).tolist() for i in range(k)],
        "root": root,
        "values": [
            [
                [[i * (root // value.conductor), c] for i, c in value.terms]
                for value in found.row(row)
            ]
            for row in range(k)
        ],
        **how,
    }

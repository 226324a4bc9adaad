"""``presented_name``: groups that are recognized by generators which satisfy a listed presentation.

If elements that generate a group satisfy the relators of a presentation of a group of the same
order, it is that group (von Dyck). The list has linear groups, wreath products and affine groups,
each with a presentation that was proved when the list was made.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import generated_submagma
from cayley.algebra.groups._conjugacy_classes import conjugacy_classes
from cayley.algebra.groups._group import Group
from cayley.algebra.groups._words import Word

__all__ = ["ListedPresentation", "listed_presentations", "presented_name", "satisfying_generators"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPresentation:
    """A group by a presentation.

    Attributes:
        name: Its name.
        order: The number of elements.
        orders: The orders of the generators.
        relators: Words that are the identity, letters ``1..r`` and ``-1..-r``.
    """

    name: str
    order: int
    orders: tuple[int, ...]
    relators: tuple[Word, ...]


def presented_name(group: Group) -> str | None:
    """Return the name of a group in the list of presentations, or None if it is not there."""
    for listed in listed_presentations().get(group.order, ()):
        if satisfying_generators(group, listed) is not None:
            return listed.name
    return None


def satisfying_generators(group: Group, listed: ListedPresentation) -> tuple[int, ...] | None:
    """Return generators of a group that satisfy a presentation, or None if there are none.

    The first one may be taken up to conjugacy.
    """
    representatives = conjugacy_classes(group).representatives
    for chosen in _assignments(group, listed, (), representatives):
        if len(generated_submagma(group.table, chosen)) == group.order:
            return chosen
    return None


def _assignments(
    group: Group,
    listed: ListedPresentation,
    chosen: tuple[int, ...],
    candidates: Int[NDArray[Any], " c"],
) -> Iterator[tuple[int, ...]]:
    i = len(chosen)
    if i == len(listed.orders):
        yield chosen
        return
    fits = candidates[group.element_orders[candidates] == listed.orders[i]]
    for word in listed.relators:
        # Relators in this generator and those before it, which are looked at once.
        if max(map(abs, word)) == i + 1:
            fits = fits[_values(group, chosen, fits, word) == group.identity]
    for x in fits.tolist():
        yield from _assignments(group, listed, (*chosen, x), np.arange(group.order))


def _values(
    group: Group, chosen: tuple[int, ...], last: Int[NDArray[Any], " c"], word: Word
) -> Int[NDArray[Any], " c"]:
    """Return the value of a word for each choice of the last generator."""
    values = np.full(len(last), group.identity)
    for letter in word:
        place = abs(letter) - 1
        x = np.array(chosen[place]) if place < len(chosen) else last
        values = group.table[values, x if letter > 0 else group.inverses[x]]
    return values


@cache
def listed_presentations() -> dict[int, tuple[ListedPresentation, ...]]:
    """Return the list, by order."""
    data = resources.files("cayley.algebra.identification") / "data" / "presentations.jsonl"
    found: dict[int, tuple[ListedPresentation, ...]] = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        listed = ListedPresentation(
            name=record["name"],
            order=record["order"],
            orders=tuple(record["orders"]),
            relators=tuple(map(tuple, record["relators"])),
        )
        found[listed.order] = (*found.get(listed.order, ()), listed)
    return found

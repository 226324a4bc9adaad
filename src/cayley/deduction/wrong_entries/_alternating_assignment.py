r"""The groups and isotopes of a small order that agree with most observations, by local search.

A table of an isotope is :math:`\gamma^{-1}(\alpha(a)\, \beta(b))` for a group of the order. With
two of the three maps held, the best third one is a linear assignment: each label goes to the
element that most of its observations ask for. From many random starts at once the maps are improved
in turn until no more observations agree. For a group the three maps are one, which is improved with
the old one in the two other places.

No optimum is proved: what is found is judged elsewhere. The number of starts is a count, so that no
answer depends on how fast a machine is. An assignment goes through all sets of labels, 512 of order
9: this is for small orders only.
"""

import math
import time
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._random import generator
from cayley._shapes import Float, Int
from cayley.algebra import Group, Structure
from cayley.tables import all_small_groups

__all__ = ["best_assignments", "nearest_tables"]

_STARTS = 64
"""Random starts for each group of the order: of 76 groups and isotopes of order 6 to 9 with 10 to
30 % wrong entries 16 find 69, and 32 find all. A table of order 9 takes a tenth of a second."""

_ROUNDS = 24
"""Most rounds; nearly all starts end within eight, when a round brings no more agreement."""

_TIES = 0.01
"""Size of the random numbers that decide between labels with equally many votes, so that starts
differ where the votes do not; n of them are less than one vote."""


_Layer: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


@cache
def _layers(size: int) -> tuple[_Layer, ...]:
    """Return the sets of 1, 2, ... elements: as bits, their members, the sets without each."""
    layers: list[_Layer] = []
    for count in range(1, size + 1):
        members = np.array(list(combinations(range(size), count)))
        bits = (1 << members).sum(1)
        layers.append((bits, members, bits[:, None] - (1 << members)))
    return tuple(layers)


def best_assignments(gain: Float[NDArray[Any], "r n n"]) -> Int[NDArray[Any], "r n"]:
    """Return the permutation of largest gain of every matrix, by Bellman's recursion over sets.

    Args:
        gain: What it counts to give label i the element j, for each start.

    Example:
        >>> best_assignments(np.array([[[3.0, 2.0], [3.0, 1.0]]])).tolist()
        [[1, 0]]
    """
    starts, n, _ = gain.shape
    # The largest gain of giving a set of elements to the first labels, and which the last one gets.
    most = np.zeros((1 << n, starts), gain.dtype)
    last = np.zeros((1 << n, starts), np.int64)
    by_label = np.ascontiguousarray(gain.transpose(1, 2, 0))
    for label, (sets, members, without) in enumerate(_layers(n)):
        total = most[without]
        total += by_label[label][members]
        chosen = total.argmax(1)
        last[sets] = members[np.arange(len(sets))[:, None], chosen]
        most[sets] = np.take_along_axis(total, chosen[:, None], 1)[:, 0]
    found = np.empty((starts, n), np.int64)
    used, row = np.full(starts, (1 << n) - 1), np.arange(starts)
    for label in reversed(range(n)):
        found[:, label] = last[used, row]
        used -= 1 << found[:, label]
    return found


def nearest_tables(
    cells: Int[NDArray[Any], "m 3"],
    *,
    order: int,
    assume: Structure,
    seed: int = 0,
    starts: int = _STARTS,
    deadline: float = math.inf,
) -> tuple[Int[NDArray[Any], "k n n"], Int[NDArray[Any], " k"]] | None:
    """Return tables of one kind and how many observations each agrees with, the most first.

    Args:
        cells: Observed products as rows ``(a, b, c)``, shape ``(m, 3)``.
        order: The order, at most some 12.
        assume: ``GROUP`` for one alphabet, ``GROUP_ISOTOPE`` for independent labels of rows,
            columns and symbols.
        seed: Of the random starts.
        starts: How many for each group of the order.
        deadline: When to give up, on the monotonic clock.

    Returns:
        Local optima, each once, shape ``(k, n, n)``; None if there was no time for all starts.

    Example:
        >>> a, b = np.indices((5, 5)).reshape(2, -1)
        >>> cells = np.stack([a, b, (a - b) % 5], axis=1)
        >>> cells[:2, 2] = 3
        >>> tables, agreeing = nearest_tables(cells, order=5, assume=Structure.GROUP_ISOTOPE)
        >>> tables[0][0].tolist(), int(agreeing[0])
        ([0, 4, 3, 2, 1], 23)
    """
    random = generator(seed, "nearest tables", assume.value)
    improve = _of_isotopes if assume is Structure.GROUP_ISOTOPE else _of_groups
    found = []
    for listed in all_small_groups(order):
        if time.monotonic() > deadline:
            return None
        group = np.asarray(Group.from_permutations(listed.generators).table)
        search = _Search(group=group, divisions=_divisions(group), cells=cells, random=random)
        found.append(_tables(group, *improve(search, starts)))
    tables = np.unique(np.concatenate(found), axis=0)
    agreeing = (tables[:, cells[:, 0], cells[:, 1]] == cells[:, 2]).sum(1)
    best = np.argsort(-agreeing, kind="stable")
    return tables[best], agreeing[best]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The observations under one group.

    Attributes:
        group: Its table.
        divisions: The x of ``x y = z`` by z and y, and the y by x and z.
        cells: The observations.
        random: Source of the starts.
    """

    group: Int[NDArray[Any], "n n"]
    divisions: tuple[Int[NDArray[Any], "n n"], Int[NDArray[Any], "n n"]]
    cells: Int[NDArray[Any], "m 3"]
    random: np.random.Generator

    def start(self, starts: int) -> Int[NDArray[Any], "r n"]:
        """Draw random maps from labels to elements."""
        return self.random.permuted(np.tile(np.arange(len(self.group)), (starts, 1)), axis=1)

    def ties(self, starts: int) -> Float[NDArray[Any], "r n n"]:
        """Draw what decides between equally many votes."""
        n = len(self.group)
        drawn: NDArray[Any] = self.random.random((starts, n, n), np.float32) * np.float32(_TIES)
        return drawn

    def votes(
        self, kind: int, places: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
    ) -> Int[NDArray[Any], "r n n"]:
        """Count which elements the observations of each label ask for.

        Args:
            kind: 0 for rows, 1 for columns, 2 for symbols.
            places: The elements of the row, column and symbol of each observation, ``(r, m)``.
        """
        x, y, z = places
        right, left = self.divisions
        wanted = (right[z, y], left[x, z], self.group[x, y])[kind]
        n, starts = len(self.group), len(wanted)
        keys = (np.arange(starts)[:, None] * n + self.cells[:, kind]) * n + wanted
        return np.bincount(keys.ravel(), minlength=starts * n * n).reshape(starts, n, n)

    def places(
        self, alpha: NDArray[Any], beta: NDArray[Any], gamma: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return the elements of the row, column and symbol of each observation."""
        a, b, c = self.cells.T
        return alpha[:, a], beta[:, b], gamma[:, c]

    def agreeing(self, *maps: NDArray[Any]) -> Int[NDArray[Any], " r"]:
        """Count the observations that agree."""
        x, y, z = self.places(*maps)
        count: NDArray[Any] = (self.group[x, y] == z).sum(1)
        return count


_Maps: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _of_isotopes(search: _Search, starts: int) -> _Maps:
    """Improve three maps in turn, in all starts that still gain."""
    maps = [search.start(starts) for _ in range(3)]  # that of the symbols is improved first
    ties, best = search.ties(starts), np.full(starts, -1)
    active = np.arange(starts)
    for _ in range(_ROUNDS):
        now = [each[active] for each in maps]
        for kind in (2, 0, 1):
            votes = search.votes(kind, search.places(*now))
            now[kind] = best_assignments(votes + ties[active])
        agreeing = search.agreeing(*now)
        for each, new in zip(maps, now, strict=True):
            each[active] = new
        gains = agreeing > best[active]
        best[active] = agreeing
        active = active[gains]
        if not len(active):
            break
    return maps[0], maps[1], maps[2]


def _of_groups(search: _Search, starts: int) -> _Maps:
    """Improve the one map of a group; it may lose on the way, so that the best is kept."""
    current = search.start(starts)
    ties, best, kept = search.ties(starts), np.full(starts, -1), current.copy()
    for _ in range(_ROUNDS):
        agreeing = search.agreeing(current, current, current)
        better = agreeing > best
        kept[better], best[better] = current[better], agreeing[better]
        places = search.places(current, current, current)
        votes = sum(search.votes(kind, places) for kind in range(3))
        current = best_assignments(votes + ties)
    return kept, kept, kept


def _divisions(
    group: Int[NDArray[Any], "n n"],
) -> tuple[Int[NDArray[Any], "n n"], Int[NDArray[Any], "n n"]]:
    place = np.arange(len(group))
    right, left = np.empty_like(group), np.empty_like(group)
    right[group, place[None, :]] = place[:, None]
    left[place[:, None], group] = place[None, :]
    return right, left


def _tables(
    group: Int[NDArray[Any], "n n"],
    alpha: Int[NDArray[Any], "r n"],
    beta: Int[NDArray[Any], "r n"],
    gamma: Int[NDArray[Any], "r n"],
) -> Int[NDArray[Any], "r n n"]:
    """Return the tables of the labels that maps to elements make."""
    products = group[alpha[:, :, None], beta[:, None, :]]
    symbol_of = np.argsort(gamma, axis=1)
    found: NDArray[Any] = symbol_of[np.arange(len(alpha))[:, None, None], products]
    return found

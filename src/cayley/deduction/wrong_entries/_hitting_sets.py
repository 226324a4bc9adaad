r"""Smallest sets of cells that meet every one of some sets, with an exact lower bound.

Each *core* is a set of items of which at least one has to be given up. A *hitting set* meets every
core. Its least size is found by branch and bound in whole numbers where few items are enough. Where
many are needed a linear program proposes: its dual weighs the cores so that no item carries more
than 1 in total, and rounded to whole numbers these weights prove how many items are needed, since
every item of a hitting set pays for the cores that it meets.

References:
    Reiter (1987), "A theory of diagnosis from first principles", section 4, for hitting sets of
    conflicts. Davies, Bacchus (2011), "Solving MAXSAT by solving a sequence of simpler SAT
    instances", for the way in which they are used.
"""

import math
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float

__all__ = ["HittingSet", "hitting_set"]

_MOST_NODES = 3_000
"""Branches of the search in whole numbers before the linear program is asked. Sets of three or four
items among cores of ten are found and proved with fewer."""
_MOST_VISITS = 300_000
"""Cores looked at in all branches, some 0.1 s: with thousands of cores the program comes sooner."""
_PATIENCE = 5.0
"""Seconds for one program. They only propose: what is cut short is said to be open."""
_UNIT = 1 << 20
"""The denominator of the rounded weights. With a thousand cores rounding loses a thousandth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HittingSet:
    """A set that meets every core, and what is proved about its size.

    Attributes:
        items: The set, ascending.
        bound: No set that meets every core has fewer items.
    """

    items: tuple[int, ...]
    bound: int

    @property
    def is_minimum(self) -> bool:
        """Whether no smaller set meets every core."""
        return len(self.items) == self.bound


def hitting_set(
    cores: Sequence[Collection[int]], *, most_nodes: int = _MOST_NODES, latest: float = math.inf
) -> HittingSet:
    """Return a small set of items that meets every core; a smallest one where that is proved.

    Args:
        cores: Sets of items, none of them empty.
        most_nodes: How many branches to search in whole numbers before a linear program is asked.
        latest: When a program has to end, on the monotonic clock.

    Example:
        >>> hitting_set([{0, 1}, {1, 2}, {3}])
        HittingSet(items=(1, 3), bound=2)
    """
    sets = _without_supersets(cores)
    search = _Search(sets, min(most_nodes, _MOST_VISITS // max(1, len(sets))))
    if not search.is_spent:
        return HittingSet(items=search.found, bound=len(search.found))
    proposed, weights = _programs(sets, latest)
    bound = max(search.bound, _proved_bound(sets, weights))
    return HittingSet(items=_without_idle(sets, proposed), bound=bound)


class _Search:
    """Iterative deepening: is there a hitting set of k items, for k from the packing bound on?"""

    def __init__(self, sets: list[frozenset[int]], most_nodes: int) -> None:
        self._sets, self._left = sets, most_nodes
        self.found: tuple[int, ...] = ()
        self.is_spent = False
        self.bound = len(_packing(sets))
        while not self._reach(self._sets, self.bound, ()):
            if self.is_spent:
                return
            self.bound += 1

    def _reach(self, sets: list[frozenset[int]], most: int, chosen: tuple[int, ...]) -> bool:
        if not sets:
            self.found = tuple(sorted(chosen))
            return True
        if self._left <= 0:
            self.is_spent = True
            return False
        self._left -= 1
        if len(_packing(sets)) > most:
            return False
        core = min(sets, key=lambda each: (len(each), sorted(each)))
        count = {item: sum(item in each for each in sets) for item in core}
        refused: set[int] = set()
        # The item that meets most cores first: it is the likeliest to be in a small set.
        for item in sorted(core, key=lambda each: (-count[each], each)):
            rest = [each - refused for each in sets if item not in each]
            if all(rest) and self._reach(rest, most - 1, (*chosen, item)):
                return True
            if self.is_spent:
                return False
            refused.add(item)  # sets with it have been searched
        return False


def _packing(sets: list[frozenset[int]]) -> list[frozenset[int]]:
    """Return cores without a common item, small ones first: each needs an item of its own."""
    taken: set[int] = set()
    packed = []
    for each in sorted(sets, key=len):
        if taken.isdisjoint(each):
            packed.append(each)
            taken |= each
    return packed


def _without_supersets(cores: Sequence[Collection[int]]) -> list[frozenset[int]]:
    """Drop repeated cores, and those that contain another where there are few enough to compare."""
    sets = sorted({frozenset(core) for core in cores}, key=lambda each: (len(each), sorted(each)))
    if len(sets) > 500:  # a quarter of a million comparisons would take longer than they save
        return sets
    kept: list[frozenset[int]] = []
    for each in sets:
        if not any(other <= each for other in kept):
            kept.append(each)
    return kept


def _programs(
    sets: list[frozenset[int]], latest: float
) -> tuple[tuple[int, ...], Float[NDArray[Any], " cores"]]:
    """Return a proposed hitting set and the dual weights of the cores, both by HiGHS.

    Without time for them it is all items, and no weights.
    """
    items = np.array(sorted(frozenset().union(*sets)))
    if time.monotonic() > latest:
        return tuple(items.tolist()), np.zeros(len(sets))
    # Imported here: loading it takes half a second, and most questions are settled without it.
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp
    from scipy.sparse import csr_array

    place = {item: i for i, item in enumerate(items.tolist())}
    # HiGHS of SciPy 1.12, the oldest that is admitted, takes indices of 32 bits only.
    rows = np.repeat(np.arange(len(sets), dtype=np.int32), [len(each) for each in sets])
    columns = np.array([place[item] for each in sets for item in sorted(each)], np.int32)
    shape = (len(sets), len(items))
    meets = csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    ones = np.ones(len(items))
    dual = linprog(
        -np.ones(len(sets)), A_ub=meets.T, b_ub=ones, bounds=(0, None), options=_options(latest)
    )
    solved = milp(
        ones,
        integrality=ones,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(meets, lb=1),
        options=_options(latest),
    )
    chosen = np.ones(len(items)) if solved.x is None else solved.x
    weights = np.zeros(len(sets)) if dual.x is None else dual.x
    return tuple(items[chosen > 0.5].tolist()), weights


def _options(latest: float) -> dict[str, float]:
    return {"time_limit": max(0.0, min(_PATIENCE, latest - time.monotonic()))}


def _proved_bound(sets: list[frozenset[int]], weights: Float[NDArray[Any], " cores"]) -> int:
    """Return the bound that the weights prove once they are whole numbers.

    If the cores that an item meets weigh W at most, whatever the item, a hitting set has at least
    the total weight over W items.
    """
    whole = [max(0, int(weight * _UNIT)) for weight in weights.tolist()]
    load: dict[int, int] = {}
    for each, weight in zip(sets, whole, strict=True):
        for item in each:
            load[item] = load.get(item, 0) + weight
    heaviest = max(load.values(), default=0)
    return -(-sum(whole) // heaviest) if heaviest else 0


def _without_idle(sets: list[frozenset[int]], items: tuple[int, ...]) -> tuple[int, ...]:
    """Complete a proposal to a hitting set, and drop items that it does not need."""
    chosen = set(items)
    for each in sets:  # a proposal in floating point may have missed one
        if chosen.isdisjoint(each):
            chosen.add(min(each))
    for item in sorted(chosen):
        if all(chosen & each != {item} for each in sets):
            chosen.discard(item)
    return tuple(sorted(chosen))

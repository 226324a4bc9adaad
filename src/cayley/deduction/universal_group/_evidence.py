"""Minimal inconsistent subsets, found by bisection of prefixes."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from cayley.deduction.todd_coxeter._todd_coxeter import ROUNDS, Enumeration, Limits
from cayley.deduction.universal_group._clusters import cluster_order
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.universal_group._universal_group import Contradiction, interpret

__all__ = ["collapsing_subset", "evidence", "inconsistency", "minimal_subset"]

_GATHERINGS = 4
"""How often the cells are put in order of distance and cut to a prefix. Each time costs one
bisection, and after a few the prefix gets no shorter."""


def evidence(
    partial: PartialTable,
    limits: Limits,
    num_defined: int,
    *,
    items: Sequence[int] | None = None,
    gatherings: int = _GATHERINGS,
    deadline: float = math.inf,
) -> tuple[list[int], bool]:
    """Return a minimal inconsistent subset of inconsistent observations.

    It is minimal for the weakest of three procedures that sees the inconsistency: one round of
    the closure, the whole closure, the enumeration.

    Args:
        partial: Inconsistent observations.
        limits: How the inconsistency was found.
        num_defined: How many elements the enumeration had to define for it.
        items: The order in which to prefer observations, as places; ascending by default.
        gatherings: How often to look for fewer observations that share labels, before it is made
            minimal: more of them give a smaller subset.
        deadline: When to stop, on the monotonic clock.

    Returns:
        Places in the observations, ascending, and whether the subset is known to be minimal.
    """
    items = range(len(partial.cells)) if items is None else items
    closure = replace(limits, full_enumeration=False)
    full = replace(limits, max_cosets=2 * num_defined + partial.order)
    deadline = min(deadline, time.monotonic() + limits.evidence_seconds)
    # The cheapest procedure that sees the contradiction comes first, since the evidence has to be
    # found inconsistent again some hundred times.
    for settings, rounds in ((closure, 1), (closure, ROUNDS), (full, ROUNDS)):
        test = inconsistency(partial, settings, rounds=rounds)
        if test(items):
            near = _gathered(partial, test, items, gatherings, deadline)
            chosen, minimal = minimal_subset(test, near, deadline=deadline)
            return sorted(chosen), minimal
    return sorted(items), False


def collapsing_subset(
    partial: PartialTable,
    enumerated: Callable[[Sequence[int], Limits, int], Enumeration],
    limits: Limits,
    *,
    num_defined: int,
    deadline: float = math.inf,
) -> tuple[list[int], bool]:
    """Return a minimal set of cells in whose universal group two labels coincide.

    Args:
        partial: All cells, in whose universal group two labels coincide. What is assumed of them
            only decides which cells are near to each other.
        enumerated: Enumerates the universal group of some cells, given by their places, within
            limits and so many rounds.
        limits: How that was found.
        num_defined: How many elements the enumeration had to define for it.
        deadline: When to stop, on the monotonic clock.

    Returns:
        Places, ascending, and whether the set is known to be minimal.
    """
    deadline = min(deadline, time.monotonic() + limits.evidence_seconds)
    closure = replace(limits, full_enumeration=False)
    full = replace(limits, max_cosets=2 * num_defined + partial.order)
    items: Sequence[int] = range(len(partial.cells))
    minimal, gathered = False, False
    # The cheapest procedure that sees it makes the set small; the others make that one smaller.
    for settings, rounds in ((closure, 1), (closure, ROUNDS), (full, ROUNDS)):

        def collapses(
            chosen: Sequence[int], settings: Limits = settings, rounds: int = rounds
        ) -> bool:
            return enumerated(chosen, settings, rounds).status == "collapsed"

        if collapses(items):
            near = (
                items if gathered else _gathered(partial, collapses, items, _GATHERINGS, deadline)
            )
            items, minimal = minimal_subset(collapses, near, deadline=deadline)
            gathered = True
    return sorted(items), minimal


def _gathered(
    partial: PartialTable,
    is_inconsistent: Callable[[Sequence[int]], bool],
    items: Sequence[int],
    gatherings: int,
    deadline: float,
) -> list[int]:
    """Return an inconsistent subset whose cells share few labels, so that few cells are enough.

    The last cell of the shortest inconsistent prefix is part of a contradiction. With the cells in
    order of their distance from it the next such prefix is shorter.
    """
    chosen = list(items)
    for _ in range(gatherings):
        length = _shortest_prefix(is_inconsistent, chosen)
        part = chosen[:length]
        if time.monotonic() > deadline:
            return part
        nearest = cluster_order(partial.subset(part), length - 1)
        chosen = [part[i] for i in nearest]
    return chosen


def _shortest_prefix(is_inconsistent: Callable[[Sequence[int]], bool], items: Sequence[int]) -> int:
    """Bisect for the shortest inconsistent prefix; short ones, which are cheap, come first."""
    low, high, step = 0, len(items), 1  # prefix `high` is inconsistent, prefix `low` is not
    while high - low > 1:
        middle = min(low + step, (low + high) // 2)
        if is_inconsistent(items[:middle]):
            high = middle
        else:
            low = middle
            step *= 2
    return high


def inconsistency(
    partial: PartialTable, limits: Limits, *, rounds: int
) -> Callable[[Sequence[int]], bool]:
    """Return the test whether some of the observations are inconsistent."""

    def is_inconsistent(chosen: Sequence[int]) -> bool:
        subset = partial.subset(chosen)
        verdict = interpret(subset.enumerated(limits, rounds=rounds), subset.cells, partial.order)
        return isinstance(verdict, Contradiction)

    return is_inconsistent


def minimal_subset(
    is_inconsistent: Callable[[Sequence[int]], bool],
    items: Sequence[int],
    *,
    deadline: float = math.inf,
) -> tuple[list[int], bool]:
    """Return a subset that is inconsistent, but no longer when any one item is left out.

    The last item of the shortest inconsistent prefix is necessary; put it in front and look at
    shorter prefixes. In the end every item is tried once more, because a test with limits need
    not be monotone.

    Args:
        is_inconsistent: The test; it holds for all ``items`` together.
        items: What to choose from; earlier ones are preferred.
        deadline: When to stop, on the monotonic clock.

    Returns:
        The subset, and whether it is known to be minimal.
    """
    necessary: list[int] = []
    candidates = list(items)
    while not (necessary and is_inconsistent(necessary)):
        if time.monotonic() > deadline or not candidates:
            return necessary + candidates, False
        low, high, step = 0, len(candidates), 1
        while high - low > 1:  # most items may be necessary: begin with long prefixes
            middle = max(high - step, (low + high) // 2)
            if is_inconsistent(necessary + candidates[:middle]):
                high = middle
                step *= 2
            else:
                low = middle
        necessary.append(candidates[high - 1])
        candidates = candidates[: high - 1]
    changed = True
    while changed:
        changed = False
        for item in list(necessary):
            if time.monotonic() > deadline:
                return necessary, False
            rest = [other for other in necessary if other != item]
            if rest and is_inconsistent(rest):
                necessary = rest
                changed = True
    return necessary, True

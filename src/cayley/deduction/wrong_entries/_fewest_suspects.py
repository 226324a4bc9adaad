"""Which tables leave fewest given cells wrong, with proof: no tie and no rival goes unsaid.

The given cells are *items*, numbered from 0. A table of the kind accuses the items that it
disagrees with. Two sorts of sets of items bound how many it has to accuse:

- no table of the kind has all items of a *contradiction*: each table accuses one of them;
- if some items *force* a table, every other table accuses one of them.

So a smallest set that meets all of these is a lower bound for every table that has not been found
yet. Without it the items are contradictory (another set to meet), or allow a table. The search ends
when the bound is above what is looked for: then all tables with so few suspects are known. Nothing
depends on the order of the items except how long it takes.
"""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.deduction.wrong_entries._hitting_sets import HittingSet, hitting_set

__all__ = ["Explanation", "Explanations", "Look", "Oracle", "fewest_suspects"]

_MOST_TABLES = 8
"""Tables after which no more are looked for: where so many are as good, nothing is decided."""
_BLOCKS = 8
"""Parts of a set of items that force a table which are tried away from it. More parts leave fewer
items, and each costs a deduction."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What some of the items allow.

    Attributes:
        core: Items that are contradictory, if these are.
        tables: Tables that have all of the items, if any were found.
        is_all: Whether there are no others.
    """

    core: tuple[int, ...] = ()
    tables: tuple[Int[NDArray[Any], "n n"], ...] = ()
    is_all: bool = False


class Oracle(Protocol):
    """What a kind of table says about items; every answer is exact."""

    def look(self, kept: Bool[NDArray[Any], " items"]) -> Look:
        """Decide what the items allow; nothing at all if that stays open."""

    def core(self, kept: Bool[NDArray[Any], " items"]) -> tuple[int, ...]:
        """Return contradictory ones among the items, if they are found quickly, or nothing."""

    def forces(self, kept: Bool[NDArray[Any], " items"]) -> bool:
        """Return whether the items allow just one table, as far as that is seen quickly."""

    def suspects(self, table: Int[NDArray[Any], "n n"]) -> tuple[int, ...]:
        """Return the items that a table disagrees with, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """A table, the items that it accuses, and whether the others force it.

    Where they do not, there are more tables that accuse just the same items.
    """

    table: Int[NDArray[Any], "n n"]
    suspects: tuple[int, ...]
    is_forced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanations:
    """The tables that were found, and what is proved about all others.

    Attributes:
        found: Those with fewest suspects first, then in the order of their suspects.
        bound: Every other table accuses at least so many items; tables that accuse just the same
            items as one that is not forced are not counted as others.
    """

    found: tuple[Explanation, ...]
    bound: int

    @property
    def fewest(self) -> int | None:
        """How many items the best table accuses; None if no table was found."""
        return len(self.found[0].suspects) if self.found else None

    @property
    def is_minimal(self) -> bool:
        """Whether it is proved that no table accuses fewer."""
        return self.fewest is not None and self.bound >= self.fewest

    @property
    def ties(self) -> tuple[Explanation, ...]:
        """The others that accuse as few as the first."""
        return tuple(each for each in self.found[1:] if len(each.suspects) == self.fewest)


def fewest_suspects(
    oracle: Oracle,
    num_items: int,
    *,
    cores: Iterable[Sequence[int]] = (),
    known: Iterable[Int[NDArray[Any], "n n"]] = (),
    within: int = 1,
    max_looks: int = 200,
    max_rival_looks: int = 20,
    deadline: float,
    latest: float = math.inf,
) -> Explanations:
    """Find all tables that accuse at most `within` items more than the best.

    Args:
        oracle: The kind of table.
        num_items: How many items there are.
        cores: Contradictory sets of items that are known already.
        known: Tables that are known already. Their other items have to force them.
        within: How many suspects more than the fewest are of interest.
        max_looks: How often to ask what some items allow.
        max_rival_looks: How often once only tables with more suspects than the best are left.
        deadline: When to stop, on the monotonic clock. What was proved until then stands. It is
            looked at between two looks.
        latest: When what goes on within a look has to end as well.
    """
    sets = [frozenset(core) for core in cores]
    search = _Search(oracle, num_items, sets, within, deadline, latest)
    for table in known:
        search.record(table)
    rival_looks = 0
    for _ in range(max_looks):
        rival_looks += search.bound > search.fewest()
        if rival_looks > max_rival_looks or not search.advance():
            break
    # What was met on the way, but is not near the best, depends on the order of the items.
    near = [each for each in search.found.values() if len(each.suspects) <= search.most()]
    near.sort(key=lambda each: (len(each.suspects), each.suspects))
    return Explanations(found=tuple(near), bound=search.bound)


@dataclass(slots=True)
class _Search:
    oracle: Oracle
    num_items: int
    sets: list[frozenset[int]]
    within: int
    deadline: float
    latest: float
    found: dict[tuple[Any, ...], Explanation] = field(default_factory=dict)
    bound: int = 0
    cap: int = field(init=False)
    uses: Int[NDArray[Any], " items"] = field(init=False)

    def __post_init__(self) -> None:
        self.cap = self.num_items + 1
        self.uses = np.zeros(self.num_items, np.int64)

    def advance(self) -> bool:
        """Look at what is left without a smallest set; return whether to go on."""
        if frozenset() in self.sets:
            # No items at all force the tables that are known: there are no others.
            self.bound = max(self.bound, self.cap)
            return False
        least = hitting_set(self.sets, latest=self.latest)
        self.bound = max(self.bound, min(least.bound, self.cap))
        most = self.most()
        done = self.bound > most or len(self.found) >= _MOST_TABLES
        # A set that is not known to be smallest may be as large as the tables already known.
        if done or len(least.items) > most or time.monotonic() > self.deadline:
            return False
        kept = np.ones(self.num_items, bool)
        kept[list(least.items)] = False
        look = self.oracle.look(kept)
        if look.core:
            self.sets.append(frozenset(look.core))
            self._more_cores(kept, look.core)
        elif look.is_all and len(look.tables) == 1:
            self.record(look.tables[0])
        elif look.tables:
            self._record_some(look, least, kept)
        return bool(look.core or look.tables)

    def fewest(self) -> int:
        """Return how many items the best table accuses; as many as there are if none is known."""
        return min((len(each.suspects) for each in self.found.values()), default=self.num_items)

    def most(self) -> int:
        """Return up to how many suspects tables are of interest."""
        fewest = self.fewest()
        best = [each for each in self.found.values() if len(each.suspects) == fewest]
        # Where the best is not forced, one more suspect is always possible and says nothing.
        return fewest + (self.within if all(each.is_forced for each in best) else 0)

    def _more_cores(self, kept: Bool[NDArray[Any], " items"], core: tuple[int, ...]) -> None:
        """Collect contradictions without a common item: each needs a suspect of its own."""
        kept = kept.copy()
        while core and time.monotonic() < self.deadline:
            kept[list(core)] = False
            core = self.oracle.core(kept)
            if core:
                self.sets.append(frozenset(core))

    def record(self, table: Int[NDArray[Any], "n n"]) -> None:
        """Keep a table that is forced, and add what every other table has to accuse."""
        suspects = self.oracle.suspects(table)
        self.found.pop(suspects, None)
        key = (*suspects, table.tobytes())
        self.found[key] = Explanation(table=table, suspects=suspects, is_forced=True)
        kept = np.ones(self.num_items, bool)
        kept[list(suspects)] = False
        kept = self._forcing(kept)
        self.uses[kept] += 1
        self.sets.append(frozenset(np.flatnonzero(kept).tolist()))

    def _record_some(
        self, look: Look, least: HittingSet, kept: Bool[NDArray[Any], " items"]
    ) -> None:
        """Keep several tables, and leave out all that accuse just the same items as one of them.

        If the bound was reached, no table accuses fewer of them. But where there are more tables,
        one that accuses just them may not have been shown: then nothing is known beyond this bound.
        """
        forced = {each.suspects for each in self.found.values() if each.is_forced}
        shown = [(self.oracle.suspects(table), table) for table in look.tables]
        for suspects, table in shown:
            fits = sum(set(other) <= set(suspects) for other, _ in shown)
            if suspects not in forced:
                self.found.setdefault(
                    suspects,
                    Explanation(
                        table=table, suspects=suspects, is_forced=look.is_all and fits == 1
                    ),
                )
        if not look.is_all:
            is_shown = any(suspects == least.items for suspects, _ in shown)
            if not (least.is_minimum and is_shown):
                self.cap = min(self.cap, least.bound)
        self.sets.append(frozenset(np.flatnonzero(kept).tolist()))

    def _forcing(self, kept: Bool[NDArray[Any], " items"]) -> Bool[NDArray[Any], " items"]:
        """Return fewer of the items that force the table still: few items prove more.

        Items of earlier such sets come last, so that the sets have little in common.
        """
        items = np.flatnonzero(kept)
        items = items[np.argsort(self.uses[items], kind="stable")]
        low, high = 0, len(items)
        while high - low > 1 and time.monotonic() < self.deadline:
            middle = (low + high) // 2
            if self._forces(items[:middle]):
                high = middle
            else:
                low = middle
        # Blocks of what is left, the latest first, may not be needed any more.
        items = items[:high]
        block = max(1, len(items) // _BLOCKS)
        for first in range(len(items) - 2 * block, -1, -block):
            fewer = np.delete(items, slice(first, first + block))
            if time.monotonic() < self.deadline and self._forces(fewer):
                items = fewer
        return self._mask(items)

    def _forces(self, items: Int[NDArray[Any], " k"]) -> bool:
        return self.oracle.forces(self._mask(items))

    def _mask(self, items: Int[NDArray[Any], " k"]) -> Bool[NDArray[Any], " items"]:
        mask = np.zeros(self.num_items, bool)
        mask[items] = True
        return mask

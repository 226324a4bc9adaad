"""Observations that contradict the group (isotope) which the others force."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._random import generator
from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction.todd_coxeter._relations import busiest
from cayley.deduction.todd_coxeter._todd_coxeter import Enumeration, Limits
from cayley.deduction.universal_group._clusters import growing_cluster
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.universal_group._universal_group import Contradiction, Forced, interpret
from cayley.deduction.wrong_entries._contradictions import GroupOracle
from cayley.deduction.wrong_entries._distance import DISTANCE_THEOREM, is_determined, least_distance
from cayley.deduction.wrong_entries._fewest_suspects import (
    Explanation,
    Explanations,
    fewest_suspects,
)
from cayley.deduction.wrong_entries._plausibility import exchange_gains, label_tallies
from cayley.deduction.wrong_entries._repeated_symbols import most_agreeing
from cayley.deduction.wrong_entries._suspects import (
    NotFound,
    WrongEntries,
    explanation_of,
    result_of,
)
from cayley.deduction.wrong_entries._voting import place

__all__ = ["NotFound", "WrongEntries", "find_wrong_entries"]

# A cluster has this many cells for G labels when it is first tried, times G ** 1.5: a little less
# than what random cells need to determine a group. Larger clusters contain wrong entries more
# often, smaller ones determine nothing.
_RATIO = {Structure.GROUP: 0.20, Structure.GROUP_ISOTOPE: 0.13}
# The factor from one size of a cluster to the next: each size costs one enumeration, and a large
# step skips the sizes that are just sufficient.
_GROWTH = 1.15
# Most new elements for each label in the enumeration of one cluster. A cluster that needs more is
# given up: another one is cheaper.
_DEFINITIONS = 6
_REEXAMINED, _CLUSTERS_EACH = 16, 10
"""Most suspects that are re-examined, and clusters grown around each. Tables of small groups may
differ in few cells, 16 of 64 or 18 of 81, and wrong entries may agree with the wrong one."""
_SMALL_ORDER = 32
"""Up to this order suspects are always re-examined: above it two different tables differ in so many
cells that a rival would show as many more suspects."""
_FEW = 0.1
"""Share of suspects up to which larger orders skip the re-examination: two tables that each leave
so few observations unexplained would differ in fewer cells than two groups can."""
_PROVED = 6
"""Suspects up to which all tables with so few are looked for, up to order 32: with more, and in
larger tables, it takes too many contradictions to bound them."""
_LOOKS, _PROOF_SECONDS = 60, 5.0
"""How far that goes. A proof that is cut short changes what is said to be proved, nothing else."""


def find_wrong_entries(
    observations: ArrayLike,
    *,
    order: int,
    assume: Structure | str,
    seed: int = 0,
    limits: Limits | None = None,
    search_seconds: float | None = None,
    max_trials: int = 500,
    max_fraction: float = 0.15,
    log10_significance: float = -6.0,
) -> WrongEntries | NotFound:
    """Find wrong entries among observations of a group or an isotope of one.

    Small clusters of labels are drawn until the cells within one determine a group of the right
    order; that is unlikely if one of them is wrong. The other labels find their places in it by
    the votes of all cells. The cells that disagree in the end are the suspects if all of this
    holds, and nothing is claimed otherwise:

    - the remaining observations force the table (`deduce`), and agree with it, all of them;
    - the suspects are at most ``max_fraction`` of the observations (not searched for if symbols
      repeat in rows or columns so often that more of them are wrong);
    - exchanging any two labels of a kind would leave more contradictions, not as many;
    - no other table leaves as few. Up to order 32, and where the suspects are more than a tenth,
      clusters are grown around suspects to find a table in which they are right. Where the
      suspects are few, all tables with so few or one more are looked for: ``bound`` says what is
      proved, and ``rivals`` are those with one more;
    - fewer than ``10 ** log10_significance`` tables would be expected to agree with so many cells
      if products were random.

    Args:
        observations: Observed products as rows ``(a, b, c)``, shape ``(m, 3)``.
        order: The order of the table.
        assume: "group" or "isotope", as in `deduce`.
        seed: Of the draws.
        limits: How far to go in each deduction, and the time for all together.
        search_seconds: Seconds after which no further cluster is tried; None for no limit but that
            of all together. Up to order 32 what was found is compared with other tables as far as
            it takes, so that a tie is not missed on a slow machine.
        max_trials: How many clusters to try.
        max_fraction: How large a part of the observations may be wrong.
        log10_significance: See above.

    Returns:
        `WrongEntries`, without suspects if all observations together force a table, or `NotFound`.

    Raises:
        TypeError: If the observations are not integers.
        ValueError: If an argument is out of range.

    Example:
        >>> a, b = np.indices((7, 7)).reshape(2, -1)
        >>> cells = np.stack([a, b, (a + b) % 7], axis=1)
        >>> cells[10, 2] = 5
        >>> found = find_wrong_entries(cells, order=7, assume="group")
        >>> found.suspects, found.given.tolist(), found.expected.tolist(), found.num_kept
        ((10,), [5], [4], 48)
    """
    if not 0 <= max_fraction < 1:
        raise ValueError(f"`max_fraction` must be in [0, 1); got {max_fraction!r}.")
    if max_trials < 0:
        raise ValueError(f"`max_trials` must not be negative; got {max_trials!r}.")
    limits = Limits() if limits is None else limits
    deadline = limits.deadline()
    partial = PartialTable.of(observations, order, assume)
    verdict = interpret(partial.enumerated(limits, deadline=deadline), partial.cells, partial.order)
    if isinstance(verdict, Forced):
        return result_of(partial, verdict, np.zeros(len(partial.cells), bool))
    if not isinstance(verdict, Contradiction):
        return NotFound(reason="consistent", num_trials=0)
    fewest = len(np.unique(partial.cells, axis=0)) - most_agreeing(partial.cells, order)
    if fewest > max_fraction * len(partial.cells):
        return NotFound(reason="limit", num_trials=0)  # every cluster would end like that
    waiting = math.inf if search_seconds is None else search_seconds
    search = _Search(
        partial=partial,
        random=generator(seed, "wrong entries"),
        limits=limits,
        deadline=min(deadline, time.monotonic() + waiting),
        max_suspects=max_fraction * len(partial.cells),
        log10_significance=log10_significance,
    )
    for trial in range(1, max_trials + 1):
        first = next((each for each, is_strict in search.found() if is_strict), None)
        if first is not None:
            if order <= _SMALL_ORDER:
                search = replace(search, deadline=deadline)
            return search.settled(first, num_trials=trial)
        if time.monotonic() > search.deadline:
            return NotFound(reason="limit", num_trials=trial)
    return NotFound(reason="limit", num_trials=max_trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    partial: PartialTable
    random: np.random.Generator
    limits: Limits
    deadline: float
    max_suspects: float
    log10_significance: float

    def found(self, start: int | None = None) -> Iterator[tuple[WrongEntries, bool]]:
        """Grow one cluster, around an observation if one is given; yield what passes.

        With it comes whether exchanging any two labels would leave more contradictions.
        """
        for core in _cores(self.partial, self.random, start, self.deadline):
            verdict = _repaired(self.partial, core, self.limits, self.deadline)
            if verdict is None:
                continue
            a, b, c = self.partial.cells.T
            each = result_of(self.partial, verdict, verdict.table[a, b] != c)
            if (
                len(each.suspects) <= self.max_suspects
                and each.log10_chance <= self.log10_significance
            ):
                tallies = label_tallies(verdict.table, self.partial.cells)
                gains = exchange_gains(tallies, assume=self.partial.assume)
                yield each, bool((gains < 0).all())

    def best(self, first: WrongEntries) -> tuple[WrongEntries, tuple[Explanation, ...], bool]:
        """Re-run the cluster search around each suspect.

        Return the result with the fewest suspects, others with as many, and whether exchanging
        two labels might give another one.
        """
        best, is_doubtful = first, False
        tied: dict[tuple[int, ...], Explanation] = {}
        examined: set[int] = set()
        while self._needs_reexamination(best) and len(examined) < _REEXAMINED:
            waiting = sorted(set(best.suspects) - examined)
            if not waiting or time.monotonic() > self.deadline:
                break
            examined.add(start := int(self.random.choice(waiting)))
            for other, is_strict in (x for _ in range(_CLUSTERS_EACH) for x in self.found(start)):
                if len(other.suspects) < len(best.suspects):
                    best, is_doubtful, tied = other, not is_strict, {}
                elif len(other.suspects) > len(best.suspects):
                    continue
                elif other.suspects != best.suspects:
                    tied[other.suspects] = explanation_of(other)
        return best, tuple(tied.values()), is_doubtful

    def settled(self, first: WrongEntries, *, num_trials: int) -> WrongEntries | NotFound:
        """Prove that no other table has as few suspects, or look for one, starting from a table."""
        few, order = len(first.suspects), self.partial.order
        if self._is_full() and is_determined(order, num_wrong=few):
            distance = least_distance(order)
            bound = len(self.partial.cells) if distance is None else distance - few
            return replace(first, bound=bound, theorem=DISTANCE_THEOREM)
        ranked = self._ranked(first)
        if ranked is None or ranked.bound <= len(ranked.found[0].suspects):
            best, tied, is_doubtful = self.best(first)
            ranked = self._ranked(best) if ranked is None else ranked
            if ranked is None or len(ranked.found[0].suspects) > len(best.suspects):
                if not tied and not is_doubtful:
                    return best
                found = (explanation_of(best), *tied)
                return NotFound(reason="ambiguous", num_trials=num_trials, tied=found)
            is_doubtful &= ranked.bound <= len(best.suspects)
            first = best
        else:
            tied, is_doubtful = (), False
        return self._concluded(first, ranked, tied, is_doubtful, num_trials)

    def _ranked(self, known: WrongEntries) -> Explanations | None:
        """Look for all tables that leave as few; None if they are too many to be found."""
        if len(known.suspects) > _PROVED or self.partial.order > _SMALL_ORDER:
            return None
        deadline = min(self.deadline, time.monotonic() + _PROOF_SECONDS)
        return fewest_suspects(
            GroupOracle(partial=self.partial, limits=self.limits, deadline=deadline),
            len(self.partial.cells),
            known=(known.forced.table,),
            max_looks=_LOOKS,
            deadline=deadline,
            latest=self.deadline,
        )

    def _concluded(
        self,
        best: WrongEntries,
        ranked: Explanations,
        tied: tuple[Explanation, ...],
        is_doubtful: bool,
        num_trials: int,
    ) -> WrongEntries | NotFound:
        """Join what was proved with ties that the search around suspects came upon."""
        first = ranked.found[0]
        met = {each.suspects: each for each in (*ranked.ties, *tied)}
        met.pop(first.suspects, None)
        ties = tuple(each for each in met.values() if len(each.suspects) == len(first.suspects))
        if first.suspects != best.suspects and first.is_forced:
            best = self._finding_of(first) or best
        if ties or is_doubtful or not first.is_forced or first.suspects != best.suspects:
            return NotFound(reason="ambiguous", num_trials=num_trials, tied=(first, *ties))
        rivals = tuple(x for x in ranked.found if len(x.suspects) > len(first.suspects))
        return replace(best, bound=ranked.bound, rivals=rivals)

    def _finding_of(self, explanation: Explanation) -> WrongEntries | None:
        """Return the finding for a table that was met on the way, if it passes."""
        kept = np.setdiff1d(np.arange(len(self.partial.cells)), explanation.suspects)
        part = self.partial.subset(kept)
        verdict = interpret(part.enumerated(self.limits), part.cells, part.order)
        if not isinstance(verdict, Forced):
            return None
        disagrees = np.ones(len(self.partial.cells), bool)
        disagrees[kept] = False
        found = result_of(self.partial, verdict, disagrees)
        return found if found.log10_chance <= self.log10_significance else None

    def _is_full(self) -> bool:
        """Whether every cell was observed just once."""
        order, cells = self.partial.order, self.partial.cells
        places = np.unique(cells[:, 0] * order + cells[:, 1])
        return len(cells) == len(places) == order * order

    def _needs_reexamination(self, found: WrongEntries) -> bool:
        many = len(found.suspects) > _FEW * len(self.partial.cells)
        return many or self.partial.order <= _SMALL_ORDER


def _cores(
    partial: PartialTable, random: np.random.Generator, start: int | None, deadline: float
) -> Iterator[Enumeration]:
    """Grow one cluster until its cells contradict each other; yield groups of the right order."""
    # Some wrong entries attract clusters, such as a o b = a in a group: a random half to all of the
    # cells is used, so that such a cell is left out in some trials.
    ratio, kept = _RATIO[partial.assume], random.uniform(0.5, 1.0)
    limits = Limits(max_cosets=_DEFINITIONS * partial.order)
    clusters = growing_cluster(
        partial, random, ratio=ratio, growth=_GROWTH, kept=kept, start=start, deadline=deadline
    )
    for members in clusters:
        part = partial.subset(members)
        # The busiest row and column of all cells may not occur in this cluster at all.
        part = replace(part, gauge=busiest(part.cells, partial.order))
        result = part.enumerated(limits, deadline=deadline)
        if result.status == "collapsed":
            return
        if result.table is not None and partial.order % len(result.table):
            return
        if result.table is not None and len(result.table) == partial.order:
            yield result
            return


def _repaired(
    partial: PartialTable, core: Enumeration, limits: Limits, deadline: float
) -> Forced | None:
    """Place all labels in the group of a cluster; return what the agreeing cells force."""
    assert core.table is not None
    labels = core.presentation.labels
    elements = np.where(labels >= 0, core.images[0][labels], -1)
    elements = place(partial, core.table, elements)
    a, b, c = _per_place(partial, elements)
    disagrees = (a >= 0) & (b >= 0) & (c >= 0) & (core.table[a, b] != c)
    if 2 * disagrees.sum() > len(disagrees):  # a wrong group: most cells disagree with it
        return None
    kept = partial.subset(np.flatnonzero(~disagrees))
    verdict = interpret(kept.enumerated(limits, deadline=deadline), kept.cells, partial.order)
    return verdict if isinstance(verdict, Forced) else None


def _per_place(partial: PartialTable, elements: Int[NDArray[Any], "kinds n"]) -> list[NDArray[Any]]:
    return [elements[kind][partial.cells[:, i]] for i, kind in enumerate(partial.kinds)]

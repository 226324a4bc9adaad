"""Theories of laws as a stage of the pipeline: given ones, and those that the cells support."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from cayley.algebra import Structure
from cayley.completion._findings import Standing
from cayley.completion._outcome import Deduced, Refuted
from cayley.completion._theory_results import as_deduced, as_fact, as_refuted
from cayley.tables import Table
from cayley.theories import Law, SearchLimits, Theory, law
from cayley.theories.laws._conditions import Condition, failing_cells
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._evidence import Weighing
from cayley.theories.mining._standing import Standing as StandingTheory
from cayley.theories.mining._standing import numbered_theory, standing_theories
from cayley.theories.mining._weighing import StandingFact, canonical, standing_facts, theory_of
from cayley.theories.propagation._complete import completed

__all__ = ["deduce_theory", "weigh_theories"]

_GIVEN = SearchLimits()
"""A theory that the user names is worth a search of some ten seconds."""

_WEIGHED_NODES = 200
"""Guesses for each theory that is only tried: where the cells nearly force a table a few dozen are
enough (SPEC's tables took 55 at most), and a theory that needs more would hardly be believed."""

_MOST_SUPPOSED = 4
"""Different tables under theories that are only supposed: more rivals than anybody reads."""

_GROWN_ORDER = 32
"""Up to this order laws with too little evidence are supposed one after another, each with a
completion of its own; a completion takes milliseconds there, and seconds at order 120."""


_ASSOCIATIVE = law(4512)


def deduce_theory(
    work: Table,
    theory: Theory,
    *,
    standing: Standing = "given",
    facts: tuple[StandingFact, ...] = (),
    time_limit: float | None = None,
    in_full: bool = True,
    max_nodes: int | None = None,
) -> Deduced | Refuted:
    """Return what the observed cells force under a theory, or why it is refuted.

    Args:
        work: The observations, over one alphabet in one order.
        theory: The theory.
        standing: How it came by its place.
        facts: Its laws and conditions as they were weighed, if they were.
        time_limit: Seconds, or None for no limit but the number of guesses.
        in_full: Whether to count completions and look for the values of open cells; otherwise the
            search ends at the second completion.
        max_nodes: Guesses at most; by default few for a theory that was not given.
    """
    nodes = max_nodes or (_GIVEN.max_nodes if standing == "given" else _WEIGHED_NODES)
    limits = SearchLimits(max_nodes=nodes, time_limit=time_limit)
    if not in_full:
        limits = replace(limits, max_completions=2)
    contradicting = _two_results(work)
    if contradicting:
        return Refuted(
            structure=theory, evidence=contradicting, reason="a cell was observed with two results"
        )
    found = completed(work.array, theory, limits, possible=in_full)
    if found.refutation is not None:
        return as_refuted(work, theory, found.refutation)
    return as_deduced(found, standing, facts)


def weigh_theories(
    work: Table, *, given: Theory | None = None, time_limit: float | None
) -> Iterator[Deduced]:
    """Yield what the observed cells force under the theories that they support.

    First the strongest theory that is earned, if there is one. If it leaves cells open, laws that
    have a number and no name are looked for; then theories that stand with less evidence are added,
    those with most first, then single laws one after another, until the table is settled or nothing
    is left to add; these are only supposed.

    Args:
        work: The observations, over one alphabet in one order.
        given: A theory that the user named and that leaves cells open; others are added to it.
        time_limit: Seconds for all of it, or None.
    """
    if _two_results(work):
        return
    deadline = math.inf if time_limit is None else time.monotonic() + time_limit
    weighing = Weighing(seen=SeenCells.of(work.array, seed=0), deadline=deadline)
    until = None if time_limit is None else deadline
    try:
        standing = standing_theories(work.array, deadline=until, weighing=weighing)
    except OutOfTime:
        return
    weights = standing_facts(work.array, deadline=deadline, weighing=weighing)
    base = _Base(work, given, weights, deadline)
    earned: Deduced | None = None
    for each in standing:
        if each.standing != "earned" or (given is not None and given.implies(each.theory)):
            continue
        result = base.deduce(each.theory, "earned", each.evidence.corrected)
        if isinstance(result, Deduced):
            earned = result
            break
    if earned is not None:
        earned = _with_inverses(earned)
        yield earned
        if earned.settles:
            return
    if work.order <= _GROWN_ORDER:
        mined = _mined(base, earned, weighing, until)
        if mined is not None:
            earned = _with_inverses(mined)
            yield earned
            if earned.settles:
                return
        yield from _suppose(base, earned, standing, weights)


def _with_inverses(earned: Deduced) -> Deduced:
    """Call a semigroup an inverse semigroup where the only completion is one.

    Cells that are seen say nothing about inverses that are not: that an element has one is no
    equation, so no cell is predicted by it and chance is no measure of it. But what an earned law
    forces is believed as it is, and of a full table the inverses are counted.
    """
    theory = earned.structure
    if not earned.settles or not isinstance(theory, Theory):
        return earned
    facts = theory.consequences()
    if _ASSOCIATIVE not in facts or Condition.SEMIGROUP_INVERSES in facts:
        return earned
    if failing_cells(Condition.SEMIGROUP_INVERSES, earned.table) is not None:
        return earned
    more: list[Law | Condition] = [*theory.laws, *sorted(theory.conditions)]
    more.append(Condition.SEMIGROUP_INVERSES)
    shown = (*earned.facts, as_fact(Condition.SEMIGROUP_INVERSES, None))
    return replace(earned, structure=theory_of(tuple(more)), facts=shown)


def _mined(
    base: "_Base", earned: Deduced | None, weighing: Weighing, until: float | None
) -> Deduced | None:
    """Return what follows with laws that have no name, if any are earned."""
    named_part = Theory("magma") if earned is None else earned.structure
    assert isinstance(named_part, Theory)
    try:
        found = numbered_theory(base.work.array, named_part, weighing, deadline=until)
    except OutOfTime:
        return None
    if found is None:
        return None
    theory, chance = found.theory, found.evidence.corrected
    if earned is not None:
        # what says nothing beside these laws need not follow from them
        facts: list[Law | Condition] = []
        for part in (named_part, theory):
            facts += [*part.laws, *sorted(part.conditions)]
        theory = theory_of(tuple(facts))
        chance = max(chance, earned.log10_chance or 0.0)
    result = base.deduce(theory, "earned", chance)
    if not isinstance(result, Deduced) or (earned is not None and _says_as_much(result, earned)):
        return None
    return result


@dataclass(frozen=True, slots=True)
class _Base:
    """The table that theories are tried on, and the theory that they are added to."""

    work: Table
    given: Theory | None
    weights: tuple[StandingFact, ...]
    deadline: float

    def deduce(
        self,
        theory: Theory,
        standing: Standing,
        log10_chance: float,
        earned: Deduced | None = None,
        *,
        in_full: bool = True,
    ) -> Deduced | Refuted:
        """Deduce under a theory together with what was given and what is earned."""
        parts = [part for part in (self.given, theory) if part is not None]
        if earned is not None and not isinstance(earned.structure, Structure):
            parts.append(earned.structure)
        facts: list[Law | Condition] = []
        for part in parts:
            facts += [*part.laws, *sorted(part.conditions)]
        deduce = partial(
            deduce_theory,
            self.work,
            theory if len(parts) == 1 else theory_of(tuple(facts)),
            standing=standing,
            facts=self.weights,
            in_full=in_full,
        )
        result = deduce(time_limit=self._remaining())
        if standing == "earned" and isinstance(result, Deduced) and result.unique == "unknown":
            # a theory that is believed is worth as long a search as one that was given
            result = deduce(time_limit=self._remaining(), max_nodes=_GIVEN.max_nodes)
        if isinstance(result, Refuted):
            return result
        return replace(
            result,
            log10_chance=log10_chance,
            earned=None if earned is None else earned.structure,
        )

    def _remaining(self) -> float | None:
        endless = self.deadline == math.inf
        return None if endless else max(0.0, self.deadline - time.monotonic())

    def grow(
        self, facts: list[StandingFact], earned: Deduced | None, *, in_full: bool = False
    ) -> Deduced | Refuted:
        """Deduce under some supposed facts together with what is earned."""
        theory = theory_of(tuple(each.fact for each in facts))
        # facts that are supposed together are no better supported than the weakest of them
        weakest = max(each.log10_chance for each in facts)
        return self.deduce(theory, "supposed", weakest, earned, in_full=in_full)


def _suppose(
    base: _Base,
    earned: Deduced | None,
    standing: tuple[StandingTheory, ...],
    weights: tuple[StandingFact, ...],
) -> Iterator[Deduced]:
    """Yield what settles the table, with more supposed than is earned, once for each table.

    Named theories come first. Only where none settles it are single laws and conditions supposed
    one after another; what is forced under the last of these that was not refuted is yielded then.
    """
    tables: set[bytes] = set()
    for each in standing:
        if time.monotonic() > base.deadline or len(tables) == _MOST_SUPPOSED:
            return
        if each.standing == "earned" or not each.evidence.support:
            continue
        # one that has several completions is of no use here, so they need not be counted
        result = base.deduce(
            each.theory, "supposed", each.evidence.corrected, earned, in_full=False
        )
        if isinstance(result, Deduced) and result.settles:
            if result.table.tobytes() not in tables:
                yield result
            tables.add(result.table.tobytes())
    if not tables:
        yield from _grow(base, earned, weights)


def _grow(
    base: _Base, earned: Deduced | None, weights: tuple[StandingFact, ...]
) -> Iterator[Deduced]:
    kept: list[StandingFact] = []
    for weighed in weights:
        if time.monotonic() > base.deadline:
            break
        if not weighed.support:
            continue
        if kept:
            known = theory_of(tuple(fact.fact for fact in kept)).consequences()
            if canonical(weighed.fact) in known:
                continue
        result = base.grow([*kept, weighed], earned)
        if isinstance(result, Refuted):
            continue
        kept.append(weighed)
        if result.settles:
            yield _without_needless(base, kept, result, earned)
            return
    last = base.grow(kept, earned, in_full=True) if kept else None
    if not isinstance(last, Deduced):
        return
    for each in kept[::-1]:
        fewer = [fact for fact in kept if fact is not each]
        if not fewer or time.monotonic() > base.deadline:
            break
        again = base.grow(fewer, earned, in_full=True)
        if isinstance(again, Deduced) and _says_as_much(again, last):
            kept, last = fewer, again
    yield last


def _says_as_much(one: Deduced, other: Deduced) -> bool:
    """Return whether two theories force the same cells and allow equally many completions."""
    same_count = (one.num_completions, one.is_exact) == (other.num_completions, other.is_exact)
    return same_count and np.array_equal(one.table, other.table)


def _without_needless(
    base: _Base, facts: list[StandingFact], result: Deduced, earned: Deduced | None
) -> Deduced:
    """Leave out supposed facts without which the table is settled all the same."""
    kept = list(facts)
    for each in facts[:-1]:
        fewer = [fact for fact in kept if fact is not each]
        again = base.grow(fewer, earned)
        if isinstance(again, Deduced) and again.settles:
            kept, result = fewer, again
    return result


def _two_results(work: Table) -> tuple[int, ...]:
    """Return the places of two observations of one cell that differ; empty if there are none."""
    a, b, c = work.repeats.T
    wrong = np.flatnonzero(work.array[a, b] != c)
    if not len(wrong):
        return ()
    second = work.num_observed + int(wrong[0])
    cell = work.repeats[wrong[0], :2]
    first = int(np.flatnonzero((work.observations[:, :2] == cell).all(axis=1))[0])
    return first, second

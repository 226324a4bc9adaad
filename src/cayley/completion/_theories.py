"""Theories of laws as a stage of the pipeline: given ones, and those that the cells support."""

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from cayley.completion._findings import Fact, Standing
from cayley.completion._outcome import Deduced, Refuted
from cayley.tables import Table
from cayley.theories import Completion, Law, SearchLimits, Theory, complete_under, number_of
from cayley.theories._conditions import Condition
from cayley.theories._naming import canonical, named
from cayley.theories._reasons import Reason, Refutation
from cayley.theories._terms import variable_name
from cayley.theories._weighing import StandingFact, standing_facts

__all__ = ["deduce_theory", "weigh_theories"]

_GIVEN = SearchLimits()
"""A theory that the user names is worth a search of some ten seconds."""

_WEIGHED_NODES = 200
"""Guesses for each theory that is only tried: where the cells nearly force a table a few dozen are
enough (SPEC's tables took 55 at most), and a theory that needs more would hardly be believed."""

_GROWN_ORDER = 32
"""Up to this order laws with too little evidence are supposed one after another, each with a
completion of its own; a completion takes milliseconds there, and seconds at order 120."""


def deduce_theory(
    work: Table,
    theory: Theory,
    *,
    standing: Standing = "given",
    facts: tuple[StandingFact, ...] = (),
    time_limit: float | None = None,
) -> Deduced | Refuted:
    """Return what the observed cells force under a theory, or why it is refuted.

    Args:
        work: The observations, over one alphabet in one order.
        theory: The theory.
        standing: How it came by its place.
        facts: Its laws and conditions as they were weighed, if they were.
        time_limit: Seconds, or None for no limit but the number of guesses.
    """
    nodes = _GIVEN.max_nodes if standing == "given" else _WEIGHED_NODES
    limits = SearchLimits(max_nodes=nodes, time_limit=time_limit)
    contradicting = _two_results(work)
    if contradicting:
        return Refuted(
            structure=theory, evidence=contradicting, reason="a cell was observed with two results"
        )
    found = complete_under(work.array, theory, limits=limits)
    if found.refutation is not None:
        return _refuted(work, theory, found.refutation)
    return _deduced(found, standing, facts)


def weigh_theories(
    work: Table, *, given: Theory | None = None, time_limit: float | None
) -> Iterator[Deduced]:
    """Yield what the observed cells force under the theories that they support.

    First the theory of all laws and conditions that are earned, if there are any. If these leave
    cells open, laws with less evidence are added to it, those with most first, until the table is
    settled or nothing is left to add; such a theory is only supposed.

    Args:
        work: The observations, over one alphabet in one order.
        given: A theory that the user named and that leaves cells open; others are added to it.
        time_limit: Seconds for all of it, or None.
    """
    if _two_results(work):
        return
    deadline = math.inf if time_limit is None else time.monotonic() + time_limit
    base = _Base(work, given, deadline)
    standing = standing_facts(work.array, deadline=deadline)
    earned = [each for each in standing if each.is_earned]
    if given is not None:
        known = given.consequences()
        earned = [each for each in earned if canonical(each.fact) not in known]
    found: Deduced | None = None
    while earned and time.monotonic() < deadline:
        result = base.deduce(earned, "earned")
        if isinstance(result, Deduced):
            found = result
            break
        earned.pop()  # facts that stand one by one can contradict each other; the weakest goes
    if found is not None:
        yield found
        if found.settles:
            return
    if work.order <= _GROWN_ORDER:
        grown = _grow(base, earned, [each for each in standing if not each.is_earned])
        if grown is not None:
            yield grown


@dataclass(frozen=True, slots=True)
class _Base:
    """The table that facts are tried on, and the theory that they are added to."""

    work: Table
    given: Theory | None
    deadline: float

    def theory(self, facts: Iterable[StandingFact]) -> Theory:
        base: tuple[Law | Condition, ...] = ()
        if self.given is not None:
            base = (*self.given.laws, *self.given.conditions)
        return named((*base, *(each.fact for each in facts)))

    def deduce(self, facts: list[StandingFact], standing: Standing) -> Deduced | Refuted:
        endless = self.deadline == math.inf
        return deduce_theory(
            self.work,
            self.theory(facts),
            standing=standing,
            facts=tuple(facts),
            time_limit=None if endless else max(0.0, self.deadline - time.monotonic()),
        )


def _grow(base: _Base, earned: list[StandingFact], further: list[StandingFact]) -> Deduced | None:
    """Suppose further facts, one after another, until the table is settled.

    Returns:
        What is forced under the last theory that was not refuted, None if nothing could be added.
    """
    kept = list(earned)
    last: Deduced | None = None
    for each in further:
        if time.monotonic() > base.deadline:
            break
        if not each.support or canonical(each.fact) in base.theory(kept).consequences():
            continue
        result = base.deduce([*kept, each], "supposed")
        if isinstance(result, Refuted):
            continue
        kept.append(each)
        last = result
        if result.settles:
            return _without_needless(base, kept, len(earned), result)
    return last


def _without_needless(
    base: _Base, facts: list[StandingFact], num_earned: int, result: Deduced
) -> Deduced:
    """Leave out supposed facts without which the table is settled all the same."""
    kept = list(facts)
    for each in facts[num_earned:-1]:
        fewer = [fact for fact in kept if fact is not each]
        again = base.deduce(fewer, "supposed")
        if isinstance(again, Deduced) and again.settles:
            kept, result = fewer, again
    return result


def _deduced(found: Completion, standing: Standing, weighed: Iterable[StandingFact]) -> Deduced:
    weights = {_spelled(each.fact): each for each in weighed}
    facts = tuple(
        _fact(law, weights.get(_spelled(law)))
        for law in (*found.theory.laws, *sorted(found.theory.conditions))
    )
    chances = [each.log10_chance for each in weights.values()]
    settles = found.unique == "yes"
    how = "propagation of its laws" if not found.num_nodes else f"{found.num_nodes} guesses"
    certificate = {
        "yes": f"{how}; the search was exhaustive",
        "no": f"{found.num_completions}{'' if found.is_exact else ' or more'} completions",
        "unknown": f"not settled after {found.num_nodes} guesses",
    }[found.unique]
    return Deduced(
        structure=found.theory,
        table=found.table,
        forced=found.forced | found.given,
        settles=settles,
        unique=found.unique,
        certificate=certificate,
        standing=standing,
        # a theory of several facts is no better supported than the weakest of them
        log10_chance=max(chances) if chances else None,
        facts=facts,
        completions=found.completions,
        num_completions=found.num_completions,
        is_exact=found.is_exact,
        possible=found.possible,
    )


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


def _fact(fact: Any, weighed: StandingFact | None) -> Fact:
    return Fact(
        law=str(fact),
        number=number_of(fact) if isinstance(fact, Law) else None,
        support=None if weighed is None else weighed.support,
        log10_chance=None if weighed is None else round(weighed.log10_chance, 2),
    )


def _spelled(fact: Any) -> str:
    return str(canonical(fact))


def _refuted(work: Table, theory: Theory, refutation: Refutation) -> Refuted:
    place = {
        (a, b): i for i, (a, b) in reversed(list(enumerate(work.observations[:, :2].tolist())))
    }
    return Refuted(
        structure=theory,
        evidence=tuple(place[cell] for cell in refutation.evidence),
        reason=_in_labels(refutation.reason, work),
    )


def _in_labels(reason: Reason, work: Table) -> str:
    """Return the instance of a law, or the conditions, with the labels of the table."""
    if reason.law is not None:
        values = ", ".join(
            f"{variable_name(i)} = {work.rows[value]}" for i, value in enumerate(reason.instance)
        )
        return f"{reason.law} fails at {values}"
    if reason.conditions:
        return " and ".join(reason.conditions)
    return "no completion is left after an exhaustive search"

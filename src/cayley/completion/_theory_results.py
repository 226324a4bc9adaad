"""Completions under laws, and refutations, as the pipeline has them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.completion._findings import Fact, Standing
from cayley.completion._outcome import Deduced, Refuted
from cayley.tables import Table
from cayley.theories import Completion, Law, Theory, number_of
from cayley.theories.laws._terms import variable_name
from cayley.theories.mining._weighing import StandingFact, canonical
from cayley.theories.propagation._reasons import Reason, Refutation

__all__ = ["as_deduced", "as_fact", "as_refuted", "spelled"]


def as_deduced(found: Completion, standing: Standing, weighed: Iterable[StandingFact]) -> Deduced:
    weights = {spelled(each.fact): each for each in weighed}
    facts = tuple(
        as_fact(law, weights.get(spelled(law)))
        for law in (*found.theory.laws, *sorted(found.theory.conditions))
    )
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
        facts=facts,
        completions=found.completions,
        num_completions=found.num_completions,
        is_exact=found.is_exact,
        possible=found.possible,
        predicted=None if settles or not found.is_exact else _most_even(found.completions),
    )


def _most_even(completions: tuple[NDArray[Any], ...]) -> NDArray[Any] | None:
    """Return the completion in which the symbols are spread most evenly, None on a tie.

    Where laws leave a choice, one value is often that of a zero or of another element that holds
    everything already; it follows from nothing that was seen, and a table with fewer coincidences
    is the better prediction. It proves nothing.
    """
    if not completions:
        return None
    n = len(completions[0])
    counts = [np.sort(np.bincount(table.ravel(), minlength=n)) for table in completions]
    # the sum of squares of the counts is least for the most even spread
    squares = [int((count**2).sum()) for count in counts]
    best = min(squares)
    return completions[squares.index(best)] if squares.count(best) == 1 else None


def as_fact(fact: Any, weighed: StandingFact | None) -> Fact:
    return Fact(
        law=str(fact),
        number=number_of(fact) if isinstance(fact, Law) else None,
        support=None if weighed is None else weighed.support,
        log10_chance=None if weighed is None else round(weighed.log10_chance, 2),
    )


def spelled(fact: Any) -> str:
    return str(canonical(fact))


def as_refuted(work: Table, theory: Theory, refutation: Refutation) -> Refuted:
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

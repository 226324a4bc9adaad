"""Exact deduction as a stage of the pipeline: a partial table in, findings out."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool
from numpy.typing import NDArray

from cayley.completion._conclusion import Findings
from cayley.completion._solution import Assumption
from cayley.deduction import (
    Decision,
    Forced,
    Inconsistent,
    Limits,
    Undecided,
    WrongEntries,
    decide,
    deduce,
    find_wrong_entries,
)
from cayley.tables import UNKNOWN, Table

__all__ = ["Deduced", "deduce_table", "repair_table"]

_SEARCHED_ORDER = 32
"""Up to this order what deduction leaves open is decided by a search through all groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduced:
    """What the observed cells force under one assumption.

    Attributes:
        findings: The table as far as it is known: observed and forced cells, and a completion
            where several are exhibited.
        settles: Whether the search can end here: the table is forced, or several completions are
            exhibited, so that no search could choose between them.
        inconsistent: Whether no table of the assumed kind has these cells.
        forced: Which cells are proved, shape ``(n, n)``.
        unique: Whether there is no other completion.
    """

    findings: Findings
    settles: bool = False
    inconsistent: bool = False
    forced: Bool[NDArray[Any], "n n"]
    unique: Literal["yes", "no", "unknown"] = "unknown"


def deduce_table(work: Table, *, assumption: Assumption, time_limit: float | None) -> Deduced:
    """Deduce what the observations of a square table force.

    Args:
        work: The observations; one alphabet in one order if a group is assumed.
        assumption: ``"group"`` or ``"isotope"``.
        time_limit: Seconds, or None for no limit but the engine's own.
    """
    assert assumption != "none"
    limits = Limits(time_limit=time_limit)
    searched = ""
    if work.order <= _SEARCHED_ORDER:
        decision = decide(work.observations, order=work.order, assume=assumption, limits=limits)
        result, searched = decision.verdict, _searched(decision, work.order)
    else:
        result = deduce(work.observations, order=work.order, assume=assumption, limits=limits)
    if isinstance(result, Forced):
        return _forced(work, result, assumption, searched)
    if isinstance(result, Inconsistent):
        findings = Findings(
            work=work,
            solver="exact",
            assumption=assumption,
            inconsistent=True,
            evidence=result.evidence,
        )
        nothing = np.zeros(work.array.shape, bool)
        return Deduced(findings=findings, inconsistent=True, forced=nothing)
    return _undecided(work, result, assumption, searched)


def _searched(decision: Decision, order: int) -> str:
    """Say what a search through the groups of an order looked at; empty if there was none."""
    if not decision.num_assignments:
        return ""
    if isinstance(decision.verdict, Undecided) and decision.verdict.unique == "no":
        return f"search stopped at the second completion, {decision.num_assignments} assignments"
    groups = "group" if decision.num_groups == 1 else "groups"
    how = "completely" if decision.is_complete else "as far as the limits allow"
    return (
        f"{decision.num_groups} {groups} of order {order} searched {how}, "
        f"{decision.num_assignments} assignments"
    )


def repair_table(
    work: Table, *, assumption: Assumption, seed: int, time_limit: float | None
) -> Findings | None:
    """Find wrong entries exactly: the table that all observations but a few force, or None.

    Args:
        work: The observations; one alphabet in one order if a group is assumed.
        assumption: ``"group"`` or ``"isotope"``.
        seed: Seed of the search.
        time_limit: Seconds, or None for no limit but the number of trials.
    """
    assert assumption != "none"
    found = find_wrong_entries(
        work.observations,
        order=work.order,
        assume=assumption,
        seed=seed,
        limits=Limits(time_limit=time_limit),
    )
    if not isinstance(found, WrongEntries):
        return None
    return _forced(work, found.forced, assumption).findings


_METHODS = {
    "closure": "closure of the relations that the observed cells present",
    "enumeration": "enumeration of the universal group",
    "quotients": "enumeration of the universal group and its quotients",
    "search": "search through all groups of the order",
}


def _forced(work: Table, result: Forced, assumption: Assumption, searched: str = "") -> Deduced:
    everything = np.ones(work.array.shape, bool)
    findings = Findings(
        work=work.with_array(result.table),
        solver="exact",
        assumption=assumption,
        accepted=True,
        forced=everything,
        unique="yes",
        certificate="; ".join(filter(None, (_METHODS[result.method], searched))),
    )
    return Deduced(findings=findings, settles=True, forced=everything, unique="yes")


def _undecided(work: Table, result: Undecided, assumption: Assumption, searched: str) -> Deduced:
    array = np.full(work.array.shape, UNKNOWN)
    a, b, c = result.cells.T
    array[a, b] = c
    known = work.array >= 0
    array[known] = work.array[known]
    forced = array >= 0
    settles = len(result.completions) == 2
    findings = Findings(
        work=work.with_array(result.completions[0] if settles else array),
        solver="exact",
        assumption=assumption,
        accepted=settles,
        forced=forced,
        unique=result.unique,
        certificate="; ".join(
            filter(
                None,
                (
                    ("two completions exhibited" if settles else f"not settled ({result.reason})"),
                    searched,
                ),
            )
        ),
    )
    return Deduced(findings=findings, settles=settles, forced=forced, unique=result.unique)

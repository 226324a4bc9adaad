"""Exact deduction as a stage of the pipeline: what it proves or refutes under one structure."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.completion._findings import Standing
from cayley.completion._outcome import Deduced, Refuted
from cayley.deduction import (
    Decision,
    Forced,
    Inconsistent,
    Limits,
    Undecided,
    WrongEntries,
    decide,
    deduce,
)
from cayley.deduction.wrong_entries._chance import EARNED, log10_agreeing_by_chance
from cayley.deduction.wrong_entries._nearest_structure import nearest_structure
from cayley.deduction.wrong_entries._repeated_symbols import log10_chance_of_so_few_repeats
from cayley.tables import UNKNOWN, Table

__all__ = ["deduce_table", "repair_tables", "standing_of"]

_SEARCHED_ORDER = 32
"""Up to this order what deduction leaves open is decided by a search through all groups of the
order, which takes milliseconds; order 64 has 267 groups and order 96 has 231."""

_TOO_ORDERLY = -2.0
"""Logarithm of the chance from which on contradicted observations do not pass for wrong entries:
they repeat so few symbols of their rows and columns. One noisy table in a hundred is then supposed
instead of earned; a Latin square near to a group has no wrong entries at all."""

_TRIED = math.log10(2)
"""Groups and their isotopes are two hypotheses, so each has to be half as likely by chance."""


def standing_of(
    work: Table, table: Int[NDArray[Any], "n n"], *, assume: Structure, given: bool
) -> tuple[Standing, float]:
    """Return how a group or isotope stands that a table was completed to, and its log10 chance.

    It is earned if so much agreement is unlikely by chance, and if the observations that contradict
    it, if any do, look like wrong entries.

    Args:
        work: The observations.
        table: The completed table.
        assume: ``GROUP`` or ``GROUP_ISOTOPE``.
        given: Whether the user said so.
    """
    a, b, c = np.unique(work.observations, axis=0).T
    agreeing = int((table[a, b] == c).sum())
    chance = log10_agreeing_by_chance(work.order, assume=assume, cells=len(c), agreeing=agreeing)
    chance = min(0.0, chance + _TRIED)
    if given:
        return "given", chance
    is_earned = chance <= EARNED
    if is_earned and agreeing < len(c) and (table >= 0).all():
        is_earned = log10_chance_of_so_few_repeats(work.observations, table) > _TOO_ORDERLY
    return "earned" if is_earned else "supposed", chance


def deduce_table(
    work: Table,
    *,
    assume: Structure,
    given: bool,
    time_limit: float | None,
    few_cells: bool = True,
) -> Deduced | Refuted:
    """Deduce what the observations of a square table force.

    Args:
        work: The observations; one alphabet in one order if a group is assumed.
        assume: ``GROUP`` or ``GROUP_ISOTOPE``.
        given: Whether the user said so.
        time_limit: Seconds, or None for no limit but the engine's own.
        few_cells: Whether to look for few cells that contradict each other where it is refuted,
            which takes ten times as long as to see that some do.
    """
    limits = Limits(time_limit=time_limit)
    if not few_cells:
        limits = replace(limits, evidence_seconds=0.0)
    searched = ""
    if work.order <= _SEARCHED_ORDER:
        decision = decide(work.observations, order=work.order, assume=assume, limits=limits)
        result, searched = decision.verdict, _searched(decision, work.order)
    else:
        result = deduce(work.observations, order=work.order, assume=assume, limits=limits)
    if isinstance(result, Inconsistent):
        return Refuted(structure=assume, evidence=result.evidence)
    if isinstance(result, Forced):
        return _forced(work, result, assume, given, searched)
    return _undecided(work, result, assume, given, searched)


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


def repair_tables(
    work: Table,
    *,
    structures: Sequence[Structure],
    given: bool,
    seed: int,
    time_limit: float | None,
    search_seconds: float | None = None,
    max_trials: int = 500,
) -> tuple[Deduced, ...]:
    """Find wrong entries exactly under several structures; the fewest win, whatever the structure.

    Args:
        work: The observations; one alphabet in one order if groups are among the structures.
        structures: What the operation may be, strongest first: the name for a table of several.
        given: Whether the user said so.
        seed: Seed of the searches.
        time_limit: Seconds for all structures, or None for no limit but the number of trials.
        search_seconds: Seconds for each structure until a table has to be found, or None.
        max_trials: Most clusters to try under each structure.

    Returns:
        The table with fewest wrong entries and those that leave one more; several with equally
        many where nothing decides between them; empty if no few wrong entries explain the cells.
    """
    nearest = nearest_structure(
        work.observations,
        order=work.order,
        structures=structures,
        seed=seed,
        limits=Limits(time_limit=time_limit),
        search_seconds=search_seconds,
        max_trials=max_trials,
    )
    if nearest.structure is None:
        return ()
    results: list[Deduced] = []
    if nearest.found is not None:
        bound = _bound(nearest.found)
        results.append(_forced(work, nearest.found.forced, nearest.structure, given, bound))
    for structure, each in (*nearest.tied, *nearest.rivals):
        standing, chance = standing_of(work, each.table, assume=structure, given=given)
        if standing == "supposed" and results:
            continue
        results.append(
            Deduced(
                structure=structure,
                table=each.table,
                forced=np.ones(each.table.shape, bool),
                settles=bool((each.table >= 0).all()),
                unique="yes" if each.is_forced else "unknown",
                certificate=f"another table leaves as few as {len(each.suspects)} wrong",
                standing=standing,
                log10_chance=chance,
            )
        )
    return tuple(results)


def _bound(found: WrongEntries) -> str:
    """Say what is proved about the other tables of the kind; empty if nothing is."""
    few = len(found.suspects)
    if not few or not found.is_only:
        return ""
    theorem = f", since {found.theorem}" if found.theorem else ""
    return f"every other table of the kind leaves at least {found.bound} wrong{theorem}"


_METHODS = {
    "closure": "closure of the relations that the observed cells present",
    "enumeration": "enumeration of the universal group",
    "quotients": "enumeration of the universal group and its quotients",
    "search": "search through all groups of the order",
}


def _forced(
    work: Table, result: Forced, assume: Structure, given: bool, searched: str = ""
) -> Deduced:
    standing, chance = standing_of(work, result.table, assume=assume, given=given)
    return Deduced(
        structure=assume,
        table=result.table,
        forced=np.ones(result.table.shape, bool),
        settles=True,
        unique="yes",
        certificate="; ".join(filter(None, (_METHODS[result.method], searched))),
        standing=standing,
        log10_chance=chance,
        completions=(result.table,),
        num_completions=1,
        is_exact=True,
    )


def _undecided(
    work: Table, result: Undecided, assume: Structure, given: bool, searched: str
) -> Deduced:
    array = np.full(work.array.shape, UNKNOWN)
    a, b, c = result.cells.T
    array[a, b] = c
    known = work.array >= 0
    array[known] = work.array[known]
    settles = len(result.completions) == 2
    standing: Standing = "given" if given else "supposed"
    chance = None
    if settles:
        standing, chance = standing_of(work, result.completions[0], assume=assume, given=given)
    found = "two completions exhibited" if settles else f"not settled ({result.reason})"
    return Deduced(
        structure=assume,
        table=result.completions[0] if settles else array,
        forced=array >= 0,
        settles=settles,
        unique=result.unique,
        certificate="; ".join(filter(None, (found, searched))),
        standing=standing,
        log10_chance=chance,
        completions=tuple(result.completions),
        num_completions=len(result.completions) or None,
    )

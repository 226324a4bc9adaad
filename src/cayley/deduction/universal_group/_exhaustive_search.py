"""Settles what deduction leaves open, for small orders, by a search through all groups."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley.algebra import Group, Structure
from cayley.deduction.todd_coxeter._todd_coxeter import Enumeration, Limits
from cayley.deduction.universal_group._deduce import Deduction, deduced
from cayley.deduction.universal_group._embeddings import SearchLimit, embeddings, plan_of
from cayley.deduction.universal_group._evidence import minimal_subset
from cayley.deduction.universal_group._labelings import labeled_tables
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.universal_group._universal_group import (
    Forced,
    Inconsistent,
    Undecided,
    frozen,
    undecided,
)
from cayley.tables import all_small_groups
from cayley.tables.families._small_groups import LARGEST_LISTED_ORDER

__all__ = ["Decision", "decide"]

Completion: TypeAlias = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
"""A group, the element of each label in it, and the table of the labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a search found out, and how far it went.

    Attributes:
        verdict: `Forced`, `Inconsistent` or `Undecided`, as from `deduce`.
        num_groups: How many groups of the order were searched to the end.
        num_assignments: How many partial assignments of elements to labels were looked at.
        is_complete: Whether the verdict is final: one completion, none, or two exhibited.
    """

    verdict: Deduction
    num_groups: int
    num_assignments: int
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Search:
    completions: list[Completion]
    num_groups: int
    num_assignments: int
    is_complete: bool


def decide(
    observations: ArrayLike,
    *,
    order: int,
    assume: Structure | str,
    limits: Limits | None = None,
    max_assignments: int = 2_000_000,
) -> Decision:
    """Decide whether no, one or several groups (isotopes) agree with observed products.

    First `deduce`; if that leaves it open, every group of the order is tried in turn: a few labels
    take all elements, the others follow from the observations. Two different completions settle
    it at once; one or none only after all groups.

    Args:
        observations: Observed products as rows ``(a, b, c)``, shape ``(m, 3)``.
        order: The order of the table. Beyond 100 there is no list of groups and no search.
        assume: "group" or "isotope", as in `deduce`.
        limits: How far to go in the deduction, and the time for everything.
        max_assignments: How many partial assignments to look at.

    Raises:
        TypeError: If the observations are not integers.
        ValueError: If an argument is out of range.

    Example:
        >>> decision = decide([[1, 1, 2], [1, 2, 0]], order=3, assume="group")
        >>> decision.verdict.table.tolist(), decision.num_groups
        ([[0, 1, 2], [1, 2, 0], [2, 0, 1]], 1)
        >>> decide([[0, 0, 0]], order=4, assume="group").verdict.unique
        'no'
    """
    if max_assignments < 0:
        raise ValueError(f"`max_assignments` must not be negative; got {max_assignments!r}.")
    limits = Limits() if limits is None else limits
    deadline = limits.deadline()
    partial = PartialTable.of(observations, order, assume)
    verdict = deduced(partial, limits, deadline=deadline)
    if not isinstance(verdict, Undecided) or verdict.unique == "no":
        return Decision(verdict=verdict, num_groups=0, num_assignments=0, is_complete=True)
    if partial.order > LARGEST_LISTED_ORDER:
        return Decision(verdict=verdict, num_groups=0, num_assignments=0, is_complete=False)
    # The closure merges labels and states products that follow; the search needs fewer seeds then.
    closure = partial.enumerated(replace(limits, full_enumeration=False), deadline=deadline)
    search = _search(partial, closure, max_assignments, deadline)
    return Decision(
        verdict=_verdict(partial, closure, search, deadline),
        num_groups=search.num_groups,
        num_assignments=search.num_assignments,
        is_complete=search.is_complete or len(search.completions) == 2,
    )


def _search(
    partial: PartialTable, closure: Enumeration, max_assignments: int, deadline: float
) -> _Search:
    """Look for two completions in all groups of the order."""
    found: dict[bytes, Completion] = {}
    budget, num_groups, complete = [max_assignments], 0, False
    if closure.status != "collapsed":
        plan = plan_of(closure.presentation)
        labels = closure.presentation.labels
        try:
            for listed in all_small_groups(partial.order):
                group = Group.from_permutations(listed.generators).table
                for row in embeddings(plan, group, budget, deadline=deadline):
                    elements = np.where(labels >= 0, row[labels], -1)
                    for full, table in labeled_tables(group, elements, most=2):
                        found.setdefault(table.tobytes(), (group, full, table))
                    if len(found) > 1:  # two completions: no search can choose between them
                        break
                if len(found) > 1:
                    break
                num_groups += 1
            complete = len(found) < 2
        except SearchLimit:
            pass
    else:
        complete = True
    return _Search(
        completions=[each for each in found.values() if _agrees(partial, each)][:2],
        num_groups=num_groups,
        num_assignments=max_assignments - max(budget[0], 0),
        is_complete=complete,
    )


def _agrees(partial: PartialTable, completion: Completion) -> bool:
    a, b, c = partial.cells.T
    if not np.array_equal(completion[2][a, b], c):
        raise AssertionError("a completion disagrees with the observations it comes from")
    return True


def _verdict(
    partial: PartialTable, closure: Enumeration, search: _Search, deadline: float
) -> Deduction:
    completions = search.completions
    if not search.is_complete or len(completions) == 2:
        reason = "two completions" if len(completions) == 2 else "limit: search"
        tables = tuple(table for _, _, table in completions)
        return undecided(closure, partial.order, reason=reason, completions=tables)
    if completions:
        group, elements, table = completions[0]
        return Forced(
            table=frozen(table), group=frozen(group), elements=frozen(elements), method="search"
        )

    def is_inconsistent(chosen: Sequence[int]) -> bool:
        part = partial.subset(chosen)
        result = part.enumerated(Limits(full_enumeration=False))
        # A subset has fewer checks and may need more assignments than all cells together.
        again = _search(part, result, search.num_assignments + 1000, math.inf)
        return again.is_complete and not again.completions

    chosen, minimal = minimal_subset(is_inconsistent, range(len(partial.cells)), deadline=deadline)
    return Inconsistent(evidence=tuple(sorted(chosen)), reason="search", minimal=minimal)

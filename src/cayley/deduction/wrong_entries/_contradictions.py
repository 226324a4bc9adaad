"""What some of the observations force or contradict, if the operation is a group or an isotope."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.deduction.todd_coxeter._todd_coxeter import Limits
from cayley.deduction.universal_group._evidence import evidence
from cayley.deduction.universal_group._exhaustive_search import decide
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.universal_group._universal_group import (
    Contradiction,
    Forced,
    Inconsistent,
    interpret,
)
from cayley.deduction.wrong_entries._fewest_suspects import Look

__all__ = ["GroupOracle"]

_SEARCHED_ORDER = 32
"""Up to this order what deduction leaves open is decided by a search through all groups."""
_ASSIGNMENTS = 20_000
"""Partial assignments in one such search: a fraction of a second, since many are asked for."""
_DEFINITIONS = 6
"""New elements for each label in an enumeration that only has to see whether cells force a table:
sets that need more are not worth it, a few more cells need fewer."""
_EVIDENCE_SECONDS = 0.5
"""Time for making one contradiction smaller. A larger one is as true and bounds less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOracle:
    """An `Oracle` for the places of observations; tables are groups, or isotopes of groups."""

    partial: PartialTable
    limits: Limits
    deadline: float

    def look(self, kept: Bool[NDArray[Any], " m"]) -> Look:
        """Decide what the observations allow."""
        core = self.core(kept)
        if core:
            return Look(core=core)
        left = self.deadline - time.monotonic()
        if left <= 0:
            return Look()
        places = np.flatnonzero(kept)
        verdict = decide(
            self.partial.cells[places],
            order=self.partial.order,
            assume=self.partial.assume,
            limits=replace(self.limits, time_limit=left if np.isfinite(left) else None),
            max_assignments=_ASSIGNMENTS if self.partial.order <= _SEARCHED_ORDER else 0,
        ).verdict
        if isinstance(verdict, Forced):
            return Look(tables=(verdict.table,), is_all=True)
        if isinstance(verdict, Inconsistent):
            return Look(core=tuple(places[list(verdict.evidence)].tolist()))
        return Look(tables=verdict.completions if verdict.unique == "no" else ())

    def core(self, kept: Bool[NDArray[Any], " m"]) -> tuple[int, ...]:
        """Return contradictory observations, if an enumeration sees the contradiction."""
        places = np.flatnonzero(kept)
        part = self.partial.subset(places)
        result = part.enumerated(self.limits, deadline=self.deadline)
        if not isinstance(interpret(result, part.cells, part.order), Contradiction):
            return ()
        limits = replace(self.limits, evidence_seconds=_EVIDENCE_SECONDS)
        chosen: Sequence[int]
        # One gathering: many contradictions are wanted, and each has to be found quickly.
        chosen, _ = evidence(part, limits, result.num_defined, gatherings=1, deadline=self.deadline)
        return tuple(places[list(chosen)].tolist())

    def forces(self, kept: Bool[NDArray[Any], " m"]) -> bool:
        """Return whether an enumeration shows that the observations allow just one table."""
        part = self.partial.subset(np.flatnonzero(kept))
        limits = replace(self.limits, max_cosets=_DEFINITIONS * part.order)
        result = part.enumerated(limits, deadline=self.deadline)
        return isinstance(interpret(result, part.cells, part.order), Forced)

    def suspects(self, table: Int[NDArray[Any], "n n"]) -> tuple[int, ...]:
        """Return the places of the observations that a table disagrees with."""
        a, b, c = self.partial.cells.T
        return tuple(np.flatnonzero(table[a, b] != c).tolist())

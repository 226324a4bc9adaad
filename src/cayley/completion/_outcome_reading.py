"""How an outcome is read: which of its results a solution shows, and what is said with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import Isotopism, NotIsotope
from cayley.completion._findings import Answer, Fact, Hypothesis, Standing, plural
from cayley.completion._outcome import Deduced, Outcome, Proposed
from cayley.completion._progress import SolverName
from cayley.tables import Table

__all__ = ["OutcomeReading", "contradicts_itself"]

_FITS_NOTHING = (
    "No table of the kind asked for has all of these cells: deduction found a contradiction, and "
    "no few wrong entries explain it."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutcomeReading:
    """How an outcome is read: which of its results the solution shows, and what for."""

    array: Int[NDArray[Any], "n n"]
    solver: SolverName = "exact"
    assumption: Hypothesis | None = None
    standing: Standing | None = None
    log10_chance: float | None = None
    facts: tuple[Fact, ...] = ()
    earned: Hypothesis | None = None
    completions: tuple[Int[NDArray[Any], "n n"], ...] = ()
    num_completions: int | None = None
    completions_exact: bool = False
    possible: Mapping[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    shown: Deduced | Proposed | None = None
    accepted: bool = False
    inconsistent: bool = False
    as_given: bool = False
    shows_proposal: bool = False
    fit: float = 1.0
    forced: Bool[NDArray[Any], "n n"] | None = None
    unique: Answer = "unknown"
    certificate: str = ""
    notes: tuple[str, ...] = ()
    isotopism: Isotopism | NotIsotope | None = None

    @classmethod
    def of(
        cls, given: Table, outcome: Outcome, hypotheses: tuple[Hypothesis, ...]
    ) -> "OutcomeReading":
        """Read what settles the table; else the table as given; else what comes closest."""
        # The order matters: a proof comes before the table as given, which may hold wrong entries,
        # and the table as given before a proposal, which would replace observed cells.
        settled, work = outcome.settled, outcome.work
        if isinstance(settled, Deduced):
            return cls._of_deduced(settled)
        if isinstance(settled, Proposed):
            return cls._of_accepted(settled)
        asked = hypotheses[-1] if hypotheses else None
        inconsistent = asked is not None and all(map(outcome.is_refuted, hypotheses))
        proposal = outcome.proposal
        if given.is_full and given.is_square and not contradicts_itself(work):
            return cls(
                array=work.array,
                as_given=not inconsistent,
                inconsistent=inconsistent,
                assumption=asked if inconsistent else None,
                standing="given" if inconsistent else None,
                unique="unknown" if inconsistent else "yes",
                notes=(_FITS_NOTHING,) if inconsistent and proposal is not None else (),
            )
        if proposal is not None:
            return cls._of_rejected(work, proposal, outcome, asked if inconsistent else None)
        if outcome.deduced:
            # An earned theory that leaves cells open says more than a supposed one that was not
            # refuted; of equals the later stage had more to go by.
            return cls._of_deduced(max(reversed(outcome.deduced), key=_trust))
        last = outcome.tried[-1] if outcome.tried else None
        assumption = None if last is None else last.structure
        return cls(
            array=work.array,
            assumption=assumption,
            standing=None if last is None else "given" if asked is not None else "supposed",
            inconsistent=last is not None,
        )

    @classmethod
    def _of_deduced(cls, found: Deduced) -> "OutcomeReading":
        return cls(
            array=found.table if found.predicted is None else found.predicted,
            assumption=found.structure,
            accepted=found.settles,
            forced=found.forced,
            unique=found.unique,
            certificate=found.certificate,
            standing=found.standing,
            log10_chance=found.log10_chance,
            facts=found.facts,
            earned=found.earned,
            completions=found.completions,
            num_completions=found.num_completions,
            completions_exact=found.is_exact,
            possible=found.possible,
            shown=found,
        )

    def with_completions_of(
        self, outcome: Outcome, hypotheses: tuple[Hypothesis, ...]
    ) -> "OutcomeReading":
        """Count the completions of a theory that was given, where others were supposed beyond it.

        A person who names a theory asks for all that it allows.
        """
        asked = [each for each in outcome.deduced if each.structure in hypotheses]
        if not asked or self.standing != "supposed" or asked[0].num_completions is None:
            return self
        if asked[0] is self.shown:  # nothing is supposed beyond it: a block of a group
            return self
        return replace(
            self,
            completions=asked[0].completions,
            num_completions=asked[0].num_completions,
            completions_exact=asked[0].is_exact,
            notes=(*self.notes, _allowed(asked[0])),
        )

    @classmethod
    def _of_accepted(cls, found: Proposed) -> "OutcomeReading":
        proof = found.certified
        return cls(
            array=found.candidate.table,
            solver=found.solver,
            assumption=found.structure,
            accepted=True,
            shows_proposal=True,
            fit=found.fit,
            forced=None if proof is None else proof.forced,
            unique="unknown" if proof is None else proof.unique,
            certificate="" if proof is None else proof.certificate,
            isotopism=found.candidate.isotopism,
            standing=None if found.structure is None else found.standing,
            log10_chance=None if found.structure is None else found.log10_chance,
            shown=found,
        )

    @classmethod
    def _of_rejected(
        cls, work: Table, found: Proposed, outcome: Outcome, asked: Hypothesis | None
    ) -> "OutcomeReading":
        """Keep what was observed and predict the rest, as far as a theory that stands allows."""
        if found.under is not None and found.allowed is not None and asked is None:
            return replace(
                cls._of_deduced(found.under),
                array=found.allowed,
                solver=found.solver,
                shows_proposal=True,
                possible={
                    cell: values
                    for cell, values in found.under.possible.items()
                    if found.allowed[cell] < 0
                },
                notes=_cut_short(found),
            )
        fits_nothing = bool(outcome.refuted) and not outcome.deduced
        return cls(
            array=np.where(work.array >= 0, work.array, found.candidate.table),
            solver=found.solver,
            assumption=asked,
            standing=None if asked is None else "given",
            inconsistent=asked is not None,
            shows_proposal=True,
            fit=found.fit,
            notes=(*((_FITS_NOTHING,) if fits_nothing else ()), *_cut_short(found)),
        )


def _cut_short(found: Proposed) -> tuple[str, ...]:
    """Say that learning was ended early."""
    if not found.cut:
        return ()
    return (
        f"Learning was ended after {found.steps} steps: no theory has these cells, and so few of "
        "them allow no more than a guess.",
    )


def _allowed(found: Deduced) -> str:
    least = "" if found.is_exact else "At least "
    if found.num_completions == 1:
        return f"{least or 'Just '}one of all {plural(found.structure)} has the observed cells."
    return f"{least}{found.num_completions} {plural(found.structure)} have the observed cells."


def contradicts_itself(work: Table) -> bool:
    """Whether a cell was observed twice with different symbols."""
    a, b, c = work.repeats.T
    return bool((work.array[a, b] != c).any())


def _trust(found: Deduced) -> int:
    return ("supposed", "earned", "given").index(found.standing)

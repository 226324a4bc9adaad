"""Reads an outcome once and concludes: which table, under which theory, with which rivals.

The structure of the completed table is decided exactly here: this is the step where floats stop
mattering.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.algebra import Identification, Isotopism, NotIsotope, Structure, identify
from cayley.completion._findings import (
    Answer,
    Fact,
    Hypothesis,
    Provenance,
    Refutation,
    Rival,
    Standing,
    Status,
    plural,
    provenance_of,
)
from cayley.completion._judge import suspects_of
from cayley.completion._outcome import Deduced, Outcome, Proposed
from cayley.completion._progress import SolverName
from cayley.completion.solution._solution import Solution
from cayley.tables import UNKNOWN, Table

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["conclude"]

_FITS_NOTHING = (
    "No table of the kind asked for has all of these cells: deduction found a contradiction, and "
    "no few wrong entries explain it."
)


def conclude(
    given: Table,
    outcome: Outcome,
    *,
    assume: Hypothesis | str,
    hypotheses: tuple[Hypothesis, ...],
    known: Identification | None = None,
    **about: Any,
) -> Solution:
    """Turn an outcome into a solution, deciding the structure of its table exactly.

    Args:
        given: The table as the user gave it; ``outcome.work`` may list its labels otherwise.
        outcome: What was tried and what came of it.
        assume: What was asked for.
        hypotheses: What that means; empty for "auto" and "none".
        known: The identification of ``given``, if it is full and that is decided already.
        about: Further attributes of the solution, such as ``seed`` and ``seconds``.
    """
    order = _Order.between(outcome.work, given)
    reading = _Reading.of(given, outcome, hypotheses).with_completions_of(outcome, hypotheses)
    array = order.of_products(reading.array)
    if not reading.accepted:
        array = _without_contradictions(given, array)
    table = given.with_array(array)
    found = _identification(table, given, reading, known)
    is_group = found is not None and isinstance(found.isotopism, Isotopism)
    rivals = _rivals(outcome, reading, order, table)
    provenance = np.array(provenance_of(given, table, Provenance.PREDICTED))
    if reading.forced is not None:
        forced = order.of_cells(reading.forced)
        provenance[(provenance == Provenance.PREDICTED) & forced] = Provenance.FORCED
    provenance.flags.writeable = False
    status = _status(given, table, reading, is_group, rivals)
    proposal = outcome.proposal
    shown = proposal if reading.shows_proposal else None
    margin = None if shown is None else order.of_cells(shown.margin)
    return Solution(
        given=given,
        table=table,
        provenance=provenance,
        status=status,
        assume=assume,
        assumption=reading.assumption,
        standing=reading.standing,
        log10_chance=reading.log10_chance,
        facts=reading.facts,
        earned=reading.earned,
        homotope_of=_group_behind(reading),
        rivals=rivals,
        completions=tuple(
            given.with_array(order.of_products(each)) for each in reading.completions
        ),
        num_completions=reading.num_completions,
        completions_exact=reading.completions_exact,
        possible=order.of_values(reading.possible),
        refuted=tuple(
            Refutation(
                structure=each.structure,
                cells=_labels(outcome.work, each.evidence),
                reason=each.reason,
            )
            for each in outcome.refuted
        ),
        identification=found,
        proved=_is_proved(found, given, reading, status),
        solver=reading.solver,
        unique=reading.unique,
        method=reading.certificate,
        suspects=suspects_of(
            given,
            table,
            margin=margin,
            agreements=_agreements(outcome.work, shown),
            certified=reading.accepted and reading.unique == "yes",
        ),
        margin=margin,
        complexity=3.0 if is_group else None if proposal is None else proposal.complexity,
        factors=None if shown is None else order.of_factors(shown.factors),
        steps=0 if shown is None else shown.steps,
        notes=(*reading.notes, *outcome.remarks),
        interrupted=outcome.ended_early or (proposal is not None and proposal.stopped),
        **about,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reading:
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
    def of(cls, given: Table, outcome: Outcome, hypotheses: tuple[Hypothesis, ...]) -> "_Reading":
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
        if given.is_full and given.is_square and not _contradicts_itself(work):
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
    def _of_deduced(cls, found: Deduced) -> "_Reading":
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
    ) -> "_Reading":
        """Count the completions of a theory that was given, where others were supposed beyond it.

        A person who names a theory asks for all that it allows.
        """
        asked = [each for each in outcome.deduced if each.structure in hypotheses]
        if not asked or self.standing != "supposed" or asked[0].num_completions is None:
            return self
        return replace(
            self,
            completions=asked[0].completions,
            num_completions=asked[0].num_completions,
            completions_exact=asked[0].is_exact,
            notes=(*self.notes, _allowed(asked[0])),
        )

    @classmethod
    def _of_accepted(cls, found: Proposed) -> "_Reading":
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
    ) -> "_Reading":
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
    return f"{least}{found.num_completions} {plural(found.structure)} have the observed cells."


def _contradicts_itself(work: Table) -> bool:
    """Whether a cell was observed twice with different symbols."""
    a, b, c = work.repeats.T
    return bool((work.array[a, b] != c).any())


def _without_contradictions(
    given: Table, array: Int[NDArray[Any], "n n"]
) -> Int[NDArray[Any], "n n"]:
    """Leave a cell open that was observed with several results.

    Where no structure decides between them, the order of the observations may not do it either.
    """
    a, b, c = given.repeats.T
    wrong = given.array[a, b] != c
    if not wrong.any():
        return array
    array = array.copy()
    array[a[wrong], b[wrong]] = UNKNOWN
    return array


def _identification(
    table: Table, given: Table, reading: _Reading, known: Identification | None
) -> Identification | None:
    if not table.is_full or not table.is_square:
        return None
    if known is not None and np.array_equal(table.array, given.array):
        return known
    return identify(table, isotopism=reading.isotopism)


def _group_behind(reading: _Reading) -> tuple[str | None, tuple[int, int] | None] | None:
    """Return the name and number of the group of a homotope."""
    found = reading.shown.group if isinstance(reading.shown, Deduced) else None
    return None if found is None else (found.name, found.gap_id)


def _trust(found: Deduced) -> int:
    return ("supposed", "earned", "given").index(found.standing)


def _rivals(
    outcome: Outcome, reading: _Reading, order: "_Order", table: Table
) -> tuple[Rival, ...]:
    """Return the other explanations that differ from the one shown and could not be set aside.

    One that was given or earned and accuses nothing is set aside by nothing but another such; what
    accuses observations stands beside all that accuse as few, or one more.
    """
    shown = reading.shown
    if shown is None or not reading.accepted:
        return ()
    wrong = outcome.num_wrong(shown)
    found: list[Rival] = []
    for each in outcome.explanations:
        if each is shown or (each.structure is None):
            continue
        others = outcome.num_wrong(each)
        if others > wrong + 1 or (shown.standing != "supposed" and each.standing == "supposed"):
            continue
        if wrong == 0 and others and shown.standing != "supposed":
            continue
        array = each.table if isinstance(each, Deduced) else each.candidate.table
        differing = np.argwhere(order.of_products(array) != table.array)
        cells = tuple(
            (table.rows[a], table.columns[b], _symbol(table, order.of_products(array)[a, b]))
            for a, b in differing.tolist()
        )
        if cells:
            found.append(
                Rival(theory=each.structure, standing=each.standing, differs=cells, suspects=others)
            )
    return tuple(found)


def _symbol(table: Table, index: int) -> str | None:
    return None if index < 0 else table.symbols[index]


def _status(
    given: Table, table: Table, reading: _Reading, is_group: bool, rivals: tuple[Rival, ...]
) -> Status:
    if reading.accepted:
        trusted = reading.standing in ("given", "earned") and not rivals
        return "solved" if trusted and table.is_full else "predicted"
    if reading.inconsistent:
        return "inconsistent"
    if not table.is_full or not table.is_square:
        return "unresolved"
    if reading.as_given:
        return "solved"  # nothing had to be filled in
    return "predicted" if reading.fit == 1 or is_group else "unresolved"


def _is_proved(
    found: Identification | None, given: Table, reading: _Reading, status: Status
) -> bool:
    if found is None or status == "inconsistent":
        return False
    if found.structure is not Structure.MAGMA or given.is_full:
        return True
    # a completion that a search exhibits has all laws of its theory in all cells
    return isinstance(reading.shown, Deduced) and reading.accepted


def _labels(work: Table, evidence: tuple[int, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return observations by their labels."""
    chosen = work.observations[list(evidence)].tolist() if evidence else []
    return tuple((work.rows[a], work.columns[b], work.symbols[c]) for a, b, c in chosen)


def _agreements(work: Table, found: Proposed | None) -> Mapping[tuple[str, str, str], float] | None:
    """Return the learned score of every observation by its labels, if there is one."""
    if found is None or found.agreements is None:
        return None
    return dict(zip(work.triples(), found.agreements.round(4).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Order:
    """How the labels of one table are placed in another with the same labels."""

    columns: Int[NDArray[Any], " n"]
    symbols: Int[NDArray[Any], " n"]

    @classmethod
    def between(cls, work: Table, given: Table) -> "_Order":
        """Rows are never moved; columns and symbols may be."""
        place = {label: i for i, label in enumerate(work.columns)}
        symbols = {label: i for i, label in enumerate(given.symbols)}
        return cls(
            np.array([place[label] for label in given.columns]),
            np.array([symbols[label] for label in work.symbols]),
        )

    def of_products(self, array: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], "n n"]:
        lookup = np.append(self.symbols, UNKNOWN)
        placed: Int[NDArray[Any], "n n"] = lookup[array[:, self.columns]]
        return placed

    def of_values(
        self, possible: Mapping[tuple[int, int], tuple[int, ...]]
    ) -> dict[tuple[int, int], tuple[int, ...]]:
        """Place the values of cells, and number them as the symbols are listed."""
        place = {int(column): j for j, column in enumerate(self.columns)}
        return {
            (a, place[b]): tuple(int(self.symbols[value]) for value in values)
            for (a, b), values in sorted(possible.items())
        }

    def of_cells(self, array: NDArray[Any]) -> NDArray[Any]:
        cells: NDArray[Any] = array[:, self.columns]
        return cells

    def of_factors(
        self, factors: "tuple[Tensor, Tensor, Tensor]"
    ) -> "tuple[Tensor, Tensor, Tensor]":
        A, B, C = factors
        return A, B[self.columns.tolist()], C[np.argsort(self.symbols).tolist()]

"""Reads an outcome once and concludes: which table, under which theory, with which rivals.

The structure of the completed table is decided exactly here: this is the step where floats stop
mattering.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Identification, Isotopism, Structure, identify
from cayley.completion._findings import (
    Hypothesis,
    Provenance,
    Refutation,
    Rival,
    Status,
    provenance_of,
)
from cayley.completion._judge import suspects_of
from cayley.completion._label_order import LabelOrder
from cayley.completion._outcome import Deduced, Outcome, Proposed
from cayley.completion._outcome_reading import OutcomeReading
from cayley.completion.solution._solution import Solution
from cayley.tables import UNKNOWN, Table

if TYPE_CHECKING:
    pass

__all__ = ["conclude"]


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
    order = LabelOrder.between(outcome.work, given)
    reading = OutcomeReading.of(given, outcome, hypotheses).with_completions_of(outcome, hypotheses)
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
    margin = None
    if shown is not None and shown.margin is not None:
        margin = order.of_cells(shown.margin)
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
        learned=None if shown is None or shown.factors is None else order.of_factors(shown.factors),
        steps=0 if shown is None else shown.steps,
        notes=(*reading.notes, *outcome.remarks),
        interrupted=outcome.ended_early or (proposal is not None and proposal.stopped),
        **about,
    )


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
    table: Table, given: Table, reading: OutcomeReading, known: Identification | None
) -> Identification | None:
    if not table.is_full or not table.is_square:
        return None
    if known is not None and np.array_equal(table.array, given.array):
        return known
    return identify(table, isotopism=reading.isotopism)


def _group_behind(reading: OutcomeReading) -> tuple[str | None, tuple[int, int] | None] | None:
    """Return the name and number of the group of a homotope."""
    found = reading.shown.group if isinstance(reading.shown, Deduced) else None
    return None if found is None else (found.name, found.gap_id)


def _rivals(
    outcome: Outcome, reading: OutcomeReading, order: "LabelOrder", table: Table
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
    given: Table, table: Table, reading: OutcomeReading, is_group: bool, rivals: tuple[Rival, ...]
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
    found: Identification | None, given: Table, reading: OutcomeReading, status: Status
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

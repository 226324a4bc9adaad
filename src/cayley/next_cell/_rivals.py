"""Which theories stand, where they disagree, and whether the first of them is earned.

With ``auto`` nothing is taken for granted: theories are refuted by answers, or earned. Cells for
which two that stand force different values come first, then those that the first one needs. What it
forces is tested by further cells until chance is excluded, as by `solve`.
"""

import math
import time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.completion._exact import standing_of
from cayley.next_cell._costs import Candidate, cheapest
from cayley.next_cell._for_groups import Refuted, group_prediction
from cayley.next_cell._from_theories import Prediction, predicted, questions_between
from cayley.next_cell._question import Proposal
from cayley.next_cell._working_table import WorkingTable
from cayley.theories import complete_under
from cayley.theories.laws._catalog import NOUNS
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.mining._evidence import evidence_for
from cayley.theories.mining._standing import standing_theories

__all__ = ["rival_questions", "unassumed_questions"]

_RIVALS_ORDER = 8
"""Up to this order all named theories go through the cells for every question, which takes tenths
of a second; above it a group is supposed until it is refuted, then an isotope, then theories."""

_WEIGHING_SECONDS = 2.0
"""Most time for weighing theories where no group is left; without a result nothing is assumed."""


_LOOPS_ORDER = 32
"""Up to this order a group is tested where a Moufang loop leaves a choice; the propagation takes a
second above."""


class _Stands(NamedTuple):
    """A hypothesis that no cell refutes, and what it forces."""

    hypothesis: Any
    prediction: Prediction


def unassumed_questions(working: WorkingTable) -> list[Proposal] | None:
    """Return open cells in their order: without a theory no cell tells of another."""
    n = working.table.order
    why = "nothing is assumed, so that no cell says anything of another"
    cells = [
        Candidate(
            Proposal(row=a, column=b, bits=math.log2(n), is_exact=True, why=why, theory="none"),
            1.0,
            (a, b),
        )
        for a, b in np.argwhere(working.array < 0).tolist()
    ]
    if not cells:
        return []
    return cheapest(cells, working.costs, working.count) or None


def rival_questions(working: WorkingTable, hypotheses: tuple[Any, ...]) -> list[Proposal] | None:
    """Return cells that tell theories apart, then cells under the first that stands.

    Args:
        working: The table.
        hypotheses: Several readings of what was asked for, such as left and right quandles; none
            if every theory may be the one.

    Returns:
        The cells; empty if nothing is left to ask; None if no open cell can be observed.

    Raises:
        Refuted: If none of several readings stands.
        ValueError: If a table over three alphabets contradicts every isotope.
    """
    if not (working.array < 0).any():
        return []
    standing = (
        [each for theory in hypotheses if (each := _stands(working, theory)) is not None]
        if hypotheses
        else _all_that_stand(working)
    )
    if not standing:
        return working.under(hypotheses[0]) if hypotheses else unassumed_questions(working)
    predictions = [each.prediction for each in standing]
    between = questions_between(
        predictions, working.array, count=working.count, costs=working.costs
    )
    if between:
        return between
    found = working.under(standing[0].hypothesis)
    if found or found is None or hypotheses:
        return found
    return _tests(working, standing[0])


def _all_that_stand(working: WorkingTable) -> list[_Stands]:
    """Return groups, isotopes and named theories that no cell refutes, those to name first."""
    found: list[_Stands] = []
    evidence: tuple[int, ...] = ()
    one_alphabet = working.table.has_one_alphabet
    structures = (Structure.GROUP, Structure.GROUP_ISOTOPE)
    for structure in structures if one_alphabet else structures[1:]:
        partial = working.partial(structure)
        try:
            known = group_prediction(partial)
        except Refuted as refuted:
            evidence = working.places(partial.cells[list(refuted.evidence)])
            continue
        found.append(_Stands(structure, Prediction(str(structure), known)))
    if not one_alphabet:
        if not found:
            raise ValueError(
                f"`table` contradicts every isotope of a group: {working.spelled(evidence)} cannot "
                'hold together. Use assume="latin" or assume="none".'
            )
        return found
    named = _named(working, no_group=not found)
    return found + [each for theory in named if (each := _stands(working, theory)) is not None]


def _stands(working: WorkingTable, theory: Any) -> _Stands | None:
    found = predicted(working.array, theory)
    return _Stands(theory, found) if isinstance(found, Prediction) else None


def _named(working: WorkingTable, *, no_group: bool) -> list[Any]:
    """Return theories of laws to go through, those to name first."""
    if working.table.order <= _RIVALS_ORDER:
        # The strongest first, so that it names those that say the same.
        return sorted(
            (each for each in NOUNS.values() if each.laws or each.conditions),
            key=lambda each: -len(each.consequences()),
        )
    if not no_group:
        return []
    try:
        deadline = time.monotonic() + _WEIGHING_SECONDS
        standing = standing_theories(working.array, deadline=deadline)
    except OutOfTime:
        return []
    # The best founded one; others are weighed again once it is refuted.
    return [each.theory for each in standing[:1]]


def _tests(working: WorkingTable, first: _Stands) -> list[Proposal] | None:
    """Return cells that test what the first theory forces, until it is earned.

    A loop that is no group may agree with one in three cells of four, as the octonions do: that is
    no chance, and random cells would seldom tell. So a group is tested where a Moufang loop leaves
    a choice, until none is left.
    """
    table = _completed(working, first)
    if (table < 0).any():
        return []
    open_ = working.array < 0
    if first.hypothesis is Structure.GROUP and working.table.order <= _LOOPS_ORDER:
        loop = predicted(working.array, NOUNS["moufang loop"])
        if isinstance(loop, Prediction) and (loop.table < 0).any():
            open_ &= loop.table < 0
        elif _is_earned(working, first.hypothesis, table):
            return []
    elif _is_earned(working, first.hypothesis, table):
        return []
    cells = []
    for a, b in working.random.permutation(np.argwhere(open_)).tolist():
        value = int(table[a, b])
        why = (
            f"if it is a {first.hypothesis}, the answer is {working.table.symbols[value]}; the "
            "cells so far do not exclude everything else"
        )
        others = tuple(c for c in range(working.table.order) if c != value)
        settles = (
            ((value,), f"agrees with the {first.hypothesis}"),
            (others, f"refutes the {first.hypothesis}"),
        )
        proposal = Proposal(
            row=a, column=b, bits=1.0, is_exact=False, why=why, theory="auto", settles=settles
        )
        cells.append(Candidate(proposal, 1.0, (a, b)))
    return cheapest(cells, working.costs, working.count) or None


def _completed(working: WorkingTable, first: _Stands) -> Int[NDArray[Any], "n n"]:
    if (first.prediction.table >= 0).all() or isinstance(first.hypothesis, Structure):
        return first.prediction.table
    return complete_under(working.array, first.hypothesis).table


def _is_earned(working: WorkingTable, hypothesis: Any, table: Int[NDArray[Any], "n n"]) -> bool:
    """Whether so much agreement by chance is excluded, as `solve` judges it."""
    if isinstance(hypothesis, Structure):
        return standing_of(working.table, table, assume=hypothesis, given=False)[0] == "earned"
    return evidence_for(hypothesis, working.array).is_earned

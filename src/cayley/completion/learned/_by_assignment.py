"""The nearest groups and isotopes of a small table, judged by algebra; nothing is learned."""

import time

import numpy as np

from cayley.algebra import Structure
from cayley.completion._call import Call
from cayley.completion._judge import Candidate, can_be_noisy, judge
from cayley.completion._outcome import Outcome, Proposed
from cayley.deduction.wrong_entries._alternating_assignment import nearest_tables

__all__ = ["nearest_proposals"]

_NO_TIME = "The search for the nearest group or isotope was left out: there was no time for it."


def nearest_proposals(
    call: Call, outcome: Outcome, wanted: tuple[Structure | None, ...]
) -> tuple[list[Proposed], Outcome]:
    """Return the tables of groups and isotopes near a small table that algebra accepts.

    Of each kind the table that agrees with most observations is judged; if it is accepted, those
    that agree with as many, or with one less, are returned too, as what they are: other
    explanations.

    Args:
        call: The call, whose table is small.
        outcome: What was tried before.
        wanted: The kinds, strongest first; None for isotopes that nobody assumes.

    Returns:
        The proposals, and the outcome with a remark if there was no time.
    """
    found: list[Proposed] = []
    for structure in wanted:
        # what is consistent has been searched completely; with too few cells none is believed
        if not can_be_noisy(call.work, assume=structure):
            continue
        remaining = call.remaining()
        nearest = nearest_tables(
            call.work.observations,
            order=call.work.order,
            assume=Structure.GROUP if structure is Structure.GROUP else Structure.GROUP_ISOTOPE,
            seed=call.seed,
            deadline=np.inf if remaining is None else time.monotonic() + remaining,
        )
        if nearest is None:
            return found, outcome.leaving_out(_NO_TIME)
        tables, agreeing = nearest
        best = judge(tables[0], call.work, assume=structure)
        if not best.accepted:
            continue
        found.append(_proposed(call, structure, best))
        for table, count in zip(tables[1:], agreeing[1:].tolist(), strict=True):
            if count < best.agreeing - 1:
                break
            rival = Candidate(table=table, accepted=True, agreeing=count)
            found.append(_proposed(call, structure, rival))
    return found, outcome


def _proposed(call: Call, structure: Structure | None, candidate: Candidate) -> Proposed:
    return Proposed(
        structure=structure,
        solver="exact",
        candidate=candidate,
        fit=candidate.agreeing / len(call.work.observations),
    )

"""Nearest tables as proposals: rivals are said, and so is a search without time."""

import time

import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.completion._call import Call
from cayley.completion._judge import Candidate
from cayley.completion._outcome import Outcome
from cayley.completion.learned import _by_assignment
from cayley.completion.learned._by_assignment import nearest_proposals
from cayley.deduction.wrong_entries._alternating_assignment import nearest_tables
from cayley.tables import Table, add_noise, generate_family

KIND = Structure.GROUP_ISOTOPE


def call_for(table: Table, *, seconds: float | None = None) -> Call:
    return Call(
        given=table,
        work=table,
        assume="auto",
        hypotheses=(),
        solver="auto",
        seed=0,
        restarts=8,
        deadline=None if seconds is None else time.monotonic() + seconds,
        callback=None,
    )


@pytest.mark.parametrize("accepted", [True, False])
def test_tables_within_one_of_an_accepted_one_are_rivals(accepted, monkeypatch) -> None:
    table = Table.from_array(np.random.default_rng(1).integers(0, 5, (5, 5)))
    tables, agreeing = nearest_tables(table.observations, order=5, assume=KIND)
    near = int((agreeing >= agreeing[0] - 1).sum())
    assert 1 < near < len(tables)

    def verdict(proposed, observed, *, assume):
        return Candidate(table=proposed, accepted=accepted, agreeing=int(agreeing[0]))

    # so small a table is never believed by itself
    monkeypatch.setattr(_by_assignment, "can_be_noisy", lambda work, assume: True)
    monkeypatch.setattr(_by_assignment, "judge", verdict)
    found, outcome = nearest_proposals(call_for(table), Outcome(work=table), (KIND,))
    assert not outcome.remarks
    assert len(found) == (near if accepted else 0)
    for each, expected, count in zip(found, tables, agreeing, strict=False):
        assert (each.candidate.table == expected).all()
        assert (each.structure, each.solver, each.fit) == (KIND, "exact", count / 25)


def test_too_few_cells_for_an_accusation_are_not_searched(monkeypatch) -> None:
    monkeypatch.delattr(_by_assignment, "nearest_tables")
    table = Table.from_array(np.random.default_rng(1).integers(0, 4, (4, 4)))
    assert nearest_proposals(call_for(table), Outcome(work=table), (KIND,))[0] == []


def test_a_search_for_which_there_is_no_time_is_said_to_be_left_out() -> None:
    table = add_noise(generate_family("C9"), noise=0.3, seed=0)
    found, outcome = nearest_proposals(call_for(table, seconds=-1), Outcome(work=table), (KIND,))
    assert not found
    assert outcome.ended_early
    assert "nearest group or isotope was left out" in outcome.remarks[0]

"""What is concluded from several explanations of the same observations."""

import numpy as np
import pytest

from cayley.completion._conclusion import conclude
from cayley.completion._outcome import Deduced, Outcome
from cayley.tables import Table
from cayley.theories import parse_theory

AND = np.array([[0, 0], [0, 1]])
EXCLUSIVE_OR = np.array([[0, 1], [1, 0]])


def deduced(theory, table, standing):
    return Deduced(
        structure=parse_theory(theory),
        table=table,
        forced=np.ones_like(table, bool),
        settles=True,
        unique="yes",
        certificate="",
        standing=standing,
        log10_chance=-7.0 if standing == "earned" else None,
    )


def concluded(cells, *explanations):
    table = Table.from_array(cells)
    return conclude(
        table,
        Outcome(work=table, tried=explanations),
        assume="auto",
        hypotheses=(),
        seed=0,
        seconds=0.0,
        options={},
    )


@pytest.mark.parametrize("standing", ["given", "earned"])
def test_what_is_trusted_solves_a_table_only_without_an_equal_rival(standing) -> None:
    cells = np.array([[0, -1], [-1, -1]])
    alone = concluded(cells, deduced("semilattice", AND, standing))
    assert (alone.status, alone.rivals) == ("solved", ())
    both = concluded(
        cells, deduced("semilattice", AND, standing), deduced("group", EXCLUSIVE_OR, standing)
    )
    assert both.status == "predicted"
    (rival,) = both.rivals
    assert str(rival.theory) == "group"
    assert set(rival.differs) == {("0", "1", "1"), ("1", "0", "1"), ("1", "1", "0")}


@pytest.mark.parametrize(("wrong", "is_rival"), [(1, True), (2, True), (3, False)])
def test_who_accuses_one_cell_more_is_a_rival(wrong, is_rival) -> None:
    """The table shown accuses one of sixteen cells, the other so many."""
    cells = np.indices((4, 4)).sum(axis=0) % 4
    shown, other = cells.copy(), cells.copy()
    shown[0, 0] = 3
    other[3, :wrong] = (other[3, :wrong] + 1) % 4
    found = concluded(
        cells, deduced("group", shown, "given"), deduced("quasigroup", other, "given")
    )
    assert [str(rival.theory) for rival in found.rivals] == ["quasigroup"] * is_rival
    assert found.status == ("predicted" if is_rival else "solved")

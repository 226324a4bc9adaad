import math

import numpy as np
import pytest

from cayley.next_cell._costs import Candidate, cheapest, costs_of
from cayley.next_cell._question import Proposal
from cayley.tables import Table

TABLE = Table.from_array(np.full((3, 3), -1), labels="abc")


def test_costs_of_rows_columns_and_cells():
    costs = costs_of(TABLE, {("a", None): 2, (None, "b"): 3, ("c", "c"): math.inf})
    assert costs.tolist() == [[2, 5, 2], [1, 3, 1], [1, 3, math.inf]]
    assert costs_of(TABLE, {(None, None): 4, ("b", None): math.inf})[:, 0].tolist() == [
        4,
        math.inf,
        4,
    ]
    assert (costs_of(TABLE, None) == 1).all()


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (np.ones((2, 3)), "`cost` must have shape"),
        (np.zeros((3, 3)), "must be positive.* a o a"),
        ({("a", "b"): -1}, r"must be positive.*\(a, b\)"),
        ({("x", None): 1}, "'x', which is no row label; near it: 'a'"),
    ],
)
def test_wrong_costs_are_named(cost, message):
    with pytest.raises(ValueError, match=message):
        costs_of(TABLE, cost)


def proposal(a, b):
    return Proposal(row=a, column=b, bits=1.0, is_exact=True, why="", theory="")


def test_the_gain_for_the_cost_decides_and_none_tells_the_same():
    candidates = [
        Candidate(proposal(0, 0), 1.0, "x"),
        Candidate(proposal(0, 1), 0.9, "y"),
        Candidate(proposal(0, 2), 0.8, "y"),
        Candidate(proposal(1, 1), 9.0, "z"),
    ]
    costs = np.array([[2.0, 1, 1], [1, math.inf, 1], [1, 1, 1]])
    found = [(each.row, each.column) for each in cheapest(candidates, costs, 3)]
    assert found == [(0, 1), (0, 0)]

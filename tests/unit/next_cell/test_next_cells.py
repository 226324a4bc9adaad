import math

import numpy as np
import pytest

from cayley import next_cells
from cayley.next_cell._next_cells import advise
from cayley.tables import Table, generate_family, mask


def test_or_leads_to_the_cell_that_tells_group_and_semilattice_apart():
    table = Table.from_array([["F", "T"], ["T", None]], labels="FT")
    (question,) = next_cells(table)
    assert str(question) == "T o T = ?"
    assert "group" in question.why
    assert "semilattice" in question.why
    assert dict(question.settles)["F",] == "refutes semilattice"
    assert dict(question.settles)["T",] == "refutes group"


def test_labels_in_any_order_name_the_same_cell():
    table = generate_family("S3")
    masked = mask(table, observe=0.1, seed=0)
    random = np.random.default_rng(0)
    rows, columns = random.permutation(6), random.permutation(6)
    moved = Table(
        rows=tuple(table.rows[i] for i in rows),
        columns=tuple(table.columns[i] for i in columns),
        symbols=table.symbols,
        array=masked.array[np.ix_(rows, columns)],
    )
    question = next_cells(moved, assume="group")[0]
    assert masked[question.row, question.column] is None
    for a, b in np.argwhere(moved.array < 0)[:4]:
        costs = np.full((6, 6), math.inf)
        costs[a, b] = 1.0
        (found,) = next_cells(moved, assume="none", cost=costs)
        assert (found.row, found.column) == (moved.rows[a], moved.columns[b])


def test_a_full_table_leaves_nothing_to_ask():
    advice = advise(generate_family("S3"))
    assert not advice.questions
    assert advice.message == "every cell is known; nothing is left to ask"


def test_a_determined_table_leaves_nothing_to_ask():
    advice = advise([[0, 1, 2], [1, 2, -1], [2, -1, -1]], assume="group")
    assert not advice.questions
    assert not advice.is_stuck
    assert "force all others (assumed: group)" in advice.message


def test_what_cannot_be_observed_is_said():
    advice = advise([[0, 1], [1, -1]], assume="none", cost=[[1, 1], [1, math.inf]])
    assert advice.is_stuck
    assert "cannot be observed" in advice.message


@pytest.mark.parametrize(
    ("table", "assume", "message"),
    [
        ([[0, -1], [-1, 1]], "group", r"contradicts .* group: 0 o 0 = 0, 1 o 1 = 1 cannot hold"),
        ([[0, 1], [0, -1]], "x*y = y*x", r"contradicts .*: 0 o 1 = 1, 1 o 0 = 0 cannot hold"),
        ([[0, 1], [1, -1]], "polynomial", "for which no cells are chosen"),
        ([[0, 1], [1, -1]], "grup", "no known theory"),
        ([[0, 1], [1, -1]], "auto", "`count` must be"),
    ],
)
def test_bad_input_gets_one_message(table, assume, message):
    with pytest.raises(ValueError, match=message):
        next_cells(table, assume=assume, count=0 if "count" in message else 1)


def test_two_results_for_a_cell_are_named():
    table = Table.from_triples([("a", "a", "a"), ("a", "a", "b")], labels="ab")
    with pytest.raises(ValueError, match="two results for a o a: a and b"):
        next_cells(table)


def test_a_rectangle_is_refused():
    with pytest.raises(ValueError, match="equally many rows"):
        next_cells(Table(rows="ab", columns="abc", symbols="abc", array=np.full((2, 3), -1)))


def test_a_supposed_group_is_tested_until_it_is_earned():
    # three cells of a group of order 3 are no evidence; with one alphabet other theories stand
    table = Table.from_array([[0, 1, 2], [1, 2, -1], [2, -1, -1]])
    assert next_cells(table)
    assert not next_cells(table, assume="group")


def test_the_same_seed_gives_the_same_question():
    table = mask(generate_family("A5"), observe=0.01, seed=0)
    first, second = (next_cells(table, assume="group", count=3, seed=4) for _ in range(2))
    assert first == second


def test_three_alphabets_are_asked_as_an_isotope():
    table = Table(rows="ab", columns="cd", symbols="ef", array=[[0, -1], [-1, -1]])
    assert not next_cells(table, assume="isotope")  # order 2 has one isotope with a cell
    assert next_cells(table)  # which nothing speaks for yet

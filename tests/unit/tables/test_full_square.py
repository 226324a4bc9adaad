import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.algebra import Group
from cayley.tables import Table, generate_family, shuffle
from cayley.tables._full_square import full_square

C3 = [[0, 1, 2], [1, 2, 0], [2, 0, 1]]


@pytest.mark.parametrize(
    "source",
    [
        C3,
        np.array(C3, np.uint8),
        np.asfortranarray(C3),
        Table.from_array(C3, labels="xyz"),
        Group.from_table(C3),
    ],
    ids=["lists", "uint8", "fortran", "table", "group"],
)
def test_every_form_gives_the_same_array(source):
    array = full_square(source)
    assert array.dtype == np.int64
    assert array.flags.c_contiguous
    assert array.tolist() == C3


@given(st.integers(0, 1000))
def test_equal_positions_become_equal_labels(seed):
    operation = generate_family("S3:aba^-1")
    table = shuffle(operation, seed=seed)
    order = np.random.default_rng(seed).permutation(6)
    # the same operation with its columns and symbols listed in another order than its rows
    names = tuple(table.rows[i] for i in order)
    place = np.argsort(order)
    mixed = Table(rows=table.rows, columns=names, symbols=names, array=place[table.array[:, order]])
    array = full_square(mixed)
    for a, left in enumerate(table.rows):
        for b, right in enumerate(table.rows):
            assert table.rows[array[a, b]] == operation[left, right]


def test_several_alphabets_are_taken_position_by_position():
    table = Table(rows="ab", columns="xy", symbols="01", array=[[1, 0], [0, 1]])
    assert full_square(table).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ([[0.5]], TypeError, r"`it` must hold integers; got dtype float64 at \(0, 0\)"),
        ([[1j]], TypeError, "`it` must hold integers or labels; got an entry of type complex"),
        ([[0, 1]], ValueError, r"`it` must be square and not empty; got shape \(1, 2\)"),
        (np.empty((0, 0), int), ValueError, "not empty"),
        ([[0, 1], [1, -1]], ValueError, r"entries in 0..1; got -1 at \(1, 1\)"),
        ([[0, 2], [1, 0]], ValueError, r"entries in 0..1; got 2 at \(0, 1\)"),
        (
            Table(rows="ab", columns="ba", symbols="ab", array=[[0, -1], [-1, 0]]),
            ValueError,
            "`it` must be full; the product of 'a' and 'a' is missing",
        ),
        (
            Table(rows="ab", columns="a", symbols="ab", array=[[0], [1]]),
            ValueError,
            "`it` must be square, with as many rows as columns and symbols; got 2, 1 and 2",
        ),
    ],
)
def test_refusals_name_the_argument_and_the_place(source, error, message):
    with pytest.raises(error, match=message):
        full_square(source, name="it")

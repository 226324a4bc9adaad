import numpy as np
import pytest

from cayley.tables import UNKNOWN, Table


def xor():
    return Table.from_array([[0, 1], [1, UNKNOWN]], labels="ea")


def test_is_a_value():
    assert xor() == xor()
    assert hash(xor()) == hash(xor())
    assert xor() != xor().with_array([[0, 1], [1, 0]])
    assert xor() != "xor"
    with pytest.raises(ValueError, match="read-only"):
        xor().array[0, 0] = 1
    with pytest.raises(AttributeError):
        xor().rows = ("a", "b")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": ()}, "`rows` must not be empty"),
        ({"columns": ("a", "a")}, "`columns` must be distinct; 'a' occurs twice"),
        ({"array": [[0, 1]]}, r"must have shape \(2, 2\) to fit the labels; got \(1, 2\)"),
        ({"array": [[0, 1], [1, 2]]}, "indices into 2 symbols or -1; got values from 0 to 2"),
        ({"array": [[0, 1], [1, -2]]}, "got values from -2 to 1"),
        ({"repeats": [[0, 0, 2]]}, "`repeats` must hold"),
        ({"repeats": [[1, 1, 0]]}, "must repeat cells that `array` knows"),
    ],
)
def test_refuses_what_does_not_fit(changes, message):
    fields = {"rows": "ea", "columns": "ea", "symbols": "ea", "array": [[0, 1], [1, -1]]}
    with pytest.raises(ValueError, match=message):
        Table(**{**fields, **changes})


def test_refuses_floats():
    with pytest.raises(TypeError, match="must hold integers; got dtype float64"):
        Table.from_array([[0.0]])
    with pytest.raises(ValueError, match="must be square"):
        Table.from_array([[0, 1]])


def test_triples_round_trip_with_repeats():
    triples = [("x", "u", "p"), ("y", "u", "q"), ("x", "u", "q"), ("x", "u", "p")]
    table = Table.from_triples(triples, rows="xy", columns="uv", symbols="pq")
    assert list(table.triples()) == triples
    assert table.repeats.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert table.num_observed == 2
    assert not table.is_full


@pytest.mark.parametrize(
    ("triple", "message"),
    [
        (("z", "u", "p"), "'z' is not one of the row labels"),
        (("x", "z", "p"), "'z' is not one of the column labels"),
        (("x", "u", "z"), "'z' is not one of the symbol labels"),
    ],
)
def test_triples_outside_their_alphabets(triple, message):
    with pytest.raises(ValueError, match=message):
        Table.from_triples([triple], rows="x", columns="u", symbols="p")


def test_aligned_keeps_every_observation():
    triples = [("a", "b", "c"), ("c", "c", "a"), ("b", "a", "b"), ("c", "c", "b")]
    table = Table.from_triples(triples, rows="abc", columns="cab", symbols="bca")
    aligned = table.aligned()
    assert aligned.rows == aligned.columns == aligned.symbols == ("a", "b", "c")
    assert set(aligned.triples()) == set(triples)


def test_order_needs_equal_numbers():
    action = Table(rows="xy", columns="u", symbols="xy", array=[[0], [1]])
    assert not action.is_square
    with pytest.raises(ValueError, match=r"equally many; got \(2, 1, 2\)"):
        _ = action.order
    with pytest.raises(ValueError, match="same set of labels"):
        action.aligned()


def test_repr_says_the_size():
    assert repr(xor()) == "Table(2 x 2 over 2 symbols, 3 of 4 cells known)"
    assert np.array_equal(xor().observations, [[0, 0, 0], [0, 1, 1], [1, 0, 1]])


def test_the_table_of_an_operation_on_things():
    from itertools import permutations

    elements = list(permutations(range(3)))
    table = Table.from_operation(elements, lambda p, q: tuple(q[i] for i in p))
    for p in elements:
        for q in elements:
            assert table[str(p), str(q)] == str(tuple(q[p[i]] for i in range(3)))
    named = Table.from_operation(elements, lambda p, q: p, labels="abcdef")
    assert named["c", "d"] == "c"


def test_an_operation_that_leads_out_or_repeats_is_refused():
    with pytest.raises(ValueError, match="must not lead out of `elements`; 2 o 1 is 3"):
        Table.from_operation([0, 1, 2], lambda a, b: a + b if (a, b) == (2, 1) else 0)
    with pytest.raises(ValueError, match="must be different"):
        Table.from_operation([1, 1], lambda a, b: 1)


def test_an_operation_may_come_first_and_leave_products_open():
    def product(a, b):
        return None if a == b == "x" else "e" if a == b else "x"

    table = Table.from_operation(product, ["e", "x"])
    assert table.array.tolist() == [[0, 1], [1, UNKNOWN]]
    assert table == Table.from_operation(["e", "x"], product)
    for wrong in ((product, product), ("ex", "ex")):
        with pytest.raises(TypeError, match="`operation` must be a function"):
            Table.from_operation(*wrong)


def test_an_unknown_label_lists_those_there_are_nearest_first():
    table = Table.from_array([[0, 1], [1, 0]], labels=["alpha", "beta"])
    with pytest.raises(KeyError) as caught:
        table["alpha", "Betta"]
    assert str(caught.value) == "'Betta' is no column label; the columns are 'beta', 'alpha'."
    with pytest.raises(ValueError, match="'zz' is no row label; the rows are"):
        table["zz", "alpha"]


def test_triples_over_one_alphabet():
    table = Table.from_triples([("e", "a", "a")], labels="ea")
    assert table.rows == table.columns == table.symbols == ("e", "a")
    with pytest.raises(ValueError, match="`labels` is missing"):
        Table.from_triples([("e", "a", "a")], rows="ea")

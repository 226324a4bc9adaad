import io
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table


def read(document, **options):
    text = document if isinstance(document, str) else json.dumps(document)
    return read_table(io.StringIO(text), **options)


@given(st.integers(1, 6), st.data())
def test_objects_in_an_object_are_the_products_that_they_say(order, data):
    labels = data.draw(st.permutations([f"g{i}" for i in range(order)]))
    cells = data.draw(
        st.dictionaries(
            st.tuples(st.sampled_from(labels), st.sampled_from(labels)),
            st.sampled_from(labels),
            min_size=1,
        )
    )
    document = {a: {b: c for (x, b), c in cells.items() if x == a} for a in labels}
    table = read(document)
    assert table.rows == table.columns == table.symbols == tuple(labels)
    assert {(a, b): c for a, b, c in table.triples()} == cells
    assert "the keys outside are the rows" in str(table.reading)


def test_what_pandas_writes_by_rows_is_read_as_it_is():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["e", "a"], ["a", None]], index=["e", "a"], columns=["e", "a"])
    table = read(frame.to_json(orient="index"))
    assert table == Table.from_array([[0, 1], [1, -1]], labels="ea")


def test_objects_name_rows_and_columns_that_are_left_out_elsewhere():
    # `b` has no row, and then no column.
    assert read({"a": {"a": "b", "b": "a"}}).rows == ("a", "b")
    assert read({"a": {"a": "b"}, "b": {"a": "a"}}).columns == ("a", "b")
    # Two alphabets stay two.
    table = read({"x": {"u": "p", "v": "q"}, "y": {"u": "q", "v": "p"}})
    assert (table.rows, table.columns, table.symbols) == (("x", "y"), ("u", "v"), ("p", "q"))
    # Cells are interpreted as in other formats.
    assert read({"a": {"a": "b", "b": "?"}, "b": {"a": "undefined"}}).num_observed == 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"a": {"b": ["c"]}}, "row a: a label is a string or a number; got a list"),
        ({"a": {"a": "b"}, "b": {"a": "C", "b": "a"}, "c": {"a": "c", "b": "c"}}, "did you mean"),
        ({"a": {}, "b": {}}, "no product is known"),
        ({"a": {"b": "c"}, "table": 3}, "must be a list of rows"),
    ],
)
def test_objects_that_are_no_table_are_refused(document, message):
    with pytest.raises(TableFormatError, match=message):
        read(document)


def test_a_few_products_of_many_labels_take_no_time():
    document = {f"a{i}": {f"b{i}": "c"} for i in range(4000)}
    begin = time.process_time()
    with pytest.raises(TableFormatError, match=r"4000 products in 4000 rows.*as a list of triples"):
        read(document)
    assert time.process_time() - begin < 1

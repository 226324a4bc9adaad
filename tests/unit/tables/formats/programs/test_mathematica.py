import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley._errors import TableFormatError
from cayley.tables import Table, generate_family, read_table

C3 = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]], labels="123")


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize(
    "text",
    [
        "{{1, 2, 3}, {2, 3, 1}, {3, 1, 2}}",
        'In[1]:= FiniteGroupData[{"CyclicGroup", 3}, "MultiplicationTable"]\n\n'
        "Out[1]= {{1, 2, 3}, {2, 3, 1}, {3, 1, 2}}\n",
        "t = {{1,2,3},\n {2,3,1}, (* {{ a *)\n {3,1,2}};",
        "int t[3][3] = {\n  {1, 2, 3}, // {{\n  {2, 3, 1}, /* }} */\n  {3, 1, 2}\n};\n",
        "table := {{1,2,3},{2,3,1},{3,1,2}}",
    ],
)
def test_lists_in_braces_are_tables(text):
    table = read(text)
    assert table == C3
    assert table.reading.format == "mathematica"
    assert table.reading.base == 1


def test_what_is_missing_and_what_has_labels():
    holes = read('{{1, 2, Null}, {2, Missing["NotAvailable"], 1}, {3, , 2}}')
    assert (holes.array == [[0, 1, -1], [1, -1, 0], [2, -1, 1]]).all()
    table = read('{{"*", "e", "a{b"}, {"e", "e", "a{b"}, {"a{b", "a{b", _}}')
    assert table == Table.from_array([[0, 1], [1, -1]], labels=["e", "a{b"])
    letters = read("{{e, a}, {a, e}}")
    assert letters.rows == ("e", "a")
    products = read("{{e, e, e}, {e, a, a}, {a, e, a}, {a, a, Null}}")
    assert products == Table.from_array([[0, 1], [1, -1]], labels="ea")


@given(st.sampled_from(["C1", "C4", "S3", "D8", "Q8"]), st.booleans())
def test_what_mathematica_prints_is_read(name, is_input):
    table = generate_family(name)
    rows = [", ".join(str(c + 1) for c in row) for row in table.array.tolist()]
    text = "{" + (",\n " if is_input else ", ").join(f"{{{row}}}" for row in rows) + "}\n"
    assert (read(text).array == table.array).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{1,2},{2,1}} {{1,2},{2,1}}", "the file has 2 tables"),
        ("{{1,2},{2}}", "line 1, column 8: this row has 1 entries, the first one 2"),
        ("{{1,2},{2,1}", "line 1, column 12: expected another row"),
        ("{{{1}}}", "nested more than two deep"),
    ],
)
def test_lists_that_are_no_table_name_the_place(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="mathematica")

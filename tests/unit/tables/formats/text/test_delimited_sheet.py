import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cayley._errors import TableFormatError
from cayley.tables import read_table
from cayley.tables.formats.text import _delimited_sheet, _triples

FIELD = st.sampled_from(
    ["a", "b", "c", "1", "x y", "?", "", "-", " a", '"q"', "#n", "left", "\u2003d"]
)
LINE = st.tuples(FIELD, FIELD, FIELD) | st.tuples(FIELD, FIELD) | st.just(())
HEADER = st.sampled_from([(), ("left", "right", "result"), ("title", "", ""), ("x", "y", "xy")])


def outcome(text, **options):
    try:
        table = read_table(io.StringIO(text), **options)
    except TableFormatError as error:
        return str(error)
    return table, str(table.reading)


@given(
    st.lists(st.tuples(*[st.sampled_from("abc")] * 3) | LINE, min_size=1, max_size=9),
    HEADER,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@example(
    [("a", "b", "c"), ("b", "a", "c"), ("a", "a", ""), ("b", "b", "?")] * 2, (), ",", "\n", True
)
def test_plain_lines_say_the_same_whichever_way_they_are_read(lines, header, comma, end, last):
    records = [header, *lines] if header else lines
    text = end.join(comma.join(record) for record in records) + (end if last else "")
    for format in (None, "triples"):
        found = outcome(text, format=format, allow_conflicts=True)
        with pytest.MonkeyPatch.context() as general:
            general.setattr(_triples, "plain_products", lambda *args: None)
            assert outcome(text, format=format, allow_conflicts=True) == found


def test_long_lists_are_cut_at_line_ends(monkeypatch):
    monkeypatch.setattr(_delimited_sheet, "_PIECE", 7)
    lines = [f"g{i},g{j},g{(i + j) % 5}" for i in range(5) for j in range(5)]
    table = read_table(io.StringIO("\n".join(lines)), format="triples")
    assert set(table.triples()) == {tuple(line.split(",")) for line in lines}


def test_contradictions_name_both_lines():
    lines = ["left,right,result", "a,b,c", "b,a,c", "a,a,b", "b,b,a", "a,b,a"]
    with pytest.raises(TableFormatError, match="line 6: contradicts line 2: 'a' and 'b' give 'c'"):
        read_table(io.StringIO("\n".join(lines)), format="triples")

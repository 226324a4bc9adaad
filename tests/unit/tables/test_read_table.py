import io
import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table

XOR = Table.from_array([[0, 1], [1, -1]], labels="ea")


def read(text, **options):
    return read_table(io.StringIO(text), **options)


def message_of(text, **options):
    with pytest.raises(TableFormatError) as caught:
        read_table(
            io.BytesIO(text) if isinstance(text, bytes) else io.StringIO(text),
            **{"name": "t", **options},
        )
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", ",e,a\ne,e,a\na,a,\n"),
        ("t.csv", ";e;a\r\ne;e;a\r\na;a;NA\r\n"),
        ("t.csv", "*, e, a\n\ne, e, a\na, a, ?\n\n"),
        ("t.csv", "\ufeff*,e,a\ne,e,a\na,a,-"),
        ("t.tsv", "\te\ta\ne\te\ta\na\ta\t.\n"),
        ("t.txt", "o\te\ta\ne\te\ta\na\ta\t?\n"),
        ("t.csv", "left,right,result\ne,e,e\ne,a,a\na,e,a\na,a,?\n"),
        ("t.tsv", "Row\tColumn\tSymbol\ne\te\te\ne\ta\ta\na\te\ta\n"),
        ("t", "a,b,c\ne,e,e\ne,a,a\na,e,a\na,e,a\n"),
        ("t", "state,action,next\ne,e,e\ne,a,a\na,e,a\n"),
        ("t.json", '{"rows": ["e", "a"], "columns": "ea", "table": 0}'.replace('"ea"', '["e","a"]')
         .replace("0", '[["e", "a"], ["a", null]]')),
        ("t", ' [["e", "e", "e"], ["e", "a", "a"], ["a", "e", "a"], ["a", "a", null]]'),
    ],
)  # fmt: skip
def test_every_text_format_by_content_and_suffix(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    assert read_table(path) == XOR
    assert read_table(str(path)) == XOR
    with open(path, encoding="utf-8", newline="") as stream:
        assert read_table(stream) == XOR
    with open(path, "rb") as stream:
        assert read_table(stream, name="renamed") == XOR


def test_standard_input(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(b",e,x y\ne,e,x y\nx y,x y,e")

    monkeypatch.setattr("sys.stdin", Stdin)
    assert read_table("-")["e", "x y"] == "x y"
    Stdin.buffer = io.BytesIO(b"")
    with pytest.raises(TableFormatError, match=r"^<stdin>: the input is empty"):
        read_table("-")


def test_hostile_labels():
    labels = ["שלום", "🙂,\n", 'say "hi"', "=1+1", "../x", "\u202egnp", "NaN", "null", "1e3"]
    header = ",".join('"' + label.replace('"', '""') + '"' for label in ["", *labels])
    rows = "\n".join(header.replace('""', f'"{label}"', 1).replace('"say "hi""', '"say ""hi"""', 1)
                     for label in labels)  # fmt: skip
    table = read(header + "\n" + rows)
    assert table.rows == table.columns == table.symbols == tuple(labels)
    assert table["NaN", "🙂,\n"] == "🙂,\n"


def test_symbols_are_the_rows_or_what_is_seen():
    assert read(",a,b\na,b,\nb,,\n").symbols == ("a", "b")
    assert read(",a,b\nx,b,\ny,,\n").symbols == ("b", "?1")
    assert read(",a,b\na,p,q\nb,r,p\n", open=True).symbols == ("a", "b", "p", "q", "r")


def test_a_label_wins_over_a_marker():
    text = ",+,-\n+,+,-\n-,-,?\n"
    table = read(text)
    assert table.symbols == ("+", "-")
    assert table["-", "+"] == "-"
    assert table["-", "-"] is None
    assert "`-` is a label here, not unknown" in str(table.reading)
    assert table == read(text, unknown="?") == read(text, unknown=["?", "missing"])


def test_declared_markers_replace_the_default_ones():
    text = ",a,b\na,p,_\nb,_,?\n"
    assert read(text).symbols == ("p", "?1")
    assert read(text, unknown="?").symbols == ("p", "_")


def test_allow_conflicts_keeps_them_as_repeats():
    text = "left,right,result\ne,a,a\na,e,a\ne,a,e\ne,a,a\n"
    table = read(text, allow_conflicts=True)
    assert list(table.triples())[-2:] == [("e", "a", "e"), ("e", "a", "a")]
    assert table["e", "a"] == "a"
    assert message_of(text) == (
        "t, line 4: contradicts line 2: 'e' and 'a' give 'a' there and 'e' here. Allow conflicting "
        "observations with `allow_conflicts` (`--allow-conflicts`)."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t: the input is empty."),
        (" \n\t\n", "t: the input is empty."),
        ("hello\n", "t, line 1: the table has a single field; a square table starts with a row of"),
        (",a,b\na,b,a\n", "t: a square table has as many rows as columns; got 1 rows and 2 column"),
        (",a,b,a\n", "t, line 1, column 4: the column label 'a' stands in column 2 already."),
        (",a,b\na,a,b\n\na,b,a\n", "t, line 4, column 1: the row label 'a' stands in line 2 alrea"),
        (",a,b\na,a,b\nb,b\n", "t, line 3, column 3: expected 3 fields, as many as in th"),
        (",a,b\na,a,b,a\nb,b,a\n", "t, line 2, column 4: expected 3 fields, as many as in"),
        (",a,\na,a,b\n", "t, line 1, column 3: the column label is empty."),
        (",a,b\n,a,b\n", "t, line 2, column 1: the row label is empty."),
        (",a,b\na,?,\nb,.,NA\n", "t: no product is known; at least one cell must have a label."),
        (',a,b\n"a\nc",a,b\nb,"b\n', "t, line 4: malformed CSV: unexpected end of data. Quotes"),
        (',a,b\na,"a"b,b\n', "t, line 2: malformed CSV: "),
        ("left,right,result\n", "t: no product is known; at least one triple must have a result."),
        ("left,right,result\na,b\n", "t, line 2, column 3: expected 3 fields"),
        ("left,right,result\na,,c\n", "t, line 2, column 2: the right label is empty. Declare"),
        ("left,right,result\n?,a,c\n", "t, line 2, column 1: the left label '?' also marks unknow"),
        ("left,right,result\nNA,a,c\n", "t, line 2, column 1: the left label 'NA' also marks unkn"),
        (b",a,b\na,\xe9,b\n", "t, line 2, column 3: the byte 0xe9 is not UTF-8. It may be Latin-1"),
        (b",a\na,\x00\xff\n", "t, line 2, column 4: the byte 0xff is not UTF-8. Save the file as"),
        (",a\n".encode("utf-16")[:-1], "t: the file begins as UTF-16 but is damaged. Save it as"),
    ],
)  # fmt: skip
def test_one_clear_message_for_bad_text(text, message):
    assert message_of(text).startswith(message)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ('{"rows": ["a"', "t, line 1, column 14: malformed JSON: Expecting ',' delimiter."),
        ('[\n["a", "b", NaN]]', "t: NaN is not JSON; unknown products are null."),
        ("[" * 100_000, "t: the JSON is nested too deeply for a table."),
        ('[["a", "b"]]', "t: item 1 has 2 entries; a table of 1 rows has 1"),
        ('[["a", "b", "c"], ["a", "b"]]', "t: item 1 has 3 entries; a table of 2 rows has"),
        ('[["a","b","c"],["b","c","a"],["c","a","b"],["a","a"]]', "t: item 4 is not a "),
        ("[]", "t: the list is empty."),
        ("[[]]", "t: item 1 has 0 entries; a table of 1 rows has 1 in each."),
        ('[["a", "b", null]]', "t: no product is known; at least one triple"),
        ('[["a","b","c"],["a","b","a"]]', "t: item 2 contradicts item 1: 'a' and 'b' give 'c' the"),
        ('[["a", null, "c"]]', "t: item 1: a label is a string or a number; got null."),
        ('[["a", {}, "c"]]', "t: item 1: a label is a string or a number; got an object."),
        ('{"rows": ["a"], "rows": []}', "t: the member 'rows' occurs twice in one object."),
        ({"rows": ["a"]}, "t: the member `columns` is missing."),
        ({"rows": []}, "t: `rows` must be a list of at least one label."),
        ({"rows": "a"}, "t: `rows` must be a list of at least one label."),
        ({"rows": ["a", True]}, "t: `rows[1]`: a label is a string or a number; got a boolean."),
        ({"rows": ["a", "a"]}, "t: `rows` must be distinct; 'a' occurs twice."),
        ({"table": 3}, "t: `table` must be a list of 1 rows, as `rows`; got '3'."),
        ({"table": [["a"], ["a"]]}, "t: `table` must be a list of 1 rows, as `rows`; got 2."),
        ({"table": [["a", "a"]]}, "t: `table[0]` (row 'a') must be a list of 1 products, as `colu"),
        ({"table": [False]}, "t: `table[0]` (row 'a') must be a list of 1 products, as `columns`;"),
        ({"table": [[[]]]}, "t: `table[0][0]`: a label is a string or a number; got a list."),
        ({"table": [[None]]}, "t: no product is known"),
        ({"symbols": ["b"]}, "t: `table[0][0]`: 'a' is not one of `symbols`."),
        ({"repeats": {"a": 1}}, "t: `repeats` must be a list of triples [row, column, symbol]."),
        ({"repeats": [["a", "a"]]}, "t: `repeats[0]` is not a triple [row, column, symbol]."),
        ({"repeats": [["a", "a", "b"]]}, "t: `repeats[0]`: 'b' is not one of `symbols`."),
        ({"rows": ["\ud800"], "columns": ["\ud800"]}, "t: the label '\\ud800' is not valid Unicod"),
    ],
)  # fmt: skip
def test_one_clear_message_for_bad_json(document, message):
    if isinstance(document, dict):
        whole = {"rows": ["a"], "columns": ["a"], "table": [["a"]], **document}
        if len(document) == 1 and "rows" in document and document["rows"] == ["a"]:
            del whole["columns"]
        document = json.dumps(whole)
    assert message_of(document, format="json").startswith(message)


def test_json_that_is_neither_object_nor_list():
    assert message_of("3", format="json") == (
        "t: expected a JSON object or a list of rows or triples at the top."
    )


def test_repeats_of_unknown_cells_are_refused():
    document = {"rows": ["a", "b"], "columns": ["a", "b"], "table": [["a", None], ["b", "a"]],
                "repeats": [["a", "b", "a"]]}  # fmt: skip
    assert "`repeats[0]` repeats a cell that `table` does not know" in message_of(
        json.dumps(document)
    )


def test_json_numbers_are_labels_by_their_text():
    table = read('{"rows": [1, 2.50], "columns": [1e3, -0], "table": [[1, null], [2.50, 1]]}')
    assert table.rows == ("1", "2.50")
    assert table.columns == ("1e3", "-0")
    assert table.symbols == ("1", "2.50")


def test_json_takes_declared_symbols_by_the_letter():
    document = '{"rows": ["a"], "columns": ["p", "q"], "table": [["?", "a"]]}'
    assert read(document)["a", "p"] is None
    exact = document.replace("}", ', "symbols": ["?", "a", "A"]}')
    assert read(exact)["a", "p"] == "?"
    assert read(exact, unknown="?")["a", "p"] is None


def test_other_members_of_an_object_are_ignored():
    document = {"schema": "x", "rows": ["a"], "columns": ["a"], "table": [["a"]], "symbols": None}
    assert read(json.dumps(document)).is_full


@pytest.mark.parametrize("order", [3, 60])
def test_sizes_over_the_limit_are_refused_before_allocation(order):
    labels = [f"x{i}" for i in range(order)]
    header = "," + ",".join(labels)
    assert message_of(header, max_order=2).startswith(
        f"t: 1 rows, {order} columns and 1 symbols are over the limit of 2: its table alone needs"
    )
    triples = "left,right,result\n" + "".join(f"{x},{x},{x}\n" for x in labels)
    assert f"t: {order} rows, {order} columns" in message_of(triples, max_order=2)
    document = json.dumps([[x, x, x] for x in [*labels, labels[0]]])
    assert "over the limit of 2" in message_of(document, max_order=2)
    tall = ",a,b\n" + "".join(f"{x},a,b\n" for x in labels)
    assert "over the limit of 2" in message_of(tall, max_order=2)


def test_input_too_long_for_the_limit():
    assert message_of("x" * ((1 << 24) + 1), max_order=2) == (
        "t: the input has more than 16777216 bytes, the limit for tables of order 2. "
        "Raise `max_order` to allow it."
    )


def test_missing_files_and_folders_are_plain_errors(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "none.csv")
    with pytest.raises(IsADirectoryError):
        read_table(tmp_path)


def test_messages_name_the_path(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(",a\n")
    with pytest.raises(TableFormatError, match=r"bad\.csv: a square table has") as caught:
        read_table(os.fspath(path))
    assert caught.value.source == str(path)


def test_unknown_format_is_refused():
    with pytest.raises(
        ValueError, match=r"must be one of csv, tsv, grid, triples, .*json.*; got 'x'"
    ):
        read_table(io.StringIO("a"), format="x")
    with pytest.raises(TableFormatError, match="`npz` needs a stream opened in binary mode"):
        read_table(io.StringIO("a"), format="npz")


def test_three_lines_of_three_may_be_anything():
    text = "a,b,c\nb,b,c\nc,c,b\n"
    message = message_of(text)
    assert message.endswith("Say which with `format` (`--format`) csv or grid or triples.")
    assert read(text, format="csv").columns == ("b", "c")
    assert read("a,b,c\ne,e,a\na,e,a\n").num_observed == 2


def test_format_overrides_content():
    assert read("\ta,b\na,b\ta,b\n", format="tsv").rows == ("a,b",)
    assert read("i,j,k\nj,k,i\nk,i,j\n", format="grid").is_full
    assert read("i,j,k\nj,k,i\nk,i,j\n", format="triples").num_observed == 3


@given(st.binary(max_size=60), st.sampled_from(["t.csv", "t.tsv", "t.json", "t.npz", "t.npy", "t"]))
def test_any_bytes_are_a_table_or_a_format_error(data, name):
    prefixes = (
        b"",
        b"\x93NUMPY\x01\x00",
        b"PK\x03\x04",
        b"[",
        b"{",
        b"left,right,result\n",
        b",a\n",
    )
    for prefix in prefixes:
        try:
            table = read_table(io.BytesIO(prefix + data), name=name)
        except TableFormatError as error:
            assert str(error).startswith(name)
            assert "\n" not in str(error)
        else:
            assert table.num_observed


def test_large_square_table_in_reasonable_time():
    order = 300
    labels = [str(i) for i in range(order)]
    rows = [
        ",".join([labels[i], *(labels[(i + j) % order] for j in range(order))])
        for i in range(order)
    ]
    table = read("," + ",".join(labels) + "\n" + "\n".join(rows))
    assert np.array_equal(table.array, (np.arange(order)[:, None] + np.arange(order)) % order)


def test_a_format_that_is_given_decides_between_delimiters():
    text = "*\ta,b,c\td\na,b,c\ta,b,c\td\nd\td\ta,b,c\n"
    assert read(text, format="tsv").rows == ("a,b,c", "d")
    with pytest.raises(TableFormatError):
        read(text, format="csv")


def test_a_brace_in_the_corner_of_a_csv_file_is_no_json():
    text = "{,e,a\ne,e,a\na,a,?\n"
    assert read(text, name="t.csv") == XOR
    assert read(text, name="t") == XOR

import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table, write_table

HOLE = Table.from_array([[0, 1], [1, -1]], labels="ea")


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize(
    "text",
    [
        "|   | e | a |\n|---|---|---|\n| e | e | a |\n| a | a |   |\n",
        "| * | e | a |\n|:-:|:--|--:|\n| e | e | a |\n| a | a | ? |\n",
        "  | e | a\n--|---|--\ne | e | a\na | a | ?\n",
        "|* | e | a |\n| e | e | a |\n| a | a |  |\n",
        "| ∘ | **e** | `a` |\n|---|---|---|\n| **e** | e | a |\n| _a_ | $a$ |\n",
        "# Title\n\nSome text | with a bar.\n\n| * | e | a |\n|---|---|---|\n| e | e | a |\n"
        "| a | a | |\n\nMore text.\n",
        "|  | e | a |\n|--|--|--|\n| e | e | a |\n| a | a | &nbsp; |",
    ],
)
def test_tables_in_each_layout(text):
    table = read(text)
    assert table == HOLE
    assert table.reading.format == "markdown"
    assert read(text.replace("\n", "\r\n")) == HOLE


def test_escapes_and_entities_are_characters():
    table = read(
        "| | a\\|b | &lt;c&gt; |\n|-|-|-|\n| a\\|b | &lt;c&gt; | a\\|b |\n| <c> | a\\|b | \\<c> |\n"
    )
    assert table == Table.from_array([[1, 0], [0, 1]], labels=["a|b", "<c>"])


def test_a_row_of_minus_signs_is_a_row():
    text = "| * | + | - |\n|---|---|---|\n| + | + | - |\n| - | - | - |\n"
    assert read(text) == Table.from_array([[0, 1], [1, 1]], labels="+-")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "| * | a |\n|---|---|\n| a | a |\n\n| * | b |\n|---|---|\n| b | b |\n",
            "2 tables, in the lines 1, 5",
        ),
        ("| * | a |\n|---|---|\n| a | a | a |\n", "line 3"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="markdown")


def test_no_label_becomes_markup():
    stream = io.StringIO()
    labels = ["**e**", "[x](y)", "<b>", "a|b", "`c`", "-", "_d_", "\\", "&lt;", "1."]
    table = Table.from_array([[(i + j) % 10 for j in range(10)] for i in range(10)], labels=labels)
    write_table(table, stream, format="markdown")
    text = stream.getvalue()
    assert "\\*\\*e\\*\\*" in text
    assert "<b>" not in text
    assert "\\[x\\]\\(y\\)" in text
    assert read(text) == table

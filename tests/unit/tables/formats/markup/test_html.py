import io
import time

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table, write_table

HOLE = Table.from_array([[0, 1], [1, -1]], labels="ea")
PLAIN = (
    "<table><tr><th></th><th>e</th><th>a</th></tr><tr><th>e</th><td>e</td><td>a</td></tr>"
    "<tr><th>a</th><td>a</td><td></td></tr></table>"
)
PANDAS = """<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;">
      <th></th>
      <th>e</th>
      <th>a</th>
    </tr>
    <tr>
      <th>left</th>
      <th></th>
      <th></th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th>e</th>
      <td>e</td>
      <td>a</td>
    </tr>
    <tr>
      <th>a</th>
      <td>a</td>
      <td>NaN</td>
    </tr>
  </tbody>
</table>"""
PAGE = """<!DOCTYPE html>
<html><head><title>A <table></title><style>td > th {}</style>
<script>if (a < b) document.write("<table><tr><td>x</td></tr></table>");</script></head>
<body><!-- <table> --><p>1 < 2 &amp; so on</p>
<table class="wikitable" data-x='a>b'><caption>C<sub>2</sub></caption><tbody><tr>
<th>∘
</th>
<th>e
</th>
<th><i>a</i>
</th></tr>
<tr>
<th>e
</th>
<td colspan="1">e
</td>
<td><a href="?x=1&y">a</a>
</td></tr>
<tr>
<th>a
</th>
<td>a
</td>
<td>?
</td></tr></tbody></table>
</body></html>"""
BARE = "<TABLE><TR><TD>*<TD>e<TD>a<TR><TD>e<TD>e<TD>a<TR><TD>a<TD>a<TD>&nbsp;</TABLE>"


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize("text", [PLAIN, PANDAS, PAGE.replace("A <table>", "A table"), BARE])
def test_tables_of_each_kind_of_page(text):
    table = read(text)
    assert table == HOLE
    assert table.reading.format == "html"


def test_what_is_raised_or_lowered_is_part_of_a_label():
    cell = "<td>a<sup>-1</sup></td>"
    table = read(f"<table><tr><td></td>{cell}</tr><tr>{cell}{cell}</tr></table>")
    assert table.rows == ("a^-1",)


def test_entities_are_characters():
    text = PLAIN.replace(">a<", ">&lt;&alpha;&#120;&amp;amp;<")
    assert read(text).rows == ("e", "<αx&amp;")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "<table>\n<tr><td>a</table>\n<table><caption>Second</caption><tr><td>b</table>",
            "has 2 tables: in line 1, 'Second' in line 3",
        ),
        (
            "<table><tr><td><table><tr><td>a</table></table>",
            "line 1, column 16: a table inside a table",
        ),
        (
            "<table><tr><td>e<td>a</tr>\n<tr><td colspan=2>a</td></tr></table>",
            "line 2, column 5: colspan makes one cell",
        ),
        ("<table><tr><td>e<th rowspan='3'>a</th></tr><tr><td>a</table>", "rowspan makes one cell"),
        ("<table><tr><th rowspan='3'>a</th></tr></table>", "a single field"),
        ("<table><tr><th colspan='3'>a</th></tr></table>", "nothing but merged cells"),
        ("<table><tr><th><th>e<th colspan=2>a</tr><tr><th>e<td>e<td>a<td>a</table>", "colspan"),
        ("<table>" + "<tr><td rowspan=0 colspan=9000>a" * 99 + "</table>", "over the limit"),
        ("<p>no table</p>", "has no <table> with cells"),
        ("<table></table>", "has no <table> with cells"),
        ("<!-- <table><tr><td>a", "has no <table> with cells"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="html")


@pytest.mark.parametrize(
    "piece", ["<!--", "<", "<table ", "<!", "<a '", '<td "', "&", "</", "<td>", "<script>"]
)
def test_broken_pages_take_time_in_proportion(piece):
    begin = time.process_time()
    with pytest.raises(TableFormatError):
        read("<table>" + piece * 50_000, format="html", max_order=100)
    # Reading each piece to the end of the page would take minutes.
    assert time.process_time() - begin < 5


def test_rows_that_begin_in_rows_are_read_once():
    # Each row would be looked at up to the only end there is, which takes a minute.
    page = "<table>" + "<tr>" * 20_000 + "<td>a</td>" * 20_000 + "</tr></table>"
    begin = time.process_time()
    with pytest.raises(TableFormatError):
        read(page, format="html", max_order=25_000)
    assert time.process_time() - begin < 5


def test_labels_are_escaped():
    stream = io.StringIO()
    table = Table.from_array([[0, 1], [1, 0]], labels=["<script>alert(1)</script>", "a&amp;\"'"])
    write_table(table, stream, format="html")
    assert "<script" not in stream.getvalue()
    assert read(stream.getvalue()) == table


C3 = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, -1]], labels="eab")
BODY = "<th>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n"
ROWS = [BODY.format(*row) for row in ("eeab", "aabe", ("b", "b", "e", ""))]


@pytest.mark.parametrize(
    ("head", "side", "named"),
    [
        ("<tr><th colspan=4>C<sub>3</sub>, a group</th></tr><tr><th></th>", "", "C_3, a group"),
        ("<tr><th rowspan=2>*</th><th colspan=3>right</th></tr>\n<tr>", "", "right"),
        (
            "<tr><th colspan=2 rowspan=2></th><th colspan=3>b</th></tr><tr>",
            "<th rowspan=3>a</th>",
            "a",
        ),
        (
            "<tr><td></td><td></td><th colspan='3'>x</th></tr>\n<tr><td></td><td></td>",
            "<th rowspan=0>y</th>",
            "x",
        ),
    ],
)
def test_merged_titles_are_left_out_and_said(head, side, named):
    header = "<th>e</th><th>a</th><th>b</th></tr>\n"
    rows = f"<tr>{side}{ROWS[0]}<tr>{ROWS[1]}<tr>{ROWS[2]}"
    table = read(f"<table>{head}{header}{rows}</table>")
    assert table == C3
    assert f"the merged cell `{named}` left out" in str(table.reading)


def test_thousands_of_merged_cells_are_refused_soon():
    begin = time.process_time()
    with pytest.raises(TableFormatError, match="colspan makes one cell of several"):
        read("<table>" + "<tr><th colspan=2>a" * 3000 + "</table>")
    assert time.process_time() - begin < 1

import io
import random
import re
import time
import zipfile
from itertools import chain, zip_longest

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table, write_table
from cayley.tables.formats.spreadsheets import _ods, _xlsx
from cayley.tables.formats.spreadsheets._plain_rows import (
    Unusual,
    plain_attributes,
    plain_text,
    without_plain_rows,
)

TABLE = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, -1]], labels="eab")


def parts_of(table, format):
    stream = io.BytesIO()
    write_table(table, stream, format=format)
    with zipfile.ZipFile(stream) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def read(parts, format):
    """The table, or the message of the error."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    try:
        table = read_table(io.BytesIO(stream.getvalue()), format=format, name="f")
    except TableFormatError as error:
        return str(error)
    return table, str(table.reading)


def by_parser(pieces, **options):
    return iter(pieces)


# What rows and cells may be besides plain; each is put in the place of a piece of the same kind.
XLSX = [
    '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1" t="s"><v>0</v></c></row>',
    '<row r="3" spans="1:3" ht="15"><c r="A3"/><c r="B3" s="1"/><c r="C3"><v>1.0</v></c></row>',
    "<row r='3'><c r='A3' t='s'><v>0</v></c></row>",
    '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="A3" t="s"><v>1</v></c></row>',
    '<row r="3"><c r="A4" t="s"><v>0</v></c></row>',
    '<row><c t="s"><v>1</v></c><c><v>2</v></c></row>',
    '<row r="9"/>',
    '<row r="4"><c r="A4" t="e"><v>#N/A</v></c><c r="B4" t="e"><v>#REF!</v></c></row>',
    '<row r="4"><c r="A4" t="s"><v>99</v></c></row>',
    '<row r="4"><c r="A4" t="inlineStr"><is><t>a_x0041_</t></is></c><c r="B4"><f>1+1</f></c></row>',
    '<row r="4"><c r="A4" r="A5" t="s"><v>0</v></c></row>',
    '<row r="4"><c r="A4"/></c></row>',
    '<row r="4" r="5"><c r="A4"><v>1</v></c></row>',
    '<row r="4"><c r="A4"><v>&#49;</v></c></row>',
    '<row r="4"><c r="A4" t="str"><v>\ufffe</v></c></row>',
    '<row r="4"><c r="A4" t="str"><v>\u05e9</v></c><c r="B4" t="b"><v>1</v></c></row>',
    '<!-- <row r="2"><c r="A2" t="s"><v>1</v></c></row> -->',
    '<x a="<row r="2"><c r="A2" t="s"><v>1</v></c></row>"/>',
    '<c r="D4"><row r="5"><c r="A5" t="s"><v>0</v></c></row></c>',
    "<row><row r='5'>",
    "\n\n",
    "",
]
CELL = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
ODS = [
    f"<table:table-row>{CELL % 'a'}<table:table-cell/>{CELL % 'b'}</table:table-row>",
    f'<table:table-row table:number-rows-repeated="2">{CELL % "a"}</table:table-row>',
    '<table:table-row table:style-name="r"><table:table-cell table:number-columns-repeated="3"/>'
    "</table:table-row>",
    '<table:table-row><table:table-cell table:number-columns-repeated="2" office:value-type="float"'
    ' office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>',
    '<table:table-row><table:table-cell office:value-type="date"><text:p>1</text:p>'
    "</table:table-cell></table:table-row>",
    '<table:table-row><table:table-cell table:number-rows-spanned="2"/></table:table-row>',
    "<table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
    "</table:table-row>",
    "<table:table-row><table:table-cell><text:p>a<text:s/>b</text:p></table:table-cell>"
    "</table:table-row>",
    f"<table:table-row><table:table-cell/></table:table-cell>{CELL % 'a'}</table:table-row>",
    f"<office:annotation><table:table-row>{CELL % 'e'}</table:table-row></office:annotation>",
    f"<table:table-row><table:table-cell><table:table-row>{CELL % 'e'}</table:table-row>"
    "</table:table-cell></table:table-row>",
    f"<text:p><table:table-row>{CELL % '&amp;'}</table:table-row></text:p>",
    f"<![CDATA[<table:table-row>{CELL % 'e'}</table:table-row>]]>",
    f'</table:table><table:table table:name="2"><table:table-row>{CELL % "x"}</table:table-row>',
    "<table:table-row table:number-rows-repeated='3'/>",
    f"<table:table-row>{CELL % 'ﬁ'}{CELL % ']]>'}</table:table-row>",
    "\n",
    "",
]


@pytest.mark.parametrize(
    ("format", "part", "row", "pieces"),
    [
        ("xlsx", "xl/worksheets/sheet1.xml", r"<row.*?</row>\n", XLSX),
        ("ods", "content.xml", r"<table:table-row>.*?</table:table-row>\n", ODS),
    ],
)
def test_rows_say_the_same_whoever_reads_them(format, part, row, pieces, monkeypatch):
    rng = random.Random(format)
    parts = parts_of(TABLE, format)
    text = parts[part].decode()
    module = _xlsx if format == "xlsx" else _ods
    rows, between = re.findall(row, text), re.split(row, text)
    tables = 0
    for _ in range(400):
        kept = [each if rng.random() < 0.6 else rng.choice(pieces) for each in rows]
        changed = "".join(chain.from_iterable(zip_longest(between, kept, fillvalue="")))
        if rng.random() < 0.3:
            at = rng.choice([m.start() for m in re.finditer(row, text)])
            changed = text[:at] + rng.choice(pieces) + text[at:]
        if rng.random() < 0.2:
            at = rng.randrange(len(changed))
            changed = changed[:at] + rng.choice("<>\"'/& =x0\n\x01") + changed[at + 1 :]
        changed_parts = {**parts, part: changed.encode()}
        # Pieces of any length, so that rows and tags are cut everywhere.
        size = rng.choice([1, 7, 50, 1 << 18])
        monkeypatch.setattr("cayley.tables.formats.spreadsheets._spreadsheet._CHUNK", size)
        found = read(changed_parts, format)
        with monkeypatch.context() as parser:
            parser.setattr(module, "without_plain_rows", by_parser)
            assert read(changed_parts, format) == found, changed
        tables += isinstance(found, tuple)
    assert 20 < tables < 380


def test_plain_rows_do_not_reach_the_parser():
    for module, format, part, end in (
        (_xlsx, "xlsx", "xl/worksheets/sheet1.xml", b"</row>"),
        (_ods, "ods", "content.xml", b"</table:table-row>"),
    ):
        content = parts_of(TABLE, format)[part]
        options = {"end": end, "row": module._ROW}
        left = b"".join(without_plain_rows([content], take=lambda row: True, **options))
        assert left.count(b"<r/>\n") == 4
        assert end not in left
        declined = b"".join(without_plain_rows([content], take=lambda row: False, **options))
        assert declined == content
        for other in (
            content.replace(b"UTF-8", b"UTF-7"),
            content.replace(b"?>", b"?><!-- -->", 1),
            content.replace(b"?>", b"?><?x y?>", 1),
        ):
            pieces = [other[i : i + 9] for i in range(0, len(other), 9)]
            left = b"".join(without_plain_rows(pieces, take=lambda row: True, **options))
            assert left == other


def test_attributes_and_texts_that_are_written_otherwise_are_left_to_the_parser():
    assert plain_attributes(b' r="1" x:y="a b"') == {"r": "1", "x:y": "a b"}
    assert plain_attributes(b"") == {}
    for odd in (b" r='1'", b' r="1" r="2"', b' r="&lt;"', b'r="1"', b' r = "1"', b' r="1"x="2"'):
        with pytest.raises(Unusual):
            plain_attributes(odd)
    assert plain_text("σ".encode()) == "σ"
    for odd in (b"\xff", "\uffff".encode(), b"\xed\xa0\x80"):
        with pytest.raises(Unusual):
            plain_text(odd)


def test_a_row_without_an_end_takes_no_more_time_than_its_length():
    begin = time.process_time()
    pieces = (b"<row>" * 5000 for _ in range(2000))
    options = {"end": b"</row>", "row": _xlsx._ROW, "take": lambda row: True}
    assert sum(map(len, without_plain_rows(pieces, **options))) == 2000 * 25000
    assert time.process_time() - begin < 3

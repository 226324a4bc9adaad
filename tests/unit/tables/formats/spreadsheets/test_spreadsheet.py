import contextlib
import io
import zipfile

import numpy as np
import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table, write_table

openpyxl = pytest.importorskip("openpyxl")
HOLE = Table.from_array([[0, 1], [1, -1]], labels="ea")
ROWS = [[None, "e", "a"], ["e", "e", "a"], ["a", "a", None]]


def read(content, **options):
    return read_table(io.BytesIO(content), **options)


def written(table, format):
    stream = io.BytesIO()
    write_table(table, stream, format=format)
    return stream.getvalue()


def workbook(*sheets, prepare=None):
    """A workbook made by another program: the oracle of what such files are."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    if prepare:
        prepare(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(*sheets):
    document = pytest.importorskip("odf.opendocument")
    from odf.table import Table as Sheet
    from odf.table import TableCell, TableRow
    from odf.text import P

    book = document.OpenDocumentSpreadsheet()
    for number, rows in enumerate(sheets):
        sheet = Sheet(name=f"Sheet{number}")
        for row in rows:
            line = TableRow()
            for value in row:
                kind = {"valuetype": "string"} if isinstance(value, str) else {}
                if isinstance(value, int | float):
                    kind = {"valuetype": "float", "value": value}
                cell = TableCell(**kind)
                if value is not None:
                    cell.addElement(P(text=str(value)))
                line.addElement(cell)
            sheet.addElement(line)
        # LibreOffice fills sheets up with blank rows that are repeated.
        blank = TableRow(numberrowsrepeated=1048000)
        blank.addElement(TableCell(numbercolumnsrepeated=16000))
        sheet.addElement(blank)
        book.spreadsheet.addElement(sheet)
    stream = io.BytesIO()
    book.write(stream)
    return stream.getvalue()


BOTH = pytest.mark.parametrize(("make", "format"), [(workbook, "xlsx"), (ods, "ods")])


@BOTH
def test_what_other_programs_write_is_read(make, format):
    table = read(make(ROWS))
    assert table == HOLE
    assert table.reading.format == format
    # Blank sheets, a title, and a table that begins elsewhere.
    moved = [["My table"], [], *([None, None, *row] for row in ROWS)]
    assert read(make([], moved, [])) == HOLE


@BOTH
def test_numbers_are_labels_as_they_are_shown(make, format):
    table = read(make([["*", 1, 2.0], [1, 1, 2], [2.0, 2, 1]]))
    assert table == Table.from_array([[0, 1], [1, 0]], labels="12")
    assert read(make([[1, 2], [2, 1]])) == table


@BOTH
def test_several_filled_sheets_are_refused_by_name(make, format):
    with pytest.raises(TableFormatError, match="2 sheets with cells: 'Sheet0', 'Sheet2'"):
        read(make(ROWS, [], ROWS))


@BOTH
def test_an_empty_file_says_so(make, format):
    with pytest.raises(TableFormatError, match="the spreadsheet is empty"):
        read(make([]))


def test_hidden_sheets_are_passed_over():
    def hide(book):
        book["Sheet1"].sheet_state = "hidden"

    assert read(workbook(ROWS, [["notes"]], prepare=hide)) == HOLE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("=1+1", "line 3, column 2: the cell cannot be read: it has a formula and no value"),
        ("date", "column 2: .*it is a date: the program has changed a label"),
        ("#NAME?", "column 2: .*it has the error '#NAME\\?'"),
    ],
)
def test_cells_that_are_no_labels_are_named(value, message):
    import datetime

    def spoil(book):
        book["Sheet0"]["B3"] = datetime.date(2024, 1, 2) if value == "date" else value

    with pytest.raises(TableFormatError, match=message):
        read(workbook(ROWS, prepare=spoil))


def test_an_unknown_marker_of_spreadsheets():
    def spoil(book):
        book["Sheet0"]["C3"] = "#N/A"

    assert read(workbook(ROWS, prepare=spoil)) == HOLE


@pytest.mark.parametrize("format", ["xlsx", "ods"])
@pytest.mark.parametrize(
    "labels",
    ["ea", ["=1+1", "<&>"], ["a  b", "c"], ["1-2", "שלום"], ["0.50", "007"], ["TRUE", "-"]],
)
def test_other_programs_read_what_is_written(format, labels):
    table = Table.from_array([[0, 1], [1, -1]], labels=labels)
    content = written(table, format)
    assert read(content) == table
    assert written(table, format) == content
    if format == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        # Text, whatever it looks like: no formula, no number, no date.
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {
            "inlineStr",
            "s",
        }
    else:
        pandas = pytest.importorskip("pandas")
        frame = pandas.read_excel(
            io.BytesIO(content), engine="odf", header=None, dtype=str, keep_default_na=False
        )
        cells = [[cell or None for cell in row] for row in frame.to_numpy().tolist()]
    assert cells == [[None, *labels], [labels[0], *labels], [labels[1], labels[1], None]]


def archive(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_text_that_looks_like_a_coded_character_stays_as_it_is():
    table = Table.from_array([[0, 1], [1, -1]], labels=["_x0041_", "_x005F_"])
    assert read(written(table, "xlsx")) == table
    assert b"_x005F_x0041_" in parts_of(written(table, "xlsx"))["xl/sharedStrings.xml"]


def test_what_unpacks_to_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("cayley.tables.formats.spreadsheets._spreadsheet._MOST_BYTES", 1 << 20)
    parts = parts_of(written(HOLE, "xlsx"))
    parts["xl/worksheets/sheet1.xml"] = b" " * (2 << 20)
    with pytest.raises(TableFormatError, match=r"sheet1.xml unpacks to more than 1 MB.*as CSV"):
        read(archive(parts))
    parts = parts_of(written(HOLE, "ods"))
    parts["content.xml"] = b" " * (2 << 20)
    with pytest.raises(TableFormatError, match=r"content.xml unpacks to more than 1 MB"):
        read(archive(parts), format="ods")


SHEET = b"<worksheet><sheetData>%s</sheetData></worksheet>"
CELL = b'<c r="%s" t="inlineStr"><is><t>a</t></is></c>'


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        (SHEET % (b"<row>" + CELL % b"A1" + CELL % b"XFD1" + b"</row>"), "over the limit"),
        (SHEET % (b"<row>" + CELL % b"A1" + CELL % b"A1048576" + b"</row>"), "over the limit"),
        (
            SHEET % (b"<row>" + CELL % b"A1" + CELL % b"EZZ4000" + b"</row>"),
            "has 2 filled cells in 4000",
        ),
        (
            SHEET % b'<row><c r="A1" t="s"><v>9</v></c></row>',
            "refers to string '9', which is missing",
        ),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + SHEET % b"<row/>", "a document type"),
        (b"<worksheet>", "malformed XML"),
    ],
)
def test_hostile_sheets_are_refused(sheet, message):
    parts = parts_of(written(HOLE, "xlsx"))
    parts["xl/worksheets/sheet1.xml"] = sheet
    with pytest.raises(TableFormatError, match=message):
        read(archive(parts))


def test_cells_that_are_repeated_too_often_are_refused():
    parts = parts_of(written(HOLE, "ods"))
    cell = b'<table:table-cell office:value-type="string"'
    for what in (
        b' table:number-columns-repeated="99999999"',
        b' table:number-columns-repeated="x"',
    ):
        content = archive({**parts, "content.xml": parts["content.xml"].replace(cell, cell + what)})
        if b"x" in what:
            assert read(content, format="ods") == HOLE
        else:
            with pytest.raises(TableFormatError, match=r"over the limit"):
                read(content, format="ods")
    content = parts["content.xml"].replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="99999999">'
    )
    with pytest.raises(TableFormatError, match=r"over the limit"):
        read(archive({**parts, "content.xml": content}), format="ods")


def with_merged(format, *ranges):
    """HOLE with its operands named in a row above and a column beside it."""
    rows = [[None, None, "right"], [None, *ROWS[0]], ["left", *ROWS[1]], [None, *ROWS[2]]]
    if format == "xlsx":

        def merge(book):
            for each in ranges:
                book["Sheet0"].merge_cells(each)

        return workbook(rows, prepare=merge)
    content = ods(rows)
    parts = parts_of(content)
    for text, what in (("right", "columns"), ("left", "rows"), ("a", "columns")):
        if any(each.startswith(NAMES[text]) for each in ranges):
            cell = f'<table:table-cell office:value-type="string"><text:p>{text}'.encode()
            span = f'<table:table-cell table:number-{what}-spanned="2"'.encode()
            changed = cell.replace(b"<table:table-cell", span)
            assert cell in parts["content.xml"]
            before, _, after = parts["content.xml"].rpartition(cell)
            parts["content.xml"] = before + changed + after
    return archive(parts)


NAMES = {"right": "C1", "left": "A3", "a": "C4"}


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_merged_titles_are_left_out_and_said(format):
    table = read(with_merged(format, "C1:D1", "A3:A4"), format=format)
    assert table == HOLE
    assert "`right` left out; the merged cell `left` left out" in str(table.reading)


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_merged_cells_inside_of_a_table_are_refused(format):
    with pytest.raises(TableFormatError, match=r"line 4, column 3: .*merged with others"):
        read(with_merged(format, "C1:D1", "A3:A4", "C4:D4"), format=format)


def test_old_and_damaged_files_say_what_to_do():
    with pytest.raises(TableFormatError, match=r"old or encrypted workbook. Save it as .xlsx"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))
    content = written(HOLE, "xlsx")
    with pytest.raises(TableFormatError, match="damaged or encrypted"):
        read(content[: len(content) // 2], format="xlsx")
    with pytest.raises(TableFormatError, match=r"no .xlsx workbook"):
        read(archive({"a": b""}), format="xlsx")
    with pytest.raises(TableFormatError, match=r"no .ods spreadsheet"):
        read(archive({"a": b""}), format="ods")


def test_broken_archives_never_raise_anything_else():
    rng = np.random.default_rng(0)
    for format in ("xlsx", "ods"):
        content = written(HOLE, format)
        for _ in range(150):
            data = bytearray(content)
            for _ in range(rng.integers(1, 6)):
                data[rng.integers(len(data))] = rng.integers(256)
            with contextlib.suppress(TableFormatError):
                read(bytes(data), format=format)


def test_names_with_prefixes_are_read():
    # Some programs write <x:row> for <row>.
    parts = {
        name: content.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?")
        if name.endswith(("sheet1.xml", "sharedStrings.xml"))
        else content
        for name, content in parts_of(written(HOLE, "xlsx")).items()
    }
    assert b"<x:row" in parts["xl/worksheets/sheet1.xml"]
    assert read(archive(parts)) == HOLE

"""Tables in Excel workbooks: the only sheet that is not empty."""

import html
import posixpath
import re
from functools import lru_cache, partial
from xml.parsers import expat

from cayley._errors import TableFormatError
from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext, shown
from cayley.tables.formats._raw import RawGrid, RawTriples, Sniffed
from cayley.tables.formats.rectangles._merged_cells import Merged
from cayley.tables.formats.spreadsheets._plain_rows import (
    Meanings,
    Unusual,
    plain_attributes,
    plain_text,
    without_plain_rows,
)
from cayley.tables.formats.spreadsheets._spreadsheet import (
    Archive,
    Cells,
    number_shown,
    only_sheet,
    rows_of_cells,
    write_archive,
)

__all__ = ["XLSX", "parse_xlsx", "sniff_xlsx", "write_xlsx"]

# A row of cells with a number, a string or nothing, all of them in this row; see `_plain_rows`. Its
# groups are the number, further attributes and the cells.
_TEXT = rb"[^<>&\x00-\x1f]*+"
_VALUE = rb'(?:<v>%s</v>|<is><t(?: xml:space="preserve")?+>%s</t></is>)?+' % (_TEXT, _TEXT)
_ROW = re.compile(
    rb'<row r="([0-9]{1,7})"((?: [^<>]*+)?+)>(?<!/>)('
    rb'(?:<c r="[A-Z]{1,3}\1"[^<>]*+>(?:(?<=/>)|(?<!/>)%s</c>))*+'
    rb")</row>" % _VALUE
)
# Splits such cells into the letters of a column and what follows, in turn: much faster than a match
# for every cell.
_CELL = re.compile(rb'<c r="([A-Z]+)[0-9]+"')
_REST = re.compile(rb"([^<>]*)>(?:<(?:v|is><t[^<>]*)>([^<]*))?.*")

_MOST_MERGED = 10_000  # areas that are kept: more are no table, and fill the memory
_NUMBER = re.compile("[0-9]{1,9}")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# Excel writes characters that XML has not as _x0001_, and such text itself with _x005F_ before it.
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Formats of dates and times among those that every workbook has.
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# Letters of dates in a format of the workbook's own, outside of quotes and brackets.
_NOT_SHOWN = re.compile(r'"[^"]*+"|\[[^\]]*+\]|\\.|_.')
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)


class _Reader:
    """Does nothing with any element; the readers of the parts say what they do with theirs."""

    parser: expat.XMLParserType | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, name: str) -> None:
        pass

    def characters(self, text: str) -> None:
        pass


class _Workbook(_Reader):
    """The sheets of a workbook: name, relation, whether it is shown."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            shows = attributes.get("state", "visible") == "visible"
            self.sheets.append((attributes.get("name", ""), relation, shows))


class _Relations(_Reader):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Strings(_Reader):
    """The strings that cells refer to by number: all runs of each, without reading aids."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._in_text = self._in_aid = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._in_aid = True
        self._in_text = name == "t"

    def end(self, name: str) -> None:
        self._in_text = False
        if name == "rPh":
            self._in_aid = False
        elif name == "si":
            self.strings.append(_decoded("".join(self._parts)))

    def characters(self, text: str) -> None:
        if self._in_text and not self._in_aid:
            self._parts.append(text)


class _Styles(_Reader):
    """Which styles of cells show numbers as dates."""

    def __init__(self) -> None:
        self.dates: set[str] = set()
        self._own: set[str] = set()
        self._in_cells, self._count = False, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        number = attributes.get("numFmtId", "")
        if name == "numFmt":
            code = _NOT_SHOWN.sub("", attributes.get("formatCode", "")[:1000])
            if _DATE_LETTERS.search(code):
                self._own.add(number)
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            is_common = number.isdigit() and len(number) < 9 and int(number) in _DATE_FORMATS
            if number in self._own or is_common:
                self.dates.add(str(self._count))
            self._count += 1

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


class _Sheet(_Reader):
    """The cells of a sheet."""

    def __init__(
        self, cells: Cells, strings: list[str], dates: set[str], context: ReadContext
    ) -> None:
        self.cells, self.strings, self.dates, self.context = cells, strings, dates, context
        self.row = self.column = -1
        self.kind = self.style = ""
        self.value: list[str] = []
        self.in_value = self.has_formula = self.in_row = False
        self.meanings = Meanings(self._meaning)

    def take_row(self, found: re.Match[bytes]) -> bool:
        """Take all cells of a plain row; return False if the parser has to read it."""
        _, *parts = _CELL.split(found[3])
        letters, rests = parts[::2], parts[1::2]
        if self.in_row or self.in_value or not letters:
            return False
        try:
            if "r" in plain_attributes(found[2]):
                raise Unusual
            texts = list(map(self.meanings.__getitem__, rests))
        except (Unusual, TableFormatError):
            return False  # the parser says where it stands
        filled = dict(zip(map(_column_of, letters), texts, strict=True))
        if len(filled) < len(texts):
            return False
        if not all(texts):
            filled = {column: text for column, text in filled.items() if text}
        self.row, self.column = int(found[1]) - 1, _column_of(letters[-1])
        self.cells.put_row(self.row, filled)
        return True

    def _meaning(self, rest: bytes) -> str:
        """Return what a cell holds, "" if nothing, told by all that follows its reference.

        Raises:
            Unusual: If the attributes or the value are written as no program does.
            TableFormatError: If it cannot be read.
        """
        found = _REST.fullmatch(rest)
        if found is None:
            raise Unusual
        attributes = plain_attributes(found[1].removesuffix(b"/"))
        if "r" in attributes:
            raise Unusual
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        text = plain_text(found[2] or b"")
        self.value, self.has_formula = [text] if text else [], False
        return self._text() if text else ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self.column += 1
            else:
                self.row, self.column = _place(reference) or (self.row, self.column + 1)
            self.kind = attributes.get("t", "n")
            self.style = attributes.get("s", "")
            self.value, self.has_formula = [], False
        elif name in ("v", "t"):
            self.in_value = True
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if number.isdigit() and len(number) < 9 else self.row + 1
            self.column, self.in_row = -1, True
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            begin, end = _place(first), _place(last)
            if len(self.cells.merged) >= _MOST_MERGED:
                raise self.context.error(f"the sheet has more than {_MOST_MERGED} merged cells.")
            if begin and end:
                height, width = end[0] - begin[0] + 1, end[1] - begin[1] + 1
                self.cells.merged.append(
                    Merged(row=begin[0], column=begin[1], height=height, width=width)
                )

    def characters(self, text: str) -> None:
        if self.in_value:
            self.value.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.in_value = False
        elif name == "row":
            self.in_row = False
        elif name == "c" and (self.value or self.has_formula):
            self.cells.put(self.row, self.column, self._text())

    def _text(self) -> str:
        text = "".join(self.value)
        kind = self.kind
        if kind == "s":
            number = text.strip()
            if not _NUMBER.fullmatch(number) or int(number) >= len(self.strings):
                raise self._error(f"it refers to string {shown(number)}, which is missing")
            return self.strings[int(number)]
        if kind in ("str", "inlineStr"):
            return _decoded(text)
        if not text and self.has_formula:
            raise self._error(
                "it has a formula and no value. Open the file in a spreadsheet program and save it"
            )
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if kind == "e":
            if text == "#N/A":
                return text
            raise self._error(
                f"it has the error {shown(text)}: a label was taken for a formula. Format the "
                "cells as text and enter it again"
            )
        if kind == "d" or self.style in self.dates:
            raise self._error(
                "it is a date: the program has changed a label into one. Format the cells as text "
                "and enter it again"
            )
        return number_shown(text)

    def _error(self, what: str) -> Exception:
        return self.context.error(
            f"the cell cannot be read: {what}.", line=self.row + 1, column=self.column + 1
        )


@lru_cache(maxsize=1 << 14)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


@lru_cache(maxsize=1 << 14)
def _column_of(letters: bytes) -> int:
    return _column(letters.decode())


def _place(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.fullmatch(reference)
    return (int(match.group(2)) - 1, _column(match.group(1))) if match else None


def _decoded(text: str) -> str:
    if "_x" not in text:
        return text
    return _CODED.sub(lambda match: chr(int(match.group(1), 16)), text)


def parse_xlsx(content: bytes, context: ReadContext) -> RawGrid | RawTriples:
    """Read the only sheet of a workbook that is not empty; hidden sheets are passed over.

    Raises:
        TableFormatError: If the file is damaged, encrypted, too large or no workbook of this kind;
            if several sheets have cells; or if a cell is a date, an error or an unknown formula.
    """
    if not content.startswith(b"PK"):
        raise context.error(
            "this is an old or encrypted workbook. Save it as .xlsx without a password, or as CSV."
        )
    archive = Archive(content, context)
    workbook, relations, strings, styles = _Workbook(), _Relations(), _Strings(), _Styles()
    readers: tuple[tuple[str, _Reader], ...] = (
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    )
    for name, reader in readers:
        archive.read(name, reader)
    if not workbook.sheets:
        raise context.error("the file has no xl/workbook.xml with sheets; it is no .xlsx workbook.")
    sheets: list[Cells] = []
    for name, relation, shows in workbook.sheets:
        if not shows:
            continue
        target = relations.targets.get(relation, "")
        # Targets count from the folder of the workbook, or from the root of the archive.
        path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        cells = Cells(name, context)
        sheet = _Sheet(cells, strings.strings, styles.dates, context)
        archive.read(
            path,
            sheet,
            prepare=partial(without_plain_rows, end=b"</row>", row=_ROW, take=sheet.take_row),
        )
        sheets.append(cells)
        if sum(bool(sheet.count) for sheet in sheets) > 1:
            break
    return only_sheet(sheets, context)


_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>\
<Override PartName="/xl/sharedStrings.xml" \
ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>\
</Types>
"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
{each}</Relationships>
"""
_STRINGS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
{each}</sst>
"""
_WORKBOOK = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">\
<sheets><sheet name="table" sheetId="1" r:id="rId1"/></sheets></workbook>
"""
_SHEET = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
{rows}</sheetData></worksheet>
"""


def write_xlsx(table: Table, context: WriteContext) -> bytes:
    """Return a workbook of one sheet; every label is text, so that no program changes it.

    Raises:
        ValueError: If the table is not square, observations repeat cells or a label has control
            characters.
    """
    texts = rows_of_cells(table, what="xlsx")
    numbers = {
        text: i for i, text in enumerate(dict.fromkeys(t for row in texts for t in row if t))
    }
    rows = "".join(
        f'<row r="{i}">{"".join(_cell(i, j, numbers[t]) for j, t in enumerate(row) if t)}</row>\n'
        for i, row in enumerate(texts, start=1)
    )
    return write_archive(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _relations(officeDocument="xl/workbook.xml"),
            "xl/workbook.xml": _WORKBOOK,
            "xl/_rels/workbook.xml.rels": _relations(
                worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml"
            ),
            "xl/sharedStrings.xml": _STRINGS.format(each="".join(map(_string, numbers))),
            "xl/worksheets/sheet1.xml": _SHEET.format(rows=rows),
        }
    )


def _relations(**targets: str) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    each = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}/{name}" Target="{target}"/>'
        for i, (name, target) in enumerate(targets.items(), start=1)
    )
    return _RELATIONS.format(each=each)


def _string(text: str) -> str:
    coded = _CODED.sub(lambda match: f"_x005F{match.group()}", text)
    return f'<si><t xml:space="preserve">{html.escape(coded, quote=False)}</t></si>\n'


def _cell(row: int, column: int, number: int) -> str:
    return f'<c r="{_letters(column)}{row}" t="s"><v>{number}</v></c>'


@lru_cache(maxsize=1 << 14)
def _letters(column: int) -> str:
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sniff_xlsx(content: bytes) -> Sniffed:
    """Say whether the content is an archive with a workbook, or a workbook of an older kind."""
    if content.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in content:
        return 1.0, "an Excel workbook"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return 1.0, "an old or encrypted workbook"
    return 0.0, ""


XLSX = Format(
    name="xlsx",
    suffixes=(".xlsx", ".xlsm"),
    is_binary=True,
    sniff=sniff_xlsx,
    parse=parse_xlsx,
    write=write_xlsx,
)

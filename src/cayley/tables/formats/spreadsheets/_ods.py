"""Tables in OpenDocument spreadsheets, as LibreOffice writes them."""

import html
import re
from functools import partial
from itertools import accumulate, chain
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

__all__ = ["ODS", "parse_ods", "sniff_ods", "write_ods"]

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
# How white space is written that XML would join; a blank unless it says how many.
_SPACES = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
# A row of cells with one line of text or nothing; see `_plain_rows`. What is captured are the
# attributes and the cells, and of a cell its attributes and the text.
_ROW = re.compile(
    rb"<table:table-row((?: [^<>]*+)?+)>(?<!/>)("
    rb"(?:<table:table-cell(?=[ />])[^<>]*+>"
    rb"(?:(?<=/>)|(?<!/>)(?:<text:p>[^<>&\x00-\x1f]*+</text:p>)?+</table:table-cell>))*+"
    rb")</table:table-row>"
)
_CELL = re.compile(rb"<table:table-cell([^<>]*)>(<text:p>)?([^<]*)")


class _Reader:
    """The sheets of a document. Cells and rows may say how often they are repeated.

    Names have the prefixes of the standard, which all programs write.
    """

    def __init__(self, context: ReadContext) -> None:
        self.parser: expat.XMLParserType | None = None
        self.context = context
        self.sheets: list[Cells] = []
        self.row = self.column = 0
        self.row_repeats = self.cell_repeats = self.height = self.width = 1
        self.row_values: list[tuple[int, int, str]] = []
        self.kind = self.value = ""
        self.paragraphs: list[str] = []
        self.depth_of_text = 0
        self.in_cell = self.in_note = self.in_row = False
        self.meanings = Meanings(self._meaning)

    def take_row(self, row: re.Match[bytes]) -> bool:
        """Take all cells of a plain row; return False if the parser has to read it."""
        if self.in_row or self.in_note or self.depth_of_text:
            return False
        try:
            repeats = _count(plain_attributes(row[1]), "table:number-rows-repeated")
            # Cells without an end tag stay together with the next that has one.
            parts = row[2].split(b"</table:table-cell>")
            found = list(chain.from_iterable(map(self.meanings.__getitem__, parts)))
        except (Unusual, TableFormatError):
            return False  # the parser says where it stands
        self.row_repeats, self.row_values, self.column = repeats, [], 0
        # The last one usually stands for the thousands of blank columns after the table.
        while found and not found[-1][1]:
            found.pop()
        times, texts = zip(*found, strict=True) if found else ((), ())
        firsts = accumulate(times, initial=0)
        self.row_values = [each for each in zip(firsts, times, texts) if each[2]]  # noqa: B905
        self.in_cell, self.depth_of_text = False, 0
        self._end_row()
        return True

    def _meaning(self, part: bytes) -> tuple[tuple[int, str], ...]:
        """Return how often each cell in a piece of a row is repeated and what it holds.

        Raises:
            Unusual: If the attributes or the text are written as no program does.
            TableFormatError: If one cannot be read.
        """
        found = []
        for attributes, has_text, text in _CELL.findall(part):
            self._start_cell(plain_attributes(attributes.removesuffix(b"/")))
            if self.height > 1 or self.width > 1:
                raise Unusual
            self.paragraphs = [plain_text(text)] if has_text else []
            found.append((self.cell_repeats, self._text()))
        return tuple(found)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.sheets.append(Cells(attributes.get("table:name", ""), self.context))
            self.row = 0
        elif name == "table:table-row":
            self.row_repeats = _count(attributes, "table:number-rows-repeated")
            self.row_values, self.column, self.in_row = [], 0, True
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._start_cell(attributes)
        elif name == "office:annotation":
            self.in_note = True
        elif name == "text:p" and self.in_cell and not self.in_note:
            self.paragraphs.append("")
            self.depth_of_text += 1
        elif name in _SPACES and self.depth_of_text:
            self.paragraphs[-1] += _SPACES[name] * min(_count(attributes, "text:c"), 1000)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.in_cell, self.paragraphs = True, []
        self.cell_repeats = _count(attributes, "table:number-columns-repeated")
        self.kind = attributes.get("office:value-type", "")
        self.value = attributes.get("office:value", "")
        self.height = _count(attributes, "table:number-rows-spanned")
        self.width = _count(attributes, "table:number-columns-spanned")

    def characters(self, text: str) -> None:
        if self.depth_of_text and not self.in_note:
            self.paragraphs[-1] += text

    def end(self, name: str) -> None:
        if name == "office:annotation":
            self.in_note = False
        elif name == "text:p" and self.in_cell and not self.in_note:
            self.depth_of_text = max(0, self.depth_of_text - 1)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.in_cell, self.depth_of_text = False, 0
            text = self._text()
            if text and (self.height > 1 or self.width > 1) and self.sheets:
                self.sheets[-1].merged.append(
                    Merged(row=self.row, column=self.column, height=self.height, width=self.width)
                )
            if text:
                self.row_values.append((self.column, self.cell_repeats, text))
            self.column += self.cell_repeats
        elif name == "table:table-row":
            self.in_row = False
            self._end_row()

    def _text(self) -> str:
        text = "\n".join(self.paragraphs).strip()
        if self.kind in ("date", "time"):
            raise self._error(
                f"it is a {self.kind}, shown as {shown(text)}: the program has changed a label "
                "into one. Format the cells as text and enter it again"
            )
        if text.startswith(("#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "Err:")):
            raise self._error(
                f"it has the error {shown(text)}: a label was taken for a formula. Format the "
                "cells as text and enter it again"
            )
        # What is shown may be rounded; what is stored is not.
        return number_shown(self.value) if self.kind == "float" and self.value else text

    def _end_row(self) -> None:
        if self.row_values and self.sheets:
            # Checked before they are repeated: sixteen thousand equal cells are one element.
            last, repeats, _ = self.row_values[-1]
            if last + repeats > self.context.max_order + 64:
                self.context.check_sizes(1, last + repeats, 1)
            if self.row_repeats > self.context.max_order + 64:
                self.context.check_sizes(self.row_repeats, 1, 1)
            cells = self.sheets[-1]
            filled = {column: text for column, _, text in self.row_values}
            if last + repeats > len(filled):  # some are blank, or repeated
                for column, times, text in self.row_values:
                    filled.update(dict.fromkeys(range(column, column + times), text))
            for row in range(self.row, self.row + self.row_repeats):
                cells.put_row(row, filled)
                # Rows that are repeated must not multiply to more than a table has.
                if cells.count > (self.context.max_order + 64) ** 2:
                    self.context.check_sizes(self.context.max_order + 1, 1, 1)
        self.row += self.row_repeats

    def _error(self, what: str) -> Exception:
        return self.context.error(
            f"the cell cannot be read: {what}.", line=self.row + 1, column=self.column + 1
        )


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def parse_ods(content: bytes, context: ReadContext) -> RawGrid | RawTriples:
    """Read the only sheet of a document that is not empty.

    Raises:
        TableFormatError: If the file is damaged, encrypted or too large; if several sheets have
            cells; or if a cell is a date, an error or merged with others.
    """
    reader = _Reader(context)
    rows = partial(without_plain_rows, end=b"</table:table-row>", row=_ROW, take=reader.take_row)
    archive = Archive(content, context)
    if not archive.read("content.xml", reader, keeps_prefixes=True, prepare=rows):
        raise context.error("the file has no content.xml; it is no .ods spreadsheet.")
    return only_sheet(reader.sheets, context)


_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
manifest:version="1.2"><manifest:file-entry manifest:full-path="/" \
manifest:media-type="{_TYPE}"/><manifest:file-entry manifest:full-path="content.xml" \
manifest:media-type="text/xml"/></manifest:manifest>
"""
_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" \
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">\
<office:body><office:spreadsheet><table:table table:name="table">
{rows}</table:table></office:spreadsheet></office:body></office:document-content>
"""


def write_ods(table: Table, context: WriteContext) -> bytes:
    """Return a document of one sheet; every label is text, so that no program changes it.

    Raises:
        ValueError: If the table is not square, observations repeat cells or a label has control
            characters.
    """
    rows = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>\n"
        for row in rows_of_cells(table, what="ods")
    )
    return write_archive(
        {
            "mimetype": _TYPE,
            "META-INF/manifest.xml": _MANIFEST,
            "content.xml": _CONTENT.format(rows=rows),
        }
    )


def _cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    # Several blanks would be joined to one.
    spaced = re.sub(
        " {2,}",
        lambda match: f' <text:s text:c="{len(match.group()) - 1}"/>',
        html.escape(text, quote=False),
    )
    return (
        f'<table:table-cell office:value-type="string"><text:p>{spaced}</text:p></table:table-cell>'
    )


def sniff_ods(content: bytes) -> Sniffed:
    """Say whether the content is an archive that states the type of these documents."""
    start = content[:256]
    if start.startswith(b"PK\x03\x04") and _TYPE.encode() in start:
        return 1.0, "an OpenDocument spreadsheet"
    return 0.0, ""


ODS = Format(
    name="ods",
    suffixes=(".ods",),
    is_binary=True,
    sniff=sniff_ods,
    parse=parse_ods,
    write=write_ods,
)

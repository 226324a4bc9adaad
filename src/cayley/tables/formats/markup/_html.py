"""Tables of web pages: the rows of ``<table>``, its ``<th>`` as labels.

Pages are cut into tags by searching for the next ``<`` and ``>``; nothing is tried twice, so that a
page of a million open comments takes no longer than any other of its length.
"""

import html
import re
from dataclasses import dataclass, field

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext, shown
from cayley.tables.formats._places import Lines
from cayley.tables.formats._raw import RawGrid, RawTriples, Sniffed
from cayley.tables.formats.markup._labeled_text import rows_of_text
from cayley.tables.formats.rectangles._merged_cells import Merged, take_out_titles
from cayley.tables.formats.rectangles._raw_from_sheet import (
    raw_from_sheet,
    raw_labeled,
    with_remarks,
)
from cayley.tables.formats.rectangles._sheet import Record, sheet_from_records

__all__ = ["HTML", "parse_html", "sniff_html", "write_html"]

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>")
_SPAN = re.compile(r"\b(colspan|rowspan)\s*+=\s*+[\"']?+\s*+(\d++)", re.IGNORECASE)
# Rows of nothing but plain cells, which are most of them, are cut at once.
_PLAIN_CELL = re.compile(r"<(t[hd])>([^<]*+)</t[hd]>")
_PLAIN_ROW = re.compile(r"<tr>\s*+")
# Cells that merged ones may cover in all: titles along the sides of the largest table, and more.
_MOST_COVERED = 1 << 18
# Text inside these is none of the page's.
_HIDDEN = ("script", "style", "template")
# What is raised or lowered is part of the label: a^-1, C_3.
_MARKS = {"sup": "^", "sub": "_", "br": " ", "p": " ", "div": " ", "li": " "}


@dataclass(slots=True)
class _HTMLTable:
    """One table: its rows, each with its line, and which of its cells are headers."""

    line: int
    caption: str = ""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    headers: list[list[bool]] = field(default_factory=list)
    # Height, width, what spans and where its tag stands, by row and by place in the row.
    spans: dict[tuple[int, int], tuple[int, int, str, int]] = field(default_factory=dict)


class _Page:
    """The tables of a page, cell by cell."""

    def __init__(self, text: str, context: ReadContext) -> None:
        self.text, self.context, self.lines = text, context, Lines(text)
        self.tables: list[_HTMLTable] = []
        self.table: _HTMLTable | None = None
        # The text of the cell or caption that is open, and which of them.
        self.parts: list[str] = []
        self.open = ""

    def read(self) -> list[_HTMLTable]:
        text, position, row_end = self.text, 0, -1
        while (start := text.find("<", position)) >= 0:
            if self.open and start > position:
                self.parts.append(text[position:start])
            if text.startswith("<!--", start):
                end = text.find("-->", start)
                # An open comment hides the rest, as it does in a browser.
                position = len(text) if end < 0 else end + 3
                continue
            if text.startswith(("<!", "<?"), start):
                end = text.find(">", start)
                position = len(text) if end < 0 else end + 1
                continue
            if self.table is not None and text.startswith("<tr>", start):
                if row_end < start:
                    row_end = text.find("</tr>", start)
                    row_end = len(text) if row_end < 0 else row_end
                # Found once and kept: a page of rows that never end is searched once.
                end = row_end
                # A row that holds the start of another is not plain, however far its end is.
                whole = end < len(text) and text.find("<tr>", start + 4, end) < 0
                if whole and self._plain_row(text[start:end], start):
                    position = end + 5
                    continue
            match = _TAG.match(text, start)
            if not match:
                if self.open:
                    self.parts.append("<")
                position = start + 1
                continue
            position = match.end()
            name = match.group(2).lower()
            if match.group(1):
                self._end(name)
            elif name in _HIDDEN:
                end = text.find(f"</{name}", position)
                position = len(text) if end < 0 else end
            else:
                self._start(name, match.group(3), start)
        self._close()
        return self.tables

    def _plain_row(self, row: str, offset: int) -> bool:
        """Take a row if it has plain cells and nothing else, and return whether it has."""
        if not _PLAIN_ROW.fullmatch(_PLAIN_CELL.sub("", row)):
            return False
        assert self.table is not None
        self._close()
        self._row(offset)
        cells = _PLAIN_CELL.findall(row)
        if len(cells) > 2 * self.context.max_order:
            self.context.check_sizes(1, len(cells), 1)
        self.table.headers[-1].extend(name == "th" for name, _ in cells)
        self.table.rows[-1][1].extend(map(_plain_text, (text for _, text in cells)))
        return True

    def _start(self, name: str, attributes: str, offset: int) -> None:
        if name == "table":
            if self.table is not None:
                line, column = self.lines.at(offset)
                raise self.context.error(
                    "a table inside a table is not read.", line=line, column=column
                )
            self.table = _HTMLTable(line=self.lines.at(offset)[0])
            self.tables.append(self.table)
        elif self.table is None:
            return
        elif name == "tr":
            self._close()
            self._row(offset)
        elif name in ("td", "th"):
            self._close()
            self._cell(name, attributes, offset)
        elif name == "caption":
            self._close()
            self.open = name
        elif name in ("tbody", "thead", "tfoot"):
            self._close()
        elif self.open and name in _MARKS:
            self.parts.append(_MARKS[name])

    def _row(self, offset: int) -> None:
        assert self.table is not None
        self.table.rows.append((self.lines.at(offset)[0], []))
        self.table.headers.append([])
        if len(self.table.rows) > 2 * self.context.max_order:
            self.context.check_sizes(len(self.table.rows), 1, 1)

    def _cell(self, name: str, attributes: str, offset: int) -> None:
        assert self.table is not None
        if not self.table.rows:
            self._row(offset)  # a first row without <tr>
        if attributes:
            spans = {span[1].lower(): int(span[2][:9]) for span in _SPAN.finditer(attributes)}
            # rowspan=0 means all rows that follow.
            height = spans.get("rowspan", 1) or 2 * self.context.max_order
            width = max(1, spans.get("colspan", 1))
            if height > 1 or width > 1:
                place = len(self.table.rows) - 1, len(self.table.headers[-1])
                what = "colspan" if width > 1 else "rowspan"
                self.table.spans[place] = height, width, what, offset
        self.open = name
        self.table.headers[-1].append(name == "th")
        if len(self.table.headers[-1]) > 2 * self.context.max_order:
            self.context.check_sizes(1, len(self.table.headers[-1]), 1)

    def _end(self, name: str) -> None:
        if name == self.open or name in ("tr", "table", "tbody", "thead", "tfoot"):
            self._close()
        if name == "table":
            self.table = None

    def _close(self) -> None:
        """Keep the text of the cell that is open."""
        if not self.open or self.table is None:
            return
        text = _plain_text("".join(self.parts))
        if self.open == "caption":
            self.table.caption = text
        else:
            self.table.rows[-1][1].append(text)
        self.parts, self.open = [], ""


def _plain_text(text: str) -> str:
    return text if text.isalnum() else " ".join(html.unescape(text).split())


def parse_html(text: str, context: ReadContext) -> RawGrid | RawTriples:
    """Read the only table of a page; text around it and layout are passed over.

    Raises:
        TableFormatError: If there is no table, or several, or one inside another; or if cells
            that are no titles span several columns or rows.
    """
    page = _Page(text, context)
    tables = [table for table in page.read() if any(row for _, row in table.rows)]
    if not tables:
        raise context.error("the page has no <table> with cells.")
    if len(tables) > 1:
        listed = ", ".join(
            (shown(table.caption) + " " if table.caption else "") + f"in line {table.line}"
            for table in tables[:10]
        )
        raise context.error(f"the page has {len(tables)} tables: {listed}. Keep one a file.")
    table = tables[0]
    kept = [i for i, (_, row) in enumerate(table.rows) if row]
    remarks = (f"the caption is {table.caption}",) if table.caption else ()
    if len(kept) > 2 and _is_row_of_names(table, kept[1]):
        # pandas puts the name of the index into a row of its own.
        remarks = (*remarks, f"the row of the index name left out: {table.rows[kept[1]][1][0]}")
        kept.pop(1)
    records: list[Record] = [table.rows[i] for i in kept]
    if table.spans:
        records, left_out = _unmerged(table, page, context)
        remarks = (*remarks, *left_out)
    has_labels = (
        not table.spans
        and len(records) > 1
        and all(table.headers[kept[0]][1:])
        and len(records) == len(records[0][1])
        and all(table.headers[i][0] for i in kept[1:])
    )
    sheet = sheet_from_records(records, context)
    raw = raw_labeled(sheet, context) if has_labels else raw_from_sheet(sheet, context)
    return with_remarks(raw, remarks)


def _unmerged(
    table: _HTMLTable, page: _Page, context: ReadContext
) -> tuple[list[Record], tuple[str, ...]]:
    """Return the rows of a table with merged cells, every cell in its column, without titles.

    Raises:
        TableFormatError: If a merged cell is no title, or spans more than a table has.
    """
    filled: dict[int, dict[int, str]] = {}
    merged: dict[Merged, tuple[str, int]] = {}
    covered: set[tuple[int, int]] = set()
    for i, (_, row) in enumerate(table.rows):
        column = 0
        for j, text in enumerate(row):
            while (i, column) in covered:
                column += 1
            height, width, what, offset = table.spans.get((i, j), (1, 1, "", 0))
            height = min(height, len(table.rows) - i)
            if width > 1 or height > 1:
                if width > 2 * context.max_order or len(covered) + height * width > _MOST_COVERED:
                    context.check_sizes(height, max(width, 2 * context.max_order), 1)
                covered.update((i + k, column + m) for k in range(height) for m in range(width))
                cell = Merged(row=i, column=column, height=height, width=width)
                merged[cell] = what, offset
            if text:
                filled.setdefault(i, {})[column] = text
            column += width

    def refuse(cell: Merged) -> Exception:
        what, offset = merged[cell]
        line, column = page.lines.at(offset)
        return context.error(
            f"{what} makes one cell of several; write every cell by itself.",
            line=line,
            column=column,
        )

    remarks = take_out_titles(filled, merged, refuse)
    if not filled:
        raise context.error("the table has nothing but merged cells.", line=table.line)
    width = 1 + max((max(row) for row in filled.values()), default=0)
    records: list[Record] = [
        (table.rows[i][0], [row.get(j, "") for j in range(width)])
        for i, row in sorted(filled.items())
    ]
    return records, remarks


def _is_row_of_names(table: _HTMLTable, i: int) -> bool:
    row, headers = table.rows[i][1], table.headers[i]
    return all(headers) and bool(row[0]) and not any(row[1:])


def write_html(table: Table, context: WriteContext) -> str:
    """Return the table with its labels as ``<th>``, unknown cells empty; labels are escaped.

    Raises:
        ValueError: If the table is not square, observations repeat cells or a label begins or ends
            with white space or has two blanks in a row.

    Example:
        >>> context = WriteContext(markers=frozenset(), reorder=False, delimiter=",")
        >>> print(write_html(Table.from_array([[0, 1], [1, -1]], labels="ea"), context), end="")
        <table>
        <tr><th></th><th>e</th><th>a</th></tr>
        <tr><th>e</th><td>e</td><td>a</td></tr>
        <tr><th>a</th><td>a</td><td></td></tr>
        </table>
    """
    header, *rows = rows_of_text(table, html.escape, what="HTML")
    lines = ["".join(f"<th>{label}</th>" for label in header)]
    lines += [
        f"<th>{label}</th>" + "".join(f"<td>{cell}</td>" for cell in cells)
        for label, *cells in rows
    ]
    return "<table>\n" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table>\n"


_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"\s*+<(?:!doctype html|html|body|table|div|head|meta|style)\b", re.IGNORECASE)


def sniff_html(text: str) -> Sniffed:
    """Say whether the text is a page, or a part of one, with a table."""
    # Pages that are saved have long heads: the whole text is searched, by a fast search.
    if _PAGE.match(text[:1024]) and _TABLE.search(text):
        return 1.0, "a <table> of HTML"
    if _TABLE.search(text[:8192]):
        return 0.9, "a <table> of HTML"
    return 0.0, ""


HTML = Format(
    name="html", suffixes=(".html", ".htm"), sniff=sniff_html, parse=parse_html, write=write_html
)

"""What spreadsheets have in common: an archive of XML, and cells that stand anywhere.

The archives are read by this folder and the standard library alone. openpyxl and odfpy build an
object for every cell, and take ten to forty times as long for a table of order 1000. calamine
(python-calamine, in Rust) is as fast as this folder, but makes room for the whole rectangle of a
sheet at once: a file of 50 kB with one cell in the last row and column ends the process.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import repeat

from cayley._errors import TableFormatError
from cayley.tables._table import Table
from cayley.tables.formats._context import ReadContext, shown
from cayley.tables.formats._packing import check_packing
from cayley.tables.formats._raw import RawGrid, RawTriples
from cayley.tables.formats._xml import XMLReader, parse_xml
from cayley.tables.formats.markup._labeled_text import rows_of_text
from cayley.tables.formats.rectangles._merged_cells import Merged, take_out_titles
from cayley.tables.formats.rectangles._raw_from_sheet import raw_from_sheet, with_remarks
from cayley.tables.formats.rectangles._sheet import Record, sheet_from_records

__all__ = ["Archive", "Cells", "number_shown", "only_sheet", "rows_of_cells", "write_archive"]

# A table of order 1000 is 40 MB of XML in a workbook and 90 MB in a document. More is a table that
# nobody keeps in a spreadsheet, or a small file that unpacks to hours of work.
_MOST_BYTES = 1 << 27
# What is unpacked and read at a time: the whole part is never in memory.
_CHUNK = 1 << 18
# A sparse sheet, such as one with a single cell in the last column of its last row, would fill the
# memory with blanks: beyond a million cells one in fifty must be filled.
_MOST_BLANK = 1_000_000
_SPARSEST = 50
# Rows and columns around a table: titles, notes, row numbers.
_SLACK = 64

# zipfile raises all of these, depending on what is broken in an archive.
_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class Archive:
    """The parts of a spreadsheet file, none of them larger than a table may be."""

    def __init__(self, content: bytes, context: ReadContext) -> None:
        self._context = context
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self.names = frozenset(self._archive.namelist())
        except _ERRORS as error:
            raise self._broken(error) from None

    def _broken(self, error: Exception) -> TableFormatError:
        return self._context.error(
            f"the spreadsheet is damaged or encrypted ({shown(str(error))}). Open it in a "
            "spreadsheet program and save it again, or as CSV."
        )

    def read(
        self,
        name: str,
        reader: XMLReader,
        *,
        keeps_prefixes: bool = False,
        prepare: Callable[[Iterator[bytes]], Iterator[bytes]] = iter,
    ) -> bool:
        """Tell a reader what one part holds; return whether there is one.

        ``prepare`` gets the part in pieces and returns what is left of them for the parser.

        Raises:
            TableFormatError: If it is damaged, malformed or too large.
        """
        if name not in self.names:
            return False
        check_packing(self._archive.getinfo(name), self._context)
        # What the archive states is checked first; what it unpacks to is counted as well.
        if self._archive.getinfo(name).file_size > _MOST_BYTES:
            raise self._too_large(name)
        parse_xml(
            prepare(self._chunks(name)),
            reader,
            self._context,
            part=name,
            keeps_prefixes=keeps_prefixes,
        )
        return True

    def _chunks(self, name: str) -> Iterator[bytes]:
        total = 0
        try:
            with self._archive.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    total += len(chunk)
                    if total > _MOST_BYTES:
                        raise self._too_large(name)
                    yield chunk
        except TableFormatError:
            raise
        # The codecs raise errors of their own as well, such as lzma.LZMAError.
        except Exception as error:
            raise self._broken(error) from None

    def _too_large(self, name: str) -> TableFormatError:
        return self._context.error(
            f"{name} unpacks to more than {_MOST_BYTES >> 20} MB. Save the table as CSV."
        )


class Cells:
    """The filled cells of one sheet, by row and column from 0."""

    def __init__(self, name: str, context: ReadContext) -> None:
        self.name, self._context = name, context
        self.rows: dict[int, dict[int, str]] = {}
        self.merged: list[Merged] = []
        self.count = 0

    def put(self, row: int, column: int, value: str) -> None:
        """Take one cell; blank ones are not kept."""
        if value:
            self.rows.setdefault(row, {})[column] = value
            self.count += 1

    def put_row(self, row: int, values: Mapping[int, str]) -> None:
        """Take the filled cells of one row, by column."""
        if values:
            self.rows.setdefault(row, {}).update(values)
            self.count += len(values)

    def take_out_titles(self) -> tuple[str, ...]:
        """Take merged cells out that are titles, and return what was left out, in words.

        Raises:
            TableFormatError: If one is no title.
        """
        remarks = take_out_titles(self.rows, self.merged, self._refuse) if self.merged else ()
        self.count -= len(remarks)
        return remarks

    def _refuse(self, cell: Merged) -> TableFormatError:
        return self._context.error(
            "the cell cannot be read: it is merged with others. Write every cell by itself.",
            line=cell.row + 1,
            column=cell.column + 1,
        )

    def records(self) -> list[Record]:
        """Return the rectangle of the filled cells, with the numbers of its rows.

        Raises:
            TableFormatError: If it is larger than a table may be, or almost empty.
        """
        first, last = min(self.rows), max(self.rows)
        left = min(map(min, self.rows.values()))
        right = max(map(max, self.rows.values()))
        height, width = last - first + 1, right - left + 1
        if max(height, width) > self._context.max_order + _SLACK:
            self._context.check_sizes(height, width, 1)
        if height * width > _MOST_BLANK and self.count * _SPARSEST < height * width:
            raise self._context.error(
                f"the sheet {shown(self.name)} has {self.count} filled cells in {height} rows and "
                f"{width} columns. Save the products as triples in CSV."
            )
        nothing: dict[int, str] = {}
        # Columns of the sheet from its first one, so that messages name the right cell.
        columns = range(right + 1)
        return [
            (i + 1, list(map(self.rows.get(i, nothing).get, columns, repeat(""))))
            for i in range(first, last + 1)
        ]


@lru_cache(maxsize=1 << 14)
def number_shown(text: str) -> str:
    """Return a number as a spreadsheet shows it: 1 for 1.0."""
    try:
        value = float(text)
    except ValueError:
        return text
    # Beyond 2^53 not every integer is a float; such a number stays as it is written.
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else text


def only_sheet(sheets: Iterable[Cells], context: ReadContext) -> RawGrid | RawTriples:
    """Return the table on the only sheet that is not empty.

    Raises:
        TableFormatError: If all are empty, or several are not, which are then listed.
    """
    filled = [sheet for sheet in sheets if sheet.count]
    if not filled:
        raise context.error("the spreadsheet is empty.")
    if len(filled) > 1:
        names = ", ".join(shown(sheet.name) for sheet in filled[:10])
        raise context.error(
            f"the spreadsheet has {len(filled)} sheets with cells: {names}. Keep one a file."
        )
    sheet = filled[0]
    remarks = sheet.take_out_titles()
    if not sheet.count:
        raise context.error("the spreadsheet has nothing but merged cells.")
    raw = raw_from_sheet(sheet_from_records(sheet.records(), context), context)
    return with_remarks(raw, remarks)


def rows_of_cells(table: Table, *, what: str) -> list[list[str]]:
    """Return the rows to write, each label as it is.

    Raises:
        ValueError: If the table is not square, observations repeat cells or a label has characters
            that XML has not.
    """

    def checked(label: str) -> str:
        if any(c < " " or c in "\ufffe\uffff" for c in label):
            raise ValueError(
                f"{what} has no control characters; the label {shown(label)} has. Use `json` or "
                "`npz`."
            )
        return label

    return rows_of_text(table, checked, what=what)


def write_archive(parts: dict[str, str]) -> bytes:
    """Return an archive of some parts, the same bytes every time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # The earliest date that archives have: the time of writing would make each differ.
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            # OpenDocument wants its type readable at the start of the file.
            packed = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info.compress_type = packed
            archive.writestr(info, content)
    return stream.getvalue()

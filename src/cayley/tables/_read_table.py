"""``read_table``: tells which format a file, standard input or a stream has, and reads it."""

import os
import sys
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO, Literal

from cayley.tables._limits import MAX_ORDER, max_bytes
from cayley.tables._table import Table
from cayley.tables._table_from_raw import table_from_raw
from cayley.tables.formats import FORMATS, Format
from cayley.tables.formats._context import Delimiter, ReadContext, markers_from, shown
from cayley.tables.formats._json import looks_like_json
from cayley.tables.formats._numpy import numpy_format
from cayley.tables.formats._triples import starts_with_triple_header

__all__ = ["TableFormat", "TableSource", "read_table"]

TableFormat = Literal["csv", "tsv", "triples", "json", "npz", "npy"]
"""``csv`` and ``tsv`` are square tables; ``triples`` are CSV or TSV too."""

TableSource = str | os.PathLike[str] | IO[str] | IO[bytes]
"""A path, ``-`` for standard input, or an open stream of text or bytes."""

# Spreadsheets in countries with a decimal comma write CSV with semicolons, so the semicolon comes
# before the tab there. A suffix that is listed here also says that the content is not JSON.
_PREFERRED: dict[str, tuple[Delimiter, ...]] = {
    "csv": (",", ";", "\t"),
    "tsv": ("\t", ",", ";"),
    "tab": ("\t", ",", ";"),
}


def read_table(
    source: TableSource,
    *,
    format: TableFormat | None = None,
    unknown: str | Iterable[str] | None = None,
    allow_conflicts: bool = False,
    max_order: int = MAX_ORDER,
    name: str | None = None,
) -> Table:
    r"""Read a table, telling its format by content and suffix.

    Args:
        source: A path, ``-`` for standard input, or an open stream of text or bytes.
        format: The format, if it should not be told from the content and the suffix.
        unknown: What stands for an unknown product in CSV and TSV besides a blank, in place of
            ``?``, ``.``, ``-`` and ``NA``; one string is one marker. In JSON it adds to ``null``.
        allow_conflicts: Whether triples may observe one cell several times; the first observation
            counts, further ones go to ``Table.repeats``. Otherwise triples that contradict each
            other are refused and triples that agree count once.
        max_order: The limit on the number of rows, columns and symbols.
        name: What messages call the source; its path by default.

    Raises:
        TableFormatError: If the content is not a table; the message names the file, the line and
            the column where there are such.
        OSError: If the file cannot be opened.
        ValueError: If ``format`` is not one of the formats.

    Example:
        >>> import io
        >>> read_table(io.StringIO(",e,a\ne,e,a\na,a,?\n"))
        Table(2 x 2 over 2 symbols, 3 of 4 cells known)
    """
    if format is not None and format not in FORMATS:
        raise ValueError(f"`format` must be one of {', '.join(FORMATS)}; got {format!r}.")
    name = _name_of(source) if name is None else name
    markers = markers_from(unknown)
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    context = ReadContext(
        name=name,
        markers=markers,
        json_markers=frozenset() if unknown is None else markers,
        allow_conflicts=allow_conflicts,
        max_order=max_order,
        delimiters=_preferred_delimiters(format, suffix),
    )
    # One byte more than is allowed, so that too long an input is noticed without being read whole.
    content = _content_of(source, max_bytes(max_order) + 1)
    if len(content) > max_bytes(max_order):
        raise context.error(
            f"the input has more than {max_bytes(max_order)} bytes, the limit for tables of order "
            f"{max_order}. Raise `max_order` to allow it."
        )
    table = _parse(content, format, suffix, context)
    _check_unicode(table, context)
    return table


def _name_of(source: TableSource) -> str:
    if isinstance(source, str | os.PathLike):
        return "<stdin>" if source == "-" else os.fspath(source)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "<stream>"


def _content_of(source: TableSource, limit: int) -> str | bytes:
    if not isinstance(source, str | os.PathLike):
        return source.read(limit)
    if source == "-":
        return sys.stdin.buffer.read(limit)
    with open(source, "rb") as stream:
        return stream.read(limit)


def _preferred_delimiters(format: str | None, suffix: str) -> tuple[Delimiter, ...]:
    """Return what to try first: what the format says, else what the suffix says."""
    if format == "tsv" or (format == "csv" and suffix not in _PREFERRED):
        return _PREFERRED[format]
    return _PREFERRED.get(suffix, ())


def _parse(
    content: str | bytes, format: TableFormat | None, suffix: str, context: ReadContext
) -> Table:
    # What the user says counts first, then how the content begins, then the suffix.
    if isinstance(content, bytes):
        told = format or numpy_format(content) or _sniffed(content, is_binary=True) or suffix
        if told in FORMATS and FORMATS[told].is_binary:
            return _read(FORMATS[told], content, context)
    elif format is not None and FORMATS[format].is_binary:
        raise context.error(f"`{format}` needs a stream opened in binary mode.")
    text = _decode(content, context)
    if not text.strip():
        raise context.error("the input is empty.")
    told = format or _sniffed(text, is_binary=False) or _text_format(text, suffix, context)
    return _read(FORMATS[told], text, context)


def _sniffed(content: str | bytes, *, is_binary: bool) -> str | None:
    """Return the format that is surest that the content is its own, or None if none is sure."""
    asked = [format for format in FORMATS.values() if format.is_binary == is_binary]
    sure = max(asked, key=lambda format: format.sniff(content)[0])
    return sure.name if sure.sniff(content)[0] >= 0.5 else None


def _read(format: Format, content: str | bytes, context: ReadContext) -> Table:
    if format.read is not None:
        return format.read(content, context)
    assert format.parse is not None
    return table_from_raw(format.parse(content, context), context)


def _text_format(text: str, suffix: str, context: ReadContext) -> TableFormat:
    # In a file named .csv or .tsv a brace or bracket at the start belongs to a label.
    if suffix == "json" or (suffix not in _PREFERRED and looks_like_json(text)):
        return "json"
    return "triples" if starts_with_triple_header(text, context) else "csv"


def _decode(content: str | bytes, context: ReadContext) -> str:
    if isinstance(content, str):
        # Programs on Windows begin UTF-8 files with this mark; it would become part of a label.
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        # Columns count characters, as editors do, not bytes.
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        hint = "It looks like UTF-16. " if utf16 else ""
        raise context.error(
            f"the byte 0x{content[error.start]:02x} is not UTF-8. {hint}Save the file as UTF-8.",
            line=before.count(b"\n") + 1,
            column=column,
        ) from None


def _check_unicode(table: Table, context: ReadContext) -> None:
    for label in {*table.rows, *table.columns, *table.symbols}:
        if not _is_unicode(label):
            raise context.error(f"the label {shown(label)} is not valid Unicode text.")


def _is_unicode(label: str) -> bool:
    try:
        label.encode()
    except UnicodeEncodeError:
        return False
    return True

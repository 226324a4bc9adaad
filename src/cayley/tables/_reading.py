"""Reading a table from a file, standard input or an open stream."""

import os
import sys
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO, Literal

from cayley.tables._context import ReadContext, markers_from, shown
from cayley.tables._delimited import Delimiter, find_delimiter, read_records
from cayley.tables._json import read_json
from cayley.tables._limits import MAX_ORDER, max_bytes
from cayley.tables._numpy import read_npy, read_npz
from cayley.tables._square import read_square
from cayley.tables._table import Table
from cayley.tables._triples import is_triple_header, read_triples

__all__ = ["FORMATS", "TableFormat", "TableSource", "read_table"]

TableFormat = Literal["csv", "tsv", "triples", "json", "npz", "npy"]
"""``csv`` and ``tsv`` are square tables; ``triples`` are CSV or TSV too."""

FORMATS: tuple[TableFormat, ...] = ("csv", "tsv", "triples", "json", "npz", "npy")

TableSource = str | os.PathLike[str] | IO[str] | IO[bytes]
"""A path, ``-`` for standard input, or an open stream of text or bytes."""

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
    context = ReadContext(
        name=name,
        markers=markers,
        json_markers=frozenset() if unknown is None else markers,
        allow_conflicts=allow_conflicts,
        max_order=max_order,
    )
    content = _content_of(source, max_bytes(max_order) + 1)
    if len(content) > max_bytes(max_order):
        raise context.error(
            f"the input has more than {max_bytes(max_order)} bytes, the limit for tables of order "
            f"{max_order}. Raise `max_order` to allow it."
        )
    table = _parse(content, format, PurePath(name).suffix.lower().removeprefix("."), context)
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


def _parse(
    content: str | bytes, format: TableFormat | None, suffix: str, context: ReadContext
) -> Table:
    if isinstance(content, bytes):
        binary = _binary_format(content, format, suffix)
        if binary == "npy":
            return read_npy(content, context)
        if binary == "npz":
            return read_npz(content, context)
    elif format in ("npz", "npy"):
        raise context.error(f"`{format}` needs a stream opened in binary mode.")
    text = _decode(content, context)
    if not text.strip():
        raise context.error("the input is empty.")
    if format == "json" or (format is None and _looks_like_json(text, suffix)):
        return read_json(text, context)
    preferred = _PREFERRED.get("tsv" if format == "tsv" else suffix, ())
    if format == "csv" and suffix not in _PREFERRED:
        preferred = _PREFERRED["csv"]
    delimiter = find_delimiter(text, preferred=preferred)
    if format == "triples" or (format is None and _starts_triples(text, context, delimiter)):
        return read_triples(text, context, delimiter)
    return read_square(text, context, delimiter)


def _binary_format(
    content: bytes, format: TableFormat | None, suffix: str
) -> Literal["npy", "npz"] | None:
    if format is not None:
        suffix = format
    elif content.startswith(b"\x93NUMPY"):
        return "npy"
    elif content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "npz"
    if suffix == "npy":
        return "npy"
    return "npz" if suffix == "npz" else None


def _decode(content: str | bytes, context: ReadContext) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        hint = "It looks like UTF-16. " if utf16 else ""
        raise context.error(
            f"the byte 0x{content[error.start]:02x} is not UTF-8. {hint}Save the file as UTF-8.",
            line=before.count(b"\n") + 1,
            column=column,
        ) from None


def _looks_like_json(text: str, suffix: str) -> bool:
    if suffix in _PREFERRED:
        return False
    return suffix == "json" or text.lstrip().startswith(("{", "["))


def _starts_triples(text: str, context: ReadContext, delimiter: Delimiter) -> bool:
    _, header = next(read_records(text, context, delimiter), (1, []))
    return is_triple_header(header)


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

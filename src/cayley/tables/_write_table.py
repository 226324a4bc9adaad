"""``write_table``: writes a file, standard output or a stream, completely or not at all."""

import os
import sys
from collections.abc import Iterable
from functools import cache
from io import TextIOBase
from pathlib import Path, PurePath
from typing import IO, cast

from cayley._errors import TableFormatError
from cayley._files import replace_file
from cayley.tables._as_table import TableLike, as_table
from cayley.tables._choose_format import read_content
from cayley.tables._read_table import TableFormat, TableSource
from cayley.tables._table import Table
from cayley.tables.formats import FORMATS
from cayley.tables.formats._context import ReadContext, WriteContext
from cayley.tables.labels._markers import markers_from
from cayley.tables.labels._shown import shown

__all__ = ["write_table"]

# These hold labels by the letter, so that nothing is interpreted when they are read.
_EXACT = frozenset({"json", "npz", "npy"})


@cache
def _suffixes() -> dict[str, str]:
    """Return the format of each suffix; all formats are loaded for it, so only when one writes."""
    return {suffix: format.name for format in FORMATS.values() for suffix in format.suffixes}


def write_table(
    table: TableLike,
    target: TableSource,
    *,
    format: TableFormat | None = None,
    unknown: str | Iterable[str] | None = None,
    reorder: bool = False,
) -> None:
    r"""Write a table so that ``read_table`` gives the same table back, or refuse.

    A file is written whole or not at all: an old one stays until the new one is complete.

    Args:
        table: The table, in any form; at least one product must be known.
        target: A path, ``-`` for standard output, or an open stream of text or bytes.
        format: The format; told from the suffix by default. ``json`` holds every table, ``npz``
            all but labels that end in a null character; the others refuse what they cannot hold.
        unknown: The markers that ``read_table`` will be told, for tables with labels such as
            ``-``; unknown products are written as blanks in any case.
        reorder: Whether CSV, TSV and triples may be written although the reader would list the
            labels in another order: the same operation, but not an equal ``Table``.

    Raises:
        ValueError: If the format cannot hold the table, naming one that can, or is not told.
        OSError: If the file cannot be written.

    Example:
        >>> import io
        >>> stream = io.StringIO()
        >>> write_table(Table.from_array([[0, 1], [1, -1]], labels="ea"), stream, format="csv")
        >>> stream.getvalue()
        ',e,a\ne,e,a\na,a,\n'
    """
    table = as_table(table)
    told = _told_by_suffix(target) if format is None else format
    if told not in FORMATS:
        raise ValueError(f"`format` must be one of {', '.join(FORMATS)}; got {format!r}.")
    content = _content(table, told, target, unknown, reorder)
    if not isinstance(target, str | os.PathLike):
        _write_stream(content, target, told)
    elif target == "-":
        # What was printed before stands in the text layer's buffer and would come after the table.
        sys.stdout.flush()
        _write_stream(content, sys.stdout.buffer, told)
    else:
        # Complete before the file is touched: an error above leaves the old file as it was.
        data = content.encode() if isinstance(content, str) else content
        replace_file(Path(target), data)


def _told_by_suffix(target: TableSource) -> str:
    if isinstance(target, str | os.PathLike):
        suffix = PurePath(target).suffix.lower()
        if suffix in _suffixes():
            return _suffixes()[suffix]
        what = f"{suffix!r} is not a suffix that tells the format"
    else:
        what = "a stream does not tell the format"
    raise ValueError(f"{what}; give `format`, one of {', '.join(FORMATS)}.")


def _content(
    table: Table,
    format: str,
    target: TableSource,
    unknown: str | Iterable[str] | None,
    reorder: bool,
) -> str | bytes:
    # UTF-8 has no bytes for half of a surrogate pair: encoding would fail while the file is
    # written, where the message could not name the label.
    for label in {*table.rows, *table.columns, *table.symbols}:
        try:
            label.encode()
        except UnicodeEncodeError:
            raise ValueError(f"the label {shown(label)} is not valid Unicode text.") from None
    # Readers refuse such a file: the symbols of most formats are told by the cells.
    if not table.num_observed:
        raise ValueError("the table knows no product; there is nothing to write.")
    tabbed = (
        isinstance(target, str | os.PathLike) and _suffixes().get(PurePath(target).suffix) == "tsv"
    )
    context = WriteContext(
        markers=markers_from(unknown),
        reorder=reorder,
        delimiter="\t" if format == "tsv" or (format == "triples" and tabbed) else ",",
    )
    write = FORMATS[format].write
    if write is None:
        raise ValueError(f"`{format}` is only read, not written. Use `json` or `npz`.")
    content = write(table, context)
    if format not in _EXACT:
        suffix = PurePath(target).suffix.lower() if isinstance(target, str | os.PathLike) else ""
        reason = _difference(table, content, suffix.removeprefix("."), unknown, reorder=reorder)
        if reason is not None:
            raise ValueError(f"`{format}` cannot hold this table: {reason} Use `json` or `npz`.")
    return content


def _difference(
    table: Table,
    content: str | bytes,
    suffix: str,
    unknown: str | Iterable[str] | None,
    *,
    reorder: bool,
) -> str | None:
    """Return why the reader would not give a table back from what is going to be written, or None.

    The reader interprets labels: it unifies spellings, and takes some strings for unknown products.
    Whether it does so for these labels is decided by reading.
    """
    context = ReadContext(
        name="",
        markers=markers_from(unknown),
        json_markers=frozenset(),
        allow_conflicts=True,
        max_order=max(len(table.rows), len(table.columns), len(table.symbols)),
        are_declared=unknown is not None,
        is_open=len(table.symbols) > len(table.rows) == len(table.columns),
    )
    try:
        back = read_content(content, None, suffix, context)
    except TableFormatError as error:
        return str(error)
    if back == table or (reorder and _is_same_operation(back, table)):
        return None
    return f"another one would come back, {back.reading}."


def _is_same_operation(one: Table, other: Table) -> bool:
    """Return whether two tables differ in the order of labels and observations only."""
    alphabets = [[set(t.rows), set(t.columns), set(t.symbols)] for t in (one, other)]
    return alphabets[0] == alphabets[1] and sorted(one.triples()) == sorted(other.triples())


def _write_stream(content: str | bytes, stream: IO[str] | IO[bytes], format: str) -> None:
    is_text = isinstance(stream, TextIOBase)
    if isinstance(content, bytes):
        if is_text:
            raise ValueError(f"`{format}` needs a stream opened in binary mode.")
        cast(IO[bytes], stream).write(content)
    elif is_text:
        cast(IO[str], stream).write(content)
    else:
        cast(IO[bytes], stream).write(content.encode())
    stream.flush()

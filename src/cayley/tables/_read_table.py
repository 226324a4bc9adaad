"""``read_table``: tells which format a file, standard input or a stream has, and reads it."""

import os
import sys
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO, Literal

from cayley._files import read_up_to
from cayley.tables._choose_format import read_content
from cayley.tables._limits import MAX_ORDER, max_bytes
from cayley.tables._table import Table
from cayley.tables.formats import FORMATS
from cayley.tables.formats._context import ReadContext
from cayley.tables.labels._markers import markers_from
from cayley.tables.labels._shown import shown

__all__ = ["TableFormat", "TableSource", "read_table"]

# fmt: off
TableFormat = Literal[
    "csv", "tsv", "grid", "triples", "equations", "aligned", "json", "npz", "npy", "gap", "loops",
    "sage", "mace4", "uacalc", "tptp", "minizinc", "mathematica", "latex", "markdown", "html",
    "xlsx", "ods",
]
# fmt: on
"""``csv`` and ``tsv`` have labels; ``grid`` (cells only) and ``triples`` are CSV or TSV too."""

TableSource = str | os.PathLike[str] | IO[str] | IO[bytes]
"""A path, ``-`` for standard input, or an open stream of text or bytes."""


def read_table(
    source: TableSource,
    *,
    format: TableFormat | None = None,
    unknown: str | Iterable[str] | None = None,
    open: bool = False,
    allow_conflicts: bool = False,
    max_order: int = MAX_ORDER,
    name: str | None = None,
) -> Table:
    r"""Read a table, telling its format by content and suffix, and say how it was read.

    ``Table.reading`` of what is returned says which format it was, what was unknown, which
    spellings were one label, and what was left out.

    Args:
        source: A path, ``-`` for standard input, or an open stream of text or bytes.
        format: The format, if it should not be told from the content and the suffix.
        unknown: What stands for an unknown product besides a blank, in place of ``?``, ``.``,
            ``-``, ``_``, ``*``, ``NA``, ``N/A``, ``#N/A``, ``NaN``, ``None``, ``null``,
            ``unknown``, ``undefined``, and 0 where the labels are 1..n; one string is one marker. A
            marker that is a row label is a label. In a JSON object with ``symbols`` only these are
            markers.
        open: Whether results may lie outside the labels; they then are further symbols, after the
            row labels. Otherwise such a value is refused as a typing error, or the table as one
            that is not closed.
        allow_conflicts: Whether triples may observe one cell several times; the first observation
            counts, further ones go to ``Table.repeats``. Otherwise triples that contradict each
            other are refused and triples that agree count once.
        max_order: The limit on the number of rows, columns and symbols.
        name: What messages call the source; its path by default.

    Raises:
        TableFormatError: If the content is not a table, or can be read as two different ones; the
            message names the file, the line and the column where there are such.
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
        are_declared=unknown is not None,
        is_open=open,
    )
    # One byte more than is allowed, so that too long an input is noticed without being read whole.
    content = _content_of(source, max_bytes(max_order) + 1)
    if len(content) > max_bytes(max_order):
        raise context.error(
            f"the input has more than {max_bytes(max_order)} bytes, the limit for tables of order "
            f"{max_order}. Raise `max_order` to allow it."
        )
    table = read_content(content, format, suffix, context)
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
        return read_up_to(sys.stdin.buffer, limit)
    with open(source, "rb") as stream:
        return read_up_to(stream, limit)


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

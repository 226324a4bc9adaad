"""``read_source``: reads a table, or the table of the group that generators or relations give."""

import builtins
import io
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any, Literal

from cayley._errors import TableFormatError
from cayley.deduction.presentations._near_groups import near_groups
from cayley.deduction.presentations._presented_group import presented_group
from cayley.deduction.presentations._read_presentation import (
    looks_like_presentation,
    read_presentation,
)
from cayley.tables import MAX_ORDER, Table, read_table
from cayley.tables._limits import max_bytes
from cayley.tables.families._generator_lists import looks_like_generators, read_generators
from cayley.tables.families._operation_lists import looks_like_operations, read_operations

__all__ = ["GROUP_FORMATS", "GroupFormat", "read_source"]

GroupFormat = Literal["generators", "operations", "presentation"]
"""What stands for a group: permutations or matrices, symmetry operations, relations."""

GROUP_FORMATS: tuple[GroupFormat, ...] = ("operations", "generators", "presentation")

_SNIFFERS = {
    "operations": looks_like_operations,
    "generators": looks_like_generators,
    "presentation": looks_like_presentation,
}

# Files that say what they are by their suffix are tables; everything else is looked at.
_TABLES = frozenset({"csv", "tsv", "tab", "json", "npy", "npz", "xlsx", "ods", "html", "htm"})

# Generators and relations are short: a longer text is a table, or a CIF file.
_LONGEST = 1 << 16
_LONGEST_CIF = 1 << 24

# An enumeration within the limit on cosets takes some seconds, but with many generators minutes.
_SECONDS = 30.0

_CERTAIN = 0.7  # below it the text is a table as well, and the user has to say which it is


def read_source(
    source: Any,
    *,
    format: str | None = None,
    unknown: str | Iterable[str] | None = None,
    open: bool = False,
    allow_conflicts: bool = False,
    max_order: int = MAX_ORDER,
    note: Callable[[str], None] | None = None,
) -> Table:
    r"""Read a table, or the table of the group that generators or relations stand for.

    Args:
        source: A path, ``-`` for standard input, or an open stream of text or bytes.
        format: One of ``GROUP_FORMATS``, or a format of :func:`~cayley.tables.read_table`; told
            from the content by default.
        unknown: As for ``read_table``.
        open: As for ``read_table``.
        allow_conflicts: As for ``read_table``.
        max_order: The limit on the order.
        note: Called with a sentence on how a group was read.

    Raises:
        TableFormatError: If the content is neither, can be read in two ways, or the group is
            infinite or too large.
        OSError: If the file cannot be opened.

    Example:
        >>> import io
        >>> read_source(io.StringIO("(1 2 3)\n(1 2)\n")).rows
        ('()', '(2 3)', '(1 2)', '(1 2 3)', '(1 3 2)', '(1 3)')
        >>> read_source(io.StringIO("< r, s | r^4, s^2, (r s)^2 >")).order
        8
    """
    name, content, again = _begin_of(source, max_order)
    told: str | None = format if format in GROUP_FORMATS else None
    text = _decoded(content)
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    if format is None and text is not None and suffix not in _TABLES:
        told = _told(text, name)
    if told is None:
        return read_table(
            again,
            format=format,  # type: ignore[arg-type]  # checked by read_table
            unknown=unknown,
            open=open,
            allow_conflicts=allow_conflicts,
            max_order=max_order,
            name=name,
        )
    if text is None:
        raise TableFormatError(
            f"{told} are text in UTF-8, of at most {_LONGEST} bytes; this is not.", source=name
        )
    try:
        return _group(told, text, max_order, note or (lambda sentence: None))
    except ValueError as error:
        raise TableFormatError(str(error), source=name) from None


def _told(text: str, name: str) -> str | None:
    """Return what stands for a group in a text, or None if it is to be read as a table."""
    if not text.strip():
        return None
    if len(text) > _LONGEST:  # only CIF files hold much besides, and they name their items
        is_cif = "_symop_" in text or "_symmetry_equiv_" in text
        return "operations" if is_cif and looks_like_operations(text)[0] else None
    told, (sure, why) = max(
        ((each, sniff(text)) for each, sniff in _SNIFFERS.items()), key=lambda found: found[1][0]
    )
    if 0 < sure < _CERTAIN:
        raise TableFormatError(
            f"{why}; they can be {told} of a group, or the rows of a table. Say which: `format` "
            f"{told}, or the format of the table.",
            source=name,
        )
    return told if sure else None


def _group(told: str, text: str, max_order: int, note: Callable[[str], None]) -> Table:
    if told == "presentation":
        presentation = read_presentation(text)
        table = presented_group(presentation, max_order=max_order, time_limit=_SECONDS)
        names, relators = len(presentation.names), len(presentation.relators)
        note(
            f"read as a presentation with {names} generators and {relators} relators: a group of "
            f"order {table.order}."
        )
        return table
    if told == "generators":
        generators = read_generators(text)
        table = generators.table(max_order=max_order)
        note(
            f"read as {len(generators.values)} {generators.kind} that generate a group of order "
            f"{table.order}."
        )
        return table
    found = near_groups(read_operations(text), max_order=max_order)
    if found.smallest is None:
        raise ValueError(str(found))
    note(f"read as symmetry operations. {found}")
    if len(found.smallest.operations) > found.smallest.table.order:
        note("Pure translations are factored out, as the lattice is.")
    return found.smallest.table


def _begin_of(source: Any, max_order: int) -> tuple[str, str | bytes, Any]:
    """Return a name, the content as far as it is looked at, and what can be read from its start."""
    if isinstance(source, str | os.PathLike) and source != "-":
        name = os.fspath(source)
        limit = _LONGEST_CIF if name.lower().endswith(".cif") else _LONGEST
        with builtins.open(source, "rb") as stream:
            content = stream.read(limit + 1)
        return name, content if len(content) <= limit else b"", source
    # One byte more than is allowed: read_table notices by it that the input is too long.
    limit = max_bytes(max_order) + 1
    if source == "-":
        content = sys.stdin.buffer.read(limit)
        return "<stdin>", content if len(content) <= _LONGEST_CIF else b"", io.BytesIO(content)
    content = source.read(limit)
    name = getattr(source, "name", None)
    again = io.BytesIO(content) if isinstance(content, bytes) else io.StringIO(content)
    return name if isinstance(name, str) else "<stream>", content, again


def _decoded(content: str | bytes) -> str | None:
    if isinstance(content, str):
        return content
    if not content or b"\0" in content:  # no text: a NumPy file, a spreadsheet, UTF-16
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None

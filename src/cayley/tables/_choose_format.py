"""The format of a file: every format is asked, the surest reads, and a tie is refused."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cayley._errors import TableFormatError
from cayley.tables._reading import Reading
from cayley.tables._table import Table
from cayley.tables._table_from_raw import table_from_raw
from cayley.tables._text_encoding import text_of
from cayley.tables.families._generator_lists import looks_like_generators
from cayley.tables.families._operation_lists import looks_like_operations
from cayley.tables.formats import BINARY, FORMATS, Format
from cayley.tables.formats._context import Delimiter, ReadContext
from cayley.tables.formats.rectangles._arrangement import TIE

__all__ = ["read_content"]

# A suffix decides between formats that are nearly as sure; content that names its format, in a file
# with another suffix, is surer by more than this.
_SUFFIX = 0.1

# Below this a format has seen nothing that speaks for it.
_UNSURE = 0.15

# Spreadsheets in countries with a decimal comma write CSV with semicolons, so the semicolon comes
# before the tab there.
_PREFERRED: dict[str, tuple[Delimiter, ...]] = {
    "csv": (",", ";", "\t"),
    "tsv": ("\t", ",", ";"),
    "tab": ("\t", ",", ";"),
}
# What has the suffix of a spreadsheet's text, but is told by its content from a labeled table.
_IN_CSV_FILES = frozenset({"csv", "tsv", "grid", "triples"})
# What a text of lines with commas or tabs can be if no other character is in it that formats of
# programs are made of. The other formats see nothing in such a text and need not be loaded.
_OF_PLAIN_LINES = ("csv", "tsv", "grid", "triples")
_MARKS = frozenset("[](){}<>|\\=&;:@%#*$+^-")
_PLAIN_SUFFIXES = frozenset({"csv", "tsv", "tab"})
_HEAD = 4096  # characters; further down a plain file has the same shape

# As in deduction: generators are short, and below this they may be the rows of a table.
_LONGEST_GENERATORS = 1 << 16
_CERTAIN = 0.7

_ALLOWED: dict[str, tuple[Delimiter, ...]] = {"csv": (",", ";"), "tsv": ("\t",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A format that may be the one of a content, how sure it is, and why."""

    format: Format
    sure: float
    why: str


def read_content(
    content: str | bytes, format: str | None, suffix: str, context: ReadContext
) -> Table:
    """Return the table in the whole content of a file, with its ``reading``.

    Args:
        content: The file, as bytes or as text.
        format: The name of its format, if the user gave one.
        suffix: The suffix of its name, without the point, in lower case.
        context: The settings.

    Raises:
        TableFormatError: If the content is no table, or two tables in two formats equally well.
    """
    context = replace(
        context,
        delimiters=_PREFERRED.get(suffix, ()),
        allowed_delimiters=_ALLOWED.get(format or "", ()),
    )
    if format is not None:
        chosen = FORMATS[format]
        if chosen.is_binary and isinstance(content, str):
            raise context.error(f"`{format}` needs a stream opened in binary mode.")
        data = content if chosen.is_binary else text_of(content, context)
        why = chosen.sniff(data)[1] or format
        return _read(_Candidate(format=chosen, sure=1.0, why=why), data, context)
    if isinstance(content, bytes):
        binary = _candidates(content, suffix, is_binary=True)
        if binary:
            return _read(binary[0], content, context)
        named = [FORMATS[name] for name in FORMATS if name in BINARY]
        named = [each for each in named if f".{suffix}" in each.suffixes]
        if named and suffix:
            # Damaged at its very beginning; the format says what is wrong.
            return _read(_Candidate(format=named[0], sure=0.0, why=suffix), content, context)
    text = text_of(content, context)
    if suffix not in _PLAIN_SUFFIXES and len(text) <= _LONGEST_GENERATORS:
        _refuse_generators(text, context)
    candidates = _candidates(text, suffix, is_binary=False)
    if not candidates:
        # Nothing speaks for any format. The labeled table is what most people bring, and its reader
        # says what is missing.
        named = [each for each in FORMATS.values() if f".{suffix}" in each.suffixes]
        chosen = named[0] if named else FORMATS["csv"]
        return _read(_Candidate(format=chosen, sure=0.0, why=chosen.name), text, context)
    tied = [each for each in candidates if candidates[0].sure - each.sure <= TIE]
    return _read(tied[0], text, context) if len(tied) == 1 else _untied(tied, text, context)


def _refuse_generators(text: str, context: ReadContext) -> None:
    """Refuse what stands for a group: ``[2,1,3]`` on a line is no product of ``[2`` and ``1``."""
    for sniff in (looks_like_generators, looks_like_operations):
        sure, why = sniff(text)
        if sure >= _CERTAIN:
            raise context.error(
                f"{why}; they stand for a group, and are no table. `solve`, `inspect` and `cayley "
                "convert` read them. If they are a table, say which with `format`."
            )


def _candidates(content: str | bytes, suffix: str, *, is_binary: bool) -> list[_Candidate]:
    """Return the formats that may be the one of a content, the surest first."""
    found = []
    for name in _asked(content, suffix, is_binary=is_binary):
        format = FORMATS[name]
        sure, why = format.sniff(content)
        if sure < _UNSURE:
            continue
        if f".{suffix}" in format.suffixes or (
            suffix in _PREFERRED and format.name in _IN_CSV_FILES
        ):
            sure += _SUFFIX
        found.append(_Candidate(format=format, sure=sure, why=why))
    # Stable: of equally sure ones, the first listed.
    return sorted(found, key=lambda each: -each.sure)


def _asked(content: str | bytes, suffix: str, *, is_binary: bool) -> tuple[str, ...]:
    """Return the formats that can see something in a content."""
    if is_binary:
        # an archive begins with PK, an array of NumPy with its own mark, an old workbook with d0 cf
        known = isinstance(content, bytes) and content.startswith((b"PK", b"\x93", b"\xd0\xcf"))
        return tuple(name for name in FORMATS if name in BINARY) if known else ()
    head = content[:_HEAD]
    assert isinstance(head, str)
    first = head.partition("\n")[0]
    if suffix in _PLAIN_SUFFIXES and ("," in first or "\t" in first) and _MARKS.isdisjoint(head):
        return _OF_PLAIN_LINES
    return tuple(name for name in FORMATS if name not in BINARY)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the collector of cycles while the block runs.

    A file has millions of strings, none of them in a cycle; looking through them again and again
    takes a third of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(candidate: _Candidate, content: str | bytes, context: ReadContext) -> Table:
    with _uncollected():
        table = table_from_raw(candidate.format.parse(content, context), context)
    reading = table.reading or Reading(format="")
    return replace(table, reading=replace(reading, format=candidate.format.name, why=candidate.why))


def _untied(tied: list[_Candidate], text: str, context: ReadContext) -> Table:
    """Return the table that all of some equally sure formats read, or refuse.

    Raises:
        TableFormatError: If they read different tables, or one of them says that it is none.
    """
    tables: list[Table | TableFormatError] = []
    for candidate in tied:
        try:
            tables.append(_read(candidate, text, context))
        except TableFormatError as error:
            tables.append(error)
    first = tables[0]
    if all(isinstance(other, TableFormatError) for other in tables):
        assert isinstance(first, TableFormatError)
        raise first
    if isinstance(first, Table) and all(other == first for other in tables):
        return first
    ways = " or as ".join(each.why for each in tied)
    names = " or ".join(each.format.name for each in tied)
    raise context.error(
        f"this can be read as {ways}. Say which with `format` (`--format`) {names}."
    )

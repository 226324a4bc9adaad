"""``Reading``: how a file was understood, in one line for people and as a document for programs."""

import unicodedata
from dataclasses import dataclass
from typing import Any

__all__ = ["Reading"]

# Marks whose meaning nobody doubts: a table with no others is read as everybody would read it.
_PLAIN_MARKS = frozenset({"", "?", "NA"})
_MOST_NAMED = 4  # spellings that the line names; the document has all

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    r"""How a table was read: what was found in the file, and what it was taken for.

    It hangs on the table that ``read_table`` returns, as ``Table.reading``, and is no part of what
    makes two tables equal.

    Attributes:
        format: The name of the format, as ``read_table(format=...)`` takes it.
        why: Why it was taken for this format, in words.
        delimiter: What separates the cells, or None if the format has no choice.
        header: Whether the labels of rows and columns were written in the file; None for triples.
        base: The number that the first element was given where labels were not written.
        unknown: What marked unknown products, each with the number of cells; a blank is ``""``.
        unified: Spellings that were read as another label: (as written, label).
        remarks: What else was decided or left out, in words.

    Example:
        >>> import io
        >>> from cayley.tables import read_table
        >>> reading = read_table(io.StringIO("0,1,2\n1,2,0\n2,_,1\n")).reading
        >>> reading.header, reading.base, reading.unknown
        (False, 0, (('_', 1),))
    """

    format: str
    why: str = ""
    delimiter: str | None = None
    header: bool | None = None
    base: int | None = None
    unknown: tuple[tuple[str, int], ...] = ()
    unified: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_obvious(self) -> bool:
        """Whether everybody would read the file in this way, so that nothing need be said."""
        plain = self.format in ("csv", "tsv", "json", "npz", "npy", "triples")
        return (
            plain
            and self.header is not False
            and not self.unified
            and not self.remarks
            and all(mark in _PLAIN_MARKS for mark, _ in self.unknown)
        )

    def __str__(self) -> str:
        parts = [f"read as {self.why or self.format}"]
        if self.delimiter is not None:
            parts[0] += f" with {_DELIMITERS.get(self.delimiter, self.delimiter)}"
        if self.unknown:
            marks = ", ".join(f"{_mark(mark)} ({count})" for mark, count in self.unknown)
            parts.append(f"unknown: {marks}")
        if self.unified:
            pairs = [_pair(written, label) for written, label in self.unified[:_MOST_NAMED]]
            more = len(self.unified) - len(pairs)
            parts.append("read " + ", ".join(pairs) + (f" and {more} more" if more else ""))
        return "; ".join([*parts, *self.remarks])

    def to_document(self) -> dict[str, Any]:
        """Return the reading as a dictionary that JSON can hold."""
        return {
            "format": self.format,
            "why": self.why,
            "delimiter": self.delimiter,
            "header": self.header,
            "base": self.base,
            "unknown": [{"marker": mark, "cells": count} for mark, count in self.unknown],
            "unified": [{"written": written, "label": label} for written, label in self.unified],
            "remarks": list(self.remarks),
        }


def _pair(written: str, label: str) -> str:
    if unicodedata.normalize("NFC", written) == unicodedata.normalize("NFC", label):
        # They look the same; the code points tell them apart.
        return f"`{ascii(written)[1:-1]}` as `{ascii(label)[1:-1]}`"
    return f"{_mark(written)} as {_mark(label)}"


def _mark(mark: str) -> str:
    # `repr` escapes what would change the terminal; files may hold any characters.
    return f"`{repr(mark)[1:-1]}`" if mark else "blank"

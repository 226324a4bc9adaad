"""Tables of the package LOOPS for GAP: calls of its functions, and the files that it reads."""

import math
import re

import numpy as np

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._places import CellPlaces, Lines
from cayley.tables.formats._raw import RawGrid, Sniffed
from cayley.tables.formats.programs._gap import gap_matrix, parse_gap
from cayley.tables.formats.programs._numbered import (
    label_lines,
    labels_of,
    refuse_other_shapes,
    refuse_repeats,
)

__all__ = ["LOOPS", "parse_loops", "sniff_loops", "write_loops"]

_CALL = re.compile(r"\b(?:Loop|Quasigroup|RightGroup|Racks?|Quandle)ByCayleyTable\b")
# What QuasigroupFromFile is usually told to ignore.
_CHUNK = re.compile(r"[^\s\[\](){},;|]+")


def parse_loops(text: str, context: ReadContext) -> RawGrid:
    """Read ``LoopByCayleyTable([...])`` and the like, or a file of nothing but n x n entries.

    Such a file is cut at blanks, commas and brackets, however its lines end; the entries are the
    labels, of which there are n.

    Raises:
        TableFormatError: If there is no table, or several, or entries are missing.
    """
    if not _CALL.search(text):
        return _file_of_entries(text, context)
    return parse_gap(text, context)


def _file_of_entries(text: str, context: ReadContext) -> RawGrid:
    # One more than the most that a table may have, so that a longer file is not cut up whole.
    most = context.max_order**2 + 1
    chunks: list[str] = []
    offsets: list[int] = []
    for match in _CHUNK.finditer(text):
        chunks.append(match.group())
        offsets.append(match.start())
        if len(chunks) > most:
            context.check_sizes(context.max_order + 1, context.max_order + 1, 1)
    order = math.isqrt(len(chunks))
    if not order or order**2 != len(chunks):
        raise context.error(
            f"a file for QuasigroupFromFile has n x n entries; got {len(chunks)}, which is no "
            "square."
        )
    distinct = len(set(chunks))
    if distinct != order:
        raise context.error(
            f"a table of {order} x {order} entries for QuasigroupFromFile has {order} different "
            f"ones; got {distinct}."
        )
    return RawGrid(
        cells=tuple(tuple(chunks[i : i + order]) for i in range(0, len(chunks), order)),
        places=CellPlaces(order, order, lambda i, j: offsets[i * order + j], Lines(text)),
    )


def write_loops(table: Table, context: WriteContext) -> str:
    """Return a statement that makes the quasigroup, or the loop, in GAP; labels in a comment.

    Raises:
        ValueError: If LOOPS could not make a quasigroup of it: the table has unknown cells or is no
            Latin square.
    """
    refuse_repeats(table, "LOOPS")
    refuse_other_shapes(table, "LOOPS")
    order = len(table.rows)
    numbers = np.arange(order)
    is_latin = not (table.array == UNKNOWN).any() and all(
        np.array_equal(np.sort(lines, axis=1), np.tile(numbers, (order, 1)))
        for lines in (table.array, table.array.T)
    )
    if not is_latin:
        raise ValueError(
            "LOOPS holds quasigroups: every symbol once in every row and column, no unknown cells. "
            "Use `gap`, `json` or `npz`."
        )
    # LOOPS wants the identity of a loop first.
    is_loop = np.array_equal(table.array[0], numbers) and np.array_equal(table.array[:, 0], numbers)
    function = "LoopByCayleyTable" if is_loop else "QuasigroupByCayleyTable"
    comment = label_lines(labels_of(table, base=1), comment="# ")
    return (
        f"{comment}{'loop' if is_loop else 'quasigroup'} := {function}( {gap_matrix(table)} );;\n"
    )


def sniff_loops(text: str) -> Sniffed:
    """Say whether the text calls a function of LOOPS."""
    match = _CALL.search(text[:8192])
    return (1.0, f"a file for LOOPS, as it calls `{match.group()}`") if match else (0.0, "")


LOOPS = Format(
    name="loops", suffixes=(".loops",), sniff=sniff_loops, parse=parse_loops, write=write_loops
)

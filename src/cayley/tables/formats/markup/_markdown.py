"""Tables in Markdown: cells between upright lines, and dashes under the header."""

import html
import re

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._raw import RawGrid, RawTriples, Sniffed
from cayley.tables.formats.markup._labeled_text import rows_of_text
from cayley.tables.formats.rectangles._raw_from_sheet import raw_from_sheet, raw_labeled
from cayley.tables.formats.rectangles._sheet import Record, sheet_from_records

__all__ = ["MARKDOWN", "parse_markdown", "sniff_markdown", "write_markdown"]

_DASHES = re.compile(
    r"^[ \t]*+(?:\|[ \t]*+)?+:?+-++:?+[ \t]*+(?:\|[ \t]*+:?+-++:?+[ \t]*+)*+\|?+[ \t]*+\r?$",
    re.MULTILINE,
)
_PIPE = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Emphasis and code around a whole cell say nothing about the label.
_AROUND = ("**", "__", "`", "$", "*", "_")
# Everything that a renderer may take for something else than itself.
_SPECIAL = re.compile(r"([\\|`*_{}\[\]<>()#+\-!~$^=.:])")


def parse_markdown(text: str, context: ReadContext) -> RawGrid | RawTriples:
    """Read the only table of a text in Markdown.

    Raises:
        TableFormatError: If there is none, or several, or a row has other than as many cells.
    """
    lines = text.splitlines()
    dashes = [
        number
        for number, line in enumerate(lines)
        if number and "|" in lines[number - 1] and "-" in line and _DASHES.fullmatch(line)
    ]
    dashes = _heads(dashes, lines)
    if len(dashes) > 1:
        where = ", ".join(str(number) for number in dashes[:10])
        raise context.error(
            f"the file has {len(dashes)} tables, in the lines {where}. Keep one a file."
        )
    # Without dashes, all lines with upright lines at both ends are the table.
    start = dashes[0] - 1 if dashes else 0
    records: list[Record] = []
    for number in range(start, len(lines)):
        line = lines[number].strip()
        if dashes and number == dashes[0]:
            continue
        if "|" not in line:
            if records and dashes:
                break  # what follows is text again
            if line:
                records.append((number + 1, [line]))
            continue
        records.append((number + 1, _cells(line)))
        if len(records) > context.max_order + 1:
            context.check_sizes(len(records), 1, 1)
        if len(records[-1][1]) > context.max_order + 2:
            context.check_sizes(1, len(records[-1][1]), 1)
    if dashes:
        # A row may lack cells at its end, and has none beyond the header.
        width = len(records[0][1])
        records = [(n, [*row, *[""] * (width - len(row))]) for n, row in records]
    sheet = sheet_from_records(records, context)
    has_labels = bool(dashes) and len(records) == len(records[0][1])
    return raw_labeled(sheet, context) if has_labels else raw_from_sheet(sheet, context)


def _heads(dashes: list[int], lines: list[str]) -> list[int]:
    """Return the lines of dashes that head a table, not the rows of dashes inside one."""
    heads: list[int] = []
    wanted = set(dashes)
    # Within lines that all have upright lines, the first line of dashes is a head.
    has_head = False
    for number, line in enumerate(lines):
        if "|" not in line:
            has_head = False
        elif number in wanted and not has_head:
            heads.append(number)
            has_head = True
    return heads


def _cells(line: str) -> list[str]:
    pieces = _PIPE.split(line) if "\\" in line else line.split("|")
    if len(pieces) > 1 and not pieces[0].strip():
        pieces = pieces[1:]
    if len(pieces) > 1 and not pieces[-1].strip() and line.endswith("|"):
        pieces.pop()
    return [_label(piece) for piece in pieces]


def _label(piece: str) -> str:
    piece = piece.strip()
    if piece.isalnum():
        return piece
    for mark in _AROUND:
        inner = piece[len(mark) : -len(mark)]
        if len(piece) > 2 * len(mark) and piece == f"{mark}{inner}{mark}" and mark not in inner:
            piece = inner.strip()
    if "&" in piece:
        piece = html.unescape(piece)
    return _ESCAPED.sub(r"\1", piece) if "\\" in piece else piece


def write_markdown(table: Table, context: WriteContext) -> str:
    r"""Return the table with a header, unknown cells blank.

    Raises:
        ValueError: If the table is not square, observations repeat cells or a label has a line
            end.

    Example:
        >>> context = WriteContext(markers=frozenset(), reorder=False, delimiter=",")
        >>> print(write_markdown(Table.from_array([[0, 1], [1, -1]], labels="ea"), context), end="")
        |   | e | a |
        |---|---|---|
        | e | e | a |
        | a | a |   |
    """
    rows = rows_of_text(table, _escaped, what="Markdown")
    width = len(rows[0])
    lines = [f"| {' | '.join(cell or ' ' for cell in row)} |\n" for row in rows]
    return "".join([lines[0], "|" + "---|" * width + "\n", *lines[1:]])


def _escaped(label: str) -> str:
    if "\n" in label or "\r" in label:
        raise ValueError("Markdown has no labels with line ends. Use `json` or `npz`.")
    # `&` first: it would else be taken for the start of an entity such as &lt;.
    return _SPECIAL.sub(r"\\\1", label).replace("&", "&amp;")


def sniff_markdown(text: str) -> Sniffed:
    """Say whether the text has a line of dashes under a line with upright lines."""
    start = text[:16384]
    for match in _DASHES.finditer(start):
        above = start[: match.start()].rstrip("\r\n").rpartition("\n")[2]
        if "|" in match.group() and "|" in above:
            return 0.95, "a table in Markdown"
    lines = [line.strip() for line in start.splitlines() if line.strip()]
    if len(text) > len(start):
        lines = lines[:-1]
    if len(lines) > 1 and all(line[0] == line[-1] == "|" and len(line) > 1 for line in lines):
        if any(re.fullmatch(r"[|+\-=]+", line) for line in lines):
            return 0.0, ""
        return 0.75, "rows of Markdown"
    return 0.0, ""


MARKDOWN = Format(
    name="markdown",
    suffixes=(".md", ".markdown"),
    sniff=sniff_markdown,
    parse=parse_markdown,
    write=write_markdown,
)

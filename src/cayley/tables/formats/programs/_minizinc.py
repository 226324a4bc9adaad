"""Arrays of MiniZinc, and the files of quasigroups with holes that solvers exchange."""

import math
import re

from cayley.tables.formats._context import Format, ReadContext, shown
from cayley.tables.formats._places import CellPlaces, Lines
from cayley.tables.formats._raw import RawGrid, Sniffed

__all__ = ["MINIZINC", "parse_minizinc", "sniff_minizinc"]

_COMMENT = re.compile(r"%[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?+")
_SET = r"\{[^{}]*+\}|[^,(){}\[\];|]++"
_ARRAY = re.compile(
    rf"(?:(?<!\w)(?P<name>\w++)\s*+=\s*+)?+(?:array2d\s*+\(\s*+(?P<rows>{_SET})\s*+,\s*+(?P<columns>{_SET})"
    r"\s*+,\s*+\[(?P<list>[^\[\]]*+)\]|\[\|(?P<bars>[^\[\]]*+)\])"
)
_START = re.compile(r"array2d|\[\|")
_NUMBER = re.compile(r"\b(\w++)\s*+=\s*+(\d{1,9})\s*+;")
_SPAN = re.compile(r"\s*+(-?\d{1,9})\s*+\.\.\s*+(-?\d{1,9}|\w++)\s*+")
_ORDER = re.compile(r"\s*+(?:order\s++)?+(\d{1,9})\s++", re.IGNORECASE)
_NOTHING = frozenset({"_", "<>", ""})


def parse_minizinc(text: str, context: ReadContext) -> RawGrid:
    """Read the only two-dimensional array of a data file or a solution.

    Without one, read a quasigroup with holes: its order and the entries, -1 or 0 in the holes.

    Raises:
        TableFormatError: If there is no such array, or several, or it lacks entries.
    """
    if not _START.search(text):
        return _quasigroup_with_holes(text, context)
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    lines = Lines(text)
    # Names are part of the pattern, so that it is tried at every word; words are few outside of
    # the arrays, and the arrays are passed over at once.
    arrays = list(_ARRAY.finditer(text))
    if not arrays:
        first = _START.search(text)
        raise context.error(
            "no array was found that is complete: array2d(1..n, 1..n, [...]) or [| ... |].",
            line=lines.at(first.start())[0] if first else None,
        )
    if len(arrays) > 1:
        listed = ", ".join(
            f"{one['name'] or 'an array'} in line {lines.at(one.start())[0]}" for one in arrays[:10]
        )
        raise context.error(f"the file has {len(arrays)} tables: {listed}. Keep one a file.")
    array = arrays[0]
    grid = (
        _flat(array, text, lines, context)
        if array["bars"] is None
        else _barred(array, lines, context)
    )
    remarks = (f"the array is {array['name']}",) if array["name"] else ()
    return _with_holes(grid, remarks)


def _flat(array: re.Match[str], text: str, lines: Lines, context: ReadContext) -> RawGrid:
    numbers = dict(_NUMBER.findall(text[: array.start()]))
    pieces = array["list"].split(",")
    if len(pieces) > 1 and not pieces[-1].strip():
        pieces.pop()  # a comma may follow the last entry
    height, width = (_size(array[name], numbers) for name in ("rows", "columns"))
    height = height or (len(pieces) // width if width else math.isqrt(len(pieces)))
    width = width or len(pieces) // max(height, 1)
    context.check_sizes(height, width, 1)
    line, column = lines.at(array.start("list"))
    if height * width != len(pieces):
        raise context.error(
            f"the array has {len(pieces)} entries; {array['rows'].strip()} times "
            f"{array['columns'].strip()} are {height * width}.",
            line=line,
            column=column,
        )
    entries = [piece.strip() for piece in pieces]
    starts = _PieceStarts(array.start("list"), pieces)
    return RawGrid(
        cells=tuple(tuple(entries[i : i + width]) for i in range(0, len(entries), width)),
        places=CellPlaces(height, width, lambda i, j: starts.at(i * width + j), lines),
    )


class _PieceStarts:
    """Offsets of pieces that were cut at single characters, counted when one is asked for."""

    def __init__(self, start: int, pieces: list[str]) -> None:
        self._start, self._pieces = start, pieces

    def at(self, number: int) -> int:
        before = sum(len(piece) + 1 for piece in self._pieces[:number])
        piece = self._pieces[number]
        return self._start + before + len(piece) - len(piece.lstrip())


_WHOLE = re.compile(r"-?+[0-9]{1,9}")  # more digits are no number of an element


def _size(text: str, numbers: dict[str, str]) -> int:
    """Return how many numbers or names a set has, or 0 if the file does not say."""
    if text.startswith("{"):
        return len([each for each in text.strip("{}").split(",") if each.strip()])
    span = _SPAN.fullmatch(text)
    if not span:
        return 0
    last = numbers.get(span.group(2), span.group(2))
    first = span.group(1)
    is_known = _WHOLE.fullmatch(first) and _WHOLE.fullmatch(last)
    return int(last) - int(first) + 1 if is_known else 0


def _barred(array: re.Match[str], lines: Lines, context: ReadContext) -> RawGrid:
    body = array["bars"].rstrip()
    if not body.endswith("|"):
        line, column = lines.at(array.end("bars"))
        raise context.error("expected |] at the end of the array.", line=line, column=column)
    rows = body[:-1].split("|")
    if len(rows) > context.max_order:
        context.check_sizes(len(rows), 1, 1)
    cells: list[tuple[str, ...]] = []
    starts: list[_PieceStarts] = []
    offset = array.start("bars")
    for row in rows:
        pieces = row.split(",")
        if len(pieces) > 1 and not pieces[-1].strip():
            pieces.pop()
        if len(pieces) > context.max_order:
            context.check_sizes(len(rows), len(pieces), 1)
        cells.append(tuple(piece.strip() for piece in pieces))
        starts.append(_PieceStarts(offset, pieces))
        offset += len(row) + 1
        if len(cells[-1]) != len(cells[0]):
            line, column = lines.at(starts[-1].at(0))
            raise context.error(
                f"this row has {len(cells[-1])} entries, the first one {len(cells[0])}.",
                line=line,
                column=column,
            )
    return RawGrid(
        cells=tuple(cells),
        places=CellPlaces(len(cells), len(cells[0]), lambda i, j: starts[i].at(j), lines),
    )


def _quasigroup_with_holes(text: str, context: ReadContext) -> RawGrid:
    head = _ORDER.match(text)
    if not head:
        raise context.error(
            "expected an array, array2d(...) or [| ... |], or the order and the entries of a "
            "quasigroup with holes."
        )
    order = int(head.group(1))
    context.check_sizes(order, order, order)
    entries = text[head.end() :].split(None, order * order)
    if len(entries) != order * order:
        count = "more" if len(entries) > order * order else str(len(entries))
        raise context.error(
            f"a quasigroup of order {order} has {order * order} entries; got {count}."
        )
    words = re.finditer(r"\S+", text[head.end() :])
    for entry in set(entries):
        if not entry.lstrip("-").isdigit() and entry not in ("?", "_", ".", "*"):
            word = next(word for word in words if word.group() == entry)
            line, column = Lines(text).at(head.end() + word.start())
            raise context.error(
                f"{shown(entry)} is neither a number nor a hole.", line=line, column=column
            )

    def locate(i: int, j: int) -> int:
        words = re.finditer(r"\S+", text[head.end() :])
        return head.end() + [next(words).start() for _ in range(i * order + j + 1)][-1]

    grid = RawGrid(
        cells=tuple(tuple(entries[i : i + order]) for i in range(0, len(entries), order)),
        places=CellPlaces(order, order, locate, Lines(text)),
    )
    # Files that begin with the word come from one generator, which counts from 0.
    zero = "order" in head.group().lower()
    return _with_holes(grid, (f"the order is {order}",), counted_from_zero=zero)


def _with_holes(
    grid: RawGrid, remarks: tuple[str, ...], *, counted_from_zero: bool = False
) -> RawGrid:
    """Return the grid with None in its holes, and with its base if the numbers tell it."""
    values = {cell for row in grid.cells for cell in row if cell not in _NOTHING}
    holes = {*_NOTHING, "-1"} if "-1" in values else set(_NOTHING)
    base: int | None = None
    if all(_WHOLE.fullmatch(value or "") for value in values):
        numbers = {int(value or 0) for value in values}
        most = max(numbers, default=0)
        if most == len(grid.cells):
            # 1..n are labels, so that 0 is a hole.
            base, holes = 1, holes | {"0"}
        elif counted_from_zero or ("-1" in values and 0 in numbers):
            base = 0
    cells = tuple(tuple(None if cell in holes else cell for cell in row) for row in grid.cells)
    return RawGrid(cells=cells, base=base, places=grid.places, remarks=remarks)


_HEAD_OF_HOLES = re.compile(r"\s*+(order\s++)?+(\d{1,9})[ \t]*+\r?\n\s*+([^\n]*+)", re.IGNORECASE)
_ENTRIES = re.compile(r"(?:(?:-1|\d++|[?_.*])(?:\s++|$))++")


def sniff_minizinc(text: str) -> Sniffed:
    """Say whether the text has an array of MiniZinc, or an order and as many entries a line."""
    found = _START.search(text[:8192])
    if found:
        return 1.0, "an array of MiniZinc"
    head = _HEAD_OF_HOLES.match(text[:65536])
    if head and _ENTRIES.fullmatch(head.group(3).strip()):
        if head.group(1):
            return 1.0, "a quasigroup with holes"
        if len(head.group(3).split()) == int(head.group(2)):
            return 0.7, "a quasigroup with holes: an order, then the entries"
    return 0.0, ""


MINIZINC = Format(
    name="minizinc", suffixes=(".dzn", ".pls"), sniff=sniff_minizinc, parse=parse_minizinc
)

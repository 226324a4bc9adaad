"""Lists in brackets, flat or one list a row, as GAP, Sage and Python write them.

Only their outline is understood: names, strings, comments, brackets. Nothing is evaluated, and
brackets are counted, never recursed into.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._places import CellPlaces, Lines
from cayley.tables.formats._raw import RawGrid

__all__ = [
    "BracketList",
    "find_lists",
    "is_other_than_json",
    "list_names",
    "only_matrix",
    "raw_grid_of",
    "read_list",
]

Row = list[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketList:
    """One list of a file: flat (one row) or a list of rows.

    Attributes:
        name: What is assigned to it or calls it (``t := [...]``, ``LoopByCayleyTable([...])``), or
            an empty string.
        is_matrix: Whether it is a list of rows.
        rows: Its elements as written, None where one is left out or said to be unknown.
        start: The offset of its bracket.
        starts: The offset of the bracket of each row.
        lines: The lines of the text.
        text: The text itself.
    """

    name: str
    is_matrix: bool
    rows: list[Row]
    start: int
    starts: list[int]
    lines: Lines
    text: str

    @property
    def line(self) -> int:
        """The line of its first bracket."""
        return self.lines.at(self.start)[0]

    def offset(self, row: int, column: int) -> int:
        """Return the offset of an element, found by reading its row again."""
        for number, (_, start) in enumerate(_elements(self.text, self.starts[row])):
            if number == column:
                return start
        return self.starts[row]


# What ends a run of characters that mean nothing to the outline. Strings and comments come first,
# as brackets inside them do not count. The quantifiers are possessive: nothing is tried twice.
_TOP = re.compile(
    r"""(?P<comment>\#[^\n\r]*+)
      | "(?:[^"\\]|\\.)*+"?+
      | (?P<name>[^\W\d]\w*+(?:\.\w++)*+)
      | (?P<assign>:=|=|:|\()
      | (?P<open>\[)
      | [^\s\w"\#\[:=(;]++
      | .""",
    re.VERBOSE | re.DOTALL,
)
# Rows of plain elements, by far the most frequent ones, are cut at their commas at once.
_PLAIN_ROW = re.compile(r"\[([^\[\]\"'#()]*+)\]")
_QUOTED_ROW = re.compile(
    r"""\[\s*+(?:"[^"\\]*+"\s*+(?:,?+\s*+"[^"\\]*+"\s*+)*+|'[^'\\]*+'\s*+(?:,?+\s*+'[^'\\]*+'\s*+)*+)\]"""
)
_QUOTED = re.compile(r"""["']([^"'\\]*+)["']""")
_ELEMENT = re.compile(
    r"""(?P<comment>\#[^\n\r]*+) | "(?:[^"\\]|\\.)*+"?+ | '(?:[^'\\\n]|\\.)*+'?+
      | (?P<open>[\[(]) | (?P<close>[\])]) | (?P<comma>,) | [^\[\](),#"']++""",
    re.VERBOSE | re.DOTALL,
)
_NEXT_ROW = re.compile(r"(?:[\s,]|\#[^\n\r]*+)*+")
_RANGE = re.compile(r"\s*+(-?\d{1,15})\s*+(?:,\s*+(-?\d{1,15})\s*+)?\.\.\s*+(-?\d{1,15})\s*+")

# Words that stand for "no product" in these languages. Strings of the same letters are labels.
_NOTHING = frozenset({"", "fail", "None", "null", "nan", "NaN", "undefined"})


def find_lists(text: str, context: ReadContext) -> Iterator[BracketList]:
    """Yield every list that stands in no other list, in the order of the text.

    Raises:
        TableFormatError: If brackets do not match or lists are nested more than two deep.
    """
    lines = Lines(text)
    position, name, last_name = 0, "", ""
    while match := _TOP.match(text, position):
        position = match.end()
        kind = match.lastgroup
        if kind == "open":
            found, position = read_list(text, match.start(), name, lines, context)
            yield found
            name = last_name = ""
        elif kind == "name":
            last_name = match.group()
        elif kind == "assign":
            # "t := Function( [" belongs to t; without an assignment the function names the list.
            if match.group() != "(" or not name:
                name = last_name
        elif kind is None and match.group() in ";\n":
            name = last_name = ""


def read_list(
    text: str, start: int, name: str, lines: Lines, context: ReadContext
) -> tuple[BracketList, int]:
    """Return the list whose bracket stands at ``start``, and the offset after it."""
    rows: list[Row] = []
    starts: list[int] = []
    inner = _skip(text, start + 1)
    is_matrix = text.startswith("[", inner)
    if not is_matrix:
        row, position = _read_row(text, start, lines, context)
        rows.append(row)
        starts.append(start)
    else:
        position = inner
        while text.startswith("[", position):
            starts.append(position)
            row, position = _read_row(text, position, lines, context)
            rows.append(row)
            if len(rows) > context.max_order:
                context.check_sizes(len(rows), len(row), 1)
            position = _skip(text, position)
        if not text.startswith("]", position):
            line, column = lines.at(min(position, max(len(text) - 1, 0)))
            raise context.error(
                "expected another row in brackets or the closing bracket of the list of rows.",
                line=line,
                column=column,
            )
        position += 1
    found = BracketList(
        name=name,
        is_matrix=is_matrix,
        rows=rows,
        start=start,
        starts=starts,
        lines=lines,
        text=text,
    )
    return found, position


def _skip(text: str, position: int) -> int:
    match = _NEXT_ROW.match(text, position)
    assert match is not None  # it matches nothing at all, if need be
    return match.end()


def _read_row(text: str, start: int, lines: Lines, context: ReadContext) -> tuple[Row, int]:
    plain = _PLAIN_ROW.match(text, start)
    if plain:
        body = plain.group(1)
        if ".." in body:
            return _range(body, start, lines, context), plain.end()
        if body.count(",") > context.max_order:
            context.check_sizes(1, body.count(",") + 1, 1)
        # numpy and Sage print rows without commas.
        pieces = body.split(",") if "," in body else body.split()
        if "\\" in body:  # GAP breaks long lines, even numbers, with a backslash
            pieces = [re.sub(r"\\\r?\n", "", piece) for piece in pieces]
        row: Row = [piece.strip() for piece in pieces]
        if not _NOTHING.isdisjoint(row):
            row = [None if piece in _NOTHING else piece for piece in row]
        return ([] if row == [None] else row), plain.end()
    quoted = _QUOTED_ROW.match(text, start)
    if quoted and quoted.group().count('"') * quoted.group().count("'") == 0:
        found = _QUOTED.findall(quoted.group())
        context.check_sizes(1, len(found), 1)
        return found, quoted.end()
    row = []
    end = start + 1
    for element, after in _elements_with_ends(text, start, lines, context):
        end = after
        row.append(_value(element))
        if len(row) > context.max_order:
            context.check_sizes(1, len(row), 1)
    if row == [None]:
        row = []
    return row, end


def _value(element: str) -> str | None:
    """Return an element as it is written: a string without its quotes, anything else as it is."""
    element = element.strip()
    if len(element) > 1 and element[0] == element[-1] and element[0] in "\"'":
        return _unquoted(element)
    element = " ".join(element.split())
    return None if element in _NOTHING else element


_ESCAPE = re.compile(r"\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\r?\n)|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _unquoted(literal: str) -> str:
    if literal[0] == '"':
        try:
            # JSON's escapes first: pairs of surrogates are one character there.
            return str(json.loads(literal))
        except ValueError:
            pass

    def character(match: re.Match[str]) -> str:
        octal, two, four, line_end, letter = match.groups()
        if octal:
            return chr(int(octal, 8))
        if two or four:
            return chr(int(two or four, 16))
        return "" if line_end else _LETTERS.get(letter, letter)

    return _ESCAPE.sub(character, literal[1:-1])


def _range(body: str, start: int, lines: Lines, context: ReadContext) -> Row:
    match = _RANGE.fullmatch(body)
    line, column = lines.at(start)
    if not match:
        raise context.error(
            "a range is written [ first .. last ] or [ first, second .. last ].",
            line=line,
            column=column,
        )
    first, second, last = match.groups()
    step = 1 if second is None else int(second) - int(first)
    if step == 0 or (int(last) - int(first)) % step:
        raise context.error(
            "the steps of this range do not end at its last number.", line=line, column=column
        )
    # Counted before it is made: [1..10^9] is nine characters long.
    count = max(0, (int(last) - int(first)) // step + 1)
    context.check_sizes(1, count, 1)
    return [str(int(first) + i * step) for i in range(count)]


def _elements(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the elements of a row that has been read before, with their offsets."""
    context = ReadContext(
        name="",
        markers=frozenset(),
        json_markers=frozenset(),
        allow_conflicts=False,
        max_order=len(text),
    )
    plain = _PLAIN_ROW.match(text, start)
    if plain and "," not in plain.group(1):
        for match in re.finditer(r"\S+", plain.group(1)):
            yield match.group(), start + 1 + match.start()
        return
    place = start + 1
    for element, end in _elements_with_ends(text, start, Lines(text), context):
        # Blanks before an element are not part of it.
        yield element, place + len(text[place:end]) - len(text[place:end].lstrip())
        place = end


def _elements_with_ends(
    text: str, start: int, lines: Lines, context: ReadContext
) -> Iterator[tuple[str, int]]:
    """Yield each element as written, without comments, with the offset after its delimiter."""
    position, depth = start + 1, 0
    parts: list[str] = []
    while match := _ELEMENT.match(text, position):
        position = match.end()
        kind, piece = match.lastgroup, match.group()
        if kind == "comment":
            continue
        if kind == "open":
            if piece == "[":
                line, column = lines.at(match.start())
                raise context.error(
                    "lists are nested more than two deep here. A table is a list of rows; keep one "
                    "table a file.",
                    line=line,
                    column=column,
                )
            depth += 1
        elif kind == "close" and piece == "]":
            yield "".join(parts), position
            return
        elif kind == "close" and piece == ")":
            depth -= 1
        elif kind == "comma" and depth <= 0:
            yield "".join(parts), position
            parts = []
            continue
        parts.append(piece)
    line, column = lines.at(start)
    raise context.error("this bracket is never closed.", line=line, column=column)


# Strings in double quotes are JSON's, whatever is in them.
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+"?+', re.DOTALL)
_NOT_JSON = re.compile(r"\b(?!(?:null|true|false)\b)[A-Za-z_]|\.\.|,\s*+[,\]]|\[\s*+,|[#(:]|\\")


def is_other_than_json(beginning: str) -> bool:
    """Return whether the beginning of a list of rows has what JSON has not, such as bare words."""
    return _NOT_JSON.search(_STRINGS.sub('""', beginning)) is not None


def list_names(lists: list[BracketList]) -> str:
    """Return the names and lines of some lists, for a message."""
    shown_ones = [f"{one.name or 'a list'} in line {one.line}" for one in lists[:10]]
    return ", ".join(shown_ones) + (", ..." if len(lists) > len(shown_ones) else "")


def only_matrix(lists: list[BracketList], context: ReadContext, *, what: str) -> BracketList:
    """Return the only list of rows.

    Raises:
        TableFormatError: If there is none, or several, which are then listed.
    """
    matrices = [one for one in lists if one.is_matrix]
    if not matrices:
        raise context.error(f"no list of rows, such as [[1,2],[2,1]], was found in this {what}.")
    if len(matrices) > 1:
        raise context.error(
            f"the file has {len(matrices)} tables: {list_names(matrices)}. Keep one a file.",
            line=matrices[1].line,
        )
    return matrices[0]


def raw_grid_of(
    matrix: BracketList,
    context: ReadContext,
    *,
    base: int | None = None,
    cell: Callable[[str], str | None] | None = None,
    remarks: tuple[str, ...] = (),
) -> RawGrid:
    """Return a list of rows as a grid.

    Raises:
        TableFormatError: If it is empty or the rows are not of one length.
    """
    width = len(matrix.rows[0])
    if not width:
        raise context.error("the first row of the table is empty.", line=matrix.line)
    for row, start in zip(matrix.rows, matrix.starts, strict=True):
        if len(row) != width:
            line, column = matrix.lines.at(start)
            raise context.error(
                f"this row has {len(row)} entries, the first one {width}.",
                line=line,
                column=column,
            )
    rows = matrix.rows
    if cell is not None:
        rows = [[None if each is None else cell(each) for each in row] for row in rows]
    return RawGrid(
        cells=tuple(map(tuple, rows)),
        base=base,
        places=CellPlaces(len(rows), width, matrix.offset, matrix.lines),
        remarks=remarks,
    )

"""Tables as Sage and Python write them: ``OperationTable``, matrices, lists of rows."""

import json
import re

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._places import CellPlaces, Lines, lines_after
from cayley.tables.formats._raw import RawGrid, Sniffed
from cayley.tables.formats.programs._bracket_lists import (
    BracketList,
    find_lists,
    list_names,
    only_matrix,
    raw_grid_of,
)
from cayley.tables.formats.programs._numbered import (
    labels_of,
    named_grid,
    named_lists,
    numbers_of,
    refuse_repeats,
)

__all__ = ["SAGE", "parse_sage", "sniff_sage", "write_sage"]

# Under the header of an OperationTable: blanks as wide as a name, a plus and dashes to the end.
_RULE = re.compile(r"^[ \t]*+\+-{2,}+[ \t]*+\r?$", re.MULTILINE)


def parse_sage(text: str, context: ReadContext) -> RawGrid:
    """Read a printed ``OperationTable``, a printed matrix, or nested lists in Python's syntax.

    ``None`` and, beside other numbers, -1 are unknown products.

    Raises:
        TableFormatError: If there is no table, or several, or the rows differ in length.
    """
    rules = list(_RULE.finditer(text))
    if len(rules) > 1:
        lines = Lines(text)
        where = ", ".join(str(lines.at(rule.start())[0]) for rule in rules[:10])
        raise context.error(
            f"the file has {len(rules)} tables, with rules in the lines {where}. Keep one a file."
        )
    if rules:
        return _operation_table(text, rules[0], context)
    lists = list(find_lists(text, context))
    matrices = [one for one in lists if one.is_matrix]
    labels, flat = named_lists(one for one in lists if not one.is_matrix)
    others: list[BracketList] = []
    if not matrices and len(flat) > 1:
        # print(matrix): one list a line.
        matrix = _joined(flat)
    elif not matrices and len(flat) == 1 and (shape := _SHAPE.search(text[: flat[0].start])):
        matrix = _folded(flat[0], shape, context)
    else:
        matrix = only_matrix(lists, context, what="Sage or Python file")
        others = flat
    remarks = (f"not read: {list_names(others)}",) if others else ()
    grid = raw_grid_of(matrix, context, remarks=remarks)
    grid = _without_minus_one(grid, are_numbers=bool(labels))
    return named_grid(grid, labels, context, base=0)


# matrix(ZZ, 2, 3, [...]), matrix(2, [...]): rows, columns unless they are as many, entries.
_SHAPE = re.compile(
    r"\b[mM]atrix\s*+\((?:\s*+[A-Za-z]\w*+\s*+,)?+\s*+(\d{1,6})\s*+,(?:\s*+(\d{1,6})\s*+,)?+\s*+$"
)


def _folded(one: BracketList, shape: re.Match[str], context: ReadContext) -> BracketList:
    """Return a flat list as rows of the length that its matrix states."""
    height, entries = int(shape.group(1)), one.rows[0]
    width = int(shape.group(2) or height)
    context.check_sizes(height, width, 1)
    if height * width != len(entries) or not entries:
        raise context.error(
            f"the matrix has {len(entries)} entries; {height} times {width} are {height * width}.",
            line=one.line,
        )
    rows = [entries[i : i + width] for i in range(0, len(entries), width)]
    return BracketList(
        name=one.name,
        is_matrix=True,
        rows=rows,
        start=one.start,
        starts=[one.start] * height,
        lines=one.lines,
        text=one.text,
    )


def _joined(flat: list[BracketList]) -> BracketList:
    return BracketList(
        name=flat[0].name,
        is_matrix=True,
        rows=[one.rows[0] for one in flat],
        start=flat[0].start,
        starts=[one.start for one in flat],
        lines=flat[0].lines,
        text=flat[0].text,
    )


def _without_minus_one(grid: RawGrid, *, are_numbers: bool) -> RawGrid:
    """Return the grid with None for -1, which Sage has in the empty cells of a Latin square.

    Numbers that stand for listed labels are never negative; others may be signs.
    """
    values = {cell for row in grid.cells for cell in row if cell is not None}
    if "-1" not in values:
        return grid
    # The products of 1 and -1, with or without 0, are no Latin square with holes.
    signs = values <= {"-1", "0", "1"} and len(values) == len(grid.cells)
    if not are_numbers and (signs or not all(value.isdigit() for value in values - {"-1"})):
        return grid
    cells = tuple(tuple(None if c == "-1" else c for c in row) for row in grid.cells)
    return RawGrid(cells=cells, base=grid.base, places=grid.places, remarks=grid.remarks)


def _operation_table(text: str, rule: re.Match[str], context: ReadContext) -> RawGrid:
    before = text[: rule.start()].splitlines()
    if not before or not before[-1].strip():
        raise context.error("the table has no line of column labels above its rule.")
    header_line = len(before)
    body: list[tuple[int, str]] = []
    following = lines_after(text, rule.end(), context.max_order + 1)
    for number, line in enumerate(following, start=header_line + 2):
        if "|" not in line:
            break
        body.append((number, line))
        if len(body) > context.max_order:
            context.check_sizes(len(body), len(body), 1)
    if not body:
        raise context.error("the table has no rows below its rule.", line=header_line + 1)
    # The column of the plus divides the labels of the rows from the cells; each entry is as wide as
    # the longest name, with a blank before it.
    bar = rule.group().index("+")
    width, dashes = bar + 1, rule.group().count("-")
    context.check_sizes(len(body), dashes // 2, 1)
    lines = [(header_line, before[-1][bar + 1 :])]
    rows: list[str] = []
    for number, line in body:
        label, _, rest = line.partition("|")
        rows.append(label.strip())
        lines.append((number, rest))
    columns, *cells = _entries(lines, width, dashes, context)
    first = body[0][0]
    return RawGrid(
        cells=tuple(cells),
        rows=tuple(rows),
        columns=tuple(columns),
        places=CellPlaces(
            len(rows), len(columns), lambda i, j: (first + i, bar + 3 + j * width), Lines(text)
        ),
        row_places=tuple((number, 1) for number, _ in body),
        column_places=tuple((header_line, bar + 3 + j * width) for j in range(len(columns))),
        remarks=(f"the operation is written {before[-1][: bar + 1].strip()}",),
    )


def _entries(
    lines: list[tuple[int, str]], width: int, dashes: int, context: ReadContext
) -> list[tuple[str, ...]]:
    """Return the entries of all lines: by their columns where these are kept, else by blanks."""
    if dashes % width == 0 and all(
        len(line.rstrip()) <= dashes and not line[::width].strip() for _, line in lines
    ):
        # By columns first: names may contain blanks, and a cell may be empty.
        starts = range(0, dashes, width)
        return [tuple(line[i : i + width].strip() for i in starts) for _, line in lines]
    entries = [tuple(line.split()) for _, line in lines]
    count = len(entries[0])
    for (number, _), found in zip(lines, entries, strict=True):
        if len(found) != count:
            raise context.error(
                f"this line has {len(found)} entries, the header {count}.", line=number
            )
    return entries


def write_sage(table: Table, context: WriteContext) -> str:
    """Return statements that build the labels and a matrix of their numbers, -1 where unknown.

    Raises:
        ValueError: If observations repeat cells.

    Example:
        >>> context = WriteContext(markers=frozenset(), reorder=False, delimiter=",")
        >>> print(write_sage(Table.from_array([[0, 1], [1, -1]], labels="ea"), context), end="")
        labels = ["e", "a"]
        table = matrix(ZZ, [
          [0, 1],
          [1, -1]
        ])
    """
    refuse_repeats(table, "Sage")
    # JSON's strings in ASCII are Python's.
    statements = "".join(
        f"{name} = {json.dumps(list(names))}\n"
        for name, names in labels_of(table, base=None).items()
    )
    rows = ",\n  ".join(f"[{', '.join(row)}]" for row in numbers_of(table, base=0, unknown="-1"))
    return f"{statements}table = matrix(ZZ, [\n  {rows}\n])\n"


_PREFIX = 8192
_NAMES_IT = re.compile(
    r"(?:^|[^\w.])((?:np\.|numpy\.)?(?:matrix|Matrix|array|LatinSquare|OperationTable))\s*+\("
)
_ASSIGNED = re.compile(r"^\w++\s*+=\s*+\[\s*+\[", re.MULTILINE)
_PRINTED = re.compile(r"\s*+\[\[?[^,\[\]]*+\]\s*+(?:\[|\]?+\s*+\Z)")
_ROWS = re.compile(r"\s*+\[\s*+\[")
_ONLY_IN_PYTHON = re.compile(r"'|\bNone\b")


def _without_strings(text: str) -> str:
    return re.sub(r'"(?:[^"\\\n]|\\.)*+"', '""', text)


def sniff_sage(text: str) -> Sniffed:
    """Say whether the text is what Sage prints or builds, or lists in Python's syntax."""
    start = text[:_PREFIX]
    rule = _RULE.search(start)
    if rule and "|" in text[rule.end() : rule.end() + _PREFIX]:
        return 0.9, "an `OperationTable` of Sage"
    named = _NAMES_IT.search(start)
    if named and "[" in start[named.end() :]:
        return 0.9, f"a file for Sage or Python, as it calls `{named.group(1)}`"
    if _ASSIGNED.search(start):
        return 0.9, "a list of rows in Python's syntax"
    if _PRINTED.match(start):
        return 0.98, "a matrix as Sage and NumPy print it"
    if _ROWS.match(start) and (_ONLY_IN_PYTHON.search(_without_strings(start)) or "None" in text):
        return 0.98, "a list of rows in Python's syntax"
    return 0.0, ""


SAGE = Format(
    name="sage", suffixes=(".sage",), sniff=sniff_sage, parse=parse_sage, write=write_sage
)

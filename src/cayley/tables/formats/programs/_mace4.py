"""Models of Mace4: ``interpretation(...)``, and what interpformat makes of it."""

import re
from collections.abc import Iterator
from functools import partial

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext, shown
from cayley.tables.formats._places import CellPlaces, Lines, lines_after
from cayley.tables.formats._raw import Place, RawGrid, Sniffed
from cayley.tables.formats.programs._bracket_lists import raw_grid_of, read_list
from cayley.tables.formats.programs._numbered import (
    label_lines,
    labels_of,
    named_grid,
    numbers_of,
    read_label_lines,
    refuse_other_shapes,
    refuse_repeats,
)

__all__ = ["MACE4", "parse_mace4", "sniff_mace4", "write_mace4"]

_STANDARD = re.compile(r"interpretation\s*+\(\s*+(\d{1,9})\s*+,")
# The arity is the number of underscores. An operation's name is any run of signs or a string. The
# patterns begin with a word, which makes searching for them fast.
_FUNCTION = re.compile(
    r"function\s*+\(\s*+"
    r"(\"[^\"\n]*+\"|[^\s(),\[\]]++)\s*+(\((?:[_,]|\s)*+\))?+\s*+,\s*+\[([^\[\]]*+)\]"
)
_PORTABLE = re.compile(
    r'\[\s*+"(function|relation)"\s*+,\s*+"([^"\n]*+)"\s*+,\s*+(\d{1,9})\s*+,\s*+'
)
_TABULAR = re.compile(
    r"^[ \t]*+(\S++) :[ \t]*+(?:\r?\n)?+[ \t]*+\|([ \t]*+[^\n]*+)\n[ \t]*+-++\+(-++)[ \t]*+\r?$",
    re.MULTILINE,
)
_COOKED = re.compile(
    r"^[ \t]*+(\S+?)\((\d{1,9}),[ \t]*+(\d{1,9})\) = (\d{1,9}|-)\.[ \t]*+\r?$", re.MULTILINE
)
# Comments, and the lines of a label list, which is read beforehand.
_COMMENT = re.compile(r"%[^\n]*+")


class _Operation:
    """A binary function of a model, before it is known whether it is the only one."""

    def __init__(self, name: str, offset: int, grid: RawGrid) -> None:
        self.name, self.offset, self.grid = name.strip('"'), offset, grid


def parse_mace4(text: str, context: ReadContext) -> RawGrid:
    """Read the only binary function of a model: standard, portable, tabular or cooked.

    Constants, unary functions and relations are left out; ``-`` is an unknown product.

    Raises:
        TableFormatError: If there is no binary function, or several, which are then listed.
    """
    labels = read_label_lines(text, context)
    # Blanks in the place of comments keep lines and columns as they are.
    if "%" in text:
        text = _COMMENT.sub(lambda match: " " * len(match.group()), text)
    if _STANDARD.search(text):
        found = _standard(text, context)
    elif _PORTABLE.search(text):
        found = _portable(text, context)
    elif _TABULAR.search(text):
        found = _tabular(text, context)
    else:
        found = _cooked(text, context)
    # Two are enough to refuse; the rest is only looked at for the message.
    operations = list(found)
    if not operations:
        raise context.error("the model has no binary function, such as function(*(_,_), [...]).")
    if len(operations) > 1:
        raise _several(operations, Lines(text), context)
    return named_grid(operations[0].grid, labels, context, base=0)


def _several(operations: list[_Operation], lines: Lines, context: ReadContext) -> Exception:
    names = [one.name for one in operations]
    listed = ", ".join(f"{one.name} in line {lines.at(one.offset)[0]}" for one in operations[:10])
    listed += ", ..." if len(names) > 10 else ""
    what = "binary functions" if len(set(names)) == len(names) else "models or functions"
    return context.error(
        f"the file has {len(names)} {what}: {listed}. Keep one a file; interpformat can select one."
    )


def _standard(text: str, context: ReadContext) -> Iterator[_Operation]:
    models = list(_STANDARD.finditer(text))
    ends = [*(model.start() for model in models[1:]), len(text)]
    lines = Lines(text)
    for model, end in zip(models, ends, strict=True):
        order = int(model.group(1))
        context.check_sizes(order, order, order)
        for match in _FUNCTION.finditer(text, model.end(), end):
            name, arguments, body = match.groups()
            if (arguments or "").count("_") != 2:
                continue
            line, column = lines.at(match.start())
            if body.count(",") + 1 != order**2:
                raise context.error(
                    f"{shown(name)} has {body.count(',') + 1} values; a binary function on "
                    f"{order} elements has {order**2}.",
                    line=line,
                    column=column,
                )
            values = _values(body.split(","))
            yield _Operation(name, match.start(), _square(values, order, lines, match.start(3)))


def _values(pieces: list[str]) -> list[str | None]:
    values: list[str | None] = [piece.strip() for piece in pieces]
    if not {"-", "_", "", "-1"}.isdisjoint(values):
        values = [None if value in ("-", "_", "", "-1") else value for value in values]
    return values


def _square(values: list[str | None], order: int, lines: Lines, start: int) -> RawGrid:
    text = lines.text

    def locate(i: int, j: int) -> int:
        # The start of the value after so many commas.
        place = start
        for _ in range(i * order + j):
            place = text.index(",", place) + 1
        return place + len(text[place:]) - len(text[place:].lstrip())

    return RawGrid(
        cells=tuple(tuple(values[i : i + order]) for i in range(0, order * order, order)),
        base=0,
        places=CellPlaces(order, order, locate, lines),
    )


def _portable(text: str, context: ReadContext) -> Iterator[_Operation]:
    lines = Lines(text)
    for match in _PORTABLE.finditer(text):
        if match.group(1) != "function" or match.group(3) != "2":
            continue
        if not text.startswith("[", match.end()):
            line, column = lines.at(match.start())
            raise context.error("expected a list of rows here.", line=line, column=column)
        found, _ = read_list(text, match.end(), match.group(2), lines, context)
        if not found.is_matrix:
            raise context.error("expected a list of rows here.", line=found.line)
        grid = raw_grid_of(found, context, base=0)
        cells = tuple(tuple(None if c in ("-1", "-") else c for c in row) for row in grid.cells)
        yield _Operation(
            match.group(2), match.start(), RawGrid(cells=cells, base=0, places=grid.places)
        )


def _tabular(text: str, context: ReadContext) -> Iterator[_Operation]:
    lines = Lines(text)
    for match in _TABULAR.finditer(text):
        name, _, dashes = match.groups()
        # Every number is two characters wide, with no blank between 9 and 10.
        order = len(dashes) // 2
        context.check_sizes(order, order, order)
        first = lines.at(match.start(3))[0] + 1
        cells: list[tuple[str | None, ...]] = []
        for number, line in enumerate(lines_after(text, match.end(), order), start=first):
            label, bar, rest = line.partition("|")
            if not bar or label.strip() != str(len(cells)):
                raise context.error(f"expected row {len(cells)} of {name} here.", line=number)
            rest = rest.rstrip()
            pieces = rest.split()
            if len(pieces) != order:
                pieces = [rest[i : i + 2].strip() for i in range(0, len(rest), 2)]
            if len(pieces) != order or "" in pieces:
                raise context.error(
                    f"this row has not {order} entries of two characters each. From 101 elements "
                    "on, this print cannot be read; use the standard format.",
                    line=number,
                )
            cells.append(tuple(_values(pieces)))
        if len(cells) != order:
            raise context.error(f"{name} has {len(cells)} rows of {order}.", line=first)
        grid = RawGrid(
            cells=tuple(cells),
            base=0,
            places=CellPlaces(order, order, partial(_two_wide, first), lines),
        )
        yield _Operation(name, match.start(), grid)


def _two_wide(first: int, i: int, j: int) -> Place:
    # Behind the label of the row, its blanks and the bar.
    return first + i, 10 + 2 * j


def _start_of(one: dict[tuple[int, int], tuple[str | None, int]], i: int, j: int) -> int:
    return one[i, j][1]


def _cooked(text: str, context: ReadContext) -> Iterator[_Operation]:
    products: dict[str, dict[tuple[int, int], tuple[str | None, int]]] = {}
    lines = Lines(text)
    for match in _COOKED.finditer(text):
        name, left, right, value = match.groups()
        one = products.setdefault(name, {})
        context.check_sizes(int(left) + 1, int(right) + 1, 1)
        cell = int(left), int(right)
        if cell in one:
            line, column = lines.at(match.start())
            raise context.error(
                f"{name}({left},{right}) is given twice. Keep one model a file.",
                line=line,
                column=column,
            )
        one[cell] = (None if value == "-" else value), match.start()
    for name, one in products.items():
        order = max(map(max, one)) + 1
        if len(one) != order**2:
            raise context.error(
                f"{name} has {len(one)} values; a binary function on {order} elements has "
                f"{order**2}. Is it a relation?"
            )
        grid = RawGrid(
            cells=tuple(tuple(one[i, j][0] for j in range(order)) for i in range(order)),
            base=0,
            places=CellPlaces(order, order, partial(_start_of, one), lines),
        )
        yield _Operation(name, one[0, 0][1], grid)


def write_mace4(table: Table, context: WriteContext) -> str:
    """Return a model in the standard format, ``-`` where unknown; labels in a comment.

    Raises:
        ValueError: If the table is not square or observations repeat cells.

    Example:
        >>> context = WriteContext(markers=frozenset(), reorder=False, delimiter=",")
        >>> print(write_mace4(Table.from_array([[0, 1], [1, -1]], labels="ea"), context), end="")
        % labels: ["e", "a"]
        interpretation( 2, [number=1, seconds=0], [
            function(*(_,_), [
                0, 1,
                1, - ])
        ]).
    """
    refuse_repeats(table, "Mace4")
    refuse_other_shapes(table, "Mace4")
    comment = label_lines(labels_of(table, base=0), comment="% ")
    rows = ",\n".join(f"        {', '.join(row)}" for row in numbers_of(table, base=0, unknown="-"))
    return (
        f"{comment}interpretation( {len(table.rows)}, [number=1, seconds=0], [\n"
        f"    function(*(_,_), [\n{rows} ])\n]).\n"
    )


# A run of Mace4 prints its input before the first model; that is longer than a comment.
_PREFIX = 65536


def sniff_mace4(text: str) -> Sniffed:
    """Say whether the text has a model of Mace4."""
    start = text[:_PREFIX]
    if _STANDARD.search(start):
        return 1.0, "a model of Mace4"
    if _PORTABLE.search(start):
        return 1.0, "a model of Mace4 in portable form"
    if _TABULAR.search(start):
        return 1.0, "a model of Mace4 in tabular form"
    if _COOKED.match(start.lstrip()) or (start.lstrip().startswith("%") and _COOKED.search(start)):
        return 0.9, "a model of Mace4 in cooked form"
    return 0.0, ""


MACE4 = Format(
    name="mace4",
    suffixes=(".mace4", ".in", ".out"),
    sniff=sniff_mace4,
    parse=parse_mace4,
    write=write_mace4,
)

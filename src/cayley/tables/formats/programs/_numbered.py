"""Tables as numbers with their labels beside them, for formats that hold numbers only.

A program such as GAP or Mace4 calls the elements of a table by numbers. Its file then says in a
comment or a statement what the labels are, ``labels: ["e", "a"]``, each a JSON string; where rows,
columns and symbols have labels of their own, there is one such line for each. A file without them
has the numbers as labels.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._context import ReadContext, shown
from cayley.tables.formats._raw import RawGrid
from cayley.tables.formats.programs._bracket_lists import BracketList

__all__ = [
    "Labels",
    "label_lines",
    "labels_of",
    "named_grid",
    "named_lists",
    "numbers_of",
    "read_label_lines",
    "refuse_other_shapes",
    "refuse_repeats",
]

Labels: TypeAlias = dict[str, tuple[str, ...]]
"""The labels that a file lists: ``labels`` for all three alphabets, or each under its own name."""

_NAMES = ("labels", "rows", "columns", "symbols")
# A list of JSON strings in one line. Possessive: a long line is read once, whatever it holds.
_STRING = r'"(?:[^"\\\n\r]|\\.)*+"'
_LIST = rf"\[[ \t]*+(?:{_STRING}[ \t]*+(?:,[ \t]*+{_STRING}[ \t]*+)*+)?\]"
_LABEL_LINE = re.compile(rf"\b({'|'.join(_NAMES)}):[ \t]*+({_LIST})")


def labels_of(table: Table, *, base: int | None) -> Labels:
    """Return what has to be written beside numbers counted from ``base``: nothing, if they do.

    With None there is always something, for formats in which the numbers could be read as counted
    from 0 or from 1.

    Example:
        >>> labels_of(Table.from_array([[0]], labels="e"), base=1)
        {'labels': ('e',)}
        >>> labels_of(Table.from_array([[0]]), base=0)
        {}
    """
    if table.rows == table.columns == table.symbols:
        if base is not None and table.rows == tuple(str(i + base) for i in range(len(table.rows))):
            return {}
        return {"labels": table.rows}
    return {"rows": table.rows, "columns": table.columns, "symbols": table.symbols}


def label_lines(labels: Mapping[str, Sequence[str]], *, comment: str) -> str:
    r"""Return the labels as comment lines.

    Example:
        >>> label_lines({"labels": ("e", "a")}, comment="% ")
        '% labels: ["e", "a"]\n'
    """
    return "".join(
        # ASCII: a label may hold characters that other programs take for the end of the line.
        f"{comment}{name}: {json.dumps(list(names))}\n"
        for name, names in labels.items()
    )


def read_label_lines(text: str, context: ReadContext) -> Labels:
    """Return the labels that lines of ``label_lines`` list.

    Raises:
        TableFormatError: If there are more labels than a table may have.
    """
    found: Labels = {}
    if not any(f"{name}: [" in text for name in _NAMES):  # much faster than the pattern
        return found
    for match in _LABEL_LINE.finditer(text):
        if match.group(2).count(",") > _most_commas(context):
            context.check_sizes(match.group(2).count('",'), 1, 1)
        # Strings one by one: the list has no other structure, so nothing can be nested.
        strings = re.findall(_STRING, match.group(2))
        context.check_sizes(len(strings), 1, 1)
        found[match.group(1)] = tuple(_string(each) for each in strings)
    return found


def _most_commas(context: ReadContext) -> int:
    # Commas inside labels are not counted apart: this only keeps a file of a million labels from
    # being converted before it is refused.
    return 64 * context.max_order


def _string(literal: str) -> str:
    try:
        return str(json.loads(literal))
    except ValueError:
        # An escape that JSON does not have; the label then is what stands there.
        return literal[1:-1]


def numbers_of(table: Table, *, base: int, unknown: str) -> list[list[str]]:
    """Return the products as numbers counted from ``base``."""
    # The last entry serves the cells with UNKNOWN = -1.
    assert UNKNOWN == -1
    names = [*(str(i + base) for i in range(len(table.symbols))), unknown]
    return [[names[c] for c in row] for row in table.array.tolist()]


def named_grid(grid: RawGrid, labels: Labels, context: ReadContext, *, base: int) -> RawGrid:
    """Return a grid of numbers with the labels that the file lists for them.

    Raises:
        TableFormatError: If there are not as many labels as rows or columns, or a number stands for
            none of the symbols.
    """
    if not labels:
        return grid
    common = labels.get("labels")
    rows, columns, symbols = (labels.get(name, common) for name in _NAMES[1:])
    if rows is None or columns is None or symbols is None:
        raise context.error(
            "the file lists some labels and not others; it needs `labels`, or `rows`, `columns` "
            "and `symbols`."
        )
    height, width = len(grid.cells), len(grid.cells[0])
    if (len(rows), len(columns)) != (height, width):
        raise context.error(
            f"the table is {height} x {width}, but {len(rows)} row labels and {len(columns)} "
            "column labels are listed."
        )
    context.check_sizes(len(rows), len(columns), len(symbols))
    for name, listed in zip(_NAMES[1:], (rows, columns, symbols), strict=True):
        context.check_distinct(listed, f"`{name}`")
    names: dict[str | None, str | None] = {str(i + base): s for i, s in enumerate(symbols)}
    names[None] = None
    for i, row in enumerate(grid.cells):
        for j, cell in enumerate(row):
            if cell not in names:
                line, column = grid.places.get((i, j), (None, None))
                raise context.error(
                    f"{shown(cell or '')} stands for none of the {len(symbols)} listed labels, "
                    f"which are numbered from {base}.",
                    line=line,
                    column=column,
                )
    return RawGrid(
        cells=tuple(tuple(names[cell] for cell in row) for row in grid.cells),
        rows=rows,
        columns=columns,
        symbols=symbols,
        is_exact=True,
        places=grid.places,
        remarks=grid.remarks,
    )


def refuse_repeats(table: Table, what: str) -> None:
    """Refuse a table in which observations repeat cells, for a format of one value a cell."""
    if len(table.repeats):
        raise ValueError(f"{what} cannot hold repeats. Use `triples`, `json` or `npz`.")


def refuse_other_shapes(table: Table, what: str) -> None:
    """Refuse a table that is not square, for a format of operations on one set."""
    if not table.is_square:
        raise ValueError(
            f"{what} needs as many rows as columns and symbols; got {table.array.shape} and "
            f"{len(table.symbols)} symbols. Use `gap`, `json` or `npz`."
        )


def named_lists(lists: Iterable[BracketList]) -> tuple[Labels, list[BracketList]]:
    """Divide flat lists into those that name the labels, and the others."""
    labels: Labels = {}
    others: list[BracketList] = []
    for one in lists:
        name = one.name.rpartition(".")[2].lower()
        listed = [each for each in one.rows[0] if each is not None]
        if name in _NAMES and not one.is_matrix and len(listed) == len(one.rows[0]):
            labels[name] = tuple(listed)
        else:
            others.append(one)
    return labels, others

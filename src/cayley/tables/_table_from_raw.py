"""``table_from_raw``: the table that cells and labels, as a format found them, stand for.

The decisions are the same for every format: what is unknown, which strings are one label, what the
labels of a grid without labels are, and whether a value that is no label is a typing error. What
was decided is kept in ``Table.reading``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from cayley.tables._decided import Decided
from cayley.tables._table import UNKNOWN, Table
from cayley.tables._table_from_triples import table_from_raw_triples
from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._raw import Place, RawGrid, RawTriples
from cayley.tables.labels._alphabets import infer_table_symbols
from cayley.tables.labels._markers import is_marker, zero_is_unknown
from cayley.tables.labels._shown import bare, listed, shown, ticked
from cayley.tables.labels._spellings import plain_number, unify
from cayley.tables.labels._strays import Stray, nearest_label, what_is_wrong_with
from cayley.tables.labels._unlabeled_grid import labels_of_grid

__all__ = ["table_from_raw"]


def table_from_raw(raw: RawGrid | RawTriples | Table, context: ReadContext) -> Table:
    """Return the table that a grid or triples stand for, with the ``reading`` of what was decided.

    Raises:
        TableFormatError: If they stand for none; the message names the place.
    """
    if isinstance(raw, Table):
        return raw
    if isinstance(raw, RawTriples):
        return table_from_raw_triples(raw, context)
    return _from_grid(raw, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """A grid as written, with labels and the distinct values of its cells.

    Attributes:
        raw: What the format found.
        rows: Labels of the rows.
        columns: Labels of the columns.
        values: The distinct values, with the number of cells, in order of appearance.
    """

    raw: RawGrid
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Mapping[str, int]

    def first_cell(self, value: str) -> tuple[int, int]:
        """Return the first cell with a value, by row and column from 0."""
        rows = enumerate(self.raw.cells)
        return next((a, b) for a, row in rows for b, cell in enumerate(row) if cell == value)

    def place_of(self, cell: tuple[int, int]) -> Place:
        """Return line and column of a cell."""
        if cell in self.raw.places:
            return self.raw.places[cell]
        line = _at(self.raw.row_places, cell[0])[0]
        return line, _at(self.raw.column_places, cell[1])[1]


def _at(places: Sequence[Place], i: int) -> Place:
    return places[i] if i < len(places) else (None, None)


def _from_grid(raw: RawGrid, context: ReadContext) -> Table:
    if not raw.cells or not raw.cells[0]:
        raise context.error("the table is empty.")
    height, width = len(raw.cells), len(raw.cells[0])
    context.check_sizes(height, width, 1)
    # The cells are looked at once; everything after works on the distinct values.
    counts = Counter(chain.from_iterable(raw.cells))
    decided = Decided(blank=counts.pop(None, 0), remarks=raw.remarks)
    values = {str(value): count for value, count in counts.items()}
    rows, columns = _labels(raw, values, decided, context)
    grid = _Grid(raw=raw, rows=rows, columns=columns, values=values)
    _check_labels(grid, context)
    if raw.symbols is not None or raw.is_exact:
        label_of = _taken_exactly(grid, decided, context)
        symbols = _exact_symbols(grid, label_of, context)
    else:
        grid, label_of = _interpreted(grid, decided, context)
        symbols = _symbols(grid, label_of, context)
    if not label_of:
        raise context.error("no product is known; at least one cell must have a label.")
    context.check_sizes(height, width, len(symbols))
    place = {label: i for i, label in enumerate(symbols)}
    index: dict[str | None, int] = dict.fromkeys((None, *values), UNKNOWN)
    index.update((value, place[label]) for value, label in label_of.items())
    array = np.fromiter(
        map(index.__getitem__, chain.from_iterable(raw.cells)), np.int64, height * width
    ).reshape(height, width)
    return Table(
        rows=grid.rows,
        columns=grid.columns,
        symbols=symbols,
        array=array,
        reading=decided.reading(raw.delimiter, header=raw.rows is not None),
    )


def _labels(
    raw: RawGrid, values: Mapping[str, int], decided: Decided, context: ReadContext
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels of rows and columns, told by the cells where the file lists none."""
    rows, columns = raw.rows, raw.columns
    if rows is not None or columns is not None:
        return rows or columns or (), columns or rows or ()
    height, width = len(raw.cells), len(raw.cells[0])
    if raw.symbols is not None and len(raw.symbols) == height == width:
        return raw.symbols, raw.symbols
    if height != width:
        raise context.error(
            f"a table without labels has as many rows as columns; got {height} rows and {width} "
            "columns."
        )
    known = {value for value in values if not _is_marker(value, context)}

    def cell(value: str | None) -> str | None:
        return value if value in known else None

    first_column = [cell(row[0]) for row in raw.cells]
    found = labels_of_grid(known, list(map(cell, raw.cells[0])), first_column, raw.base)
    if found.labels is None:
        raise context.error(f"the table has no labels, and {found.why}.")
    decided.base = found.base
    decided.remarks.append(f"no labels: {found.why}")
    return found.labels, found.labels


def _check_labels(grid: _Grid, context: ReadContext) -> None:
    """Refuse labels of which one is empty or two are equal, naming the place of the second."""
    for kind, labels, places in (
        ("row", grid.rows, grid.raw.row_places),
        ("column", grid.columns, grid.raw.column_places),
    ):
        seen: set[str] = set()
        for i, label in enumerate(labels):
            line, column = _at(places, i)
            # A blank is a label only where no white space surrounds it, as in JSON.
            if not label and line is not None:
                raise context.error(f"the {kind} label is empty.", line=line, column=column)
            if label in seen:
                raise context.error(
                    f"the {kind} labels must be distinct; {shown(label)} occurs twice.",
                    line=line,
                    column=column,
                )
            seen.add(label)


def _is_marker(value: str, context: ReadContext) -> bool:
    return is_marker(value, context.markers, are_declared=context.are_declared)


def _taken_exactly(grid: _Grid, decided: Decided, context: ReadContext) -> dict[str, str]:
    """Return every value by the letter, but what marks unknown products."""
    label_of: dict[str, str] = {}
    declared = set(grid.raw.symbols or ())
    for value, count in grid.values.items():
        marks = value in context.json_markers if grid.raw.is_exact else _is_marker(value, context)
        if marks and value not in declared:
            decided.mark_unknown(value, count)
        else:
            label_of[value] = value
    return label_of


def _exact_symbols(
    grid: _Grid, label_of: Mapping[str, str], context: ReadContext
) -> tuple[str, ...]:
    """Return the declared symbols, or those inferred, and refuse values that are none."""
    declared = grid.raw.symbols
    if declared is None:
        return infer_table_symbols(grid.rows, grid.columns, list(label_of))
    outside = [value for value in label_of if value not in set(declared)]
    if outside and not context.is_open:
        raise _refusal(grid, outside, declared, context)
    return (*declared, *outside)


def _interpreted(
    grid: _Grid, decided: Decided, context: ReadContext
) -> tuple[_Grid, dict[str, str]]:
    """Return the grid with columns spelled as the rows, and the label of each value that is one."""
    own = set(grid.rows)
    folded = {label.casefold() for label in own}
    # Results + and - are signs; and `na` beside the label `Na` is a typing error, if anything.
    labels = {"-"} if "+" in grid.values and "+" not in own else set()
    labels.update(value for value in grid.values if value and value.casefold() in folded)
    rest: dict[str, int] = {}
    for value, count in grid.values.items():
        if not _is_marker(value, context) or (value in labels and value not in own):
            rest[value] = count
        elif value in own:
            rest[value] = count
            decided.remarks.append(f"{ticked(value)} is a label here, not unknown")
        else:
            decided.mark_unknown(value, count)
    # 0.0 is the zero of a column of floats. With open results, 0 may be one of them.
    if not context.are_declared and not context.is_open and zero_is_unknown(grid.rows):
        for value in [value for value in rest if plain_number(value) == "0"]:
            decided.mark_unknown(value, rest.pop(value))
    spellings = unify(grid.rows, grid.columns, rest)
    if spellings is None:
        return grid, {value: value for value in rest}
    decided.unified.update(spellings.label)
    columns = tuple(spellings.label.get(label, label) for label in grid.columns)
    grid = replace(grid, columns=columns)
    return grid, {value: spellings.label.get(value, value) for value in rest}


def _symbols(grid: _Grid, label_of: Mapping[str, str], context: ReadContext) -> tuple[str, ...]:
    """Return the alphabet of the results, and refuse values that are mistyped or outside.

    With the same labels for rows and columns, and most results among them, all results are meant to
    be. With more different results than labels, the results cannot be an alphabet of their own.
    """
    rows, own = grid.rows, set(grid.rows)
    square = len(rows) == len(grid.columns)
    if square:
        _check_margins(grid, context)
    seen = list(dict.fromkeys(label_of.values()))
    outside = [label for label in seen if label not in own]
    if not outside:
        return rows
    if context.is_open:
        return (*rows, *outside)
    if square:
        inside = sum(grid.values[value] for value, label in label_of.items() if label in own)
        mostly = 2 * inside > sum(grid.values[value] for value in label_of)
        if set(grid.columns) == own and (mostly or len(seen) > len(rows)):
            raise _refusal(grid, outside, rows, context)
        if len(seen) > len(rows):
            raise _too_many(grid, seen, context)
    return infer_table_symbols(rows, grid.columns, seen)


def _check_margins(grid: _Grid, context: ReadContext) -> None:
    """Refuse rows and columns that have half of their labels in common: the others are mistyped."""
    rows, columns = set(grid.rows), set(grid.columns)
    if rows == columns or 2 * len(rows & columns) < len(rows):
        return
    at = next(i for i, label in enumerate(grid.columns) if label not in rows)
    label, missing = grid.columns[at], [label for label in grid.rows if label not in columns]
    near = nearest_label(label, missing) or (missing[0] if len(missing) == 1 else None)
    question = f": did you mean {ticked(near)}?" if near else ";"
    line, place = _at(grid.raw.column_places, at)
    raise context.error(
        f"the column label {ticked(label)} is no row label{question} no column has the row label "
        f"{listed(missing)}. For alphabets that differ on purpose, use JSON with `symbols`.",
        line=line,
        column=place,
    )


def _refusal(
    grid: _Grid, outside: Sequence[str], labels: Sequence[str], context: ReadContext
) -> Exception:
    """Return the error about values that are no labels, at the place of the first."""
    cells = [grid.first_cell(value) for value in outside]
    strays = [
        Stray(value=value, count=grid.values[value], row=grid.rows[a], column=grid.columns[b])
        for value, (a, b) in zip(outside, cells, strict=True)
    ]
    line, column = grid.place_of(cells[0])
    return context.error(what_is_wrong_with(strays, labels), line=line, column=column)


def _too_many(grid: _Grid, seen: Sequence[str], context: ReadContext) -> Exception:
    """Return the error about more results than rows, naming the rarest one as the odd one."""
    # Of equally rare ones the last, as the first ones filled the alphabet.
    rarest = min(reversed(seen), key=lambda value: grid.values.get(value, len(seen)))
    a, b = grid.first_cell(rarest)
    line, column = grid.place_of((a, b))
    return context.error(
        f"{len(grid.rows)} rows and columns have {len(seen)} different results: {listed(seen)}. "
        f"The rarest is {ticked(rarest)} in row {bare(grid.rows[a])}, column "
        f"{bare(grid.columns[b])}. Correct it, or declare with `open` (`--open`) that results lie "
        "outside the labels.",
        line=line,
        column=column,
    )

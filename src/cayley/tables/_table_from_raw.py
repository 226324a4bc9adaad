"""``table_from_raw``: the table that cells and labels, as a format found them, stand for."""

import numpy as np

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._alphabets import infer_table_symbols
from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._raw import RawGrid, RawTriples
from cayley.tables.formats._triples import table_from_numbered_triples

__all__ = ["table_from_raw"]


def table_from_raw(raw: RawGrid | RawTriples, context: ReadContext) -> Table:
    """Return the table that a grid or triples stand for.

    Raises:
        TableFormatError: If they stand for none.
    """
    if isinstance(raw, RawTriples):
        lines = raw.lines or tuple(range(1, len(raw.triples) + 1))
        numbered = (
            (line, left, right, None if not result or result in context.markers else result)
            for line, (left, right, result) in zip(lines, raw.triples, strict=True)
        )
        return table_from_numbered_triples(numbered, context, unit="line")
    return _table_from_grid(raw, context)


def _table_from_grid(raw: RawGrid, context: ReadContext) -> Table:
    if not raw.cells or not raw.cells[0]:
        raise context.error("the table is empty.")
    height, width = len(raw.cells), len(raw.cells[0])
    context.check_sizes(height, width, 1)
    rows, columns = raw.rows, raw.columns
    if rows is None or columns is None:
        start = 0 if any("0" in row for row in raw.cells) else 1
        start = start if raw.base is None else raw.base
        rows = rows or columns or tuple(str(i + start) for i in range(height))
        columns = columns or rows
    cells = [
        [None if not c or c in context.markers - set(rows) else c for c in row] for row in raw.cells
    ]
    seen = list(dict.fromkeys(cell for row in cells for cell in row if cell is not None))
    if not seen:
        raise context.error("no product is known; at least one cell must have a label.")
    symbols = raw.symbols or infer_table_symbols(rows, columns, seen)
    index: dict[str | None, int] = {label: i for i, label in enumerate(symbols)}
    index[None] = UNKNOWN
    array = np.array([[index[cell] for cell in row] for row in cells], np.int64)
    return Table(rows=rows, columns=columns, symbols=symbols, array=array)

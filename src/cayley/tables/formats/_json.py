"""Tables as JSON: an object with alphabets and products, or a list of triples."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._alphabets import infer_table_symbols
from cayley.tables.formats._context import Format, ReadContext, WriteContext, shown
from cayley.tables.formats._triples import NumberedTriple, table_from_numbered_triples

__all__ = ["JSON", "looks_like_json", "read_json", "write_json"]


def read_json(text: str, context: ReadContext) -> Table:
    """Read an object ``{"rows", "columns", "symbols", "table", "repeats"}`` or a list of triples.

    Numbers become labels by their text. ``symbols`` and ``repeats`` may be missing, other members
    are ignored.

    Raises:
        TableFormatError: If the JSON is malformed or does not describe a table.
    """
    document = _parse(text, context)
    if isinstance(document, list):
        return table_from_numbered_triples(_read_items(document, context), context, unit="item")
    if not isinstance(document, dict):
        raise context.error("expected a JSON object or a list of triples at the top.")
    for member in ("rows", "columns", "table"):
        if member not in document:
            raise context.error(f"the member `{member}` is missing.")
    rows, columns = (_read_labels(document, name, context) for name in ("rows", "columns"))
    context.check_sizes(len(rows), len(columns), 1)
    # Labels first, sizes next, then the cells: a table over the limit is refused before its cells
    # are copied.
    cells = _read_cells(document["table"], rows, columns, context)
    seen = list(dict.fromkeys(cell for row in cells for cell in row if cell is not None))
    if not seen:
        raise context.error("no product is known; at least one cell must have a label.")
    symbols = _symbols(document, rows, columns, seen, context)
    index: dict[str | None, int] = {label: i for i, label in enumerate(symbols)}
    _check_declared(cells, index, context)
    # Added after the check of declared symbols, which would else accept None as a symbol.
    index[None] = UNKNOWN
    array = np.array([[index[cell] for cell in row] for row in cells], np.int64)
    repeats = _read_repeats(document.get("repeats", []), (rows, columns, symbols), array, context)
    return Table(rows=rows, columns=columns, symbols=symbols, array=array, repeats=repeats)


def _parse(text: str, context: ReadContext) -> Any:
    def reject_constant(name: str) -> None:
        raise context.error(f"{name} is not JSON; unknown products are null.")

    def unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in members:
            if key in found:
                raise context.error(f"the member {shown(key)} occurs twice in one object.")
            found[key] = value
        return found

    try:
        # Numbers stay text: 1, 1.0 and 1e0 are three labels, as they are in CSV, and no digit is
        # lost. Repeated members are refused; Python's default keeps the last one silently.
        return json.loads(
            text,
            parse_int=str,
            parse_float=str,
            parse_constant=reject_constant,
            object_pairs_hook=unique,
        )
    except json.JSONDecodeError as error:
        raise context.error(
            f"malformed JSON: {error.msg}.", line=error.lineno, column=error.colno
        ) from None
    # Python's parser recurses for every bracket; a file of brackets would end the program.
    except RecursionError:
        raise context.error("the JSON is nested too deeply for a table.") from None


def _read_items(items: list[Any], context: ReadContext) -> Iterator[NumberedTriple]:
    for number, item in enumerate(items, start=1):
        if not isinstance(item, list) or len(item) != 3:
            raise context.error(f"item {number} is not a triple [left, right, result].")
        left, right = (_label(value, f"item {number}", context) for value in item[:2])
        yield number, left, right, _cell(item[2], f"item {number}", context)


def _read_labels(document: dict[str, Any], name: str, context: ReadContext) -> tuple[str, ...]:
    values = document[name]
    if not isinstance(values, list) or not values:
        raise context.error(f"`{name}` must be a list of at least one label.")
    labels = tuple(_label(v, f"`{name}[{i}]`", context) for i, v in enumerate(values))
    context.check_distinct(labels, f"`{name}`")
    return labels


def _label(value: Any, where: str, context: ReadContext) -> str:
    if isinstance(value, str):
        return value
    raise context.error(f"{where}: a label is a string or a number; got {_kind(value)}.")


def _cell(value: Any, where: str, context: ReadContext) -> str | None:
    if value is None or (isinstance(value, str) and value in context.json_markers):
        return None
    return _label(value, where, context)


def _kind(value: Any) -> str:
    kinds = {bool: "a boolean", list: "a list", dict: "an object"}
    return "null" if value is None else kinds[type(value)]


def _read_cells(
    table: Any, rows: tuple[str, ...], columns: tuple[str, ...], context: ReadContext
) -> list[list[str | None]]:
    if not isinstance(table, list) or len(table) != len(rows):
        got = len(table) if isinstance(table, list) else _kind_of(table)
        raise context.error(f"`table` must be a list of {len(rows)} rows, as `rows`; got {got}.")
    for a, row in enumerate(table):
        if not isinstance(row, list) or len(row) != len(columns):
            got = len(row) if isinstance(row, list) else _kind_of(row)
            raise context.error(
                f"`table[{a}]` (row {shown(rows[a])}) must be a list of {len(columns)} products, "
                f"as `columns`; got {got}."
            )
    return [
        [_cell(value, f"`table[{a}][{b}]`", context) for b, value in enumerate(row)]
        for a, row in enumerate(table)
    ]


def _kind_of(value: Any) -> str:
    return shown(value) if isinstance(value, str) else _kind(value)


def _symbols(
    document: dict[str, Any],
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    seen: list[str],
    context: ReadContext,
) -> tuple[str, ...]:
    if document.get("symbols") is not None:
        symbols = _read_labels(document, "symbols", context)
    else:
        symbols = infer_table_symbols(rows, columns, seen)
    context.check_sizes(len(rows), len(columns), len(symbols))
    return symbols


def _check_declared(
    cells: list[list[str | None]], index: dict[str | None, int], context: ReadContext
) -> None:
    for a, row in enumerate(cells):
        for b, cell in enumerate(row):
            if cell is not None and cell not in index:
                raise context.error(f"`table[{a}][{b}]`: {shown(cell)} is not one of `symbols`.")


def _read_repeats(
    items: Any,
    alphabets: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    array: np.ndarray,
    context: ReadContext,
) -> np.ndarray:
    if not isinstance(items, list):
        raise context.error("`repeats` must be a list of triples [row, column, symbol].")
    indices = [{label: i for i, label in enumerate(names)} for names in alphabets]
    repeats = []
    for number, item in enumerate(items):
        where = f"`repeats[{number}]`"
        if not isinstance(item, list) or len(item) != 3:
            raise context.error(f"{where} is not a triple [row, column, symbol].")
        labels = [_label(value, where, context) for value in item]
        for label, index, kind in zip(labels, indices, ("rows", "columns", "symbols"), strict=True):
            if label not in index:
                raise context.error(f"{where}: {shown(label)} is not one of `{kind}`.")
        a, b, c = (index[label] for label, index in zip(labels, indices, strict=True))
        if array[a, b] == UNKNOWN:
            raise context.error(f"{where} repeats a cell that `table` does not know.")
        repeats.append((a, b, c))
    return np.array(repeats, np.int64).reshape(-1, 3)


def write_json(table: Table, context: WriteContext) -> str:
    """Return a table as JSON, one row of products per line. Every table can be written."""
    names = (*table.symbols, None)
    # One row a line, so that two versions of a table can be compared line by line.
    rows = ",\n    ".join(_dump([names[c] for c in row]) for row in table.array.tolist())
    members = [
        f'"{name}": {_dump(getattr(table, name))}' for name in ("rows", "columns", "symbols")
    ]
    members.append(f'"table": [\n    {rows}\n  ]')
    if len(table.repeats):
        labels = list(table.triples())[table.num_observed :]
        members.append(f'"repeats": {_dump(labels)}')
    return "{\n  " + ",\n  ".join(members) + "\n}\n"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def looks_like_json(text: str) -> bool:
    """Return whether the text begins as an object or a list."""
    return text.lstrip().startswith(("{", "["))


JSON = Format(name="json", suffixes=(".json",), read=read_json, write=write_json)

"""Tables as JSON: an object with alphabets and products, a list of rows, or a list of triples."""

import json
from typing import Any

import numpy as np

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._raw import Products, RawGrid, RawTriples, Sniffed
from cayley.tables.formats.rectangles._arrangement import TRIPLE_HEADERS, arrangements
from cayley.tables.formats.rectangles._raw_from_sheet import raw_from_sheet
from cayley.tables.formats.rectangles._sheet import Sheet
from cayley.tables.labels._alphabets import infer_table_symbols
from cayley.tables.labels._shown import bare, shown

__all__ = ["JSON", "parse_json", "sniff_json", "write_json"]

# What programs call the alphabet of rows, columns and symbols at once.
_ONE_ALPHABET = ("labels", "elements")
# A few products of many labels, in objects, would fill the memory with blanks: beyond a million
# cells one in fifty must be given.
_MOST_BLANK = 1_000_000
_SPARSEST = 50


def parse_json(text: str, context: ReadContext) -> RawGrid | RawTriples | Table:
    """Read an object with a table or triples, a list of rows, or a list of triples.

    - ``{"rows", "columns", "symbols", "table", "repeats"}`` says everything and is taken by the
      letter; without ``symbols``, cells are interpreted as those of other formats.
    - ``{"labels", "table"}``, ``{"table"}`` and a list of k lists of k are square tables.
    - ``{"columns", "index", "data"}`` is what pandas writes with ``orient="split"``.
    - ``{"a": {"b": "c"}}`` says that a * b = c: the keys outside are the rows.
    - ``{"triples"}`` and a list of lists or objects of three are products; a list of three lists of
      three is a table.

    Numbers become labels by their text. Other members are ignored.

    Raises:
        TableFormatError: If the JSON is malformed or does not describe a table.
    """
    document = _parse(text, context)
    if isinstance(document, list):
        return _from_list(document, context)
    if not isinstance(document, dict):
        raise context.error("expected a JSON object or a list of rows or triples at the top.")
    if isinstance(document.get("triples"), list) and "table" not in document:
        return _from_triples(document, context)
    if {"columns", "index", "data"} <= document.keys() and "table" not in document:
        document = {**document, "rows": document["index"], "table": document["data"]}
    if "table" in document and not {"rows", "columns"} & document.keys():
        return _from_table_only(document, context)
    if document and all(isinstance(document[key], dict) for key in document):
        return _from_objects(document, context)
    for member in ("rows", "columns", "table"):
        if member not in document:
            raise context.error(f"the member `{member}` is missing.")
    rows, columns = (_read_labels(document, name, context) for name in ("rows", "columns"))
    context.check_sizes(len(rows), len(columns), 1)
    # Labels first, sizes next, then the cells: a table over the limit is refused before its cells
    # are copied.
    cells = _read_cells(document["table"], rows, columns, context)
    if document.get("symbols") is None and not document.get("repeats"):
        return RawGrid(cells=tuple(map(tuple, cells)), rows=rows, columns=columns)
    return _exact_table(document, rows, columns, cells, context)


def _from_objects(document: dict[str, dict[str, Any]], context: ReadContext) -> RawGrid:
    """Return the cells of an object of one object a row; what is left out is unknown."""
    rows = tuple(document)
    columns = tuple(dict.fromkeys(key for row in document.values() for key in row))
    # One set of labels has one order, and a label that never stands on the right is one too.
    if set(columns) <= set(rows):
        columns = rows
    elif set(rows) < set(columns):
        rows = (*rows, *(key for key in columns if key not in document))
        columns = rows
    context.check_sizes(len(rows), len(columns), 1)
    given, size = sum(map(len, document.values())), len(rows) * len(columns)
    if size > _MOST_BLANK and given * _SPARSEST < size:
        raise context.error(
            f"the objects have {given} products in {len(rows)} rows and {len(columns)} columns. "
            "Write the products as a list of triples."
        )
    nothing: dict[str, Any] = {}
    cells = tuple(
        tuple(
            _field(document.get(row, nothing).get(column), f"row {bare(row)}", context)
            for column in columns
        )
        for row in rows
    )
    remark = "the keys outside are the rows, those inside the columns"
    return RawGrid(cells=cells, rows=rows, columns=columns, remarks=(remark,))


def _exact_table(
    document: dict[str, Any],
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    cells: list[list[str | None]],
    context: ReadContext,
) -> Table:
    """Return the table of an object that says everything."""
    cells = [[None if cell in context.json_markers else cell for cell in row] for row in cells]
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


def _from_list(items: list[Any], context: ReadContext) -> RawGrid | RawTriples:
    """Return the rows or triples that a list holds."""
    if not items:
        raise context.error("the list is empty.")
    if all(isinstance(item, dict) and len(item) == 3 for item in items):
        names = list(items[0])
        if all(list(item) == names for item in items):
            triples = [[item[name] for name in names] for item in items]
            return _triples(triples, context)
    if max(len(item) if isinstance(item, list) else 0 for item in items) > 2 * context.max_order:
        context.check_sizes(1, max(map(len, items)), 1)
    widths = {len(item) if isinstance(item, list) else None for item in items}
    if widths == {3} and len(items) != 3:
        return _triples(items, context)
    if widths != {len(items)}:
        raise context.error(_irregular(items))
    fields = tuple(
        tuple(_field(value, f"item {number}", context) for value in item)
        for number, item in enumerate(items, start=1)
    )
    if len(fields[0]) < 2:
        return RawGrid(cells=fields)
    sheet = Sheet(fields=fields, lines=tuple(range(1, len(items) + 1)))
    if widths == {3}:
        sure = arrangements(sheet, three_by_three=True)
        if max(sure, key=lambda name: sure[name][0]) == "triples":
            return _triples(items, context)
    raw = raw_from_sheet(sheet, context, three_by_three=True)
    assert isinstance(raw, RawGrid)
    # Without the places: a list has no lines and columns.
    return RawGrid(cells=raw.cells, rows=raw.rows, columns=raw.columns, remarks=raw.remarks)


def _irregular(items: list[Any]) -> str:
    """Return the message about a list that is neither a square table nor a list of triples."""
    lengths = [len(item) if isinstance(item, list) else None for item in items]
    if len(items) in lengths or lengths.count(3) * 2 < len(items):
        number = next(i for i, size in enumerate(lengths, start=1) if size != len(items))
        size = lengths[number - 1]
        got = "is no list" if size is None else f"has {size} entries"
        return f"item {number} {got}; a table of {len(items)} rows has {len(items)} in each."
    number = next(i for i, size in enumerate(lengths, start=1) if size != 3)
    return f"item {number} is not a triple [left, right, result]."


def _field(value: Any, where: str, context: ReadContext) -> str | None:
    return None if value is None else _label(value, where, context).strip()


def _from_triples(document: dict[str, Any], context: ReadContext) -> RawTriples:
    labels = None
    for name in _ONE_ALPHABET:
        if document.get(name) is not None:
            labels = _read_labels(document, name, context)
    return _triples(document["triples"], context, labels)


def _triples(
    items: list[Any], context: ReadContext, labels: tuple[str, ...] | None = None
) -> RawTriples:
    triples = []
    numbers = []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, list) or len(item) != 3:
            raise context.error(f"item {number} is not a triple [left, right, result].")
        if number == 1 and _is_header(item):
            continue
        left, right = (_label(value, f"item {number}", context) for value in item[:2])
        result = None if item[2] is None else _label(item[2], f"item {number}", context)
        triples.append((left, right, result))
        numbers.append(number)
    return RawTriples(
        products=Products.of(triples), labels=labels, lines=tuple(numbers), unit="item"
    )


def _is_header(item: list[Any]) -> bool:
    # Letters alone, as in the header a,b,c of CSV files, are a product: no list needs a header.
    names = tuple(str(name).lower() for name in item)
    return names in TRIPLE_HEADERS and all(len(name) > 1 for name in names)


def _from_table_only(document: dict[str, Any], context: ReadContext) -> RawGrid | RawTriples:
    """Return the cells of an object that names no rows and columns, with its one alphabet."""
    rows = document["table"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise context.error(f"`table` must be a list of rows; got {_kind_of(rows)}.")
    name = next((name for name in (*_ONE_ALPHABET, "symbols") if document.get(name)), None)
    if name is None:
        raw = _from_list(rows, context)
        if isinstance(raw, RawTriples):
            raise context.error("`table` is not square; triples are a member `triples`.")
        return raw
    labels = _read_labels(document, name, context)
    context.check_sizes(len(labels), len(labels), 1)
    cells = _read_cells(rows, labels, labels, context)
    return RawGrid(cells=tuple(map(tuple, cells)), rows=labels, columns=labels)


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
    return None if value is None else _label(value, where, context)


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


def sniff_json(text: str) -> Sniffed:
    """Return whether the text begins as an object or a list does."""
    beginning = text[:200].lstrip()
    if beginning[:1] == "{":
        is_object = beginning[1:].lstrip()[:1] in ('"', "}", "")
        return (0.95, "a JSON object") if is_object else (0.1, "a JSON object")
    if beginning[:1] == "[":
        # GAP and Python write lists in the same way; they then mean the same.
        is_list = beginning[1:].lstrip()[:1] in ("[", "{", "]", "")
        return (0.9, "a JSON list") if is_list else (0.1, "a JSON list")
    return 0.0, ""


JSON = Format(
    name="json", suffixes=(".json",), sniff=sniff_json, parse=parse_json, write=write_json
)

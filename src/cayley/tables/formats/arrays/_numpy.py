"""Tables as NumPy files: ``.npz`` holds any table, ``.npy`` numbers or text; no pickles."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.tables._reading import Reading
from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._raw import Products, RawGrid, RawTriples, Sniffed
from cayley.tables.formats.arrays._numpy_arrays import read_archive, read_array
from cayley.tables.formats.rectangles._raw_from_sheet import raw_from_sheet
from cayley.tables.formats.rectangles._sheet import Sheet
from cayley.tables.labels._alphabets import infer_table_symbols

__all__ = ["NPY", "NPZ", "parse_npy", "parse_npz", "write_npy", "write_npz"]


def parse_npy(data: bytes, context: ReadContext) -> Table | RawGrid | RawTriples:
    """Read numbers: a square table, or triples of shape ``(m, 3)``; or text, laid out as a sheet.

    The entries of a square table are the numbers of its rows, from 0, or from 1 if ``n`` occurs:
    then 0 is unknown. Negative entries and NaN are always unknown. An array of shape ``(3, 3)`` is
    a square table.

    Raises:
        TableFormatError: If the array holds no whole numbers, or has another shape.
    """
    # Triples of a table may be more than its cells, as they may repeat.
    most = 3 * context.max_order**2
    array = read_array(io.BytesIO(data), "the array", context, most=most)
    if array.dtype.kind == "U" and array.ndim == 2:
        context.check_sizes(array.shape[0], array.shape[1], 1)
        fields = tuple(tuple(field.strip() for field in row) for row in array.tolist())
        sheet = Sheet(fields=fields, lines=tuple(range(1, len(array) + 1)))
        return raw_from_sheet(sheet, context, three_by_three=True)
    array = _whole_numbers(array, "the array", context)
    # A 3 x 3 array can be read both ways; a table is the likelier meaning, as three triples are
    # hardly a table.
    if array.ndim == 2 and array.shape[1] == 3 != array.shape[0]:
        products = Products.of(_triples(array, context))
        return RawTriples(products=products, lines=tuple(range(1, len(array) + 1)), unit="item")
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
        raise context.error(
            f"expected a square array or triples of shape (m, 3); got shape {array.shape}. "
            "Use npz for a rectangular table."
        )
    context.check_sizes(array.shape[0], array.shape[1], 1)
    return _numbered(array, context)


def _triples(array: NDArray[Any], context: ReadContext) -> Iterator[tuple[str, str, str | None]]:
    for number, (left, right, result) in enumerate(array.tolist(), start=1):
        if left < 0 or right < 0:
            raise context.error(f"item {number} has a negative operand.")
        yield str(left), str(right), None if result < 0 else str(result)


def _numbered(array: NDArray[Any], context: ReadContext) -> Table:
    """Return the table whose entries are numbers of rows; any negative entry is unknown."""
    order = len(array)
    high = int(array.max())
    if high < 0:
        raise context.error("no product is known; at least one entry must not be negative.")
    base = int(high == order)
    if high > order or (base and not (array > 0).any()):
        a, b = np.argwhere(array == high)[0].tolist()
        raise context.error(
            f"the entry {high} in row {a}, column {b} is no row of a table of order {order}: its "
            "entries count from 0 or from 1. Use npz for a table with labels."
        )
    zeros = int((array == 0).sum()) if base else 0
    labels = tuple(str(i + base) for i in range(order))
    coded = np.maximum(array - base, UNKNOWN)
    reading = Reading(
        format="npy",
        header=None,
        base=base,
        unknown=(("0", zeros),) if zeros else (),
        remarks=("numbers from 1",) if base else (),
    )
    return Table(rows=labels, columns=labels, symbols=labels, array=coded, reading=reading)


def parse_npz(data: bytes, context: ReadContext) -> Table:
    """Read the arrays ``table``, ``rows``, ``columns``, ``symbols`` and ``repeats`` of an archive.

    ``table`` holds indices into ``symbols``, any negative one unknown. Rows and columns that are
    not given are labeled ``0..n-1``. Without ``symbols`` the entries are indices into ``rows`` if
    all are below their number, and labels themselves otherwise.

    Raises:
        TableFormatError: If the archive is damaged or its arrays do not make a table.
    """
    order = context.max_order
    most = {
        "table": order**2,
        "rows": order,
        "columns": order,
        "symbols": order,
        # A cell may be observed often, also in a small table.
        "repeats": 3 * max(10**6, order**2),
    }
    arrays = read_archive(data, most, context)
    if "table" not in arrays:
        raise context.error("the archive has no array named `table`.")
    array = arrays["table"]
    _check_integers(array, "`table`", context)
    if array.ndim != 2 or not array.size:
        raise context.error(f"`table` must have two dimensions; got shape {array.shape}.")
    context.check_sizes(array.shape[0], array.shape[1], 1)
    numbered = _labeled_by_number(array, context) if "symbols" not in arrays else None
    rows = _labels(arrays, "rows", len(array), context)
    columns = _labels(arrays, "columns", array.shape[1], context)
    if numbered is None:
        symbols = _labels(arrays, "symbols", None, context)
        context.check_sizes(array.shape[0], array.shape[1], len(symbols))
        array = np.where(array < 0, UNKNOWN, array.astype(np.int64))
    else:
        symbols, array = numbered.symbols, numbered.array
        if symbols == numbered.rows:
            symbols = rows
    if (array == UNKNOWN).all():
        raise context.error("no product is known; at least one entry must not be negative.")
    repeats = arrays.get("repeats", np.empty((0, 3), np.int64))
    _check_integers(repeats, "`repeats`", context)
    try:
        return Table(rows=rows, columns=columns, symbols=symbols, array=array, repeats=repeats)
    except ValueError as error:
        raise context.error(str(error)) from None


def _labeled_by_number(array: NDArray[Any], context: ReadContext) -> Table:
    """Make a table whose entries are labels; ``array`` has integers, any negative unknown."""
    rows, columns = (tuple(map(str, range(size))) for size in array.shape)
    cells = array.ravel()
    known = cells[cells >= 0]
    if not len(known):
        raise context.error("no product is known; at least one entry must not be negative.")
    # np.unique sorts; symbols are listed by first appearance, as in the other formats.
    values, first = np.unique(known, return_index=True)
    context.check_sizes(array.shape[0], array.shape[1], len(values))
    seen = [str(value) for value in values[np.argsort(first)].tolist()]
    symbols = infer_table_symbols(rows, columns, seen)
    place = {label: i for i, label in enumerate(symbols)}
    index = np.array([place[str(value)] for value in values.tolist()])
    coded = np.full(cells.shape, UNKNOWN, np.int64)
    coded[cells >= 0] = index[np.searchsorted(values, known)]
    return Table(rows=rows, columns=columns, symbols=symbols, array=coded.reshape(array.shape))


def _labels(
    arrays: dict[str, NDArray[Any]], name: str, size: int | None, context: ReadContext
) -> tuple[str, ...]:
    if name not in arrays:
        return tuple(map(str, range(size or 0)))
    array = arrays[name]
    if array.dtype.kind not in "Uiu" or array.ndim != 1:
        raise context.error(
            f"`{name}` must be a one-dimensional array of text or integers; "
            f"got dtype {array.dtype}, shape {array.shape}."
        )
    labels = tuple(map(str, array.tolist()))
    if size is not None and len(labels) != size:
        raise context.error(f"`{name}` must have {size} labels, as `table`; got {len(labels)}.")
    context.check_distinct(labels, f"`{name}`")
    return labels


def _check_integers(array: NDArray[Any], name: str, context: ReadContext) -> None:
    if array.dtype.kind not in "iu":
        hint = " Mark unknown products by -1, not by NaN." if array.dtype.kind == "f" else ""
        raise context.error(f"{name} must hold integers; got dtype {array.dtype}.{hint}")
    # These would turn negative in int64 and so be read as unknown.
    if array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
        raise context.error(f"{name} holds an integer over 2^63.")


def _whole_numbers(array: NDArray[Any], name: str, context: ReadContext) -> NDArray[Any]:
    """Return an array as int64, NaN as -1.

    Raises:
        TableFormatError: If an entry is no whole number; the message says where it stands.
    """
    if array.dtype.kind == "f":
        odd = ~(np.isnan(array) | ((array == np.floor(array)) & (np.abs(array) < 2**53)))
        if odd.any():
            place = np.argwhere(odd)[0].tolist()
            raise context.error(
                f"{name} must hold whole numbers, or NaN where unknown; the entry at "
                f"{place} is {array[tuple(place)]}."
            )
        array = np.where(np.isnan(array), UNKNOWN, array)
    else:
        _check_integers(array, name, context)
    return array.astype(np.int64)


def write_npz(table: Table, context: WriteContext) -> bytes:
    """Return a table as an archive. Labels must not end in a null character.

    Raises:
        ValueError: If a label ends in a null character.
    """
    arrays: dict[str, NDArray[Any]] = {"table": table.array}
    for name in ("rows", "columns", "symbols"):
        labels: tuple[str, ...] = getattr(table, name)
        if any(label.endswith("\0") for label in labels):
            raise ValueError("NumPy drops null characters at the end of a label. Use `json`.")
        arrays[name] = np.array(labels, dtype=np.str_)
    if len(table.repeats):
        arrays["repeats"] = table.repeats
    stream = io.BytesIO()
    # Writes no time of day, so equal tables give equal files.
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def write_npy(table: Table, context: WriteContext) -> bytes:
    """Return a square table whose labels are numbers as an array of integers.

    Raises:
        ValueError: If the reader would not give the same table back.
    """
    order = len(table.rows)
    from_zero, from_one = (tuple(str(i + base) for i in range(order)) for base in (0, 1))
    one = table.rows == table.columns == table.symbols and not len(table.repeats)
    # Counting from 1 is told by the largest entry only.
    tells = table.rows == from_zero or bool((table.array == order - 1).any())
    if not one or table.rows not in (from_zero, from_one) or not tells:
        raise ValueError(
            "npy holds square tables only whose rows, columns and symbols are 0..n-1, or 1..n if n "
            "occurs, without repeats. Use `npz`."
        )
    base = int(table.rows == from_one)
    values = np.where(table.array == UNKNOWN, UNKNOWN, table.array + base)
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    return stream.getvalue()


def sniff_npy(content: bytes) -> Sniffed:
    """Return whether the first bytes announce an array."""
    return (1.0, "a NumPy array") if content.startswith(b"\x93NUMPY") else (0.0, "")


def sniff_npz(content: bytes) -> Sniffed:
    """Return whether the first bytes announce an archive, and whether it holds arrays.

    An archive may also begin with the record that ends an empty one.
    """
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return 0.0, ""
    # Spreadsheets are archives too; the names of members stand in the file as they are.
    return (0.9, "a NumPy archive") if b".npy" in content else (0.3, "a NumPy archive")


NPZ = Format(
    name="npz",
    suffixes=(".npz",),
    is_binary=True,
    sniff=sniff_npz,
    parse=parse_npz,
    write=write_npz,
)
NPY = Format(
    name="npy",
    suffixes=(".npy",),
    is_binary=True,
    sniff=sniff_npy,
    parse=parse_npy,
    write=write_npy,
)

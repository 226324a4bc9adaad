"""Tables as NumPy files: ``.npz`` holds any table, ``.npy`` integers only; pickles are refused."""

import io
import lzma
import math
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._errors import TableFormatError
from cayley.tables._limits import max_bytes
from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats._alphabets import infer_table_symbols
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._triples import NumberedTriple, table_from_numbered_triples

__all__ = ["NPY", "NPZ", "numpy_format", "read_npy", "read_npz", "write_npy", "write_npz"]

# Everything that numpy and zipfile raise on a damaged file. What is missing here reaches the
# user as a traceback in place of a message.
_DAMAGED = (
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    OSError,
    RuntimeError,
    MemoryError,
    OverflowError,
    UserWarning,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tokenize.TokenError,
)


def read_npy(data: bytes, context: ReadContext) -> Table:
    """Read integers: a square table, or triples of shape ``(m, 3)``.

    The labels of a square table are ``0..n-1``, its entries the labels of the products, any
    negative one unknown. An array of shape ``(3, 3)`` is a square table.

    Raises:
        TableFormatError: If the array is not of integers or has another shape.
    """
    array = _read_array(io.BytesIO(data), "the array", context)
    _check_integers(array, "the array", context)
    # A 3 x 3 array can be read both ways; a table is the likelier meaning, as three triples are
    # hardly a table.
    if array.ndim == 2 and array.shape[1] == 3 != array.shape[0]:
        return table_from_numbered_triples(_rows(array, context), context, unit="item")
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
        raise context.error(
            f"expected a square array or triples of shape (m, 3); got shape {array.shape}. "
            "Use npz for a rectangular table."
        )
    context.check_sizes(array.shape[0], array.shape[1], 1)
    return _labeled_by_number(array, context)


def _rows(array: NDArray[Any], context: ReadContext) -> Iterator[NumberedTriple]:
    for number, (left, right, result) in enumerate(array.tolist(), start=1):
        if left < 0 or right < 0:
            raise context.error(f"item {number} has a negative operand.")
        yield number, str(left), str(right), None if result < 0 else str(result)


def _labeled_by_number(array: NDArray[Any], context: ReadContext) -> Table:
    """Make a table whose entries are labels; ``array`` has integers, any negative unknown."""
    rows, columns = (tuple(map(str, range(size))) for size in array.shape)
    cells = array.ravel()
    known = cells[cells >= 0]
    if not len(known):
        raise context.error("no product is known; at least one entry must not be negative.")
    # np.unique sorts; symbols are listed by first appearance, as in the other formats.
    values, first = np.unique(known, return_index=True)
    seen = [str(value) for value in values[np.argsort(first)].tolist()]
    symbols = infer_table_symbols(rows, columns, seen)
    context.check_sizes(array.shape[0], array.shape[1], len(symbols))
    place = {label: i for i, label in enumerate(symbols)}
    index = np.array([place[str(value)] for value in values.tolist()])
    coded = np.full(cells.shape, UNKNOWN, np.int64)
    coded[cells >= 0] = index[np.searchsorted(values, known)]
    return Table(rows=rows, columns=columns, symbols=symbols, array=coded.reshape(array.shape))


def read_npz(data: bytes, context: ReadContext) -> Table:
    """Read the arrays ``table``, ``rows``, ``columns``, ``symbols`` and ``repeats`` of an archive.

    ``table`` holds indices into ``symbols``, any negative one unknown. Rows and columns that are
    not given are labeled ``0..n-1``. Without ``symbols`` the entries are indices into ``rows`` if
    all are below their number, and labels themselves otherwise.

    Raises:
        TableFormatError: If the archive is damaged or its arrays do not make a table.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.removesuffix(".npy"): name for name in archive.namelist()}
            arrays: dict[str, NDArray[Any]] = {}
            for key in ("table", "rows", "columns", "symbols", "repeats"):
                if key in names:
                    with archive.open(names[key]) as stream:
                        arrays[key] = _read_array(stream, f"`{key}`", context)
    except _DAMAGED as error:
        raise _as_format_error(error, "the archive", context) from None
    return _assemble(arrays, context)


def _assemble(arrays: dict[str, NDArray[Any]], context: ReadContext) -> Table:
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


def _read_array(stream: IO[bytes], name: str, context: ReadContext) -> NDArray[Any]:
    """Read one array after checking the size that its header declares."""
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
        elif version == (2, 0):
            shape, fortran, dtype = np.lib.format.read_array_header_2_0(stream)
        else:
            raise context.error(f"{name} has version {version} of the NumPy format; use 1.0.")
    except _DAMAGED as error:
        raise _as_format_error(error, name, context) from None
    # Objects are stored as pickles, and loading a pickle runs code from the file.
    if dtype.hasobject:
        raise context.error(f"{name} holds Python objects; only integers and text are read.")
    if any(size < 0 for size in shape):
        raise context.error(f"{name} declares the impossible shape {shape}.")
    count = math.prod(shape)
    # The header decides how much would be allocated, and it may lie: its size is checked before,
    # and the data are read up to that size only. This also stops archives that unpack to terabytes.
    num_bytes = count * dtype.itemsize
    if num_bytes > max_bytes(context.max_order):
        raise context.error(
            f"{name} has shape {shape}, which needs {num_bytes} bytes; the limit for order "
            f"{context.max_order} is {max_bytes(context.max_order)}. Raise `max_order` to allow it."
        )
    try:
        data = stream.read(num_bytes)
        if len(data) != num_bytes:
            raise context.error(f"{name} is cut short: {len(data)} of {num_bytes} bytes.")
        flat = np.frombuffer(data, dtype=dtype, count=count)
        return flat.reshape(shape, order="F" if fortran else "C")
    except _DAMAGED as error:
        raise _as_format_error(error, name, context) from None


def _as_format_error(error: Exception, name: str, context: ReadContext) -> Exception:
    """Return format errors as they are, anything else as a damaged file."""
    if isinstance(error, TableFormatError):
        return error
    reason = str(error).split("\n", 1)[0][:200] or type(error).__name__
    return context.error(f"{name} cannot be read as a NumPy file: {reason}.")


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
    numbers = tuple(map(str, range(len(table.rows))))
    known = table.array[table.array != UNKNOWN]
    seen = [table.symbols[c] for c in dict.fromkeys(known.tolist())]
    plain = (
        table.rows == table.columns == numbers
        and not len(table.repeats)
        and all(_is_number(label) for label in seen)
        and infer_table_symbols(table.rows, table.columns, seen) == table.symbols
    )
    if not plain:
        raise ValueError(
            "npy holds square tables only whose rows and columns are 0..n-1 and whose symbols "
            "are numbers, without repeats. Use `npz`."
        )
    values = [int(label) if label in set(seen) else UNKNOWN for label in table.symbols]
    stream = io.BytesIO()
    np.save(stream, np.array([*values, UNKNOWN], np.int64)[table.array], allow_pickle=False)
    return stream.getvalue()


def _is_number(label: str) -> bool:
    # 18 digits fit int64 whatever they are; the last condition rules out labels such as 007.
    return label.isascii() and label.isdigit() and len(label) <= 18 and str(int(label)) == label


def numpy_format(content: bytes) -> Literal["npy", "npz"] | None:
    """Return which NumPy file the first bytes announce, or ``None``.

    An archive may also begin with the record that ends an empty one.
    """
    if content.startswith(b"\x93NUMPY"):
        return "npy"
    return "npz" if content.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


NPZ = Format(name="npz", suffixes=(".npz",), is_binary=True, read=read_npz, write=write_npz)
NPY = Format(name="npy", suffixes=(".npy",), is_binary=True, read=read_npy, write=write_npy)

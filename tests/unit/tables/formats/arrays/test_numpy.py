import io
import zipfile

import numpy as np
import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, np.asarray(array), **options)
    return stream.getvalue()


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def read(data, **options):
    return read_table(io.BytesIO(data), name="t", **options)


def message_of(data, **options):
    with pytest.raises(TableFormatError) as caught:
        read(data, **options)
    return str(caught.value)


def test_square_npy_is_a_table_with_numbered_labels():
    assert read(npy([[0, 1], [1, -7]])) == Table.from_array([[0, 1], [1, -1]])
    assert read(npy(np.array([[0, 1], [1, 0]], np.uint8, order="F"))).is_full


def test_entries_count_from_0_or_from_1():
    table = read(npy([[2, 1], [1, -1]]))
    assert table.rows == table.columns == table.symbols == ("1", "2")
    assert table.array.tolist() == [[1, 0], [0, -1]]
    assert (table.reading.base, table.reading.is_obvious) == (1, False)
    holes = read(npy([[1, 2, 0], [2, 0, 1], [0, 1, 3]]))
    assert holes.num_observed == 6
    assert holes.reading.unknown == (("0", 3),)
    assert read(npy([[0, 1], [1, -1]])).reading.base == 0


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int8, np.uint16])
def test_whole_numbers_of_any_type_are_read(dtype):
    assert read(npy(np.array([[0, 1], [1, 0]], dtype))).is_full


def test_nan_is_unknown():
    assert read(npy([[0.0, 1.0], [1.0, np.nan]])) == Table.from_array([[0, 1], [1, -1]])


def test_text_is_read_as_a_sheet():
    table = read(npy(np.array([["*", "e", "a"], ["e", "e", "a"], ["a", "a", "?"]])))
    assert table == Table.from_array([[0, 1], [1, -1]], labels="ea")


def test_three_columns_are_triples():
    table = read(npy([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, -1]]))
    assert table == Table.from_array([[0, 1], [1, -1]])
    assert read(npy([[0, 1, 2], [1, 2, 0], [2, 0, 1]])).is_full
    conflict = npy([[0, 0, 0], [0, 0, 1]])
    assert message_of(conflict).startswith("t: item 2 contradicts item 1: '0' and '0' give '0'")
    assert len(read(conflict, allow_conflicts=True).repeats) == 1
    assert message_of(npy([[0, -1, 0]] * 2)) == "t: item 1 has a negative operand."


def test_npz_labels_default_to_numbers():
    table = read(npz(table=[[1, 0], [0, -1]], rows=["x", "y"]))
    assert table.rows == table.symbols == ("x", "y")
    assert table.columns == ("0", "1")
    rectangular = read(npz(table=[[7, 9, -1]], symbols=np.arange(10)))
    assert rectangular["0", "1"] == "9"
    assert read(npz(table=[[7, 9, -1]])).symbols == ("7", "9")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy([[0.5, 1.0]] * 2), "t: the array must hold whole numbers, or NaN where unknown; th"),
        (npy([[0.0, np.inf]] * 2), "t: the array must hold whole numbers, or NaN where unknown; t"),
        (npy([[0, 3], [1, 0]]), "t: the entry 3 in row 0, column 1 is no row of a table of order"),
        (npy([[True]]), "t: the array must hold integers; got dtype bool."),
        (npy([[0, 1]]), "t: expected a square array or triples of shape (m, 3); got shape (1, 2)."),
        (npy([0]), "t: expected a square array or triples"),
        (npy(0), "t: expected a square array or triples"),
        (npy(np.empty((0, 0), int)), "t: "),
        (npy([[-1, -1]] * 2), "t: no product is known; at least one entry must not be negative."),
        (npy(np.array([[None]]), allow_pickle=True), "t: the array holds Python objects; only"),
        (npy(np.array([[2**63]], np.uint64)), "t: the array holds an integer over 2^63."),
        (npy([[0, 1], [1, 0]])[:-8], "t: the array is cut short: 24 of 32 bytes."),
        (npy([[0]])[:20], "t: the array cannot be read as a NumPy file: "),
        (b"\x93NUMPY\x09\x00", "t: the array has version (9, 0) of the NumPy format; use 1.0."),
        (b"PK\x03\x04 not a zip", "t: the archive cannot be read as a NumPy file: "),
        (npz(rows=["a"]), "t: the archive has no array named `table`."),
        (npz(table=[0]), "t: `table` must have two dimensions; got shape (1,)."),
        (npz(table=[[0]], rows=["a", "b"]), "t: `rows` must have 1 labels, as `table`; got 2."),
        (npz(table=[[0, 0]], columns=["a", "a"]), "t: `columns` must be distinct; 'a' occurs twic"),
        (npz(table=[[0]], rows=[0.5]), "t: `rows` must be a one-dimensional array of text or inte"),
        (npz(table=[[1]], symbols=["a"]), "t: `array` must hold indices into 1 symbols or -1"),
        (npz(table=[[-1]], symbols=["a"]), "t: no product is known"),
        (npz(table=[[0]], repeats=[[0, 0, 1]]), "t: `repeats` must hold (row, column, symbol) bel"),
        (npz(table=[[0]], repeats=[0, 0]), "t: "),
        (npz(table=[[0.5]]), "t: `table` must hold integers; got dtype float64."),
    ],
)  # fmt: skip
def test_one_clear_message(data, message):
    assert message_of(data).startswith(message)


def header_with_shape(shape):
    text = f"{{'descr': '<i8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (64 - (10 + len(text) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def test_declared_sizes_are_checked_before_anything_is_read():
    huge = header_with_shape((10**9, 10**9))
    assert message_of(huge).startswith(
        "t: the array has shape (1000000000, 1000000000), which needs 8000000000000000000 bytes"
    )
    assert message_of(header_with_shape((-2, -2))) == (
        "t: the array declares the impossible shape (-2, -2)."
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("table.npy", huge)
    assert "`table` has shape" in message_of(stream.getvalue())


def test_compressed_zeros_do_not_fill_the_memory():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.npy", header_with_shape((5, 5)) + bytes(50_000_000))
    assert len(stream.getvalue()) < 100_000
    table = read(stream.getvalue())
    assert table.order == 5


def test_a_damaged_member_is_a_format_error():
    data = bytearray(npz(table=[[0, 1], [1, 0]]))
    data[200] ^= 0xFF
    assert message_of(bytes(data)).startswith("t: ")


def test_the_order_is_limited():
    assert "over the limit of 2" in message_of(npy(np.zeros((3, 3), int)), max_order=2)
    assert message_of(npz(table=[[0]], symbols=["a", "b", "c"]), max_order=2) == (
        "t: `symbols` has shape (3,), which needs 12 bytes; at most 2 entries are read. "
        "Raise `max_order` to allow more."
    )


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("point", [0x110000, 0xFFFFFFFF, 0xD800, 0xDFFF])
def test_numbers_that_are_no_characters_are_refused(point, order):
    """NumPy reads them; Python's strings then raise a SystemError, or cannot be written."""
    text = np.array([["*", "a"], ["a", "a"]], f"{order}U1")
    raw = npy(text)
    odd = raw[:-4] + point.to_bytes(4, "little" if order == "<" else "big")
    assert "no characters" in message_of(odd)
    assert read(raw).rows == ("a",)
    labels = np.frombuffer(odd[-8:], f"{order}U1")
    assert "no characters" in message_of(npz(table=[[0, 1], [1, 0]], rows=labels))


@pytest.mark.parametrize("point", [0x10FFFF, 0xD7FF, 0xE000])
def test_all_characters_are_read(point):
    text = np.array([["*", chr(point)], [chr(point), chr(point)]])
    assert read(npy(text)).rows == (chr(point),)

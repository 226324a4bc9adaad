"""Files made to break a reader: refused with one line, in little time and memory."""

import io
import random
import tracemalloc
import zipfile

import numpy as np
import pytest

from cayley._errors import TableFormatError
from cayley.discovery import read_observations
from cayley.tables import read_table


def npy_header(text, version=(1, 0)):
    data = text.encode()
    size = len(data).to_bytes(2 if version == (1, 0) else 4, "little")
    return b"\x93NUMPY" + bytes(version) + size + data


def archive(members, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as out:
        for name, data in members.items():
            out.writestr(f"{name}.npy", data)
    return stream.getvalue()


def array(values):
    stream = io.BytesIO()
    np.save(stream, np.asarray(values))
    return stream.getvalue()


HEADERS = {
    "labels": "{'descr': '|i1', 'fortran_order': False, 'shape': (8000000,), }\n",
    "huge": "{'descr': '<i8', 'fortran_order': False, 'shape': (99999999999999999999, 9), }\n",
    "wide": "{'descr': '<U999999999', 'fortran_order': False, 'shape': (3,), }\n",
    "negative": "{'descr': '<i8', 'fortran_order': False, 'shape': (-3,), }\n",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }\n",
    "keys": "{1: 2, 'a': 3, b'c': 4}\n",
    "open": "{'descr': '<i8', 'fortran_order': False, 'shape': " + "(" * 150 + "\n",
    "dates": "{'descr': '<M8[s]', 'fortran_order': False, 'shape': (3,), }\n" + "x" * 24,
    "records": "{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': (1,), }\n" + "x" * 8,
    "nothing": "",
    "long": "-" * 9000,
}


def refused(read, data):
    with pytest.raises(TableFormatError) as caught:
        read(data)
    assert str(caught.value).isprintable()


def memory_of(read, data):
    """Return the most bytes that a refusal takes at once."""
    tracemalloc.start()
    try:
        refused(read, data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def read_as_table(data):
    read_table(io.BytesIO(data), name="t")


@pytest.fixture
def read_as_observations(tmp_path):
    def read(data):
        path = tmp_path / "seen.npz"
        path.write_bytes(data)
        read_observations(path)

    return read


@pytest.mark.parametrize("header", HEADERS)
def test_headers_that_lie(header, read_as_observations):
    bad = npy_header(HEADERS[header]) + bytes(100)
    refused(read_as_table, npy_header(HEADERS[header], (2, 0)) + bytes(100))
    refused(read_as_table, npy_header(HEADERS[header], (9, 9)))
    refused(read_as_table, bad)
    good = array([[0, 1], [1, 0]])
    for name in ("table", "rows", "symbols", "repeats"):
        refused(read_as_table, archive({"table": good, name: bad}))
    labels = array(["a", "b", "a"])
    for name in ("state", "action", "next"):
        seen = {"state": labels, "action": labels, "next": labels, name: bad}
        refused(read_as_observations, archive(seen))


def test_labels_are_counted_before_they_are_made(read_as_observations):
    zeros = npy_header(HEADERS["labels"]) + bytes(8_000_000)
    labels = archive({"table": array([[0, 0], [0, 0]]), "rows": zeros, "state": zeros,
                      "action": zeros, "next": zeros})  # fmt: skip
    assert memory_of(read_as_table, labels) < 10e6
    assert memory_of(read_as_observations, labels) < 10e6
    many = array(np.arange(100_000))
    refused(read_as_observations, archive({"state": many, "action": many, "next": many}))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2,
                                    zipfile.ZIP_LZMA])  # fmt: skip
def test_damaged_archives(method, read_as_observations):
    labels = array(["a", "b", "c", "a"])
    whole = archive(
        {"table": array(np.zeros((4, 4), int)), "rows": labels, "state": labels, "action": labels,
         "next": labels}, method,
    )  # fmt: skip
    chooser = random.Random(0)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chooser.choice([1, 3, 20])):
            data[chooser.randrange(len(data))] = chooser.randrange(256)
        data = bytes(data[: chooser.choice([len(data), len(data) // 2])])
        for read in (read_as_table, read_as_observations):
            try:
                read(data)
            except TableFormatError as error:
                assert str(error).isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "," * 500_000,
        "a," * 100_000 + "\n",
        "\n" * 300_000,
        '"' + "a" * 500_000,
        "[" * 500_000,
        "[[" + "1," * 100_000 + "1]]",
        '{"a":' * 100_000,
        "x\n" * 30_000,
        "\x00" * 100_000,
        "a b\n" * 20_000,
        "# " * 500_000,
        "0,1\n" * 50_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_long_texts_are_refused(text):
    refused(read_as_table, text.encode())


def test_messages_show_no_control_characters():
    for text in (
        ",e\x1b[2J,a\ne\x1b[2J,e\x1b[2J,x\x1b\na,a,e\x1b[2J\n",
        "left,right,result\ne\x1b,a,e\ne\x1b,a,a\n",
        ",a\x1b,a\x1b\na,a,a\n",
        '{"rows": ["\\u001b", "\\u001b"], "columns": ["a"], "table": [["a"]]}',
    ):
        with pytest.raises(TableFormatError) as caught:
            read_table(io.StringIO(text))
        assert str(caught.value).isprintable()


def test_messages_of_other_libraries_are_shown_escaped():
    for data in (b'a\t"b"\tc"\n', b'"a"b\tc\n'):
        with pytest.raises(TableFormatError) as caught:
            read_table(io.BytesIO(data), format="tsv", name="\x1b[2J\u202e.tsv")
        assert str(caught.value).isprintable()
        assert caught.value.source == "\x1b[2J\u202e.tsv"
        assert "\\x1b[2J\\u202e.tsv" in str(caught.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("read", [read_table, read_observations], ids=["table", "observations"])
def test_archives_packed_by_other_methods_are_refused(method, read, tmp_path):
    # LZMA makes room for the dictionary that a member declares, before it reads a byte.
    names = ("table", "state", "action", "next")
    content = archive({name: array([[0, 1], [1, 0]]) for name in names}, method)
    path = tmp_path / "f.npz"
    path.write_bytes(content)
    with pytest.raises(TableFormatError, match=r"'(table|state).npy' is packed by a method"):
        read(path)


@pytest.mark.parametrize("digits", ["9" * 5000, "²", "٣"])
def test_numbers_of_any_length_and_script_are_refused_or_labels(digits):
    for text, format in (
        (f"x = [| 1, {digits} | 2, 1 |];\n", "minizinc"),
        (f"n = {digits};\nx = array2d(1..n, 1..n, [1, 2, 2, 1]);\n", "minizinc"),
        (f"[[1,{digits}],[2,1]]", "gap"),
        (f"{{{{1,{digits}}},{{2,1}}}}", "mathematica"),
        (f"order {digits}\n1 2\n2 1\n", "minizinc"),
    ):
        try:
            table = read_table(io.BytesIO(text.encode()), format=format)
        except TableFormatError as error:
            assert len(str(error)) < 2000
        else:
            assert table.order <= 2

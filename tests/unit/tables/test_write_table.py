import dataclasses
import io
import os
import stat
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cayley._files import replace_file
from cayley.tables import Table, isotope, mask, read_table, write_table
from cayley.tables._read_table import TableFormat
from cayley.tables.families._families import symmetric_group
from cayley.tables.formats import FORMATS


def test_the_type_of_format_lists_all_formats():
    assert get_args(TableFormat) == tuple(FORMATS)


LABELS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["", "-", "?", "NA", ".", "?1", "?2", " a", "a ", "a", "0", "1", "2", "a,b", "a;b", "a\tb",
     "\r", "\n", '"', "'", "left", "right", "result", "\ufeff", "\0", "=1", "שלום", "🙂"]
)  # fmt: skip


@st.composite
def tables(draw):
    """Tables of every shape: one alphabet or several, square or not, with and without repeats."""
    pool = draw(st.lists(LABELS, min_size=3, max_size=9, unique=True))
    alphabet = st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True)
    rows = draw(alphabet)
    columns = rows if draw(st.booleans()) else draw(alphabet)
    symbols = rows if draw(st.booleans()) else draw(alphabet)
    cells = st.integers(-1, len(symbols) - 1)
    count = len(rows) * len(columns)
    array = np.reshape(draw(st.lists(cells, min_size=count, max_size=count)), (len(rows), -1))
    known = np.argwhere(array >= 0).tolist()
    repeats = []
    if known and draw(st.booleans()):
        choice = st.tuples(st.sampled_from(known), st.integers(0, len(symbols) - 1))
        repeats = [(*cell, c) for cell, c in draw(st.lists(choice, max_size=3))]
    return Table(
        rows=rows,
        columns=columns,
        symbols=symbols,
        array=array,
        repeats=np.array(repeats, np.int64).reshape(-1, 3),
    )


MARKERS = {"?", "-", "NA", "."}


@st.composite
def tables_that_fit(draw, format):
    """Tables that a format holds, with labels as odd as it holds them."""
    if format in ("json", "npz"):
        table = draw(tables().filter(lambda table: table.num_observed))
        return table if format == "json" else numbered(table)
    odd = LABELS.map(lambda label: label.strip(" \t") or "e").filter(
        lambda label: not label.isspace() and label not in MARKERS
    )
    labels = draw(st.lists(odd, min_size=1, max_size=4, unique=True))
    order = len(labels)
    cells = draw(st.lists(st.integers(-1, order - 1), min_size=order**2, max_size=order**2))
    cells[draw(st.integers(0, order**2 - 1))] = draw(st.integers(0, order - 1))
    array = np.reshape(cells, (order, order))
    if format == "triples":  # a label on both sides and among the results tells one alphabet
        array[0, 0] = 0
    return Table.from_array(array, labels=labels)


def numbered(table):
    """The table with a letter after every label that NumPy would cut."""
    return dataclasses.replace(
        table,
        **{
            name: [f"{each}x{i}" if each[-1:] == "\0" else each for i, each in enumerate(labels)]
            for name in ("rows", "columns", "symbols")
            for labels in [getattr(table, name)]
        },
    )


def written(table, format, **options):
    stream = io.BytesIO()
    write_table(table, stream, format=format, **options)
    return stream.getvalue()


FIVE = ["csv", "tsv", "triples", "json", "npz"]


@pytest.mark.parametrize("format", FIVE)
@settings(max_examples=30)
@given(data=st.data())
def test_what_fits_is_written_and_comes_back_equal(format, data):
    table = data.draw(tables_that_fit(format))
    content = io.BytesIO(written(table, format))
    assert read_table(content, allow_conflicts=bool(len(table.repeats))) == table


@pytest.mark.parametrize("format", FIVE)
@given(table=tables())
@example(table=Table.from_array([[0, 1], [1, -1]]))
@example(table=isotope(Table.from_array([[0, 1], [1, 0]]), seed=0))
def test_what_is_written_comes_back_equal_or_is_refused(format, table):
    try:
        content = io.BytesIO(written(table, format))
    except ValueError as error:
        refusals = "an empty|the label|a label|a square|triples|NumPy|the table|'|\"|`"
        assert str(error).startswith(tuple(refusals.split("|")))
    else:
        assert read_table(content, allow_conflicts=bool(len(table.repeats))) == table


@given(st.data())
def test_arrays_come_back_equal(data):
    order = data.draw(st.integers(1, 4))
    entries = st.lists(st.integers(-2, 5), min_size=order**2, max_size=order**2)
    array = np.reshape(data.draw(entries), (order, order))
    assume(0 <= array.max() <= order)
    assume(array.max() < order or (array > 0).any())
    stream = io.BytesIO()
    np.save(stream, array)
    stream.seek(0)
    table = read_table(stream)
    assert read_table(io.BytesIO(written(table, "npy"))) == table


@given(table=tables())
def test_json_holds_every_table(table):
    assume(table.num_observed)
    assert read_table(io.BytesIO(written(table, "json"))) == table


@given(table=tables_that_fit("csv"), marker=st.sampled_from(sorted(MARKERS)))
def test_declared_markers_free_the_others(table, marker):
    # Results of their own, of which one is a marker elsewhere.
    symbols = [marker, *(f"result {i}" for i in range(1, table.order))]
    array = table.array.copy()
    array[0] = range(table.order)  # all occur, in their order
    table = dataclasses.replace(table, symbols=symbols, array=array)
    data = written(table, "csv", unknown=["<none>"])
    assert read_table(io.BytesIO(data), unknown=["<none>"]) == table


@pytest.mark.parametrize("format", ["csv", "tsv", "triples"])
@given(data=st.data())
def test_reordering_keeps_the_operation(format, data):
    table = data.draw(tables_that_fit(format))
    # The same products, of symbols that are listed in another order.
    order = data.draw(st.permutations(range(table.order)))
    symbols = [table.symbols[i] for i in order]
    array = np.where(table.array < 0, -1, np.argsort(order)[table.array])
    table = dataclasses.replace(table, symbols=symbols, array=array)
    data = written(table, format, reorder=True)
    back = read_table(io.BytesIO(data), allow_conflicts=True)
    assert set(back.triples()) == set(table.triples())
    for name in ("rows", "columns", "symbols"):
        assert set(getattr(back, name)) == set(getattr(table, name))


@pytest.mark.parametrize("format", [name for name in FORMATS if FORMATS[name].write])
def test_a_plain_partial_table_fits_every_format(tmp_path, format):
    # LOOPS holds quasigroups only, which are full.
    table = Table.from_array([[0, 1, 2], [1, 2, 0 if format == "loops" else -1], [2, 0, 1]])
    suffix = "csv" if format == "triples" else format
    path = tmp_path / f"table.{suffix}"
    write_table(table, path, format=format)
    assert read_table(path) == table
    assert os.listdir(tmp_path) == [path.name]


def test_suffix_tells_the_format(tmp_path):
    table = symmetric_group(3)
    for suffix in ("csv", "tsv", "tab", "json", "npz", "CSV"):
        write_table(table, tmp_path / f"t.{suffix}")
        assert read_table(tmp_path / f"t.{suffix}") == table
    assert (tmp_path / "t.tab").read_bytes() == (tmp_path / "t.tsv").read_bytes()
    write_table(table, tmp_path / "list.tsv", format="triples")
    assert (tmp_path / "list.tsv").read_text().startswith("left\tright\tresult\n")


def test_npz_is_the_same_bytes_every_time():
    assert written(symmetric_group(3), "npz") == written(symmetric_group(3), "npz")


SQUARE = Table.from_array([[0, 1], [1, 0]], labels="ea")


def with_labels(rows, columns, symbols):
    return Table(rows=rows, columns=columns, symbols=symbols, array=[[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("table", "format", "message"),
    [
        (with_labels("ea", "ea", "e-"), "csv", "the label '-' would be read as unknown. Use `json"),
        (with_labels(["", "a"], "ea", "ea"), "tsv", "an empty label would be read as unknown. Use"),
        (with_labels(["a", "a "], "ea", "ea"), "csv", "the label 'a ' would lose the sp"),
        (with_labels("ea", "ea", "ae"), "csv", "cannot say in what order its symbols are; .*`reor"),
        (with_labels("ea", "ea", "pqr"), "csv", "cannot say what its symbols are; .*Use `json`"),
        (with_labels("ea", "ea", "ae"), "triples", "triples cannot say what the labels .*Use `jso"),
        (with_labels("ea", "ea", "ea"), "npy", "whose rows, columns and symbols are 0"),
        (with_labels(["e\0", "a"], "ea", "ea"), "npz", "drops null characters .*Use `json`"),
        (with_labels("ea", "ea", ["\ud800", "a"]), "json", "is not valid Unicode"),
        (dataclasses.replace(SQUARE, repeats=[[0, 0, 1]]), "csv", "cannot hold repeats. Use `trip"),
        (Table(rows="a", columns="bc", symbols="d", array=[[0, 0]]), "csv", "as many rows as colu"),
        (Table.from_array([[-1]]), "csv", "knows no product"),
        (Table.from_array([[-1]]), "json", "knows no product"),
        (Table.from_array([[-1]]), "npz", "knows no product"),
    ],
)  # fmt: skip
def test_refuses_what_a_format_cannot_hold(table, format, message):
    with pytest.raises(ValueError, match=message):
        written(table, format)


def test_format_must_be_told(tmp_path):
    with pytest.raises(ValueError, match=r"'\.txt' is not a suffix that tells the format; give"):
        write_table(SQUARE, tmp_path / "t.txt")
    with pytest.raises(ValueError, match="a stream does not tell the format"):
        write_table(SQUARE, io.StringIO())
    with pytest.raises(ValueError, match="must be one of"):
        write_table(SQUARE, io.StringIO(), format="xls")
    with pytest.raises(ValueError, match="`npz` needs a stream opened in binary mode"):
        write_table(SQUARE, io.StringIO(), format="npz")


def test_a_refusal_leaves_the_old_file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old")
    with pytest.raises(ValueError, match="no product"):
        write_table(Table.from_array([[-1]]), path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["t.csv"]


def test_standard_output(capfdbinary):
    write_table(SQUARE, "-", format="csv")
    assert capfdbinary.readouterr().out == b",e,a\ne,e,a\na,a,e\n"


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    path = tmp_path / "t.json"
    path.write_text("old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        replace_file(path, b"new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["t.json"]


def test_links_are_followed_and_modes_kept(tmp_path):
    path, link = tmp_path / "t", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "none" / "t", b"")
    with open(os.devnull, "rb"):
        replace_file(tmp_path.__class__(os.devnull), b"gone")


def test_partial_triples_keep_labels_without_products():
    table = mask(symmetric_group(3), observe=0.2, seed=0)
    text = written(table, "triples")
    assert read_table(io.BytesIO(text)) == table

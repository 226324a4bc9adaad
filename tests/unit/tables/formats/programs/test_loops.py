import io

import numpy as np
import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table, write_table
from cayley.tables.families._families import symmetric_group


def read(text, **options):
    return read_table(io.StringIO(text), **options)


def written(table):
    stream = io.StringIO()
    write_table(table, stream, format="loops")
    return stream.getvalue()


C3 = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]], labels="123")


@pytest.mark.parametrize(
    "text",
    [
        "LoopByCayleyTable( [ [ 1, 2, 3 ], [ 2, 3, 1 ], [ 3, 1, 2 ] ] );",
        'LoadPackage("loops");\nQ := QuasigroupByCayleyTable([[1,2,3],[2,3,1],[3,1,2]]);',
        "gap> ct := [[1,2,3],[2,3,1],[3,1,2]];;\ngap> L := LoopByCayleyTable( ct );\n"
        "<loop of order 3>\n",
    ],
)
def test_the_argument_of_the_function(text):
    table = read(text)
    assert table == C3
    # A session is GAP's too, which reads it in the same way.
    assert table.reading.format in ("loops", "gap")


def test_labels_in_a_comment():
    table = read('# labels: ["e", "a"]\nL := LoopByCayleyTable( [ [ 1, 2 ], [ 2, 1 ] ] );;\n')
    assert table == Table.from_array([[0, 1], [1, 0]], labels="ea")


@pytest.mark.parametrize(
    "text",
    [
        "a b c\nb c a\nc a b\n",
        "a b c b\nc a c a b",
        "{{a,b,c},{b,c,a},{c,a,b}}",
        "[a b c;b c a;c a b]",
    ],
)
def test_a_file_of_entries_is_cut_without_looking_at_its_lines(text):
    table = read(text, format="loops")
    assert table.rows == ("a", "b", "c")
    assert table.array.tolist() == [[0, 1, 2], [1, 2, 0], [2, 0, 1]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 2", "has n x n entries; got 3"),
        ("1 2 2 3", "2 x 2 entries .* has 2 different ones; got 3"),
        ("", "empty"),
    ],
)
def test_a_file_of_entries_must_be_a_latin_square(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="loops")


def test_a_loop_is_written_as_one():
    group = symmetric_group(3)
    assert written(group).count("LoopByCayleyTable") == 1
    # With the identity elsewhere it is a quasigroup for LOOPS.
    order = [1, 0, 2, 3, 4, 5]
    moved = Table.from_array(np.argsort(order)[group.array[np.ix_(order, order)]])
    assert "QuasigroupByCayleyTable" in written(moved)


def test_only_quasigroups_are_written():
    for array in ([[0, 1], [1, -1]], [[0, 0], [1, 1]]):
        with pytest.raises(ValueError, match=r"LOOPS holds quasigroups.*Use `gap`"):
            written(Table.from_array(array))

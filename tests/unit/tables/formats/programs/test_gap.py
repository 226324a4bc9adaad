import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table
from cayley.tables.formats.programs._gap import sniff_gap

S3 = [
    [0, 1, 2, 3, 4, 5],
    [1, 0, 3, 2, 5, 4],
    [2, 4, 0, 5, 1, 3],
    [3, 5, 1, 4, 0, 2],
    [4, 2, 5, 0, 3, 1],
    [5, 3, 4, 1, 2, 0],
]
C3 = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]], labels="123")
PARTIAL = Table.from_array([[0, 1, 2], [1, -1, 0], [2, 0, -1]], labels="123")


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize(
    "text",
    [
        "t := [ [1,2,3], [2,3,1], [3,1,2] ];",
        "t:=[[1,2,3],\n    [2,3,1],\n    [3,1,2]];;\nG := GroupByMultiplicationTable(t);",
        "GroupByMultiplicationTable( [ [ 1 .. 3 ], [ 2, 3, 1 ], [ 3, 1, 2 ] ] )",
        "[ [ 1 .. 3 ], [ 2, 3, 1 ], [ 3, 1, 2 ] ]",
        "[ [ 1, 2, 3 ], # the identity\n  [ 2, 3, 1 ],\n  [ 3, 1, 2 ] ]",
        "# a comment [[1]] with brackets\nreturn [ [ 1, 2, 3 ], [ 2, 3, 1 ], [ 3, 1, 2 ] ];\n",
        "gap> t := MultiplicationTable( CyclicGroup( 3 ) );;\ngap> Display( t );\n"
        "[ [  1,  2,  3 ],\n  [  2,  3,  1 ],\n  [  3,  1,  2 ] ]\ngap> quit;\n",
        "gap> t := [ [ 1, 2, 3 ],\n>         [ 2, 3, 1 ],\n>         [ 3, 1, 2 ] ];;\n",
        "[ [ 1, 2, 3 ], \n  [ 2, 3, \n      1 ], [ 3, 1, 2 ] ]\n",
        "[ [ 1, 2, 3 ], [ 2, \\\n3, 1 ], [ 3, 1, 2 ] ];",
    ],
)
def test_a_table_in_each_layout(text):
    assert read(text) == C3


@pytest.mark.parametrize(
    "text",
    [
        "t := [ [1,2,3], [2,,1], [3,1,] ];",
        "t := [ [1,2,3], [2,fail,1], [3,1,fail] ];",
        "[ [1,2,3], [2,fail,1], [3,1,fail] ]",
        "t := [ [1,2,3], [2,0,1], [3,1,0] ];",
    ],
)
def test_holes_are_unknown(text):
    assert read(text) == PARTIAL


def test_numbers_in_a_statement_count_from_1():
    table = read("t := [ [ 1, 2 ], [ 2, fail ] ];")
    assert table.rows == ("1", "2")
    # Without a 2 it could be counted from 0; GAP never does.
    assert read("t := [ [ 1, fail ], [ fail, 1 ] ];")["1", "1"] == "1"


def test_elements_may_be_words_strings_and_permutations():
    labels = ("()", "(1,2)")
    table = read("[ [ (), (1,2) ], [ (1,2), () ] ]")
    assert (table.rows, table.array.tolist()) == (labels, [[0, 1], [1, 0]])
    assert read('t := [ [ "e", "a,b" ], [ "a,b", "e" ] ];').rows == ("e", "a,b")
    assert read("[[e,a],[a,e]]").rows == ("e", "a")
    assert read(r't := [ [ "e", "\"\101" ], [ "\"\101", "e" ] ];').rows == ("e", '"A')


def test_a_record_of_labels_and_products():
    table = read(
        'table := rec(\n  rows := [ "a", "b" ],\n  columns := [ "x", "y" ],\n'
        '  symbols := [ "p", "?" ],\n  products := [\n  [ 1, 2 ],\n  [ 2, fail ]\n]\n);;\n'
    )
    assert table == Table(rows="ab", columns="xy", symbols="p?", array=[[0, 1], [1, -1]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a := [[1]];\nb := [[1]];", r"line 2: .* has 2 tables: a in line 1, b in line 2"),
        ("t := [ [1,2], [2] ];", r"line 1, column 15: this row has 1 entries, the first one 2"),
        ("t := [ [1,2], [2,1] ", "line 1, column 20: expected another row in brackets"),
        ("t := [ [1,2], [2,1 ", "line 1, column 15: this bracket is never closed"),
        ("t := [ [[1,2],[2,1]] ]", "nested more than two deep"),
        ("t := [ [1 .. 1000000000] ];", "1000000000 columns .* over the limit"),
        ("t := [ [1, 4 .. 9], [1,2,3], [1,2,3] ];", "do not end at its last number"),
        ("t := [ [1, 1 .. 9] ];", "do not end at its last number"),
        ("t := [ [1,2], [2,,..] ];", "a range is written"),
        ("t := [ 1, 2 ];", "no list of rows"),
        ("t := [ [ ] ];", "the first row of the table is empty"),
        ('labels := ["e"];\nt := [ [1,2], [2,1] ];', "2 x 2, but 1 row labels"),
        ('labels := ["e","a"];\nt := [ [1,2], [2,3] ];', "line 2, column 18: '3' stands for none"),
        ('labels := ["e","e"];\nt := [ [1,2], [2,1] ];', "'e' occurs twice"),
        ('rows := ["e","a"];\nt := [ [1,2], [2,1] ];', "some labels and not others"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="gap")


def test_what_is_not_read_is_said():
    table = read("g := [1,3,5];\nt := [ [1,2], [2,1] ];")
    assert "not read: g in line 1" in table.reading.remarks


def test_deep_brackets_are_counted_not_followed():
    with pytest.raises(TableFormatError, match="nested"):
        read("[" * 100_000, format="gap")


def test_sniffing_leaves_plain_json_to_json():
    assert sniff_gap("[[1,2],[2,1]]")[0] < 0.5
    assert sniff_gap('[["e","a, b # c .."],["a","e"]]')[0] < 0.5
    # The sign of a range may come late in a long file.
    assert sniff_gap("[[1,2],[2,1]," + "[1,2]," * 5000 + "[1..2]]")[0] > 0.95

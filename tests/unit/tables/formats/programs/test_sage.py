import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table

C2 = [[0, 1], [1, 0]]


def read(text, **options):
    return read_table(io.StringIO(text), **options)


OPERATION_TABLE = """*  a b c
 +------
a| a b c
b| b c a
c| c a b
"""
DIGITS = """ +  00 01 02
  +---------
00| 00 01 02
01| 01 02 00
02| 02 00 01
"""
PERMUTATIONS = """      *       ()   (1,2)
       +----------------
     ()|      ()   (1,2)
  (1,2)|   (1,2)      ()
"""
WITH_BLANKS = """    *  (a b) (a c)
     +------------
(a b)| (a b) (a c)
(a c)|       (a b)
"""


@pytest.mark.parametrize(
    ("text", "labels", "array"),
    [
        (OPERATION_TABLE, ("a", "b", "c"), [[0, 1, 2], [1, 2, 0], [2, 0, 1]]),
        (OPERATION_TABLE.replace("\n", "\r\n"), ("a", "b", "c"), [[0, 1, 2], [1, 2, 0], [2, 0, 1]]),
        (DIGITS, ("00", "01", "02"), [[0, 1, 2], [1, 2, 0], [2, 0, 1]]),
        (PERMUTATIONS, ("()", "(1,2)"), C2),
        (WITH_BLANKS, ("(a b)", "(a c)"), [[0, 1], [-1, 0]]),
        (
            OPERATION_TABLE.replace("c a\n", "c ?\n"),
            ("a", "b", "c"),
            [[0, 1, 2], [1, 2, -1], [2, 0, 1]],
        ),
    ],
)
def test_operation_tables(text, labels, array):
    table = read(text)
    assert table == Table.from_array(array, labels=labels)
    assert table.reading.format == "sage"


@pytest.mark.parametrize(
    ("text", "labels", "array"),
    [
        ("[0 1 2]\n[1 2 0]\n[2 0 1]\n", "012", [[0, 1, 2], [1, 2, 0], [2, 0, 1]]),
        (
            "[ 0  1 -1  3]\n[ 1 -1  3  2]\n[-1  3  0  1]\n[ 3  2  1 -1]",
            "0123",
            [[0, 1, -1, 3], [1, -1, 3, 2], [-1, 3, 0, 1], [3, 2, 1, -1]],
        ),
        ("[[0 1]\n [1 0]]", "01", C2),
        ("[['e' 'a']\n ['a' 'e']]", "ea", C2),
        ("array([[0, 1],\n       [1, 0]])", "01", C2),
        ("[['e', 'a'], ['a', None]]", "ea", [[0, 1], [1, -1]]),
        ("t = [['e', \"a\"], [\"a\", 'e']]  # C2", "ea", C2),
        ("L = matrix(ZZ, 2, 2, [0, 1, 1, 0])", "01", C2),
        ("matrix(2, [0, 1, 1, 0])", "01", C2),
        ("M = Matrix([[1, 2], [2, 1]])", "12", C2),
        (
            "L = LatinSquare(matrix([[0, 1, -1], [1, 2, 0], [-1, 0, 1]]))",
            "012",
            [[0, 1, -1], [1, 2, 0], [-1, 0, 1]],
        ),
    ],
)
def test_matrices_and_lists(text, labels, array):
    table = read(text)
    assert table == Table.from_array(array, labels=labels)
    assert table.reading.format == "sage"


def test_signs_are_labels_and_no_holes():
    assert read("[ 1 -1]\n[-1  1]").rows == ("1", "-1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OPERATION_TABLE * 2, "has 2 tables, with rules in the lines 2, 7"),
        (OPERATION_TABLE.replace("b| b c a", "b| b c"), r"cell|unknown|entries|labels"),
        (" +------\na| a b c\n", "no line of column labels"),
        ("*  a b c\n +------\n", "no rows below its rule"),
        ("*  a b c\n +------\na| aa b c\nb| b\n", "line 4: this line has 1 entries, the header 3"),
        ("matrix(2, 2, [0, 1, 1])", "has 3 entries; 2 times 2 are 4"),
        ("matrix(2, 200000, [0, 1, 1])", "over the limit"),
        ("[0 1 2]\n[1 2]\n", "line 2, column 1: this row has 2 entries, the first one 3"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    if "unknown" in message:
        # A cell that is missing at the end of a line is blank, and blank is unknown.
        assert read(text, format="sage")["b", "c"] is None
        return
    with pytest.raises(TableFormatError, match=message):
        read(text, format="sage")

import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table

C3 = [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
HOLES = [[0, -1, 2], [-1, 2, -1], [2, -1, 1]]


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize(
    ("text", "labels", "array"),
    [
        ("n = 3;\nx = [| 1, 2, 3\n     | 2, 3, 1\n     | 3, 1, 2 |];", "123", C3),
        ("x = [|\n 1, 2, 3, |\n 2, 3, 1, |\n 3, 1, 2 |];", "123", C3),
        ("x = [| 0, 1, 2 | 1, 2, 0 | 2, 0, 1 |];", "012", C3),
        (
            "x = array2d(1..3, 1..3, [1, 2, 3, 2, 3, 1, 3, 1, 2]);\n----------\n==========\n",
            "123",
            C3,
        ),
        ("n = 3;\nx = array2d(1..n, 1..n, [1, 2, 3, 2, 3, 1, 3, 1, 2,]);", "123", C3),
        ("array2d(0..2, 0..2, [0, 1, 2, 1, 2, 0, 2, 0, 1])", "012", C3),
        ("array2d({a,b,c}, {a,b,c}, [a,b,c,b,c,a,c,a,b]) % C3", "abc", C3),
        ("x = [| 1, _, 3 | _, 3, <> | 3, _, 2 |];", "123", HOLES),
        ("x = [| 1, 0, 3 | 0, 3, 0 | 3, 0, 2 |];", "123", HOLES),
        ("x = [| 0, -1, 2 | -1, 2, -1 | 2, -1, 1 |];", "012", HOLES),
        ("order 3\n 0 -1  2\n-1  2 -1\n 2 -1  1\n", "012", HOLES),
        ("order 3\n -1 1 2 1 2 -1 2 -1 1\n", "012", [[-1, 1, 2], [1, 2, -1], [2, -1, 1]]),
        ("3\n1 0 3\n0 3 0\n3 0 2\n", "123", HOLES),
        ("3\n1 -1 3\n-1 3 -1\n3 -1 2\n", "123", HOLES),
        ("3\n0 . 2\n. 2 .\n2 . 1\n", "012", HOLES),
    ],
)
def test_arrays_and_holes(text, labels, array):
    table = read(text)
    assert table == Table.from_array(array, labels=labels)
    assert table.reading.format == "minizinc"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = [| 1 |];\ny = [| 1 |];", "has 2 tables: x in line 1, y in line 2"),
        ("x = [| 1, 2\n | 2 |];", "line 2, column 4: this row has 1 entries, the first one 2"),
        ("x = [| 1, 2 | 2, 1", "no array was found that is complete"),
        ("x = [| 1, 2 | 2, 1 ];", r"expected \|\] at the end"),
        (
            "x = array2d(1..2, 1..2, [1, 2, 2]);",
            "line 1, column 26: the array has 3 entries; 1..2 times 1..2",
        ),
        ("x = array2d(1..900000, 1..2, [1]);", "over the limit"),
        ("order 900000\n1", "over the limit"),
        ("3\n1 2 3\n2 3 1\n3 1\n", "order 3 has 9 entries; got 8"),
        ("2\n1 2\n2 1 1\n", "order 2 has 4 entries; got more"),
        ("2\n1 2\n2 x\n", "line 3, column 3: 'x' is neither a number nor a hole"),
        ("a b\n", "expected an array"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="minizinc")

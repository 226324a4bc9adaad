import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table

STANDARD = """============================== MODEL =================================

interpretation( 3, [number=1, seconds=0], [

        function(e, [ 0 ]),

        function('(_), [ 0, 2, 1 ]),

        relation(le(_,_), [ 1, 1, 1, 0, 1, 1, 0, 0, 1 ]),

        function(*(_,_), [
\t\t\t   0, 1, 2,
\t\t\t   1, 2, 0,
\t\t\t   2, 0, 1 ])
]).

============================== end of model ==========================
"""
PORTABLE = """[
  [3,
    [ "number=1", "seconds=0" ],
    [
      ["function", "e", 0,
         0
      ],
      ["function", "*", 2,
        [
          [ 0, 1, 2],
          [ 1, 2, 0],
          [ 2, 0, 1]
        ]
      ]
    ]
  ]
]
"""
TABULAR = """% number = 1
% seconds = 0

% Interpretation of size 3

 e : 0

 ' : 
         0 1 2
    ----------
         0 2 1

 * : 
       | 0 1 2
    ---+------
     0 | 0 1 2
     1 | 1 2 0
     2 | 2 0 1
"""  # noqa: W291 interpformat ends the line with a blank
COOKED = """% number = 1
% seconds = 0

% Interpretation of size 3

e = 0.

'(0) = 0.
'(1) = 2.
'(2) = 1.

*(0,0) = 0.
*(0,1) = 1.
*(0,2) = 2.
*(1,0) = 1.
*(1,1) = 2.
*(1,2) = 0.
*(2,0) = 2.
*(2,1) = 0.
*(2,2) = 1.
"""
C3 = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, 1]])
PARTIAL = Table.from_array([[0, 1, 2], [1, 2, 0], [2, 0, -1]])


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize(
    ("text", "last", "hole"),
    [
        (STANDARD, "1 ])\n]).", "- ])\n])."),
        (PORTABLE, "2, 0, 1]", "2, 0,-1]"),
        (TABULAR, "2 0 1\n", "2 0 -\n"),
        (COOKED, "*(2,2) = 1.", "*(2,2) = -."),
    ],
)
def test_each_form_of_a_model(text, last, hole):
    table = read(text)
    assert table == C3
    assert table.reading.format == "mace4"
    assert text.count(last) == 1
    assert read(text.replace(last, hole)) == PARTIAL


def test_numbers_count_from_0_even_if_0_does_not_occur():
    text = "interpretation( 2, [], [ function(f(_,_), [ 1, 1, 1, 1 ]) ])."
    assert read(text) == Table.from_array([[1, 1], [1, 1]])


def tabular(order):
    numbers = "".join(f"{i:2d}" for i in range(order))
    rows = [
        f"\n    {i:2d} |" + "".join(f"{(i + j) % order:2d}" for j in range(order))
        for i in range(order)
    ]
    return f"\n * : \n       |{numbers}\n    ---+{'--' * order}{''.join(rows)}\n"


def test_two_digits_stand_without_a_blank():
    assert "910" in tabular(12)
    assert read(tabular(12)).array.tolist() == [
        [(i + j) % 12 for j in range(12)] for i in range(12)
    ]
    with pytest.raises(TableFormatError, match=r"two characters each.*standard format"):
        read(tabular(102))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STANDARD * 2, r"has 2 models or functions: \* in line 11, \* in line 28"),
        (
            STANDARD.replace("'(_), [ 0, 2, 1 ]", "+(_,_), [ 0, 1, 2, 1, 2, 0, 2, 0, 1 ]"),
            r"2 binary functions: \+ in line 7, \* in line 11. Keep one",
        ),
        (STANDARD.replace("(_,_), [\n", "(_), [\n"), "no binary function"),
        (
            STANDARD.replace("2, 0, 1 ]", "2, 0 ]"),
            r"line 11, column 9: '\*' has 8 values; .* 3 elements has 9",
        ),
        ("interpretation( 1000000, [], [ function(f(_,_), [0]) ]).", "over the limit"),
        (PORTABLE.replace("[ 1, 2, 0]", "[ 1, 2]"), "line 11, column 11: this row has 2 entries"),
        (PORTABLE.replace("[\n          [ 0, 1, 2],", "7, ["), "expected a list of rows"),
        (TABULAR.replace("     1 | 1 2 0\n", ""), r"line 17: expected row 1 of \*"),
        (COOKED.replace("*(2,2) = 1.\n", ""), "has 8 values"),
        (COOKED.replace("*(2,2)", "*(2,1)"), r"\*\(2,1\) is given twice"),
        (COOKED.replace("*(2,2)", "*(2,999999)"), "over the limit"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="mace4")


def test_a_line_of_labels_names_the_numbers():
    text = '% labels: ["e", "a, \\"b\\"", "-"]\n' + STANDARD
    table = read(text)
    assert table.rows == ("e", 'a, "b"', "-")
    assert table.array.tolist() == C3.array.tolist()
    with pytest.raises(TableFormatError, match="3 x 3, but 2 row labels"):
        read('% labels: ["e", "a"]\n' + STANDARD)


def test_a_cell_is_found_by_its_line_and_column():
    text = '% labels: ["e", "a", "b"]\n' + STANDARD.replace("1, 2, 0", "1, 7, 0")
    with pytest.raises(TableFormatError, match="line 14, column 10: '7' stands for none of the 3"):
        read(text)

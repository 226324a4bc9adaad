import io

import pytest

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table

LABELS = ("e", "a")
C2 = [[0, 1], [1, 0]]
HOLE = [[0, 1], [1, -1]]


def read(text, **options):
    return read_table(io.StringIO(text), **options)


SAMPLES = {
    "words": ("*  e  a\ne  e  a\na  a  ?\n", LABELS, HOLE),
    "one_bar": ("* | e  a\n--+------\ne | e  a\na | a  ?\n", LABELS, HOLE),
    "one_bar_no_rule": ("* | e  a\ne | e  a\na | a  ?\n", LABELS, HOLE),
    "rule_only": ("*  e  a\n-------\ne  e  a\na  a  ?\n", LABELS, HOLE),
    "no_corner": ("   e  a\ne  e  a\na  a  ?\n", LABELS, HOLE),
    "blank_cell": (
        "     e   a   b\ne    e   a   b\na    a       e\nb    b   e    \n",
        ("e", "a", "b"),
        [[0, 1, 2], [1, -1, 0], [2, 0, -1]],
    ),
    "psql": (" op | e | a \n----+---+---\n e  | e | a\n a  | a | \n(2 rows)\n", LABELS, HOLE),
    "mysql": (
        "+---+---+---+\n| * | e | a |\n+---+---+---+\n| e | e | a |\n| a | a |   |\n"
        "+---+---+---+\n",
        LABELS,
        HOLE,
    ),
    "org": ("| * | e | a |\n|---+---+---|\n| e | e | a |\n| a | a |   |\n", LABELS, HOLE),
    "box": (
        "┌───┬───┬───┐\n│ * │ e │ a │\n├───┼───┼───┤\n"
        "│ e │ e │ a │\n│ a │ a │ ? │\n└───┴───┴───┘\n",
        LABELS,
        HOLE,
    ),
    "rich": (
        "┏━━━┳━━━┳━━━┓\n┃   ┃ e ┃ a ┃\n┡━━━╇━━━╇━━━┩\n"
        "│ e │ e │ a │\n│ a │ a │ ? │\n└───┴───┴───┘\n",
        LABELS,
        HOLE,
    ),
    "box_one_bar": ("∘ │ e a\n──┼────\ne │ e a\na │ a ?\n", LABELS, HOLE),
    "gap": (
        "*        | 0*Z(2) Z(2)^0\n---------+--------------\n0*Z(2)   | 0*Z(2) 0*Z(2)\n"
        "Z(2)^0   | 0*Z(2) Z(2)^0\n",
        ("0*Z(2)", "Z(2)^0"),
        [[0, 0], [0, 1]],
    ),
    "sonata": (
        "Let:\ng0 := ()\ng1 := (1,2)\n\n  *  | g0  g1  \n-------------\n  g0 | g0  g1  \n"
        "  g1 | g1  g0  \n\n",
        ("g0", "g1"),
        C2,
    ),
    "rst": (
        "=== === ===\n *   e   a\n=== === ===\n e   e   a\n a   a\n=== === ===\n",
        LABELS,
        HOLE,
    ),
    "r": (
        "     [,1] [,2] [,3]\n[1,]    1    2    3\n[2,]    2    3    1\n[3,]    3    1   NA\n",
        ("1", "2", "3"),
        [[0, 1, 2], [1, 2, 0], [2, 0, -1]],
    ),
    "signs": ("* | + -\n--+----\n+ | + -\n- | - +\n", ("+", "-"), C2),
    "wide_gaps": ("*      r 0    r 1\nr 0    r 0    r 1\nr 1    r 1    r 0\n", ("r 0", "r 1"), C2),
    "numbers": ("0 1 2\n1 2 0\n2 0 1\n", ("0", "1", "2"), [[0, 1, 2], [1, 2, 0], [2, 0, 1]]),
    "numbers_right": (
        "  1   2   3\n  2   3   1\n  3   1   2\n",
        ("1", "2", "3"),
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]],
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_columns_in_each_layout(name):
    text, labels, array = SAMPLES[name]
    for each in (text, text.replace("\n", "\r\n"), text.rstrip("\n")):
        table = read(each)
        assert table == Table.from_array(array, labels=labels)
        assert table.reading.format == "aligned"


def test_lines_around_the_table_are_named():
    assert "`(2 rows)` left out" in read(SAMPLES["psql"][0]).reading.remarks


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "*   e   a\ne   e   a\na     a\n",
            "line 3, column 7: .*in which column 'a' stands.*Write \\?",
        ),
        ("* | e | a\ne | e | a\nhello\na | a | e\n", "line 3: this line has no upright line"),
        ("=== ===\n a   b\n=== ===\n a xxb\n", "line 4, column 4: .* where the rule has a gap"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="aligned")


def test_equations_are_not_columns():
    with pytest.raises(TableFormatError, match="no product of two labels"):
        read("ab = c\nba = d\ncc = e\n")

"""Tables as people and programs write them: each is read for what it is, or refused with a remedy.

One table is written in many ways; what is read must be that table, whatever its order and labels.
"""

import contextlib
import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley._errors import TableFormatError
from cayley.tables import Table, generate_family, mask, read_table
from cayley.tables.labels._spellings import unify


def read(text, **options):
    return read_table(io.StringIO(text), **options)


def message_of(text, **options):
    with pytest.raises(TableFormatError) as caught:
        read(text, **{"name": "t", **options})
    assert "\n" not in str(caught.value)
    return str(caught.value)


def cyclic(order, labels=None):
    array = (np.arange(order)[:, None] + np.arange(order)) % order
    return Table.from_array(array, labels=labels)


def cells_of(table, hole=""):
    names = (*table.symbols, hole)
    return [[names[c] for c in row] for row in table.array.tolist()]


def lines_of(table, corner="", hole=""):
    head = [corner, *table.columns]
    return [
        head,
        *([label, *row] for label, row in zip(table.rows, cells_of(table, hole), strict=True)),
    ]


def text_of(lines, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(lines)
    return text.getvalue()


def same(found, table):
    """Whether two tables are one operation: the order of symbols is not written in most files."""
    return (
        (found.rows, found.columns) == (table.rows, table.columns)
        and set(found.symbols) == set(table.symbols)
        and sorted(found.triples()) == sorted(table.triples())
    )


PARTIAL = [
    mask(generate_family(name), observe=0.7, seed=seed)
    for seed, name in enumerate(["C2", "C3", "C2xC2", "C5", "S3", "Q8", "A4"])
]
LETTERED = [
    Table(rows=names, columns=names, symbols=names, array=table.array)
    for table in PARTIAL
    for names in ["eabcdfghijklmnop"[: len(table.rows)]]
]
tables = pytest.mark.parametrize("table", [*PARTIAL, *LETTERED], ids=lambda t: ",".join(t.rows[:3]))


@tables
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("corner", ["", "*", "o", "·", "∘", "×", "G", "index"])
def test_any_corner_and_delimiter(table, corner, delimiter):
    assert same(read(text_of(lines_of(table, corner), delimiter)), table)


@tables
@pytest.mark.parametrize(
    "hole", ["", "?", ".", "-", "_", "NA", "N/A", "#N/A", "NaN", "nan", "None", "null", "*", "—"]
)
def test_every_marker(table, hole):
    found = read(text_of(lines_of(table, hole=hole)))
    assert same(found, table)
    holes = table.array.size - table.num_observed
    assert found.reading.unknown == (((hole, holes),) if holes else ())


@tables
def test_surroundings_are_left_out_and_said(table):
    lines = lines_of(table)
    width = len(lines[0])
    text = text_of(lines)
    assert same(read("# a comment\n" + text), table)
    if width > 2:
        titled = read("Table 1: what we found" + "," * (width - 1) + "\n" + text)
        assert same(titled, table)
        assert "the title `Table 1: what we found` left out" in titled.reading.remarks
    assert same(read("My table, 2026\n" + text), table) or width == 2
    noted = read(text + "\nsource: lab book, p. 3\n")
    assert same(noted, table)
    assert not noted.reading.is_obvious
    assert same(read(text_of([*([*line, "", ""] for line in lines), [""] * (width + 2)])), table)
    assert same(read(text_of([[""] * (width + 1), *(["", *line] for line in lines)])), table)
    assert same(read("sep=;\r\n" + text_of(lines, ";")), table)
    assert same(read(text.replace("\n", "\r")), table)
    assert same(read(text.replace("\n", "\r\n")), table)
    assert same(read_table(io.BytesIO(text.encode("utf-16"))), table)
    assert same(read_table(io.BytesIO(text.encode("utf-32"))), table)
    assert same(read_table(io.BytesIO(b"\xef\xbb\xbf" + text.encode())), table)


@tables
def test_what_pandas_writes(table):
    lines = lines_of(table)
    lines[0][0] = "Unnamed: 0"
    assert same(read(text_of(lines)), table)
    numbered = [["", *lines[0]], *([str(i), *line] for i, line in enumerate(lines[1:]))]
    assert same(read(text_of(numbered)), table)


@tables
def test_what_r_writes(table):
    lines = lines_of(table, hole="NA")
    lines[0] = lines[0][1:]
    if len(table.rows) > 2:
        found = read(text_of(lines))
        assert same(found, table)
        assert not found.reading.is_obvious


@pytest.mark.parametrize("order", [2, 3, 4, 5, 8, 11])
@pytest.mark.parametrize("base", [0, 1])
def test_numbers_without_labels(order, base):
    labels = [str(i + base) for i in range(order)]
    table = cyclic(order, labels)
    found = read(text_of(cells_of(table)))
    assert found == table
    assert (found.reading.base, found.reading.header) == (base, False)
    assert read(json.dumps([[int(x) for x in row] for row in cells_of(table)])) == table
    greatest = np.maximum.outer(np.arange(order), np.arange(order))
    table = Table.from_array(greatest, labels=labels)
    assert read(text_of(cells_of(table))) == table
    floats = [[f"{cell}.0" for cell in row] for row in cells_of(table)]
    assert read(text_of(floats)) == table
    german = [[f"{cell},0" for cell in row] for row in cells_of(table)]
    assert read(text_of(german, ";")) == table


@pytest.mark.parametrize("order", [4, 5, 7])
@pytest.mark.parametrize("base", [0, 1])
def test_numbers_without_labels_and_with_holes(order, base):
    whole = cyclic(order, [str(i + base) for i in range(order)])
    for seed in range(5):
        table = mask(whole, observe=0.8, seed=seed)
        if table.array[0, 0] < 0:
            continue  # see the test of a first product that is unknown
        assert read(text_of(cells_of(table, hole="?" if seed % 2 else ""))) == table
        if base:
            found = read(text_of(cells_of(table, hole="0")))
            assert found == table
            assert found.reading.unknown[0][0] == "0"


def test_numbers_that_may_count_from_0_or_1():
    message = message_of("1,2,1,1\n2,1,1,1\n1,1,1,1\n1,1,1,2\n")
    assert "may count from 0 or from 1, as neither 0 nor 4 occurs. Add a first line" in message


@pytest.mark.parametrize("corner", ["r", "", "*"])
@pytest.mark.parametrize("order", [3, 4, 5, 6])
def test_zero_is_unknown_under_labels_from_1(corner, order):
    table = mask(cyclic(order, [str(i + 1) for i in range(order)]), observe=0.5, seed=order)
    found = read(text_of(lines_of(table, corner, hole="0")))
    assert same(found, table)
    assert found.reading.unknown == (("0", table.array.size - table.num_observed),)


def test_a_first_product_that_is_unknown_or_a_blank_corner():
    # 0 at most once in each line: a cyclic group without its first product, or 0 for unknown
    message = message_of("?,1,2\n1,2,0\n2,0,1\n")
    assert "a table with labels (CSV) or as a table without labels" in message
    assert read("?,1,2\n1,2,0\n2,0,1\n", format="grid").num_observed == 8
    assert read("?,1,2\n1,2,0\n2,0,1\n", format="csv").num_observed == 2
    assert read("?,2,3\n2,3,1\n3,1,2\n").num_observed == 8


@pytest.mark.parametrize("labels", ["eabc", "abcd", "1357", ["e", "r", "r2", "r3"]])
def test_letters_without_labels(labels):
    table = cyclic(4, labels)
    assert read(text_of(cells_of(table))) == table
    assert read(json.dumps(cells_of(table))) == table


def test_letters_in_no_order_are_refused():
    message = message_of("q,x,z,w\nw,q,x,z\nx,z,w,q\nz,w,q,x\n")
    assert "have no order that would tell which row is which. Add a first line" in message


@pytest.mark.parametrize("order", [4, 5])
def test_one_margin_only(order):
    table = cyclic(order, "eabcd"[:order])
    lines = lines_of(table)
    for text in (text_of(line[1:] for line in lines), text_of(lines[1:])):
        found = read(text)
        assert same(found, table)
        assert "no labels and are taken in the order" in str(found.reading)


@tables
@pytest.mark.parametrize(
    "header", ["left,right,result", "x,y,x*y", "first,second,product", "g,h,gh", "from,by,to", ""]
)
def test_triples_under_any_header(table, header):
    triples = list(table.triples())
    if len(triples) < 5 or set(header.split(",")) & set(table.rows):
        return
    found = read((header + "\n" if header else "") + text_of(triples))
    assert sorted(found.triples()) == sorted(triples)
    assert found.reading.format == "triples"


def test_a_first_line_that_may_be_a_header_is_refused():
    message = message_of("foo,bar,baz\nqux,qux,qaz\nqaz,qux,qux\nqux,qaz,qux\n")
    assert message.startswith("t, line 1: the first line, foo, bar, baz, may name the columns or")


def test_two_labels_of_one_table_are_never_one():
    """Beside 1 and 1.0 as rows nothing says which of them the column 1 is."""
    assert unify(["1", "1.0", "2"], ["1", "2"], {"1": 3, "2": 2}) is None
    assert unify(["a", "A", "b"], ["A", "B"], {"A": 3, "b": 2}) is None


SPELLINGS = [
    ("-", "−"), ("-", "–"), ("'", "′"), ("'", "’"), ("é", "e\u0301"), ("a", "ａ"), ("1", "１"),
    ("a b", "a\u00a0b"), ("1", "1.0"), ("2", "2,00"), ("a", "a\u200b"), ("a", "a\u00a0"),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "other"), SPELLINGS)
@pytest.mark.parametrize("order", [2, 3, 5])
def test_spellings_that_look_alike_are_one_label(plain, other, order):
    labels = [plain, *"xyzw"][:order] if len(plain) > 1 or plain.isalnum() else [
        "e", f"{plain}e" if plain == "-" else f"e{plain}", *"xyz"
    ][:order]  # fmt: skip
    table = cyclic(order, labels)
    lines = lines_of(table)
    spelled = [
        [label.replace(plain, other) if label else label for label in line] for line in lines
    ]
    for text in (
        text_of([spelled[0], *lines[1:]], ";"),
        text_of(
            [lines[0], *([a[0], *b[1:]] for a, b in zip(lines, spelled, strict=True))][:1]
            + [[a[0], *b[1:]] for a, b in zip(lines[1:], spelled[1:], strict=True)],
            ";",
        ),
    ):
        found = read(text)
        assert same(found, table)
        assert found.reading.unified
        assert " as " in str(found.reading)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_case_is_unified_only_if_all_labels_differ_in_it(order):
    table = cyclic(order, "EABCD"[:order])
    lines = lines_of(table)
    lower = [lines[0], *([line[0], *map(str.lower, line[1:])] for line in lines[1:])]
    found = read(text_of(lower))
    assert same(found, table)
    assert len(found.reading.unified) == order
    # one that differs among others that do not is a typing error
    lower = [[*map(str.lower, line)] for line in lines]
    lower[2][2] = lower[2][2].upper()
    assert f": `{lower[2][2]}` in row a, column a: did you mean `{lower[2][2].lower()}`?" in (
        message_of(text_of(lower))
    )
    lower = [[*map(str.lower, line)] for line in lines]
    lower[0][2] = "A"
    assert (
        message_of(text_of(lower)).startswith(
            "t, line 1, column 3: the column label `A` is no row label: did you mean `a`?"
        )
        or order == 2
    )


def test_a_sign_or_a_label_in_another_case_is_not_unknown():
    assert read(",a,b\na,+,-\nb,-,+\n").symbols == ("+", "-")
    assert "`na` in row O, column O: did you mean `Na`?" in message_of(",Na,O\nNa,Na,O\nO,O,na\n")


def test_three_lines_of_numbers_are_a_table_with_holes_too():
    assert read("0.0,1.0,2.0\n1.0,2.0,nan\n2.0,0.0,1.0\n").num_observed == 8


def test_one_line_is_no_product():
    assert "a square table has as many rows as columns" in message_of("1,2;2,1\n")


def test_three_alphabets_stay_three():
    table = read(",x,y\na,p,q\nb,q,p\n")
    assert (table.rows, table.columns, table.symbols) == (("a", "b"), ("x", "y"), ("p", "q"))
    upper = read(",A,B\na,1,2\nb,2,1\n")
    assert upper.columns == ("A", "B")
    assert upper.reading.is_obvious


@pytest.mark.parametrize(
    ("value", "near"), [("r22", "r2"), ("R3", "r3"), ("r3?", "r3"), ("3r", "r3")]
)
def test_a_typing_error_is_named_with_its_place(value, near):
    lines = lines_of(cyclic(4, ["e", "r1", "r2", "r3"]))
    lines[3][2] = value
    message = message_of(text_of(lines))
    assert message.startswith(
        f"t, line 4, column 3: `{value}` in row r2, column r1: did you mean `{near}`?"
    )


@pytest.mark.parametrize("order", [2, 3, 4, 6])
def test_results_outside_are_listed_and_may_be_declared(order):
    big = cyclic(12, [f"g{i}" for i in range(12)])
    names = big.rows[:order]
    array = big.array[:order, :order]
    lines = [
        ["", *names],
        *([names[i], *(big.rows[c] for c in row)] for i, row in enumerate(array)),
    ]
    message = message_of(text_of(lines))
    outside = [f"g{i}" for i in range(order, 2 * order - 1)]
    assert "--open" in message
    assert (
        order == 2 or ("not closed: these results are no labels: " + ", ".join(outside)) in message
    )
    found = read(text_of(lines), open=True)
    assert found.symbols == (*names, *outside)
    assert found.array.tolist() == array.tolist()


def test_results_that_are_all_outside_and_too_many():
    message = message_of(",X,Y\nX,1,iZ\nY,-iZ,1\n")
    assert "not closed: these results are no labels: 1, iZ, -iZ" in message
    message = message_of(",x,y\na,p,q\nb,r,p\n")
    assert message.startswith("t, line 3, column 2: 2 rows and columns have 3 different results: p")
    assert "The rarest is `r` in row b, column x." in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (",e,a,b\ne,e,a,\na,a,b,e\n", "No row has the label b: add it"),
        (",e,a\ne,e,a\na,a,e\nb,e,e\n", "No column has the label b: add it"),
        (
            ",e,a,a\ne,e,a,\na,a,b,e\na,b,,a\n",
            "line 4, column 1: the row label 'a' stands in line 3",
        ),
        ('[["e","a"],["a"]]', "item 2 has 1 entries; a table of 2 rows has 2 in each"),
        ('{"table": {"e": 1}}', "`table` must be a list of rows; got an object"),
    ],
)
def test_what_is_missing_is_named(text, words):
    assert words in message_of(text)


def test_json_in_every_shape():
    table = mask(cyclic(4, "eabc"), observe=0.7, seed=1)
    rows = [[cell or None for cell in row] for row in cells_of(table)]
    labels = list(table.rows)
    for document in (
        {"rows": labels, "columns": labels, "table": rows},
        {"labels": labels, "table": rows},
        {"elements": labels, "table": rows, "name": "x"},
        {"columns": labels, "index": labels, "data": rows},
        {"labels": labels, "triples": list(table.triples())},
        [["*", *labels], *([label, *row] for label, row in zip(labels, rows, strict=True))],
        [["left", "right", "result"], *table.triples()],
        [{"left": a, "right": b, "result": c} for a, b, c in table.triples()],
    ):
        assert same(read(json.dumps(document)), table)


def test_three_lists_of_three_are_a_table():
    assert read("[[1,2,3],[2,3,1],[3,1,2]]") == cyclic(3, "123")
    assert read('[["e","a","b"],["a","b","e"],["b","e","a"]]') == cyclic(3, "eab")
    # two values in three lists of three: no table without labels, so triples
    assert read('[["e","e","e"],["e","a","a"],["a","e","a"]]').num_observed == 3


@given(
    st.integers(2, 5),
    st.lists(
        st.sampled_from(["e", "-e", "1", "A", "r2", "x'", "ä", "日"]), unique=True, min_size=5
    ),
    st.data(),
)
def test_a_plain_table_is_read_as_it_is(order, names, data):
    labels = names[:order]
    cells = st.sampled_from([*labels, ""])
    rows = [[data.draw(cells) for _ in labels] for _ in labels]
    rows[0][0] = labels[0]
    table = read(
        text_of([["", *labels], *([a, *row] for a, row in zip(labels, rows, strict=True))])
    )
    assert table.rows == table.columns == table.symbols == tuple(labels)
    assert cells_of(table) == rows
    assert table.reading.is_obvious
    assert table.reading.unified == ()


def test_the_reading_is_no_part_of_equality():
    one, other = read(",e,a\ne,e,a\na,a,e\n"), read(";e;a\ne;e;a\na;a;e\n")
    assert one == other
    assert hash(one) == hash(other)
    assert one.reading != other.reading
    assert json.loads(json.dumps(one.reading.to_document()))["delimiter"] == ","


def test_a_reading_is_one_line_without_control_characters():
    found = read("the \x1b[2J title,,\n,e\x1b,a\ne\x1b,e\x1b,a\na,a,_\n")
    assert str(found.reading).isprintable()


@pytest.mark.parametrize(
    "text", ["[2,3,1]\n[2,1,3]\n", "(1,2,3)\n(1,2)\n", "-x,y,z\nx,-y,z\nx,y,-z\n"]
)
def test_what_stands_for_a_group_is_no_list_of_products(text):
    with pytest.raises(TableFormatError, match=r"they stand for a group.*`cayley convert`"):
        read_table(io.StringIO(text))
    # Told what it is, it is read so or refused as that.
    told = None
    with contextlib.suppress(TableFormatError):
        told = read_table(io.StringIO(text), format="triples")
    assert told is None or told.num_observed == text.count("\n")

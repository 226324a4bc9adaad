"""What holds for the formats of all other programs alike."""

import contextlib
import gc
import io
import random
import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cayley._errors import TableFormatError
from cayley.tables import Table, read_table, write_table
from cayley.tables.formats import BINARY, FORMATS, READ_ONLY
from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._raw import RawGrid, RawTriples
from cayley.tables.labels._spellings import plain_spelling as plain

TEXTS = {
    "gap": "t := [ [ 1, 2, 3 ],\n  [ 2, 3, 1 ], # c\n  [ 3, , 2 ] ];;\n",
    "loops": "Q := QuasigroupByCayleyTable( [ [ 1, 2, 3 ],\n [ 2, 3, 1 ], [ 3, 1, 2 ] ] );\n",
    "sage": "*  a b c\n +------\na| a b c\nb| b c a\nc| c a b\n",
    "mace4": "interpretation( 2, [number=1], [\n  function(*(_,_), [ 0, 1,\n   1, - ])\n]).\n",
    "uacalc": "<algebra><basicAlgebra><cardinality>2</cardinality><op><opSymbol><opName>*</opName>"
    "<arity>2</arity></opSymbol><opTable><row>0,1</row>\n<row>1,0</row></opTable></op>"
    "</basicAlgebra></algebra>",
    "tptp": 'fof(d, fi_domain, ! [X] : ( X = "1" | X = b ) ).\n'
    'fof(f, fi_functors, ( f("1",b) = b & f(b,b) = "1" ) ).\n',
    "minizinc": "n = 2; % order\nx = [| 1, _\n  | 2, 1 |];\n",
    "mathematica": "t = {{1, 2, 3}, (* x *)\n {2, 3, 1},\n {3, Null, 2}};\n",
    "latex": "\\begin{array}{c|cc}\n\\cdot & e & \\sigma_{v} \\\\ \\hline\n"
    "e & e & \\sigma_{v} \\\\\n\\sigma_v & {\\bf \\sigma_v} & \n\\end{array}\n",
    "markdown": "| * | e | **a** |\n|---|:-:|---|\n| e | e | `a` |\n| a | a\\| | |\n",
    "html": "<p>x</p><table class='a'><tr><th></th><th>e</th><th>a</th></tr>\n"
    "<tr><th>e</th><td>e</td><td>a&amp;</td></tr>\n<tr><th>a</th><td>a</td><td></td></tr></table>",
    "aligned": "* | e  a\n--+------\ne | e  a\na | a  ?\n",
    "equations": 'labels: a b c\na * b = c # x\n"b" * a = a; c*c = -\n',
}
# Pieces of every syntax, to put in the wrong place.
PIECES = [
    *"[](){}|&<>\"'\\#%$^_,;:=*+-.?/0179az \t\n\r\x00\ufeff",
    *("..", ":=", "\\\\", "<!--", "]]>", "&#x0;", "&lol;", "999999999999", "\ud800", "σ"),
    *("\\begin{array}", "</table>", "<table>", "fof(", "|---|", "interpretation(", "labels: "),
    *('# labels: ["a"]', "gap> "),
]


def context(max_order=5000):
    return ReadContext(
        name="f",
        markers=frozenset("?"),
        json_markers=frozenset(),
        allow_conflicts=False,
        max_order=max_order,
    )


def mutated(text, rng):
    """The text with some of it deleted, doubled, moved, or strewn with pieces of other syntax."""
    for _ in range(rng.randint(1, 3)):
        i, j = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        change = rng.randrange(5)
        if change == 0:
            text = text[:i] + rng.choice(PIECES) + text[i:]
        elif change == 1:
            text = text[:i] + text[i + rng.randint(1, 5) :]
        elif change == 2:
            text = text[:i] + text[i:j] + text[i:]
        elif change == 3:
            text = text[:i] + rng.choice(PIECES) + text[i + 1 :]
        else:
            text = text[:j]
    return text


@pytest.mark.parametrize("format", TEXTS)
def test_mutated_files_raise_one_error_only(format):
    rng = random.Random(format)
    refused = 0
    for _ in range(200):
        text = mutated(TEXTS[format], rng)
        sure, why = FORMATS[format].sniff(text)
        assert 0 <= sure <= 1
        assert why or not sure
        try:
            read_table(io.StringIO(text), format=format)
        except TableFormatError:
            refused += 1
    # Otherwise the mutations would be too mild.
    assert refused > 20


@pytest.mark.parametrize("format", TEXTS)
def test_the_text_of_a_format_is_taken_for_it(format):
    sure = {
        name: each.sniff(TEXTS[format])[0] for name, each in FORMATS.items() if not each.is_binary
    }
    assert sure[format] > 0.5
    assert all(sure[format] > other + 0.05 for name, other in sure.items() if name != format)


@pytest.mark.parametrize("format", TEXTS)
def test_parsers_find_their_own_text_and_its_places(format):
    text = TEXTS[format]
    raw = FORMATS[format].parse(text, context())
    lines = text.splitlines()
    if isinstance(raw, RawTriples):
        left = raw.products.left
        for label, line in zip(left, raw.lines or range(1, len(left) + 1), strict=True):
            assert label in lines[line - 1]
        return
    assert isinstance(raw, RawGrid)
    for (i, j), (line, column) in raw.places.items():
        cell = raw.cells[i][j]
        if cell is not None and line is not None and column is not None:
            assert lines[line - 1][column - 1 :].lstrip('"').startswith(cell)
    assert len(raw.row_places) in (0, len(raw.cells))
    if raw.rows and raw.row_places:
        for label, (line, _) in zip(raw.rows, raw.row_places, strict=True):
            assert label in lines[line - 1] or not label.isascii()


NASTY = [
    *("[", "[[", "[1,", "((", "{", "\\", '"', "'", "a", "1", "a ", "a=", "f(", "|", "|-|\n", "&"),
    *(
        "{",
        "{{",
        "{1,",
        "(*",
        "/*",
        "{{1}",
        "<",
        "<!--",
        "<td ",
        "$",
        "_{",
        "fof(",
        "! [X] : X = a |",
        "/*",
        "a*b=",
        "x = [|",
        "1..",
    ),
    *(
        "interpretation(3,",
        "function(f(_,_),[",
        'labels: ["a",',
        "\\begin{array}{",
        "\n",
        "--+--\n",
    ),
]


@pytest.mark.parametrize("format", TEXTS)
def test_time_grows_with_the_length_and_no_faster(format):
    parse, sniff = FORMATS[format].parse, FORMATS[format].sniff
    for start in ("", TEXTS[format][: len(TEXTS[format]) // 2]):
        for piece in NASTY:
            text = start + piece * 5000
            gc.disable()  # a collection of what other tests have left can take a second
            begin = time.process_time()
            sniff(text)
            with contextlib.suppress(TableFormatError):
                parse(text, context(max_order=500))
            took = time.process_time() - begin
            gc.enable()
            # Quadratic parsers take several seconds for such texts.
            assert took < 1, piece


ODD = [
    *("", "-", "?", "NA", ".", " a", "a", "0", "1", "2", "a,b", "a|b", "\n", '"', "'", "\\", "{a}"),
    *(
        "$x$",
        "a_1",
        "a^-1",
        "<b>",
        "&amp;",
        "**a**",
        "`a`",
        "_x0041_",
        "=1",
        "שלום",
        "\0",
        "]",
        "--",
    ),
    *("*", "%", "#"),
]
LABELS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(
    ODD
)


def test_what_is_said_of_formats_without_loading_them():
    assert {name for name, each in FORMATS.items() if each.is_binary} == BINARY
    assert {name for name, each in FORMATS.items() if each.write is None} == READ_ONLY
    assert [each.name for each in FORMATS.values()] == list(FORMATS)


WRITERS = [name for name, each in FORMATS.items() if each.write and name in {*TEXTS, "xlsx", "ods"}]


@st.composite
def tables(draw):
    order = draw(st.integers(1, 4))
    labels = draw(st.lists(LABELS, min_size=order, max_size=order, unique=True))
    plain = [str(i + draw(st.integers(0, 1))) for i in range(order)]
    rows = draw(st.sampled_from([labels, labels, plain])) if len(set(plain)) == order else labels
    count = order * order
    cells = draw(st.lists(st.integers(-1, order - 1), min_size=count, max_size=count))
    if draw(st.booleans()):
        shift = np.add.outer(range(order), range(order)) % order
        cells = draw(st.permutations(range(order)))
        cells = np.array(cells)[shift].ravel()
    symbols = draw(st.permutations(rows)) if draw(st.integers(0, 3)) == 0 else rows
    return Table(
        rows=rows,
        columns=rows,
        symbols=symbols,
        array=np.reshape(cells, (order, order)).astype(int),
    )


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=25)
@given(table=tables())
def test_what_is_written_comes_back_equal_or_is_refused(format, table):
    stream = io.BytesIO()
    try:
        write_table(table, stream, format=format)
    except ValueError as error:
        assert "Use `" in str(error) or "no product" in str(error) or "`json`" in str(error)
    else:
        assert read_table(io.BytesIO(stream.getvalue())) == table


# Labels that every format holds: letters of many scripts, marks within them, and signs of none.
FITTING = st.text(
    alphabet=st.characters(categories=["Ll", "Lu", "Lo"], exclude_characters="ox"),
    min_size=2,
    max_size=5,
)


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=15)
@given(data=st.data())
def test_what_fits_is_written_and_comes_back_equal(format, data):
    order = data.draw(st.integers(2, 4))
    # Labels that differ in case or spelling would be told of as one that is mistyped.
    labels = data.draw(
        st.lists(FITTING, min_size=order, max_size=order, unique_by=lambda x: plain(x).casefold())
    )
    labels = [f"{plain(label)}{i}" for i, label in enumerate(labels)]
    rows = data.draw(st.permutations(range(order)))
    latin = np.add.outer(rows, range(order)) % order
    if format != "loops" and data.draw(st.booleans()):  # LOOPS holds full quasigroups only
        latin[data.draw(st.integers(0, order - 1)), data.draw(st.integers(0, order - 1))] = -1
    table = Table.from_array(latin, labels=labels)
    stream = io.BytesIO()
    write_table(table, stream, format=format)
    assert read_table(io.BytesIO(stream.getvalue())) == table


@pytest.mark.parametrize("format", ["gap", "sage", "mace4", "uacalc"])
@settings(max_examples=25)
@given(table=tables())
def test_formats_that_list_labels_hold_all_of_them(format, table):
    assume(table.num_observed)
    stream = io.BytesIO()
    write_table(table, stream, format=format)
    assert read_table(io.BytesIO(stream.getvalue())) == table


@pytest.mark.parametrize(
    "format", ["mace4", "uacalc", "loops", "latex", "markdown", "html", "xlsx", "ods"]
)
def test_tables_that_are_not_square_are_refused_with_a_way_out(format):
    table = Table(rows="ab", columns="x", symbols="ab", array=[[0], [1]])
    with pytest.raises(ValueError, match=r"Use `"):
        write_table(table, io.BytesIO(), format=format)
    # GAP and Sage list the labels of all three alphabets.
    stream = io.BytesIO()
    write_table(table, stream, format="gap")
    assert read_table(io.BytesIO(stream.getvalue())) == table


@pytest.mark.slow
@pytest.mark.parametrize("format", WRITERS)
def test_order_1000(format):
    order = 1000
    shift = np.add.outer(range(order), range(order)) % order
    labels = [str(i) for i in range(order)]
    table = Table.from_array(shift, labels=labels)
    stream = io.BytesIO()
    write_table(table, stream, format=format)
    assert read_table(io.BytesIO(stream.getvalue()), format=format) == table

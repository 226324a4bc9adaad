import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley._errors import TableFormatError
from cayley.tables import read_table
from cayley.tables.formats.text import _equations


def read(text, **options):
    return read_table(io.StringIO(text), **options)


@pytest.mark.parametrize(
    "text",
    [
        "e*e = e\ne*a = a\na*e = a\na*a = e\n",
        "e * e = e; e * a = a; a * e = a; a * a = e",
        "e*e=e, e*a=a, a*e=a, a*a=e",
        "e∘e=e\ne∘a=a\na∘e=a\na∘a=e",
        "e · e = e.\ne · a = a.\na · e = a.\na · a = e.\n",
        "e o e = e\ne o a = a\na o e = a\na o a = e",
        "f(e,e) = e\nf(e,a) = a\nf(a,e)=a\nf(a, a) = e",
        "m(e, e) -> e\nm(e, a) -> a\nm(a, e) -> a\nm(a, a) -> e",
        "*(e,e) = e\n*(e,a) = a\n*(a,e) = a\n*(a,a) = e\n",
        "# the group C2\n\ne*e = e  # the identity\ne*a = a*e = a\ne = a*a\n",
        "% LaTeX people\ne*e := e\ne*a ↦ a\na*e → a\na*a => e\n",
        "elements: e, a\ne + e = e\ne + a = a\na + e = a\na + a = e",
    ],
)
def test_products_in_each_spelling(text):
    table = read(text)
    assert set(table.triples()) == {
        ("e", "e", "e"),
        ("e", "a", "a"),
        ("a", "e", "a"),
        ("a", "a", "e"),
    }
    assert table.rows == table.columns == table.symbols
    assert table.reading.format == "equations"


def test_labels_may_be_declared():
    table = read("labels: a b c d\na * b = c\n")
    assert table.rows == table.columns == table.symbols == ("a", "b", "c", "d")
    assert table["a", "b"] == "c"
    with pytest.raises(TableFormatError, match="d"):
        read("labels: a b c\na * b = d\n")


@pytest.mark.parametrize("seed", range(20))
def test_declared_labels_keep_every_product_open_results_and_repeats(seed):
    rng = random.Random(seed)
    labels = rng.sample("abcdef", 6)
    products = [
        (rng.choice("abcd"), rng.choice("bcde"), rng.choice("abcxyz"))
        for _ in range(rng.randrange(1, 25))
    ]
    lines = [f"{a} * {b} = {c}\n" for a, b, c in products]
    text = f"labels: {' '.join(labels)}\n{''.join(lines)}"
    table = read(text, open=True, allow_conflicts=True, format="equations")
    first, repeats = {}, []
    for a, b, c in products:
        if (a, b) in first:
            repeats.append((a, b, c))
        first.setdefault((a, b), c)
    assert table.rows == table.columns == table.symbols[:6] == tuple(labels)
    assert set(table.symbols) == {*labels, *(c for _, _, c in products)}
    known = {(a, b): table[a, b] for a in labels for b in labels if table[a, b] is not None}
    assert known == first
    names = (table.rows, table.columns, table.symbols)
    found = [tuple(map(tuple.__getitem__, names, each)) for each in table.repeats.tolist()]
    assert found == repeats


def test_factors_and_results_are_one_set():
    assert read("a*b = d\nc*a = e\nd*c = b\n").order == 5
    assert read("a*b = c\nb*a = d\n").order == 4
    # With fewer results than factors, too.
    table = read("a' * a = e\na * a' = e\n")
    assert table.rows == table.symbols == ("a'", "a", "e")


@pytest.mark.parametrize(
    ("text", "triple"),
    [
        ("(1,2)*(1,3) = (1,2,3)", ("(1,2)", "(1,3)", "(1,2,3)")),
        ("-1 * -1 = 1", ("-1", "-1", "1")),
        ("-1*-1 = 1", ("-1", "-1", "1")),
        ("+ * - = -", ("+", "-", "-")),
        ("x^2 * x = x^3", ("x^2", "x", "x^3")),
        ("a' * b'' = c", ("a'", "b''", "c")),
        ("1/2 + 1/3 = 5/6", ("1/2", "1/3", "5/6")),
        ("a+b * c = d", ("a+b", "c", "d")),
        ("f(f,g) = f", ("f", "g", "f")),
        ('"a b" * "c" = "d"', ("a b", "c", "d")),
        ("x + y = z", ("x", "y", "z")),
    ],
)
def test_labels_may_hold_signs(text, triple):
    assert list(read(text, format="equations").triples()) == [triple]


@pytest.mark.parametrize("unknown", ["?", "-", "_"])
def test_unknown_results(unknown):
    table = read(f"a*b = {unknown}\nb*a = a\n")
    assert table.num_observed == 1
    assert table.rows == ("a", "b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a*b = c\na+b = c", r"line 2, column 1: 'a\+b = c' has no product with '\*'"),
        ("f(a,b)=c\ng(a,b)=c", "2 operations: f in line 1, g in line 2"),
        ("a*b*c = d", "no product of two labels"),
        ("a*b = c\n(a*b)*c = d", r"line 2, column 1: '\(a\*b\)' is a product itself"),
        ("f(f(a,b),c) = d\nf(a,b) = c", "is a product itself"),
        ("a+b*c = d", r"may be a product with '\*' or with '\+'\. Put blanks"),
        ("ab = c", "no product of two labels"),
        ("a*b = c\nhello", "line 2, column 1: 'hello' is no equation"),
        ("a*b = c; a*", "line 1, column 9: ' ?a\\*' is no equation"),
        ("a*b = ", "is no equation"),
        ("a*b = c\na*b = d", "contradicts"),
        ("labels: a a\na*a=a", "'a' occurs twice"),
        ("# nothing", "no equations"),
        ("r*s = s*r*r", "no product of two labels with one result"),
        ("a^4 = 1\nb^2 = 1", "no product of two labels"),
    ],
)
def test_says_what_is_wrong_and_where(text, message):
    with pytest.raises(TableFormatError, match=message):
        read(text, format="equations")


@pytest.mark.parametrize("ending", ["\n", "", "\r\n", " \n", ";\n", ".\n"])
@pytest.mark.parametrize("blank", [False, True])
def test_plain_lines_are_read_alike_with_and_without_blank_ones(ending, blank):
    lines = [f"g{a} * g{b} = g{(a + b) % 5}" for a in range(5) for b in range(5)]
    text = "\n" * blank + (ending or "\n").join(lines) + ending  # with a blank one line by line
    table = read_table(io.StringIO(text))
    assert table.array.tolist() == [[(a + b) % 5 for b in range(5)] for a in range(5)]
    lines[-1] = "g4 * g4 = g5; g4 * g4 = g1"
    with pytest.raises(ValueError, match=f"line {len(lines)}"):
        read_table(io.StringIO("\n".join(lines)))


@given(
    st.lists(st.tuples(*[st.sampled_from(["a", "b'", "c1"])] * 3), min_size=1, max_size=6),
    st.sampled_from("*+.;&"),
    st.sampled_from(["=", "->", "→"]),
    st.sampled_from(["", " ", "\t ", "\v"]),
    st.lists(st.sampled_from(["", ".", ";", ";;"]), min_size=1, max_size=6),
    st.booleans(),
)
def test_uniform_lines_say_the_same_whichever_way_they_are_read(
    products, sign, equal, gap, ends, last
) -> None:
    lines = [
        gap.join([left, sign, right, equal, result]) + ends[i % len(ends)]
        for i, (left, right, result) in enumerate(products)
    ]
    text = "\n".join(lines) + "\n" * last

    def outcome():
        try:
            table = read_table(io.StringIO(text), format="equations", allow_conflicts=True)
        except TableFormatError as error:
            return str(error)
        return table, str(table.reading)

    found = outcome()
    with pytest.MonkeyPatch.context() as general:
        general.setattr(_equations, "_uniform_products", lambda text: None)
        assert outcome() == found


def test_long_texts_of_equations_are_cut_at_line_ends(monkeypatch) -> None:
    monkeypatch.setattr(_equations, "_PIECE", 7)
    products = [(f"g{i}", f"g{j}", f"g{(i + j) % 5}") for i in range(5) for j in range(5)]
    text = "\n".join(f"{a} * {b} = {c};" for a, b, c in products)
    columns, sign = _equations._uniform_products(text)
    assert (list(zip(*columns, strict=True)), sign) == (products, "*")

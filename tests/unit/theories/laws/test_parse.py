import pytest

from cayley.theories import Law, parse_laws

ASSOCIATIVE = Law((0, (1, 2)), ((0, 1), 2))


@pytest.mark.parametrize(
    "text",
    [
        "x*(y*z) = (x*y)*z",
        "x(yz) = (xy)z",
        "x*yz = xy*z",
        "x ∘ (y ∘ z) = (x ∘ y) ∘ z",
        "a◇(b◇c)=(a◇b)◇c",
        "x o (y o z) = (x o y) o z",
        "x o (o o z) = (x o o) o z",
        "[x1 . {x_2 . x3}] == ((x1 · x_2) × x3)",
        "  α+(β+γ) = (α+β)+γ ; ",
        "p'(p''q) = (p'p'')q",
    ],
)
def test_every_way_to_write_a_law_gives_the_same_law(text):
    assert parse_laws(text) == (ASSOCIATIVE,)


def test_laws_are_separated_by_semicolons_or_lines():
    laws = parse_laws("xy = yx; xx = x\n\nx(yz) = (xy)z\r\n")
    assert [str(law) for law in laws] == ["x*y = y*x", "x*x = x", "x*(y*z) = (x*y)*z"]


def test_a_lone_letter_o_is_a_variable():
    assert parse_laws("o = o*o") == (Law(0, (0, 0)),)
    assert parse_laws("ox = xo") == (Law((0, 1), (1, 0)),)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("x*(y*z = y", 8, r"expected an operator or '\)', found '='"),
        ("x**y = x", 3, r"expected a variable or '\(', found '\*'"),
        ("x*y", 4, "expected an operator or '=', found the end"),
        ("x*y = y*x)", 10, "expected an operator, ';' or the end, found '\\)'"),
        ("x = y = z", 7, "expected an operator, ';' or the end, found '='"),
        ("x*y*z = x", 4, "three factors in a row"),
        ("xyz = x", 3, "three factors in a row"),
        ("x^2 = x", 2, "'\\^' is no variable"),
        ("1*x = x", 1, "'1' is no variable"),
        ("", 1, "expected a variable or '\\('"),
        (" ; ", 4, "expected a variable"),
    ],
)
def test_an_error_names_the_place_and_what_was_expected(text, column, message):
    with pytest.raises(ValueError, match=rf"^Column {column}: .*{message}") as error:
        parse_laws(text)
    caret = str(error.value).splitlines()[-1]
    assert caret.index("^") == column - 1 + 2


def test_an_error_in_a_later_line_names_the_line():
    with pytest.raises(ValueError, match=r"^Line 2, column 5: three factors") as error:
        parse_laws("xy = yx\nx x x = x")
    assert str(error.value).splitlines()[1] == "  x x x = x"

import pytest
from tests.unit.report.figures.diagram_checks import assert_labels_apart
from tests.unit.report.figures.pictures import assert_inside, parsed

from cayley.report import draw_characters
from cayley.report.figures._characters import characters_picture
from cayley.report.figures.drawing._marks import Label, Rectangle
from cayley.report.figures.drawing._palette import contrast, ink_on
from cayley.tables import generate_family

GROUPS = ["C1", "S3", "A5", "C9", "SL(2,3)", "C20", "C24"]


def texts(picture) -> list[str]:
    return [mark.text for mark in picture.marks if isinstance(mark, Label)]


@pytest.mark.parametrize("name", GROUPS)
def test_pictures(name) -> None:
    picture = characters_picture(generate_family(name))
    parsed(picture)
    assert_labels_apart(picture)
    assert_inside(picture)
    for mark in picture.marks:
        if isinstance(mark, Rectangle):
            assert contrast(mark.style.fill, ink_on(mark.style.fill)) >= 4.5


def test_values_are_exact_and_classes_have_sizes() -> None:
    said = texts(characters_picture(generate_family("A5")))
    assert said.count("(1+√5)/2") == 2
    assert said[:10] == ["1a", "×1", "2a", "×15", "3a", "×20", "5a", "×12", "5b", "×12"]
    said = texts(characters_picture(generate_family("C9")))
    assert "ζ₉⁴" in said
    assert said[-1] == "ω = exp(2πi/3), ζₙ = exp(2πi/n)"


def test_large_tables_are_shades_that_say_their_value() -> None:
    picture = characters_picture(generate_family("C24"))
    cells = [mark for mark in picture.marks if isinstance(mark, Rectangle)]
    assert len(cells) == 24 * 24
    assert cells[25].hint == "χ2 on 2a: 1"
    assert "ζ" not in "".join(texts(picture))


def test_too_many_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="61 classes"):
        draw_characters(generate_family("C61"))

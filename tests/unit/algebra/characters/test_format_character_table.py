import pytest

from cayley.algebra import Cyclotomic, Group, character_table, format_character_table
from cayley.algebra.characters._format_character_table import Abbreviations
from cayley.tables import generate_family


def text_of(name, **options):
    group = Group.from_table(generate_family(name).aligned().array)
    return format_character_table(character_table(group), **options)


def test_a_table_with_irrationals():
    assert text_of("21:1").splitlines() == [
        "         1a   3a   3b          7a          7b",
        "size      1    7    7           3           3",
        "X.1   +   1    1    1           1           1",
        "X.2   o   1    w  w^2           1           1",
        "X.3   o   1  w^2    w           1           1",
        "X.4   o   3    .    .  (-1+i√7)/2  (-1-i√7)/2",
        "X.5   o   3    .    .  (-1-i√7)/2  (-1+i√7)/2",
    ]


def test_long_values_become_letters_that_the_legend_explains():
    text = text_of("D14", longest=8)
    assert "A = E(7)+E(7)^6" in text
    assert text.count("E(7)") == 6
    short = Abbreviations(3)
    value = Cyclotomic.root(16)
    names = [short(v) for v in (value, -value, value.conjugate(), -value.conjugate())]
    assert names == ["A", "-A", "/A", "-/A"]
    assert short(Cyclotomic.root(16, 3)) == "B"
    assert short.legend == ("A = E(16)", "B = E(16)^3")


def test_letters_do_not_run_out_and_leave_e_to_the_roots():
    short = Abbreviations(0)
    names = [short(k * Cyclotomic.root(16)) for k in range(1, 60)]
    assert len(set(names)) == 59
    assert "E" not in names
    assert names[25:27] == ["A1", "B1"]


@pytest.mark.parametrize("width", [1, 30, 60])
def test_a_wide_table_is_cut_in_blocks(width):
    text = text_of("C9", width=width)
    blocks = text.split("\n\n")
    assert len(blocks) > 1
    assert all(line == line.rstrip() for line in text.splitlines())
    assert all(block.splitlines()[1].startswith("size") for block in blocks)
    if width > 30:
        assert max(map(len, text.splitlines())) <= width

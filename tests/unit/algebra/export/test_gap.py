import json
import re

import pytest

from cayley.algebra import Group, character_table, short_presentation, to_gap, to_latex
from cayley.algebra.export._gap import gap_string
from cayley.algebra.export._latex import latex_text_of_label
from cayley.tables import Table, generate_family

NASTY = ['"', "\\", "a\nb", "\x00", "%", "#1", "a_b^c", "{", "}", "$x$", "&", "~", "[2]", "*", "-"]


def family(name):
    return Group.from_table(generate_family(name).aligned().array)


def test_the_multiplication_table_counts_from_one():
    group = family("S3")
    code = to_gap(group)
    numbers = json.loads(re.search(r"\[.*\]", code, re.DOTALL)[0])
    assert [[x - 1 for x in row] for row in numbers] == group.table.tolist()


def test_a_partial_table_fails_where_nothing_is_known():
    table = Table.from_array([[0, 1], [-1, 0]], labels="ea")
    code = to_gap(table)
    assert "[ 1, 2 ],\n  [ fail, 1 ]" in code
    assert "Magma" not in code
    assert "magma := MagmaByMultiplicationTable( table.products );;" in to_gap(
        Table.from_array([[0, 1], [1, 0]])
    )


def test_columns_and_symbols_are_put_in_the_order_of_the_rows():
    table = Table(rows="ea", columns="ae", symbols="ae", array=[[0, 1], [1, 0]])
    assert to_gap(table) == to_gap(Table.from_array([[0, 1], [1, 0]], labels="ea"))


@pytest.mark.parametrize("label", NASTY, ids=ascii)
def test_labels_stay_data_in_gap(label):
    literal = gap_string(label)
    assert literal[0] == literal[-1] == '"'
    inner = literal[1:-1]
    assert not re.search(r'(?<!\\)(\\\\)*"', inner)
    assert all(c >= " " for c in inner)
    unescaped = re.sub(
        r"\\(\d{3}|.)", lambda m: chr(int(m[1], 8)) if len(m[1]) == 3 else m[1], inner
    )
    assert unescaped == label


@pytest.mark.parametrize("label", NASTY, ids=ascii)
def test_labels_stay_data_in_latex(label):
    text = latex_text_of_label(label)
    commands = re.sub(r"\\[a-z]+(34)?(\{\})?|\\[{}$&%#_]", "", text)
    assert not re.search(r"[\\$&%#_^~\n\x00]", commands)
    assert commands.count("{") == commands.count("}")
    assert not text.startswith(("[", "*"))


def test_a_table_in_latex_has_one_line_a_row():
    table = Table.from_array([[0, 1], [1, -1]], labels=["[e]", "a&b"])
    assert to_latex(table).splitlines() == [
        r"\begin{tabular}{c|cc}",
        r" & {[}e{]} & a\&b \\",
        r"\hline",
        r"{[}e{]} & {[}e{]} & a\&b \\",
        r"a\&b & a\&b &  \\",
        r"\end{tabular}",
    ]


def test_character_tables():
    table = character_table(family("C3"))
    assert "ComputedPowerMaps := [ , , [ 1, 1, 1 ] ]" in to_gap(table)
    assert "[ 1, E(3), E(3)^2 ]" in to_gap(table)
    assert r"\chi_{2} & 1 & \omega & \omega^{2} \\" in to_latex(table)
    assert "ComputedPowerMaps := [ ]" in to_gap(character_table(family("C1")))


def test_presentations():
    code = to_gap(short_presentation(family("S3")))
    assert code == (
        'free := FreeGroup( "a", "b" );;\n'
        "a := free.1;; b := free.2;; \n"
        "group := free / [a^2, b^3, (a*b)^2];;\n"
    )


def test_other_things_are_refused():
    with pytest.raises(TypeError, match=r"`source` must be a Table, Group, .*; got int"):
        to_gap(3)
    with pytest.raises(TypeError, match=r"`source` must be a Table, Group, .*; got int"):
        to_latex(3)
    with pytest.raises(FileNotFoundError, match=r"C2: there is no such file"):
        to_gap("C2")

import itertools
import re

import pytest
from sympy.combinatorics import Permutation

from cayley.tables import Table, generate_family, small_group
from cayley.tables.families._families import (
    alternating_group,
    cyclic_group,
    dicyclic_group,
    dihedral_group,
    direct_product,
    projective_special_linear_group,
    quaternion_group,
    symmetric_group,
)
from cayley.tables.families._modular import modular_table
from cayley.tables.families._operation_names import word_table


@pytest.mark.parametrize(
    ("spec", "table"),
    [
        ("C12", cyclic_group(12)),
        (" S4\n", symmetric_group(4)),
        ("A5", alternating_group(5)),
        ("D8", dihedral_group(8)),
        ("Q8", quaternion_group(8)),
        ("Q16", quaternion_group(16)),
        ("Dic12", dicyclic_group(12)),
        ("PSL(2,7)", projective_special_linear_group(7)),
        ("PSL(2, 5)", projective_special_linear_group(5)),
        ("C3xS3", direct_product(cyclic_group(3), symmetric_group(3))),
        ("C2 x C2 x S3", direct_product(cyclic_group(2), cyclic_group(2), symmetric_group(3))),
        ("C2×Q8", direct_product(cyclic_group(2), quaternion_group(8))),
        ("12:3", small_group(12, 3)),
        ("C3 : C4", small_group(12, 1)),
        ("C3:C4", small_group(12, 1)),
        ("SL(2,3)", small_group(24, 3)),
        ("mod7:a-b", modular_table(7, "a-b")),
        ("mod 7 : a / b", modular_table(7, "a/b")),
        ("mod7:a/b if b odd else a-b", modular_table(7, "a/b if b odd else a-b")),
        ("S3:ab", symmetric_group(3)),
        ("C5:a b^-1", modular_table(5, "a-b")),
        ("C3xC2:ab", direct_product(cyclic_group(3), cyclic_group(2))),
        ("6:1:ab", small_group(6, 1)),
    ],
)
def test_names(spec, table):
    assert generate_family(spec) == table


@pytest.mark.parametrize("word", ["ab", "aba^-1", "aba", "b^-2a^3", "a*b*a", "a^0", "b"])
def test_words_agree_with_sympy(word):
    table = generate_family(f"S4:{word}")
    letters = re.findall(r"([ab])(?:\^(-?\d+))?", word)
    for a, b in itertools.product(table.rows[::5], table.rows):
        expected = Permutation(3)
        for letter, power in letters:
            element = permutation_of(a if letter == "a" else b)
            expected = expected * element ** int(power or 1)
        assert permutation_of(table[a, b]) == expected


def permutation_of(label):
    cycles = [[int(i) - 1 for i in part.split()] for part in re.findall(r"\(([^)]+)\)", label)]
    return Permutation(cycles, size=4)


def test_words_have_huge_powers():
    assert word_table(cyclic_group(7), "a^100000000b") == modular_table(7, "100000000a+b")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", "'' is not a family. Accepted are C12, S4"),
        ("R4", "'R4' is not a family. Accepted are"),
        ("x" * 1000, "'x{200}' is not a family"),
        ("C2xx", "'C2xx' is not a family"),
        ("S4:abc", "'S4:abc' is not a family"),
        ("C5:", "is not a family"),
        ("D7", "D7 is no group by its order, which is even"),
        ("S8", "S8 has order 40320, over the limit of 5000: its table alone needs 13.0 GB"),
        ("C3xS7", "C3xS7 has order 15120"),
        ("S9:aba", "S9 has order 362880"),
        ("C100xC100", "C100xC100 has order 10000"),
        ("999999:1", "999999:1 has order 999999"),
        ("200:1", "`order` must be 1 to 100; got 200"),
        ("12:6", "`id` must be 1 to 5 for order 12; got 6"),
        ("mod10:a/b", "division modulo 10 needs a prime"),
        ("mod7:__import__", "'__import__' is not an operation modulo n"),
        ("C97 : C2", "is not a family"),
    ],
)
def test_refusals_say_what_is_accepted(spec, message):
    with pytest.raises(ValueError, match=message):
        generate_family(spec)


def test_shared_descriptions_list_their_ids():
    with pytest.raises(
        ValueError, match=r"'\(C4 x C2\) : C2' describes several groups; choose one of 16:3, 16:13"
    ):
        generate_family("(C4 x C2) : C2")


def test_words_need_a_group():
    with pytest.raises(ValueError, match="'c' is not a word in a and b such as aba"):
        word_table(cyclic_group(3), "c")
    for array in ([[0, 1], [1, -1]], [[1, 1], [1, 1]]):
        with pytest.raises(ValueError, match="`group` must be the full table of a group"):
            word_table(Table.from_array(array), "ab")


def test_the_limit_can_be_raised_or_lowered():
    with pytest.raises(ValueError, match="over the limit of 100"):
        generate_family("S5", max_order=100)
    assert generate_family("S5", max_order=120).order == 120


@pytest.mark.parametrize("name", ["Z6", "Z_6", "Z/6", "Z/6Z", "C_6", "ℤ6"])
def test_integers_modulo_n_are_the_cyclic_group(name):
    assert generate_family(name) == generate_family("C6")
    assert generate_family(f"Z2 x {name}") == generate_family("C2xC6")


def test_the_names_of_listed_groups_may_have_z_too():
    assert generate_family("Z3 : Z4") == generate_family("C3 : C4")


def test_an_odd_dihedral_name_is_answered_with_the_one_meant():
    with pytest.raises(ValueError, match=r"5 corners are D10 here, as in GAP"):
        generate_family("D5")
    with pytest.raises(ValueError, match=r"3 corners are D6 here"):
        generate_family("C2xD3")
    assert generate_family("D10").order == 10

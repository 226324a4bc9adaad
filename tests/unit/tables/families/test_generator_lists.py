"""Groups from permutations and matrices, against SymPy and known orders."""

import re

import numpy as np
import pytest
from sympy.combinatorics import Permutation, PermutationGroup

from cayley.algebra import identify
from cayley.tables.families._generator_lists import looks_like_generators, read_generators

PERMUTATIONS = {
    "cycles": "(1 2 3)(4 5)\n(1 2)",
    "commas": "(1,2,3)(4,5)\n(1,2)",
    "one line": "(1 2 3)(4 5), (1 2)",
    "GAP": "Group((1,2,3)(4,5), (1,2));",
    "GAP list": "G := Group([ (1,2,3)(4,5),\n (1,2) ]);",
    "named": "a = (1 2 3)(4 5)  # a rotation\nb := (1 2);",
    "lists": "[2,3,1,5,4]\n[2,1,3,4,5]",
    "overlapping cycles": "(1 3)(1 2)(4 5)\n(1 2)",
}


@pytest.mark.parametrize("form", PERMUTATIONS)
def test_every_way_to_write_permutations(form):
    text = PERMUTATIONS[form]
    assert looks_like_generators(text)[0] >= 0.9
    table = read_generators(text).table()
    oracle = PermutationGroup(Permutation([1, 2, 0, 4, 3]), Permutation([1, 0, 2, 3, 4]))
    assert table.order == oracle.order() == 12
    assert identify(table).name == "D12"
    assert table["(1 2 3)(4 5)", "(1 2)"] == "(2 3)(4 5)"


def test_points_from_zero_keep_their_numbers():
    table = read_generators("(0 1 2)\n(0 1)").table()
    assert table.rows == ("()", "(1 2)", "(0 1)", "(0 1 2)", "(0 2 1)", "(0 2)")
    assert read_generators("[1,2,0]\n[1,0,2]").table().rows == table.rows


MATRICES = {
    "[[0,-1],[1,0]]\n[[0,1],[1,0]]": (8, "D8"),
    "[[[0,-1],[1,0]]]": (4, "C4"),
    "0 -1\n1 0\n\n0 1\n1 0": (8, "D8"),
    "mod 3\n1 1\n0 1\n\n0 -1\n1 0": (24, "SL(2,3)"),
    "mod 2\n[[1,1,0],[0,1,0],[0,0,1]]\n[[0,1,0],[0,0,1],[1,0,0]]": (168, "PSL(3,2)"),
    "mod 7\n[[3]]": (6, "C6"),
    "Group([[0,-1],[1,1]])": (6, "C6"),
}


@pytest.mark.parametrize("text", MATRICES)
def test_matrices(text):
    order, name = MATRICES[text]
    assert looks_like_generators(text)[0] >= 0.9
    table = read_generators(text).table()
    assert table.order == order
    found = identify(table)
    assert found.name == name or order == 168  # PSL(3,2) is PSL(2,7), whichever name is given
    assert table.rows[0] == "1"


def test_labels_of_matrices_are_words_that_multiply():
    table = read_generators("[[0,-1],[1,0]]\n[[0,1],[1,0]]").table()
    assert table["a", "b"] == "ab"
    assert table["a^2", "a"] == "a^3"
    assert table["a^3", "a"] == "1"


def test_a_word_is_the_product_of_its_matrices():
    # C7 : C3 has no anti-automorphism that keeps these two, so that a wrong order would be seen.
    text = "mod 7\n[[2,0],[0,1]]\n[[1,1],[0,1]]"
    letters = dict(zip("ab", map(np.array, read_generators(text).values), strict=True))

    def value(word):
        found = np.eye(2, dtype=int)
        for letter, power in re.findall(r"([ab])(?:\^(\d+))?", word):
            found = found @ np.linalg.matrix_power(letters[letter], int(power or 1)) % 7
        return found.tolist()

    table = read_generators(text).table()
    for x in table.rows:
        for y in table.rows:
            product = np.array(value(x)) @ np.array(value(y)) % 7
            assert value(table[x, y]) == product.tolist()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(1 2 1)", "a cycle in which a point occurs twice"),
        ("(1 99999999)", "beyond the limit of 2000"),
        ("[2,2]\n[1,2]", r"\[2, 2\] is no permutation of 1..2"),
        ("[2,1,3]\n[2,1]", "is no permutation"),
        ("[[1,1],[0,1]]\n[[1,0],[1,1]]", "a finite group of 2 x 2 integer matrices has at most 12"),
        ("[[2,0],[0,1]]\n[[1,0],[0,1]]", "matrix 1 has the determinant 2; a group of integer"),
        ("mod 6\n[[2]]", "matrix 1 is not invertible modulo 6"),
        ("mod 1\n[[1]]", "give a modulus from 2 on"),
        ("[[9999999999999999999999,1],[1,0]]", "beyond the limit of 2147483648"),
        ("mod 999999999\n" + "\n".join(["1 0" + " 0" * 20] * 22), "too large for"),
        ("\n".join(["1 0" + " 0" * 100] * 102), "102 rows; 64 is the limit"),
        ("hello", "these are no generators"),
    ],
)
def test_refusals(text, message):
    with pytest.raises(ValueError, match=message):
        read_generators(text).table()


def test_infinite_groups_of_large_matrices_and_large_groups_are_refused():
    shear = "\n".join(" ".join("1" if i == j or (i, j) == (0, 1) else "0" for j in range(6))
                      for i in range(6))  # fmt: skip
    with pytest.raises(ValueError, match="over the limit of 100"):
        read_generators(f"{shear}\n\n{shear}").table(max_order=100)
    fibonacci = "1 1 0 0 0\n1 0 0 0 0\n0 0 1 0 0\n0 0 0 1 0\n0 0 0 0 1"
    with pytest.raises(ValueError, match="infinite group: their entries grow"):
        read_generators(f"{fibonacci}\n\n{fibonacci}").table()
    with pytest.raises(ValueError, match="over the limit of 1000"):
        read_generators("(1 2 3 4 5 6 7 8)\n(1 2)").table(max_order=1000)


@pytest.mark.parametrize(
    "text",
    ["e,a\na,e", "1,2\n2,1", "[[1,2],[2,1]]", "[[0,-1],[1,0]]", "(),(1 2)\n(1 2),()",
     ",(),(1 2)\n(),(),(1 2)\n(1 2),(1 2),()", "\t()\t(1 2)\n()\t()\t(1 2)", "() (1,2)\n(1,2) ()",
     "0 1\n1 0", "", "(a b c)", ",#\n#,#\n", ","],
)  # fmt: skip
def test_tables_are_no_generators(text):
    assert looks_like_generators(text)[0] == 0


def test_as_many_lists_as_points_may_be_a_table():
    assert looks_like_generators("[2,3,1]\n[3,1,2]\n[1,2,3]")[0] == 0.4


def test_numbers_too_large_for_matrices_are_labels():
    text = "9999999999 8888888888\n8888888888 9999999999\n\n7777777777 1\n1 7777777777"
    assert looks_like_generators(text) == (0.0, "")
    with pytest.raises(ValueError, match="beyond the limit"):
        read_generators(text)

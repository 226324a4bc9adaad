import pytest

from cayley.tables.labels._alphabets import (
    infer_table_symbols,
    infer_triple_alphabets,
    record_appearance,
)


def alphabets_of(*triples):
    appearances = ({}, {}, {})
    for triple in triples:
        for place, label in enumerate(triple):
            if label not in appearances[place]:
                record_appearance(appearances, place, label)
    return tuple(map("".join, infer_triple_alphabets(appearances)))


@pytest.mark.parametrize(
    ("rows", "seen", "symbols"),
    [
        ("abc", "ca", ("a", "b", "c")),
        ("abc", "xyz", ("x", "y", "z")),
        ("abc", "ax", ("a", "x", "?1")),
        ("abc", "x", ("x", "?1", "?2")),
        ("ab", "wxyz", ("w", "x", "y", "z")),
    ],
)
def test_symbols_of_a_square_table(rows, seen, symbols):
    assert infer_table_symbols(rows, rows, seen) == symbols


def test_placeholders_skip_labels_that_are_taken():
    assert infer_table_symbols(["?1", "b", "c"], "abc", ["?3"]) == ("?3", "?2", "?4")


def test_rectangular_tables_are_not_topped_up():
    assert infer_table_symbols("abc", "ab", "x") == ("x",)


def test_one_shared_label_makes_one_alphabet():
    assert alphabets_of("aab", "bca") == ("abc", "abc", "abc")


def test_separate_alphabets_are_topped_up_to_the_largest():
    assert alphabets_of("rup", "svp", "tvq") == ("rst", "uv?1", "pq?2")


def test_operands_with_results_of_their_own():
    assert alphabets_of("abp", "baq", "ccp") == ("abc", "abc", "pq?1")
    assert alphabets_of("aap", "abq", "bar") == ("ab?1", "ab?1", "pqr")


def test_actions_stay_rectangular():
    assert alphabets_of("xgy", "yhx", "zgx") == ("xyz", "gh", "xyz")
    assert alphabets_of("gxy", "hyx", "gzx") == ("gh", "xyz", "xyz")


def test_order_of_first_appearance():
    assert alphabets_of("cab", "bdd")[0] == "cabd"

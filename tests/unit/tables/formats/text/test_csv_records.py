import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cayley.tables.formats.text._csv_records import (
    check_writable,
    find_delimiter,
    needs_quotes,
    write_records,
)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        (",a,b\n", ","),
        ("\ta\tb\n", "\t"),
        (";a;b\n", ";"),
        (";1,5;2,5;3,5\n", ";"),
        ('\t"a,b"\t"c,d"\n', "\t"),
        ('"","a;b","c"\n', ","),
        ("\n\n*\ta\n", "\t"),
        ("nothing\n", ","),
    ],
)
def test_finds_the_delimiter_of_the_header(text, delimiter):
    assert find_delimiter(text) == delimiter


def test_a_preferred_delimiter_wins_if_it_splits():
    assert find_delimiter("*,a;b;c\n", preferred=(",", ";")) == ","
    assert find_delimiter("*;a;b\n", preferred=(",", ";")) == ";"
    assert find_delimiter(";1,5;2,5\n", preferred=(",", ";")) == ";"
    assert find_delimiter("alone\n", preferred=("\t", ",")) == "\t"


@given(
    st.lists(st.text(alphabet=',;\t"\r\n ab', min_size=1), min_size=1, max_size=4),
    st.sampled_from([",", "\t"]),
)
def test_what_is_written_is_told_apart_without_a_suffix(labels, delimiter):
    text = write_records([["", *labels]], delimiter, quote=needs_quotes(labels, delimiter))
    assert find_delimiter(text) == delimiter


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("", "an empty label would be read as unknown"),
        ("-", "the label '-' would be read as unknown"),
        ("x" * csv.field_size_limit(), "a label has 131072 characters"),
        (" b", "the label ' b' would lose the spaces around it"),
    ],
)
def test_refuses_labels_that_would_not_come_back(label, message):
    with pytest.raises(ValueError, match=message):
        check_writable([label], ["-"])

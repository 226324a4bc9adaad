import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.studio.answers._table_documents import (
    Malformed,
    assumption_in,
    checked_assumption,
    integer_in,
    number_in,
    object_of,
    table_document,
    table_in,
    text_in,
)
from cayley.tables import Table, generate_family

GOOD = {
    "rows": ["a", "b"], "columns": ["a", "b"], "symbols": ["a", "b"], "cells": [[0, 1], [1, -1]],
    "repeats": [],
}  # fmt: skip


@settings(max_examples=60)
@given(st.data())
def test_tables_come_back(data) -> None:
    n = data.draw(st.integers(1, 5))
    names = st.lists(
        st.text(st.characters(blacklist_categories=("Cs",))), min_size=n, max_size=n, unique=True
    )
    rows, columns, symbols = (tuple(data.draw(names)) for _ in range(3))
    cells = st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)
    array = data.draw(st.lists(cells, min_size=n, max_size=n))
    array[0][0] = 0
    repeats = data.draw(st.sampled_from([[], [[0, 0, n - 1]]]))
    table = Table(
        rows=rows, columns=columns, symbols=symbols, array=array,
        repeats=np.array(repeats, np.int64).reshape(-1, 3),
    )  # fmt: skip
    sent = json.dumps({"table": table_document(table)}).encode()
    assert table_in(object_of(sent), max_order=60) == table


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        GOOD | {"rows": ["a"]},
        GOOD | {"rows": []},
        GOOD | {"rows": "ab"},
        GOOD | {"rows": ["a", 1]},
        GOOD | {"rows": ["a", "\ud800"]},
        GOOD | {"rows": ["a", "x" * 3000]},
        GOOD | {"cells": [[0, 1]]},
        GOOD | {"cells": [[0, 1], [1]]},
        GOOD | {"cells": [[0, 1], [1, 7]]},
        GOOD | {"cells": [[0.5, 1], [1, 0]]},
        GOOD | {"cells": [[True, 1], [1, 0]]},
        GOOD | {"cells": [[0, 1], [1, -2]]},
        GOOD | {"cells": [[0, 1], [1, 10**30]]},
        GOOD | {"repeats": [[0, 0, 1]] * 9},
        GOOD | {"repeats": [[0, 0]]},
        GOOD | {"repeats": {}},
    ],
)
def test_what_is_no_table_is_malformed(wrong) -> None:
    with pytest.raises(Malformed) as caught:
        table_in({"table": wrong}, max_order=60)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (GOOD | {"rows": ["a", "a"]}, "occurs twice"),
        (GOOD | {"repeats": [[1, 1, 0]]}, "repeat cells"),
        (GOOD | {"repeats": [[0, 0, 5]]}, "below"),
        (table_document(generate_family("C7")), "takes up to 6"),
        (
            GOOD | {"rows": ["a"], "columns": [*"abcdefg"], "cells": [[0] * 7]},
            "1 rows, 7 columns",
        ),
    ],
)  # fmt: skip
def test_tables_that_are_refused_in_a_sentence(wrong, message) -> None:
    with pytest.raises(ValueError, match=message):
        table_in({"table": wrong}, max_order=6)


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[]", b"1", b"\xff", b"[" * 100_000, b'{"a": NaN}', b'{"a": Infinity}']
)
def test_bodies_that_are_no_objects(body) -> None:
    with pytest.raises(Malformed, match="JSON"):
        object_of(body)


def test_members_have_their_kinds() -> None:
    assert text_in({"a": "x"}, "a") == "x"
    assert integer_in({}, "a", 3, least=0, most=5) == 3
    assert number_in({"a": 2}, "a", 0, least=0, most=5) == 2.0
    for value in (True, 1.5, "1", None, -1, 6):
        with pytest.raises(Malformed):
            integer_in({"a": value}, "a", 0, least=0, most=5)
    for value in (True, "1", None, -1, 6, float("nan")):
        with pytest.raises(Malformed):
            number_in({"a": value}, "a", 0, least=0, most=5)
    for value in (None, 1, "x" * 201, "\udc00"):
        with pytest.raises(Malformed):
            text_in({"a": value}, "a")


@pytest.mark.parametrize(
    "assume", ["none", "left Bol loop", "x*(y*z) = (x*y)*z; x*y = y*x", "homotope", "polynomial"]
)
def test_any_assumption_can_be_sent(assume) -> None:
    assert assumption_in({"assume": f" {assume} "}) == assume


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" ", "Name what"),
        ("moufang lop", "Moufang loop|moufang loop"),
        ("x*(y*z = y", "Column 8"),
        ("x" * 201, "201 characters"),
        ("x=" + "(" * 150, "Column|brackets"),
    ],
)
def test_assumptions_that_are_refused_in_one_line(text, message) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        checked_assumption(text)
    assert "\n" not in str(caught.value)

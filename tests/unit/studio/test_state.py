import base64
import json
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cayley.studio._state import State, checked_assumption, decode_state, encode_state
from cayley.studio._visitor_limits import VisitorLimits
from cayley.tables import Table, generate_family, isotope, mask


def packed(document) -> str:
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip("=")


GOOD = {
    "rows": ["a", "b"], "columns": None, "symbols": None, "array": [[0, 1], [1, -1]],
    "repeats": [], "solvers": ["auto"], "assume": "auto", "seed": 0,
}  # fmt: skip


@settings(max_examples=60)
@given(st.data())
def test_states_come_back(data) -> None:
    n = data.draw(st.integers(1, 5))
    names = st.lists(
        st.text(st.characters(blacklist_categories=("Cs",))), min_size=n, max_size=n, unique=True
    )
    rows, columns, symbols = (tuple(data.draw(names)) for _ in range(3))
    cells = st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)
    array = data.draw(st.lists(cells, min_size=n, max_size=n))
    array[0][0] = 0
    repeats = data.draw(st.sampled_from([[], [[0, 0, n - 1]]]))
    table = Table(rows=rows, columns=columns, symbols=symbols, array=array)
    if repeats:
        import numpy as np

        table = Table(
            rows=rows, columns=columns, symbols=symbols, array=array, repeats=np.array(repeats)
        )
    state = State(table=table, solvers=("exact", "hypercube"), assume="isotope", seed=9)
    assert decode_state(encode_state(state), limits=VisitorLimits()) == state


def test_a_full_table_of_order_sixty_fits_a_link() -> None:
    table = isotope(generate_family("A5"), seed=0)
    text = encode_state(State(table=table))
    assert len(text) < VisitorLimits().max_link
    assert decode_state(text, limits=VisitorLimits()).table == table


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "damaged"),
        ("%%%", "damaged"),
        ("x" * 20_000, "20000 characters"),
        (packed(GOOD)[:-9], "damaged"),
        (packed(b"\xff"), "damaged"),
        (packed([]), "damaged"),
        (packed(b"[" * 100_000), "damaged"),
        (packed(b" " * 5_000_000), "damaged"),
        (packed(GOOD | {"seed": -1}), "damaged"),
        (packed(GOOD | {"seed": True}), "damaged"),
        (packed(GOOD | {"solvers": ["rm -rf"]}), "damaged"),
        (packed(GOOD | {"solvers": []}), "damaged"),
        (packed(GOOD | {"assume": {}}), "damaged"),
        (packed(GOOD | {"assume": "no such theory"}), "damaged"),
        (packed(GOOD | {"assume": "("}), "damaged"),
        (packed(GOOD | {"assume": "x=" + "(" * 150}), "damaged"),
        (packed(GOOD | {"rows": ["a", "a"]}), "damaged"),
        (packed(GOOD | {"rows": ["a", 1]}), "damaged"),
        (packed(GOOD | {"rows": ["a", "\ud800"]}), "damaged"),
        (packed(GOOD | {"array": [[0, 1]]}), "damaged"),
        (packed(GOOD | {"array": [[0, 1], [1, 7]]}), "damaged"),
        (packed(GOOD | {"array": [[0.5, 1], [1, 0]]}), "damaged"),
        (packed(GOOD | {"array": [[0, 1], [1, -2]]}), "damaged"),
        (packed(GOOD | {"repeats": [[0, 0, 1]] * 9}), "damaged"),
        (packed(GOOD | {"rows": [str(i) for i in range(61)]}), "above order 60"),
    ],
)
def test_links_are_not_trusted(text, message) -> None:
    with pytest.raises(ValueError, match=message):
        decode_state(text, limits=VisitorLimits())


def test_the_good_one_is_good() -> None:
    table = mask(Table.from_array([[0, 1], [1, 0]], labels="ab"), observe=1.0, seed=0)
    found = decode_state(packed(GOOD), limits=VisitorLimits())
    assert found.table.rows == table.rows
    assert found.table.num_observed == 3


@pytest.mark.parametrize(
    "assume", ["none", "left Bol loop", "x*(y*z) = (x*y)*z; x*y = y*x", "homotope", "polynomial"]
)
def test_a_link_keeps_any_assumption(assume) -> None:
    state = State(table=generate_family("C3"), assume=assume)
    assert decode_state(encode_state(state), limits=VisitorLimits()) == state


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" ", "Name what"),
        ("moufang lop", "Moufang loop|moufang loop"),
        ("x*(y*z = y", "Column 8"),
        ("x" * 201, "201 characters"),
    ],
)
def test_assumptions_that_are_refused_in_one_line(text, message) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        checked_assumption(text)
    assert "\n" not in str(caught.value)

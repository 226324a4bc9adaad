"""The picture of the first page says what cayley says of the table that it shows."""

import importlib.util
import re
from pathlib import Path

import pytest

from cayley import read_table, solve

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "examples" / "tables" / "c3v_partial.csv"


@pytest.fixture(scope="module")
def script():
    path = ROOT / "scripts" / "draw_front_picture.py"
    spec = importlib.util.spec_from_file_location("draw_front_picture", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("shape", ["wide", "tall"])
@pytest.mark.parametrize("color", ["light", "dark"])
def test_the_files_have_the_verdict_and_every_cell(shape, color):
    text = (ROOT / "docs" / "_static" / f"front-{shape}-{color}.svg").read_text(encoding="utf-8")
    for sentence in solve(read_table(TABLE)).verdict.rstrip(".").split(". "):
        assert (
            text.count(sentence) == 2
        )  # in the picture, and in what those are told who do not see it
    cells = re.findall(r'data-row="\d" data-column="\d" data-value="(-?\d)"', text)
    assert len(cells) == 72
    assert cells.count("-1") == 14
    assert "currentColor" not in text and "var(" not in text  # a file has no page to ask


def test_the_reason_is_true_and_rests_on_known_cells(script):
    given, full = read_table(TABLE), solve(read_table(TABLE)).table
    (x, y), words = script.reason(given)
    left, right = given.rows[x], given.columns[y]
    assert given.array[x, y] < 0
    steps = [re.sub(r"[∘()]", " ", step).split() for step in words.split(" = ")]
    assert steps[0] == [left, right]
    u, v, _ = steps[1]
    assert given[u, v] == left
    assert [u, given[v, right]] == steps[3]
    assert given[u, steps[3][1]] == steps[4][0] == full[left, right]

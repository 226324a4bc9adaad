"""The numbers in the tables of the pages are those of the committed records."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "page", "least"),
    [
        ("tables", "docs/records/completion.md", 15),
        ("tables", "docs/comparison.md", 1),
        ("scaling", "docs/records/scaling.md", 4),
    ],
)
def test_tables_are_made_from_the_records(name, page, least) -> None:
    module, text = script(name), (ROOT / page).read_text(encoding="utf-8")
    assert len(module.BLOCK.findall(text)) >= least
    assert module.written(text) == text, f"python benchmarks/{name}.py, see its first lines"


def test_a_number_that_was_changed_by_hand_would_be_seen() -> None:
    tables, text = script("tables"), (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
    start = text.index("<!-- table: summary -->")
    changed = text[:start] + text[start:].replace("3 of 3", "2 of 3", 1)
    assert changed != text
    assert tables.written(changed) == text


def test_ranges_are_shown_where_they_show() -> None:
    tables = script("tables")
    assert tables.spread([1.0, 1.0, 0.999], tables.share) == "1 (0.99+ to 1)"
    assert tables.spread([0.504, 0.5, 0.496], tables.share) == "0.5"
    assert tables.spread([7.0, 5.0, 120.0]) == "7 (5 to 120)"
    assert tables.spread([]) == "–"

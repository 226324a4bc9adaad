"""The page about the architecture has a paragraph for every room."""

import pkgutil
import re
from pathlib import Path

import pytest

import cayley

PAGE = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = sorted(
    found.name for found in pkgutil.iter_modules(cayley.__path__) if not found.name.startswith("_")
)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_paragraph(room):
    assert f"**{room}**" in PAGE


def test_no_paragraph_is_about_a_room_that_does_not_exist():
    bold = re.findall(r"\*\*(\w+)\*\*", PAGE)
    assert set(bold) == set(ROOMS)

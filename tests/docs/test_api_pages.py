"""Every public room has a page, and every public name a docstring with its definition."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import cayley

API = Path(__file__).parents[2] / "docs" / "api"
ROOMS = sorted(
    found.name for found in pkgutil.iter_modules(cayley.__path__) if not found.name.startswith("_")
)
EDGE = {"cli", "studio"}  # commands, which have their own reference


@pytest.mark.parametrize("room", sorted(set(ROOMS) - EDGE))
def test_a_room_has_a_page_that_the_index_lists(room):
    page = (API / f"{room}.md").read_text(encoding="utf-8")
    assert f".. automodule:: cayley.{room}\n" in page
    assert f"\n{room}\n" in (API / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("room", sorted(set(ROOMS) - EDGE))
def test_public_names_have_docstrings(room):
    module = importlib.import_module(f"cayley.{room}")
    assert inspect.getdoc(module)
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            inherited = inspect.isclass(thing) and thing.__doc__ == thing.__mro__[1].__doc__
            assert thing.__doc__ and not inherited, f"cayley.{room}.{name}"

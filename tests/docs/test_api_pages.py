"""Every room has a page with all its public names, and every public name has a docstring."""

import importlib
import inspect
import pkgutil
import re
import sys
from pathlib import Path

import pytest

import cayley

EXTENSIONS = Path(__file__).parents[2] / "docs" / "_extensions"
sys.path.insert(0, str(EXTENSIONS))
api_pages = importlib.import_module("api_pages")
sys.path.remove(str(EXTENSIONS))

ROOMS = sorted(
    found.name for found in pkgutil.iter_modules(cayley.__path__) if not found.name.startswith("_")
)
EDGE = {"cli", "studio"}  # commands, which have their own reference


def test_the_index_lists_every_room_and_the_lowest_first():
    rooms = api_pages.rooms()
    assert sorted(rooms) == sorted(set(ROOMS) - {"cli"})
    assert rooms[:2] == ["tables", "algebra"]
    assert rooms.index("completion") < rooms.index("experiments") < rooms.index("report")
    index = api_pages.index()
    assert all(f":doc:`cayley.{room} <{room}>`" in index for room in rooms)
    assert all(f"cayley.{name} <" in index for name in cayley.__all__ if not name.startswith("_"))


def test_the_index_begins_with_the_top_level_and_that_with_solve():
    index = api_pages.index()
    assert index.index("py:obj:`") == index.index("py:obj:`cayley.solve ")
    assert index.index("cayley.solve <") < index.index(":doc:`cayley.tables")
    assert sorted(api_pages.top_level()) == sorted(set(cayley.__all__) - {"__version__"})
    assert set(api_pages.TOP) <= set(cayley.__all__)


@pytest.mark.parametrize("room", sorted(set(ROOMS) - {"cli"}))
def test_a_page_documents_every_public_name_under_its_public_path(room):
    module, page = importlib.import_module(f"cayley.{room}"), api_pages.page(f"cayley.{room}")
    for name in getattr(module, "__all__", ()):
        assert len(re.findall(rf"^\.\. \S+:: cayley\.{room}\.{name}$", page, re.MULTILINE)) == 1
        assert f":py:obj:`{name} <cayley.{room}.{name}>`" in page
    assert not re.search(r"cayley(\.\w+)*\._\w", page)


def test_the_page_of_the_pipeline_begins_with_solve():
    page = api_pages.page("cayley.completion")
    assert page.index("py:obj:`solve ") == page.index("py:obj:")
    assert page.index(".. autofunction::") == page.index(
        ".. autofunction:: cayley.completion.solve"
    )


def test_what_a_room_mentions_comes_first():
    module = importlib.import_module("cayley.tables")
    names = api_pages.names_of(module)
    assert sorted(names) == sorted(module.__all__)
    text = module.__doc__
    mentioned = [name for name in names if re.search(rf"(?<![\w.]){name}(?!\w)", text)]
    assert mentioned
    assert names[: len(mentioned)] == mentioned


def test_a_constant_has_the_text_below_it():
    assert api_pages.data_doc("cayley.tables", "UNKNOWN").strip()
    assert not api_pages.data_doc("cayley.tables", "no_such_name")


@pytest.mark.parametrize("room", sorted(set(ROOMS) - EDGE))
def test_public_names_have_docstrings(room):
    module = importlib.import_module(f"cayley.{room}")
    assert inspect.getdoc(module)
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            inherited = inspect.isclass(thing) and thing.__doc__ == thing.__mro__[1].__doc__
            assert thing.__doc__ and not inherited, f"cayley.{room}.{name}"

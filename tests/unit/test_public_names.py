"""The public names are those of a committed list, documented, and light to import."""

import importlib
import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import cayley

ROOT = Path(__file__).parents[2]

# The most names there may be in the rooms; the shortcuts of the top level are not counted again.
# A new room has to earn its names.
MOST_NAMES = 250

HOW = "If that is on purpose: `python scripts/list_public_names.py`, and a line in CHANGELOG.md."


def listed() -> list[str]:
    text = (ROOT / "tests" / "data" / "public_names.txt").read_text(encoding="utf-8")
    return text.split()


def test_the_names_are_those_of_the_list():
    path = ROOT / "scripts" / "list_public_names.py"
    spec = importlib.util.spec_from_file_location("list_public_names", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    expected, found = listed(), script.public_names()
    assert len(set(found)) == len(found)
    added, gone = sorted(set(found) - set(expected)), sorted(set(expected) - set(found))
    assert (added, gone) == ([], []), f"new public names {added}, missing ones {gone}. {HOW}"
    assert expected == sorted(expected)


def test_the_version_is_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {cayley.__version__}\n" in citation
    assert f"\n## [{cayley.__version__}]" in changes


def test_there_are_not_too_many():
    count = sum("." in name for name in listed())
    assert count <= MOST_NAMES, f"{count} public names; make some private, or say why in a review."


def test_every_name_is_there_and_documented():
    for name in listed():
        room, _, last = f"cayley.{name}".rpartition(".")
        value = getattr(importlib.import_module(room), last)
        if inspect.isclass(value) or inspect.isfunction(value):
            inherited = inspect.isclass(value) and value.__doc__ == value.__mro__[1].__doc__
            assert value.__doc__ and not inherited, name


def test_the_top_level_shows_its_names_and_no_others():
    assert set(cayley.__all__) <= set(dir(cayley))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        cayley.nothing  # noqa: B018


@pytest.mark.parametrize(
    "code",
    [
        "import cayley.tables",
        "import cayley.deduction",
        "import cayley.algebra; cayley.algebra.identify([[0, 1], [1, 0]])",
    ],
)
def test_the_exact_rooms_import_nothing_heavy(code):
    heavy = {"torch", "scipy", "numba", "matplotlib", "rich", "typer", "sympy"}
    code = f"import sys\n{code}\nsys.exit(' '.join({heavy} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

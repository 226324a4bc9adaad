"""The table of `scripts/mutants.py` fits the source, and a survivor is told from a killed one."""

import dataclasses
import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "mutants.py"


@pytest.fixture(scope="module")
def mutants():
    spec = importlib.util.spec_from_file_location("mutants", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["mutants"]


def test_every_line_is_found_once_and_every_test_is_there(mutants):
    for mutant in mutants.MUTANTS:
        assert mutants.place(mutant).suffix == ".py"
        assert mutant.line != mutant.changed
    assert len({mutant.name for mutant in mutants.MUTANTS}) == len(mutants.MUTANTS)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A room of one function, with a test that sees one of its two cases."""
    # pytest is started for each mutant; importing all of its plugins would take a second
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    room = tmp_path / "src" / "cayley" / "room"
    tests = tmp_path / "tests" / "unit"
    room.mkdir(parents=True)
    tests.mkdir(parents=True)
    (room / "_sign.py").write_text("def sign(x):\n    return 1 if x > 0 else -1\n")
    (tests / "test_sign.py").write_text(
        "import sys\nfrom pathlib import Path\n"
        "sys.path.insert(0, str(Path(__file__).parents[2] / 'src' / 'cayley' / 'room'))\n"
        "from _sign import sign\n"
        "def test_positive():\n    assert sign(1) == 1\n"
    )
    return tmp_path


def of(mutants, **changes):
    mutant = mutants.Mutant(
        name="toy", room="room", line="return 1 if", changed="return 2 if", tests=("test_sign.py",)
    )
    return dataclasses.replace(mutant, **changes)


def test_killed_and_survived(mutants, tree):
    before = (tree / "src" / "cayley" / "room" / "_sign.py").read_text()
    assert not mutants.survives(of(mutants), tree)
    assert mutants.survives(of(mutants, line="else -1", changed="else -2"), tree)
    assert (tree / "src" / "cayley" / "room" / "_sign.py").read_text() == before


def test_what_is_not_there_is_refused(mutants, tree):
    with pytest.raises(ValueError, match="occurs 0 times, not once"):
        mutants.survives(of(mutants, line="nothing"), tree)
    with pytest.raises(ValueError, match="occurs 2 times, not once"):
        mutants.survives(of(mutants, line="n"), tree)
    with pytest.raises(ValueError, match=r"tests/unit has no test_other\.py"):
        mutants.survives(of(mutants, tests=("test_other.py",)), tree)
    (tree / "tests" / "unit" / "empty.py").write_text("")
    with pytest.raises(ValueError, match="the tests did not run"):
        mutants.survives(of(mutants, tests=("empty.py",)), tree)

"""Data that is shipped: what each script would write is what is there, and the check says so."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"


def run(script, *arguments):
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, str(SCRIPTS / script), *arguments],
        env=dict(os.environ, PYTHONPATH=path),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def write_or_check(monkeypatch):
    spec = importlib.util.spec_from_file_location("shipped_file", SCRIPTS / "shipped_file.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def call(target, text, *arguments):
        monkeypatch.setattr(sys, "argv", ["script", *arguments])
        return module.write_or_check(target, text)

    return call


def test_a_check_says_whether_the_file_is_what_would_be_written(write_or_check, tmp_path, capsys):
    target = tmp_path / "new" / "data.jsonl"
    assert write_or_check(target, "one\ntwo\n", "--check") == 1
    assert "the file is missing" in capsys.readouterr().err
    assert write_or_check(target, "one\ntwo\n") == 0
    assert target.read_bytes() == b"one\ntwo\n"
    assert write_or_check(target, "one\ntwo\n", "--check") == 0
    capsys.readouterr()
    for text, said in (
        ("one\nthree\n", "line 2 is not what this script writes: three"),
        ("one\ntwo\nthree\n", "2 lines and 8 bytes, but this script writes 3 lines and 14 bytes"),
        ("one\ntwo", "2 lines and 8 bytes, but this script writes 2 lines and 7 bytes"),
    ):
        assert write_or_check(target, text, "--check") == 1
        assert said in capsys.readouterr().err
    assert target.read_bytes() == b"one\ntwo\n"


def test_every_script_that_writes_data_can_check_it():
    scripts = sorted(SCRIPTS.glob("generate_*.py"))
    assert len(scripts) >= 8
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert "write_or_check(" in text, script.name
        assert "--check" in text.split('"""')[1], script.name


def test_the_examples_are_what_the_script_writes():
    found = run("generate_example_actions.py", "--check")
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("what this script writes") == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", ["example_tables", "group_fingerprints", "presentations"])
def test_data_that_needs_no_other_program(name):
    found = run(f"generate_{name}.py", "--check")
    assert found.returncode == 0, found.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gap_vectors", "numbered_structures", "schur_multipliers"])
def test_data_that_gap_computed(name):
    """The list of larger groups takes two hours; test_gap_oracle.py looks at some of each order."""
    pytest.importorskip("passagemath_gap", reason="GAP is an optional oracle")
    found = run(f"generate_{name}.py", "--check")
    assert found.returncode == 0, found.stderr

"""What `.ci/nightly` is made of: skips that fail a run, and constraints for the oldest releases."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """
import pytest

def test_passes(): pass

@pytest.mark.skip(reason="needs a GPU")
def test_of_a_device(): pass

@pytest.mark.xfail(reason="known", strict=True)
def test_of_a_known_fault(): assert False
"""


@pytest.fixture
def run(tmp_path):
    """Run pytest with the plugin on files of a folder; return its exit status and output."""
    (tmp_path / "expected.toml").write_text(
        '[always]\n"^needs a GPU$" = "no GPU"\n[other]\n"a" = ""'
    )

    def run(*arguments, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-p", "no:cacheprovider"]
        command += ["--rootdir", str(tmp_path), "-p", "unexpected_skips", *arguments, str(tmp_path)]
        environment = dict(
            os.environ,
            PYTHONPATH=str(ROOT / "scripts"),
            PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",  # importing all that is installed takes a second
        )
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return run


EXPECTED = ("--expected-skips", "expected.toml")


def test_expected_skips_are_printed_and_pass(run):
    status, output = run(*EXPECTED, test_toy=TESTS)
    assert status == 0, output
    assert re.search(r"expected: needs a GPU\n +test_toy.py::test_of_a_device", output)
    assert "UNEXPECTED" not in output


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "1")], ids=["alone", "xdist"])
def test_an_unexpected_skip_of_a_test_or_a_file_fails(run, workers):
    if workers:
        pytest.importorskip("xdist")
    whole = "import pytest\npytest.importorskip('no_such_module')\n"
    status, output = run(*EXPECTED, *workers, test_toy=TESTS, test_file=whole)
    assert status == 1, output
    assert re.search(r"UNEXPECTED: could not import 'no_such_module'.*\n +test_file.py", output)
    one = TESTS.replace("needs a GPU", "needs a GPU of a kind")
    (status, output) = run(*EXPECTED, *workers, test_toy=one, test_file="")
    assert status == 1, output
    assert "UNEXPECTED: needs a GPU of a kind" in output


def test_without_a_list_nothing_changes_and_a_wrong_section_is_refused(run):
    assert run(test_toy=TESTS)[0] == 0
    status, output = run(*EXPECTED, "--skips-of", "nowhere", test_toy=TESTS)
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "has no table [nowhere]" in output


def test_the_list_of_expected_skips_is_read():
    path = ROOT / ".ci" / "expected_skips.toml"
    if not path.exists():
        pytest.skip("only in a checkout: the source distribution has no .ci")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(tables) == {"always", "everything", "lower-bounds", "versions"}
    for reasons in tables.values():
        for pattern, why in reasons.items():
            re.compile(pattern)
            assert why


@pytest.fixture(scope="module")
def script():
    path = ROOT / "scripts" / "lower_bounds.py"
    spec = importlib.util.spec_from_file_location("lower_bounds", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_lower_bounds_take_the_place_of_pins(script):
    dependencies = ["jinja2>=3.1.4", "torch>=2.9", "some_thing[extra]>=1.0"]
    pins = ["# comment", "Jinja2==3.1.6", "torch==2.13.0", "ruff==0.17.6", "click==8.5.1", ""]
    assert script.lower_bounds(dependencies, pins) == [
        "jinja2==3.1.4", "ruff==0.17.6", "some-thing==1.0", "torch==2.13.0",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="`numpy` has no lower bound"):
        script.lower_bounds(["numpy"], [])


def test_every_dependency_has_a_lower_bound(script):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dependencies = project["dependencies"] + project["optional-dependencies"]["tables"]
    lines = script.lower_bounds(dependencies, ["torch==2.13.0", "pandas==3.1.1"])
    assert len(lines) == len(dependencies)
    assert "pandas==2.2.2" in lines
    tools = script.needed_by_tests(project["optional-dependencies"]["dev"])
    assert "pytest>=8.2" in tools
    assert not any(tool.startswith(("ruff", "mypy", "import-linter")) for tool in tools)


def test_every_test_that_only_the_night_takes_is_there():
    lines = (ROOT / "tests/data/nightly_only.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    assert names == sorted(set(names))
    for name in names:
        file, test = name.split("[")[0].split("::")
        source = (ROOT / file).read_text(encoding="utf-8")
        assert f"\ndef {test}(" in source, f"{name} is no longer there"

"""Every page of the documentation, run as written.

Fenced blocks of ``python`` are executed, all of a page in one namespace. In blocks of ``console``
the lines that begin with ``$`` are run by a shell; what follows them must be what they print, with
``...`` for anything. Blocks of ``sh`` are not run, but the commands of cayley in them must exist
and have the options they are given. Anything else (``{code-block}``) is not touched.
"""

import contextlib
import doctest
import io
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
import typer
from typer.testing import CliRunner

from cayley.cli._app import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if not {"_build", "gallery", "generated"} & set(page.parts)]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def name_of(page):
    return str(page.relative_to(ROOT))


def blocks(page, *languages):
    text = page.read_text(encoding="utf-8")
    return [
        (text[: found.start()].count("\n") + 2, found[1], found[2])
        for found in FENCE.finditer(text)
        if found[1] in languages
    ]


def pages_with(*languages):
    return [pytest.param(page, id=name_of(page)) for page in PAGES if blocks(page, *languages)]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder like a checkout, in which a page may write."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("COLUMNS", "120")
    mpl.use("agg")
    return tmp_path


@pytest.mark.parametrize("page", pages_with("python", "console"))
def test_the_page_runs_as_written(page, workplace):
    namespace = {"__name__": "__page__"}
    for line, language, code in blocks(page, "python", "console"):
        where = f"{name_of(page)}:{line}"
        if language == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile("\n" * (line - 1) + code, str(page), "exec"), namespace)
        else:
            for command, expected in commands(code):
                printed = run(command, where, in_process=page.name != "README.md")
                if expected.strip():
                    assert doctest.OutputChecker().check_output(expected, printed, FLAGS), (
                        f"{where}: {command}\nexpected:\n{expected}\nprinted:\n{printed}"
                    )


def commands(code):
    """Split a console block into commands and what they print."""
    parts = re.split(r"^\$ (.*(?:(?<=\\)\n.*)*)\n", code, flags=re.MULTILINE)
    assert not parts[0].strip(), "a console block begins with a command"
    return list(zip(parts[1::2], parts[2::2], strict=True))


QUOTED = re.compile(r"""'[^']*'|"[^"$`\\]*\"""")


def run(command, where, *, in_process):
    """Run a command as a shell does; stages of a pipe that are cayley may do without a process.

    The processes of the README are enough to see that the installed command works, and pipes that
    need the shell (``2>&1``) that it writes to one.
    """
    out = None
    for stage in stages(command) if in_process else [command]:
        if in_process and is_plain(stage):
            done = CliRunner().invoke(app, shlex.split(stage)[1:], input=out)
            status, out, err = done.exit_code, done.stdout, done.stderr
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
        else:
            ran = subprocess.run(
                stage,
                shell=True,
                check=False,
                capture_output=True,
                text=True,
                timeout=300,
                input=out,
            )
            status, out, err = ran.returncode, ran.stdout, ran.stderr
        assert status in {0, 3, 4}, f"{where}: {command}\n{out}{err}"
        assert "Traceback" not in err, f"{where}: {command}\n{err}"
    return out.replace("<BLANKLINE>", "")


def stages(command):
    """Split a command at the pipes outside of quotes, if each part can be run by itself."""
    hidden = QUOTED.sub(lambda found: "q" * len(found[0]), command)
    if re.search(r"[;&`]|\$\(|\|\|", hidden):
        return [command]
    ends = [i for i, letter in enumerate(hidden) if letter == "|"]
    return [command[a + 1 : b].strip() for a, b in itertools.pairwise([-1, *ends, len(command)])]


def is_plain(stage):
    """Whether a stage is a command of cayley in which the shell has nothing to expand."""
    return stage.startswith("cayley ") and not set("|<>&;$*?`\\") & set(QUOTED.sub("", stage))


def test_pipes_are_split_outside_of_quotes():
    assert stages("cayley a | cayley b '|' \"x*(y|z)\" | sed 's/a|b/c/'") == [
        "cayley a", "cayley b '|' \"x*(y|z)\"", "sed 's/a|b/c/'",
    ]  # fmt: skip
    for command in ("cayley a 2>&1 | head", "a || b", "a | b; c", "a | b `c`", "a | b $(c)"):
        assert stages(command) == [command]
    assert is_plain('cayley complete t.csv --assume "x*y = y*x"')
    for stage in ("cayley a > b", "cayley *", 'cayley "$a"', "cayley 'a' ?", "printf a"):
        assert not is_plain(stage)


@pytest.mark.parametrize("page", pages_with("sh"))
def test_commands_that_are_not_run_exist(page):
    for line, _, code in blocks(page, "sh"):
        for each in re.sub(r"\\\n", " ", code).splitlines():
            words = shlex.split(each, comments=True)
            if "cayley" in words:
                words = words[words.index("cayley") + 1 :]
                assert parses(words), f"{name_of(page)}:{line}: {each}"


def parses(words):
    """Whether there is such a command, and it has the options."""
    for stop in ("|", ">", "&&"):
        words = words[: words.index(stop)] if stop in words else words
    command = typer.main.get_command(app)
    name = next((word for word in words if not word.startswith("-")), None)
    if name is not None:
        command = command.commands.get(name)
    options = {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"}
    known = {"--help"} | {
        o for each in getattr(command, "params", ()) for o in each.opts + each.secondary_opts
    }
    return command is not None and options <= known


def test_wrong_commands_would_be_seen():
    assert parses(["complete", "table.csv", "--seed", "1"])
    assert parses(["--version"])
    assert not parses(["complete", "table.csv", "--sede", "1"])
    assert not parses(["compleet", "table.csv"])

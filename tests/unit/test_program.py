"""How the process of a command ends."""

import subprocess
import sys

import pytest

PROGRAM = """\
import atexit, sys, weakref
import cayley.__main__, cayley.cli
class Kept:
    def __del__(self):
        print('taken apart')
kept = Kept()  # of this module: removed with it
def run(begun):
    atexit.register(print, 'closed')
    print('said', end='')
    print('complained', end='', file=sys.stderr)
    {end}
cayley.cli.main = run
cayley.__main__.program()
"""


def ended(end):
    """Run a command that ends in one way; return exit status, output and messages."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(end=end)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize(("end", "status"), [("sys.exit(3)", 3), ("sys.exit()", 0)])
def test_all_is_closed_and_said_and_no_module_taken_apart(end, status) -> None:
    assert ended(end) == (status, "saidclosed\n", "complained")


def test_other_ends_are_those_of_python() -> None:
    status, out, err = ended("sys.exit('no room')")
    assert (status, out) == (1, "saidclosed\ntaken apart\n") and err.endswith("no room\n")
    status, out, err = ended("raise ZeroDivisionError")
    assert (status, out) == (1, "saidclosed\ntaken apart\n") and "Traceback" in err
    assert ended("pass")[:2] == (0, "saidclosed\ntaken apart\n")

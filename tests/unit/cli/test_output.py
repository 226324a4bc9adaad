"""Standard output that cannot be written: one message or none, and the documented status."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = [("complete", "-"), ("generate", "C2"), ("--version",)]


def run(words, stdout):
    found = subprocess.run(
        [sys.executable, "-m", "cayley", *words],
        check=False,
        input=b",a,b\na,a,b\nb,b,a\n",
        stdout=stdout,
        stderr=subprocess.PIPE,
    )
    return found.returncode, found.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("words", COMMANDS)
def test_a_full_disk_is_said(words) -> None:
    with Path("/dev/full").open("wb") as full:
        status, said = run(words, full)
    assert (status, said) == (2, "cayley: standard output: No space left on device.\n")


@pytest.mark.parametrize("words", COMMANDS)
def test_nothing_is_said_where_nobody_reads(words) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        assert run(words, closed) == (141, "")

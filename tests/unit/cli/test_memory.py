import errno
import os
import subprocess
import sys

import pytest
import typer

from cayley.cli import _memory
from cayley.cli._memory import default_limit, limit_memory, ran_out_of_memory

FILL = """
import numpy as np
from cayley.cli._console import usage_errors
from cayley.cli._memory import limit_memory
limit_memory("{}")
with usage_errors():
    np.ones({} << 20, np.uint8)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps this limit")
@pytest.mark.parametrize(("limit", "taken", "status"), [("256M", 512, 2), ("2G", 512, 0)])
def test_memory_above_the_limit_ends_in_one_message(limit, taken, status) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FILL.format(limit, taken)],
        check=False,
        capture_output=True,
        text=True,
    )
    message = (
        "cayley: the memory limit of 256 MB was reached. Raise --memory-limit, or take a smaller "
        "table.\n"
    )
    assert (run.returncode, run.stderr) == (status, message if status else "")


@pytest.mark.parametrize("text", ["", "4X", "-1G", "G", "1" * 40, "10M", "auto2"])
def test_what_is_no_amount_is_refused(text) -> None:
    with pytest.raises(typer.BadParameter, match=r"no amount of memory|too little"):
        limit_memory(text)


@pytest.mark.parametrize(
    ("text", "size"), [("1G", 1 << 30), ("1.5 GiB", 3 << 29), ("512mb", 1 << 29), ("7", 7)]
)
def test_amounts(text, size) -> None:
    assert _memory._bytes(text) == size


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps this limit")
def test_the_default_is_a_share_of_what_there_is() -> None:
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = default_limit()
    assert limit is not None
    assert 0 < limit <= 0.75 * whole + 1


def test_errors_that_say_there_is_no_memory() -> None:
    for error in (
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"),
        ImportError("libx.so: failed to map segment from shared object"),
    ):
        assert "smaller table" in (ran_out_of_memory(error) or "")
    for error in (RuntimeError("shapes differ"), OSError(errno.ENOENT, "no"), ValueError("x")):
        assert ran_out_of_memory(error) is None

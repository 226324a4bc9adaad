import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from cayley._files import fcntl
from cayley.studio._scratch import remove_leftovers, scratch_folder

pytestmark = pytest.mark.skipif(fcntl is None, reason="no locks of files on this system")


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_lasts_as_long_as_its_block(temporary) -> None:
    with scratch_folder() as folder:
        (Path(folder) / "run-1").mkdir()
        remove_leftovers()  # of another studio that starts meanwhile
        assert (Path(folder) / "run-1").is_dir()
    assert not list(temporary.iterdir())


def test_what_a_killed_studio_has_left_is_removed(temporary) -> None:
    program = (
        "import sys, tempfile, time; tempfile.tempdir = sys.argv[1]\n"
        "from cayley.studio._scratch import scratch_folder\n"
        "with scratch_folder() as folder:\n    print(folder, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(temporary)], stdout=subprocess.PIPE, text=True
    ) as other:
        left = Path(other.stdout.readline().strip())
        remove_leftovers()
        assert left.is_dir()
        other.kill()
    deadline = time.monotonic() + 10
    while left.exists() and time.monotonic() < deadline:
        remove_leftovers()
    assert not left.exists()


def test_other_folders_and_links_stay(temporary) -> None:
    other = temporary / "mine"
    other.mkdir()
    (other / "in-use").touch()
    os.symlink(other, temporary / "cayley-studio-link")
    (temporary / "cayley-studio-new").mkdir()  # just made, its lock not yet there
    old = temporary / "cayley-studio-old"
    old.mkdir()
    os.utime(old, (1.0, 1.0))
    remove_leftovers()
    assert other.is_dir() and (temporary / "cayley-studio-new").is_dir()
    assert not old.exists()

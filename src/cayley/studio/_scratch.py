"""The temporary folder of a studio; what one that was killed has left is removed by the next."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from cayley._files import fcntl

__all__ = ["SCRATCH", "remove_leftovers", "scratch_folder"]

SCRATCH = "cayley-studio-"
"""The beginning of the names of all temporary folders of the studio."""

_JUST_MADE = 60.0
"""Seconds in which another studio may have made its folder and not yet locked it."""

_LOCK = "in-use"
"""A file that a studio holds locked as long as it lives: the lock is gone however it ends."""


@contextmanager
def scratch_folder() -> Iterator[str]:
    """Make a folder for the time of the block, after removing those of studios that were killed."""
    remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH))
    try:
        with open(folder / _LOCK, "wb") as lock:
            _try_lock(lock)
            yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove the folders of studios that no longer live."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        with suppress(OSError):  # somebody else's, or gone already
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            if _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether nobody holds the lock of a folder; one without a lock was just made."""
    if fcntl is None:  # Windows: nothing is known, so nothing is removed
        return False
    try:
        with open(folder / _LOCK, "rb") as lock:
            return _try_lock(lock)
    except FileNotFoundError:  # a studio that has not got there yet, or one of a former release
        return time.time() - folder.stat().st_mtime > _JUST_MADE


def _try_lock(file: IO[bytes]) -> bool:
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

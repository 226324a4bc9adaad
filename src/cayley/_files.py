"""Files that are written whole or not at all.

What a killed run leaves, a file or a folder with a name of its own beside the target, is cleared
away by the next run that writes there. A lock tells the leftovers from what another run is writing
at the moment: it is gone with the process that held it, however that ended.
"""

import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from cayley._version import __version__

try:
    import fcntl as _fcntl
except ImportError:  # Windows has no locks of this kind: leftovers stay there
    _fcntl = None  # type: ignore[assignment]

fcntl: Any = _fcntl  # typed as on Windows, too

__all__ = ["RUN_FILE", "foreign_files", "read_up_to", "replace_file", "replace_folder"]

RUN_FILE = "run.json"
"""In every folder that cayley writes: when, by which version, and which files are its own."""

_PART = 1 << 20  # most tables come in one part
# Seconds in which another run may have made its file and not yet locked it: so long an empty one is
# left alone. One that holds something was locked before, and is free only if its run has ended.
_JUST_MADE = 10.0
_SCRATCH = ".cayley-"  # what is being written, beside its target


def read_up_to(stream: IO[bytes], limit: int) -> bytes:
    """Return the content of a stream, but no more bytes than ``limit``.

    Memory is taken as bytes come: ``stream.read(limit)`` would take all of ``limit`` at once.
    """
    parts: list[bytes] = []
    size = 0
    while size < limit:
        part = stream.read(min(_PART, limit - size))
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` through a temporary file in the same folder.

    What was there before stays until the new content is complete. A link is followed, the mode of
    an old file is kept, and what is no regular file (a pipe, a terminal) is written to directly.

    Raises:
        OSError: If the folder does not exist or cannot be written.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        with open(path, "wb") as stream:
            stream.write(data)
        return
    _clear_leftovers(path.parent)
    temporary = path.with_name(f"{_SCRATCH}{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as stream:
            _lock(stream.fileno())
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            if path.exists():
                shutil.copymode(path, temporary)
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def replace_folder(path: Path, *, seconds: float | None = None) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of ``path`` when the block ends well.

    A link to a folder is followed. The new folder gets a :data:`RUN_FILE` that lists its files and
    says how many ``seconds`` the run took: all that differs between equal runs stands there. If
    the block raises, what was there before stays and nothing else is left behind.

    Raises:
        OSError: If the folder cannot be written.
    """
    path = Path(os.path.realpath(path))
    _clear_leftovers(path.parent)
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=path.parent))
    lock = os.open(scratch / "lock", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        _lock(lock)
        # Where the old folder belongs, if this is killed.
        os.write(lock, os.fsencode(path.name))
        new = scratch / "new"
        new.mkdir()
        yield new
        _write_run_file(new, seconds)
        if path.exists():
            path.rename(scratch / "old")
        try:
            new.rename(path)
        except OSError:
            if (scratch / "old").exists():
                (scratch / "old").rename(path)
            raise
    finally:
        os.close(lock)
        shutil.rmtree(scratch, ignore_errors=True)


def foreign_files(folder: Path) -> list[str]:
    """Return the files in a folder that cayley did not write, as its :data:`RUN_FILE` tells.

    They are relative to the folder, in alphabetical order. Where the file is missing or is not of
    cayley, all are foreign.
    """
    own = set()
    with suppress(OSError, ValueError, AttributeError, TypeError, KeyError):
        document = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
        if document.get("format") == "cayley.run/1":
            own = {RUN_FILE, *document["files"]}
    return [name for name in _files_in(folder) if name not in own]


def _write_run_file(folder: Path, seconds: float | None) -> None:
    document: dict[str, Any] = {
        "format": "cayley.run/1",
        "version": __version__,
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "files": _files_in(folder),
    }
    if seconds is not None:
        document["seconds"] = seconds
    (folder / RUN_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _files_in(folder: Path) -> list[str]:
    """Return everything in a folder but folders that hold something, as relative paths."""
    names: set[str] = set()
    for at, folders, files in os.walk(folder):
        empty = [name for name in folders if not os.listdir(Path(at) / name)]
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        inside = Path(at).relative_to(folder)
        names |= {(inside / name).as_posix() for name in (*files, *empty, *links)}
    return sorted(names)


def _lock(descriptor: int) -> bool:
    """Lock an open file until it is closed; return whether nobody else had locked it."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # locked, or a file system without locks
        return False
    return True


def _clear_leftovers(folder: Path) -> None:
    """Remove what killed runs have left in a folder; put back what they had moved aside."""
    # Another run may clear away the same leftovers, or end, at any moment.
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if not entry.name.startswith(_SCRATCH) or entry.is_symlink():
                continue
            with suppress(OSError):
                if entry.name.endswith(".tmp") and entry.is_file():
                    _clear(Path(entry.path), Path(entry.path))
                elif entry.is_dir() and os.path.exists(os.path.join(entry.path, "lock")):
                    _clear(Path(entry.path), Path(entry.path) / "lock")
                elif entry.is_dir() and not _is_just_made(entry.stat()):
                    os.rmdir(entry.path)  # killed before it had a lock; raises if it holds anything


def _is_just_made(status: os.stat_result) -> bool:
    """Return whether a file may be that of a run which has not locked it yet.

    One that is dated ahead, by a clock that was set back, is as old as it looks from there.
    """
    return abs(time.time() - status.st_mtime) < _JUST_MADE


def _clear(leftover: Path, locked: Path) -> None:
    descriptor = os.open(locked, os.O_RDONLY)
    try:
        status = os.fstat(descriptor)
        if not status.st_size and _is_just_made(status):
            return
        if not _lock(descriptor):
            return
        if leftover.is_file():
            leftover.unlink()
            return
        name = os.fsdecode(os.read(descriptor, 4096))
        target = leftover.with_name(Path(name).name or leftover.name)
        if (leftover / "old").exists() and not target.exists():
            (leftover / "old").rename(target)  # killed between two renames
        shutil.rmtree(leftover, ignore_errors=True)
    finally:
        os.close(descriptor)

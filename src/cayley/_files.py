"""Files that are written whole or not at all."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["read_up_to", "replace_file", "replace_folder"]

_PART = 1 << 20  # most tables come in one part


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
    temporary = path.with_name(f".cayley-{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def replace_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of ``path`` when the block ends well.

    If the block raises, what was there before stays and nothing else is left behind.

    Raises:
        OSError: If the folder cannot be written.
    """
    path = path.absolute()
    scratch = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        new = scratch / "new"
        new.mkdir()
        yield new
        if path.exists():
            path.rename(scratch / "old")
        try:
            new.rename(path)
        except OSError:
            if (scratch / "old").exists():
                (scratch / "old").rename(path)
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)

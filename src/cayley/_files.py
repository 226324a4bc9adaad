"""Files that are written whole or not at all."""

import os
import secrets
import shutil
from pathlib import Path

__all__ = ["replace_file"]


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

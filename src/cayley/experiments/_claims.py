"""Locks on runs that the kernel releases when the process that holds them ends, however it ends.

POSIX only: record locks come from the module ``fcntl``, which Windows does not have. There the
module can be imported and making :class:`Claims` raises an ``OSError`` that says so.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

try:
    import fcntl as _fcntl
except ImportError:  # Windows: everything in this room but stores still works
    _fcntl = None  # type: ignore[assignment]

fcntl: Any = _fcntl

__all__ = ["Claims"]


class Claims:
    """Locks single bytes of one file, one for each key.

    The kernel releases a lock when its process ends, by SIGKILL too: there is no stale claim to
    find out about, no clock and no heartbeat. The file stays empty. Locks are between processes;
    within one, keys held are remembered. For POSIX systems and local disks only.

    Args:
        path: The file; made if it is not there.

    Raises:
        OSError: If the system has no record locks of POSIX, or the file cannot be opened.

    Example:
        >>> import tempfile
        >>> claims = Claims(Path(tempfile.mkdtemp()) / "claims")
        >>> claims.claim("0f"), claims.claim("0f"), claims.claim("10")
        (True, False, True)
        >>> claims.release("0f")
        >>> claims.claim("0f")
        True
    """

    def __init__(self, path: Path) -> None:
        if fcntl is None:
            raise OSError(
                "a store of runs needs POSIX record locks (the module `fcntl`), which "
                f"{sys.platform} does not have; use Linux, macOS or WSL, or run without a store."
            )
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._held: set[int] = set()
        self._guard = Lock()

    def claim(self, key: str) -> bool:
        """Take the claim on a hexadecimal key; False if someone holds it."""
        place = _place(key)
        with self._guard:
            if place in self._held:
                return False
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except (BlockingIOError, PermissionError):
                return False
            self._held.add(place)
            return True

    def release(self, key: str) -> None:
        """Release a claim; nothing happens if it is not held."""
        place = _place(key)
        with self._guard:
            if place in self._held:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)
                self._held.discard(place)

    @contextmanager
    def holding(self, key: str) -> Iterator[bool]:
        """Hold a claim while the block runs; yields False if someone else holds it."""
        free = self.claim(key)
        try:
            yield free
        finally:
            if free:
                self.release(key)

    def close(self) -> None:
        """Release all claims."""
        os.close(self._file)
        self._held.clear()


def _place(key: str) -> int:
    # 15 hexadecimal digits are 60 bits, and file offsets have 63. Two of 10^6 keys share a byte
    # with a chance of 5e-7; they would only wait for each other.
    return int(key[:15], 16)

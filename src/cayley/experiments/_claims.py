"""Claims on runs that vanish with the process that holds them, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

__all__ = ["Claims"]


class Claims:
    """Locks single bytes of one file, one for each key.

    The kernel gives a lock back when its process ends, by SIGKILL too: there is no stale claim to
    find out about, no clock and no heartbeat. The file stays empty. Locks are between processes;
    within one, keys held are remembered. For POSIX systems and local disks.

    Args:
        path: The file; made if it is not there.

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
        """Give a claim back; nothing happens if it is not held."""
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
        """Give all claims back."""
        os.close(self._file)
        self._held.clear()


def _place(key: str) -> int:
    return int(key[:15], 16)  # 60 bits: offsets have 63

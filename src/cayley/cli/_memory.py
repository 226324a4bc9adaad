"""``--memory-limit``: how much memory a command may take, and what it says where it is reached.

The system refuses further memory above the limit (``RLIMIT_DATA``, which Linux keeps for what a
process writes to), so that a table that is too large ends with one message and not by taking the
memory of everything else.
"""

import errno
import re
from pathlib import Path

import typer

__all__ = ["default_limit", "limit_memory", "ran_out_of_memory"]

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SHARE = 0.75  # of what there is, so that the machine stays usable

_LEAST = 256 << 20
"""Bytes without which nothing can be done: 0.1 GB once loaded, 0.25 with PyTorch."""

# What PyTorch, and the loader of shared libraries, say where there is no memory left.
_WORDS = re.compile(
    r"can't allocate memory|cannot allocate memory|not enough memory|failed to map segment|"
    r"std::bad_alloc",
    re.IGNORECASE,
)
_reached: int | None = None


def default_limit() -> int | None:
    """Return three quarters of the memory of the machine or container, in bytes; None if unknown.

    Example:
        >>> limit = default_limit()
        >>> limit is None or limit > 0
        True
    """
    found = []
    try:
        words = Path("/proc/meminfo").read_text(encoding="ascii").split()
        found.append(int(words[words.index("MemTotal:") + 1]) << 10)
    except (OSError, ValueError):  # not Linux
        return None
    # Both versions of control groups, as a container sees its own.
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            found.append(int(Path("/sys/fs/cgroup", name).read_text(encoding="ascii")))
        except (OSError, ValueError):  # "max": no limit
            continue
    return int(min(found) * _SHARE)


def limit_memory(text: str) -> str:
    """Set the limit of this process; the callback of the option.

    Args:
        text: A number of bytes with K, M, G or T behind it, ``auto`` or ``none``.

    Raises:
        typer.BadParameter: If it is neither, or too little to load the library.
    """
    global _reached  # noqa: PLW0603 (a limit is of the whole process)
    if text == "none":
        return text
    if text == "auto":
        limit = default_limit()
    else:
        limit = _bytes(text)
        if limit < _LEAST:
            raise typer.BadParameter(f"{text!r} is too little; take {_LEAST >> 20}M at least.")
    if limit is None:
        return text
    try:
        import resource  # POSIX only

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    except (ImportError, OSError, ValueError):  # no such limit on this system
        return text
    _reached = limit
    return text


def ran_out_of_memory(error: BaseException) -> str | None:
    """Return the message for an error that says that there is no memory left, else None."""
    said = isinstance(error, MemoryError) or (
        isinstance(error, OSError) and error.errno == errno.ENOMEM
    )
    if not said and not (
        isinstance(error, RuntimeError | ImportError | OSError) and _WORDS.search(str(error))
    ):
        return None
    if _reached is None:
        return "there is not enough memory. Take a smaller table."
    size = f"{_reached >> 20} MB" if _reached < 1 << 30 else f"{_reached / (1 << 30):.3g} GB"
    return f"the memory limit of {size} was reached. Raise --memory-limit, or take a smaller table."


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", text.strip(), re.IGNORECASE)
    if found is None or len(text) > 30:
        raise typer.BadParameter(
            f"{text[:30]!r} is no amount of memory; write 4G, 500M, auto or none."
        )
    return int(float(found[1]) * _UNITS[found[2].lower()])

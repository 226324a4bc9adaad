"""What a run ran on: versions, machine, threads; recorded with every run."""

import os
import platform
import subprocess
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cayley._version import __version__

__all__ = ["available_cores", "describe_environment"]

_PACKAGES = ("numpy", "scipy", "torch", "numba", "tensorly", "python-sat", "joblib", "ray")


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def describe_environment() -> dict[str, str | int]:
    """Return versions, the commit where there is one, machine and threads.

    Example:
        >>> sorted(describe_environment())[:4]
        ['cayley', 'commit', 'cores', 'joblib']
    """
    return {**_fixed(), "threads": _threads()}


@cache
def _fixed() -> dict[str, str | int]:
    packages = {}
    for package in _PACKAGES:
        try:
            packages[package] = version(package)
        except PackageNotFoundError:
            packages[package] = "absent"
    return {
        "cayley": __version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": available_cores(),
        **packages,
    }


def _threads() -> int:
    torch = sys.modules.get("torch")
    if torch is not None:
        return int(torch.get_num_threads())
    return int(os.environ.get("OMP_NUM_THREADS") or available_cores())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, "unknown")


def _commit() -> str:
    """Return the commit of a checkout, marked if files differ from it; "none" if installed."""
    root = Path(__file__).parents[3]
    if not (root / ".git").exists():
        return "none"
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=10,  # git takes milliseconds; a file system that hangs shall not hold up a run
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return found.stdout.strip()

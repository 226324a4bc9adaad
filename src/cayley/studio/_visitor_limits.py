"""The limits of what a visitor may ask for."""

import os
from dataclasses import dataclass, field

__all__ = ["VisitorLimits"]


def _cores() -> int:
    """Return the number of cores; 1 where it is not known."""
    return max(1, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorLimits:
    """The limits of a studio.

    Attributes:
        max_order: Most rows, columns and symbols of a table.
        max_bytes: Most bytes of an uploaded or pasted table.
        time_limit: Most seconds of a run; a visitor may ask for less.
        max_runs: Most runs at a time, of all visitors together; further ones wait.
        max_waiting: Most runs of one visitor that are not finished.
        max_waiting_in_all: Most unfinished runs of all visitors together.
        max_uploads: Most uploads of one visitor that are being read or wait to be.
        read_seconds: Most seconds that the reading of an upload may take.
        think_seconds: Most seconds that is thought about a table as it is edited.
        max_memory: Most bytes that a process may take beyond what all of them share.
    """

    max_order: int = 60  # every change sends and draws a grid of n^2 cells
    max_bytes: int = 1 << 20  # far above a table of order 60, far below what memory holds
    time_limit: float = 120.0
    max_runs: int = field(default_factory=_cores)  # more would only make each other slower
    max_waiting: int = 4  # all solvers side by side
    # A hall of three hundred, each with all solvers. One that waits is its table: 0.1 MB at most.
    max_waiting_in_all: int = 1200
    max_uploads: int = 2  # one that is read, and the next one chosen meanwhile
    read_seconds: float = 10.0  # honest tables of order 60 take a twentieth of a second
    think_seconds: float = 20.0  # wrong entries at order 24 take some five seconds
    max_memory: int = 1 << 31  # HyperCube with 8 restarts takes a sixth of it at order 59

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
        max_link: Most characters of a state in a link.
        time_limit: Most seconds of a run; a visitor may ask for less.
        max_runs: Most runs at a time, of all visitors together; further ones wait.
        max_waiting: Most runs of one visitor that are not finished.
    """

    max_order: int = 60  # every change sends and draws a grid of n^2 cells
    max_bytes: int = 1 << 20  # far above a table of order 60, far below what memory holds
    max_link: int = 16_000  # holds a full table of order 60; many servers refuse longer addresses
    time_limit: float = 120.0
    max_runs: int = field(default_factory=_cores)  # more would only make each other slower
    max_waiting: int = 4  # all solvers side by side

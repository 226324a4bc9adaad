"""One loop for all learned solvers: attempts in batches, each proposal judged by algebra.

A :class:`Solver` makes proposals; :func:`propose` runs its batches until algebra accepts one of
them, the callback asks to stop, or the attempts run out. How each solver goes through a batch is
said in ``_by_synchronization``, ``_by_hypercube`` and ``_by_small_hypercube``, which are loaded one
by one: what the first two need takes as long to load as a small table may take.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from cayley.algebra import Structure
from cayley.completion._judge import Candidate, judge
from cayley.completion._matrices import Matrices
from cayley.completion._outcome import Proposed
from cayley.completion._progress import Callback, Progress, SolverName
from cayley.tables import Table

__all__ = ["STOPPED", "Accept", "Attempt", "Rank", "Solver", "propose", "reporting"]

T = TypeVar("T")
Accept: TypeAlias = Callable[[NDArray[np.int64]], bool]
Rank: TypeAlias = tuple[bool, float, float]

STOPPED = frozenset({"stopped", "interrupted"})
"""How a run ends that the callback or the keyboard has ended."""


class Solver(Protocol):
    """A learned solver on one table, ready to run."""

    @property
    def name(self) -> SolverName:
        """Its name."""
        ...

    @property
    def structure(self) -> Structure | None:
        """What it looks for; None for no structure."""
        ...

    @property
    def observed(self) -> Table:
        """The table with the cells that it learns from."""
        ...

    def seconds_needed(self) -> float:
        """Estimate how long a first proposal takes: a step, and the decoded table."""
        ...

    def batches(self, restarts: int) -> Iterator[tuple[int, int]]:
        """Yield (number of the first restart, number of restarts) of each batch."""
        ...

    def run(self, first: int, size: int, accept: Accept, callback: Callback | None) -> "Attempt":
        """Run one batch; ``accept`` says whether algebra accepts a table, which ends it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attempt:
    """The best proposal of one batch, before it is judged.

    Attributes:
        table: Products, shape ``(n, n)``, int64.
        rank: Of two proposals that algebra accepts or rejects alike the one with the larger rank is
            kept: share of observations that it fits, then flatness where it is known.
        margin: Best product minus second best of every cell.
        factors: The matrices A, B, C, each ``(n, d, d)``, on the CPU.
        agreements: Returns how well the matrices agree with observations of shape ``(m, 3)``.
        complexity: H / n^2 at convergence of an exact fit, else None.
        steps: Steps taken.
        stopped: Whether the keyboard or the callback ended it.
        cut: Whether it was ended early because the table is small.
    """

    table: NDArray[np.int64]
    rank: tuple[float, float]
    margin: NDArray[np.float64]
    factors: Matrices
    agreements: Callable[[NDArray[np.int64]], NDArray[np.float64]] | None = None
    complexity: float | None = None
    steps: int
    stopped: bool
    cut: bool = False


def propose(
    solver: Solver, work: Table, *, restarts: int, callback: Callback | None
) -> tuple[Proposed, Rank]:
    """Run a learned solver until a proposal is accepted or its restarts are used up.

    Args:
        solver: The solver with the cells that it learns from.
        work: The table with the observed cells only, which a proposal is compared with.
        restarts: Most restarts.
        callback: Called after every step; the search stops when it returns True.

    Returns:
        The best proposal, and its rank among those of other calls.
    """
    judged: dict[bytes, Candidate] = {}

    def judge_once(table: NDArray[np.int64]) -> Candidate:
        key = table.tobytes()
        if key not in judged:
            judged[key] = judge(table, solver.observed, assume=solver.structure)
        return judged[key]

    best: tuple[Attempt, Rank] | None = None
    stopped = False
    for first, size in solver.batches(restarts):
        attempt = solver.run(first, size, lambda table: judge_once(table).accepted, callback)
        rank = (judge_once(attempt.table).accepted, *attempt.rank)
        if best is None or rank > best[1]:
            best = attempt, rank
        stopped = attempt.stopped
        if rank[0] or stopped:
            break
    assert best is not None
    chosen, rank = best
    a, b, c = work.observations.T
    return Proposed(
        structure=solver.structure,
        solver=solver.name,
        candidate=judge_once(chosen.table),
        fit=float((chosen.table[a, b] == c).mean()),
        margin=chosen.margin,
        factors=chosen.factors,
        agreements=None if chosen.agreements is None else chosen.agreements(work.observations),
        complexity=chosen.complexity,
        steps=chosen.steps,
        stopped=stopped,
        cut=chosen.cut,
    ), rank


def reporting(
    callback: Callback | None, progress_of: Callable[[T], Progress]
) -> Callable[[T], bool | None]:
    """Return a callback of a solver's own steps that passes them on as progress of the whole."""
    return lambda step: None if callback is None else callback(progress_of(step))

"""One loop for both learned solvers: attempts in batches, each proposal judged by algebra.

A :class:`Solver` makes proposals; :func:`propose` runs its batches until algebra accepts one of
them, the callback asks to stop, or the attempts run out. :class:`BySynchronization` and
:class:`ByHyperCube` say how each of the two goes through a batch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import stream_seed
from cayley.algebra import Structure
from cayley.completion._judge import Candidate, judge
from cayley.completion._outcome import Proposed
from cayley.completion._progress import Callback, Progress, SolverName
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, TrainingStep, train
from cayley.synchronization import Sweep, SweepSchedule, synchronize
from cayley.synchronization._schedule import matrix_size
from cayley.tables import Table

__all__ = ["ByHyperCube", "BySynchronization", "Solver", "propose"]

T = TypeVar("T")
Accept: TypeAlias = Callable[[NDArray[np.int64]], bool]
Factors: TypeAlias = tuple[Tensor, Tensor, Tensor]
Rank: TypeAlias = tuple[bool, float, float]

_STOPPED = frozenset({"stopped", "interrupted"})

_TRAINING_BATCH = 3e7
"""Floating-point operations per step up to which restarts share a batch: below it the machine
waits for the interpreter and further restarts cost next to nothing."""

_SWEEP_BATCH = 1e8
"""The same for sweeps, which call fewer and larger operations."""

_SWEEPS = 250
_SMALL, _SMALL_SWEEPS = 12, 100
"""Most sweeps of an attempt; orders up to 12 are found early or not at all."""

_SHARED_STEPS, _REFUTED_STEPS, _SEPARATE_STEPS = 600, 200, 1500
"""Most steps of HyperCube. One shared factor is found several times sooner than three; cells that
deduction refuted have wrong entries, and a group that fits nevertheless is found soon."""


_FEW = 10
"""Below this order a refuted structure is not trained to the end: the cells are too few for a
prediction to be more than a guess, and a person who waits for a small table gives up."""


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
    """

    table: NDArray[np.int64]
    rank: tuple[float, float]
    margin: NDArray[np.float64]
    factors: Factors
    agreements: Callable[[NDArray[np.int64]], NDArray[np.float64]] | None = None
    complexity: float | None = None
    steps: int
    stopped: bool


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
    ), rank


@dataclass(frozen=True, slots=True, kw_only=True)
class BySynchronization:
    """Orthogonal synchronization of a square table; see :mod:`cayley.synchronization`.

    Attributes:
        structure: What it looks for; one factor for a group, three for anything else.
        observed: The observations; one alphabet in one order for a group.
        noisy: Whether wrong entries are expected.
        seed: Seed of the restarts; every batch has its own stream.
        most_operations: Most floating-point operations for all batches, but one batch at least.
    """

    structure: Structure | None
    observed: Table
    noisy: bool
    seed: int
    most_operations: float
    name: SolverName = "synchronization"

    @property
    def _assume(self) -> Structure:
        # Without an assumption the three alphabets are taken to be independent, the general case.
        return Structure.GROUP if self.structure is Structure.GROUP else Structure.GROUP_ISOTOPE

    def batches(self, restarts: int) -> Iterator[tuple[int, int]]:
        """Yield (number of the first restart, number of restarts) of each batch."""
        n, m = self.observed.order, len(self.observed.observations)
        per_sweep = 6.0 * m * matrix_size((n, n, n), m) ** 3
        at_once = int(max(1, min(restarts, _SWEEP_BATCH // per_sweep)))
        for first in range(0, restarts, at_once):
            if first and (first + at_once) * per_sweep * _SWEEPS > self.most_operations:
                return
            yield first, min(at_once, restarts - first)

    def run(self, first: int, size: int, accept: Accept, callback: Callback | None) -> Attempt:
        """Run one batch; ``accept`` says whether algebra accepts a table, which ends it."""
        n = self.observed.order
        sweeps = _SMALL_SWEEPS if n <= _SMALL else _SWEEPS
        factors = "one factor" if self._assume is Structure.GROUP else "three factors"
        stage = f"{factors}{', noisy' * self.noisy}"
        result = synchronize(
            self.observed.observations,
            sizes=(n, n, n),
            assume=self._assume,
            restarts=size,
            schedule=SweepSchedule.chosen(self._assume, noisy=self.noisy, max_sweeps=sweeps),
            seed=stream_seed(self.seed, "synchronization", first, int(self.noisy)),
            accept=accept,
            callback=_reporting(callback, partial(_progress_of_sweep, stage, first)),
        )
        A, B, C = result.factors
        return Attempt(
            table=result.table,
            rank=(result.fit, 0.0),
            margin=result.decoded.margin,
            # HyperCube's convention: the product of all three matrices has a large trace
            factors=(A, B, C.mH.contiguous()),
            agreements=result.agreements,
            steps=result.sweeps,
            stopped=result.reason in _STOPPED,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHyperCube:
    """HyperCube on a square table; see :mod:`cayley.hypercube`.

    Attributes:
        structure: What it looks for; the three factors are one for a group.
        observed: The observations; one alphabet in one order for a group.
        refuted: Whether deduction refuted the structure, so that wrong entries are expected.
        seed: Seed of the restarts; each batch has its own stream.
    """

    structure: Structure | None
    observed: Table
    refuted: bool
    seed: int
    name: SolverName = "hypercube"

    @property
    def _shared(self) -> bool:
        return self.structure is Structure.GROUP

    def batches(self, restarts: int) -> Iterator[tuple[int, int]]:
        """Yield (number of the first restart, number of restarts) of each batch."""
        n, m = self.observed.order, len(self.observed.observations)
        at_once = int(max(1, min(restarts, _TRAINING_BATCH // (12 * m * n**3))))
        for first in range(0, restarts, at_once):
            yield first, min(at_once, restarts - first)

    def run(self, first: int, size: int, accept: Accept, callback: Callback | None) -> Attempt:
        """Run one batch; ``accept`` says whether algebra accepts a table, which ends it."""
        n = self.observed.order
        shared_steps = _REFUTED_STEPS if self.refuted else _SHARED_STEPS
        separate_steps = _SEPARATE_STEPS
        if self.refuted and n < _FEW:
            separate_steps = _REFUTED_STEPS
        model = HyperCube(
            n,
            shared=self._shared,
            restarts=size,
            generator=torch.Generator().manual_seed(stream_seed(self.seed, "hypercube", first)),
        )
        stage = f"{'shared' if self._shared else 'separate'} factors"
        result = train(
            model,
            ObservedProducts.from_triples(self.observed.observations, sizes=(n, n, n)),
            schedule=TrainingSchedule(max_steps=shared_steps if self._shared else separate_steps),
            accept=lambda decoded: accept(decoded.table),
            callback=_reporting(callback, partial(_progress_of_step, stage, first, model)),
        )
        last = result.last
        fits = result.reason == "converged" and last.fit == 1
        return Attempt(
            table=result.decoded.table,
            rank=(last.fit, -last.penalty_ratio),
            margin=result.decoded.margin,
            factors=_factors(model, last.restart),
            complexity=last.penalty_ratio if fits else None,
            steps=last.step,
            stopped=result.reason in _STOPPED,
        )


def _factors(model: HyperCube, restart: int) -> Factors:
    A, B, C = (factor[restart].detach().clone() for factor in model.factors)
    return A, B, C


def _reporting(
    callback: Callback | None, progress_of: Callable[[T], Progress]
) -> Callable[[T], bool | None]:
    """Return a callback of a solver's own steps that passes them on as progress of the whole."""
    return lambda step: None if callback is None else callback(progress_of(step))


def _progress_of_sweep(stage: str, first: int, sweep: Sweep) -> Progress:
    nothing = float("nan")  # a sweep has no loss and no penalty
    return Progress(
        solver="synchronization",
        stage=f"{stage}, restart {first + sweep.restart}",
        step=sweep.sweep,
        fit=sweep.fit,
        agreement=sweep.agreement,
        penalty_ratio=nothing,
        loss=nothing,
        imbalance=nothing,
    )


def _progress_of_step(stage: str, first: int, model: HyperCube, step: TrainingStep) -> Progress:
    return Progress(
        solver="hypercube",
        stage=f"{stage}, restart {first + step.restart}",
        step=step.step,
        fit=step.fit,
        penalty_ratio=step.penalty_ratio,
        agreement=step.agreement,
        loss=step.loss,
        imbalance=step.imbalance,
        factors=partial(_factors, model, step.restart),
    )

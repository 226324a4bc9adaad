"""Synchronization as a learned solver of the pipeline; loads torch and scipy's optimization."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cayley._random import stream_seed
from cayley.algebra import Structure
from cayley.completion._progress import Callback, Progress, SolverName
from cayley.completion.learned._learned import STOPPED, Accept, Attempt, reporting
from cayley.completion.learned._torch_rate import seconds_for, threads_for
from cayley.synchronization import Sweep, SweepSchedule, synchronize
from cayley.synchronization._schedule import matrix_size, restarts_at_once
from cayley.tables import Table

__all__ = ["BySynchronization"]

_SWEEPS = 250
_SMALL, _SMALL_SWEEPS = 12, 100
"""Most sweeps of an attempt; orders up to 12 are found early or not at all."""


# Measured: the rows of a table are assigned in 5e-8 n^3 seconds where products of matrices run at
# 8e10 operations a second.
_ASSIGNMENT = 4e3


@dataclass(frozen=True, slots=True, kw_only=True)
class BySynchronization:
    """Orthogonal synchronization of a square table; see :mod:`cayley.synchronization`.

    Attributes:
        structure: What it looks for; one factor for a group, three for anything else.
        observed: The observations; one alphabet in one order for a group.
        noisy: Whether wrong entries are expected.
        seed: Seed of the restarts; every batch has its own stream.
        most_operations: Most floating-point operations for all batches, but one batch at least.
        device: Where to compute.
    """

    structure: Structure | None
    observed: Table
    noisy: bool
    seed: int
    most_operations: float
    device: str = "cpu"
    name: SolverName = "synchronization"

    @property
    def _assume(self) -> Structure:
        # Without an assumption the three alphabets are taken to be independent, the general case.
        return Structure.GROUP if self.structure is Structure.GROUP else Structure.GROUP_ISOTOPE

    def seconds_needed(self) -> float:
        """Estimate how long a first proposal takes: a sweep and the decoding of a table.

        A table is decoded when a look finds it promising, again at the end, and a third time to
        assign its rows, each assignment of n symbols in about n^2 steps of slower arithmetic.
        """
        n, m = self.observed.order, len(self.observed.observations)
        d = matrix_size((n, n, n), m)
        operations = 6.0 * m * d**3 + 3 * 2.0 * n * n * d * d * (d + n) + _ASSIGNMENT * n**3
        return seconds_for(operations, device=self.device)

    def batches(self, restarts: int) -> Iterator[tuple[int, int]]:
        """Yield (number of the first restart, number of restarts) of each batch."""
        n, m = self.observed.order, len(self.observed.observations)
        size = matrix_size((n, n, n), m)
        per_sweep = 6.0 * m * size**3
        at_once = min(restarts, restarts_at_once(m, size, device=self.device))
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
        schedule = SweepSchedule.chosen(self._assume, noisy=self.noisy, max_sweeps=sweeps)
        with threads_for(n):
            result = synchronize(
                self.observed.observations,
                sizes=(n, n, n),
                assume=self._assume,
                restarts=size,
                schedule=schedule,
                seed=stream_seed(self.seed, "synchronization", first, int(self.noisy)),
                accept=accept,
                callback=reporting(callback, partial(_progress_of_sweep, stage, first)),
                # A GPU would be waited for at every sweep; at looks it is waited for anyhow.
                report_every=1 if self.device == "cpu" else schedule.look_every,
                device=self.device,
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
            stopped=result.reason in STOPPED,
        )


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

"""HyperCube as a learned solver of the pipeline; loads torch."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from cayley._random import stream_seed
from cayley.algebra import Structure
from cayley.completion._progress import Callback, Progress, SolverName
from cayley.completion.learned._learned import STOPPED, Accept, Attempt, reporting
from cayley.completion.learned._torch_rate import GPU_RATE, seconds_for, threads_for
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, TrainingStep, train
from cayley.tables import Table

__all__ = ["ByHyperCube"]

_TRAINING_BATCH = 3e7
"""Floating-point operations per step up to which restarts share a batch: below it the machine
waits for the interpreter and further restarts cost next to nothing."""

_SHARED_STEPS, _REFUTED_STEPS, _SEPARATE_STEPS = 600, 200, 1500
"""Most steps of HyperCube. One shared factor is found several times sooner than three; cells that
deduction refuted have wrong entries, and a group that fits nevertheless is found soon."""

_QUICK, _STEPS_BETWEEN = 24, 5
"""Order up to which a step takes less than some milliseconds, and the steps between two calls of
the callback there, the same as between two looks at the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHyperCube:
    """HyperCube on a square table; see :mod:`cayley.hypercube`.

    Attributes:
        structure: What it looks for; the three factors are one for a group.
        observed: The observations; one alphabet in one order for a group.
        refuted: Whether deduction refuted the structure, so that wrong entries are expected.
        seed: Seed of the restarts; each batch has its own stream.
        device: Where to compute.
    """

    structure: Structure | None
    observed: Table
    refuted: bool
    seed: int
    device: str = "cpu"
    name: SolverName = "hypercube"

    @property
    def _shared(self) -> bool:
        return self.structure is Structure.GROUP

    @property
    def _is_quick(self) -> bool:
        """Whether a few steps take no time in which anybody, or a time limit, could wait."""
        return self.device != "cpu" or self.observed.order <= _QUICK

    def seconds_needed(self) -> float:
        """Estimate how long a first proposal takes: a step and the decoding of a table."""
        n, m = self.observed.order, len(self.observed.observations)
        return seconds_for(12.0 * m * n**3 + 4.0 * n**5, device=self.device)

    def batches(self, restarts: int) -> Iterator[tuple[int, int]]:
        """Yield (number of the first restart, number of restarts) of each batch."""
        n, m = self.observed.order, len(self.observed.observations)
        bound = _TRAINING_BATCH * (1 if self.device == "cpu" else GPU_RATE)
        at_once = int(max(1, min(restarts, bound // (12 * m * n**3))))
        for first in range(0, restarts, at_once):
            yield first, min(at_once, restarts - first)

    def run(self, first: int, size: int, accept: Accept, callback: Callback | None) -> Attempt:
        """Run one batch; ``accept`` says whether algebra accepts a table, which ends it."""
        n = self.observed.order
        steps = _SEPARATE_STEPS
        if self._shared:
            steps = _REFUTED_STEPS if self.refuted else _SHARED_STEPS
        model = HyperCube(
            n,
            shared=self._shared,
            restarts=size,
            generator=torch.Generator().manual_seed(stream_seed(self.seed, "hypercube", first)),
        ).to(self.device)  # drawn on the processor: a seed has the same start on every device
        stage = f"{'shared' if self._shared else 'separate'} factors"
        cells = ObservedProducts.from_triples(
            self.observed.observations, sizes=(n, n, n), device=self.device
        )
        with threads_for(n):
            result = train(
                model,
                cells,
                schedule=TrainingSchedule(max_steps=steps),
                accept=lambda decoded: accept(decoded.table),
                callback=reporting(callback, partial(_progress_of_step, stage, first, model)),
                # The numbers of a step cost a small table as much as the step, and a GPU a wait.
                report_every=_STEPS_BETWEEN if self._is_quick else 1,
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
            stopped=result.reason in STOPPED,
        )


def _factors(model: HyperCube, restart: int) -> tuple[Tensor, Tensor, Tensor]:
    A, B, C = (factor[restart].detach().cpu().clone() for factor in model.factors)
    return A, B, C


def _progress_of_step(stage: str, first: int, model: HyperCube, step: TrainingStep) -> Progress:
    return Progress(
        solver="hypercube",
        stage=f"{stage}, restart {first + step.restart}",
        step=step.step,
        fit=step.fit,
        penalty_ratio=step.penalty_ratio,
        penalty_floor=step.penalty_floor,
        agreement=step.agreement,
        loss=step.loss,
        imbalance=step.imbalance,
        factors=partial(_factors, model, step.restart),
    )

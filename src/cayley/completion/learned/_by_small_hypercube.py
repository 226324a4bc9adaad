"""HyperCube for tables below order 10 as a learned solver of the pipeline; never loads torch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._random import generator
from cayley._shapes import Float
from cayley.algebra import Structure
from cayley.completion._matrices import as_tensors
from cayley.completion._progress import Callback, Progress, SolverName
from cayley.completion.learned._learned import STOPPED, Accept, Attempt, reporting
from cayley.hypercube._array_formulas import separate
from cayley.hypercube._array_training import random_matrices, train_arrays
from cayley.hypercube._result import TrainingStep
from cayley.hypercube._schedule import TrainingSchedule
from cayley.tables import Table

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["BySmallHyperCube"]

_AT_ONCE = 8
"""Restarts in one batch: a step of eight takes little longer than a step of four."""

_SHARED_STEPS, _SEPARATE_STEPS = 600, 1500
"""Most steps; one shared factor is found several times sooner than three."""

_REFUTED_STEPS = 100
"""Most steps where deduction refuted the structure, and it is said: the cells are too few for a
prediction to be more than a guess. Tables without laws fit the observed cells after three steps."""

_STEPS_BETWEEN = 5
"""Steps between two calls of the callback, the same as between two looks at the table."""

_STEP_SECONDS = 0.01
"""What a step and a decoded table take at most, on a slow machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BySmallHyperCube:
    """HyperCube on a small square table.

    Attributes:
        structure: What it looks for; the three factors are one for a group.
        observed: The observations; one alphabet in one order for a group.
        refuted: Whether deduction refuted the structure.
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

    def seconds_needed(self) -> float:
        """Return how long a first proposal takes at most."""
        return _STEP_SECONDS

    def batches(self, restarts: int) -> Iterator[tuple[int, int]]:
        """Yield (number of the first restart, number of restarts) of each batch."""
        for first in range(0, restarts, _AT_ONCE):
            yield first, min(_AT_ONCE, restarts - first)

    def run(self, first: int, size: int, accept: Accept, callback: Callback | None) -> Attempt:
        """Run one batch; ``accept`` says whether algebra accepts a table, which ends it."""
        steps = _SHARED_STEPS if self._shared else _SEPARATE_STEPS
        X = random_matrices(
            self.observed.order,
            shared=self._shared,
            restarts=size,
            random=generator(self.seed, "hypercube", first),
        )
        stage = f"{'shared' if self._shared else 'separate'} factors"
        result = train_arrays(
            X,
            self.observed.observations,
            shared=self._shared,
            schedule=TrainingSchedule(max_steps=_REFUTED_STEPS if self.refuted else steps),
            accept=lambda decoded: accept(decoded.table),
            callback=reporting(
                callback,
                lambda step: _progress_of_step(
                    step,
                    f"{stage}, restart {first + step.restart}",
                    lambda: as_tensors(_factors(X, step.restart, shared=self._shared)),
                ),
            ),
            report_every=_STEPS_BETWEEN,
        )
        last = result.last
        fits = result.reason == "converged" and last.fit == 1
        return Attempt(
            table=result.decoded.table,
            rank=(last.fit, -last.penalty_ratio),
            margin=result.decoded.margin,
            factors=_factors(X, last.restart, shared=self._shared),
            complexity=last.penalty_ratio if fits else None,
            steps=last.step,
            stopped=result.reason in STOPPED,
            cut=self.refuted and result.reason == "steps",
        )


def _factors(
    X: Float[NDArray[Any], "r k d d"], restart: int, *, shared: bool
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return copies of the matrices of one restart."""
    A, B, C = (F[0].copy() for F in separate(X[restart : restart + 1], shared=shared))
    return A, B, np.ascontiguousarray(C)


def _progress_of_step(
    step: TrainingStep, stage: str, factors: "Callable[[], tuple[Tensor, Tensor, Tensor]]"
) -> Progress:
    return Progress(
        solver="hypercube",
        stage=stage,
        step=step.step,
        fit=step.fit,
        penalty_ratio=step.penalty_ratio,
        penalty_floor=step.penalty_floor,
        agreement=step.agreement,
        loss=step.loss,
        imbalance=step.imbalance,
        factors=factors,
    )

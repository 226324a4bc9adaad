"""HyperCube on a table: restarts in batches, each proposal judged by algebra as it appears."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import stream_seed
from cayley.completion._candidate import Candidate, judge
from cayley.completion._solution import Assumption, Progress
from cayley.hypercube import (
    HyperCube,
    ObservedProducts,
    TrainingResult,
    TrainingSchedule,
    TrainingStep,
    train,
)
from cayley.hypercube._decoding import DecodedTable
from cayley.tables import Table

__all__ = ["Learned", "learn"]

_BATCH_OPERATIONS = 3e7  # floating-point operations per step up to which restarts share a batch
_CONVERGED = frozenset({"converged"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """The best proposal of several restarts.

    Attributes:
        candidate: The proposed table, judged.
        margin: Best product minus second best of every cell.
        factors: The matrices it was read from, on the CPU.
        result: Numbers of the run that proposed it.
        shared: Whether the three factors were one.
        stopped: Whether the keyboard or the callback ended the search.
    """

    candidate: Candidate
    margin: Float[NDArray[Any], "n n"]
    factors: tuple[Tensor, Tensor, Tensor]
    result: TrainingResult = field(repr=False)
    shared: bool
    stopped: bool

    @property
    def rank(self) -> tuple[bool, float, float]:
        """Proposals compare by acceptance, fit, then flatness."""
        last = self.result.last
        return self.candidate.accepted, last.fit, -last.penalty_ratio

    @property
    def complexity(self) -> float | None:
        """H / n^2 at convergence of a fit to all observations; None before that."""
        last = self.result.last
        return last.penalty_ratio if self.result.reason in _CONVERGED and last.fit == 1 else None


def learn(
    observed: Table,
    *,
    assumption: Assumption,
    shared: bool,
    seed: int,
    restarts: int,
    schedule: TrainingSchedule,
    callback: Callable[[Progress], bool | None] | None = None,
) -> Learned:
    """Train HyperCube on a square table until a proposal is accepted or restarts run out.

    Args:
        observed: The observations.
        assumption: What a proposal must be to be accepted.
        shared: Whether the factors are one; the table must have one alphabet in one order then.
        seed: Seed of the restarts; each has its own stream.
        restarts: Number of restarts; as many at a time as small tables leave idle capacity for.
        schedule: Rates and limits of every restart.
        callback: Called after every step; the search stops when it returns True.
    """
    n = observed.order
    observations = ObservedProducts.from_triples(observed.observations, sizes=(n, n, n))
    judged: dict[bytes, Candidate] = {}

    def judge_once(table: NDArray[np.int64]) -> Candidate:
        key = table.tobytes()
        if key not in judged:
            judged[key] = judge(table, observed, assumption=assumption)
        return judged[key]

    def accept(decoded: DecodedTable) -> bool:
        return judge_once(decoded.table).accepted

    best: Learned | None = None
    for first, size in _batches(observations, restarts, n):
        model = HyperCube(n, shared=shared, restarts=size, generator=_generator(seed, first))
        report = _Report(callback, f"{'shared' if shared else 'separate'} factors", first, model)
        result = train(model, observations, schedule=schedule, accept=accept, callback=report)
        A, B, C = _factors(model, result.last.restart)
        found = Learned(
            candidate=judge_once(result.decoded.table),
            margin=result.decoded.margin,
            factors=(A, B, C),
            result=result,
            shared=shared,
            stopped=result.reason in ("stopped", "interrupted"),
        )
        best = found if best is None or found.rank > best.rank or found.stopped else best
        if found.candidate.accepted or found.stopped:
            break
    assert best is not None
    return best


def _batches(observations: ObservedProducts, restarts: int, n: int) -> Iterator[tuple[int, int]]:
    """Yield (index of the first restart, number of restarts) of each batch."""
    at_once = int(max(1, min(restarts, _BATCH_OPERATIONS // (12 * len(observations) * n**3))))
    for first in range(0, restarts, at_once):
        yield first, min(at_once, restarts - first)


def _factors(model: HyperCube, restart: int) -> tuple[Tensor, Tensor, Tensor]:
    A, B, C = (factor[restart].detach().clone() for factor in model.factors)
    return A, B, C


def _generator(seed: int, first: int) -> torch.Generator:
    return torch.Generator().manual_seed(stream_seed(seed, "hypercube", first))


@dataclass(frozen=True, slots=True)
class _Report:
    """Turns the training loop's steps into progress of the whole."""

    callback: Callable[[Progress], bool | None] | None
    stage: str
    first: int
    model: HyperCube

    def __call__(self, step: TrainingStep) -> bool | None:
        if self.callback is None:
            return None
        return self.callback(
            Progress(
                solver="hypercube",
                stage=f"{self.stage}, restart {self.first + step.restart}",
                step=step.step,
                fit=step.fit,
                penalty_ratio=step.penalty_ratio,
                agreement=step.agreement,
                loss=step.loss,
                imbalance=step.imbalance,
                factors=partial(_factors, self.model, step.restart),
            )
        )

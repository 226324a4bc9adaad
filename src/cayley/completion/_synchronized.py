"""Synchronization on a table: restarts in batches, each proposal judged by algebra."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import stream_seed
from cayley.completion._candidate import Candidate, judge
from cayley.completion._solution import Assumption, Progress
from cayley.synchronization import Sweep, SweepSchedule, Synchronization, matrix_size, synchronize
from cayley.tables import Table

__all__ = ["Synchronized", "synchronize_table"]

_BATCH_OPERATIONS = 1e8  # floating-point operations per sweep up to which restarts share a batch
_SWEEPS = 250
_SMALL, _SMALL_SWEEPS = 12, 100  # small orders are found early or not at all


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Synchronized:
    """The best proposal of several restarts.

    Attributes:
        candidate: The proposed table, judged.
        result: The run that proposed it.
        stopped: Whether the keyboard or the callback ended the search.
    """

    candidate: Candidate
    result: Synchronization = field(repr=False)
    stopped: bool

    @property
    def factors(self) -> tuple[Tensor, Tensor, Tensor]:
        """The matrices as HyperCube has them: the product of all three has a large trace."""
        A, B, C = self.result.factors
        return A, B, C.mH.contiguous()

    @property
    def rank(self) -> tuple[bool, float]:
        """Proposals compare by acceptance, then fit."""
        return self.candidate.accepted, self.result.fit


def synchronize_table(
    observed: Table,
    *,
    assumption: Assumption,
    noisy: bool,
    seed: int,
    restarts: int,
    most_operations: float,
    callback: Callable[[Progress], bool | None] | None = None,
) -> Synchronized:
    """Synchronize a square table until a proposal is accepted or restarts run out.

    Args:
        observed: The observations; one alphabet in one order if a group is assumed.
        assumption: What a proposal must be to be accepted.
        noisy: Whether wrong entries are expected.
        seed: Seed of the restarts; every batch has its own stream.
        restarts: Most restarts.
        most_operations: Most floating-point operations for all of them, but one batch at least.
        callback: Called after every sweep; the search stops when it returns True.
    """
    n, triples = observed.order, observed.observations
    kind: Literal["group", "isotope"] = "group" if assumption == "group" else "isotope"
    judged: dict[bytes, Candidate] = {}

    def judge_once(table: NDArray[np.int64]) -> Candidate:
        key = table.tobytes()
        if key not in judged:
            judged[key] = judge(table, observed, assumption=assumption)
        return judged[key]

    per_sweep = 6.0 * len(triples) * matrix_size((n, n, n), len(triples)) ** 3
    sweeps = _SMALL_SWEEPS if n <= _SMALL else _SWEEPS
    best: Synchronized | None = None
    for first, size in _batches(restarts, per_sweep, most_operations):
        stage = f"{'one factor' if kind == 'group' else 'three factors'}{', noisy' * noisy}"
        result = synchronize(
            triples,
            sizes=(n, n, n),
            assume=kind,
            restarts=size,
            schedule=SweepSchedule.chosen(kind, noisy=noisy, max_sweeps=sweeps),
            seed=stream_seed(seed, "synchronization", first, int(noisy)),
            accept=lambda table: judge_once(table).accepted,
            callback=_Report(callback, stage, first),
        )
        found = Synchronized(
            candidate=judge_once(result.table),
            result=result,
            stopped=result.reason in ("stopped", "interrupted"),
        )
        best = found if best is None or found.rank > best.rank else best
        if found.candidate.accepted or found.stopped:
            break
    assert best is not None
    return best


def _batches(restarts: int, per_sweep: float, most_operations: float) -> Iterator[tuple[int, int]]:
    """Yield (index of the first restart, number of restarts) of each batch."""
    at_once = int(max(1, min(restarts, _BATCH_OPERATIONS // per_sweep)))
    for first in range(0, restarts, at_once):
        if first and (first + at_once) * per_sweep * _SWEEPS > most_operations:
            return
        yield first, min(at_once, restarts - first)


@dataclass(frozen=True, slots=True)
class _Report:
    """Turns sweeps into progress of the whole."""

    callback: Callable[[Progress], bool | None] | None
    stage: str
    first: int

    def __call__(self, sweep: Sweep) -> bool | None:
        if self.callback is None:
            return None
        nothing = float("nan")
        return self.callback(
            Progress(
                solver="synchronization",
                stage=f"{self.stage}, restart {self.first + sweep.restart}",
                step=sweep.sweep,
                fit=sweep.fit,
                agreement=sweep.agreement,
                penalty_ratio=nothing,
                loss=nothing,
                imbalance=nothing,
            )
        )

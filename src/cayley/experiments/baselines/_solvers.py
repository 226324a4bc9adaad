"""The library's own methods behind the same protocol, so that all are measured alike."""

import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from numpy.typing import NDArray

from cayley._random import stream_seed
from cayley._shapes import Int
from cayley.completion import Progress, solve
from cayley.completion._progress import SolverName
from cayley.experiments.baselines._completer import Budget, Callback, Prediction, Reason
from cayley.experiments.baselines._meter import Meter
from cayley.hypercube import (
    HyperCube,
    ObservedProducts,
    TrainingSchedule,
    TrainingStep,
    decode,
    train,
)
from cayley.tables import Table

__all__ = ["HyperCubeCompleter", "SolverCompleter"]

# Wall-clock seconds allowed per processor second of the budget, for stages that call no callback:
# large, because on a busy machine a process may get a small part of a core.
_PATIENCE = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverCompleter:
    """Runs :func:`cayley.solve` with one of its solvers: what a user gets, proof included.

    Attributes:
        solver: One of the names that ``solve`` takes.
        assume: What the table is taken to be.
        restarts: Most attempts of a learned solver.
        device: Where the learned solvers compute.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("S3"), observe=0.7, seed=0)
        >>> SolverCompleter(solver="exact").complete(table, seed=0, budget=Budget()).verdict
        'solved: S3'
    """

    solver: SolverName
    assume: Literal["auto", "group", "isotope", "none"] = "auto"
    restarts: int = 8
    device: str = "cpu"

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Solve; a step is a step of the learned solver, none for deduction.

        Raises:
            ValueError: As :func:`cayley.solve` does, for instance for a solver it does not have.
        """
        meter = Meter(budget, callback)
        limit = None if budget.seconds is None else _PATIENCE * budget.seconds
        start = time.monotonic()

        seen = 0

        def report(progress: Progress) -> bool:
            nonlocal seen
            # Several steps may lie between two calls; a restart begins at 0.
            steps = progress.step - seen if progress.step > seen else progress.step
            seen = progress.step
            return not meter.count(loss=progress.loss, predict=lambda: table.array, steps=steps)

        solution = solve(
            table,
            assume=self.assume,
            solver=self.solver,
            seed=seed,
            restarts=self.restarts,
            time_limit=limit,
            callback=report,
            device=self.device,
        )
        meter.steps += max(0, solution.steps - seen) if seen else 0  # after the last call
        name = solution.identification
        known = solution.structure if name is None or name.invariants is None else name.name
        reason: Reason = meter.reason
        if reason == "finished" and solution.interrupted:
            if limit is None or time.monotonic() - start < limit:
                raise KeyboardInterrupt  # a run cut short is no measurement
            reason = "seconds"
        return Prediction(
            table=solution.table.array,
            steps=meter.steps,
            reason=reason,
            verdict=f"{solution.status}: {known or 'nothing'}",
            proved=solution.proved,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperCubeCompleter:
    """Trains HyperCube once, without deduction, restarts or proof: the method of the paper.

    Attributes:
        shared: Whether the three factors are one; needs a table of one alphabet.
        rate: Learning rate; that of :class:`cayley.hypercube.TrainingSchedule` if None.
        momentum: Momentum.
        epsilon: Weight of the penalty until the factors have settled; likewise if None.
        dim: Size of the matrices; the order of the table if None.
        complex_factors: Whether the matrices are complex.
        settle: Whether the penalty is switched off also where the objective no longer falls, so
            that the factors converge to an exact fit instead of ending there.
        device: Where to compute.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("S3"), observe=0.7, seed=0)
        >>> found = HyperCubeCompleter().complete(table, seed=0, budget=Budget(steps=200))
        >>> bool((found.table == generate_family("S3").array).all())
        True
    """

    shared: bool = False
    rate: float | None = None
    momentum: float = 0.5
    epsilon: float | None = None
    dim: int | None = None
    complex_factors: bool = False
    settle: bool = False
    device: str = "cpu"

    def complete(
        self,
        table: Table,
        *,
        seed: int,
        budget: Budget,
        callback: Callback | None = None,
        checkpoint: Path | None = None,
    ) -> Prediction:
        """Train until convergence or the end of the budget; see :class:`Completer`.

        Args:
            table: As there, and so on.
            seed: Likewise.
            budget: Likewise.
            callback: Likewise.
            checkpoint: A file from which a training that was cut off goes on. Seconds then count
                from there, steps from the start; ``resumed_at`` of the numbers says where it was.

        Raises:
            ValueError: If shared factors are asked for over several alphabets.
        """
        if self.shared and not table.has_one_alphabet:
            raise ValueError("`shared` factors need a table of one alphabet.")
        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        weights = torch.Generator().manual_seed(stream_seed(seed, "weights"))
        model = HyperCube(
            sizes,
            dim=self.dim,
            shared=self.shared,
            complex_factors=self.complex_factors,
            generator=weights,
        ).to(self.device)
        meter = Meter(budget, callback)

        def predict() -> Int[NDArray[Any], "r c"]:
            A, B, C = (factor[0] for factor in model.factors)
            return decode(A, B, C).table

        resumed: dict[str, float] = {}

        def report(step: TrainingStep) -> bool:
            taken = step.step - meter.steps
            if taken > 1:
                resumed["resumed_at"] = float(step.step - 1)
            return not meter.count(
                loss=step.loss, predict=predict, steps=taken, numbers=_numbers(step)
            )

        observations = ObservedProducts.from_triples(
            table.observations, sizes=sizes, device=self.device
        )
        schedule = TrainingSchedule(
            rate=self.rate, momentum=self.momentum, epsilon=self.epsilon, max_steps=budget.steps
        )
        if self.settle:
            # Longer and finer than the default, so that a slow stretch is not taken for the end.
            schedule = replace(schedule, window=200, progress=1e-4, at_rest="release")
        result = train(
            model, observations, schedule=schedule, callback=report, checkpoint=checkpoint
        )
        if result.reason == "interrupted":
            raise KeyboardInterrupt  # a run cut short is no measurement
        ratio = result.last.penalty_ratio
        verdict = f"H/n² {ratio:.2f}" if math.isfinite(ratio) else "diverged"
        return Prediction(
            table=result.decoded.table,
            steps=meter.steps,
            reason=meter.reason,
            verdict=verdict,
            numbers=_numbers(result.last) | resumed,
        )


def _numbers(step: TrainingStep) -> dict[str, float]:
    numbers = {"penalty_ratio": step.penalty_ratio, "loss": step.loss, "imbalance": step.imbalance}
    return {name: value for name, value in numbers.items() if math.isfinite(value)}

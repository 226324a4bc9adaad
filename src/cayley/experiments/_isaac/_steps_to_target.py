"""The one loop that trains every problem by every method."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from cayley._random import stream_seed
from cayley.experiments._isaac._objective import Objective
from cayley.experiments._isaac._optimizer import Options, stepper
from cayley.experiments._suite import Measurement

__all__ = ["Report", "TargetRun", "measured", "train"]

Report = Callable[[float, str], None]

EVERY = 5
"""Steps between two looks at the training loss; looking does not count as training time.

Steps to a target are known to within 5; the fastest method on the digits needs 50.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRun:
    """Training loss by step and by second of training."""

    steps: tuple[float, ...]
    seconds: tuple[float, ...]
    losses: tuple[float, ...]

    def first_below(self, target: float) -> int | None:
        """Return the index of the first look at which the loss was at or below the target."""
        return next((i for i, loss in enumerate(self.losses) if loss <= target), None)


def train(
    problem: Objective,
    method: str,
    options: Options,
    *,
    seed: int,
    report: Report,
) -> TargetRun:
    """Train a problem by one method; stops early only when the loss is no longer a number."""
    batches = torch.Generator().manual_seed(stream_seed(seed, "batches"))
    draws = torch.Generator().manual_seed(stream_seed(seed, "draws"))
    step = stepper(method, problem, options, draws)
    steps, seconds, losses, elapsed = [0.0], [0.0], [problem.train_loss(problem.model)], 0.0
    for count in range(1, problem.steps + 1):
        batch = problem.sample(batches)
        start = time.perf_counter()
        try:
            step(*batch)
        except torch.linalg.LinAlgError:  # type: ignore[attr-defined]  # a baseline that diverged
            break
        elapsed += time.perf_counter() - start
        if count % EVERY == 0:
            steps.append(float(count))
            seconds.append(elapsed)
            losses.append(problem.train_loss(problem.model))
            report(count / problem.steps, f"loss {losses[-1]:.4f}")
            if not math.isfinite(losses[-1]):
                break
    return TargetRun(steps=tuple(steps), seconds=tuple(seconds), losses=tuple(losses))


def measured(problem: Objective, options: Options, run: TargetRun) -> Measurement:
    """Return what the suite keeps of a run, with the figures on test data."""
    reached = run.first_below(problem.target)
    at = -1 if reached is None else reached
    return Measurement(
        metrics={
            "steps_to_target": run.steps[at],
            "seconds_to_target": run.seconds[at],
            "reached": float(reached is not None),
            "train_loss": run.losses[-1],
            **problem.test(problem.model),
        },
        config={
            "problem": problem.name,
            "data": problem.split.name,
            "target": problem.target,
            "steps": problem.steps,
            "batch": problem.batch,
            "rate": options.rate,
            "damping": options.damping,
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
        },
        curves={"step": run.steps, "seconds": run.seconds, "train_loss": run.losses},
    )

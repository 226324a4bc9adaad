"""The one loop that trains every problem by every method."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from cayley._random import stream_seed
from cayley.experiments._isaac._objective import Objective
from cayley.experiments._isaac._optimizer import Options, stepper

__all__ = ["TargetRun", "train"]

EVERY = 5
"""Steps between two looks at the training loss; looking does not count as training time.

Steps to a target are known to within 5; the fastest method on the digits needs 50.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRun:
    """Training loss by step and by second of training, and the figures at the end."""

    steps: tuple[float, ...]
    seconds: tuple[float, ...]
    losses: tuple[float, ...]
    test: dict[str, float]

    def first_below(self, target: float) -> int | None:
        """Return the index of the first look at which the loss was at or below the target."""
        return next((i for i, loss in enumerate(self.losses) if loss <= target), None)


def train(
    problem: Objective,
    method: str,
    options: Options,
    *,
    seed: int,
    report: Callable[[float, str], None],
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
    return TargetRun(
        steps=tuple(steps),
        seconds=tuple(seconds),
        losses=tuple(losses),
        test=problem.test(problem.model),
    )

"""The rule by which every method is tuned: as many settings for each, and which of them wins."""

import math
from collections.abc import Mapping
from typing import Any

from cayley.experiments._isaac._objective import Objective
from cayley.experiments._isaac._optimizer import Options
from cayley.experiments._isaac._steps_to_target import Report, train

__all__ = ["BUDGET", "SEED", "attempt", "evenly", "grid", "rank"]

SEED = 100
"""Learning rates are chosen with this seed, which is not reported."""
BUDGET = 12
"""Settings for each method: twelve learning rates, or four times three dampings."""
RATES = {
    "sgd": (0.01, 3.0),
    "adam": (1e-4, 3e-2),
    "adamw": (1e-4, 3e-2),
    "muon": (1e-3, 0.3),
    "shampoo": (1e-3, 0.3),
    "soap": (1e-4, 3e-2),
    # Its gradients are smaller.
    "isaac+sgd": (0.03, 10.0),
}
"""The least and the largest rate of a method, or of what takes the step behind a preconditioner."""
DAMPINGS: dict[str, tuple[float, ...]] = {"isaac": (0.01, 0.1, 1.0), "kfac": (0.03, 0.3, 3.0)}


def evenly(method: str, count: int) -> list[float]:
    """Return so many rates, spread over the range of a method on a logarithmic scale."""
    least, largest = RATES.get(method, RATES[method.rpartition("+")[2]])
    return [float(f"{least * (largest / least) ** (i / (count - 1)):.2g}") for i in range(count)]


def grid(method: str) -> list[Options]:
    """Return the settings that are tried for a method."""
    dampings = DAMPINGS.get(method.rpartition("+")[0], (None,))
    rates = evenly(method, BUDGET // len(dampings))
    return [Options(rate=rate, damping=damping) for damping in dampings for rate in rates]


def rank(row: Mapping[str, Any]) -> tuple[float, ...]:
    """Return a key that is least for the best of several runs.

    Where data have a part for tuning, the best accuracy there; otherwise the fewest steps to the
    target; then the lowest training loss.
    """
    accuracy, steps, loss = (
        row.get(key) for key in ("validation_accuracy", "steps_to_target", "final_loss")
    )
    return (
        0.0 if accuracy is None else -accuracy,
        math.inf if steps is None else steps,
        math.inf if loss is None else loss,
    )


def attempt(
    problem: Objective, method: str, options: Options, *, seed: int, report: Report
) -> dict[str, Any]:
    """Train with one setting and return what :func:`rank` compares."""
    run = train(problem, method, options, seed=seed, report=report)
    reached = run.first_below(problem.target)
    return {
        "problem": problem.name,
        "method": method,
        "rate": options.rate,
        "damping": options.damping,
        "steps": problem.steps,
        "steps_to_target": None if reached is None else run.steps[reached],
        "final_loss": run.losses[-1] if math.isfinite(run.losses[-1]) else None,
        "validation_accuracy": problem.validation_accuracy(problem.model),
    }

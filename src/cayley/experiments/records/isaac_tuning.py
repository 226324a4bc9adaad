"""Learning rates of the experiments `cayley bench isaac`: a grid per method, one tuning seed.

    python -m cayley.experiments.records.isaac_tuning autoencoder [--data FILE] [--methods a,b]

Every method gets the same budget: twelve settings, which are twelve learning rates, or four times
three dampings, spread evenly over the method's range (on a logarithmic scale). The setting with the
fewest steps to the target wins, and where none reaches it, the one with the lowest training loss.
The tuning seed, 100, is not among those reported. Prints one JSON document.
"""

import argparse
import dataclasses
import json
import math
import sys
from pathlib import Path
from typing import Any

from cayley.experiments._isaac._objective import OBJECTIVES
from cayley.experiments._isaac._optimizer import METHODS, Options
from cayley.experiments._isaac._steps_to_target import train

SEED = 100
BUDGET = 12
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


def grid(method: str) -> list[Options]:
    preconditioner, _, first_order = method.rpartition("+")
    dampings: tuple[float | None, ...] = DAMPINGS.get(preconditioner, (None,))
    least, largest = RATES.get(method, RATES[first_order])
    count = BUDGET // len(dampings)
    rates = [least * (largest / least) ** (i / (count - 1)) for i in range(count)]
    return [
        Options(rate=float(f"{rate:.2g}"), damping=damping)
        for damping in dampings
        for rate in rates
    ]


def measure(
    problem_name: str, data: Path | None, method: str, options: Options, steps: int | None
) -> dict[str, Any]:
    problem = OBJECTIVES[problem_name](data, SEED)
    if steps:
        problem = dataclasses.replace(problem, steps=steps)
    run = train(problem, method, options, seed=SEED, report=lambda done, message: None)
    reached = run.first_below(problem.target)
    return {
        "problem": problem.name,
        "method": method,
        "rate": options.rate,
        "damping": options.damping,
        "steps_to_target": None if reached is None else run.steps[reached],
        "final_loss": run.losses[-1] if math.isfinite(run.losses[-1]) else None,
    }


def rank(row: dict[str, Any]) -> tuple[float, float]:
    steps, loss = row["steps_to_target"], row["final_loss"]
    return (math.inf if steps is None else steps, math.inf if loss is None else loss)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problem", choices=OBJECTIVES)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--steps", type=int)
    arguments = parser.parse_args()
    rows = []
    for method in arguments.methods.split(","):
        for options in grid(method):
            rows.append(
                measure(arguments.problem, arguments.data, method, options, arguments.steps)
            )
            print(rows[-1], file=sys.stderr, flush=True)
    best = [
        min((r for r in rows if r["method"] == m), key=rank)
        for m in dict.fromkeys(r["method"] for r in rows)
    ]
    print(json.dumps({"seed": SEED, "best": best, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()

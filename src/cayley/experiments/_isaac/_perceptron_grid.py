"""Perceptrons of many depths and widths: each method is tuned in each, then trained.

One run tries every setting of a method with a seed of its own and trains with the best of them.
Its curves are the settings and what came of each, from which heat maps of rate against damping are
drawn.
"""

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cayley.experiments._isaac._cases import perceptron_of
from cayley.experiments._isaac._objective import Objective
from cayley.experiments._isaac._optimizer import METHODS, Options
from cayley.experiments._isaac._steps_to_target import measured, train
from cayley.experiments._isaac._tuning import SEED, attempt, evenly, grid, rank
from cayley.experiments._suite import Case, Context, Measurement, Suite

__all__ = ["SUITE"]

DEPTHS = (2, 3, 4, 5, 6, 7, 8)
WIDTHS = (100, 200, 400, 800, 1600)
_DAMPINGS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
_CHOICES = ("isaac-first+sgd", "isaac-first+adam", "isaac-half+sgd", "isaac-half+adam")
"""ISAAC in the first layer alone, and in the first half of the hidden layers."""
_HIGHEST = 100.0
"""A loss above this, or none, counts as this; knowing nothing gives log 10 = 2.3."""


def run_grid(
    depth: int,
    width: int,
    settings: Callable[[str], list[Options]],
    method: str,
    context: Context,
) -> Measurement:
    """Try settings of a method on one perceptron, then train it with the best of them."""
    plain = method.replace("-first", "").replace("-half", "")
    tried = settings(plain)

    def report(done: int, share: float, message: str) -> None:
        now = f"setting {done + 1} of {len(tried)}" if done < len(tried) else "the best setting"
        context.progress((done + share) / (len(tried) + 1), f"{now}, {message}")

    rows = [
        attempt(
            _problem(depth, width, method, context.data, SEED + context.seed),
            plain,
            options,
            seed=SEED + context.seed,
            report=partial(report, done),
        )
        for done, options in enumerate(tried)
    ]
    best = min(range(len(rows)), key=lambda index: rank(rows[index]))
    problem = _problem(depth, width, method, context.data, context.seed)
    run = train(problem, plain, tried[best], seed=context.seed, report=partial(report, len(tried)))
    found = measured(problem, tried[best], run)
    curves = {
        "rate": [row["rate"] for row in rows],
        "damping": [row["damping"] or 0.0 for row in rows],
        "steps_to_target": [row["steps_to_target"] or float(problem.steps) for row in rows],
        "final_loss": [
            _HIGHEST if row["final_loss"] is None else min(row["final_loss"], _HIGHEST)
            for row in rows
        ],
    }
    return dataclasses.replace(found, curves=curves)


def _problem(depth: int, width: int, method: str, file: Path | None, seed: int) -> Objective:
    problem = perceptron_of(depth, width, file, seed)
    count = {"isaac-first": 1, "isaac-half": (depth + 1) // 2}.get(method.rpartition("+")[0])
    if count is None:
        return problem
    # Rectifiers are between the layers.
    names = {str(2 * index) for index in range(count)}
    return dataclasses.replace(problem, preconditioned=lambda name, module: name in names)


def _map(method: str) -> list[Options]:
    """Return the settings of a heat map: six rates times six dampings."""
    rates = evenly(method, 6)
    return [Options(rate=rate, damping=damping) for damping in _DAMPINGS for rate in rates]


def _case(depth: int, width: int, *, heat_map: bool) -> Case:
    size = f"{depth} hidden layers of {width}"
    isaac = tuple(method for method in METHODS if method.startswith("isaac"))
    return Case(
        name=f"{'map-' if heat_map else ''}{depth}x{width}",
        description=f"{size}, {'36 rates and dampings' if heat_map else 'tuned in each run'}",
        methods=isaac if heat_map else (*METHODS, *_CHOICES),
        metrics=("steps_to_target", "seconds_to_target", "reached", "test_accuracy"),
        run=partial(run_grid, depth, width, _map if heat_map else grid),
    )


SUITE = Suite(
    name="isaac-grid",
    description="perceptrons of many depths and widths, each method tuned in each",
    cases=tuple(
        _case(depth, width, heat_map=heat_map)
        for heat_map in (False, True)
        for depth in DEPTHS
        for width in WIDTHS
    ),
)

"""The one loop that trains every network on every problem, and the case made of it."""

import time
from collections.abc import Callable

import torch
from torch import nn

from cayley._random import stream_seed
from cayley.experiments._suite import Context, Measurement
from cayley.experiments._symmetry._discovered import EQUIVARIANT_TASKS, EquivariantTask
from cayley.experiments._symmetry._parameter_matched import build, num_parameters
from cayley.testing import assert_equivariant

__all__ = ["run_problem"]

# The same for all methods and problems; nothing was tuned.
_BATCH = 100
_RATE = 3e-3


def run_problem(name: str, method: str, context: Context) -> Measurement:
    """Train one method on every number of samples and test it."""
    problem = EQUIVARIANT_TASKS[name](context.seed)
    errors, seconds = [], []
    for i, size in enumerate(problem.sizes):
        network = build(problem, method, context.seed)
        start = time.process_time()

        def report(done: float, i: int = i, size: int = size) -> None:
            context.progress((i + done) / len(problem.sizes), f"{size} samples")

        _train(network, problem, method, size, seed=context.seed, report=report)
        seconds.append(time.process_time() - start)
        network.eval()
        with torch.no_grad():
            errors.append(problem.error(network(problem.test[0]), problem.test[1]))
    return Measurement(
        metrics={
            **{f"error_{size}": error for size, error in zip(problem.sizes, errors, strict=True)},
            "equivariance_defect": _defect(network, problem),
            "parameters": float(num_parameters(network)),
            "group_is_right": float(problem.is_right),
            "cpu_seconds_each": sum(seconds) / len(seconds),
        },
        config={
            "group": problem.found,
            "steps": problem.steps,
            "batch": _BATCH,
            "rate": _RATE,
            "test_samples": len(problem.test[0]),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
        },
        curves={"samples": [float(s) for s in problem.sizes], "error": errors},
    )


def _train(
    network: nn.Module,
    problem: EquivariantTask,
    method: str,
    size: int,
    *,
    seed: int,
    report: Callable[[float], None],
) -> None:
    """Train by Adam with a rate that falls to zero, on the first samples."""
    draws = torch.Generator().manual_seed(stream_seed(seed, "batches", size))
    x, y = problem.train[0][:size], problem.train[1][:size]
    optimizer = torch.optim.Adam(network.parameters(), lr=_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, problem.steps)
    group = problem.in_rep.group
    for step in range(problem.steps):
        chosen = torch.randint(size, (min(_BATCH, size),), generator=draws)
        inputs, targets = x[chosen], y[chosen]
        if method == "augmented":
            g = int(torch.randint(group.order, (1,), generator=draws))
            inputs = inputs @ problem.in_rep.matrices[g].to(inputs.dtype)
            targets = problem.moves(g, targets)
        loss = problem.loss(network(inputs), targets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            report(step / problem.steps)


def _defect(network: nn.Module, problem: EquivariantTask) -> float:
    """Return the smallest power of ten up to which the trained network is equivariant."""
    x = problem.test[0][:32]
    for power in range(-7, 3):  # float32 resolves 10^-7
        try:
            assert_equivariant(network, x, problem.in_rep, problem.out_rep, tolerance=10.0**power)
        except AssertionError:
            continue
        return 10.0**power
    return float("inf")

"""HyperCube: a step against dense autograd, whole tables, and the share of the machine's rate.

One thread: on shared cores two of them wait for each other.
"""

import time

import numpy as np
import pytest
import torch

from cayley.completion import solve
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.tables import Table, generate_family, mask

STEPS = {6: 400, 24: 200, 60: 10, 120: 3}
FAMILIES = {6: "S3", 24: "S4", 60: "A5", 120: "S5"}


def dense_step(
    factors: list[torch.Tensor],
    target: torch.Tensor,
    seen: torch.Tensor,
    optimizer: torch.optim.SGD,
    *,
    pairs: bool,
) -> None:
    """The same objective by autograd and SGD, products by einsum over all n^2 pairs.

    The penalty comes from moments as in the library (the stronger reference), or from all pairs
    as the products do.
    """
    A, B, C = factors
    d = A.shape[-1]
    optimizer.zero_grad(set_to_none=True)
    T = torch.einsum("aij,bjk,cki->abc", A, B, C) / d
    loss = ((T - target).square() * seen).sum()
    for F, G in ((A, B), (B, C), (C, A)):
        if pairs:
            loss = loss + 0.1 / d * torch.einsum("aij,bjk->abik", F, G).square().sum()
        else:
            right, left = torch.einsum("aji,ajk->ik", F, F), torch.einsum("bij,bkj->ik", G, G)
            loss = loss + 0.1 / d * (right * left).sum()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(factors, 0.1 * float(seen.sum()))
    optimizer.step()


def problem(order: int, observe: float) -> tuple[Table, Table]:
    truth = generate_family(FAMILIES[order])
    return truth, mask(truth, observe=observe, seed=0)


def machine_rate() -> float:
    """Floating-point operations per second of a large float32 matrix product, now."""
    X = torch.randn(1500, 1500)
    X @ X
    start = time.perf_counter()
    for _ in range(5):
        X @ X
    return 5 * 2 * 1500**3 / (time.perf_counter() - start)


def seconds_per_step(
    order: int, observations: ObservedProducts, steps: int, *, bfloat16: bool = False
) -> float:
    """Time a run of many steps less one of a single step: setting up and decoding cancel."""

    def run(most: int) -> float:
        model = HyperCube(order, generator=torch.Generator().manual_seed(0))
        start = time.perf_counter()
        schedule = TrainingSchedule(max_steps=most, progress=0)
        train(model, observations, schedule=schedule, bfloat16=bfloat16)
        return time.perf_counter() - start

    return (run(steps + 1) - run(1)) / steps


@pytest.mark.parametrize("order", STEPS)
@pytest.mark.parametrize("pairs", [False, True], ids=["penalty by moments", "penalty by pairs"])
def test_step_against_dense_autograd(benchmark, order: int, pairs: bool) -> None:
    truth, partial = problem(order, 0.5)
    observations = ObservedProducts.from_triples(partial.observations, sizes=(order,) * 3)
    target = torch.nn.functional.one_hot(torch.from_numpy(truth.array.copy()), order).float()
    seen = torch.from_numpy(partial.array >= 0).float()[..., None]
    steps, dense, mine, rough, rates = STEPS[order], [], [], [], []
    torch.set_num_threads(1)

    def both() -> None:
        model = HyperCube(order, generator=torch.Generator().manual_seed(0))
        leaves = [F[0].detach().clone().requires_grad_() for F in model.factors]
        optimizer = torch.optim.SGD(leaves, lr=0.5, momentum=0.5)
        dense_step(leaves, target, seen, optimizer, pairs=pairs)
        start = time.perf_counter()
        for _ in range(steps):
            dense_step(leaves, target, seen, optimizer, pairs=pairs)
        dense.append((time.perf_counter() - start) / steps)
        mine.append(seconds_per_step(order, observations, steps))
        if order >= 48:
            rough.append(seconds_per_step(order, observations, steps, bfloat16=True))
        rates.append(machine_rate())

    benchmark.pedantic(both, rounds=3 if order == 120 else 5)
    operations = 12 * len(observations) * order**3
    ratios = np.array(dense) / np.array(mine)
    rate = operations / float(np.median(mine))
    benchmark.extra_info |= {
        "order": order,
        "dense_ms": round(1e3 * float(np.median(dense)), 4),
        "step_ms": round(1e3 * float(np.median(mine)), 4),
        "ratio_median": round(float(np.median(ratios)), 2),
        "ratio_min": round(float(ratios.min()), 2),
        "ratio_max": round(float(ratios.max()), 2),
        "gflops": round(rate / 1e9, 1),
        "share_of_machine": round(rate / float(np.median(rates)), 3),
        "bfloat16_step_ms": round(1e3 * float(np.median(rough)), 4) if rough else None,
        "threads": torch.get_num_threads(),
    }
    print("\n", dict(benchmark.extra_info))


@pytest.mark.parametrize(
    ("order", "observe", "assume"),
    [
        (6, 0.61, "isotope"),
        (24, 0.3, "isotope"),
        (24, 0.15, "group"),
        (120, 0.5, "isotope"),
        (120, 0.1, "group"),
    ],
)
def test_time_to_a_proved_table(benchmark, order: int, observe: float, assume: str) -> None:
    """HyperCube alone, without the exact engine: separate factors (isotope), shared (group)."""
    truth, partial = problem(order, observe)
    solutions = []

    def run() -> None:
        solutions.append(solve(partial, solver="hypercube", assume=assume, seed=len(solutions)))

    benchmark.pedantic(run, rounds=3 if order > 24 else 5)
    benchmark.extra_info |= {
        "solved": sum(s.status == "solved" for s in solutions),
        "tried": len(solutions),
        "steps": [s.steps for s in solutions],
        "seconds": [round(s.seconds, 3) for s in solutions],
        "right": all((s.table.array == truth.array).all() for s in solutions),
    }
    print("\n", dict(benchmark.extra_info))

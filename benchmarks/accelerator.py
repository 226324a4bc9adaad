"""Both learned solvers on a GPU: right answers against the processor, and the share of its rate.

    python benchmarks/accelerator.py --out accelerator.json        # some minutes on a GPU
    python benchmarks/accelerator.py --device cpu --orders 24 60   # tried without one

Every rate is of counted floating-point operations (`docs/records/scaling.md` has the formulas),
beside that of one large product in the same precision, in the same run.
"""

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cayley._device import found_device
from cayley.completion import solve
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule
from cayley.hypercube._gradients import data_gradients
from cayley.hypercube._loop import Loop
from cayley.hypercube._processes import Processes
from cayley.hypercube._workspace import Workspace, default_bytes
from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._run import SolverRun
from cayley.synchronization._schedule import SweepSchedule, matrix_size
from cayley.synchronization._sweeps import random_factors
from cayley.tables import generate_family, mask

PRECISIONS = ("float32", "tf32", "bfloat16")
# Cells for each label, where half of all cells would not fit into minutes.
PER_LABEL = 12
# The largest order with matrices as large as the table and half of its cells: 4e13 operations.
DENSE = 360
SECONDS = 3.0  # about how long each rate is measured
SOLVED = (  # problem, share of cells, solver, assumption
    ("S4", 0.3, "hypercube", "isotope"),
    ("S4", 0.12, "hypercube", "group"),
    ("S4", 0.25, "synchronization", "isotope"),
    ("S5", 0.1, "synchronization", "group"),
    ("S5", 0.3, "hypercube", "isotope"),
    ("A6", 0.04, "synchronization", "group"),
)


def wait(device: str) -> None:
    if device != "cpu":
        torch.cuda.synchronize(device)


def seconds_each(run: Callable[[], Any], device: str) -> float:
    """Return the seconds of one call, after two that are not counted."""
    run()
    run()
    wait(device)
    start, calls, batch = time.perf_counter(), 0, 1
    while time.perf_counter() - start < SECONDS:
        for _ in range(batch):
            run()
        wait(device)  # once a batch: between two steps the processor runs ahead
        calls, batch = calls + batch, min(64, 2 * batch)
    return (time.perf_counter() - start) / calls


def set_precision(name: str) -> None:
    torch.set_float32_matmul_precision("high" if name == "tf32" else "highest")


def machine_rate(precision: str, device: str) -> float:
    size = 8192 if device != "cpu" else 1500
    kind = torch.bfloat16 if precision == "bfloat16" else torch.float32
    X = torch.randn(size, size, device=device).to(kind)
    return 2 * size**3 / seconds_each(lambda: X @ X, device)


def cells(n: int, count: int) -> np.ndarray:
    """Return that many cells of the cyclic group of order n, at random."""
    chosen = np.random.default_rng(0).choice(n * n, size=count, replace=False)
    a, b = np.divmod(np.sort(chosen), n)
    return np.stack([a, b, (a + b) % n], axis=1)


def hypercube_loop(n: int, *, bfloat16: bool, device: str) -> tuple[Loop, float]:
    """Return a training and the operations of its step."""
    m, d = (n * n // 2, n) if n <= DENSE else (PER_LABEL * n, round(3 * n**0.5))
    model = HyperCube(n, dim=d, generator=torch.Generator().manual_seed(0)).to(device)
    loop = Loop(
        model,
        ObservedProducts.from_triples(cells(n, m), sizes=(n, n, n), device=device),
        TrainingSchedule(),
        accept=None,
        workspace=Workspace(default_bytes(model.matrices.device)),
        processes=Processes(None),
        bfloat16=bfloat16,
    )
    return loop, 6.0 * m * n * d**2 + 6.0 * m * d**3 + 24.0 * n * d**3


def synchronization_run(n: int, *, device: str) -> tuple[SolverRun, float]:
    """Return a run of one restart of an isotope and the operations of its sweep."""
    m = min(PER_LABEL * n, n * n // 2)
    d = matrix_size((n, n, n), m)
    operation = PartialOperation.checked(
        cells(n, m), sizes=(n, n, n), assume="isotope", weights=None
    )
    factors = random_factors(
        operation.assume,
        operation.sizes,
        restarts=1,
        size=d,
        width=d,
        generator=torch.Generator().manual_seed(0),
        device=device,
    )
    schedule = SweepSchedule.chosen(operation.assume)
    # Three sums over the triples; for each label seven products in the polar factor; two of the
    # Gram matrix. Eigen-decompositions are left out: they run at no rate of products.
    operations = 6.0 * m * d**3 + 3 * (22.0 * n * d**3 + 4.0 * n**2 * d**2)
    return SolverRun(operation, factors, schedule, lambda table: False, 0), operations


@torch.no_grad()
def speeds(orders: list[int], device: str) -> list[dict[str, Any]]:
    rows = []
    for precision in PRECISIONS:
        set_precision(precision)
        rate = machine_rate(precision, device)
        for n in orders:
            loop, step = hypercube_loop(n, bfloat16=precision == "bfloat16", device=device)
            jobs: list[tuple[str, Callable[[], Any], float]] = [
                ("hypercube", lambda loop=loop: loop.advance(look=False), step)
            ]
            if precision != "bfloat16":  # sweeps are float32 throughout
                run, sweep = synchronization_run(n, device=device)
                jobs.append(("synchronization", run.advance, sweep))
            for solver, job, operations in jobs:
                seconds = seconds_each(job, device)
                rows.append(
                    {
                        "solver": solver,
                        "precision": precision,
                        "order": n,
                        "seconds": seconds,
                        "per_second": round(1 / seconds, 2),
                        "operations_per_second": operations / seconds,
                        "share_of_rate": round(operations / seconds / rate, 4),
                    }
                )
                print(rows[-1], flush=True)
    set_precision("float32")
    return rows


@torch.no_grad()
def gradient_error(device: str) -> float:
    """Return the largest relative difference of gradients in float64 from the processor's."""
    seen, model = cells(24, 200), HyperCube(24, restarts=2, dtype=torch.float64)
    found = []
    for where in ("cpu", device):
        model = model.to(where)
        observed = ObservedProducts.from_triples(seen, sizes=(24, 24, 24), device=where)
        found.append([g.cpu() for g in data_gradients(*model.factors, observed).gradients])
    pairs = zip(*found, strict=True)
    return max(float((x - y).norm() / x.norm()) for x, y in pairs)


def answers(device: str, largest: int) -> list[dict[str, Any]]:
    """Solve the same problems on both; the table must be the right one on the device."""
    rows = []
    for spec, share, solver, assume in SOLVED:
        truth = generate_family(spec)
        if truth.order > largest:
            continue
        table = mask(truth, observe=share, seed=0)
        row: dict[str, Any] = {"problem": spec, "observed": share, "solver": solver}
        for where in dict.fromkeys(("cpu", device)):
            start = time.perf_counter()
            found = solve(table, solver=solver, assume=assume, device=where)
            row[where] = {
                "right": bool((found.table.array == truth.array).all()),
                "status": found.status,
                "steps": found.steps,
                "seconds": round(time.perf_counter() - start, 3),
            }
        rows.append(row)
        print(row, flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda", choices=["cpu", "cuda", "auto"])
    parser.add_argument("--orders", type=int, nargs="+", default=[24, 120, 360, 1000])
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    try:
        device = found_device(arguments.device)
    except ValueError as error:
        parser.error(str(error))
    name = platform.processor() if device == "cpu" else torch.cuda.get_device_name(device)
    error = gradient_error(device)
    print(f"{name}: gradients differ from the processor's by {error:.1e}", flush=True)
    right = answers(device, max(arguments.orders))
    record = {
        "device": name,
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "gradient_error": error,
        "answers": right,
        "speeds": speeds(arguments.orders, device),
    }
    if arguments.out is not None:
        arguments.out.write_text(json.dumps(record, indent=1) + "\n")
    if error > 1e-10 or not all(row[device]["right"] for row in right):
        raise SystemExit("the device has wrong answers")


if __name__ == "__main__":
    main()

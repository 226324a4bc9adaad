"""Cost per step and per sweep cell, fitted against n, d and m, and what large problems would take.

Processor time is measured, not wall-clock time, because machines are shared. Memory is the growth
of the largest resident size of a process that does nothing else. Run from the root of the
repository, one thread (a minute or two):

    OMP_NUM_THREADS=1 python benchmarks/scaling.py benchmarks/results/scaling.json
"""

import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import nnls

from cayley.benchmark import Experiment, Store, Trial, describe_environment, perform, run_sweep
from cayley.benchmark._config import trial_of
from cayley.hypercube import HyperCube, Observations, Schedule, train
from cayley.tables import generate_family, mask

# order, size of the matrices, share of cells shown
SIZES = [
    (8, 8, 0.5),
    (12, 12, 0.5),
    (24, 24, 0.2),
    (24, 24, 0.8),
    (24, 12, 0.5),
    (48, 48, 0.25),
    (48, 24, 0.5),
    (60, 60, 0.1),
    (60, 60, 0.4),
    (60, 24, 0.4),
    (96, 30, 0.2),
    (96, 96, 0.1),
    (120, 33, 0.1),
]
MEMORY = [(60, 60, 0.1), (96, 96, 0.05), (120, 120, 0.02), (200, 100, 0.02), (300, 60, 0.02)]


def problem(n: int, d: int, observe: float) -> tuple[HyperCube, Observations]:
    table = mask(generate_family(f"C{n}"), observe=observe, seed=0)
    model = HyperCube(n, dim=d, generator=torch.Generator().manual_seed(0))
    return model, Observations.from_triples(table.observations, sizes=(n, n, n))


def seconds_per_step(n: int, d: int, observe: float) -> dict[str, float]:
    model, observations = problem(n, d, observe)
    work = 12 * len(observations) * d**3
    steps = int(min(200, max(2, 2e9 / work)))
    train(model, observations, schedule=Schedule(max_steps=1))  # first calls set up
    times = []
    for _ in range(3):
        start = time.process_time()
        train(model, observations, schedule=Schedule(max_steps=steps, tolerance=0.0))
        times.append((time.process_time() - start) / steps)
    m = len(observations)
    return {"n": n, "d": d, "m": m, "steps": steps, "seconds": min(times), "slowest": max(times)}


def peak_bytes(n: int, d: int, observe: float) -> None:
    """Print by how much three steps and a look at the table raise the resident size."""
    model, observations = problem(8, 8, 0.5)
    train(model, observations, schedule=Schedule(max_steps=3))
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    model, observations = problem(n, d, observe)
    train(model, observations, schedule=Schedule(max_steps=3))
    growth = resident("VmHWM") - before
    print(json.dumps({"n": n, "d": d, "m": len(observations), "bytes": growth}))


def resident(name: str) -> int:
    """Return a number of bytes from the kernel's account of this process (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))


def fit(rows: list[dict[str, float]], terms: dict[str, list[float]], target: str) -> dict:
    """Fit non-negative coefficients by least squares of relative errors."""
    y = np.array([row[target] for row in rows])
    X = np.array(list(terms.values())).T / y[:, None]
    scale = X.max(0)
    coefficients = nnls(X / scale, np.ones(len(y)))[0] / scale
    relative = (X * coefficients).sum(1) - 1
    return {
        **dict(zip(terms, coefficients.tolist(), strict=True)),
        "largest_relative_error": float(np.abs(relative).max()),
        "median_relative_error": float(np.median(np.abs(relative))),
    }


def sweep_overhead() -> dict[str, float]:
    """Seconds that a sweep adds to a run: claim, look, attempt, record, flush to disk."""
    trials = [
        Trial(
            suite="completion",
            case="C3",
            method="exact",
            seed=seed,
            settings={"operation": "C3", "observe": 0.7},
        )
        for seed in range(200)
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "runs.sqlite")
        run_sweep(trials[:5], store)
        cpu, wall = time.process_time(), time.perf_counter()
        run_sweep(trials[5:], store)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        results = store.results()
        inside = sum(r.cpu_seconds for r in results) * 195 / 200
        size = (Path(folder) / "runs.sqlite").stat().st_size
        wal = (Path(folder) / "runs.sqlite-wal").stat().st_size
    return {
        "cpu_seconds": (cpu - inside) / 195,
        "wall_seconds": (wall - sum(r.record.seconds for r in results) * 195 / 200) / 195,
        "bytes_per_run": (size + wal) / 200,
    }


def cells() -> list[dict[str, float | str]]:
    """Processor seconds of whole runs, as a sweep has them."""
    rows = []
    for method in ("exact", "hypercube-shared", "hypercube-training", "cp"):
        for operation, observe in (("S3", 0.7), ("S4", 0.5)):
            experiment = Experiment(
                operation=operation,
                observe=observe,
                method=method,
                steps=300,
                seconds=None,
                stop_when_perfect=True,
            )
            runs = [perform(trial_of(experiment)) for _ in range(3)]
            rows.append(
                {
                    "operation": operation,
                    "observe": observe,
                    "method": method,
                    "cpu_seconds": min(run.cpu_seconds for run in runs),
                    "correct": runs[0].record.metrics["correct"],
                }
            )
    return rows


def projections(speed: dict, memory: dict) -> list[dict[str, float | str]]:
    """Evaluate the fitted models where nothing was measured."""
    rows = []
    for n in (120, 1000, 10_000):
        for name, d, m in (
            ("d = n, half of the cells", n, n * n // 2),
            ("d = n, 12 n cells", n, 12 * n),
            ("d = 3 sqrt n, half of the cells", math.ceil(3 * n**0.5), n * n // 2),
            ("d = 3 sqrt n, 12 n cells", math.ceil(3 * n**0.5), 12 * n),
        ):
            seconds = sum(
                speed[term] * value
                for term, value in {"1": 1, "m d^3": m * d**3, "n d^3": n * d**3}.items()
            )
            size = memory["1"] + memory["n d^2"] * n * d**2 + 8 * n**2  # and the table
            rows.append(
                {"n": n, "case": name, "d": d, "m": m, "seconds_per_step": seconds, "bytes": size}
            )
    return rows


def main(path: Path) -> None:
    peaks = []
    for size in MEMORY:
        command = [sys.executable, __file__, "--memory", *map(str, size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(json.loads(done.stdout))
    memory = fit(
        peaks,
        {
            "1": [1.0] * len(peaks),
            "n d^2": [row["n"] * row["d"] ** 2 for row in peaks],
        },
        "bytes",
    )
    steps = [seconds_per_step(*size) for size in SIZES]
    speed = fit(
        steps,
        {
            "1": [1.0] * len(steps),
            "m d^3": [row["m"] * row["d"] ** 3 for row in steps],
            "n d^3": [row["n"] * row["d"] ** 3 for row in steps],
        },
        "seconds",
    )
    document = {
        "environment": describe_environment(),
        "steps": steps,
        "seconds_per_step": speed,
        "memory": peaks,
        "bytes": memory,
        "sweep": sweep_overhead(),
        "cells": cells(),
        "projections": projections(speed, memory),
    }
    path.write_text(json.dumps(document, indent=1) + "\n")
    print(json.dumps({k: document[k] for k in ("seconds_per_step", "bytes", "sweep")}, indent=1))
    for row in document["projections"]:
        print(
            f"{row['n']:6} {row['case']:32} {row['seconds_per_step']:12.4g} s a step "
            f"{row['bytes'] / 2**30:10.3g} GiB"
        )


if __name__ == "__main__":
    if sys.argv[1] == "--memory":
        peak_bytes(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    else:
        main(Path(sys.argv[1]))

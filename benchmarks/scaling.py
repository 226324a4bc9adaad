"""Cost per step and per sweep cell, fitted against n, d and m, and what large problems would take.

    OMP_NUM_THREADS=1 python benchmarks/scaling.py          # measures, some minutes: scaling.json
    python benchmarks/scaling.py --tables                   # tables of docs/records/scaling.md

Processor time is measured, not wall-clock time, because machines are shared. Memory is the growth
of the largest resident size of a process that does nothing else. Run from the root of the
repository, on one thread.
"""

import json
import math
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.optimize import least_squares

from cayley.experiments import Store, run_sweep
from cayley.experiments._completion import Experiment
from cayley.experiments._config import trial_of
from cayley.experiments._environment import describe_environment
from cayley.experiments._trial import Trial, perform
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.tables import generate_family, mask

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "benchmarks" / "results" / "scaling.json"
PAGE = ROOT / "docs" / "records" / "scaling.md"
BLOCK = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)

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
    (96, 96, 0.4),
    (120, 33, 0.1),
    (120, 120, 0.1),
    (200, 43, 0.06),
    (300, 52, 0.04),
    (500, 68, 0.02),
]
MEMORY = [
    (60, 60, 0.1),
    (96, 96, 0.05),
    (120, 120, 0.02),
    (120, 120, 0.5),
    (200, 100, 0.02),
    (300, 60, 0.02),
    (300, 60, 0.2),
    (500, 68, 0.02),
]
WORKSPACE = 32 * 2**20  # bytes, the default of cayley.hypercube
TINY = 20_000  # entries of all pairs' products up to which all pairs are computed

Row = dict[str, Any]


def problem(n: int, d: int, observe: float) -> tuple[HyperCube, ObservedProducts]:
    table = mask(generate_family(f"C{n}"), observe=observe, seed=0)
    model = HyperCube(n, dim=d, generator=torch.Generator().manual_seed(0))
    return model, ObservedProducts.from_triples(table.observations, sizes=(n, n, n))


def seconds_per_step(n: int, d: int, observe: float, *, bfloat16: bool) -> Row:
    """Time some steps and one step; the difference is free of setting up and of the last look."""
    model, observations = problem(n, d, observe)
    m = len(observations)
    steps = int(min(200, max(3, 2e10 / sum(operations(n, d, m)))))

    def run(count: int) -> float:
        start = time.process_time()
        schedule = TrainingSchedule(max_steps=count, tolerance=0.0, progress=0.0)
        train(model, observations, schedule=schedule, bfloat16=bfloat16)
        return time.process_time() - start

    run(1)  # first calls set up
    times = [(run(1), run(1 + steps)) for _ in range(4)]
    one, many = (min(pair[k] for pair in times) for k in (0, 1))
    slowest = max(after - before for before, after in times) / steps
    return {
        "n": n,
        "d": d,
        "m": m,
        "products": "bfloat16" if bfloat16 else "float32",
        "steps": steps,
        "seconds": (many - one) / steps,
        "slowest": slowest,
    }


def operations(n: int, d: int, m: int) -> tuple[float, float, float]:
    """Floating-point operations of a step: of pairs, against symbols, and of the penalty.

    For each pair three products of d x d matrices, 6 d^3, and three of d^2 entries against all n
    symbols, 6 n d^2; for the penalty six second moments and six products with them, 24 n d^3.
    """
    pairs = n * n if (n * d) ** 2 <= TINY else m
    return 6.0 * pairs * d**3, 6.0 * pairs * n * d**2, 24.0 * n * d**3


def step_model(x: np.ndarray, n: int, d: int, m: int, *, bfloat16: bool) -> float:
    """Seconds of a step: calls, and operations at a rate that products of d x d only approach."""
    calls, rate, half, rate16, entries16 = np.exp(x)
    pairs, symbols, penalty = operations(n, d, m)
    if bfloat16:  # the pairs of a row are one product, of m / n d^2 entries
        data = (pairs * (1 + entries16 / (m / n * d**2)) + symbols) / rate16
    else:
        data = (pairs * (1 + half / d) + symbols) / rate
    seconds: float = calls + data + penalty * (1 + half / d) / rate
    return seconds


def memory_model(x: np.ndarray, n: int, d: int, m: int) -> float:
    """Bytes: a constant, a multiple of the three factors, temporaries under their bound."""
    constant, copies, temporaries = np.exp(x)
    scratch = min(WORKSPACE, 4 * m * (3 * d**2 + 3 * n))
    total: float = constant + copies * 12 * n * d**2 + temporaries * scratch + 40 * n**2
    return total


def fit(model: Callable[..., float], start: list[float], rows: list[Row], target: str) -> Row:
    """Least squares of logarithms: every row counts by its ratio to the model."""

    def sizes(row: Row) -> Row:
        known = {name: row[name] for name in ("n", "d", "m")}
        return known | ({"bfloat16": row["products"] == "bfloat16"} if "steps" in row else {})

    def residuals(x: np.ndarray) -> list[float]:
        return [math.log(model(x, **sizes(row)) / row[target]) for row in rows]

    x = least_squares(residuals, np.log(start)).x
    errors = np.exp(np.abs(residuals(x))) - 1
    return {"parameters": np.exp(x).tolist(), "errors": errors.tolist()}


def peak_bytes(n: int, d: int, observe: float, *, bfloat16: bool) -> None:
    """Print by how much three steps and a look at the table raise the resident size."""
    model, observations = problem(8, 8, 0.5)
    train(model, observations, schedule=TrainingSchedule(max_steps=3))
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    model, observations = problem(n, d, observe)
    train(model, observations, schedule=TrainingSchedule(max_steps=3), bfloat16=bfloat16)
    growth = resident("VmHWM") - before
    products = "bfloat16" if bfloat16 else "float32"
    row = {"n": n, "d": d, "m": len(observations), "products": products, "bytes": growth}
    print(json.dumps(row))


def resident(name: str) -> int:
    """Return a number of bytes from the kernel's account of this process (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(name))


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
    for method in ("exact", "synchronization", "hypercube-shared", "hypercube-training", "cp"):
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


def fitted_steps(record: Row) -> Row:
    return fit(step_model, [2e-4, 1e11, 20.0, 3e11, 1e5], record["steps"], "seconds")


def fitted_memory(record: Row) -> Row:
    rows = [row for row in record["memory"] if row["products"] == "float32"]
    return fit(memory_model, [3e7, 8.0, 1.0], rows, "bytes")


def projections(record: Row) -> list[Row]:
    """Evaluate the fitted models where nothing was measured."""
    rows = []
    x, y = (np.log(f(record)["parameters"]) for f in (fitted_steps, fitted_memory))
    for n in (120, 1000, 10_000):
        for name, d, m in (
            ("d = n, half of the cells", n, n * n // 2),
            ("d = n, 12 n cells", n, 12 * n),
            ("d = 3 √n, half of the cells", math.ceil(3 * n**0.5), n * n // 2),
            ("d = 3 √n, 12 n cells", math.ceil(3 * n**0.5), 12 * n),
        ):
            rows.append(
                {
                    "n": n,
                    "case": name,
                    "d": d,
                    "m": m,
                    "float32": step_model(x, n, d, m, bfloat16=False),
                    "bfloat16": step_model(x, n, d, m, bfloat16=True) if d >= 48 else None,
                    "bytes": memory_model(y, n, d, m) + 8 * n**2,  # and the table
                }
            )
    return rows


def measure() -> None:
    torch.set_num_threads(1)
    peaks = []
    for products, size in product(("float32", "bfloat16"), MEMORY):
        command = [sys.executable, __file__, "--memory", products, *map(str, size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(json.loads(done.stdout))
    steps = [seconds_per_step(*size, bfloat16=False) for size in SIZES]
    steps += [seconds_per_step(*size, bfloat16=True) for size in SIZES if size[1] >= 48]
    document = {
        "environment": describe_environment(),
        "steps": steps,
        "memory": peaks,
        "sweep": sweep_overhead(),
        "cells": cells(),
    }
    RECORD.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


# The page's tables.


def digits(value: float) -> str:
    """Two digits, or all before the point."""
    return f"{value:.2g}" if value < 99.5 else f"{value:,.0f}"


def duration(seconds: float) -> str:
    for size, name in ((365.25 * 86400, "years"), (86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{digits(seconds / size)} {name}"
    for size, name in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= size:
            return f"{digits(seconds / size)} {name}"
    return f"{digits(seconds * 1e6)} µs"


def size_of(number: float) -> str:
    for unit, name in ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB")):
        if number >= unit:
            return f"{digits(number / unit)} {name}"
    return f"{digits(number / 2**10)} KiB"


def markdown(head: list[str], body: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def steps_table(record: Row) -> str:
    x = np.log(fitted_steps(record)["parameters"])
    body = []
    for row in record["steps"]:
        n, d, m = row["n"], row["d"], row["m"]
        low = row["products"] == "bfloat16"
        model = step_model(x, n, d, m, bfloat16=low)
        rate = sum(operations(n, d, m)) / row["seconds"] / 1e9
        times = [duration(t) for t in (row["seconds"], row["slowest"], model)]
        body.append([f"{n}", f"{d}", f"{m}", row["products"], *times, f"{rate:.0f}"])
    head = ["n", "d", "m", "products", "a step", "slowest round", "model"]
    return markdown([*head, "10⁹ operations a second"], body)


def memory_table(record: Row) -> str:
    x = np.log(fitted_memory(record)["parameters"])
    body = [
        [
            f"{row['n']}",
            f"{row['d']}",
            f"{row['m']}",
            size_of(row["bytes"]),
            size_of(memory_model(x, row["n"], row["d"], row["m"])),
            size_of(low["bytes"]),
            size_of(12 * row["n"] * row["d"] ** 2),
        ]
        for row, low in pairwise_products(record["memory"])
    ]
    head = ["n", "d", "m", "growth, float32", "model", "growth, bfloat16", "factors alone"]
    return markdown(head, body)


def pairwise_products(rows: list[Row]) -> list[tuple[Row, Row]]:
    """Pair the rows of the same size, float32 and bfloat16."""
    halves: list[list[Row]] = [
        [row for row in rows if row["products"] == name] for name in ("float32", "bfloat16")
    ]
    return list(zip(*halves, strict=True))


def projections_table(record: Row) -> str:
    body = [
        [
            f"{row['n']:,}",
            row["case"],
            f"{row['d']:,}",
            f"{row['m']:,}",
            duration(row["float32"]),
            "" if row["bfloat16"] is None else duration(row["bfloat16"]),
            size_of(row["bytes"]),
        ]
        for row in projections(record)
    ]
    return markdown(["n", "", "d", "m", "a step, float32", "bfloat16", "memory"], body)


def cells_table(record: Row) -> str:
    body = [
        [
            f"{row['operation']}, {100 * row['observe']:.0f} %",
            f"`{row['method']}`",
            *map(duration, (t := row["cpu_seconds"], 1e6 * t, 1e6 * t / 1024)),
        ]
        for row in record["cells"]
    ]
    head = ["problem", "method", "a run, processor time", "10⁶ runs on one core"]
    return markdown([*head, "on 16 machines of 64 cores"], body)


def parameters_table(record: Row) -> str:
    steps, memory = fitted_steps(record), fitted_memory(record)
    calls, rate, half, rate16, entries16 = steps["parameters"]
    constant, copies, temporaries = memory["parameters"]
    groups = [
        [e for row, e in zip(record["steps"], steps["errors"], strict=True) if row["products"] == p]
        for p in ("float32", "bfloat16")
    ] + [memory["errors"]]
    errors = [f"{100 * np.median(e):.0f} %, {100 * max(e):.0f} %" for e in groups]
    body = [
        [
            "a step, float32",
            f"t₀ {duration(calls)}, R {rate / 1e9:.0f}·10⁹/s, d₀ {half:.0f}",
            errors[0],
        ],
        ["a step, bfloat16", f"R₁₆ {rate16 / 1e9:.0f}·10⁹/s, e₀ {entries16:,.0f}", errors[1]],
        ["memory", f"M₀ {size_of(constant)}, c {copies:.1f}, w {temporaries:.1f}", errors[2]],
    ]
    return markdown(["model", "fitted", "error, median and largest"], body)


TABLES = {
    "parameters": parameters_table,
    "steps": steps_table,
    "memory": memory_table,
    "projections": projections_table,
    "cells": cells_table,
}


def written(page: str) -> str:
    """Return the page with its tables made anew."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    return BLOCK.sub(lambda found: found[1] + "\n" + TABLES[found[2]](record) + "\n", page)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        products, n, d, observe = sys.argv[2:]
        peak_bytes(int(n), int(d), float(observe), bfloat16=products == "bfloat16")
    elif sys.argv[1:] == ["--tables"]:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        measure()

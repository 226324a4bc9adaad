"""The smallest observed fraction with a certificate, for each group, beside reference figures.

For each seed the cells of a disguised table come in one random order; bisection finds the shortest
prefix that forces the table, by the closure alone and with the full enumeration. The floor is the
shortest prefix that leaves at most one label of each kind unused: below it nothing can be forced.

    python -m cayley.experiments.records.thresholds --seeds 5 --out FILE

The committed record is ``benchmarks/results/exact_thresholds.json``.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley.deduction import Forced, Limits, deduce
from cayley.tables import generate_family

Table = NDArray[Any]
Assume = Literal["group", "isotope"]

# name: closure / full enumeration / floor, in percent, measured earlier with a prototype
REFERENCE: dict[tuple[str, Assume], tuple[float, float | None, float]] = {
    ("S4", "group"): (7.1, 5.0, 3.8),
    ("A5", "group"): (3.4, 2.3, 1.9),
    ("C97", "group"): (2.6, 1.7, 1.3),
    ("S5", "group"): (2.3, 1.6, 1.1),
    ("PSL(2,7)", "group"): (1.9, 1.3, 0.8),
    ("S4xS4", "group"): (1.05, 0.79, 0.32),
    ("C997", "group"): (0.80, 0.63, 0.23),
    ("S4", "isotope"): (15.5, 14.9, 12.2),
    ("A5", "isotope"): (9.6, 8.1, 6.8),
    ("C97", "isotope"): (7.7, 6.2, 4.8),
    ("S5", "isotope"): (7.0, 5.4, 4.2),
    ("PSL(2,7)", "isotope"): (6.1, 4.7, 3.4),
    ("S4xS4", "isotope"): (3.5, 2.9, 1.0),
    ("C997", "isotope"): (2.7, None, 0.7),
}


def shuffled_cells(name: str, assume: Assume, seed: int) -> tuple[Table, int]:
    """All cells of a disguised table in random order."""
    rng = np.random.default_rng(seed)
    table = generate_family(name).array
    n = len(table)
    a, b = np.divmod(rng.permutation(n * n), n)
    f, g, h = (rng.permutation(n) for _ in range(3))
    if assume == "group":
        g = h = f
    return np.stack([f[a], g[b], h[table[a, b]]], axis=1), n


def floor_of(cells: Table, order: int, assume: Assume) -> int:
    """Return the shortest prefix that leaves at most one label of each kind unused."""
    kinds = [cells[:, i] for i in range(3)] if assume == "isotope" else [cells.ravel()]
    longest = 0
    for labels in kinds:
        _, first = np.unique(labels, return_index=True)
        width = 1 if assume == "isotope" else 3
        longest = max(longest, int(np.sort(first // width)[order - 2]) + 1)
    return longest


def threshold(
    cells: Table, order: int, assume: Assume, limits: Limits, low: int, high: int
) -> tuple[int, float]:
    """Bisect to within 1 %; return the shortest prefix that was forced, and its seconds."""
    seconds = None
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        begin = time.perf_counter()
        verdict = deduce(cells[:middle], order=order, assume=assume, limits=limits)
        if isinstance(verdict, Forced):
            high, seconds = middle, time.perf_counter() - begin
        else:
            low = middle
    if seconds is None:
        begin = time.perf_counter()
        deduce(cells[:high], order=order, assume=assume, limits=limits)
        seconds = time.perf_counter() - begin
    return high, seconds


def measure(name: str, assume: Assume, seed: int) -> dict[str, Any]:
    cells, order = shuffled_cells(name, assume, seed)
    floor = floor_of(cells, order, assume)
    guess = int((REFERENCE[name, assume][0] / 100) * order**2 * 1.6)
    closure, closure_seconds = threshold(
        cells, order, assume, Limits(full_enumeration=False), floor - 1, guess
    )
    full, full_seconds = threshold(
        cells, order, assume, Limits(time_limit=20.0), floor - 1, closure
    )
    percent = 100 / order**2
    return {
        "group": name,
        "assume": assume,
        "seed": seed,
        "closure_percent": closure * percent,
        "closure_seconds": closure_seconds,
        "full_percent": full * percent,
        "full_seconds": full_seconds,
        "floor_percent": floor * percent,
    }


# What a first process runs: 30 % of an isotope. It imports the exact rooms alone, because this
# package brings torch, whose import would be most of the time.
_FIRST = """
import time
begin = time.perf_counter()
import numpy as np
from cayley.deduction import deduce
from cayley.tables import generate_family
rng = np.random.default_rng(0)
table = generate_family({name!r}).array
n = len(table)
a, b = np.divmod(rng.choice(n * n, round(0.3 * n * n), replace=False), n)
f, g, h = (rng.permutation(n) for _ in range(3))
cells = np.stack([f[a], g[b], h[table[a, b]]], axis=1)
assert deduce(cells, order=n, assume="isotope").unique == "yes"
print(time.perf_counter() - begin)
"""


def first_call(name: str, cache: str) -> float:
    """Return the seconds of the first deduction in a new process, imports included."""
    done = subprocess.run(
        [sys.executable, "-c", _FIRST.format(name=name)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
    )
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--groups", nargs="*", default=None)
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        starts = {
            "S4, first process": first_call("S4", cache),
            "S5, cold cache": first_call("S5", cache),
            "S5, warm cache": first_call("S5", cache),
        }
    print({name: round(seconds, 2) for name, seconds in starts.items()}, flush=True)
    records = []
    for (name, assume), stated in REFERENCE.items():
        if options.groups and name not in options.groups:
            continue
        seeds = range(options.seeds if name not in ("C997", "S4xS4") else min(options.seeds, 3))
        records += (rows := [measure(name, assume, seed) for seed in seeds])
        line = [f"{name:9} {assume:8}"]
        for key, spec in zip(("closure", "full", "floor"), stated, strict=True):
            values = [row[f"{key}_percent"] for row in rows]
            line.append(
                f"{key} {statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"
                f" [reference {spec}]"
            )
        line.append(f"{statistics.median(row['closure_seconds'] for row in rows):.3f} s")
        line.append(f"{statistics.median(row['full_seconds'] for row in rows):.3f} s")
        print("  ".join(line), flush=True)
    result = {
        "machine": f"{platform.machine()}, {os.cpu_count()} shared cores, one thread",
        "python": platform.python_version(),
        "first_call_seconds": starts,
        "reference_percent": {
            f"{name} {assume}": each for (name, assume), each in REFERENCE.items()
        },
        "records": records,
    }
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

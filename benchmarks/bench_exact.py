"""Timings of exact deduction: `make bench`, or pytest benchmarks/bench_exact.py --benchmark-only.

The kernel is compiled before anything is timed; `records.thresholds` times cold starts.
"""

import numpy as np
import pytest

from cayley.deduction import (
    Forced,
    WrongEntries,
    deduce,
    find_wrong_entries,
)
from cayley.tables import generate_family

CASES = {
    "S4 at 10 %": ("S4", "group", 0.10),
    "S4 isotope at 25 %": ("S4", "isotope", 0.25),
    "S5 at 2.3 %": ("S5", "group", 0.023),
    "S5 isotope at 5.8 %": ("S5", "isotope", 0.058),
    "S5 isotope at 7 %": ("S5", "isotope", 0.07),
    "S5 isotope at 15 %": ("S5", "isotope", 0.15),
    "S6 at 1 %": ("S6", "group", 0.01),
    "C997 isotope at 3 %": ("C997", "isotope", 0.03),
    "D1000xC2 at 1 %": ("D1000xC2", "group", 0.01),
}


def observed(name, assume, fraction, seed=0):
    """Random cells of a relabeled group or of an isotope."""
    rng = np.random.default_rng(seed)
    table = generate_family(name).array
    n = len(table)
    a, b = np.divmod(rng.choice(n * n, round(fraction * n * n), replace=False), n)
    f, g, h = (rng.permutation(n) for _ in range(3))
    if assume == "group":
        g = h = f
    return np.stack([f[a], g[b], h[table[a, b]]], axis=1), n


@pytest.mark.parametrize("name", CASES)
def test_deduce(benchmark, name):
    family, assume, fraction = CASES[name]
    cells, order = observed(family, assume, fraction)
    verdict = benchmark.pedantic(
        deduce, args=(cells,), kwargs={"order": order, "assume": assume}, rounds=3, warmup_rounds=1
    )
    assert isinstance(verdict, Forced)
    benchmark.extra_info.update(method=verdict.method, cells=len(cells))


WRONG = {
    "S5 at 10 %, 3 % wrong": ("group", 0.10, 0.03),
    "S5 isotope at 16 %, 3 % wrong": ("isotope", 0.16, 0.03),
}


@pytest.mark.parametrize("name", WRONG)
def test_find_wrong_entries(benchmark, name):
    assume, fraction, noise = WRONG[name]
    cells, order = observed("S5", assume, fraction)
    rng = np.random.default_rng(1)
    wrong = rng.choice(len(cells), round(noise * len(cells)), replace=False)
    cells[wrong, 2] = (cells[wrong, 2] + rng.integers(1, order, len(wrong))) % order
    found = benchmark.pedantic(
        find_wrong_entries,
        args=(cells,),
        kwargs={"order": order, "assume": assume},
        rounds=3,
        warmup_rounds=1,
    )
    assert isinstance(found, WrongEntries)
    assert set(found.suspects) == set(wrong.tolist())

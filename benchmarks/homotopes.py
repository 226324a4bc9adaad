"""Processor time of polynomials, homotopes and blocks: python benchmarks/homotopes.py [seeds].

Masks and labels are random, and everything is compiled and loaded before the first measurement. For
each case: the median and the largest seconds, and how many answers are unique and right.
"""

import statistics
import sys
import time

import numpy as np

from cayley.deduction.homotopes._group_of_block import group_of_block
from cayley.deduction.homotopes._homotopes import complete_homotope
from cayley.tables import Table, generate_family
from cayley.theories.polynomials._polynomials import fit_polynomial

SEVEN = ("a+b", "a-b", "a^2+b^2", "a^2+ab+b^2", "a^2+ab+b^2+a", "a^3+ab", "a^3+ab^2+b")
PARITY = "a/b if b odd else a-b"


def masked(array, count, rng):
    """The table with so many cells."""
    return np.where(rng.permutation(array.size).reshape(array.shape) < count, array, -1)


def polynomial(operation, count):
    """One fit from so many cells, labels in order."""

    def run(rng):
        truth = generate_family(f"mod97:{operation}").array
        seen = masked(truth, count, rng)
        start = time.process_time()
        fit = fit_polynomial(seen)
        seconds = time.process_time() - start
        return seconds, fit is not None and fit.unique and (fit.table.array == truth).all()

    return run


def homotope(operation, share):
    """One completion with rows, columns and symbols renamed."""

    def run(rng):
        array = generate_family(f"mod97:{operation}").array
        f, g, h = (rng.permutation(97) for _ in range(3))
        truth = h[array[f][:, g]]
        seen = masked(truth, round(share * 97 * 97), rng)
        start = time.process_time()
        answer = complete_homotope(seen)
        seconds = time.process_time() - start
        is_unique = getattr(answer, "unique", None) == "yes"
        return seconds, is_unique and (answer.table.array == truth).all()

    return run


def block(name, size, share):
    """One block of a group: so many elements, so many of their products."""

    def run(rng):
        array = generate_family(name).array
        chosen = rng.permutation(len(array))[:size]
        results = array[np.ix_(chosen, chosen)]
        seen = masked(results, round(share * size * size), rng)
        labels = [str(i) for i in chosen]
        symbols, places = np.unique(results, return_inverse=True)
        table = Table(
            rows=labels,
            columns=labels,
            symbols=[str(i) for i in symbols],
            array=np.where(seen >= 0, places.reshape(results.shape), -1),
        )
        start = time.process_time()
        answer = group_of_block(table)
        seconds = time.process_time() - start
        return seconds, getattr(answer, "order", None) == len(array) and answer.unique == "yes"

    return run


CASES = {
    **{f"{each}, 19 cells": polynomial(each, 19) for each in SEVEN},
    "by parity of b, 1 %": polynomial(PARITY, 94),
    "by parity of b, 8 %": polynomial(PARITY, 753),
    "a^2+b^2 renamed, 6 %": homotope("a^2+b^2", 0.06),
    "a^2+b^2 renamed, 8 %": homotope("a^2+b^2", 0.08),
    "block of S4, 15 rows": block("S4", 15, 1.0),
    "block of S4, 15 rows, 30 %": block("S4", 15, 0.3),
    "block of S5, 20 rows": block("S5", 20, 1.0),
}


def main():
    """Print one line a case."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    homotope("a^2+b^2", 0.08)(np.random.default_rng(0))  # compiles or loads the kernel
    for name, run in CASES.items():
        results = [run(np.random.default_rng(seed)) for seed in range(seeds)]
        times = [seconds for seconds, _ in results]
        right = sum(bool(is_right) for _, is_right in results)
        print(
            f"{name:28} median {statistics.median(times):.4f} s, largest {max(times):.4f} s, "
            f"unique and right {right} of {seeds}",
            flush=True,
        )


if __name__ == "__main__":
    main()

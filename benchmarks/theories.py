"""Seconds to complete tables under a theory: python benchmarks/theories.py [seeds].

Masks are random, labels are permuted, and everything is compiled and loaded before the first
measurement. For each case: the median and the largest time, the guesses of the search, and how many
completions were proved unique and are right.
"""

import itertools
import statistics
import sys
import time

import numpy as np

from cayley.tables import generate_family
from cayley.theories import SearchLimits, complete_under, parse_theory
from cayley.theories._mining import mine


def octonions():
    """The units 1, e1, ..., e7 and their negatives: Cayley and Dickson's doubling, three times."""

    def conjugate(x):
        half = len(x) // 2
        return (*conjugate(x[:half]), *(-y for y in x[half:])) if half else x

    def product(x, y):
        half = len(x) // 2
        if not half:
            return (x[0] * y[0],)
        a, b, c, d = x[:half], x[half:], y[:half], y[half:]
        left = (p - q for p, q in zip(product(a, c), product(conjugate(d), b), strict=True))
        right = (p + q for p, q in zip(product(d, a), product(b, conjugate(c)), strict=True))
        return (*left, *right)

    units = [tuple(sign * (i == k) for i in range(8)) for sign in (1, -1) for k in range(8)]
    return np.array([[units.index(product(x, y)) for y in units] for x in units])


def maps(points):
    """All maps of some points to themselves, composed."""
    every = list(itertools.product(range(points), repeat=points))
    number = {each: i for i, each in enumerate(every)}
    return np.array([[number[tuple(g[i] for i in f)] for g in every] for f in every])


def cases():
    i, j = np.indices((9, 9))
    k, m = np.indices((12, 12))
    core = "(xy)z = x(y(xz)); left cancellative magma"
    yield "octonion units", octonions(), "Moufang loop", (0.25, 0.5, 0.9)
    yield "dihedral quandle", (2 * i - j) % 9, "left quandle", (0.4,)
    yield (
        "affine Steiner",
        -(i % 3 + j % 3) % 3 + 3 * (-(i // 3 + j // 3) % 3),
        ("Steiner quasigroup"),
        (0.4,),
    )
    yield "times mod 12", k * m % 12, "commutative monoid", (0.25, 0.5)
    yield "maps of 3 points", maps(3), "monoid", (0.25, 0.5)
    yield "aba in S5", generate_family("S5:aba").array, core, (0.08,)
    yield "conjugation in S5", generate_family("S5:aba^-1").array, "left quandle", (0.08,)
    yield "maps of 4 points", maps(4), "monoid", (0.3,)


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    # Compiles the kernel, or loads it.
    complete_under(np.where(np.eye(27, dtype=bool), 0, -1), "left zero")
    print(f"{'case':<20}{'order':>6}{'seen':>6}{'median s':>10}{'most s':>9}{'guesses':>9}  right")
    for name, table, theory, fractions in cases():
        for fraction in fractions:
            seconds, nodes, right = [], [], 0
            for seed in range(seeds):
                rng = np.random.default_rng(seed)
                n = len(table)
                p = rng.permutation(n)
                back = np.argsort(p)
                truth = p[table[np.ix_(back, back)]]
                cells = np.where(rng.random((n, n)) < fraction, truth, -1)
                start = time.perf_counter()
                found = complete_under(
                    cells, parse_theory(theory), limits=SearchLimits(time_limit=60)
                )
                seconds.append(time.perf_counter() - start)
                nodes.append(found.num_nodes)
                right += found.unique == "yes" and np.array_equal(found.table, truth)
            print(
                f"{name:<20}{n:>6}{fraction:>6.0%}{statistics.median(seconds):>10.3f}"
                f"{max(seconds):>9.3f}{max(nodes):>9}  {right}/{seeds}",
                flush=True,
            )
    start = time.perf_counter()
    mine(octonions())
    print(f"all numbered laws tried on the octonion units: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()

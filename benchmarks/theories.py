"""Seconds to complete tables, under a theory and with none named, beside a SAT solver on the same.

    python benchmarks/theories.py [seeds]

Masks are random, labels are permuted, and everything is compiled and loaded before the first
measurement. For each case the median in processor seconds, and in brackets the largest by the wall
clock, of: `complete_under` with the theory named; `solve` with ``auto``; and a SAT solver
(minisat 2.2 through python-sat) with every instance of every law as clauses, which is asked for a
completion and for another one. Then how many of the draws are right: proved unique, solved with
``auto``, decided by SAT. "-" stands for a formula of more clauses than are allowed.

The package `eqtheory` 0.3 searches finite models too, but none with given cells: its search starts
from an empty table and one law to satisfy and one to violate. So it cannot be asked the same.
"""

import itertools
import statistics
import sys
import time

import numpy as np

from cayley.completion import solve
from cayley.experiments._law_clauses import is_only_completion
from cayley.experiments._structures import structures
from cayley.tables import Table, generate_family
from cayley.theories import SearchLimits, complete_under, parse_theory
from cayley.theories.mining._mining import mine

CLAUSES = 20_000_000  # most clauses of a formula: some minutes and 4 GB


def maps(points):
    """All maps of some points to themselves, composed."""
    every = list(itertools.product(range(points), repeat=points))
    number = {each: i for i, each in enumerate(every)}
    return np.array([[number[tuple(g[i] for i in f)] for g in every] for f in every])


def cases():
    listed = {each.name: each for each in structures()}
    for name, fractions in (
        ("octonion units", (0.55, 0.9)),
        ("dihedral quandle of order 9", (0.4,)),
        ("Steiner quasigroup of order 9", (0.4,)),
        ("times mod 12", (0.4, 0.55)),
        ("boolean 2x2 matrices", (0.55,)),
        ("all maps of three points", (0.4, 0.55)),
    ):
        yield name, listed[name].table, listed[name].theory, fractions
    core = "(xy)z = x(y(xz)); left cancellative magma"
    yield "aba in S5", generate_family("S5:aba").array, core, (0.08,)
    yield "conjugation in S5", generate_family("S5:aba^-1").array, "left quandle", (0.08,)
    yield "maps of four points", maps(4), "monoid", (0.3,)


def masked(table, fraction, seed):
    """The seen cells, -1 elsewhere, and the whole table, renamed at random."""
    rng = np.random.default_rng(seed)
    n = len(table)
    p = rng.permutation(n)
    back = np.argsort(p)
    truth = p[table[np.ix_(back, back)]]
    return np.where(rng.random((n, n)) < fraction, truth, -1), truth


def timed(function, *arguments, **options):
    """What a function returns, with processor seconds and seconds by the wall clock."""
    wall, processor = time.perf_counter(), time.process_time()
    result = function(*arguments, **options)
    return result, time.process_time() - processor, time.perf_counter() - wall


def column(times):
    if not times:
        return f"{'-':>17}"
    return f"{statistics.median(t for t, _ in times):>8.3f} ({max(w for _, w in times):5.2f})"


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    # Everything compiled, loaded and numbered.
    for n in (8, 27):
        table = np.maximum.outer(np.arange(n), np.arange(n))
        solve(Table.from_array(np.where(np.eye(n, k=2), -1, table)), solver="exact")
        complete_under(np.where(np.eye(n, dtype=bool), 0, -1), "left zero")
    print(
        f"{'case':<31}{'order':>6}{'seen':>6}{'named s (most)':>17}{'auto s (most)':>17}"
        f"{'SAT s (most)':>17}  right: named, auto, SAT"
    )
    for name, table, text, fractions in cases():
        theory = parse_theory(text)
        for fraction in fractions:
            times = {"named": [], "auto": [], "sat": []}
            right = dict.fromkeys(times, 0)
            for seed in range(seeds):
                cells, truth = masked(table, fraction, seed)
                n = len(cells)
                limits = SearchLimits(time_limit=60)
                found, *seconds = timed(complete_under, cells, theory, limits=limits)
                times["named"].append(seconds)
                right["named"] += found.unique == "yes" and np.array_equal(found.table, truth)
                work = Table.from_array(cells, labels=[f"e{i}" for i in range(n)])
                found, *seconds = timed(solve, work, solver="exact")
                times["auto"].append(seconds)
                right["auto"] += found.status == "solved" and np.array_equal(
                    found.table.array, truth
                )
                # from order 27 on the clauses of one law are more than that
                if n <= 16:
                    only, *seconds = timed(
                        is_only_completion,
                        cells,
                        theory,
                        truth,
                        conflicts=100_000,
                        max_clauses=CLAUSES,
                    )
                    times["sat"].append(seconds)
                    right["sat"] += only is True
            columns = "".join(f"{column(each):>17}" for each in times.values())
            counts = ", ".join(
                f"{right[key]}/{len(each)}" if each else "-" for key, each in times.items()
            )
            print(f"{name:<31}{n:>6}{fraction:>6.0%}{columns}  {counts}", flush=True)
    octonions = next(each for each in structures() if each.name == "octonion units")
    _, *seconds = timed(mine, octonions.table, laws="numbered")
    print(f"all numbered laws on the octonion units: {seconds[0]:.2f} processor seconds")


if __name__ == "__main__":
    main()

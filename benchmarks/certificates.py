"""Times solving, proving and checking for tables of several kinds, one run for all.

Run with ``python benchmarks/certificates.py``. For each table: processor seconds of `solve` without
a look at the proofs (the first call in the process loads compiled code; the median of five others),
of the proofs of what the verdict says, of their check, and what `solve` takes on top by default and
with ``check=True``; then the lines and the compressed size of the proofs. With ``--commands`` the
same of `cayley complete` with ``--no-check``, by default and with ``--check``.
"""

import argparse
import gzip
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from cayley import _checker, solve
from cayley.completion.certificates._certificate import cells_and_table, document_about, proved
from cayley.completion.certificates._claims import claims_of_verdict
from cayley.experiments._structures import structures
from cayley.tables import Table, generate_family, mask, write_table

TRIES = 5


def partial(name, share, *, isotope=False, wrong=0):
    """A family's table with some cells seen, its lines renamed if it is an isotope."""
    rng, table = np.random.default_rng(0), generate_family(name).array
    n = len(table)
    if isotope:
        table = rng.permutation(n)[table[rng.permutation(n)][:, rng.permutation(n)]]
    array, cells = np.full(n * n, -1), rng.permutation(n * n)[: round(share * n * n)]
    array[cells] = table.flat[cells]
    array[cells[:wrong]] = (array[cells[:wrong]] + 1) % n
    return Table.from_array(array.reshape(n, n))


def tables():
    listed = {each.name: each.table for each in structures()}
    yield "S5, 10 % seen", partial("S5", 0.10), "group"
    yield "isotope of C97, 8 % seen", partial("C97", 0.08, isotope=True), "isotope"
    yield "isotope of S4, 60 % seen", partial("S4", 0.6, isotope=True), "isotope"
    yield "isotope of A4, 60 % seen", partial("A4", 0.6, isotope=True), "isotope"
    yield "S3, 61 % seen", partial("S3", 0.61), "auto"
    yield "S4, 25 % seen", partial("S4", 0.25), "group"
    yield "S4, 40 % seen", partial("S4", 0.40), "auto"
    yield "D8, 50 % seen", partial("D8", 0.5), "auto"
    yield "C6, full", generate_family("C6"), "auto"
    yield "S4, full", generate_family("S4"), "auto"
    yield "octonion units, 42 % seen", mask(listed["octonion units"], observe=0.42, seed=0), "auto"
    maps = mask(listed["all maps of three points"], observe=0.25, seed=0)
    yield "all maps of three points, 25 % seen", maps, "auto"
    larger = np.maximum.outer(np.arange(5), np.arange(5))
    larger.flat[[1, 3, 8, 11, 17, 20]] = -1
    yield "the larger of two of five, 6 cells open", Table.from_array(larger), "auto"
    yield "S3, full, 2 wrong", partial("S3", 1, wrong=2), "auto"
    yield "S4, full, 3 wrong", partial("S4", 1, wrong=3), "auto"
    yield "no isotope, order 3", Table.from_array([[0, 1, 1], [1, 2, -1], [2, -1, -1]]), "isotope"
    yield "C5, commutative loop, 30 %", partial("C5", 0.3), "commutative loop"


def seconds(function):
    """Return what a function returns, and its processor seconds."""
    start = time.process_time()
    result = function()
    return result, time.process_time() - start


def median(function):
    """Return the median processor seconds of some calls."""
    return statistics.median(seconds(function)[1] for _ in range(TRIES))


def repeated(table, assume, check):
    """Return the median processor seconds of some calls, and whether the proofs were checked."""
    taken = [seconds(lambda: solve(table, assume=assume, check=check)) for _ in range(TRIES)]
    return statistics.median(each for _, each in taken), taken[-1][0].checked


def measured(table, assume):
    solution, first = seconds(lambda: solve(table, assume=assume, check=False))
    given, full = cells_and_table(solution, 60.0)
    claims, lacking = proved(claims_of_verdict(solution, given, full), solution, given, full)
    proving = median(
        lambda: proved(claims_of_verdict(solution, given, full), solution, given, full)
    )
    checking = median(lambda: _checker.check(document_about(given, full, claims)))
    text = json.dumps(claims, separators=(",", ":")).encode()
    plain, _ = repeated(table, assume, False)
    default, looked = repeated(table, assume, None)
    always, _ = repeated(table, assume, True)
    return {
        "first call": first, "again": plain, "prove": proving, "check": checking,
        "by default, on top": default / plain - 1, "checked by default": looked is True,
        "check=True, on top": always / plain - 1,
        "on top of the first call": (proving + checking) / first,
        "lines": sum(len(each.get("proof", [])) for each in claims), "lacking": len(lacking),
        "bytes, compressed": len(gzip.compress(text)),
    }  # fmt: skip


def command(path, assume, *options):
    """Return the processor seconds of a command of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "cayley", "complete", path, "--assume", assume, "--quiet", *options],
        capture_output=True, check=False,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, table, assume in tables():
            if arguments.commands:
                path = Path(folder) / "table.csv"
                path.unlink(missing_ok=True)
                write_table(table, path)
                plain, default, always = (
                    statistics.median(command(path, assume, *each) for _ in range(3))
                    for each in (["--no-check"], [], ["--check"])
                )
                shown = {"--no-check": plain, "by default": default / plain - 1}
                shown |= {"--check": always / plain - 1}
            else:
                shown = measured(table, assume)
            print(json.dumps({"table": name} | {
                key: round(value, 4) if isinstance(value, float) else value
                for key, value in shown.items()
            }), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()

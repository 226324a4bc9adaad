"""Are structures completed, with their theory named and without, and is anything false claimed?

    python -m cayley.experiments.records.completion_recall --seconds 280

Each structure is renamed at random and its cells are hidden at random, for five fractions and five
seeds. `solve` completes it twice: under the theory that one would name, and with ``auto``. From
order 10 on only by deduction: learned solvers may fill in more there, but only predict it.
Recorded are the status, the standing, processor seconds, wrong and open cells; for small orders
also whether the named theory leaves just one completion, as a SAT solver finds. Where it leaves
several nothing can be asked for, so these draws are counted apart. A run goes on where the record
stops; small structures come first.
"""

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._files import replace_file
from cayley.completion import solve
from cayley.completion._findings import Provenance
from cayley.experiments._structures import Structure, structures
from cayley.tables import Table

__all__ = ["main", "masked", "measure", "summary"]

RECORD = Path("benchmarks/results") / "completion_recall.json"
FRACTIONS = (0.25, 0.4, 0.55, 0.7, 0.85)
SEEDS = 5

_LEARNED_BELOW = 10
"""Below this order the learned solvers follow, since the limit of three seconds is for all."""

_ORACLE_BELOW, _ORACLE_FROM, _ORACLE_UP_TO, _CLAUSES = 10, 0.55, 12, 500_000
"""A SAT solver gets every instance of every law as clauses. Below order 10 it is asked about all
draws, up to order 12 where so many cells are seen that most clauses are decided, and never with
more clauses than a second or two takes. Elsewhere uniqueness is what the search itself proves."""

FORCED = Provenance.FORCED

Array = NDArray[Any]


def masked(structure: Structure, fraction: float, seed: int) -> tuple[Array, Array]:
    """Return the seen cells, -1 elsewhere, and the whole table, renamed at random."""
    rng = np.random.default_rng(seed)
    n = len(structure.table)
    names = rng.permutation(n)
    table = np.empty_like(structure.table)
    table[np.ix_(names, names)] = names[structure.table]
    return np.where(rng.random((n, n)) < fraction, table, -1), table


def measure(
    structure: Structure, fraction: float, seed: int, *, oracle: bool = True
) -> dict[str, Any]:
    """Complete a structure with its theory named and without."""
    seen, truth = masked(structure, fraction, seed)
    n = len(seen)
    # labels that are no residues: a polynomial through the cells would say what renaming hides
    table = Table.from_array(seen, labels=[f"e{i}" for i in range(n)])
    record: dict[str, Any] = {"hidden": int((seen < 0).sum())}
    for key, assume in (("named", structure.theory), ("auto", "auto")):
        begin = time.process_time()
        found = solve(
            table, assume=assume, solver="auto" if n < _LEARNED_BELOW else "exact", seed=seed
        )
        seconds = time.process_time() - begin
        values = found.table.array
        record[key] = {
            "status": found.status,
            "standing": found.standing,
            "unique": found.unique,
            "as": str(found.assumption or ""),
            "solver": found.solver,
            "wrong": int(((values != truth) & (values >= 0)).sum()),
            # what is said to be forced, and is not so
            "wrong forced": int(((values != truth) & (found.provenance == FORCED)).sum()),
            "open": int((values < 0).sum()),
            "rivals": len(found.rivals),
            "seconds": round(seconds, 3),
        }
    if oracle and (n < _ORACLE_BELOW or (n <= _ORACLE_UP_TO and fraction >= _ORACLE_FROM)):
        from cayley.experiments._law_clauses import is_only_completion  # needs the extra "sat"

        limit = {} if n < _ORACLE_BELOW else {"max_clauses": _CLAUSES}
        record["only"] = is_only_completion(seen, structure.theory, truth, **limit)
    return record


def false_claims(record: dict[str, Any]) -> Iterator[tuple[str, float, int, str, dict[str, Any]]]:
    """Yield where a wrong cell was filled in with status "solved", or called forced."""
    for name, each in record.items():
        for fraction, runs in each["runs"].items():
            for seed, run in enumerate(runs):
                for key in ("named", "auto"):
                    found = run[key]
                    claimed = found["status"] == "solved" and found["wrong"]
                    # what is supposed forces a cell only if it holds, and says so
                    if claimed or (found["wrong forced"] and found["standing"] != "supposed"):
                        yield name, float(fraction), seed, key, found


def summary(record: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a Markdown table: solved and right, of five, named / auto."""
    yield f"| structure | order | {' | '.join(f'{f:.0%}' for f in FRACTIONS)} | s, median; most |"
    yield "|---|---|" + "---|" * (len(FRACTIONS) + 1)
    sums = {f: [0, 0, 0, 0] for f in FRACTIONS}
    for name, each in record.items():
        cells = []
        for fraction in FRACTIONS:
            runs = each["runs"].get(str(fraction), [])
            counts = [
                sum(_is_whole(run["named"]) for run in runs),
                sum(_is_whole(run["auto"]) and run["auto"]["status"] == "solved" for run in runs),
                sum(_is_whole(run["auto"]) for run in runs),
                len(runs),
            ]
            sums[fraction] = [a + b for a, b in zip(sums[fraction], counts, strict=True)]
            cells.append(" / ".join(map(str, counts[:3])))
        seconds = [
            run[key]["seconds"]
            for runs in each["runs"].values()
            for run in runs
            for key in ("named", "auto")
        ]
        times = f"{statistics.median(seconds):.2f}; {max(seconds):.2f}" if seconds else ""
        yield f"| {name} | {each['order']} | {' | '.join(cells)} | {times} |"
    totals = [" / ".join(map(str, each[:3])) + f" of {each[3]}" for each in sums.values()]
    yield f"| all | | {' | '.join(totals)} | |"


def counted(record: dict[str, Any]) -> Iterator[str]:
    """Yield how many draws from 55 % seen on are right with ``auto``, of all and of decided ones.

    A draw is decided if the named theory leaves one completion: a SAT solver says so or, where it
    was not asked or gave up, the search.
    """
    runs = [
        (name, fraction, seed, run)
        for name, each in record.items()
        for fraction in FRACTIONS
        if fraction >= _ORACLE_FROM
        for seed, run in enumerate(each["runs"].get(str(fraction), []))
    ]
    decided = [each for each in runs if is_decided(each[3])]
    asked = [each for each in runs if each[3].get("only") is not None]
    for title, some in (("all", runs), ("decided", decided)):
        whole = [each for each in some if _is_whole(each[3]["auto"])]
        solved = [each for each in whole if each[3]["auto"]["status"] == "solved"]
        yield f"{title}: {len(some)} draws, {len(whole)} right with auto, {len(solved)} solved"
    yield f"a SAT solver decided {len(asked)} of these draws"
    named = [each for each in decided if not _is_whole(each[3]["named"])]
    for title, missed in (
        ("auto", [each for each in decided if not _is_whole(each[3]["auto"])]),
        ("named", named),
    ):
        for name, fraction, seed, run in missed:
            found = run[title]
            yield f"missed, {title}: {name}, {fraction:.0%}, seed {seed}: {found['as']}"


def is_decided(run: dict[str, Any]) -> bool:
    """Return whether the named theory leaves one completion."""
    only, named = run.get("only"), run["named"]
    if only is not None:
        return bool(only)
    # where it leaves several, others may be supposed beside it
    return bool(named["unique"] == "yes" and named["standing"] == "given")


def _is_whole(found: dict[str, Any]) -> bool:
    return not found["wrong"] and not found["open"]


def main() -> None:
    """Measure what the record lacks, and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=280, help="after which to stop")
    parser.add_argument("--largest", type=int, default=81, help="order to go up to")
    parser.add_argument("--no-oracle", action="store_true", help="ask no SAT solver")
    parser.add_argument("--record", type=Path, default=RECORD, help="from the working directory")
    options = parser.parse_args()
    record: dict[str, Any] = {}
    if options.record.exists():
        record = json.loads(options.record.read_text())
    deadline = time.monotonic() + options.seconds
    small_first = sorted(structures(), key=lambda each: len(each.table))
    chosen = [each for each in small_first if len(each.table) <= options.largest]
    for structure in chosen:
        runs: dict[str, list[Any]] = {str(fraction): [] for fraction in FRACTIONS}
        record.setdefault(structure.name, {"order": len(structure.table), "runs": runs})
    # First the fractions from which on something is asked for, and every structure once before any
    # a second time, so that a short run has seen them all.
    waiting = sorted(
        itertools.product(range(SEEDS), chosen, FRACTIONS),
        key=lambda each: (each[2] < _ORACLE_FROM, each[0]),
    )
    for (seed, structure), parts in itertools.groupby(waiting, key=lambda each: each[:2]):
        for *_, fraction in parts:
            done = record[structure.name]["runs"][str(fraction)]
            if len(done) == seed and time.monotonic() < deadline:
                done.append(measure(structure, fraction, seed, oracle=not options.no_oracle))
        lines = ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in record.items())
        replace_file(options.record, ("{\n" + lines + "\n}\n").encode())
    print("\n".join((*summary(record), *counted(record))))
    for name, fraction, seed, key, found in false_claims(record):
        print("false:", name, fraction, seed, key, found)


if __name__ == "__main__":
    main()

"""Certificates of random partial tables, and of certificates that were changed at random.

First every table is solved, its claims are proved, and the proofs are checked; run again, it goes
on where it was stopped. Then certificates of small tables are changed, a cell, a step, an index or
a claim, each kind of claim as often, and what the checker still accepts is decided by brute force,
through all tables of the theory.

    python -m cayley.experiments.records.certificates --lines LINES
    python -m cayley.experiments.records.certificates --lines LINES --out FILE

The committed record is ``benchmarks/results/certificates.json``.
"""

import argparse
import contextlib
import gzip
import json
import os
import platform
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from cayley import _checker as checker
from cayley.algebra import Group
from cayley.completion import Solution, solve
from cayley.completion._hypotheses import asked_for
from cayley.completion.certificates._certificate import certificate_of, certificate_of_answers
from cayley.experiments.records.certificate_truth import changed, is_true
from cayley.tables import Table, all_small_groups

LAWS: dict[str, Any] = {
    "semilattice": lambda n: [[max(a, b) for b in range(n)] for a in range(n)],
    "band": lambda n: [[min(a, b) for b in range(n)] for a in range(n)],
    "left quandle": lambda n: [[(2 * a - b) % n for b in range(n)] for a in range(n)],
    "medial quasigroup": lambda n: [[(-a + 2 * b + 1) % n for b in range(n)] for a in range(n)],
    "commutative loop": lambda n: [[(a + b) % n for b in range(n)] for a in range(n)],
    "Steiner quasigroup": lambda n: [[(-a - b) % n for b in range(n)] for a in range(n)],
    "x*y = y*x; x*(x*y) = y": lambda n: [[(-a - b) % n for b in range(n)] for a in range(n)],
}
ORDERS = {
    "Steiner quasigroup": (3,),
    "medial quasigroup": (3, 5, 7, 9, 11),
    "left quandle": (3, 5, 7, 9),
}
KINDS = ("clean", "contradictory", "ambiguous", "wrong entries")


def problem(number: int) -> tuple[Table, str, str]:
    """A partial table, what is assumed of it, and what kind of problem it is."""
    rng = np.random.default_rng([7, number])
    assume = ("group", "isotope", "laws")[number % 3]
    kind = KINDS[(number // 3) % 4]
    # Every second table is so small that brute force can decide.
    most = 5 if (number // 12) % 2 else 24
    if assume == "laws":
        assume = list(LAWS)[number // 3 % len(LAWS)]
        orders = [n for n in ORDERS.get(assume, range(2, 13)) if n <= most]
        n = int(rng.choice(orders))
        table = np.array(LAWS[assume](n))
    else:
        n = int(rng.integers(2, most + 1))
        groups = list(all_small_groups(n))
        table = Group.from_permutations(groups[rng.integers(len(groups))].generators).table
    f = g = h = rng.permutation(n)
    if assume == "isotope":
        g, h = rng.permutation(n), rng.permutation(n)
    table = h[table[np.ix_(np.argsort(f), np.argsort(g))]]
    share = {"clean": 0.6, "contradictory": 0.7, "ambiguous": 0.12, "wrong entries": 0.8}[kind]
    share += 0.3 * (rng.random() - 0.5) if kind != "ambiguous" else 0
    cells = rng.permutation(n * n)[: max(1, round(share * n * n))]
    wrong = {"contradictory": max(1, len(cells) // 4), "wrong entries": 1 + n // 8}.get(kind, 0)
    array = np.full(n * n, -1)
    array[cells] = table.flat[cells]
    for cell in cells[:wrong]:
        array[cell] = (array[cell] + rng.integers(1, n)) % n
    return Table.from_array(array.reshape(n, n)), assume, kind


def claimed(solution: Solution) -> list[str]:
    """What the verdict says that a certificate has to prove."""
    if solution.status == "inconsistent":
        return ["inconsistent"]
    if solution.assumption is None:
        return []
    if solution.unique == "yes":
        return ["forced"]
    return ["not unique"] if solution.unique == "no" else []


def measured(number: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Solve one problem and certify it."""
    table, assume, kind = problem(number)
    start = time.perf_counter()
    # The time is for the search for wrong entries, which the contradictory tables would prolong.
    solution = solve(table, assume=assume, solver="exact", time_limit=1, check=False)
    solved = time.perf_counter()
    made, _ = certificate_of(solution, time_limit=20)
    proved = time.perf_counter()
    claims = [] if made is None else [each["claim"] for each in made["claims"]]
    if made is not None:
        checker.check(json.loads(json.dumps(made)))
    checked = time.perf_counter()
    wanted = claimed(solution)
    text = "" if made is None else json.dumps(made, separators=(",", ":"))
    record = {
        "number": number,
        "order": table.order,
        "assume": assume,
        "kind": kind,
        "claimed": wanted,
        "lacking": [each for each in wanted if each not in claims],
        "claims": claims,
        "solve": round(solved - start, 4),
        "prove": round(proved - solved, 4),
        "check": round(checked - proved, 4),
        "bytes": len(text),
        "compressed": len(gzip.compress(text.encode())) if text else 0,
    }
    return record, made


def attacked(
    documents: list[dict[str, Any]], count: int, rng: np.random.Generator
) -> dict[str, dict[str, int]]:
    """Change certificates of one claim, each kind as often, and decide what the checker accepts."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        for claim in document["claims"]:
            by_kind.setdefault(claim["claim"], []).append(document | {"claims": [claim]})
    outcomes: dict[str, Counter[str]] = {kind: Counter() for kind in sorted(by_kind)}
    for i in range(count):
        if i % 500 == 0:
            print(f"{i} changes", flush=True)
        kind = list(outcomes)[i % len(outcomes)]
        documents = by_kind[kind]
        document = documents[i // len(outcomes) % len(documents)]
        while (other := changed(document, rng)) == document:
            pass
        try:
            checker.check(other)
        except checker.Refused:
            outcomes[kind]["refused"] += 1
            continue
        name = {True: "true as well", False: "FALSE", None: "not decided"}[is_true(other)]
        outcomes[kind][f"accepted, {name}"] += 1
        if name == "FALSE":
            print(json.dumps(other))
    return {kind: dict(tally) for kind, tally in outcomes.items()}


def of_other_kinds() -> list[dict[str, Any]]:
    """Certificates of what the random tables do not lead to: answers, polynomials, homotopes."""
    found: list[dict[str, Any] | None] = []
    for number in range(120):
        table, assume, kind = problem(number)
        if kind != "ambiguous" or table.order > 5:
            continue
        (hypothesis,) = asked_for(assume)[1]
        array = table.array
        a, b = (int(x) for x in np.argwhere(array < 0)[0])
        place = (table.rows[a], table.columns[b])
        found.append(certificate_of_answers(table, hypothesis, [place], time_limit=5)[0])
    x, y = np.indices((5, 5))
    for values in (2 * x + y + 3, x * y + 1):
        array = np.where((3 * x + y) % 4 == 1, -1, values % 5)
        found.append(solve(Table.from_array(array), assume="polynomial").certificate)
    homotopes = ([[0, 1, 1], [1, -1, 0], [-1, 0, 0]], [[0, 1, 2], [1, 1, -1], [-1, -1, -1]])
    found += [
        solve(Table.from_array(each), assume="homotope", solver="exact").certificate
        for each in homotopes
    ]
    return [json.loads(json.dumps(each)) for each in found if each is not None]


def summary(records: list[dict[str, Any]]) -> dict[str, Any]:
    """What the tables came to."""
    claims = Counter(each for record in records for each in record["claimed"])
    lacking = Counter(each for record in records for each in record["lacking"])
    made = [record for record in records if record["bytes"]]
    spent = {key: [record[key] for record in made] for key in ("solve", "prove", "check")}
    return {
        "tables": len(records),
        "claimed": dict(claims),
        "without a proof": dict(lacking),
        "lacking": [
            {key: record[key] for key in ("number", "order", "assume", "kind", "lacking")}
            for record in records
            if record["lacking"]
        ],
        "seconds, median": {key: statistics.median(values) for key, values in spent.items()},
        "seconds, sum": {key: round(sum(values), 2) for key, values in spent.items()},
        "compressed bytes, largest": max(record["compressed"] for record in made),
    }


def large(seed: int = 0) -> list[dict[str, Any]]:
    """The two sizes that were promised: S5 at 10 %, an isotope of C97 at 8 %."""
    from cayley.tables import generate_family

    found = []
    for name, share, assume in (("S5", 0.10, "group"), ("C97", 0.08, "isotope")):
        rng = np.random.default_rng(seed)
        table = generate_family(name).array
        n = len(table)
        if assume == "isotope":
            table = rng.permutation(n)[table[rng.permutation(n)][:, rng.permutation(n)]]
        array = np.full(n * n, -1)
        cells = rng.permutation(n * n)[: round(share * n * n)]
        array[cells] = table.flat[cells]
        start = time.perf_counter()
        given = Table.from_array(array.reshape(n, n))
        solution = solve(given, assume=assume, solver="exact", check=False)
        solved = time.perf_counter()
        made = solution.certificate
        proved = time.perf_counter()
        assert made is not None
        checker.check(made)
        checked = time.perf_counter()
        text = json.dumps(made, separators=(",", ":")).encode()
        found.append({
            "name": name, "assume": assume, "share": share,
            "claims": [each["claim"] for each in made["claims"]],
            "solve": round(solved - start, 2), "prove": round(proved - solved, 2),
            "check": round(checked - proved, 2),
            "bytes": len(text), "compressed": len(gzip.compress(text)),
        })  # fmt: skip
    return found


def part(first: int, tables: int, step: int, path: Path) -> None:
    """Solve and certify every so-manieth table that the file has no line for yet."""
    done = {record["number"] for record, _ in lines_of([path])} if path.exists() else set()
    with path.open("a", encoding="utf-8") as file:
        for number in range(first, tables, step):
            if number not in done:
                file.write(json.dumps(measured(number)) + "\n")
                file.flush()


def lines_of(paths: list[Path]) -> list[list[Any]]:
    """The records and certificates of some files; a line that was cut short is left out."""
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                found.append(json.loads(line))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="of the changes")
    parser.add_argument("--part", type=int, nargs=2, default=(0, 1), metavar=("FIRST", "STEP"))
    parser.add_argument("--lines", type=Path, nargs="+", help="one file of lines for each part")
    parser.add_argument("--out", type=Path, help="where the record goes, made from all lines")
    arguments = parser.parse_args()
    if arguments.out is None:
        part(arguments.part[0], arguments.tables, arguments.part[1], arguments.lines[0])
        return
    lines = lines_of(arguments.lines)
    made = [each for _, each in lines if each is not None]
    for document in made:  # the checker may be another than when they were made
        checker.check(document)
    small = [each for each in made if len(each["rows"]) <= 5] + of_other_kinds()
    changes = attacked(small, arguments.changes, np.random.default_rng(arguments.seed))
    document = {
        "schema": "cayley.record/1",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, shared",
        "summary": summary([record for record, _ in lines]),
        "checked again": len(made),
        "changes": changes,
        "changes, sum": dict(sum(map(Counter, changes.values()), Counter())),
        "large": large(),
    }
    arguments.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

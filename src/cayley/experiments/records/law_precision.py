"""How often a table without laws is said to have one: random tables, all numbered laws.

    python -m cayley.experiments.records.law_precision --tables 20000 --seconds 280

Table number i is drawn from its own seed, so a run goes on where the record stops. Each table is of
order 3 to 12, 30 to 90 % of its cells are seen, and it is of one of these kinds in turn: ``free``,
every symbol equally likely; ``skewed``, symbols with frequencies of their own; ``rows`` and
``columns``, which are permutations. ``commutative`` and ``latin`` tables obey something, and are
counted apart with ``--kinds``: there a law is *false* if it is earned and fails in the whole table.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.theories.laws._evaluation import first_violation
from cayley.theories.mining._mining import mine
from cayley.theories.mining._standing import standing_theories

RECORD = Path("benchmarks/results") / "law_precision.json"
WITHOUT_LAWS = ("free", "skewed", "rows", "columns")
KINDS = (*WITHOUT_LAWS, "commutative", "latin")
ORDERS = (3, 12)
FRACTIONS = (0.3, 0.9)
# Tables between two writings of the record: a minute's work.
_SLICE = 500


def draw(kind: str, order: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a random full table of a kind."""
    n = order
    match kind:
        case "free":
            return rng.integers(n, size=(n, n))
        case "skewed":
            return rng.choice(n, size=(n, n), p=rng.dirichlet(np.full(n, 0.5)))
        case "rows":
            return np.array([rng.permutation(n) for _ in range(n)])
        case "columns":
            return np.array([rng.permutation(n) for _ in range(n)]).T
        case "commutative":
            upper = np.triu(rng.integers(n, size=(n, n)))
            return upper + np.triu(upper, 1).T
        case "latin":
            return _latin(n, rng)
    raise ValueError(f"`kind` must be one of {', '.join(KINDS)}; got {kind!r}.")


def _latin(n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return a Latin square, from the cyclic one by random swaps in its rows (not uniform)."""
    table = np.add.outer(np.arange(n), np.arange(n)) % n
    for _ in range(30 * n):
        # Two rows: along a cycle of the permutation that takes one to the other, exchange them.
        a, b = rng.choice(n, size=2, replace=False)
        place = int(rng.integers(n))
        cycle = [place]
        while table[b, cycle[-1]] != table[a, place]:
            cycle.append(int(np.flatnonzero(table[a] == table[b, cycle[-1]])[0]))
        table[np.ix_([a, b], cycle)] = table[np.ix_([b, a], cycle)]
        # Rows change places with columns, or columns with symbols: all three kinds are mixed.
        table = table.T.copy() if rng.random() < 0.5 else np.argsort(table, axis=1)
    result: NDArray[np.int64] = rng.permutation(n)[table][rng.permutation(n)]
    return result


def judge(kind: str, number: int) -> dict[str, Any]:
    """Return what is earned by table number i of a kind."""
    rng = np.random.default_rng([KINDS.index(kind), number])
    order = int(rng.integers(ORDERS[0], ORDERS[1] + 1))
    table = draw(kind, order, rng)
    fraction = rng.uniform(*FRACTIONS)
    seen = np.where(rng.random(table.shape) < fraction, table, -1)
    laws = mine(seen, laws="numbered", seed=number)
    theories = standing_theories(seen, numbered=True, seed=number)
    earned = {each.law for each in laws if each.is_earned}
    digits = [each.corrected for each in laws]
    for each in theories:
        if each.theory.laws:
            digits.append(each.evidence.corrected if each.theory.laws else 0.0)
        if each.standing == "earned":
            earned |= set(each.theory.laws)
    false = sorted(str(law) for law in earned if first_violation(law, table) is not None)
    return {
        "earned": bool(earned),
        "false": false,
        "case": {"number": number, "order": order, "seen": round(fraction, 2)},
        "corrected": min(digits, default=0.0),
    }


def go_on(entry: dict[str, Any], kind: str, until: int, deadline: float) -> None:
    """Judge the next tables of a kind, at most a slice."""
    stop = min(until, entry["tables"] + _SLICE)
    start = time.process_time()
    while entry["tables"] < stop and time.monotonic() < deadline:
        found = judge(kind, entry["tables"])
        entry["tables"] += 1
        entry["earned"] += found["earned"]
        entry["false"] += bool(found["false"])
        if found["false"]:
            entry["cases"].append({**found["case"], "laws": found["false"]})
        entry["corrected"] = round(min(entry["corrected"], found["corrected"]), 2)
    entry["seconds"] = round(entry["seconds"] + time.process_time() - start, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=20000, help="of all kinds together")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=WITHOUT_LAWS)
    parser.add_argument("--seconds", type=float, default=280, help="after which to stop")
    parser.add_argument("--record", type=Path, default=RECORD, help="from the working directory")
    arguments = parser.parse_args()
    record: dict[str, Any] = {}
    if arguments.record.exists():
        record = json.loads(arguments.record.read_text())
    deadline = time.monotonic() + arguments.seconds
    each = -(-arguments.tables // len(arguments.kinds))
    while time.monotonic() < deadline:
        empty = {"tables": 0, "earned": 0, "false": 0, "corrected": 0.0, "seconds": 0.0}
        waiting = [
            kind
            for kind in arguments.kinds
            if record.setdefault(kind, {**empty, "cases": []})["tables"] < each
        ]
        if not waiting:
            break
        kind = min(waiting, key=lambda name: (record[name]["tables"], KINDS.index(name)))
        go_on(record[kind], kind, each, deadline)
        arguments.record.write_text(json.dumps(record, indent=1) + "\n")
        print(kind, {key: record[kind][key] for key in ("tables", *empty)}, flush=True)


if __name__ == "__main__":
    main()

"""Wrong cells under theories: are they found, and what is proved about it?

    python -m cayley.experiments.records.wrong_cells --out FILE

Each structure is renamed at random, its cells are hidden at random, and a share of those that are
left get another symbol at random. The named theory is all that is told. Recorded are whether just
the planted cells are suspected, whether the others force the table, what is proved about other
tables, and processor seconds. Nothing depends on a clock. A run goes on where the record stops.

The committed record is ``benchmarks/results/wrong_cells.json``.
"""

import argparse
import itertools
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._files import replace_file
from cayley.theories.wrong_entries._wrong_entries import repair_under

__all__ = ["STRUCTURES", "main", "measure", "spoiled", "summary"]

Array = NDArray[Any]
SETTINGS = ((1.0, 0.05), (1.0, 0.1), (0.8, 0.05), (0.8, 0.1))
"""The shares of cells that are seen, and of these that are wrong."""


def octonion_units() -> Array:
    """Return the Moufang loop of the 16 units, by the Cayley-Dickson construction."""
    unit, sign = np.zeros((1, 1), int), np.ones((1, 1), int)
    for size in (1, 2, 4):
        conjugate = np.where(np.arange(size) == 0, 1, -1)
        # (a, b)(c, d) = (ac - d*b, da + bc*), where * conjugates.
        sign = np.block(
            [[sign, sign.T], [sign * conjugate[None, :], -(sign * conjugate[:, None]).T]]
        )
        unit = np.block([[unit, unit + size], [unit + size, unit]])
    signed = np.where(sign > 0, unit, unit + 8)
    return np.block([[signed, (signed + 8) % 16], [(signed + 8) % 16, signed]])


def maps_of_points(points: int) -> Array:
    """Return the composition of all maps of some points."""
    maps = list(itertools.product(range(points), repeat=points))
    place = {each: i for i, each in enumerate(maps)}
    return np.array([[place[tuple(p[x] for x in q)] for q in maps] for p in maps])


def conjugation_of_transpositions(points: int) -> Array:
    """Return the kei of transpositions: a o b is b a b."""
    pairs = list(itertools.combinations(range(points), 2))
    place = {each: i for i, each in enumerate(pairs)}

    def conjugated(a: tuple[int, int], b: tuple[int, int]) -> int:
        swap = {b[0]: b[1], b[1]: b[0]}
        one, other = sorted(swap.get(x, x) for x in a)
        return place[one, other]

    return np.array([[conjugated(a, b) for b in pairs] for a in pairs])


_I, _J = np.indices((12, 12))
_P, _Q = np.indices((9, 9))
_DIVISORS = np.array([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60])

STRUCTURES: dict[str, tuple[Array, str]] = {
    "octonion units": (octonion_units(), "Moufang loop"),
    "maps of three points": (maps_of_points(3), "semigroup"),
    "dihedral quandle of order 9": ((2 * _Q - _P) % 9, "right quandle"),
    "transpositions of five points": (conjugation_of_transpositions(5), "right quandle"),
    "maximum of twelve": (np.maximum(_I, _J), "semilattice"),
    "unions of subsets of four": (np.bitwise_or.outer(np.arange(16), np.arange(16)), "semilattice"),
    "gcd of the divisors of 60": (
        np.searchsorted(_DIVISORS, np.gcd.outer(_DIVISORS, _DIVISORS)),
        "semilattice",
    ),
    "Z12 under multiplication": (_I * _J % 12, "commutative monoid"),
}
"""The operations and what is told of them."""


def spoiled(truth: Array, seen: float, wrong: float, seed: int) -> tuple[Array, Array, Array]:
    """Rename, hide and spoil a table; return it, the truth renamed, and the places spoiled."""
    rng = np.random.default_rng(seed)
    n = len(truth)
    names = rng.permutation(n)
    renamed = np.empty_like(truth)
    renamed[np.ix_(names, names)] = names[truth]
    table = np.where(rng.random((n, n)) < seen, renamed, -1)
    known = np.flatnonzero(table >= 0)
    places = np.sort(rng.choice(known, max(1, round(wrong * len(known))), replace=False))
    table.flat[places] = (table.flat[places] + rng.integers(1, n, len(places))) % n
    return table, renamed, places


def measure(name: str, seen: float, wrong: float, seed: int) -> dict[str, Any]:
    """Spoil a structure and repair it."""
    truth, theory = STRUCTURES[name]
    table, renamed, places = spoiled(truth, seen, wrong, seed)
    begin = time.process_time()
    repair = repair_under(table, theory)
    seconds = time.process_time() - begin
    record = {
        "structure": name, "theory": theory, "seen": seen, "wrong": wrong, "seed": seed,
        "given": int((table >= 0).sum()), "planted": len(places), "seconds": round(seconds, 2),
    }  # fmt: skip
    if repair is None:
        return record | {"found": False}
    suspects = {cell.row * len(table) + cell.column for cell in repair.suspects}
    filled = repair.table >= 0
    return record | {
        "found": True,
        "suspects": len(suspects),
        "missed": len(set(places.tolist()) - suspects),
        "accused wrongly": len(suspects - set(places.tolist())),
        "forced": repair.completion.unique,
        "cells open": int((~filled).sum()),
        "cells false": int((repair.table != renamed)[filled].sum()),
        "minimal": repair.is_minimal,
        "only": repair.is_only,
        "unrivaled": repair.is_unrivaled,
        "ties": len(repair.ties),
        "rivals": len(repair.rivals),
    }


def summary(records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    groups = defaultdict(list)
    for record in records:
        groups[record["structure"], record["seen"], record["wrong"]].append(record)
    yield "| structure | seen, wrong | cells found | table whole | fewest | only | no rival | s |"
    yield "|---|---|---|---|---|---|---|---|"
    for (name, seen, wrong), rows in groups.items():
        exact = sum(
            each["found"] and each["missed"] == each["accused wrongly"] == 0 for each in rows
        )
        whole = sum(
            each["found"] and each["cells open"] == each["cells false"] == 0 for each in rows
        )
        counts = [sum(each.get(key, False) for each in rows) for key in _PROVED]
        seconds = statistics.median(each["seconds"] for each in rows)
        cells = [f"{exact} of {len(rows)}", str(whole), *map(str, counts), f"{seconds:.1f}"]
        yield f"| {name} | {seen:.0%}, {wrong:.0%} | {' | '.join(cells)} |"


_PROVED = ("minimal", "only", "unrivaled")


def main() -> None:
    """Measure what the record lacks, and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--structures", nargs="*", default=list(STRUCTURES), metavar="NAME")
    parser.add_argument("--out", type=Path, default=None, help="the record, which is added to")
    options = parser.parse_args()
    for name in options.structures:
        if name not in STRUCTURES:
            parser.error(f"{name!r} is none of {', '.join(STRUCTURES)}.")
    file = options.out
    records = json.loads(file.read_text())["records"] if file and file.exists() else []
    done = {tuple(each[key] for key in ("structure", "seen", "wrong", "seed")) for each in records}
    jobs = itertools.product(range(options.seeds), options.structures, SETTINGS)
    for seed, name, (seen, wrong) in jobs:
        if (name, seen, wrong, seed) not in done:
            records.append(measure(name, seen, wrong, seed))
            records.sort(
                key=lambda each: (
                    list(STRUCTURES).index(each["structure"]),
                    SETTINGS.index((each["seen"], each["wrong"])),
                    each["seed"],
                )
            )
            if file:
                text = json.dumps({"records": records}, indent=1) + "\n"
                replace_file(file, text.encode())
    print("\n".join(summary(records)))


if __name__ == "__main__":
    main()

"""Write the digests by which loops, semigroups and quandles get their numbers in GAP's lists.

Needs GAP as a Python library, and a copy of its package RIG, which that does not have:

    pip install passagemath-gap passagemath-gap-pkg-smallsemi-data
    git clone https://github.com/gap-packages/rig
    python scripts/generate_numbered_structures.py [rig] [--check]

Without the copy of RIG the lines of quandles stay as they are in the file in place. Fails unless
all structures of a list have different digests: only then is a match a proof. With `--check`
nothing is written; the file in place must equal what would be. Takes a minute.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import passagemath_gap  # noqa: F401  (makes the next import possible)
from sage.libs.gap.libgap import libgap
from shipped_file import write_or_check

from cayley.algebra.identification._numbered_structures import digest_of

TARGET = (
    Path(__file__).resolve().parents[1]
    / "src/cayley/algebra/identification/data/numbered_structures.jsonl"
)

LOOPS = {
    ("loop", "SmallLoop"): {5: 5, 6: 107},
    ("Moufang loop", "MoufangLoop"): {12: 1, 16: 5, 20: 1, 24: 5, 28: 1},
    ("Steiner loop", "SteinerLoop"): {4: 1, 8: 1, 10: 1, 14: 2, 16: 80},
}
"""How many there are of each order."""

SEMIGROUPS = [1, 4, 18, 126, 1160, 15973]
"""Up to isomorphism and anti-isomorphism (OEIS A001423)."""

QUANDLES = [
    1, 0, 1, 1, 3, 2, 5, 3, 8, 1, 9, 10, 11, 0, 7, 9, 15, 12, 17, 10, 9, 0, 21, 42, 34, 0, 65, 13,
    27, 24, 29, 17, 11, 0, 15, 73, 35, 0, 13, 33, 39, 26, 41, 9, 45, 0, 45,
]  # fmt: skip
"""Connected ones (L. Vendramin, "On the classification of quandles of low order", 2012)."""


def loops() -> Iterator[tuple[str, int, list[str]]]:
    """Yield the lists of the package LOOPS."""
    libgap.eval('LoadPackage("loops":OnlyNeeded)')
    ask = libgap.eval("function(make, n, k) return CayleyTable(make(n, k)) - 1; end")
    for (kind, function), counts in LOOPS.items():
        make = libgap.eval(function)
        for order, count in counts.items():
            tables = (ask(make, order, number) for number in range(1, count + 1))
            yield kind, order, [digest(table) for table in tables]


def semigroups() -> Iterator[tuple[str, int, list[str]]]:
    """Yield the lists of the package smallsemi."""
    libgap.eval('LoadPackage("smallsemi":OnlyNeeded)')
    ask = libgap.eval("function(n, k) return RecoverMultiplicationTable(n, k) - 1; end")
    yield "semigroup", 1, [digest([[0]])]
    for order, count in enumerate(SEMIGROUPS[1:], 2):
        yield "semigroup", order, [digest(ask(order, number)) for number in range(1, count + 1)]


def quandles(rig: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Yield the lists of the package RIG."""
    pattern = (
        r"QUANDLES\[(\d+)\]\.rack\[(\d+)\] := rec\( *size := \d+, matrix :=\s*(\[\s*\[.*?\]\s*\])"
    )
    text = "".join(path.read_text() for path in sorted((rig / "small").glob("*.g*")))
    found = {
        (int(order), int(number)): np.array(json.loads(matrix)) - 1
        for order, number, matrix in re.findall(pattern, text, re.DOTALL)
    }
    for order, count in enumerate(QUANDLES, 1):
        if count:
            tables = (found[order, number] for number in range(1, count + 1))
            yield "quandle", order, [digest(table, homogeneous=True) for table in tables]


def quandles_in_place() -> Iterator[tuple[str, int, list[str]]]:
    """Yield the lists of quandles that the file in place has."""
    print(
        f"{TARGET.name}: no copy of RIG, so its quandles are taken from the file", file=sys.stderr
    )
    for record in map(json.loads, TARGET.read_text(encoding="utf-8").splitlines()):
        if record["kind"] == "quandle":
            text = record["digests"]
            yield "quandle", record["order"], [text[i : i + 8] for i in range(0, len(text), 8)]


def digest(table: object, *, homogeneous: bool = False) -> str:
    """Return the digest of a table in any form; dashes if too many elements generate it."""
    rows = np.array([[int(x) for x in row] for row in table])  # type: ignore[attr-defined]
    return digest_of(rows, homogeneous=homogeneous) or "-" * 8


def main() -> int:
    """Write or check the file; return the exit status."""
    libgap.eval("SetRecursionTrapInterval(10^9)")  # the library miscounts over many calls
    lines = []
    folders = [argument for argument in sys.argv[1:] if argument != "--check"]
    listed = quandles(Path(folders[0])) if folders else quandles_in_place()
    for kind, order, digests in [*loops(), *semigroups(), *listed]:
        told = [each for each in digests if "-" not in each]
        if len(set(told)) != len(told):
            print(f"two {kind}s of order {order} have one digest", file=sys.stderr)
            return 1
        record = {"kind": kind, "order": order, "digests": "".join(digests)}
        lines.append(json.dumps(record, separators=(",", ":")) + "\n")
    text = "".join(lines)
    return write_or_check(TARGET, text)


if __name__ == "__main__":
    sys.exit(main())

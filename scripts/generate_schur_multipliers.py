"""Write the Schur multipliers of the groups of order at most 100, as GAP computes them.

Needs GAP as a Python library:

    pip install passagemath-gap passagemath-gap-pkg-smallgrp-data
    python scripts/generate_schur_multipliers.py [--check]

A line for each order has, for each number, the prime powers of the multiplier. With `--check`
nothing is written; the file in place must equal what would be. Takes two minutes.
"""

import json
import sys
from pathlib import Path

import passagemath_gap  # noqa: F401  (makes the next import possible)
from sage.libs.gap.libgap import libgap
from shipped_file import write_or_check

TARGET = (
    Path(__file__).resolve().parents[1]
    / "src/cayley/algebra/identification/data/schur_multipliers.jsonl"
)


def main() -> int:
    """Write or check the file; return the exit status."""
    libgap.eval("SetRecursionTrapInterval(10^9)")  # the library miscounts over many calls
    ask = libgap.eval("function(n, k) return AbelianInvariantsMultiplier(SmallGroup(n, k)); end")
    count = libgap.eval("NrSmallGroups")
    lines = []
    for order in range(1, 101):
        numbers = range(1, int(count(order)) + 1)
        found = [sorted(int(q) for q in ask(order, number)) for number in numbers]
        record = {"order": order, "multipliers": found}
        lines.append(json.dumps(record, separators=(",", ":")) + "\n")
    return write_or_check(TARGET, "".join(lines))


if __name__ == "__main__":
    sys.exit(main())

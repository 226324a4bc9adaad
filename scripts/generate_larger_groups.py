"""Write fingerprints and names of the groups of order 101 to 200.

Needs GAP as a Python library:

    pip install passagemath-gap passagemath-gap-pkg-smallgrp-data
    python scripts/generate_larger_groups.py [--check]

Where groups share a fingerprint, they have a digest of their pairs of elements, too; it fails where
that is not enough. With `--check` nothing is written; the file in place must equal what would be.
Takes two hours, most of it for the names of orders 128 and 192.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import passagemath_gap  # noqa: F401  (makes the next import possible)
from sage.libs.gap.libgap import libgap
from shipped_file import write_or_check

from cayley.algebra import Group
from cayley.algebra.identification._fingerprint import fingerprint
from cayley.algebra.identification._group_name import larger_orders
from cayley.algebra.identification._pair_digest import pair_digest

TARGET = (
    Path(__file__).resolve().parents[1]
    / "src/cayley/algebra/identification/data/larger_groups.jsonl"
)

PROGRAM = """
function(order, id)
    local G, elements, gens;
    G := SmallGroup(order, id);
    elements := AsSSortedList(G);
    if IsSolvableGroup(G) then
        gens := MinimalGeneratingSet(G);
    else
        gens := SmallGeneratingSet(G);
    fi;
    return [StructureDescription(G),
        List(gens, g -> List(elements, x -> PositionSorted(elements, x * g) - 1))];
end
"""


def main() -> int:
    """Write or check the file; return the exit status."""
    libgap.eval("SetRecursionTrapInterval(10^9)")  # the library miscounts over many calls
    ask, count = libgap.eval(PROGRAM.strip()), libgap.eval("NrSmallGroups")
    lines = []
    for order in sorted(larger_orders()):
        names, groups = [], []
        for number in range(1, int(count(order)) + 1):
            name, generators = ask(order, number)
            names.append(str(name).strip('"'))
            # The regular representation, by what each generator does to the elements.
            groups.append(Group.from_permutations([[int(x) for x in g] for g in generators]))
        entries = told_apart(groups)
        if entries is None:
            print(f"two groups of order {order} have the same digests", file=sys.stderr)
            return 1
        record = [[first, name, *more] for name, (first, *more) in zip(names, entries, strict=True)]
        lines.append(json.dumps({"order": order, "groups": record}, separators=(",", ":")) + "\n")
    return write_or_check(TARGET, "".join(lines))


def told_apart(groups: list[Group]) -> list[tuple[str, ...]] | None:
    """Return the fingerprint of each group, and the digest of its pairs where others have the same.

    None if two groups have both in common.
    """
    prints = [fingerprint(group) for group in groups]
    shared = Counter(prints)
    entries = [
        (each,) if shared[each] == 1 else (each, pair_digest(group))
        for each, group in zip(prints, groups, strict=True)
    ]
    return entries if len(set(entries)) == len(entries) else None


if __name__ == "__main__":
    sys.exit(main())

"""Write fingerprints and names of the groups of order 101 to 200, but 128.

Needs GAP as a Python library:

    pip install passagemath-gap passagemath-gap-pkg-smallgrp-data
    python scripts/generate_larger_groups.py [--check]

Groups with one fingerprint stay in the list; they get no number. With `--check` nothing is written;
the file in place must equal what would be. Takes an hour, most of it for the names of order 192.
"""

import json
import sys
from pathlib import Path

import passagemath_gap  # noqa: F401  (makes the next import possible)
from sage.libs.gap.libgap import libgap

from cayley.algebra import Group
from cayley.algebra.identification._fingerprint import fingerprint
from cayley.algebra.identification._group_name import larger_orders

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
        groups = []
        for number in range(1, int(count(order)) + 1):
            name, generators = ask(order, number)
            # The regular representation, by what each generator does to the elements.
            group = Group.from_permutations([[int(x) for x in g] for g in generators])
            groups.append([fingerprint(group), str(name).strip('"')])
        record = {"order": order, "groups": groups}
        lines.append(json.dumps(record, separators=(",", ":")) + "\n")
    text = "".join(lines)
    if "--check" in sys.argv[1:]:
        return int(TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

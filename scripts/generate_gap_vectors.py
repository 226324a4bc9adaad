"""Write what GAP knows about some groups, for the tests to compare with.

Needs GAP as a Python library, which is an oracle of the tests only:

    pip install passagemath-gap passagemath-gap-pkg-smallgrp-data
    python scripts/generate_gap_vectors.py [--check]

The groups are given by permutations, so that reading the file needs no list of small groups. A
character is kept as the sorted list of (order of the class, size of the class, value), which does
not depend on how classes are numbered. With `--check` nothing is written; the file in place must
equal what would be.
"""

import json
import sys
from pathlib import Path

import passagemath_gap  # noqa: F401  (makes the next import possible)
from sage.libs.gap.libgap import libgap
from shipped_file import write_or_check

TARGET = Path(__file__).resolve().parents[1] / "tests/data/gap/groups.json"

SMALL = [
    (1, 1), (2, 1), (4, 2), (6, 1), (8, 3), (8, 4), (9, 2), (10, 1), (12, 1), (12, 3), (12, 4),
    (16, 3), (16, 6), (16, 8), (18, 4), (20, 3), (21, 1), (24, 3), (24, 12), (27, 3), (27, 4),
    (32, 49), (32, 50), (36, 9), (39, 1), (42, 1), (48, 28), (48, 29), (54, 8), (55, 1), (56, 11),
    (60, 5), (60, 7), (64, 134), (64, 267), (72, 39), (72, 41), (80, 49), (81, 7), (84, 7),
    (93, 1), (96, 64), (96, 227), (100, 12), (120, 5), (120, 34), (168, 42), (168, 43), (192, 1023),
    (336, 208), (360, 118), (500, 46), (720, 763), (1000, 90),
]  # fmt: skip
"""Orders and numbers in the library of small groups."""

MAX_LATTICE = 360
"""Subgroups are counted up to this order."""

PROGRAM = """
function(order, id, limit)
    local G, iso, P, t, sizes, orders, rows, chi, lattice;
    Reset(GlobalMersenneTwister, 1);  # smaller degrees are looked for at random
    Reset(GlobalRandomSource, 1);
    G := SmallGroup(order, id);
    P := Image(SmallerDegreePermutationRepresentation(Image(IsomorphismPermGroup(G))));
    t := CharacterTable(P);
    sizes := SizesConjugacyClasses(t);
    orders := OrdersClassRepresentatives(t);
    rows := List(Irr(t), chi -> [Indicator(t, [chi], 2)[1],
        List([1..Length(sizes)], i -> [orders[i], sizes[i], String(chi[i])])]);
    lattice := fail;
    if order <= limit then
        lattice := ConjugacyClassesSubgroups(P);
        lattice := [Sum(lattice, Size), Length(lattice), Number(lattice, c -> Size(c) = 1),
            Sum(Filtered(MaximalSubgroupClassReps(P), M -> true), M -> Index(P, Normalizer(P, M))),
            Size(FrattiniSubgroup(P))];
    fi;
    return [StructureDescription(G),
        List(GeneratorsOfGroup(P), g -> ListPerm(g, Maximum(1, LargestMovedPoint(P))) - 1),
        rows, lattice, List(DerivedSeries(P), Size), List(LowerCentralSeriesOfGroup(P), Size),
        AbelianInvariants(P), Size(Center(P)), IsSimple(P)];
end
"""


def main() -> int:
    """Ask GAP and write the file; return the exit status."""
    libgap.eval("SetRecursionTrapInterval(10^9)")  # the library miscounts over many calls
    ask = libgap.eval(PROGRAM.strip())
    groups = []
    for order, number in SMALL:
        answer = ask(order, number, MAX_LATTICE)
        name, generators, rows, lattice, derived, central, abelian, center, simple = answer
        groups.append(
            {
                "order": order,
                "id": number,
                "name": str(name).strip('"'),
                "generators": [[int(x) for x in g] for g in generators],
                "characters": sorted(
                    [
                        int(row[0]),
                        sorted([int(o), int(s), str(v).strip('"')] for o, s, v in row[1]),
                    ]
                    for row in rows
                ),
                "subgroups": None if str(lattice) == "fail" else [int(x) for x in lattice],
                "derived_series": [int(x) for x in derived],
                "lower_central_series": [int(x) for x in central],
                "abelian_invariants": sorted(int(x) for x in abelian),
                "center": int(center),
                "simple": bool(simple),
            }
        )
        print(order, number, groups[-1]["name"], flush=True)
    version = str(libgap.eval("GAPInfo.Version")).strip('"')
    lines = ",\n".join(json.dumps(group, separators=(",", ":")) for group in groups)
    return write_or_check(TARGET, f'{{"gap":"{version}","groups":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    sys.exit(main())

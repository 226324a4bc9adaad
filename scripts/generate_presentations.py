"""Write presentations of linear groups, wreath products and affine groups above order 100.

Each group is made of permutations, and `short_presentation` proves its presentation; nothing is
taken from elsewhere. With `--check` nothing is written; the file in place must equal what would be.

    python scripts/generate_presentations.py [--check]
"""

import json
import sys
from itertools import product
from pathlib import Path

from shipped_file import write_or_check

from cayley.algebra import Group, short_presentation

TARGET = (
    Path(__file__).resolve().parents[1]
    / "src/cayley/algebra/identification/data/presentations.jsonl"
)

LARGEST = 1400
"""A search for generators in a larger group would take seconds."""

Permutation = list[int]


def linear(
    p: int, matrices: list[list[list[int]]], *, projective: bool = False, affine: bool = False
):
    """Return permutations of vectors, points of the projective space, or of the affine space."""
    d = len(matrices[0])
    points = [v for v in product(range(p), repeat=d) if affine or any(v)]
    if projective:
        points = [v for v in points if next(x for x in v if x) == 1]

    def normal(v: tuple[int, ...]) -> tuple[int, ...]:
        if not projective:
            return v
        lead = pow(next(x for x in v if x), -1, p)
        return tuple(x * lead % p for x in v)

    def image(v: tuple[int, ...], matrix: list[list[int]]) -> tuple[int, ...]:
        return normal(tuple(sum(v[i] * matrix[i][j] for i in range(d)) % p for j in range(d)))

    place = {v: i for i, v in enumerate(points)}
    found = [[place[image(v, matrix)] for v in points] for matrix in matrices]
    if affine:
        found.append([place[((v[0] + 1) % p, *v[1:])] for v in points])
    return found


def primitive(p: int) -> int:
    """Return a generator of the residues modulo a prime without 0."""
    return next(g for g in range(1, p) if len({pow(g, k, p) for k in range(p)}) == p - 1)


def general(p: int, **options: bool) -> list[Permutation]:
    """Return the general linear group of degree 2."""
    return linear(p, [[[primitive(p), 0], [0, 1]], [[1, 1], [0, 1]], [[0, 1], [1, 0]]], **options)


def special(p: int, **options: bool) -> list[Permutation]:
    """Return the special linear group of degree 2."""
    return linear(p, [[[1, 1], [0, 1]], [[0, 1], [p - 1, 0]]], **options)


def wreath(bottom: str, top: str) -> list[Permutation]:
    """Return the wreath product, with the permutations of the top on as few points as listed."""
    low, high = PERMUTATIONS[bottom], PERMUTATIONS[top]
    k, m = len(low[0]), len(high[0])
    first = [[*g, *range(k, k * m)] for g in low]
    return first + [[k * h[x // k] + x % k for x in range(k * m)] for h in high]


def cycle(n: int) -> Permutation:
    """Return a cycle of all points."""
    return [*range(1, n), 0]


def swap(n: int) -> Permutation:
    """Return the exchange of the first two points."""
    return [1, 0, *range(2, n)]


PERMUTATIONS = {
    **{f"C{n}": [cycle(n)] for n in range(2, 12)},
    **{f"S{n}": [cycle(n), swap(n)] for n in (3, 4, 5)},
    "A4": [[1, 2, 0, 3], [0, 2, 3, 1]],
    "A5": [[1, 2, 0, 3, 4], cycle(5)],
    "D8": [cycle(4), [0, 3, 2, 1]],
    "D10": [cycle(5), [0, 4, 3, 2, 1]],
    "D12": [cycle(6), [0, 5, 4, 3, 2, 1]],
    "C2 x C2": [[1, 0, 3, 2], [2, 3, 0, 1]],
    "Q8": [[1, 2, 3, 0, 7, 4, 5, 6], [4, 5, 6, 7, 2, 3, 0, 1]],
}

WREATHS = [
    ("C2", "C7"), ("C2", "D8"), ("C2", "S4"), ("C2", "C6"), ("C2", "D10"), ("C2", "D12"),
    ("C3", "C4"), ("C3", "A4"), ("C3", "D8"), ("C3", "C5"), ("C4", "S3"), ("C4", "C4"),
    ("C5", "C3"), ("C5", "S3"), ("C6", "C3"), ("C6", "S3"), ("C7", "C3"), ("C11", "C2"),
    ("S3", "C3"), ("S3", "S3"), ("S4", "C2"), ("A4", "C2"), ("D8", "C2"), ("Q8", "C2"),
    ("D12", "C2"), ("C8", "C2"),
]  # fmt: skip
"""Of these, those above order 200 are listed; others are in the lists of groups."""


def groups() -> dict[str, list[Permutation]]:
    """Return generators of each group by its name."""
    found = {f"{low} wr {high}": wreath(low, high) for low, high in WREATHS}
    found |= {f"GL(2,{p})": general(p) for p in (5,)}
    found |= {f"SL(2,{p})": special(p) for p in (7, 11)}
    found |= {f"PGL(2,{p})": general(p, projective=True) for p in (7, 11)}
    found |= {"AGL(2,3)": general(3, affine=True), "ASL(2,3)": special(3, affine=True)}
    found |= {
        "AGL(3,2)": linear(
            2,
            [[[1, 1, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]],
            affine=True,
        )
    }
    return found


def main() -> int:
    """Write or check the file; return the exit status."""
    records = []
    for name, generators in groups().items():
        group = Group.from_permutations(generators, max_order=LARGEST)
        if group.order <= 200:
            continue
        found = short_presentation(group)
        records.append(
            {
                "name": name,
                "order": group.order,
                "orders": [int(group.element_orders[x]) for x in found.generators],
                "relators": [list(word) for word in found.relators],
            }
        )
    records.sort(key=lambda record: (record["order"], record["name"]))
    text = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
    return write_or_check(TARGET, text)


if __name__ == "__main__":
    sys.exit(main())

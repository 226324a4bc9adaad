"""Tables made to deceive: not one false "group", "forced" or "unique" may come out.

Each table is judged twice: by the library, and here from the definitions (all n^3 triples, with
NumPy, sharing no code with the library). The kinds: a group with one intercalate switched, with
one wrong product, with two rows exchanged; random Latin squares (Jacobson and Matthews); Moufang
and Steiner loops; quandles of conjugation; semigroups, and semigroups with one wrong product;
what two different tables of one kind have in common (it forces nothing); small parts of a group
(it may force only that group); groups and isotopes themselves, which must not be missed either.

    python -m cayley.experiments.records.adversarial --tables 10000 --seeds 0 1 2 3 --out FILE

The committed record, seeds 0 to 9, is ``benchmarks/results/adversarial.json``.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley.algebra import (
    Group,
    analyze,
    find_isotopism,
    identify,
    is_associative,
    is_latin_square,
)
from cayley.deduction import (
    Forced,
    Inconsistent,
    Undecided,
    WrongEntries,
    deduce,
    find_wrong_entries,
)
from cayley.tables import all_small_groups

__all__ = ["run"]

Table = NDArray[Any]
Assume = Literal["group", "isotope"]
Makers = Mapping[str, Callable[[], Table | None]]
Faults = list[str]

# Orders 4 to 16: below 4 every Latin square is an isotope of a group, and above 16 the definition,
# all n^3 triples for every table, would take longer than what is judged.
GROUPS = {
    order: [Group.from_permutations(each.generators).table for each in all_small_groups(order)]
    for order in range(4, 17)
}


# The truth, from the definitions.


def truth_is_latin(table: Table) -> bool:
    n = len(table)
    symbols = np.arange(n)
    return bool(
        (np.sort(table, axis=0) == symbols[:, None]).all()
        and (np.sort(table, axis=1) == symbols).all()
    )


def truth_is_associative(table: Table) -> bool:
    left = table[table]  # left[a, b, c] = (a b) c
    return bool((left == table[:, table]).all())


def truth_is_group(table: Table) -> bool:
    return truth_is_latin(table) and truth_is_associative(table)


def truth_is_isotope(table: Table) -> bool:
    """Albert: an isotope of a group becomes it when a row and a column are made the identity."""
    if not truth_is_latin(table):
        return False
    row, column = np.argsort(table[:, 0]), np.argsort(table[0])
    return truth_is_associative(table[np.ix_(row, column)])


# The samples.


class Latin:
    """The walk of Jacobson and Matthews (1996), one for each order."""

    def __init__(self, n: int, rng: np.random.Generator) -> None:
        self.n, self.rng = n, rng
        self.cube = np.zeros((n, n, n), np.int8)
        a, b = np.indices((n, n))
        self.cube[a, b, (a + b) % n] = 1
        self.walk(2 * n**3)

    def walk(self, steps: int) -> None:
        n, cube = self.n, self.cube
        improper: tuple[int, int, int] | None = None
        draws = iter(self.rng.integers(n, size=(steps + 50 * n**2, 3)).tolist())
        while steps > 0 or improper is not None:
            steps -= 1
            if improper is None:
                x, y, z = next(draws)
                if cube[x, y, z]:
                    continue
                pick = [0, 0, 0]
            else:
                x, y, z = improper
                pick = self.rng.integers(2, size=3).tolist()
            ends = (cube[:, y, z] == 1, cube[x, :, z] == 1, cube[x, y, :] == 1)
            x2, y2, z2 = (int(np.flatnonzero(e)[k]) for e, k in zip(ends, pick, strict=True))
            for i, s in ((x, 1), (x2, -1)):
                for j, t in ((y, 1), (y2, -1)):
                    cube[i, j, z] += s * t
                    cube[i, j, z2] -= s * t
            improper = (x2, y2, z2) if cube[x2, y2, z2] < 0 else None

    def draw(self) -> Table:
        self.walk(self.n**2)
        square: Table = self.cube.argmax(axis=2)
        return square


def a_group(rng: np.random.Generator, low: int = 4, high: int = 16) -> Table:
    same = GROUPS[int(rng.integers(low, high + 1))]
    return same[rng.integers(len(same))]


def relabeled(table: Table, rng: np.random.Generator) -> Table:
    p = rng.permutation(len(table))
    return p[table[np.ix_(np.argsort(p), np.argsort(p))]]


def isotope(table: Table, rng: np.random.Generator) -> Table:
    f, g, h = (rng.permutation(len(table)) for _ in range(3))
    return h[table[np.ix_(f, g)]]


def switched(table: Table, rng: np.random.Generator) -> Table | None:
    """One intercalate turned over, if there is one."""
    n = len(table)
    for a, b in zip(*np.divmod(rng.permutation(n * n), n), strict=True):
        for c in rng.permutation(n):
            d = int(np.argmax(table[a] == table[c, b]))
            if c != a and d != b and table[c, d] == table[a, b]:
                new = table.copy()
                new[a, [b, d]], new[c, [b, d]] = table[a, [d, b]], table[c, [d, b]]
                return new
    return None


def one_wrong(table: Table, rng: np.random.Generator) -> Table:
    new = table.copy()
    a, b = rng.integers(len(table), size=2)
    new[a, b] = (new[a, b] + rng.integers(1, len(table))) % len(table)
    return new


def moufang(rng: np.random.Generator) -> Table:
    group = a_group(rng, 4, 8)
    n = len(group)
    inverse = (group == 0).argmax(axis=1)
    loop = np.empty((2 * n, 2 * n), np.int64)
    loop[:n, :n], loop[:n, n:] = group, group.T + n
    loop[n:, :n], loop[n:, n:] = group[:, inverse] + n, group[inverse].T
    return loop


def steiner(rng: np.random.Generator) -> Table:
    """Bose's triple systems on 9 or 15 points as quasigroups."""
    n = int(rng.choice([9, 15]))
    third, half = n // 3, (n // 3 + 1) // 2
    table = np.diag(np.arange(n))
    triples = [(x, x + third, x + 2 * third) for x in range(third)]
    for level in range(3):
        for x in range(third):
            for y in range(x):
                z = (x + y) * half % third + (level + 1) % 3 * third
                triples.append((x + level * third, y + level * third, z))
    for x, y, z in triples:
        table[[x, y, x, z, y, z], [y, x, z, x, z, y]] = z, z, y, y, x, x
    return table


def quandle(rng: np.random.Generator) -> Table:
    group = a_group(rng, 6, 12)
    inverse = (group == 0).argmax(axis=1)
    a, b = np.indices(group.shape)
    conjugates: Table = group[group[a, b], inverse[a]]
    return conjugates


def semigroup(rng: np.random.Generator) -> Table:
    n = int(rng.integers(4, 13))
    a, b = np.indices((n, n))
    choices = (np.minimum(a, b), a.copy(), a * b % n, np.gcd(a, b), np.minimum(a + b, n - 1))
    return choices[rng.integers(len(choices))] % n


def full_samples(rng: np.random.Generator) -> dict[str, Callable[[], Table | None]]:
    latin = np.array([Latin(n, rng) for n in range(5, 13)], dtype=object)
    return {
        "switched intercalate": lambda: switched(a_group(rng), rng),
        "one wrong product": lambda: one_wrong(a_group(rng), rng),
        "two rows exchanged": lambda: (t := a_group(rng))[[1, 0, *range(2, len(t))]],
        "random Latin square": lambda: rng.choice(latin).draw(),
        "Moufang loop": lambda: moufang(rng),
        "Moufang loop, switched": lambda: switched(moufang(rng), rng),
        "Steiner quasigroup": lambda: steiner(rng),
        "quandle": lambda: quandle(rng),
        "semigroup": lambda: semigroup(rng),
        "semigroup with a wrong product": lambda: one_wrong(semigroup(rng), rng),
        "group": lambda: a_group(rng),
    }


def cells_of(table: Table, places: Table) -> Table:
    a, b = np.divmod(places, len(table))
    return np.stack([a, b, table[a, b]], axis=1)


# The checks; each returns the names of what is wrong.


def check_full(table: Table) -> Faults:
    group, is_isotope = truth_is_group(table), truth_is_isotope(table)
    faults: Faults = []

    def expect(name: str, claim: object, truth: object) -> None:
        if bool(claim) != bool(truth):
            faults.append(name)

    expect("is_latin_square", is_latin_square(table), truth_is_latin(table))
    expect("is_associative", is_associative(table), truth_is_associative(table))
    kind = analyze(table).structure
    expect("structure_kind group", kind == "group", group)
    expect("structure_kind isotope", kind == "group isotope", is_isotope and not group)
    expect("find_isotopism", find_isotopism(table), is_isotope)
    named = identify(table)
    expect("identify", named.structure in ("group", "group isotope"), is_isotope)
    cells = cells_of(table, np.arange(table.size))
    both: tuple[tuple[Assume, bool], ...] = (("group", group), ("isotope", is_isotope))
    for assume, truth in both:
        verdict = deduce(cells, order=len(table), assume=assume)
        expect(f"deduce {assume}: forced", isinstance(verdict, Forced), truth)
        expect(f"deduce {assume}: inconsistent", isinstance(verdict, Inconsistent), not truth)
        if isinstance(verdict, Forced) and not np.array_equal(verdict.table, table):
            faults.append(f"deduce {assume}: another table")
    return faults


def check_part(
    cells: Table, order: int, assume: Assume, possible: list[Table]
) -> tuple[Any, Faults]:
    """Judge a deduction from a part, of which some completions are known."""
    verdict = deduce(cells, order=order, assume=assume)
    holds = truth_is_group if assume == "group" else truth_is_isotope
    a, b, c = cells.T
    tables: list[Table] = []
    if isinstance(verdict, Forced):
        tables = [verdict.table]
        if any(not np.array_equal(verdict.table, table) for table in possible):
            return verdict, ["false uniqueness"]
    elif isinstance(verdict, Inconsistent):
        return verdict, ["false inconsistency"] if possible else []
    elif isinstance(verdict, Undecided):
        tables = list(verdict.completions)
        if verdict.unique == "no" and np.array_equal(tables[0], tables[1]):
            return verdict, ["two equal completions"]
        x, y, z = verdict.cells.T
        if any((table[x, y] != z).any() for table in possible):
            return verdict, ["a false forced cell"]
    if any(not holds(table) or (table[a, b] != c).any() for table in tables):
        return verdict, ["a completion that is none"]
    return verdict, []


def part_of_a_group(
    rng: np.random.Generator, assume: Assume, _: Makers
) -> tuple[Table, int, list[Table]] | None:
    table = (relabeled if assume == "group" else isotope)(a_group(rng), rng)
    n = len(table)
    low, high = (0.05, 0.4) if assume == "group" else (0.15, 0.7)
    count = int(rng.uniform(low, high) * n * n)
    return cells_of(table, rng.choice(n * n, count, replace=False)), n, [table]


def common_part(
    rng: np.random.Generator, assume: Assume, _: Makers
) -> tuple[Table, int, list[Table]] | None:
    """The cells in which two different tables of a kind agree, or some of them."""
    first = (relabeled if assume == "group" else isotope)(a_group(rng, 4, 12), rng)
    n = len(first)
    p = np.arange(n)
    i, j = rng.choice(n, 2, replace=False)
    p[[i, j]] = j, i
    second = p[first[np.ix_(p, p)]] if assume == "group" else first[p]
    if np.array_equal(first, second):
        return None
    places = np.flatnonzero((first == second).ravel())
    return cells_of(first, places), n, [first, second]


def part_of_a_near_miss(
    rng: np.random.Generator, assume: Assume, makers: Makers
) -> tuple[Table, int, list[Table]] | None:
    names = [name for name in makers if name not in ("group", "semigroup", "quandle")]
    table = makers[names[rng.integers(len(names))]]()
    if table is None:
        return None
    n = len(table)
    count = int(rng.uniform(0.2, 0.9) * n * n)
    return cells_of(table, rng.choice(n * n, count, replace=False)), n, []


PARTS = {
    "part of a group": part_of_a_group,
    "common part": common_part,
    "part of a near miss": part_of_a_near_miss,
}


def check_repair(rng: np.random.Generator) -> tuple[str, Faults]:
    """Wrong entries in part of a group: what is found must force a table that is one."""
    table = relabeled(a_group(rng, 8, 16), rng)
    n = len(table)
    cells = cells_of(table, rng.choice(n * n, int(0.6 * n * n), replace=False))
    wrong = rng.choice(len(cells), int(rng.integers(1, 5)), replace=False)
    cells[wrong, 2] = (cells[wrong, 2] + rng.integers(1, n, len(wrong))) % n
    found = find_wrong_entries(cells, order=n, assume="group", max_trials=20)
    if not isinstance(found, WrongEntries):
        return "not found", []
    right = np.array_equal(found.forced.table, table) and set(found.suspects) == set(wrong)
    return "found", [] if right else ["false wrong entries"]


def judge_one(kind: str, makers: Makers, rng: np.random.Generator) -> tuple[str, Faults]:
    """Make a table of one kind and judge it; return the outcome and the faults."""
    assumptions: tuple[Assume, Assume] = ("group", "isotope")
    assume = assumptions[int(rng.integers(2))]
    if kind in makers:
        table = makers[kind]()
        if table is None:  # a group without an intercalate to switch
            table = makers["random Latin square"]()
        assert table is not None
        disguise = (relabeled, isotope, lambda t, _: t)[int(rng.integers(3))]
        return "checked", check_full(disguise(table, rng))
    if kind == "repair":
        return check_repair(rng)
    sample = None
    while sample is None:
        sample = PARTS[kind](rng, assume, makers)
    cells, order, possible = sample
    verdict, faults = check_part(cells, order, assume, possible)
    unique = f" unique={verdict.unique}" if isinstance(verdict, Undecided) else ""
    return type(verdict).__name__ + unique, faults


def run(tables: int, seed: int) -> dict[str, Any]:
    """Judge so many tables, the kinds in turn; return the record."""
    rng = np.random.default_rng(seed)
    makers = full_samples(rng)
    kinds = [*makers, *PARTS, "repair"]
    counts: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    faults: list[dict[str, Any]] = []
    begin = time.perf_counter()
    for index in range(tables):
        kind = kinds[index % len(kinds)]
        outcome, wrong = judge_one(kind, makers, rng)
        counts[kind] += 1
        verdicts[f"{kind}: {outcome}"] += 1
        faults += [{"kind": kind, "index": index, "fault": each} for each in wrong]
        if (index + 1) % 5000 == 0:
            print(index + 1, len(faults), f"{time.perf_counter() - begin:.0f} s", flush=True)
    return {
        "tables": tables,
        "seed": seed,
        "faults": faults,
        "kinds": dict(counts),
        "verdicts": dict(sorted(verdicts.items())),
        "seconds": round(time.perf_counter() - begin, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1000, help="for each seed")
    parser.add_argument("--seeds", type=int, nargs="*", default=[0])
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()
    records = json.loads(options.out.read_text()) if options.out and options.out.exists() else []
    for seed in options.seeds:
        records.append(run(options.tables, seed))
        print(json.dumps(records[-1], indent=1), flush=True)
        if options.out:
            options.out.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""How many cells prove a table: chosen by ``next_cells``, at random, and by a walk.

    python -m cayley.experiments.records.next_cell --seeds 10 --out FILE [--only chosen random]

Jobs that ``FILE`` has are not run again. The committed record is
``benchmarks/results/next_cell.json``.

* ``chosen``: cells asked for by ``next_cells`` until nothing is left, checked by ``solve``;
* ``random``: the shortest prefix of a random order of the cells that forces the table;
* ``walk``: the same for products with two random generators, in the order of a walk;
* ``noisy``: answers wrong with probability 0.1;
* ``laws``: under a theory of laws;
* ``order 8``: all 22,080 tables of groups of order 8, by ``next_cells`` and by the largest entropy
  over all tables listed.
"""

import argparse
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.algebra import Group
from cayley.completion import solve
from cayley.deduction import Forced, decide, deduce
from cayley.experiments._structures import structures
from cayley.next_cell import identify_black_box, next_cells
from cayley.tables import Table, all_small_groups, generate_family

Array = NDArray[Any]

GOALS = {
    ("S4", "group"): 27,
    ("C24", "group"): 27,
    ("D24", "group"): 27,
    ("A5", "group"): 66,
    ("S5", "group"): 135,
    ("PSL(2,7)", "group"): 190,
    ("S4", "isotope"): 75,
    ("A5", "isotope"): 190,
}
LAWS = {("octonion units", "Moufang loop"): 45, ("all maps of three points", "monoid"): 90}
SEARCHED_ORDER = 32  # up to here `solve` searches all groups, and so does this record


def disguised(array: Array, assume: str, seed: int) -> Array:
    """Return a table with its labels permuted: all alike, or each kind by itself."""
    random = np.random.default_rng(seed)
    n = len(array)
    symbols = random.permutation(n)
    if assume == "isotope":
        return symbols[array[np.ix_(random.permutation(n), random.permutation(n))]]
    inverse = np.argsort(symbols)
    return symbols[array[np.ix_(inverse, inverse)]]


def chosen(truth: Array, assume: str, seed: int) -> dict[str, Any]:
    """Ask until nothing is left, and have the table proved."""
    n = len(truth)
    array, seconds = np.full((n, n), -1), []
    while True:
        begin = time.process_time()
        found = next_cells(Table.from_array(array), assume=assume, seed=seed)
        seconds.append(time.process_time() - begin)
        if not found:
            break
        a, b = int(found[0].row), int(found[0].column)
        array[a, b] = truth[a, b]
    solution = solve(Table.from_array(array), assume=assume, solver="exact")
    return {
        "cells": int((array >= 0).sum()),
        "unique": solution.unique,
        "right": bool(np.array_equal(solution.table.array, truth)),
        # The first questions load the list of groups and the compiled kernel.
        "seconds": float(np.median(seconds)),
        "most_seconds": float(max(seconds[3:], default=0.0)),
    }


def is_forced(cells: Array, order: int, assume: str) -> bool:
    if order <= SEARCHED_ORDER:
        return isinstance(decide(cells, order=order, assume=assume).verdict, Forced)
    return isinstance(deduce(cells, order=order, assume=assume), Forced)


def shortest(cells: Array, order: int, assume: str) -> int | None:
    """Return the shortest prefix that forces the table, or None if all cells do not."""
    low, high = 0, len(cells)
    if not is_forced(cells, order, assume):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if is_forced(cells[:middle], order, assume):
            high = middle
        else:
            low = middle
    return high


def at_random(truth: Array, assume: str, seed: int) -> dict[str, Any]:
    """Return how many cells of a random order force the table."""
    n = len(truth)
    # Nobody needed more than eight times n; more cells would make each trial slower.
    a, b = np.divmod(np.random.default_rng(seed).permutation(n * n)[: 8 * n], n)
    return {"cells": shortest(np.stack([a, b, truth[a, b]], axis=1), n, assume)}


def walk(truth: Array, assume: str, seed: int) -> dict[str, Any]:
    """Return how many products with two generators force the table, breadth first."""
    n = len(truth)
    random = np.random.default_rng(seed)
    while True:
        pair = random.choice(n, size=2, replace=False).tolist()
        queue, cells = list(pair), []
        for x in queue:
            for g in pair:
                cells.append((x, g, int(truth[x, g])))
                if truth[x, g] not in queue:
                    queue.append(int(truth[x, g]))
        if len(queue) == n:
            return {"cells": shortest(np.array(cells), n, assume)}


def noisy(truth: Array, assume: str, seed: int) -> dict[str, Any]:
    """Ask a function whose answers are wrong with probability 0.1."""
    random, n = np.random.default_rng(seed + 1000), len(truth)

    def f(a: int, b: int) -> int:
        right = int(truth[a, b])
        return right if random.random() >= 0.1 else int((right + random.integers(1, n)) % n)

    solution, calls = identify_black_box(f, range(n), assume=assume, wrong_rate=0.1, seed=seed)
    return {"cells": calls, "right": bool(np.array_equal(solution.table.array, truth))}


def tables_of_order_8() -> Array:
    """Return all tables of groups on eight labels, shape ``(22080, 8, 8)``."""
    orders = np.array(list(itertools.permutations(range(8))), np.int8)
    inverses = np.argsort(orders, axis=1)
    found = []
    for listed in all_small_groups(8):
        table = Group.from_permutations(listed.generators).table
        moved = orders[np.arange(len(orders))[:, None, None],
                       table[inverses[:, :, None], inverses[:, None, :]]]  # fmt: skip
        found.append(np.unique(moved.reshape(len(moved), -1), axis=0))
    return np.concatenate(found).reshape(-1, 8, 8)


def by_next_cells(cells: list[tuple[int, int, int]], tables: Array) -> tuple[int, int] | None:
    array = np.full((8, 8), -1)
    for a, b, c in cells:
        array[a, b] = c
    found = next_cells(Table.from_array(array), assume="group")
    return (int(found[0].row), int(found[0].column)) if found else None


def by_all_tables(cells: list[tuple[int, int, int]], tables: Array) -> tuple[int, int] | None:
    if len(tables) == 1:
        return None
    shares = np.stack([(tables == c).mean(axis=0) for c in range(8)])
    entropy = -(shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=0)
    a, b = divmod(int(np.round(entropy, 9).argmax()), 8)
    return a, b


def order_8(choose: Callable[..., tuple[int, int] | None]) -> dict[str, Any]:
    """Ask for every table at once: tables with the same answers share the question."""
    counts: Counter[int] = Counter()
    waiting: list[tuple[list[tuple[int, int, int]], Array]] = [([], tables_of_order_8())]
    while waiting:
        cells, tables = waiting.pop()
        cell = choose(cells, tables)
        if cell is None:
            if len(tables) != 1:
                raise AssertionError("the questions end before the table is determined")
            counts[len(cells)] += 1
            continue
        answers = tables[:, cell[0], cell[1]]
        waiting += [
            ([*cells, (*cell, answer)], tables[answers == answer])
            for answer in np.unique(answers).tolist()
        ]
    total = sum(counts.values())
    mean = sum(cells * count for cells, count in counts.items()) / total
    return {"tables": total, "mean": mean, "counts": {str(k): counts[k] for k in sorted(counts)}}


def jobs(seeds: int, only: list[str]) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Yield the name of each measurement and what makes it, the quick ones first."""
    ways: dict[str, Callable[[Array, str, int], dict[str, Any]]] = {
        "chosen": chosen,
        "random": at_random,
        "walk": walk,
    }
    if "order 8" in only:
        yield "order 8/all tables", partial(order_8, by_all_tables)
    for way in only:
        for (name, assume), seed in itertools.product(GOALS, range(seeds)):
            if way in ways and not (way == "walk" and assume == "isotope"):
                truth = disguised(generate_family(name).array, assume, seed)
                yield f"{way}/{name}/{assume}/{seed}", partial(ways[way], truth, assume, seed)
        if way == "noisy":
            for seed in range(5 * seeds):
                truth = disguised(generate_family("S4").array, "group", seed)
                yield f"noisy/S4/group/{seed}", partial(noisy, truth, "group", seed)
        if way == "laws":
            named = {each.name: each for each in structures()}
            for (name, theory), seed in itertools.product(LAWS, range(seeds)):
                truth = disguised(named[name].table, theory, seed)
                yield f"laws/{name}/{theory}/{seed}", partial(chosen, truth, theory, seed)
    if "order 8" in only:
        yield "order 8/next_cells", partial(order_8, by_next_cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/next_cell.json"))
    parser.add_argument(
        "--only", nargs="+", default=["chosen", "laws", "noisy", "walk", "random", "order 8"]
    )
    options = parser.parse_args()
    document: dict[str, Any] = {"machine": "x86_64, 2 shared cores, one thread", "records": {}}
    if options.out.exists():
        document = json.loads(options.out.read_text(encoding="utf-8"))
    for name, work in jobs(options.seeds, options.only):
        if name in document["records"]:
            continue
        document["records"][name] = work()
        # Written whole, so that an interruption leaves the file of the job before.
        part = options.out.with_suffix(".part")
        part.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        part.replace(options.out)
        print(name, document["records"][name], flush=True)


if __name__ == "__main__":
    main()

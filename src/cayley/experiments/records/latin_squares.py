"""H / n^2 over Latin squares: is the least over those that are no isotope of a group above 3?

    python -m cayley.experiments.records.latin_squares --orders 3 4 5 6
    python -m cayley.experiments.records.latin_squares --orders 7 8 --sample 1000

All main classes of orders up to 6, one square of each. Of larger orders a sample, drawn by the walk
of Jacobson and Matthews, nearly uniform: one square of each class with equal invariants is
measured, and the record says how many of the sample are in it. Every measurement is added to the
record as it ends, and squares that are in it are not measured again.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cayley.algebra import Isotopism, find_isotopism
from cayley.experiments.records.adversarial import Latin
from cayley.hypercube import measure_complexity

RECORD = Path("benchmarks/results") / "latin_squares.json"

Square = NDArray[np.int64]
# Main classes of Latin squares (McKay, Meynert, Myrvold 2007): the enumeration is checked by them.
MAIN_CLASSES = {2: 1, 3: 1, 4: 2, 5: 2, 6: 12}


def reduced_squares(n: int) -> Iterator[Square]:
    """Yield all Latin squares whose first row and column are in order."""
    square = np.full((n, n), -1)
    square[0] = square[:, 0] = np.arange(n)

    def fill(row: int) -> Iterator[Square]:
        if row == n:
            yield square.copy()
            return
        rest = [symbol for symbol in range(n) if symbol != row]
        for line in permutations(rest):
            if not (square[:row, 1:] == line).any():
                square[row, 1:] = line
                yield from fill(row + 1)

    yield from fill(1)


def class_invariant(square: Square) -> tuple[Any, ...]:
    """Return cycle types of pairs of rows, of columns and of symbols, and the transversals' number.

    Equal for squares of one main class; of orders up to 6 different for different ones, which the
    numbers of classes check. Cycle types alone leave two classes of order 6 together.
    """
    n = len(square)
    cells = np.stack([*np.indices((n, n)), square]).reshape(3, -1)
    kinds = []
    for axes in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        lines = np.empty((n, n), np.int64)
        lines[cells[axes[0]], cells[axes[1]]] = cells[axes[2]]
        places = np.argsort(lines, axis=1)
        pairs = [
            _cycle_type(tuple(lines[second][places[first]].tolist()))
            for first in range(n)
            for second in range(first + 1, n)
        ]
        kinds.append(tuple(sorted(pairs)))
    chosen = np.sort(square[np.arange(n), _permutations(n)], axis=1)
    transversals = int((chosen == np.arange(n)).all(1).sum())
    return (*sorted(kinds), transversals)


@cache
def _permutations(n: int) -> Square:
    return np.array(list(permutations(range(n))))


@cache
def _cycle_type(permutation: tuple[int, ...]) -> tuple[int, ...]:
    left, lengths = set(range(len(permutation))), []
    while left:
        at, length = left.pop(), 1
        while (at := permutation[at]) in left:
            left.remove(at)
            length += 1
        lengths.append(length)
    return tuple(sorted(lengths))


def random_squares(n: int, sample: int) -> Iterator[Square]:
    """Yield a sample of Latin squares, always the same ones in the same order."""
    walk = Latin(n, np.random.default_rng(n))
    for _ in range(sample):
        for _ in range(n):  # n^3 moves between two squares, which hardly depend on each other then
            square = walk.draw()
        yield square


def squares(n: int, sample: int) -> list[tuple[Square, int | None]]:
    """Return one square of each class, and how many of the sample are in it.

    Up to order 6 all classes, without a sample.
    """
    if n in MAIN_CLASSES:
        found = {class_invariant(square): square for square in reduced_squares(n)}
        assert len(found) == MAIN_CLASSES[n]
        return [(found[key], None) for key in sorted(found)]
    found, counts = {}, Counter[tuple[Any, ...]]()
    for square in random_squares(n, sample):
        key = class_invariant(square)
        found.setdefault(key, square)
        counts[key] += 1
    return [(square, counts[key]) for key, square in found.items()]


def as_text(square: Square) -> str:
    """Return the entries of a square, row by row."""
    return "".join(map(str, square.ravel().tolist()))


def measure(square: Square, restarts: int, max_steps: int) -> dict[str, Any]:
    start = time.process_time()
    found = measure_complexity(square, restarts=restarts, max_steps=max_steps, compiled=True)
    return {
        "order": len(square),
        "square": as_text(square),
        "sampled": None,
        "is_isotope": isinstance(find_isotopism(square), Isotopism),
        "value": round(found.value, 5) if found.values else None,
        "values": [round(value, 5) for value in found.values],
        "collinearity": round(found.collinearity[0], 5) if found.values else None,
        "restarts": restarts,
        "steps": found.steps,
        "reason": found.reason,
        "cpu_seconds": round(time.process_time() - start, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[2, 3, 4, 5, 6])
    parser.add_argument("--sample", type=int, default=1000, help="squares of each larger order")
    parser.add_argument("--restarts", type=int, default=4)
    parser.add_argument("--max-steps", type=int, default=6000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="when to stop")
    parser.add_argument("--record", type=Path, default=RECORD, help="from the working directory")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    file, start = arguments.record, time.monotonic()
    runs = json.loads(file.read_text())["runs"] if file.exists() else []
    known = {run["square"]: run for run in runs}
    for n in arguments.orders:
        chosen = squares(n, arguments.sample)
        for number, (square, sampled) in enumerate(chosen, start=1):
            run = known.get(as_text(square))
            if run is None:
                if time.monotonic() - start > arguments.seconds:
                    return
                run = measure(square, arguments.restarts, arguments.max_steps)
                runs.append(run)
            elif run["sampled"] == sampled:
                continue
            run["sampled"] = sampled
            lines = ",\n".join(f"  {json.dumps(run)}" for run in runs)
            file.write_text(f'{{"torch": "{torch.__version__}", "runs": [\n{lines}]}}\n')
            print(f"order {n}, {number} of {len(chosen)}: {run['value']}", flush=True)


if __name__ == "__main__":
    main()

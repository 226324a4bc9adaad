"""Operations that are no group, with hidden names, completed by autotopisms that a search finds.

    python -m cayley.experiments.records.autotopisms "a^3+ab" --modulus 11 23 --observe 0.85 0.7

Rows, columns and symbols are renamed at random and each by itself, so that nothing is known but the
table. Every measurement is added to the record as it ends, in place of an earlier one of the same.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from cayley.experiments._completion._autotopisms import complete_by_autotopisms
from cayley.tables import generate_family

RECORD = Path("benchmarks/results") / "autotopisms.json"
_KEYS = ("operation", "order", "observe", "seed")


def measure(
    operation: str, modulus: int, observe: float, seed: int, *, tries: int, most_nodes: int
) -> dict[str, Any]:
    plain = generate_family(f"mod{modulus}:{operation}").array
    random = np.random.default_rng(seed)
    rows, columns, symbols = (random.permutation(modulus) for _ in range(3))
    table = symbols[plain][np.ix_(rows, columns)]
    hidden = random.random(table.shape) >= observe
    start = time.process_time()
    found, used = complete_by_autotopisms(
        np.where(hidden, -1, table), tries=tries, most_nodes=most_nodes, seed=seed
    )
    return {
        "operation": operation,
        "order": modulus,
        "observe": observe,
        "seed": seed,
        "hidden": int(hidden.sum()),
        "filled": int((found[hidden] >= 0).sum()),
        "right": int((found[hidden] == table[hidden]).sum()),
        "autotopisms": len(used),
        "agreements": [one.agreements for one in used],
        "log10_chance": [round(one.log10_chance, 1) for one in used],
        "nodes": [one.nodes for one in used],
        "tries": tries,
        "most_nodes": most_nodes,
        "cpu_seconds": round(time.process_time() - start, 2),
    }


def add(record: dict[str, Any], file: Path) -> None:
    """Add one measurement to the file, in place of an earlier one of the same table."""
    runs = json.loads(file.read_text())["runs"] if file.exists() else []
    runs = [old for old in runs if any(old[key] != record[key] for key in _KEYS)]
    runs.append(record)
    runs.sort(key=lambda one: [one[key] for key in _KEYS])
    lines = ",\n".join(f"  {json.dumps(one)}" for one in runs)
    file.write_text(
        f'{{"machine": "one of 2 shared virtual x86-64 cores",\n "runs": [\n{lines}]}}\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("operation", nargs="+")
    parser.add_argument("--modulus", type=int, nargs="+", required=True)
    parser.add_argument("--observe", type=float, nargs="+", required=True)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--tries", type=int, default=8, help="pairs of a row and its image")
    parser.add_argument("--most-nodes", type=int, default=4000, help="of the search, for each")
    parser.add_argument("--record", type=Path, default=RECORD, help="from the working directory")
    arguments = parser.parse_args()
    for operation in arguments.operation:
        for modulus in arguments.modulus:
            for observe in arguments.observe:
                for seed in range(arguments.seeds):
                    record = measure(
                        operation, modulus, observe, seed,
                        tries=arguments.tries, most_nodes=arguments.most_nodes,
                    )  # fmt: skip
                    add(record, arguments.record)
                    print(record, flush=True)


if __name__ == "__main__":
    main()

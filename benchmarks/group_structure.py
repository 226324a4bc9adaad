"""Time identification, character tables, irreducible representations and presentations.

Each group is relabeled at random first. Writes `benchmarks/results/group_structure.json`.

    OMP_NUM_THREADS=1 python benchmarks/group_structure.py [--large]

With `--large` groups of order about 1000 too, which takes a few minutes.
"""

import json
import platform
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import torch

from cayley._version import __version__
from cayley.algebra import Group, character_table, describe, identify, short_presentation
from cayley.representations import irreducible_representations
from cayley.representations._defects import homomorphism_defect
from cayley.tables import generate_family

TARGET = Path(__file__).parent / "results/group_structure.json"
SMALL = ["S4", "A5", "C97", "S5", "PSL(2,7)", "S4xS4"]
LARGE = ["S6", "C997", "D1000", "C10xC10xC10", "A5xC2xC2xC2xC2", "S3xC166", "D8xC5xC5xC5"]
SEEDS = (0, 1, 2)


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def relabeled(table, seed):
    order = np.random.default_rng(seed).permutation(len(table))
    moved = np.empty_like(table)
    moved[np.ix_(order, order)] = order[table]
    return moved


def measure(name, table, seed):
    moved = relabeled(table, seed)
    identification, found = timed(lambda: identify(moved))
    group = Group.from_table(moved)
    characters, exact = timed(lambda: character_table(group))
    irreducible, reps = timed(lambda: irreducible_representations(group, seed=seed))
    values = exact.to_complex()[:, exact.classes.labels]
    presenting, presentation = timed(lambda: short_presentation(group))
    describing, _ = timed(lambda: describe(Group.from_table(moved)))
    return {
        "group": name,
        "seed": seed,
        "order": group.order,
        "classes": len(exact),
        "name": found.name,
        "presentation": str(presentation),
        "max_unitarity_defect": max(rho.unitarity_defect for rho in reps),
        "max_homomorphism_defect_on_generators": max(
            homomorphism_defect(rho.matrices, group, generators_only=True) for rho in reps
        ),
        "max_character_error": max(
            float(np.abs(rho.character.numpy() - row).max())
            for rho, row in zip(reps, values, strict=True)
        ),
        "seconds": {
            "identify": identification,
            "character_table": characters,
            "irreducible_representations": irreducible,
            "short_presentation": presenting,
            "describe": describing,
        },
    }


def main():
    torch.set_num_threads(1)
    timed(lambda: identify(generate_family("S3").array))  # reads the list of small groups
    records = []
    for name in SMALL + (LARGE if "--large" in sys.argv[1:] else []):
        table = generate_family(name).aligned().array
        runs = [measure(name, table, seed) for seed in SEEDS]
        records += runs
        seconds = {k: median(run["seconds"][k] for run in runs) for k in runs[0]["seconds"]}
        print(name, runs[0]["name"], {k: round(v, 4) for k, v in seconds.items()}, flush=True)
    about = {
        "version": __version__,
        "machine": f"{platform.machine()}, one thread of a shared machine",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }
    lines = ",\n".join(json.dumps(record) for record in records)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(f'{{"about": {json.dumps(about)}, "records": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()

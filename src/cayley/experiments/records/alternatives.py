"""What was tried beside the recipe of `synchronize`: starts, sizes, several restarts as one.

    python -m cayley.experiments.records.alternatives [VARIANT ...] [--record FILE]

Ten instances of each of three problems near the least number of observations; one restart
unless the variant says otherwise. Reaches into the loop, which has no options for what did not win.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from cayley.algebra import Structure
from cayley.synchronization import (
    SweepSchedule,
    Synchronization,
    _proposals,
    synchronize,
)
from cayley.synchronization._acceptance import exact_acceptance
from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._polar_decomposition import polar_factor
from cayley.synchronization._run import SolverRun
from cayley.synchronization._schedule import matrix_size
from cayley.synchronization._self_training import TrainingTerms
from cayley.synchronization._sweeps import random_factors
from cayley.tables import Table, generate_family, isotope, mask, shuffle

Kind = Literal["group", "isotope"]

# Apart from the seeds of `synchronization` (2000 on), so that nothing chosen here is tested there.
FIRST_SEED = 5000
CASES: list[tuple[str, float, Kind]] = [
    ("S4", 0.055, "group"),
    ("S4", 0.175, "isotope"),
    ("C23", 0.15, "isotope"),
]
Solver = Callable[[Table, Kind, int], Synchronization]


def instance(family: str, observe: float, kind: Kind, seed: int) -> tuple[Table, Table]:
    truth = generate_family(family)
    truth = isotope(truth, seed=seed) if kind == "isotope" else shuffle(truth, seed=seed).aligned()
    return truth, mask(truth, observe=observe, seed=seed)


def plain(partial: Table, kind: Kind, seed: int, **options: Any) -> Synchronization:
    options = {"restarts": 1} | options
    sizes = (partial.order,) * 3
    return synchronize(partial.observations, sizes=sizes, assume=kind, seed=seed, **options)


def started(partial: Table, kind: Kind, seed: int, factors: list[torch.Tensor]) -> Synchronization:
    """Run the loop from given matrices."""
    operation = PartialOperation.checked(
        partial.observations, sizes=(partial.order,) * 3, assume=kind, weights=None
    )
    schedule = SweepSchedule.chosen(kind)
    run = SolverRun(operation, factors, schedule, exact_acceptance(operation), seed)
    with torch.no_grad():
        while run.sweeps.done < run.schedule.max_sweeps:
            run.advance()
            if run.look():
                return run.result("accepted")
        return run.result("sweeps")


def spectral(partial: Table, kind: Kind, seed: int) -> Synchronization:
    """Start from singular vectors of a random combination of the rows' partial permutations.

    The unfoldings of a Latin square have a flat spectrum, since two cells share at most one label:
    only such combinations have any structure.
    """
    n, random = partial.order, np.random.default_rng(seed)
    d = matrix_size((n,) * 3, len(partial.observations))
    a, b, c = partial.observations.T

    def vectors(inputs: np.ndarray, outputs: np.ndarray, weights: np.ndarray) -> Any:
        M = np.zeros((n, n))
        np.add.at(M, (outputs, inputs), random.normal(size=n)[weights])
        U, _, Vh = np.linalg.svd(M)
        return U, Vh.T

    def matrices(U: np.ndarray) -> torch.Tensor:
        X = np.zeros((n, d * d))
        X[:, : min(n, d * d)] = U[:, : d * d]
        rotation = np.linalg.qr(random.normal(size=(d * d, d * d)))[0]
        return polar_factor(torch.from_numpy((X @ rotation).reshape(1, n, d, d)).float())

    of_symbols, of_columns = vectors(b, c, a)
    _, of_rows = vectors(a, c, b)
    factors = [matrices(of_rows), matrices(of_columns), matrices(of_symbols)]
    return started(partial, kind, seed, factors[:1] if kind == "group" else factors)


def growing(partial: Table, kind: Kind, seed: int) -> Synchronization:
    """Thirty sweeps with matrices smaller by a third, then a random block beside them."""
    sizes = (partial.order,) * 3
    d = matrix_size(sizes, len(partial.observations))
    small, generator = round(d / 1.5), torch.Generator().manual_seed(seed)
    first = plain(
        partial, kind, seed, size=small, schedule=SweepSchedule.chosen(kind, max_sweeps=30)
    )
    if first.accepted:
        return first
    factors = []
    for X in first.factors[:1] if kind == "group" else first.factors:
        (block,) = random_factors(
            Structure.GROUP, sizes, restarts=1, size=d - small, width=d - small, generator=generator
        )
        grown = torch.zeros(1, partial.order, d, d)
        grown[0, :, :small, :small], grown[0, :, small:, small:] = X, block[0]
        factors.append(grown)
    return started(partial, kind, seed, factors)


def united(partial: Table, kind: Kind, seed: int) -> Synchronization:
    """Four restarts train on the cells that two of them are sure of."""
    patched: Any = TrainingTerms
    n, replace = partial.order, patched.replace

    def together(terms: TrainingTerms, chosen: list[tuple[np.ndarray, np.ndarray]]) -> None:
        cells = np.concatenate([cells for cells, _ in chosen])
        weights = np.concatenate([weights for _, weights in chosen])
        key = cells @ np.array([n * n, n, 1])
        _, inverse, times = np.unique(key, return_inverse=True, return_counts=True)
        if (times > 1).any():
            cells, weights = cells[times[inverse] > 1], weights[times[inverse] > 1]
        replace(terms, [(cells, weights)] * len(chosen))

    patched.replace = together
    try:
        return plain(partial, kind, seed, restarts=4)
    finally:
        patched.replace = replace


def without_closure(partial: Table, kind: Kind, seed: int) -> Synchronization:
    closed, _proposals._closed = _proposals._closed, lambda *_: None
    try:
        return plain(partial, kind, seed)
    finally:
        _proposals._closed = closed


VARIANTS: dict[str, Solver] = {
    "default": plain,
    "4 restarts": lambda *one: plain(*one, restarts=4),
    "4 restarts united": united,
    "no closure": without_closure,
    "spectral": spectral,
    "growing d": growing,
    "complex": lambda *one: plain(*one, dtype=torch.complex64),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variants", nargs="*", default=list(VARIANTS))
    parser.add_argument("--record", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    records = []
    for variant in arguments.variants:
        for family, observe, kind in CASES:
            solved, cpu = [], time.process_time()
            for seed in range(10):
                truth, partial = instance(family, observe, kind, FIRST_SEED + seed)
                found = VARIANTS[variant](partial, kind, seed)
                if found.accepted and (found.table == truth.array).all():
                    solved.append(found.sweeps)
            records.append({
                "variant": variant, "family": family, "kind": kind, "observe": observe,
                "tried": 10, "solved": len(solved), "sweeps": sorted(solved),
                "cpu_each": round((time.process_time() - cpu) / 10, 3),
            })  # fmt: skip
            print(json.dumps(records[-1]), flush=True)
    if arguments.record:
        arguments.record.write_text(json.dumps({"records": records}, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""HyperCube on the whole table of a group, and what is read out of its factors."""

import torch

from cayley.experiments._interpretation._explained_metrics import SEEDS, explained_metrics
from cayley.experiments._suite import Context, Measurement
from cayley.hypercube import HyperCube, ObservedProducts, TrainingSchedule, train
from cayley.interpretation import explain
from cayley.tables import generate_family

__all__ = ["GROUPS", "run_hypercube"]

GROUPS = ("S4", "A5")

_STEPS = 400
"""S4 is at rest after 150 steps and A5 after 180; what follows is not seen in the table."""


def run_hypercube(method: str, context: Context) -> Measurement:
    """Fit HyperCube to a full table and explain it under several seeds."""
    table = generate_family(method)
    n = len(table.symbols)
    model = HyperCube(n, generator=torch.Generator().manual_seed(context.seed))
    train(
        model,
        ObservedProducts.from_triples(table.observations, sizes=(n, n, n)),
        schedule=TrainingSchedule(max_steps=_STEPS),
    )
    found = [explain(model, truth=table, seed=seed) for seed in range(SEEDS)]
    metrics = explained_metrics(found)
    metrics["accuracy"] = found[0].accuracy if found[0].accuracy is not None else float("nan")
    return Measurement(
        metrics=metrics,
        notes={"claimed": " ".join(found[0].claimed)},
    )

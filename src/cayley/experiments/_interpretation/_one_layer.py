"""One-hidden-layer networks: what is read out of them, and what is proved about them."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.experiments._interpretation._explained_metrics import SEEDS, explained_metrics
from cayley.experiments._interpretation._network_file import network_arrays
from cayley.experiments._interpretation._training import OneLayerRecipe, train_one_layer
from cayley.experiments._suite import Context, Measurement
from cayley.interpretation import Explanation, explain
from cayley.interpretation.bounds._accuracy_bound import timed_bound
from cayley.tables import Table, generate_family

__all__ = ["RECIPES", "run_one_layer"]

RECIPES = {
    "C113": OneLayerRecipe(),
    # With 60 % of the cells some networks on S5 leave one test cell in ten thousand wrong.
    "S5": OneLayerRecipe(share=0.8),
}
"""Groups, and how their networks are trained."""

_RUNS = 15
"""Times that the proof and the network are run, in turn; the medians are compared. Of five the
ratio was seen to differ by a fifth on a machine with other programs."""


def run_one_layer(method: str, context: Context) -> Measurement:
    """Train a network, or take it from the file; explain it under several seeds; bound it.

    The file is npz and holds ``left``, ``right`` and ``unembedding`` of each network under names
    such as ``C113/0/left``, group and seed first, and if known its ``history`` of steps, losses and
    test accuracies and the ``processor_seconds`` of the training; a network that it lacks is
    trained.
    """
    table = generate_family(method)
    known = network_arrays(
        context.data,
        f"{method}/{context.seed}",
        needed=("left", "right", "unembedding"),
        optional=("history", "processor_seconds"),
    )
    arrays = known or _trained(table, method, context)
    network = {name: arrays[name] for name in ("left", "right", "unembedding")}
    found = [_explained(network, table, seed) for seed in range(SEEDS)]
    metrics = explained_metrics(found)
    curves: dict[str, list[float]] = {}
    if "history" in arrays:
        names = ("step", "loss", "test_accuracy")
        curves = {
            name: column.tolist() for name, column in zip(names, arrays["history"].T, strict=True)
        }
        metrics["training_steps"], _, metrics["test_accuracy"] = map(float, arrays["history"][-1])
    if "processor_seconds" in arrays:
        metrics["training_processor_seconds"] = float(arrays["processor_seconds"])
    proved = timed_bound(**network, table=table, runs=_RUNS)
    brute_seconds = proved.brute_force_seconds or float("nan")
    metrics |= {
        "bound": proved.bound,
        "brute_force_seconds": brute_seconds,
        "seconds_to_find": proved.seconds_to_find,
    }
    if proved.method is not None:  # no proof takes no time, which says nothing
        metrics |= {
            "bound_seconds": proved.seconds,
            "bound_time_ratio": proved.seconds / brute_seconds,
        }
    metrics["accuracy"] = proved.accuracy if proved.accuracy is not None else float("nan")
    return Measurement(
        metrics=metrics,
        curves=curves,
        arrays=arrays,
        notes={
            "from_file": known is not None,
            "group": _name(found[0]),
            "claimed": " ".join(found[0].claimed),
            "rests_on": proved.rests_on,
        },
    )


def _trained(table: Table, method: str, context: Context) -> dict[str, NDArray[Any]]:
    start = time.process_time()
    network = train_one_layer(
        table.array, RECIPES[method], seed=context.seed, progress=context.progress
    )
    return {
        "left": network.left,
        "right": network.right,
        "unembedding": network.unembedding,
        "history": network.history,
        "processor_seconds": np.array(time.process_time() - start),
    }


def _explained(arrays: dict[str, NDArray[Any]], table: Table, seed: int) -> Explanation:
    hidden = np.maximum(arrays["left"][:, None] + arrays["right"], 0)
    logits = hidden @ arrays["unembedding"].T
    return explain({**arrays, "logits": logits}, truth=table, seed=seed)


def _name(found: Explanation) -> str:
    solution = found.solution
    named = None if solution is None else solution.identification
    return "none" if named is None else str(named.name)

"""One-hidden-layer networks: what is read out of them, and what is proved about them."""

import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley.experiments._interpretation._training import OneLayerRecipe, train_one_layer
from cayley.experiments._suite import Context, Measurement
from cayley.interpretation import Explanation, accuracy_bound, explain
from cayley.interpretation.bounds._accuracy_bound import AccuracyBound
from cayley.tables import Table, generate_family

__all__ = ["RECIPES", "explained_metrics", "run_one_layer"]

RECIPES = {
    "C113": OneLayerRecipe(),
    # S5 needs more of its cells, and a smaller epsilon: with the other one cell in ten thousand
    # stays wrong.
    "S5": OneLayerRecipe(share=0.7, epsilon=1e-8, enough=0.98, settle=400, most=2000),
}
"""Groups, and how their networks are trained."""

_SEEDS = 2
"""Seeds of the analysis, which draw the permutations behind what chance explains; each analysis of
C113 takes longer than the training."""

_NEAR = 0.02
"""How far an accuracy may be from another, or from chance, and still count as the same."""

_REPEATS = 5
"""Times that the proof and the run are repeated, in turn; the medians are compared."""


def run_one_layer(method: str, context: Context) -> Measurement:
    """Train a network, or take it from the file; explain it under several seeds; bound it.

    The file is npz and holds ``left``, ``right`` and ``unembedding`` of each network under names
    such as ``C113/0/left``, group and seed first; a network that it lacks is trained.
    """
    table = _group_table(method)
    given = None if context.data is None else _from_file(context.data, method, context.seed)
    notes: dict[str, Any] = {"from_file": given is not None}
    metrics: dict[str, float] = {}
    curves: dict[str, list[float]] = {}
    if given is None:
        start = time.perf_counter()
        network = train_one_layer(
            table.array, RECIPES[method], seed=context.seed, progress=context.progress
        )
        metrics["training_seconds"] = time.perf_counter() - start
        metrics["training_steps"] = network.steps
        given = {
            "left": network.left,
            "right": network.right,
            "unembedding": network.unembedding,
        }
        names = ("step", "loss", "test_accuracy")
        curves = {
            name: column.tolist() for name, column in zip(names, network.history.T, strict=True)
        }
    found = [_explained(given, table, seed) for seed in range(_SEEDS)]
    metrics |= explained_metrics(found)
    proved, seconds, brute_seconds = _timed_bound(given, table)
    metrics |= {
        "bound": proved.bound,
        "brute_force_seconds": brute_seconds,
        "seconds_to_find": proved.seconds_to_find,
    }
    if proved.method is not None:  # no proof takes no time, which says nothing
        metrics |= {"bound_seconds": seconds, "bound_time_ratio": seconds / brute_seconds}
    metrics["accuracy"] = proved.accuracy if proved.accuracy is not None else float("nan")
    notes |= {
        "group": _name(found[0]),
        "claimed": " ".join(found[0].claimed),
        "rests_on": proved.rests_on,
    }
    return Measurement(metrics=metrics, curves=curves, arrays=given, notes=notes)


def explained_metrics(found: list[Explanation]) -> dict[str, float]:
    """Return what an analysis under several seeds says, as numbers.

    ``table_right``: the exact table of the group is the truth; ``group_right``: so is its name;
    ``stable``: the claims are the same under all seeds; ``claimed_energy``: the least share of
    left, right and unembedding in the claimed parts; ``parts_alone``, ``without_parts``: accuracy
    with the claimed parts of the embeddings alone and without them; ``ablation_agrees``: the one is
    within 2 % of the full accuracy, the other within 2 % of chance.
    """
    first = found[0]
    exact = None if first.isotopism is None else first.isotopism.apply()
    truth = first.truth
    right = (
        exact is not None
        and truth is not None
        and first.standing == "found"
        and bool((exact == truth.array).all())
    )
    metrics = {
        "table_right": float(right),
        "stable": float(all(a.claimed == b.claimed for a, b in pairwise(found))),
        "claimed_parts": float(len(first.claimed)),
        "explain_seconds": float(np.median([each.seconds for each in found])),
    }
    names = [irreducible.name for irreducible in first.irreducibles]
    claimed = np.isin(names, first.claimed)
    for part in first.parts:
        metrics[f"{part.name}_energy"] = float(part.shares[claimed].sum())
    kept = [value for name, value in metrics.items() if name.endswith("_energy")]
    metrics["claimed_energy"] = min(kept, default=float("nan"))
    changes = {each.kind: each.accuracy for each in first.interventions if each.neurons is None}
    alone, without = changes.get("claimed parts alone"), changes.get("without the claimed parts")
    if alone is not None and without is not None and first.accuracy is not None:
        metrics["parts_alone"], metrics["without_parts"] = alone, without
        agrees = alone >= first.accuracy - _NEAR and without <= first.chance + _NEAR
        metrics["ablation_agrees"] = float(agrees)
    return metrics


def _group_table(name: str) -> Table:
    return generate_family(name)


def _explained(arrays: dict[str, NDArray[Any]], table: Table, seed: int) -> Explanation:
    hidden = np.maximum(arrays["left"][:, None] + arrays["right"], 0)
    logits = hidden @ arrays["unembedding"].T
    return explain({**arrays, "logits": logits}, truth=table, seed=seed)


def _name(found: Explanation) -> str:
    solution = found.solution
    named = None if solution is None else solution.identification
    return "none" if named is None else str(named.name)


def _timed_bound(
    arrays: dict[str, NDArray[Any]], table: Table
) -> tuple[AccuracyBound, float, float]:
    """Return the bound, and the medians of its time and of the time of running the network."""
    results = [
        accuracy_bound(
            arrays["left"], arrays["right"], arrays["unembedding"], table, brute_force=True
        )
        for _ in range(_REPEATS)
    ]
    seconds = float(np.median([each.seconds for each in results]))
    brute = [each.brute_force_seconds for each in results if each.brute_force_seconds is not None]
    return results[-1], seconds, float(np.median(brute))


def _from_file(path: Path, method: str, seed: int) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of a network of the file, or None if it has none of that seed.

    Raises:
        ValueError: If the file is no npz, or holds a part of the network only.
    """
    try:
        archive = np.load(path)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: must be an npz file with trained networks; {error}") from None
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise ValueError(f"{path}: must be an npz file with trained networks; it is one array.")
    with archive as arrays:
        wanted = {name: f"{method}/{seed}/{name}" for name in ("left", "right", "unembedding")}
        present = [key for key in wanted.values() if key in arrays]
        if not present:
            return None
        missing = sorted(set(wanted.values()) - set(present))
        if missing:
            raise ValueError(f"{path}: {', '.join(missing)} missing; {present[0]} is there.")
        return {name: arrays[key] for name, key in wanted.items()}

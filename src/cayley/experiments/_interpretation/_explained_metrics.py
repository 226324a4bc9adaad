"""What an analysis under several seeds says, as numbers."""

from itertools import pairwise

import numpy as np

from cayley.interpretation import Explanation

__all__ = ["SEEDS", "explained_metrics"]

SEEDS = 2
"""Seeds of the analysis, which draw the permutations behind what chance explains; each analysis of
C113 takes seconds."""

_NEAR = 0.02
"""How far an accuracy may be from another, or from chance, and still count as the same."""


def explained_metrics(found: list[Explanation]) -> dict[str, float]:
    """Return what an analysis under several seeds says, as numbers.

    ``table_right``: the exact table of the group is the truth, and is found without being told;
    ``stable``: the claims, of each matrix and of the network, are the same under all seeds;
    ``claimed_energy``: the least share of left, right and unembedding in the parts that are claimed
    in each; ``unembedding_in_claimed``: that of the unembedding in the parts claimed in the
    embeddings; ``parts_alone``, ``without_parts``: accuracy with the claimed parts of the
    embeddings alone and without them; ``ablation_agrees``: the one is within 2 % of the full
    accuracy, the other within 2 % of chance.
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
    stable = all(
        a.claimed == b.claimed
        and all(bool((x.claimed == y.claimed).all()) for x, y in zip(a.parts, b.parts, strict=True))
        for a, b in pairwise(found)
    )
    metrics = {
        "table_right": float(right),
        "stable": float(stable),
        "claimed_parts": float(len(first.claimed)),
        "explain_seconds": float(np.median([each.seconds for each in found])),
    }
    names = [irreducible.name for irreducible in first.irreducibles]
    claimed = np.isin(names, first.claimed)
    for part in first.parts:
        metrics[f"{part.name}_energy"] = part.claimed_share
        metrics[f"{part.name}_in_claimed"] = float(part.shares[claimed].sum())
    metrics["claimed_energy"] = min(
        (part.claimed_share for part in first.parts), default=float("nan")
    )
    changes = {each.kind: each.accuracy for each in first.interventions if each.neurons is None}
    alone, without = changes.get("claimed parts alone"), changes.get("without the claimed parts")
    if alone is not None and without is not None and first.accuracy is not None:
        metrics["parts_alone"], metrics["without_parts"] = alone, without
        agrees = alone >= first.accuracy - _NEAR and without <= first.chance + _NEAR
        metrics["ablation_agrees"] = float(agrees)
    return metrics

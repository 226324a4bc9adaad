"""The methods that every case compares, by name."""

from typing import Final

from torch import nn

from cayley.invariance import AugmentedLagrangian, IRMPenalty, MRIPenalty, RelaxedIRMPenalty
from cayley.invariance._moments import Task

__all__ = ["METHODS", "METRICS", "make_penalty"]

METHODS: Final = ("erm", "irm", "irm-alm", "irm-relaxed", "mri", "mri-alm", "oracle")
"""``erm`` adds nothing; ``oracle`` adds nothing to data or features without the spurious cue."""

METRICS: Final = ("ood_mse", "ood_accuracy", "weight_0", "weight_1", "constraint_heldout")

_PENALTIES = {"irm": IRMPenalty, "irm-relaxed": RelaxedIRMPenalty, "mri": MRIPenalty}


def make_penalty(
    method: str,
    num_environments: int,
    *,
    task: Task,
    num_outputs: int = 1,
    weight: float,
    mu: float = 10.0,  # more meets the constraint sooner and makes the loss stiffer
    rate: float = 0.1,  # of the dual; 1 would add the whole noise of each minibatch to it
) -> nn.Module | None:
    """Return what a method adds to the loss; None for those that add nothing.

    Example:
        >>> make_penalty("erm", 2, task="binary", weight=1.0) is None
        True
        >>> make_penalty("mri", 2, task="binary", weight=1.0)
        MRIPenalty(2, task='binary', num_outputs=1, weight=1.0, unbiased=False, center=False)
    """
    if method in {"erm", "oracle"}:
        return None
    name = method.removesuffix("-alm")
    penalty = _PENALTIES[name](
        # As published: the labels of the cases are centered as they are made.
        num_environments,
        task=task,
        num_outputs=num_outputs,
        weight=weight,
        center=False,
    )
    return AugmentedLagrangian(penalty, mu=mu, rate=rate) if method.endswith("-alm") else penalty

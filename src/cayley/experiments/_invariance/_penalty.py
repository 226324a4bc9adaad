"""The methods that every case compares, by name."""

from typing import Final

from torch import nn

from cayley.invariance import (
    AugmentedLagrangian,
    CORALPenalty,
    GroupDROPenalty,
    IRMPenalty,
    MRIPenalty,
    RelaxedIRMPenalty,
    VRExPenalty,
)
from cayley.invariance._moments import Task

__all__ = ["METHODS", "METRICS", "PICTURE_METHODS", "make_penalty"]

METHODS: Final = ("erm", "irm", "irm-alm", "irm-relaxed", "mri", "mri-alm", "oracle")
"""``erm`` adds nothing; ``oracle`` adds nothing to data or features without the spurious cue."""

PICTURE_METHODS: Final = (*METHODS[:-1], "vrex", "group-dro", "coral", "iga", "oracle")
"""Those of the cases with pictures. ``coral`` compares features, not outputs; ``iga`` the gradients
of the risks, for which see ``_gradient_alignment``."""

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

    The term of ``group-dro`` has no weight: ``weight`` is the step of its exponentiated gradient.

    Example:
        >>> make_penalty("erm", 2, task="binary", weight=1.0) is None
        True
        >>> make_penalty("mri", 2, task="binary", weight=1.0)
        MRIPenalty(2, task='binary', num_outputs=1, weight=1.0, unbiased=False, center=False)
    """
    if method in {"erm", "oracle"}:
        return None
    if method == "vrex":
        return VRExPenalty(num_environments, task=task, weight=weight)
    if method == "group-dro":
        return GroupDROPenalty(num_environments, task=task, rate=weight)
    if method == "coral":
        return CORALPenalty(num_environments, weight=weight)
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

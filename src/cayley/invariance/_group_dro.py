"""Distributionally robust optimization over groups (group DRO), with environments as groups."""

import torch
from torch import Tensor, distributed

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._empirical_risk import RiskPenalty
from cayley.invariance._moments import Task
from cayley.invariance._regularization import check_nonnegative

__all__ = ["GroupDROPenalty"]


class GroupDROPenalty(RiskPenalty):
    r"""Group DRO: the difference between the weighted risk of the environments and the mean loss.

    .. math:: \sum_e q_e R_e - \mathrm{mean}_i\,\ell_i, \qquad
        q_e \leftarrow q_e\, e^{\eta R_e} / \textstyle\sum_{e'} q_{e'} e^{\eta R_{e'}}

    Added to the mean loss of the batch it gives exactly the objective of group DRO, whose weights
    grow where the risk is largest. The weights ``q`` are a buffer and are updated before use by
    every call in training mode.

    Args:
        num_environments: Number of environments in all.
        task: Sets the loss: squared error, or cross entropy.
        rate: Step ``eta >= 0`` of the exponentiated gradient.
        process_group: Processes whose batches are to be pooled, under DDP.

    Raises:
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> penalty = GroupDROPenalty(2, rate=0.0)
        >>> output, target = torch.tensor([1.0, 2.0, 2.0]), torch.zeros(3)
        >>> ids = torch.tensor([0, 1, 1])
        >>> float(penalty(output, target, ids))  # (1 + 4) / 2 - (1 + 4 + 4) / 3
        -0.5

    References:
        Sagawa, Koh, Hashimoto and Liang, "Distributionally Robust Neural Networks for Group
        Shifts", ICLR 2020, arXiv:1911.08731, algorithm 1.
    """

    weights: Float[Tensor, " e"]

    def __init__(
        self,
        num_environments: int,
        *,
        task: Task = "regression",
        rate: float = 0.01,
        process_group: distributed.ProcessGroup | None = None,
    ) -> None:
        super().__init__(num_environments, task=task, process_group=process_group)
        check_nonnegative(rate, "rate")
        self.rate = rate
        self.register_buffer("weights", torch.full((num_environments,), 1 / num_environments))

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return the weighted risk less the mean loss of this process's batch."""
        losses, means = self.risks(output, target, environments)
        risks, seen = means.values[:, 0], means.present[:, 0]
        if self.training:
            # The update comes before use, as in algorithm 1 of the paper. An absent environment has
            # exponent 0: its weight changes by the normalization only.
            with torch.no_grad():
                grown = self.weights * (self.rate * risks.detach() * seen).exp()
                self.weights.copy_(grown / grown.sum())
        # The weights of the environments present are scaled to sum to 1, so that a batch without an
        # environment does not make the term smaller.
        weights = self.weights.to(risks.dtype, copy=True) * seen
        return (weights * risks).sum() / weights.sum() - losses.mean()

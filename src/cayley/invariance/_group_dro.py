"""Distributionally robust optimization over groups (group DRO), with environments as groups."""

import torch
from torch import Tensor, distributed

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._dual_ascent import DualAscent
from cayley.invariance._empirical_risk import RiskPenalty
from cayley.invariance._environment_means import EnvironmentMeans
from cayley.invariance._moments import Task
from cayley.invariance._regularization import check_nonnegative

__all__ = ["GroupDROPenalty"]


class GroupDROPenalty(DualAscent, RiskPenalty):
    r"""Group DRO: the difference between the weighted risk of the environments and the mean loss.

    .. math:: \sum_e q_e R_e - \mathrm{mean}_i\,\ell_i, \qquad
        q_e \leftarrow q_e\, e^{\eta R_e} / \textstyle\sum_{e'} q_{e'} e^{\eta R_{e'}}

    Added to the mean loss of the batch it gives exactly the objective of group DRO, whose weights
    grow where the risk is largest. In training mode a call uses the weights as this batch would
    update them; the weights ``q`` themselves are a buffer that only :meth:`step` changes, once per
    step of the optimizer. :meth:`attach` has the optimizer call it.

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
        self.start_record(num_environments, 1)

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return the weighted risk less the mean loss of this process's batch."""
        losses, means = self.risks(output, target, environments)
        risks, seen = means.values[:, 0], means.present[:, 0]
        # The update comes before use, as in algorithm 1 of the paper.
        weights = self._grown(means) if self.training else self.weights
        # The weights of the environments present are scaled to sum to 1, so that a batch without an
        # environment does not make the term smaller.
        weights = weights.to(risks.dtype, copy=True) * seen
        term = (weights * risks).sum() / weights.sum() - losses.mean()
        return self.recorded(term, means)

    def _grown(self, means: EnvironmentMeans) -> Float[Tensor, " e"]:
        """Return the weights after a step of the exponentiated gradient.

        An absent environment has exponent 0: its weight changes by the normalization only.
        """
        risks = means.values.detach()[:, 0].to(self.weights.dtype)
        grown = self.weights * (self.rate * risks * means.present[:, 0]).exp()
        return grown / grown.sum()

    def measured(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> EnvironmentMeans:
        """Return the risks of the environments, which move the weights."""
        return self.risks(output, target, environments)[1]

    def ascend(self, means: EnvironmentMeans) -> None:
        """Let the weights grow where the risk is large."""
        grown = self._grown(means)
        self.weights.copy_(grown.where(grown.isfinite().all(), self.weights))

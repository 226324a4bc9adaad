"""V-REx, CORAL and group DRO behind the protocol of the penalties."""

import torch
from jaxtyping import Float, Inexact, Int, Num
from torch import Tensor, distributed

from cayley.invariance._environments import check_environments, environment_means
from cayley.invariance._functional import Task
from cayley.invariance._penalties import EnvironmentPenalty
from cayley.invariance._risks import sample_losses

__all__ = ["CORALPenalty", "GroupDROPenalty", "VRExPenalty"]


class VRExPenalty(EnvironmentPenalty):
    r"""Variance of the risks over environments (V-REx).

    .. math:: \lambda \, \mathrm{mean}_e (R_e - \bar R)^2

    Args:
        num_environments: Number of environments in all.
        task: Sets the loss: squared error, or cross entropy.
        weight: ``lambda >= 0``.
        process_group: Processes whose batches are to be pooled, under DDP.

    Raises:
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> ids = torch.tensor([0, 1])
        >>> float(VRExPenalty(2)(torch.tensor([1.0, 2.0]), torch.zeros(2), ids))  # risks 1 and 4
        2.25

    References:
        Krueger et al., "Out-of-Distribution Generalization via Risk Extrapolation", ICML 2021,
        arXiv:2003.00688, equation 8.
    """

    def __init__(
        self,
        num_environments: int,
        *,
        task: Task = "regression",
        weight: float = 1.0,
        process_group: distributed.ProcessGroup | None = None,
    ) -> None:
        super().__init__(num_environments, task=task, process_group=process_group)
        if weight < 0:
            raise ValueError(f"`weight` must be >= 0; got {weight}.")
        self.weight = weight

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return ``weight`` times the variance of the risks present."""
        self.check(output, target, environments)
        risks, present = environment_means(
            sample_losses(output, target, task=self.task)[:, None],
            environments,
            num_environments=self.num_environments,
            process_group=self.process_group,
        )
        number = present.sum().clamp(min=1)
        average = risks.sum() / number
        return self.weight * ((risks - average) * present).square().sum() / number


class GroupDROPenalty(EnvironmentPenalty):
    r"""Group DRO: what turns the mean loss into the loss of the worst environments.

    .. math:: \sum_e q_e R_e - \mathrm{mean}_i\,\ell_i, \qquad
        q_e \leftarrow q_e\, e^{\eta R_e} / \textstyle\sum_{e'} q_{e'} e^{\eta R_{e'}}

    Added to the mean loss of the batch it leaves exactly the objective of group DRO. The weights
    ``q`` are a buffer and are updated before use by every call in training mode.

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
        if rate < 0:
            raise ValueError(f"`rate` must be >= 0; got {rate}.")
        self.rate = rate
        self.register_buffer("weights", torch.full((num_environments,), 1 / num_environments))

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return the weighted risk less the mean loss of this process's batch."""
        self.check(output, target, environments)
        losses = sample_losses(output, target, task=self.task)
        risks, present = environment_means(
            losses[:, None],
            environments,
            num_environments=self.num_environments,
            process_group=self.process_group,
        )
        risks, seen = risks[:, 0], present[:, 0]
        if self.training:
            with torch.no_grad():
                grown = self.weights * (self.rate * risks.detach() * seen).exp()
                self.weights.copy_(grown / grown.sum())
        weights = self.weights.to(risks.dtype, copy=True) * seen
        return (weights * risks).sum() / weights.sum() - losses.mean()


class CORALPenalty(EnvironmentPenalty):
    r"""Distance between the environments' first and second moments of features (CORAL).

    .. math:: \lambda \, \mathrm{mean}_{e < e'} \left(
        \frac{|\mu_e - \mu_{e'}|^2}{d} + \frac{|C_e - C_{e'}|^2}{d^2} \right)

    Call it with the features in the place of the output, shape ``(n, d)``; the target is not used.
    Environments with fewer than two samples in the batch are left out.

    Args:
        num_environments: Number of environments in all.
        weight: ``lambda >= 0``.

    Raises:
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> features = torch.tensor([[0.0], [2.0], [3.0], [5.0]])
        >>> ids = torch.tensor([0, 0, 1, 1])
        >>> float(CORALPenalty(2)(features, torch.zeros(4), ids))  # means 3 apart
        9.0

    References:
        Sun and Saenko, "Deep CORAL", ECCV 2016 workshops, arXiv:1607.01719, with the means
        matched too, as in DomainBed (Gulrajani and Lopez-Paz, arXiv:2007.01434).
    """

    def __init__(self, num_environments: int, *, weight: float = 1.0) -> None:
        super().__init__(num_environments, task="regression", process_group=None)
        if weight < 0:
            raise ValueError(f"`weight` must be >= 0; got {weight}.")
        self.weight = weight

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return ``weight`` times the mean distance over pairs of environments present."""
        check_environments(environments, len(output), self.num_environments)
        features = output.reshape(len(output), -1)
        moments = []
        for e in range(self.num_environments):
            own = features[environments == e]
            if len(own) > 1:
                mean = own.mean(0)
                moments.append((mean, (own - mean).T @ (own - mean) / (len(own) - 1)))
        distances = [
            (mean - other_mean).square().mean() + (cov - other_cov).square().mean()
            for i, (mean, cov) in enumerate(moments)
            for other_mean, other_cov in moments[:i]
        ]
        if not distances:
            return features.new_zeros(())
        return self.weight * torch.stack(distances).mean()

"""Risk extrapolation (V-REx): a penalty on the variance of the risks of the environments."""

from torch import Tensor

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._empirical_risk import RiskPenalty

__all__ = ["VRExPenalty"]


class VRExPenalty(RiskPenalty):
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

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return ``weight`` times the variance of the risks present."""
        _, means = self.risks(output, target, environments)
        risks, present = means.values, means.present
        # Risks of absent environments are 0 and do not count in the average or in the sum.
        number = present.sum().clamp(min=1)
        average = risks.sum() / number
        return self.weight * ((risks - average) * present).square().sum() / number

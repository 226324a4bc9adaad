"""Correlation alignment (CORAL): a penalty on differences of means and covariances of features."""

from torch import Tensor

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._batch_checks import check_environments
from cayley.invariance._moments import wide
from cayley.invariance._regularization import EnvironmentPenalty, full_precision

__all__ = ["CORALPenalty"]


class CORALPenalty(EnvironmentPenalty):
    r"""Distance between the environments' first and second moments of features (CORAL).

    .. math:: \lambda \, \mathrm{mean}_{e < e'} \left(
        \frac{|\mu_e - \mu_{e'}|^2}{d} + \frac{|C_e - C_{e'}|^2}{d^2} \right)

    Pass the features, shape ``(n, d)``, as the output; the target is not used. Environments with
    fewer than two samples in the batch do not count.

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
        super().__init__(num_environments, weight=weight)

    def forward(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> Float[Tensor, ""]:
        """Return ``weight`` times the mean distance over pairs of environments present."""
        check_environments(environments, len(output), self.num_environments)
        features = wide(output).reshape(len(output), -1)
        with full_precision(output):
            return self.weight * self._distance(features, environments)

    def _distance(
        self, features: Inexact[Tensor, "n d"], environments: Int[Tensor, " n"]
    ) -> Float[Tensor, ""]:
        """Return the mean distance over pairs of environments that have two samples or more."""
        moments = []
        for e in range(self.num_environments):
            own = (environments == e).to(features.dtype)[:, None]
            number = own.sum()
            mean = (own * features).sum(0) / number.clamp(min=1)
            # Rows of other environments are 0, so that shapes do not depend on the data.
            centered = own * (features - mean)
            covariance = centered.T @ centered / (number - 1).clamp(min=1)
            moments.append((mean, covariance, number > 1))  # one sample has no covariance
        distances, counted = features.new_zeros(()), features.new_zeros(())
        for i, (mean, covariance, seen) in enumerate(moments):
            for other_mean, other_covariance, other_seen in moments[:i]:
                both = (seen & other_seen).to(features.dtype)
                means = (mean - other_mean).square().mean()
                covariances = (covariance - other_covariance).square().mean()
                distances = distances + both * (means + covariances)
                counted = counted + both
        return distances / counted.clamp(min=1)

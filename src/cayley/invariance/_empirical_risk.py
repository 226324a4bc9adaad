"""The empirical risk of each environment, for the penalties that compare risks."""

import torch.nn.functional as F
from torch import Tensor

from cayley._shapes import Float, Inexact, Int, Num
from cayley.invariance._environment_means import EnvironmentMeans, environment_means
from cayley.invariance._moments import Task, wide
from cayley.invariance._regularization import EnvironmentPenalty, full_precision

__all__ = ["RiskPenalty", "sample_losses"]


class RiskPenalty(EnvironmentPenalty):
    """A penalty that compares the mean losses of the environments."""

    def risks(
        self,
        output: Inexact[Tensor, "n *k"],
        target: Num[Tensor, "n *t"],
        environments: Int[Tensor, " n"],
    ) -> tuple[Float[Tensor, " n"], EnvironmentMeans]:
        """Return the losses of the samples, and the risks of the environments, shape ``(e, 1)``.

        Raises:
            TypeError: If a dtype does not suit the task.
            ValueError: If the batch does not fit.
        """
        self.check(output, target, environments)
        with full_precision(output):
            losses = sample_losses(output, target, task=self.task)
            risks = environment_means(
                losses[:, None],
                environments,
                num_environments=self.num_environments,
                process_group=self.process_group,
            )
        return losses, risks


def sample_losses(
    output: Inexact[Tensor, "n *k"], target: Num[Tensor, "n *t"], *, task: Task
) -> Float[Tensor, " n"]:
    """Return each sample's loss: squared error for regression, cross entropy for classes.

    Several outputs are averaged, as ``mse_loss`` and ``binary_cross_entropy_with_logits`` do.

    Example:
        >>> import torch
        >>> sample_losses(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.0]), task="regression")
        tensor([0., 4.])
    """
    output = wide(output)
    if task in {"softmax", "multiclass"}:
        return F.cross_entropy(output, target.long(), reduction="none")
    if task == "binary":
        losses = F.binary_cross_entropy_with_logits(
            output, target.to(output.dtype), reduction="none"
        )
    else:
        losses = (output - target).abs().square()
    return losses.reshape(len(losses), -1).mean(1)

"""The risk of each environment, for the baselines that compare risks."""

import torch.nn.functional as F
from jaxtyping import Float, Inexact, Num
from torch import Tensor

from cayley.invariance._functional import Task

__all__ = ["sample_losses"]


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
    if task in {"softmax", "multiclass"}:
        return F.cross_entropy(output, target.long(), reduction="none")
    if task == "binary":
        losses = F.binary_cross_entropy_with_logits(
            output, target.to(output.dtype), reduction="none"
        )
    else:
        losses = (output - target).abs().square()
    return losses.reshape(len(losses), -1).mean(1)

"""Inter-environmental gradient alignment (IGA): equal gradients of the environments' risks."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from cayley._shapes import Float

__all__ = ["gradient_variance"]


def gradient_variance(
    risks: Sequence[Float[Tensor, ""]], parameters: Iterable[nn.Parameter]
) -> Float[Tensor, ""]:
    r"""Return the variance of the risks' gradients over environments, to be differentiated again.

    .. math:: \mathrm{mean}_e |\nabla R_e - \overline{\nabla R}|^2

    Args:
        risks: Risk of each environment, with the graph of all ``parameters``.
        parameters: What the gradients are taken in.

    Example:
        >>> import torch
        >>> w = torch.nn.Parameter(torch.tensor(1.0))
        >>> gradient_variance([w.square(), 3 * w.square()], [w]).item()  # gradients 2 and 6
        4.0

    References:
        Koyama and Yamaguchi, "When is invariance useful in an Out-of-Distribution Generalization
        problem?", 2020, arXiv:2008.01883, equation 8.
    """
    chosen = list(parameters)
    gradients = torch.stack(
        [
            torch.cat([g.ravel() for g in torch.autograd.grad(risk, chosen, create_graph=True)])
            for risk in risks
        ]
    )
    return (gradients - gradients.mean(0)).square().sum() / len(risks)

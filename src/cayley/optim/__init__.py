"""Preconditioned gradients for any PyTorch model: ISAAC, and a Kronecker-factored baseline.

ISAAC multiplies the weight gradient of a layer by the damped inverse second moment of the layer's
inputs. The forward pass, the parameters and the optimizer stay as they are; only the gradient that
the optimizer sees is better conditioned. :func:`convert` does it for a model that exists,
:class:`ISAACLinear` and :class:`ISAACConv2d` are the layers, :func:`isaac_linear` and
:func:`isaac_conv2d` the functions, :func:`isaac_weight_gradient` is the mathematics.
:class:`KFAC`, a plain Kronecker-factored preconditioner, is there to compare with.

Example:
    >>> import torch
    >>> from cayley.optim import convert
    >>> rng = torch.Generator().manual_seed(0)
    >>> inputs, targets = torch.randn(16, 8, generator=rng), torch.randn(16, 2, generator=rng)
    >>> model = convert(torch.nn.Sequential(torch.nn.Linear(8, 2)), damping=0.1)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    >>> losses = []
    >>> for _ in range(20):
    ...     loss = torch.nn.functional.mse_loss(model(inputs), targets)
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    ...     losses.append(loss.item())
    >>> losses[-1] < losses[0]
    True
"""

from cayley.optim._convert import convert, revert
from cayley.optim._backward import isaac_conv2d, isaac_linear
from cayley.optim._preconditioning import isaac_weight_gradient
from cayley.optim._kfac import KFAC
from cayley.optim._layers import ISAACConv2d, ISAACLinear

__all__ = [
    "KFAC",
    "ISAACConv2d",
    "ISAACLinear",
    "convert",
    "isaac_conv2d",
    "isaac_linear",
    "isaac_weight_gradient",
    "revert",
]

"""Preconditioned gradients for any PyTorch model: ISAAC.

ISAAC multiplies the weight gradient of a layer by the damped inverse second moment of the layer's
inputs. The forward pass, the parameters and the optimizer stay as they are; only the gradient that
the optimizer sees is better conditioned. :func:`convert` does it for a model that exists,
:class:`ISAACLinear` and :class:`ISAACConv2d` are the layers, :func:`isaac_weight_gradient` is the
mathematics. ``torch.func.functional_call`` runs a layer with other weights.

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

The files, in the order in which to read them:

1. ``_damped_inverse.py``: the inverse of a damped Gram matrix, and products with it.
2. ``_weight_gradient.py``: the preconditioned weight gradient, in its two forms.
3. ``_preconditioning.py``: the same as a public function.
4. ``_sample_mask.py``: which rows of a batch are samples.
5. ``_damping.py``: the options of a layer and their checks.
6. ``_backward.py``, ``_convolution.py``, ``_embedding.py``: autograd functions; those of
   convolutions use ``_patch_moments.py`` and ``_shift_moments.py``, second moments of patches.
7. ``_layers.py``: what is common to all layers; the linear layer and the convolution of images.
8. ``_attention.py``, ``_recurrent.py``: attention; LSTM, GRU and their like.
9. ``_kinds.py``: a class for every kind of plain layer.
10. ``_report.py``: what was converted, what was left and why.
11. ``_convert.py``: conversion of a model in place, and back.
12. ``_damping_scheduler.py``: a damping that changes with the steps.
13. ``_pooling.py``: statistics of several backward passes and processes together.
"""

from cayley.optim._convert import convert, revert
from cayley.optim._damping_scheduler import DampingScheduler
from cayley.optim._layers import ISAACConv2d, ISAACLinear
from cayley.optim._pooling import pool_statistics
from cayley.optim._preconditioning import isaac_weight_gradient
from cayley.optim._sample_mask import sample_mask

__all__ = [
    "DampingScheduler",
    "ISAACConv2d",
    "ISAACLinear",
    "convert",
    "isaac_weight_gradient",
    "pool_statistics",
    "revert",
    "sample_mask",
]

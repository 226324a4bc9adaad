"""The backward passes of ISAAC's layers: a plain forward pass, a preconditioned weight gradient.

The result of a backward pass is not the gradient of the loss, so it must not be differentiated
again; :class:`_Refusal` raises an error on an attempt.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

from cayley._shapes import Float
from cayley.optim._damping import DampingSettings
from cayley.optim._preconditioning import split_weight_gradient, weight_gradient

__all__ = ["conv2d", "linear"]

Geometry = tuple[tuple[int, int], tuple[int, int], tuple[int, int], int]
Gradients = tuple[Tensor | None, Tensor | None, Tensor | None]


def linear(
    inputs: Tensor, weight: Tensor, bias: Tensor | None, settings: DampingSettings
) -> Tensor:
    """Return ``inputs @ weight.T + bias``, whose weight gradient ISAAC preconditions.

    All batch dimensions together are the samples. Input and bias gradients are the plain ones. With
    ``precondition_bias`` the bias is the weight of one more input that is always 1, and is
    preconditioned together with the others.
    """
    inputs, weight, bias = _autocast(inputs, weight, bias)
    result: Tensor = _Linear.apply(  # type: ignore[no-untyped-call]
        inputs, weight, bias, *_unpacked(settings)
    )
    return result


def conv2d(
    inputs: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    geometry: Geometry,
    settings: DampingSettings,
) -> Tensor:
    """Return the 2-D convolution, whose weight gradient ISAAC preconditions.

    Every patch that the kernel covers is one sample of a linear layer (unfolding), so that ``N`` is
    the number of images times the number of output positions. Each group of channels is a layer of
    its own. ``geometry`` is (stride, padding, dilation, groups).
    """
    inputs, weight, bias = _autocast(inputs, weight, bias)
    images = inputs.unsqueeze(0) if inputs.dim() == 3 else inputs
    result: Tensor = _Conv2d.apply(  # type: ignore[no-untyped-call]
        images, weight, bias, *geometry, *_unpacked(settings)
    )
    return result.squeeze(0) if inputs.dim() == 3 else result


def _unpacked(settings: DampingSettings) -> tuple[float, bool, bool, torch.dtype | None]:
    """Return the settings as plain values, which torch.compile traces; an object it would not."""
    return (
        settings.damping,
        settings.relative,
        settings.precondition_bias,
        settings.solve_dtype,
    )


def _autocast(
    inputs: Tensor, weight: Tensor, bias: Tensor | None
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Return the tensors cast as autocast would cast those of a built-in layer.

    Autocast does not act inside a custom autograd function, so the casts come before it.
    """
    device = inputs.device.type
    if not torch.is_autocast_enabled(device):
        return inputs, weight, bias
    dtype = torch.get_autocast_dtype(device)

    def cast(tensor: Tensor) -> Tensor:
        return tensor if tensor.dtype == torch.float64 else tensor.to(dtype)

    return cast(inputs), cast(weight), None if bias is None else cast(bias)


class _Linear(Function):
    """A linear layer; the options are passed one by one, see :func:`_unpacked`."""

    @staticmethod
    def forward(  # noqa: PLR0917 - autograd passes by position
        ctx: Any,
        inputs: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        damping: float,
        relative: bool,
        precondition_bias: bool,
        solve_dtype: torch.dtype | None,
    ) -> Tensor:
        ctx.save_for_backward(inputs, weight)
        ctx.augment = precondition_bias and bias is not None
        ctx.options = (damping, relative, solve_dtype)
        return F.linear(inputs, weight, bias)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return *_once(_linear_gradients, ctx, grad), None, None, None, None


def _linear_gradients(ctx: Any, grad: Tensor) -> Gradients:
    """Return the gradients of inputs, weight and bias; None for one that is not needed."""
    inputs, weight = ctx.saved_tensors
    needs_inputs, needs_weight, needs_bias = ctx.needs_input_grad[:3]
    g = grad if grad.dim() == 2 else grad.reshape(-1, weight.shape[0])
    for_inputs, for_weight, for_bias = None, None, None
    if needs_inputs:
        for_inputs = torch.mm(g, weight)
        if inputs.dim() != 2:
            for_inputs = for_inputs.view(inputs.shape)
    if needs_weight or (needs_bias and ctx.augment):
        a = inputs if inputs.dim() == 2 else inputs.reshape(-1, weight.shape[1])
        for_weight, for_bias = _preconditioned(a, g, weight, ctx)
    if needs_bias and not ctx.augment:
        for_bias = g.sum(0)
    return for_inputs, for_weight, for_bias


class _Conv2d(Function):
    """A 2-D convolution; the options are passed one by one, see :func:`_unpacked`."""

    @staticmethod
    def forward(  # noqa: PLR0917 - autograd passes by position
        ctx: Any,
        inputs: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        stride: tuple[int, int],
        padding: tuple[int, int],
        dilation: tuple[int, int],
        groups: int,
        damping: float,
        relative: bool,
        precondition_bias: bool,
        solve_dtype: torch.dtype | None,
    ) -> Tensor:
        ctx.save_for_backward(inputs, weight)
        ctx.geometry = (stride, padding, dilation, groups)
        ctx.augment = precondition_bias and bias is not None
        ctx.options = (damping, relative, solve_dtype)
        return F.conv2d(inputs, weight, bias, stride, padding, dilation, groups)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return *_once(_conv2d_gradients, ctx, grad), *(None,) * 8


def _conv2d_gradients(ctx: Any, grad: Tensor) -> Gradients:
    """Return the gradients of inputs, weight and bias; None for one that is not needed."""
    inputs, weight = ctx.saved_tensors
    stride, padding, dilation, groups = ctx.geometry
    needs_inputs, needs_weight, needs_bias = ctx.needs_input_grad[:3]
    for_inputs, for_weight, for_bias = None, None, None
    if needs_weight or (needs_bias and ctx.augment):
        a, g = _patches(inputs, grad, weight, ctx.geometry)
        for_weight, for_bias = _preconditioned(a, g, weight, ctx)
    if needs_inputs:
        mask = (True, False, False)
        for_inputs, _, _ = torch.ops.aten.convolution_backward(
            grad, inputs, weight, None, stride, padding, dilation, False, (0, 0), groups, mask
        )
    if needs_bias and not ctx.augment:
        for_bias = grad.sum((0, 2, 3))
    return for_inputs, for_weight, for_bias


def _patches(
    inputs: Tensor, grad: Tensor, weight: Tensor, geometry: Geometry
) -> tuple[Float[Tensor, "*k N n"], Float[Tensor, "*k N m"]]:
    """Return the convolution as a linear layer, or several: patches and output gradients."""
    stride, padding, dilation, groups = geometry
    # Shape (images, features of all groups, positions); the features of a group are consecutive.
    patches = F.unfold(inputs, weight.shape[2:], dilation, padding, stride)
    images, _, positions = patches.shape
    a = patches.view(images, groups, -1, positions).permute(1, 0, 3, 2)
    g = grad.reshape(images, groups, -1, positions).permute(1, 0, 3, 2)
    leading = () if groups == 1 else (groups,)
    samples = images * positions
    return (
        a.reshape(*leading, samples, weight[0].numel()),
        g.reshape(*leading, samples, weight.shape[0] // groups),
    )


def _preconditioned(
    a: Float[Tensor, "*k N n"], g: Float[Tensor, "*k N m"], weight: Tensor, ctx: Any
) -> tuple[Tensor, Tensor | None]:
    """Return the gradients of the weight and, where it is a column of it, of the bias."""
    if ctx.augment:
        a = torch.cat([a, a.new_ones(*a.shape[:-1], 1)], dim=-1)
        result, for_bias = split_weight_gradient(a, g, *ctx.options)
        return result.reshape(weight.shape), for_bias.reshape(-1)
    result = weight_gradient(a, g, *ctx.options)
    return result if result.shape == weight.shape else result.view(weight.shape), None


def _once(gradients: Callable[[Any, Tensor], Gradients], ctx: Any, grad: Tensor) -> Gradients:
    """Return the gradients, such that differentiating them raises."""
    # In a backward pass gradients are enabled only under `create_graph`; else nothing can be
    # differentiated again. torch.compile does not trace such a backward pass.
    if not torch.is_grad_enabled() or torch.compiler.is_compiling():
        return gradients(ctx, grad)
    with torch.no_grad():
        results = gradients(ctx, grad)
    sources = (grad, *ctx.saved_tensors)
    first, second, third = (
        None if result is None else _Refusal.apply(result, *sources)  # type: ignore[no-untyped-call]
        for result in results
    )
    return first, second, third


class _Refusal(Function):
    """The identity on its first argument; its backward pass raises."""

    @staticmethod
    def forward(ctx: Any, result: Tensor, *sources: Tensor) -> Tensor:
        return result.view_as(result)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        raise RuntimeError(
            "an ISAAC layer cannot be differentiated twice: its weight gradient is preconditioned "
            "and is not the gradient of the loss. Use the plain layer for second derivatives; "
            "`cayley.optim.revert(model)` brings it back."
        )

"""Convolutions in one, two or three dimensions as linear maps of patches."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

from cayley._shapes import Float, Num
from cayley.optim._backward import Gradients, Kept, applied, autocast, keep, once, preconditioned
from cayley.optim._damping import Options
from cayley.optim._patch_moments import Patches, Sampling, preconditioned_by_moments
from cayley.optim._weight_gradient import cheaper_form, is_traced, weight_gradient

__all__ = ["Geometry", "convolution", "transposed_convolution"]

Geometry = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int]
"""Stride, padding, dilation, groups."""


def convolution(  # noqa: PLR0917 - the arguments of the convolution, then what ISAAC adds
    inputs: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    geometry: Geometry,
    options: Options,
    rows: Num[Tensor, " N"] | None = None,
    sampling: Sampling | None = None,
) -> Tensor:
    """Return the convolution, whose weight gradient ISAAC preconditions.

    Every patch that the kernel covers is one sample of a linear layer (unfolding), so that ``N`` is
    the number of images times the number of output positions. Each group of channels is a layer of
    its own. ``rows`` are weights of images and output positions, in this order. With ``sampling``
    the second moment is that of some positions, where it can be: not with weights, and not in a
    graph that a compiler or a transform traces.
    """
    inputs, weight, bias = autocast(inputs, weight, bias)
    single = inputs.dim() == weight.dim() - 1
    images = inputs.unsqueeze(0) if single else inputs
    result = applied(_Convolution, images, weight, bias, rows, *geometry, sampling, *options)
    return result.squeeze(0) if single else result


def transposed_convolution(  # noqa: PLR0917 - likewise
    inputs: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    geometry: Geometry,
    output_padding: tuple[int, ...],
    options: Options,
    rows: Num[Tensor, " N"] | None = None,
) -> Tensor:
    """Return the transposed convolution, whose weight gradient ISAAC preconditions.

    Every input position is one sample of a linear layer whose outputs are a patch; the patches are
    then added up. ``rows`` are weights of images and input positions. The bias is added to what is
    added up and belongs to no position, so that its gradient is the plain one.
    """
    inputs, weight, bias = autocast(inputs, weight, bias)
    single = inputs.dim() == weight.dim() - 1
    images = inputs.unsqueeze(0) if single else inputs
    options = options._replace(precondition_bias=False)
    result = applied(
        _TransposedConvolution, images, weight, bias, rows, *geometry, output_padding, *options
    )
    return result.squeeze(0) if single else result


class _Convolution(Function):
    """A convolution; geometry and options are passed one by one, which torch.compile traces."""

    generate_vmap_rule = True

    @staticmethod
    def forward(  # noqa: PLR0917 - autograd passes by position
        inputs: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        rows: Tensor | None,
        stride: tuple[int, ...],
        padding: tuple[int, ...],
        dilation: tuple[int, ...],
        groups: int,
        sampling: Sampling | None,
        *options: Any,
    ) -> Tensor:
        return torch.convolution(
            inputs, weight, bias, stride, padding, dilation, False, [0] * len(stride), groups
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        keep(ctx, inputs[:4] + inputs[9:])
        ctx.geometry, ctx.sampling = inputs[4:8], inputs[8]

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return *once(_gradients, ctx, grad), *(None,) * 11


def _gradients(ctx: Any, of: Kept, grad: Tensor) -> Gradients:
    """Return the gradients of inputs, weight and bias; None for one that is not needed."""
    inputs, weight = of.inputs, of.weight
    stride, padding, dilation, groups = ctx.geometry
    needs_inputs, needs_weight, needs_bias = ctx.needs_input_grad[:3]
    for_inputs, for_weight, for_bias = None, None, None
    if needs_weight or (needs_bias and of.augment):
        positions = grad.shape[2:]
        windows = Patches(
            inputs, tuple(weight.shape[2:]), stride, padding, dilation, groups, tuple(positions)
        )
        if _takes_moments(windows, of, grad, ctx.sampling):
            return _gradients_by_moments(ctx, of, grad, windows)
        a = patches(inputs, weight.shape[2:], ctx.geometry, positions)
        for_weight, for_bias = preconditioned(a, in_rows(grad, groups), of)
    if needs_inputs:
        for_inputs, _, _ = torch.ops.aten.convolution_backward(
            grad, inputs, weight, None, stride, padding, dilation, False, [0] * len(stride),
            groups, (True, False, False),
        )  # fmt: skip
    if needs_bias and not of.augment:
        for_bias = summed(grad, of.rows)
    return for_inputs, for_weight, for_bias


def _takes_moments(windows: Patches, of: Kept, grad: Tensor, sampling: Sampling | None) -> bool:
    """Whether the plain gradient and the patches' second moment take less than the patches do."""
    if of.rows is not None or of.pool is not None or grad.is_meta or is_traced(grad):
        return False
    if not (windows.inputs.numel() and grad.numel()):
        return False
    if sampling is not None and windows.is_worth_drawing(sampling[0]):
        return True
    outputs = grad.shape[1] // windows.groups
    return cheaper_form(windows.num_samples, windows.features, outputs) == "features"


def _gradients_by_moments(ctx: Any, of: Kept, grad: Tensor, windows: Patches) -> Gradients:
    """Return the gradients, that of the weight from the plain one; see ``_patch_moments``."""
    weight = of.weight
    stride, padding, dilation, groups = ctx.geometry
    needs_inputs, _, needs_bias = ctx.needs_input_grad[:3]
    for_inputs, plain, for_bias = torch.ops.aten.convolution_backward(
        grad, of.inputs, weight, [len(weight)], stride, padding, dilation, False,
        [0] * len(stride), groups, (needs_inputs, True, needs_bias or of.augment),
    )  # fmt: skip
    G = plain.view(groups, len(weight) // groups, -1)
    if of.augment:
        G = torch.cat([G, for_bias.view(groups, -1, 1)], dim=-1)
    sampling = ctx.sampling
    if sampling is not None and not windows.is_worth_drawing(sampling[0]):
        sampling = None
    result = preconditioned_by_moments(
        G,
        windows,
        damping=of.damping,
        relative=of.relative,
        solve_dtype=of.solve_dtype,
        augment=of.augment,
        sampling=sampling,
    )
    if of.augment:
        for_bias = result[..., -1].reshape(-1)
        result = result[..., :-1]
    return for_inputs, result.reshape(weight.shape), for_bias if needs_bias else None


class _TransposedConvolution(Function):
    """A transposed convolution; arguments as in :class:`_Convolution`."""

    generate_vmap_rule = True

    @staticmethod
    def forward(  # noqa: PLR0917 - autograd passes by position
        inputs: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        rows: Tensor | None,
        stride: tuple[int, ...],
        padding: tuple[int, ...],
        dilation: tuple[int, ...],
        groups: int,
        output_padding: tuple[int, ...],
        *options: Any,
    ) -> Tensor:
        return torch.convolution(
            inputs, weight, bias, stride, padding, dilation, True, output_padding, groups
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        keep(ctx, inputs[:4] + inputs[9:])
        ctx.geometry, ctx.output_padding = inputs[4:8], inputs[8]

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return *once(_transposed_gradients, ctx, grad), *(None,) * 11


def _transposed_gradients(ctx: Any, of: Kept, grad: Tensor) -> Gradients:
    """Return the gradients of inputs, weight and bias; None for one that is not needed."""
    inputs, weight = of.inputs, of.weight
    stride, padding, dilation, groups = ctx.geometry
    needs_inputs, needs_weight, needs_bias = ctx.needs_input_grad[:3]
    for_inputs, for_weight, for_bias = None, None, None
    if needs_weight:
        g = patches(grad, weight.shape[2:], ctx.geometry, inputs.shape[2:])
        options = (of.damping, of.relative, of.solve_dtype)
        result = weight_gradient(in_rows(inputs, groups), g, *options, "auto", of.rows)
        # The weight has the inputs' channels first.
        for_weight = result.mT.reshape(weight.shape)
    if needs_inputs:
        for_inputs, _, _ = torch.ops.aten.convolution_backward(
            grad, inputs, weight, None, stride, padding, dilation, True, ctx.output_padding,
            groups, (True, False, False),
        )  # fmt: skip
    if needs_bias:
        if of.rows is not None:
            # An image counts where any of its positions does.
            images = of.rows.view(len(grad), -1).amax(1) > 0
            grad = torch.where(images.view(-1, *(1,) * (grad.dim() - 1)), grad, 0)
        for_bias = grad.sum((0, *range(2, grad.dim())))
    return for_inputs, for_weight, for_bias


def summed(grad: Float[Tensor, "b c *s"], rows: Num[Tensor, " N"] | None) -> Float[Tensor, " c"]:
    """Return the sum of output gradients over the images and positions that count."""
    if rows is not None:
        counts = (rows > 0).view(len(grad), 1, *grad.shape[2:])
        grad = torch.where(counts, grad, 0)
    return grad.sum((0, *range(2, grad.dim())))


def in_rows(channels: Float[Tensor, "b c *s"], groups: int) -> Float[Tensor, "*k N m"]:
    """Return the positions of all images as rows, each group of channels for itself."""
    images, features = channels.shape[:2]
    g = channels.reshape(images, groups, features // groups, -1).permute(1, 0, 3, 2)
    leading = () if groups == 1 else (groups,)
    return g.reshape(*leading, -1, features // groups)


def patches(
    inputs: Float[Tensor, "b c *s"],
    kernel: tuple[int, ...],
    geometry: Geometry,
    positions: tuple[int, ...],
) -> Float[Tensor, "*k N n"]:
    """Return what the kernel covers at each of the first ``positions``, as rows by group.

    The features of a patch are ordered as those of ``weight[0]``: channel, then place.
    """
    stride, padding, dilation, groups = geometry
    images, channels = inputs.shape[:2]
    size = kernel.numel() if isinstance(kernel, torch.Size) else torch.Size(kernel).numel()
    full = tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, p, d, k, s in zip(inputs.shape[2:], padding, dilation, kernel, stride, strict=True)
    )
    if len(kernel) == 2 and full == tuple(positions):
        unfolded = F.unfold(inputs, kernel, dilation, padding, stride)
        per_group = unfolded.view(images, groups, channels // groups * size, -1)
        a = per_group.permute(1, 0, 3, 2)
    else:
        # F.unfold knows two dimensions and all positions only; windows of a padded image are views.
        windows = F.pad(inputs, [each for side in padding[::-1] for each in (side, side)])
        for axis, (width, step, gap) in enumerate(zip(kernel, stride, dilation, strict=True)):
            windows = windows.unfold(axis + 2, gap * (width - 1) + 1, step)[..., ::gap]
            windows = windows.narrow(axis + 2, 0, positions[axis])
        d = len(kernel)
        split = windows.reshape(images, groups, channels // groups, *windows.shape[2:])
        order = (1, 0, *range(3, 3 + d), 2, *range(3 + d, 3 + 2 * d))
        a = split.permute(order)
    leading = () if groups == 1 else (groups,)
    samples = images * torch.Size(positions).numel()
    return a.reshape(*leading, samples, channels // groups * size)

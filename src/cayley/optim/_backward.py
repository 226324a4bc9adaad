"""The backward pass of a linear map: a plain forward pass, a preconditioned weight gradient.

The result of a backward pass is not the gradient of the loss, so it must not be differentiated
again; :class:`_Refusal` raises an error on an attempt. The functions are written for torch.func
too (a separate ``setup_context``, a rule for vmap that torch derives from them).
"""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

from cayley._shapes import Float, Num
from cayley.optim._damping import Options
from cayley.optim._weight_gradient import split_weight_gradient, weight_gradient

__all__ = [
    "Gradients",
    "Kept",
    "applied",
    "autocast",
    "keep",
    "kept",
    "linear",
    "once",
    "preconditioned",
    "refused",
]

Gradients = tuple[Tensor | None, Tensor | None, Tensor | None]


def linear(
    inputs: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    options: Options,
    rows: Num[Tensor, " N"] | None = None,
) -> Tensor:
    """Return ``inputs @ weight.T + bias``, whose weight gradient ISAAC preconditions.

    All batch dimensions together are the samples, ``rows`` their weights. Input and bias gradients
    are the plain ones, the latter without rows of weight 0. With ``precondition_bias`` the bias is
    the weight of one more input that is always 1, and is preconditioned together with the others.
    """
    inputs, weight, bias = autocast(inputs, weight, bias)
    return applied(_Linear, inputs, weight, bias, rows, *options)


def applied(function: type[Function], *arguments: Any) -> Tensor:
    """Return ``function.apply(*arguments)``."""
    if torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active():
        return cast(Tensor, function.apply(*arguments))  # type: ignore[no-untyped-call]
    # `Function.apply` inspects the signature of `forward` at each call, to fill in defaults, which
    # none has here: that would take longer than all the rest of a small layer.
    return cast(Tensor, super(Function, function).apply(*arguments))  # type: ignore[misc]


def autocast(
    inputs: Tensor, weight: Tensor, bias: Tensor | None
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Return the tensors cast as autocast would cast those of a built-in layer.

    Autocast does not act inside a custom autograd function, so the casts come before it.
    """
    device = inputs.device.type
    # "meta" has no autocast, and torch asks for none of its own either.
    if device == "meta" or not torch.is_autocast_enabled(device):
        return inputs, weight, bias
    dtype = torch.get_autocast_dtype(device)

    def cast(tensor: Tensor) -> Tensor:
        return tensor if tensor.dtype == torch.float64 else tensor.to(dtype)

    return cast(inputs), cast(weight), None if bias is None else cast(bias)


class Kept(NamedTuple):
    """What a backward pass needs of its forward pass."""

    inputs: Tensor
    weight: Tensor
    rows: Tensor | None
    damping: Tensor
    relative: bool
    augment: bool
    """Whether the bias is preconditioned as one more column of the weight."""
    solve_dtype: torch.dtype | None
    pool: Any


def keep(ctx: Any, arguments: tuple[Any, ...]) -> None:
    """Keep inputs, weight, weights of the rows and options; bias and geometry are not needed."""
    inputs, weight, bias, rows, damping, relative, precondition_bias, *rest = arguments
    ctx.plain = (relative, precondition_bias and bias is not None, *rest)
    if not torch.compiler.is_compiling() and torch._C._are_functorch_transforms_active():
        # A transform follows the tensors that are saved, and no others.
        ctx.save_for_backward(inputs, weight, rows, damping)
        ctx.beside = None
        return
    # The mask is not among the saved tensors, so that a checkpoint, which computes these anew
    # when `with sample_mask(...)` is over, finds as many as before, and the mask in its place.
    ctx.save_for_backward(inputs, weight)
    ctx.beside = (rows, damping)


def kept(ctx: Any) -> Kept:
    """Return what :func:`keep` has kept."""
    if ctx.beside is None:
        return Kept(*ctx.saved_tensors, *ctx.plain)
    return Kept(*ctx.saved_tensors, *ctx.beside, *ctx.plain)


class _Linear(Function):
    """A linear layer; the options are passed one by one, which torch.compile traces."""

    generate_vmap_rule = True

    @staticmethod
    def forward(inputs: Tensor, weight: Tensor, bias: Tensor | None, *rest: Any) -> Tensor:
        return F.linear(inputs, weight, bias)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        keep(ctx, inputs)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return *once(_linear_gradients, ctx, grad), *(None,) * 6


def _linear_gradients(ctx: Any, of: Kept, grad: Tensor) -> Gradients:
    """Return the gradients of inputs, weight and bias; None for one that is not needed."""
    inputs, weight = of.inputs, of.weight
    needs_inputs, needs_weight, needs_bias = ctx.needs_input_grad[:3]
    g = grad if grad.dim() == 2 else grad.reshape(-1, weight.shape[0])
    for_inputs, for_weight, for_bias = None, None, None
    if needs_inputs:
        for_inputs = torch.mm(g, weight)
        if inputs.dim() != 2:
            for_inputs = for_inputs.view(inputs.shape)
    if needs_weight or (needs_bias and of.augment):
        a = inputs if inputs.dim() == 2 else inputs.reshape(-1, weight.shape[1])
        for_weight, for_bias = preconditioned(a, g, of)
    if needs_bias and not of.augment:
        for_bias = counted(g, of.rows).sum(0)
    return for_inputs, for_weight, for_bias


def counted(g: Float[Tensor, "N m"], rows: Num[Tensor, " N"] | None) -> Float[Tensor, "N m"]:
    """Return output gradients with zeros in the rows that do not count."""
    return g if rows is None else torch.where((rows > 0).unsqueeze(-1), g, 0)


def preconditioned(
    a: Float[Tensor, "*k N n"], g: Float[Tensor, "*k N m"], of: Kept
) -> tuple[Tensor, Tensor | None]:
    """Return the gradients of the weight and, where it is a column of it, of the bias."""
    options = (of.damping, of.relative, of.solve_dtype)
    if of.augment:
        a = torch.cat([a, a.new_ones(*a.shape[:-1], 1)], dim=-1)
    if of.pool is not None:
        return _pooled(a, g, of)
    if of.augment:
        result, for_bias = split_weight_gradient(a, g, *options, of.rows)
        return result.reshape(of.weight.shape), for_bias.reshape(-1)
    result = weight_gradient(a, g, *options, "auto", of.rows)
    return result if result.shape == of.weight.shape else result.view(of.weight.shape), None


def _pooled(a: Tensor, g: Tensor, of: Kept) -> tuple[Tensor, Tensor | None]:
    """Return the plain gradients, and add the inputs to those of other backward passes."""
    of.pool.add(a, of.rows)
    if of.rows is not None:
        keep = (of.rows > 0).unsqueeze(-1)
        a, g = torch.where(keep, a, 0), torch.where(keep, g, 0)
    plain = g.mT @ a
    if not of.augment:
        return plain.reshape(of.weight.shape), None
    return plain[..., :-1].reshape(of.weight.shape), plain[..., -1].reshape(-1)


def once(gradients: Callable[[Any, Kept, Tensor], Gradients], ctx: Any, grad: Tensor) -> Gradients:
    """Return the gradients, such that differentiating them raises."""
    of = kept(ctx)
    # In a backward pass gradients are enabled only under `create_graph`; else nothing can be
    # differentiated again. torch.compile does not trace such a backward pass.
    if not torch.is_grad_enabled() or torch.compiler.is_compiling():
        return gradients(ctx, of, grad)
    with torch.no_grad():
        results = gradients(ctx, of, grad)
    sources = (grad, of.inputs, of.weight)
    first, second, third = (
        None if result is None else refused(result, *sources) for result in results
    )
    return first, second, third


def refused(result: Tensor, *sources: Tensor) -> Tensor:
    """Return a result of a backward pass that raises when it is differentiated by its sources."""
    same: Tensor = _Refusal.apply(result, *sources)  # type: ignore[no-untyped-call]
    return same


class _Refusal(Function):
    """The identity on its first argument; its backward pass raises."""

    generate_vmap_rule = True

    @staticmethod
    def forward(result: Tensor, *sources: Tensor) -> Tensor:
        return result.view_as(result)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        """Keep nothing: nothing is computed."""

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Any:
        raise RuntimeError(
            "an ISAAC layer cannot be differentiated twice: its weight gradient is preconditioned "
            "and is not the gradient of the loss. Use the plain layer for second derivatives; "
            "`cayley.optim.revert(model)` brings it back."
        )

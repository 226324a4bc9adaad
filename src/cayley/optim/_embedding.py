"""An embedding as a linear map of one-hot rows, whose Gram matrix is diagonal: the counts."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F

from cayley._shapes import Float, Int, Num
from cayley.optim._backward import Kept, applied, keep, once
from cayley.optim._damping import Options

__all__ = ["embedding"]


def embedding(  # noqa: PLR0917 - the arguments of the embedding, then what ISAAC adds
    tokens: Int[Tensor, "*batch"],
    weight: Float[Tensor, "v d"],
    padding_idx: int | None,
    scale_grad_by_freq: bool,
    options: Options,
    rows: Num[Tensor, " N"] | None = None,
) -> Float[Tensor, "*batch d"]:
    r"""Return rows of ``weight``, whose gradient ISAAC preconditions.

    With :math:`c_v` occurrences of symbol :math:`v` among :math:`N`, its row of the plain gradient
    is multiplied by :math:`\lambda / (c_v / N + \lambda)`. ``rows`` are weights of the occurrences;
    the padding symbol, which has no gradient, counts as no sample.
    """
    padding = -1 if padding_idx is None else padding_idx
    return applied(_Embedding, tokens, weight, None, rows, padding, scale_grad_by_freq, *options)


class _Embedding(Function):
    """An embedding; the options are passed one by one, which torch.compile traces."""

    generate_vmap_rule = True

    @staticmethod
    def forward(tokens: Tensor, weight: Tensor, *rest: Any) -> Tensor:
        return F.embedding(tokens, weight)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        keep(ctx, inputs[:4] + inputs[6:])
        ctx.padding, ctx.scaled = inputs[4:6]

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return *once(_gradients, ctx, grad), *(None,) * 8


def _gradients(ctx: Any, of: Kept, grad: Tensor) -> tuple[None, Tensor | None, None]:
    """Return the gradient of the weight, at the place of the second argument."""
    if not ctx.needs_input_grad[1]:
        return None, None, None
    tokens, symbols = of.inputs.reshape(-1), of.weight.shape[0]
    g = grad.reshape(-1, grad.shape[-1])
    counted = tokens != ctx.padding
    weights = counted.to(torch.float32)
    if of.rows is not None:
        weights = weights * of.rows
        g = torch.where((of.rows > 0).unsqueeze(-1), g, 0)
    plain = torch.ops.aten.embedding_dense_backward(g, tokens, symbols, ctx.padding, ctx.scaled)
    # Counts beyond 2^24 would lose ones in float32.
    weights = weights.double() if g.device.type != "mps" else weights
    counts = weights.new_zeros(symbols).index_add(0, tokens, weights)
    samples = weights.sum()
    # The mean squared entry of one-hot rows is 1 / symbols. Without samples the gradient is 0.
    unit = 1 / symbols if of.relative else 1.0
    ridge = torch.where(samples > 0, samples, 1) * of.damping * unit
    # In this form a damping of infinity gives 1.
    factor = 1 / (1 + counts / ridge)
    return None, plain * factor.to(plain.dtype).unsqueeze(-1), None

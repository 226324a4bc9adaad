"""Attention with several heads, its projections preconditioned by what they project."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from cayley.optim._backward import linear
from cayley.optim._layers import Damped

__all__ = ["Attention"]


class Attention(Damped):
    """``torch.nn.MultiheadAttention`` with preconditioned projections, four linear layers.

    Queries, keys, values and what comes out of the heads each precondition the gradient of their
    own projection. A sample mask has the axes of the inputs, in the layer's own order.
    """

    # Those of torch.nn.MultiheadAttention, the other base of a converted layer.
    embed_dim: int
    num_heads: int
    head_dim: int
    dropout: float
    batch_first: bool
    add_zero_attn: bool
    in_proj_weight: Tensor | None
    in_proj_bias: Tensor | None
    bias_k: Tensor | None
    bias_v: Tensor | None

    def forward(  # noqa: PLR0917 - the signature of torch.nn.MultiheadAttention
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Return the output and, if they are wanted, the attention weights."""
        if not (torch.is_grad_enabled() or self.training):
            result: tuple[Tensor, Tensor | None] = super().forward(
                query, key, value, key_padding_mask, need_weights, attn_mask,
                average_attn_weights, is_causal,
            )  # fmt: skip
            return result
        if is_causal and attn_mask is None:
            raise RuntimeError("`is_causal` says what `attn_mask` is; give the mask too.")
        rows = self.rows(query.shape[:-1], query.device)
        single = query.dim() == 2
        q, k, v = (self._heads(each, single) for each in self._projected(query, key, value, rows))
        added = 0
        if self.bias_k is not None and self.bias_v is not None:
            shape = (1, self.num_heads, 1, self.head_dim)
            k, v = (
                torch.cat([t, b.view(shape).expand(len(t), -1, -1, -1).to(t.dtype)], 2)
                for t, b in ((k, self.bias_k), (v, self.bias_v))
            )
            added += 1
        if self.add_zero_attn:
            k, v = (F.pad(t, (0, 0, 0, 1)) for t in (k, v))
            added += 1
        seen = self._scores_to_add(q, key_padding_mask, attn_mask, added, single)
        rate = self.dropout if self.training else 0.0
        weights = None
        if need_weights:
            scores = q @ k.mT / self.head_dim**0.5
            weights = F.dropout(F.softmax(scores if seen is None else scores + seen, -1), rate)
            heads = weights @ v
            weights = weights.mean(1) if average_attn_weights else weights
            weights = weights.squeeze(0) if single else weights
        else:
            # As in the plain layer: then the hint stands for the mask, also with added keys.
            hinted = is_causal and key_padding_mask is None
            heads = F.scaled_dot_product_attention(
                q, k, v, None if hinted else seen, rate, is_causal=hinted
            )
        joined = heads.transpose(1, 2).flatten(2)
        if single:
            joined = joined.squeeze(0)
        elif not self.batch_first:
            joined = joined.transpose(0, 1)
        out: Any = self.out_proj
        return linear(joined, out.weight, out.bias, self.options(), rows), weights

    def _projected(
        self, query: Tensor, key: Tensor, value: Tensor, rows: Tensor | None
    ) -> tuple[Tensor, ...]:
        """Return queries, keys and values; equal inputs are projected, and preconditioned, once."""
        options, bias = self.options(), self.in_proj_bias
        if self.in_proj_weight is not None and query is key and key is value:
            return linear(query, self.in_proj_weight, bias, options, rows).chunk(3, -1)
        if self.in_proj_weight is not None:
            weights = self.in_proj_weight.chunk(3)
        else:
            own: Any = self
            weights = own.q_proj_weight, own.k_proj_weight, own.v_proj_weight
        biases = (None,) * 3 if bias is None else bias.chunk(3)
        return tuple(
            linear(x, w, b, options, rows if x is query else self.rows(x.shape[:-1], x.device))
            for x, w, b in zip((query, key, value), weights, biases, strict=True)
        )

    def _heads(self, projected: Tensor, single: bool) -> Tensor:
        """Return a projection as (batch, heads, time, features)."""
        if single:
            projected = projected.unsqueeze(0)
        elif not self.batch_first:
            projected = projected.transpose(0, 1)
        return projected.view(*projected.shape[:2], self.num_heads, self.head_dim).transpose(1, 2)

    def _scores_to_add(
        self,
        q: Tensor,
        key_padding_mask: Tensor | None,
        attn_mask: Tensor | None,
        added: int,
        single: bool,
    ) -> Tensor | None:
        """Return both masks as one that is added to the scores; ``added`` keys are seen by all."""
        total: Tensor | None = None
        if attn_mask is not None:
            total = _additive(attn_mask, q.dtype)
            if total.dim() == 3:  # one for each sample and head
                total = total.view(-1, self.num_heads, *total.shape[1:])
        if key_padding_mask is not None:
            padding = _additive(key_padding_mask, q.dtype)
            padding = padding.unsqueeze(0) if single else padding
            padding = padding[:, None, None, :]
            total = padding if total is None else total + padding
        return total if total is None or not added else F.pad(total, (0, added))


def _additive(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """Return a mask, boolean with True where nothing is seen, as a number to add."""
    if mask.dtype != torch.bool:
        return mask.to(dtype)
    return torch.zeros(mask.shape, dtype=dtype, device=mask.device).masked_fill(mask, -torch.inf)

"""LSTM, GRU and plain recurrent layers: torch's kernels, their weight gradients preconditioned.

A kernel runs over all time steps and returns the plain gradients of its weights. What they multiply
is known: a layer's inputs, and its hidden states one step earlier. That is enough for the form by
features, so that each weight goes through an identity whose backward pass preconditions.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence

from cayley.optim._backward import refused
from cayley.optim._damping import Options
from cayley.optim._layers import Damped
from cayley.optim._weight_gradient import of_plain_gradient

__all__ = ["Recurrent"]

Multiplied = Callable[[], Tensor]
"""What a weight multiplies, as rows; it is known once the kernel has run."""


class Recurrent(Damped):
    """``torch.nn.LSTM``, ``GRU`` or ``RNN`` with preconditioned input and recurrent weights.

    Every step of every sequence is a sample. The projection of an LSTM with ``proj_size`` keeps its
    plain gradient. In a packed sequence nothing is padding, so that a sample mask has no effect; of
    a padded one it has the axes of the inputs, in the layer's own order. Steps that do not count
    must not reach the loss: their part of the plain gradient is not taken out.
    """

    def forward(self, input: Any, hx: Any = None) -> Any:
        """Return outputs and last states, as the plain layer does."""
        layer: Any = self
        packed = isinstance(input, PackedSequence)
        rows = None if packed else self.rows(input.shape[:-1], input.device)
        if not torch.is_grad_enabled():
            return super().forward(input, hx)
        parts: Any = input if packed else (input, None, None, None)
        x, sizes, sorted_indices, unsorted_indices = parts
        single = not packed and x.dim() == 2
        if single:
            x, hx = x.unsqueeze(0 if layer.batch_first else 1), _each(lambda t: t.unsqueeze(1), hx)
        swap = not packed and layer.batch_first
        batch = int(sizes[0]) if packed else x.shape[0 if swap else 1]
        start = _in_order(self._states(x, batch, hx), sorted_indices)
        layer.check_forward_args(x, start if layer.mode == "LSTM" else start[0], sizes)
        if swap:
            x = x.transpose(0, 1)
            rows = None if rows is None else rows.view(batch, -1).T.reshape(-1)
        outputs: Any
        outputs, ends = self._run(x, sizes, start, rows)
        last = tuple(torch.cat(parts) for parts in zip(*ends, strict=True))
        last = _in_order(last, unsorted_indices)
        if single:
            outputs, last = outputs.squeeze(1), _each(lambda t: t.squeeze(1), last)
        elif swap:
            outputs = outputs.transpose(0, 1)
        if packed:
            outputs = PackedSequence(outputs, sizes, sorted_indices, unsorted_indices)
        return outputs, last if layer.mode == "LSTM" else last[0]

    def _states(self, x: Tensor, batch: int, hx: Any) -> tuple[Tensor, ...]:
        """Return the first states as a tuple, zeros where none are given."""
        layer: Any = self
        if hx is not None:
            return hx if isinstance(hx, tuple) else (hx,)
        layers = layer.num_layers * (2 if layer.bidirectional else 1)
        hidden = x.new_zeros(layers, batch, layer.proj_size or layer.hidden_size)
        if layer.mode != "LSTM":
            return (hidden,)
        return hidden, x.new_zeros(layers, batch, layer.hidden_size)

    def _run(
        self, x: Tensor, sizes: Tensor | None, start: tuple[Tensor, ...], rows: Tensor | None
    ) -> tuple[Tensor, list[tuple[Tensor, ...]]]:
        """Return outputs and the last states of each layer, one layer after the other."""
        layer: Any = self
        directions = 2 if layer.bidirectional else 1
        kernel, ends = getattr(torch._VF, layer.mode.lower()), []
        for index in range(layer.num_layers):
            which = slice(index * directions, (index + 1) * directions)
            states = tuple(each[which].contiguous() for each in start)
            outputs: list[Tensor] = []  # filled below: the backward pass reads it
            weights = []
            for direction in range(directions):
                own = layer.all_weights[index * directions + direction]
                before = _states_before(outputs, states[0][direction], sizes, direction)
                weights += self._preconditioned(own, _fixed(x), before, rows)
            hx = states if layer.mode == "LSTM" else states[0]
            options = (layer.bias, 1, 0.0, layer.training, layer.bidirectional)
            if sizes is None:
                x, *end = kernel(x, hx, weights, *options, False)
            else:
                x, *end = kernel(x, sizes, hx, weights, *options)
            outputs.append(x.detach())
            ends.append(tuple(end))
            if layer.dropout and index < layer.num_layers - 1:
                x = F.dropout(x, layer.dropout, layer.training)
        return x, ends

    def _preconditioned(
        self, weights: list[Tensor], inputs: Multiplied, before: Multiplied, rows: Tensor | None
    ) -> list[Tensor]:
        """Return the weights of a layer and direction with another backward pass."""
        options = self.options()
        w_ih, w_hh, *rest = weights
        layer: Any = self
        b_ih, b_hh = rest[:2] if layer.bias else (None, None)
        found_w, found_b = [], []
        for weight, bias, multiplied in ((w_ih, b_ih, inputs), (w_hh, b_hh, before)):
            joint = bias is not None and options.precondition_bias
            w, b = _Preconditioned.apply(  # type: ignore[no-untyped-call]
                weight, bias if joint else None, multiplied, rows, options
            )
            found_w.append(w)
            found_b.append(b if joint else bias)
        return [*found_w, *(found_b if layer.bias else []), *(rest[2:] if layer.bias else rest)]


def _in_order(hx: tuple[Tensor, ...], order: Tensor | None) -> tuple[Tensor, ...]:
    """Return states in another order of the sequences."""
    return hx if order is None else tuple(each.index_select(1, order) for each in hx)


def _each(function: Callable[[Tensor], Tensor], hx: Any) -> Any:
    if hx is None:
        return None
    return tuple(function(t) for t in hx) if isinstance(hx, tuple) else function(hx)


def _fixed(x: Tensor) -> Multiplied:
    held = x.detach()
    return lambda: held.reshape(-1, held.shape[-1])


def _states_before(
    outputs: list[Tensor], start: Tensor, sizes: Tensor | None, direction: int
) -> Multiplied:
    """Return what gives the hidden states one step earlier, in the order of the inputs' rows.

    Args:
        outputs: The layer's outputs, once they are there.
        start: The first state of this direction, ``(batch, features)``.
        sizes: Of the batch at each step, for a packed sequence.
        direction: 1 for backward in time.
    """
    start = start.detach()

    def find() -> Tensor:
        (both,) = outputs
        features = start.shape[-1]
        found = both[..., direction * features : (direction + 1) * features]
        if sizes is None:
            steps = (start[None], found[:-1]) if direction == 0 else (found[1:], start[None])
            return torch.cat(steps).reshape(-1, features)
        # A rectangle of steps and sequences, of which a packed sequence holds the first of each
        # step: they are in the same order.
        inside = torch.arange(int(sizes[0]))[None] < sizes[:, None]
        inside = inside.to(found.device)
        whole = found.new_zeros(*inside.shape, features)
        whole[inside] = found
        if direction == 0:
            return torch.cat([start[None].to(whole.dtype), whole[:-1]])[inside]
        following = torch.cat([inside[1:], inside.new_zeros(1, inside.shape[1])])
        later = torch.cat([whole[1:], torch.zeros_like(whole[:1])])
        return torch.where(following[..., None], later, start.to(whole.dtype))[inside]

    return find


class _Preconditioned(Function):
    """The identity on a weight and perhaps its bias; the backward pass preconditions both."""

    @staticmethod
    def forward(  # noqa: PLR0917 - autograd passes by position
        ctx: Any,
        weight: Tensor,
        bias: Tensor | None,
        multiplied: Multiplied,
        rows: Tensor | None,
        options: Options,
    ) -> tuple[Tensor, Tensor | None]:
        ctx.held = multiplied, rows, options
        return weight.view_as(weight), None if bias is None else bias.view_as(bias)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor | None) -> tuple[Any, ...]:
        multiplied, rows, options = ctx.held
        gradient, by_bias = grads
        if gradient is None:
            return None, by_bias, None, None, None
        with torch.no_grad():
            a, gradient_of = multiplied().to(gradient.dtype), gradient
            if by_bias is not None:
                a = torch.cat([a, a.new_ones(len(a), 1)], 1)
                gradient_of = torch.cat([gradient, by_bias[:, None]], 1)
            result = of_plain_gradient(
                gradient_of, a, options.damping, options.relative, options.solve_dtype, rows
            )
            columns = gradient.shape[1]
            for_weight, for_bias = result[:, :columns], None
            if by_bias is not None:
                for_bias = result[:, columns].contiguous()
        if torch.is_grad_enabled():
            for_weight = refused(for_weight, gradient)
            for_bias = None if for_bias is None else refused(for_bias, gradient)
        return for_weight, for_bias, None, None, None

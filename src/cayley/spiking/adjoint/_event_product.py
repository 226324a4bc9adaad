"""Product of weights with inputs that are mostly 0, such as spike trains of many channels.

A product with 0 adds nothing. So the inputs that are not 0 (the events) are listed once; forward,
the weights of each are added to the current of its step, and back, the gradient of that current to
the gradient of its weights. The numbers are those of the dense product up to rounding. A
convolution is such a product too: its weights are what it makes of each unit vector.
"""

from collections.abc import Callable
from functools import cache, reduce
from operator import add
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn.utils.prune import BasePruningMethod

from cayley._shapes import Float, Int
from cayley.spiking.adjoint._vector_code import Code, Place, Value

__all__ = ["event_product", "linear_events", "mostly_zero"]

# Four events at once save loads and stores of the current; what is left over is done one by one.
_AT_ONCE = (4, 1)
# With fewer channels a dense product is as fast as looking for what is not 0.
_CHANNELS = 32
_DENSITY = 1 / 16
_LINEAR = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
_LOOKED_AT = 4096


class Events(NamedTuple):
    """Channels and values of inputs that are not 0; row ``r`` from ``starts[r]`` on."""

    channels: Int[Tensor, " e"]
    values: Float[Tensor, " e"]
    starts: Int[Tensor, " s"]

    def arguments(self) -> dict[str, Tensor]:
        """Return the arrays by the names that the kernels have for them."""
        return {"index": self.channels, "values": self.values, "starts": self.starts}


def mostly_zero(inputs: Float[Tensor, "*b f"]) -> bool:
    """Return whether so few inputs seem to differ from 0 that listing them saves time.

    Some thousand of them, evenly spread, are looked at.
    """
    if inputs.shape[-1] < _CHANNELS or not inputs.is_contiguous():
        return False
    flat = inputs.detach().flatten()
    # An odd distance, so that it meets all channels whatever their number.
    some = flat[:: (len(flat) // _LOOKED_AT) | 1]
    return bool(some.count_nonzero() < _DENSITY * len(some))


def event_product(
    inputs: Float[Tensor, "r f"], weight: Float[Tensor, "n f"], bias: Float[Tensor, " n"]
) -> Float[Tensor, "r n"]:
    """Return ``inputs @ weight.T + bias``; all tensors float32 on a CPU."""
    product: Tensor = _EventProduct.apply(inputs, weight, bias)  # type: ignore[no-untyped-call]
    return product


def linear_events(module: nn.Module, inputs: Float[Tensor, "r ..."]) -> Float[Tensor, "r n"] | None:
    """Return what a convolution or linear map makes of inputs that are mostly 0, event by event.

    None if the module is of another kind, the inputs are not mostly 0, or the rows so few that the
    unit vectors, which the module is applied to for its weights, would be most of the work.
    """
    channels = inputs[:1].numel()
    if type(module) not in _LINEAR or 8 * channels > len(inputs):
        return None
    pruned = (isinstance(each, BasePruningMethod) for each in module._forward_pre_hooks.values())
    if module._forward_hooks or not all(pruned):  # a hook would see the unit vectors
        return None
    flat = inputs.flatten(1)
    if not mostly_zero(flat):
        return None
    like = inputs.detach()
    units = torch.eye(channels, dtype=like.dtype, device=like.device).view(-1, *like.shape[1:])
    bias = module(torch.zeros_like(units[:1])).flatten(1)
    return event_product(flat, (module(units).flatten(1) - bias).T, bias[0])


class _EventProduct(Function):
    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        events = _listed(inputs)
        product = bias.detach().expand(len(inputs), -1).contiguous()
        _forward_kernel()(
            **_sizes(inputs, weight),
            **events.arguments(),
            weights=weight.detach().T.contiguous(),
            product=product,
        )
        ctx.save_for_backward(inputs, weight)
        ctx.events = events
        return product

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        (by_product,), (inputs, weight) = grads, ctx.saved_tensors
        by_inputs = by_product @ weight if ctx.needs_input_grad[0] else None
        by_bias = by_product.sum(0) if ctx.needs_input_grad[2] else None
        if not ctx.needs_input_grad[1]:
            return by_inputs, None, by_bias
        # In a backward pass gradients are enabled only under `create_graph`.
        if torch.is_grad_enabled():
            return by_inputs, by_product.T @ inputs, by_bias
        by_weights = weight.new_zeros(weight.shape[1], weight.shape[0])
        _backward_kernel()(
            **_sizes(inputs, weight),
            **ctx.events.arguments(),
            by_product=by_product.contiguous(),
            by_weights=by_weights,
        )
        return by_inputs, by_weights.T, by_bias


def _sizes(inputs: Tensor, weight: Tensor) -> dict[str, int]:
    return {"rows": len(inputs), "neurons": len(weight)}


def _listed(inputs: Float[Tensor, "r f"]) -> Events:
    """Return the events of all rows."""
    # As large as it could be: the system gives memory only to what is written to.
    index = torch.from_numpy(np.empty(inputs.numel() + 1, np.int64))
    values = torch.from_numpy(np.empty(inputs.numel() + 1, np.float32))
    starts = torch.zeros(len(inputs) + 1, dtype=torch.int64)
    _listing_kernel()(
        rows=len(inputs),
        channels=inputs.shape[1],
        inputs=inputs.detach(),
        index=index,
        values=values,
        starts=starts,
    )
    found = int(starts[-1])
    return Events(index[:found].clone(), values[:found].clone(), starts)


@cache
def _listing_kernel() -> Callable[..., None]:
    """Return the compiled function that lists the events."""
    code = Code("listing", counts="rows channels", arrays="inputs values", indices="index starts")
    with code.loop(code["rows"]) as row:
        row_inputs = code["inputs"].at(row * code["channels"])
        begin = code["starts"][row]
        index, values = code["index"].at(begin), code["values"].at(begin)
        found = code.nonzero_vectors(row_inputs, code["channels"], index)
        # Once more while the row is near: later its values would be far apart in memory.
        with code.loop(found) as event:
            values[event] = row_inputs[index[event]]
        code["starts"][row + 1] = begin + found
    return code.compile()


@cache
def _forward_kernel() -> Callable[..., None]:
    """Return the compiled function that adds to each row the weights of its events."""
    code = Code(
        "events_forward",
        counts="rows neurons",
        arrays="values weights product",
        indices="index starts",
    )
    neurons = code["neurons"]

    def write(row: Value, who: list[Value], values: list[Value]) -> None:
        target = code["product"].at(row * neurons)
        pairs = [
            (value, code["weights"].at(j * neurons)) for value, j in zip(values, who, strict=True)
        ]

        @code.each(neurons)
        def _(i: Place) -> None:
            target[i] = reduce(add, (value * weights[i] for value, weights in pairs), target[i])

    _each_event(code, write)
    return code.compile()


@cache
def _backward_kernel() -> Callable[..., None]:
    """Return the compiled function that adds each event's part to the gradient of its weights."""
    code = Code(
        "events_backward",
        counts="rows neurons",
        arrays="values by_product by_weights",
        indices="index starts",
    )
    neurons = code["neurons"]

    def write(row: Value, who: list[Value], values: list[Value]) -> None:
        by = code["by_product"].at(row * neurons)
        targets = [code["by_weights"].at(j * neurons) for j in who]

        @code.each(neurons)
        def _(i: Place) -> None:
            gradient = by[i]
            for target, value in zip(targets, values, strict=True):
                target[i] = target[i] + value * gradient

    _each_event(code, write)
    return code.compile()


def _each_event(code: Code, write: Callable[[Value, list[Value], list[Value]], None]) -> None:
    """Write code for the events of every row, in groups: their row, channels and values."""
    with code.loop(code["rows"]) as row:
        begin = code["starts"][row]

        @code.groups(code["starts"][row + 1] - begin, _AT_ONCE)
        def _(first: Value, size: int) -> None:
            places = [begin + first + m for m in range(size)]
            index, values = code["index"], code["values"]
            write(row, [index[place] for place in places], [values[place] for place in places])

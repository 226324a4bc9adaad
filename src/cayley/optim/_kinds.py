"""Which layers can be converted, and to what: a class for each kind of plain layer.

A converted layer is an instance of a class with two bases: what is damped, and the plain class,
which may come from another library. It is made when it is first needed. Exact types only: a
subclass may have a forward pass of its own, or be read by its parent without being called.
"""

from typing import Any

from torch import Tensor, nn
from torch.nn.modules.lazy import LazyModuleMixin

from cayley.optim._attention import Attention
from cayley.optim._backward import linear
from cayley.optim._convolution import transposed_convolution
from cayley.optim._embedding import embedding
from cayley.optim._layers import Damped, ISAACConv2d, ISAACLinear, convolved
from cayley.optim._recurrent import Recurrent

__all__ = [
    "damped_class",
    "is_damped",
    "is_subclass_of_a_kind",
    "is_transposed_linear",
    "plain_class",
]


class _Transposed(Damped):
    """A linear layer whose weight has shape (inputs, outputs), as ``transformers`` writes it."""

    weight: Tensor
    bias: Tensor
    poolable = True

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x @ weight + bias``."""
        rows = self.rows(x.shape[:-1], x.device)
        return linear(x, self.weight.T, self.bias, self.options(), rows)


def is_transposed_linear(damped: type[nn.Module]) -> bool:
    """Return whether a converted layer is a linear one with a weight of shape (inputs, outputs)."""
    return issubclass(damped, _Transposed)


class _Convolution(Damped):
    """A convolution in one or three dimensions."""

    poolable = True

    def forward(self, input: Tensor) -> Tensor:
        """Return the convolution."""
        return convolved(self, input)


class _TransposedConvolution(Damped):
    """A transposed convolution: every input position is a sample."""

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        """Return the transposed convolution."""
        layer: Any = self
        axes = len(layer.stride)
        output_padding = layer._output_padding(
            input, output_size, layer.stride, layer.padding, layer.kernel_size, axes,
            layer.dilation,
        )  # fmt: skip
        batch = (*input.shape[: -axes - 1], *input.shape[-axes:])
        return transposed_convolution(
            input,
            layer.weight,
            layer.bias,
            (layer.stride, layer.padding, layer.dilation, layer.groups),
            tuple(output_padding),
            self.options(),
            self.rows(batch, input.device),
        )


class _Embedding(Damped):
    """An embedding, whose Gram matrix is diagonal: the counts of its symbols."""

    def forward(self, input: Tensor) -> Tensor:
        """Return the rows of the symbols."""
        layer: Any = self
        rows = self.rows(input.shape, input.device)
        options = self.options()
        return embedding(
            input, layer.weight, layer.padding_idx, layer.scale_grad_by_freq, options, rows
        )


class _Lazy(Damped):
    """A layer that learns the number of its inputs from the first of them, and is damped then."""


_BEHAVIORS: dict[type[nn.Module], type[Damped]] = {
    nn.Conv1d: _Convolution,
    nn.Conv3d: _Convolution,
    nn.ConvTranspose1d: _TransposedConvolution,
    nn.ConvTranspose2d: _TransposedConvolution,
    nn.ConvTranspose3d: _TransposedConvolution,
    nn.Embedding: _Embedding,
    nn.MultiheadAttention: Attention,
    nn.LSTM: Recurrent,
    nn.GRU: Recurrent,
    nn.RNN: Recurrent,
}


def _behavior(plain: type[nn.Module]) -> type[Damped] | None:
    """Return the base that damps a kind of layer that has no ISAAC class of its own, or None."""
    if _is_transposed(plain):
        return _Transposed
    if issubclass(plain, LazyModuleMixin) and plain.__module__.startswith("torch.nn.modules."):
        return _Lazy if damped_class(_becomes(plain)) else None
    return _BEHAVIORS.get(plain)


def _becomes(lazy: Any) -> type[nn.Module]:
    """Return the class of a lazy layer once it knows its sizes."""
    kind: type[nn.Module] = lazy.cls_to_become
    return kind


def is_subclass_of_a_kind(plain: type[nn.Module]) -> type[nn.Module] | None:
    """Return the kind that a class which cannot be converted itself is derived from, or None."""
    kinds = (nn.Linear, nn.Conv2d, *_BEHAVIORS)
    return next((kind for kind in kinds if issubclass(plain, kind)), None)


def _is_transposed(plain: type[nn.Module]) -> bool:
    """Return whether this is the ``Conv1D`` of ``transformers``, or of code that copied it.

    It is known by its name and its attributes when it is met; no such class is in torch.
    """
    return plain.__name__ == "Conv1D" and not plain.__module__.startswith("torch.")


def damped_class(plain: type[nn.Module]) -> type[Damped] | None:
    """Return the class of a converted layer of this class, or None if it cannot be converted.

    Example:
        >>> from torch import nn
        >>> damped_class(nn.Linear).__name__, damped_class(nn.ReLU)
        ('ISAACLinear', None)
    """
    if plain in _KNOWN:
        return _KNOWN[plain]
    if issubclass(plain, Damped):
        return plain if is_damped(plain) else None
    behavior = _behavior(plain)
    if behavior is None:
        return None
    name = f"ISAAC{plain.__name__}"
    members: dict[str, Any] = {"__doc__": behavior.__doc__, "__reduce_ex__": _reduce}
    if behavior is _Lazy:
        members["cls_to_become"] = damped_class(_becomes(plain))
    _KNOWN[plain] = type(name, (behavior, plain), members)
    return _KNOWN[plain]


_KNOWN: dict[type[nn.Module], type[Damped]] = {nn.Linear: ISAACLinear, nn.Conv2d: ISAACConv2d}
"""The class of a converted layer by that of the plain layer; others are added when they are met."""


def is_damped(kind: type[nn.Module]) -> bool:
    """Return whether a class is that of a converted layer, and not a subclass of one."""
    return kind in _KNOWN.values()


def plain_class(damped: type[nn.Module]) -> type[nn.Module]:
    """Return the class that a layer had before its conversion."""
    return next(plain for plain, known in _KNOWN.items() if known is damped)


def _reduce(layer: Damped, protocol: int) -> tuple[Any, ...]:
    """Return how to copy or pickle a layer whose class is in no module."""
    return _empty, (plain_class(type(layer)),), layer.__getstate__()  # type: ignore[no-untyped-call]


def _empty(plain: type[nn.Module]) -> nn.Module:
    damped = damped_class(plain)
    assert damped is not None
    layer: nn.Module = damped.__new__(damped)
    return layer

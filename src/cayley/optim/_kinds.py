"""Which layers can be converted, and to what: a class for each kind of plain layer.

A converted layer is an instance of a class with two bases: what is damped, and the plain class,
which may come from another library. It is made when it is first needed. Exact types only: a
subclass may have a forward pass of its own, or be read by its parent without being called.
"""

from typing import Any

from torch import Tensor, nn

from cayley.optim._backward import linear
from cayley.optim._layers import Damped, ISAACConv2d, ISAACLinear

__all__ = ["damped_class", "is_damped", "plain_class"]


class _Transposed(Damped):
    """A linear layer whose weight has shape (inputs, outputs), as ``transformers`` writes it."""

    weight: Tensor
    bias: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x @ weight + bias``."""
        rows = self.rows(x.shape[:-1], x.device)
        return linear(x, self.weight.T, self.bias, self.options(), rows)


def _behavior(plain: type[nn.Module]) -> type[Damped] | None:
    """Return the base that damps a kind of layer that has no ISAAC class of its own, or None."""
    if _is_transposed(plain):
        return _Transposed
    return None


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
    members = {"__doc__": behavior.__doc__, "__reduce_ex__": _reduce}
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
    return _empty, (plain_class(type(layer)),), layer.__dict__


def _empty(plain: type[nn.Module]) -> nn.Module:
    damped = damped_class(plain)
    assert damped is not None
    layer: nn.Module = damped.__new__(damped)
    return layer

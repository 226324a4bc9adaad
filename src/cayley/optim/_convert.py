"""Conversion of the layers of an existing model to ISAAC layers, and back.

A layer changes its class in place and nothing else: it stays the same object with the same
parameters, buffers, hooks, names and training mode, so that optimizers, tied parameters, modules
used twice and wrappers around the model continue to work.
"""

from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import TypeVar

import torch
from torch import nn

from cayley.optim._damping import DampingSettings
from cayley.optim._layers import ISAACConv2d, ISAACLinear

__all__ = ["convert", "revert"]

_Model = TypeVar("_Model", bound=nn.Module)

# Exact types only: a subclass may have a forward of its own, or, as the output projection of
# torch.nn.MultiheadAttention, be read by its parent without being called.
_PAIRS: tuple[tuple[type[nn.Module], type[nn.Module]], ...] = (
    (nn.Linear, ISAACLinear),
    (nn.Conv2d, ISAACConv2d),
)
_ISAAC: dict[type[nn.Module], type[nn.Module]] = {
    **dict(_PAIRS),
    ISAACLinear: ISAACLinear,
    ISAACConv2d: ISAACConv2d,
}
_PLAIN: dict[type[nn.Module], type[nn.Module]] = {isaac: plain for plain, isaac in _PAIRS}


def convert(
    model: _Model,
    *,
    damping: float,
    layers: Collection[str] | Callable[[str, nn.Module], bool] | None = None,
    relative: bool = False,
    precondition_bias: bool = False,
    solve_dtype: torch.dtype | None = None,
) -> _Model:
    """Turn layers of a model into ISAAC layers, in place, and return the model.

    Weights, state-dict keys, tied parameters, hooks, training mode and the identity of every
    module are kept; :func:`revert` undoes it. A layer that is an ISAAC layer already gets the new
    settings. Layers that PyTorch reads without calling them (those inside
    ``torch.nn.MultiheadAttention``) and subclasses of the plain layers are not changed.

    Args:
        model: Any module; it may itself be a layer.
        damping: See :class:`ISAACLinear`.
        layers: Names as in ``model.named_modules()``, or a predicate of name and module that is
            called for every plain ``Linear`` and ``Conv2d``. By default all of them.
        relative: See :class:`ISAACLinear`.
        precondition_bias: See :class:`ISAACLinear`; layers without a bias ignore it.
        solve_dtype: See :class:`ISAACLinear`.

    Returns:
        The same model.

    Raises:
        TypeError: If ``model`` is no module, or a named layer is of a kind that cannot be turned.
        ValueError: If a name does not exist, nothing was selected, or an option is out of range.
            The model is then unchanged.

    Example:
        >>> from torch import nn
        >>> from cayley.optim import convert, revert
        >>> model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        >>> convert(model, damping=0.1, layers=["0"])
        Sequential(
          (0): ISAACLinear(in_features=64, out_features=32, bias=True, damping=0.1)
          (1): ReLU()
          (2): Linear(in_features=32, out_features=10, bias=True)
        )
        >>> type(revert(model)[0]).__name__
        'Linear'
    """
    settings = DampingSettings(
        damping=damping,
        relative=relative,
        precondition_bias=precondition_bias,
        solve_dtype=solve_dtype,
    )
    # `_selected` checks everything before the first change, so an error leaves the model as it was.
    for module in _selected(model, layers):
        module.__class__ = _ISAAC[type(module)]
        module.settings = settings  # type: ignore[assignment]
    return model


def revert(model: _Model) -> _Model:
    """Turn every ISAAC layer of a model into the plain layer, in place, and return the model.

    Raises:
        TypeError: If ``model`` is no module, or an ISAAC layer was subclassed since, as
            ``torch.nn.utils.parametrize`` does; the model is then unchanged.

    Example:
        >>> from cayley.optim import ISAACLinear, revert
        >>> revert(ISAACLinear(4, 2, damping=0.1))
        Linear(in_features=4, out_features=2, bias=True)
    """
    _check_module(model)
    layers = {n: m for n, m in model.named_modules() if isinstance(m, ISAACLinear | ISAACConv2d)}
    for name, module in layers.items():
        if type(module) not in _PLAIN:
            raise TypeError(
                f"layer {name!r} is a {type(module).__name__}, a subclass of an ISAAC layer; "
                "remove its parametrizations (or whatever subclassed it) first."
            )
    for module in layers.values():
        module.__class__ = _PLAIN[type(module)]  # type: ignore[assignment]
        del module.settings
    return model


def _check_module(model: nn.Module) -> None:
    if not isinstance(model, nn.Module):
        raise TypeError(f"`model` must be a torch.nn.Module; got {type(model).__name__}.")


def _selected(
    model: nn.Module, layers: Collection[str] | Callable[[str, nn.Module], bool] | None
) -> list[nn.Module]:
    """Return the layers to convert, or raise if there are none or one cannot be converted."""
    _check_module(model)
    if layers is None or callable(layers):
        chosen = [
            module
            for name, module in model.named_modules()
            if type(module) in _ISAAC and (layers is None or layers(name, module))
        ]
        if not chosen:
            raise ValueError(
                "`layers` selects nothing: the model has no plain Linear or Conv2d of that kind."
            )
        return chosen
    if isinstance(layers, str):
        raise TypeError(f"`layers` must be a collection of names; for one, write [{layers!r}].")
    # With duplicates, because a module that is used twice has two names and either may be given.
    known = dict(model.named_modules(remove_duplicate=False))
    return [_named(name, known) for name in layers]


def _named(name: str, known: dict[str, nn.Module]) -> nn.Module:
    """Return the layer of this name, or raise with the nearest names."""
    if name not in known:
        usable = [other for other, module in known.items() if type(module) in _ISAAC]
        close = get_close_matches(str(name), usable, n=5, cutoff=0.0)
        raise ValueError(f"no layer is called {name!r}; the nearest are: {', '.join(close)}.")
    if type(known[name]) not in _ISAAC:
        raise TypeError(
            f"layer {name!r} is a {type(known[name]).__name__}; only torch.nn.Linear and "
            "torch.nn.Conv2d themselves can be converted (before any parametrization)."
        )
    return known[name]

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
from cayley.optim._kinds import damped_class, is_damped, plain_class
from cayley.optim._layers import Damped
from cayley.optim._sample_mask import mask_from as take_mask_from
from cayley.optim._sample_mask import no_mask_from

__all__ = ["convert", "revert"]

_Model = TypeVar("_Model", bound=nn.Module)


def convert(
    model: _Model,
    *,
    damping: float,
    layers: Collection[str] | Callable[[str, nn.Module], bool] | None = None,
    relative: bool = False,
    precondition_bias: bool = False,
    solve_dtype: torch.dtype | None = None,
    mask_from: str | None = None,
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
        mask_from: An argument of the model's forward pass, such as ``"attention_mask"``, that says
            which rows are samples: as if each pass ran in ``with sample_mask(...)``. A pass
            without it counts every row.

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
    chosen = _selected(model, layers)
    if mask_from is not None:
        take_mask_from(model, mask_from)
    for module in chosen:
        kind = damped_class(type(module))
        assert kind is not None
        module.__class__ = kind
        kind.damp(module, settings)  # type: ignore[arg-type]
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
    layers = {n: m for n, m in model.named_modules() if isinstance(m, Damped)}
    for name, module in layers.items():
        if not is_damped(type(module)):
            raise TypeError(
                f"layer {name!r} is a {type(module).__name__}, a subclass of an ISAAC layer; "
                "remove its parametrizations (or whatever subclassed it) first."
            )
    for module in layers.values():
        module.undamp()
        module.__class__ = plain_class(type(module))  # type: ignore[assignment]
    for each in model.modules():
        no_mask_from(each)
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
            if _can_be_converted(module) and (layers is None or layers(name, module))
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
        usable = [other for other, module in known.items() if _can_be_converted(module)]
        close = get_close_matches(str(name), usable, n=5, cutoff=0.0)
        raise ValueError(f"no layer is called {name!r}; the nearest are: {', '.join(close)}.")
    if not _can_be_converted(known[name]):
        raise TypeError(
            f"layer {name!r} is a {type(known[name]).__name__}; only torch.nn.Linear and "
            "torch.nn.Conv2d themselves can be converted (before any parametrization)."
        )
    return known[name]


def _can_be_converted(module: nn.Module) -> bool:
    return damped_class(type(module)) is not None

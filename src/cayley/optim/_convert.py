"""Conversion of the layers of an existing model to ISAAC layers, and back.

A layer changes its class in place and nothing else: it stays the same object with the same
parameters, buffers, hooks, names and training mode, so that optimizers, tied parameters, modules
used twice and wrappers around the model continue to work.
"""

import warnings
from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Any, Literal, overload

import torch
from torch import nn

from cayley.optim._damping import DampingSettings
from cayley.optim._kinds import damped_class, is_damped, plain_class
from cayley.optim._layers import Damped
from cayley.optim._report import (
    Conversion,
    Model,
    cannot_be_converted,
    has_a_matrix,
    seems_linear,
)
from cayley.optim._sample_mask import mask_from as take_mask_from
from cayley.optim._sample_mask import no_mask_from

__all__ = ["convert", "revert"]

Choice = Collection[str] | Callable[[str, nn.Module], bool] | None


@overload
def convert(
    model: Model,
    *,
    damping: float,
    layers: Choice = None,
    relative: bool = False,
    precondition_bias: bool = False,
    solve_dtype: torch.dtype | None = None,
    max_samples: int | None = None,
    mask_from: str | None = None,
    report: Literal[False] = False,
) -> Model: ...


@overload
def convert(
    model: Model,
    *,
    damping: float,
    layers: Choice = None,
    relative: bool = False,
    precondition_bias: bool = False,
    solve_dtype: torch.dtype | None = None,
    max_samples: int | None = None,
    mask_from: str | None = None,
    report: Literal[True],
) -> Conversion[Model]: ...


def convert(
    model: Model,
    *,
    damping: float,
    layers: Choice = None,
    relative: bool = False,
    precondition_bias: bool = False,
    solve_dtype: torch.dtype | None = None,
    max_samples: int | None = None,
    mask_from: str | None = None,
    report: bool = False,
) -> Model | Conversion[Model]:
    """Turn layers of a model into ISAAC layers, in place, and return the model.

    Weights, state-dict keys, tied parameters, hooks, training mode and the identity of every
    module are kept; :func:`revert` undoes it. A layer that is an ISAAC layer already gets the new
    settings. These kinds of layers can be converted: ``Linear``; convolutions in one, two and
    three dimensions, transposed ones and lazy ones, which are damped once they know their sizes;
    ``MultiheadAttention``, whose four projections are preconditioned; ``LSTM``, ``GRU`` and
    ``RNN``; ``Embedding``; and ``Conv1D`` of the library transformers. An adapter of low rank
    consists of linear layers. Subclasses, parametrized, sharded and quantized layers are left as
    they are, with a warning that names them where no ``layers`` were chosen.

    Args:
        model: Any module; it may itself be a layer.
        damping: See :class:`ISAACLinear`.
        layers: Names as in ``model.named_modules()``, or a predicate of name and module that is
            called for every layer that can be converted. By default all of them.
        relative: See :class:`ISAACLinear`.
        precondition_bias: See :class:`ISAACLinear`; layers without a bias ignore it.
        solve_dtype: See :class:`ISAACLinear`.
        max_samples: See :class:`ISAACConv2d`; of convolutions in one and three dimensions too.
        mask_from: An argument of the model's forward pass, such as ``"attention_mask"``, that says
            which rows are samples: as if each pass ran in ``with sample_mask(...)``. A pass
            without it counts every row.
        report: Whether to return a tuple of the model, what was converted (the kind of each layer
            by its name), and what was left (the reason by name, for each layer with a matrix of
            weights).

    Returns:
        The same model, or with ``report`` a tuple that begins with it, and prints as a list.

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
        max_samples=max_samples,
    )
    # `_selected` checks everything before the first change, so an error leaves the model as it was.
    chosen = _selected(model, layers)
    if mask_from is not None:
        take_mask_from(model, mask_from)
    converted = {
        name: (plain_class(kind) if is_damped(kind := type(module)) else kind).__name__
        for name, module in chosen.items()
    }
    left = _left(model, chosen)
    unseen = [name for name in left if seems_linear(model.get_submodule(name))]
    if layers is None and unseen and not report:
        said = "; ".join(f"{name or '(the model)'}: {left[name]}" for name in unseen)
        warnings.warn(
            f"{len(unseen)} layers keep their plain gradient ({said}). Name the others in "
            "`layers`, or ask for the `report`, and this is not said again.",
            stacklevel=2,
        )
    for module in chosen.values():
        damped: Any = damped_class(type(module))
        module.__class__ = damped
        damped.damp(module, settings)
    return Conversion(model, converted, left) if report else model


def _left(model: nn.Module, chosen: dict[str, nn.Module]) -> dict[str, str]:
    """Return why each module that is not among the chosen and has a matrix is left, by name."""
    done = {id(module) for module in chosen.values()}
    # An attention layer that is converted reads the weights of this child and does not call it.
    attention = {
        f"{name}.out_proj".lstrip(".")
        for name, module in chosen.items()
        if isinstance(module, nn.MultiheadAttention)
    }
    left = {}
    for name, module in model.named_modules():
        inside = ".parametrizations." in f".{name}."
        if id(module) in done or inside or name in attention or not has_a_matrix(module):
            continue
        left[name] = cannot_be_converted(module) or "it is not among `layers`"
    return left


def revert(model: Model) -> Model:
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


def _selected(model: nn.Module, layers: Choice) -> dict[str, nn.Module]:
    """Return the layers to convert by name, or raise if there are none or one cannot be."""
    _check_module(model)
    if layers is None or callable(layers):
        chosen = {
            name: module
            for name, module in model.named_modules()
            if cannot_be_converted(module) is None and (layers is None or layers(name, module))
        }
        if not chosen:
            raise ValueError(
                "`layers` selects nothing: the model has no layer that can be converted of that "
                "kind."
            )
        return chosen
    if isinstance(layers, str):
        raise TypeError(f"`layers` must be a collection of names; for one, write [{layers!r}].")
    # With duplicates, because a module that is used twice has two names and either may be given.
    known = dict(model.named_modules(remove_duplicate=False))
    return {name: _named(name, known) for name in layers}


def _named(name: str, known: dict[str, nn.Module]) -> nn.Module:
    """Return the layer of this name, or raise with the nearest names."""
    if name not in known:
        usable = [other for other, module in known.items() if cannot_be_converted(module) is None]
        close = get_close_matches(str(name), usable, n=5, cutoff=0.0)
        raise ValueError(f"no layer is called {name!r}; the nearest are: {', '.join(close)}.")
    why = cannot_be_converted(known[name])
    if why is not None:
        raise TypeError(
            f"layer {name!r} is a {type(known[name]).__name__} and cannot be converted: {why}."
        )
    return known[name]

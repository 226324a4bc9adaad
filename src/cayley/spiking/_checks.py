"""Checks of arguments, each with one message."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

__all__ = [
    "ChaoticGradientWarning",
    "check_any_inputs",
    "check_inputs",
    "not_negative",
    "positive",
    "positive_integer",
    "refuse_transforms",
]


class ChaoticGradientWarning(RuntimeWarning):
    """Gradients overflowed on the way back in time: the run is chaotic over its length."""


def positive(value: float, name: str, unit: str) -> None:
    """Raise unless ``value`` is a positive finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"`{name}` must be a number of {unit}; got {value!r}.")
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(f"`{name}` must be a positive number of {unit}; got {value}.")


def not_negative(value: float, name: str, unit: str) -> None:
    """Raise unless ``value`` is 0 or a positive finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"`{name}` must be a number of {unit}; got {value!r}.")
    if not (value >= 0 and math.isfinite(value)):
        raise ValueError(f"`{name}` must be 0 or a positive number of {unit}; got {value}.")


def positive_integer(value: int, name: str) -> None:
    """Raise unless ``value`` is an integer of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"`{name}` must be an integer; got {value!r}.")
    if value < 1:
        raise ValueError(f"`{name}` must be at least 1; got {value}.")


def check_inputs(inputs: Tensor, *, axes: tuple[str, ...], features: int, like: Tensor) -> None:
    """Raise unless ``inputs`` has these axes, this many features, and the dtype of ``like``."""
    shape = _check_tensor(inputs, axes)
    if inputs.ndim != len(axes):
        raise ValueError(f"`inputs` must have shape {shape}; got {tuple(inputs.shape)}.")
    if inputs.shape[-1] != features:
        raise ValueError(
            f"`inputs` must have {features} features on the last axis, {shape}; "
            f"got shape {tuple(inputs.shape)}."
        )
    _check_kind(inputs, like)


def check_any_inputs(inputs: Tensor, *, axes: tuple[str, ...], like: Tensor) -> None:
    """Raise unless ``inputs`` has these axes, any number of features, and the dtype of ``like``."""
    shape = _check_tensor(inputs, axes)
    if inputs.ndim < len(axes):
        raise ValueError(
            f"`inputs` must have shape {shape}, or more axes of features; "
            f"got {tuple(inputs.shape)}."
        )
    _check_kind(inputs, like)


def _check_tensor(inputs: Tensor, axes: tuple[str, ...]) -> str:
    """Return the shape as text, after raising unless ``inputs`` is a tensor."""
    shape = f"({', '.join(axes)})"
    if not isinstance(inputs, torch.Tensor):
        raise TypeError(f"`inputs` must be a tensor of shape {shape}; got {type(inputs).__name__}.")
    return shape


def _check_kind(inputs: Tensor, like: Tensor) -> None:
    """Raise unless ``inputs`` is not empty and has the dtype and device of ``like``."""
    if 0 in inputs.shape:
        raise ValueError(f"`inputs` must not be empty; got shape {tuple(inputs.shape)}.")
    if inputs.dtype != like.dtype or inputs.device != like.device:
        raise TypeError(
            f"`inputs` must be {like.dtype} on {like.device} as the layer's parameters are; "
            f"got {inputs.dtype} on {inputs.device}. Convert one of them with `.to(...)`."
        )


class Shape(NamedTuple):
    """Name and expected shape of one part of a state."""

    name: str
    expected: tuple[int, ...]


def check_state(parts: dict[Shape, Tensor], *, like: Tensor) -> None:
    """Raise unless every part of a state has its shape, dtype and device."""
    for shape, tensor in parts.items():
        if tuple(tensor.shape) != shape.expected:
            raise ValueError(
                f"`state.{shape.name}` must have shape {shape.expected}; "
                f"got {tuple(tensor.shape)}. Start anew with `state=None` if the batch changed."
            )
        if tensor.dtype != like.dtype or tensor.device != like.device:
            raise TypeError(
                f"`state.{shape.name}` must be {like.dtype} on {like.device}; "
                f"got {tensor.dtype} on {tensor.device}."
            )


def refuse_transforms() -> None:
    """Raise inside ``torch.func.vmap``, ``grad``, ``jacrev`` and their like."""
    if torch._C._are_functorch_transforms_active():
        raise RuntimeError(
            "the adjoint does not go through transforms of torch.func (vmap, grad, jacrev). Batch "
            "by the axis of samples instead of vmap, or make the layer with "
            '`gradient="autograd"`, which goes through all of them.'
        )

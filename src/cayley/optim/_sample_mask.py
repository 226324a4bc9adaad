"""Which rows of a batch are samples: a mask that holds while a model runs forward.

The layers ask for it by the shape of their rows, :func:`row_weights`. It is kept by thread, since
``torch.nn.DataParallel`` runs the parts of a batch in threads of their own.
"""

import inspect
import math
import threading
from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn

from cayley._shapes import Num

__all__ = [
    "active_mask",
    "check_mask",
    "fitted",
    "mask_from",
    "no_mask_from",
    "row_weights",
    "sample_mask",
]

_THREAD = threading.local()


class sample_mask:
    r"""Tell the ISAAC layers that run inside the block which rows are samples.

    A row of weight 0, such as padding, contributes neither to the second moment of a layer's inputs
    nor to the number of samples nor to any gradient of the layer's parameters, whatever it holds. A
    row of weight :math:`w` counts as :math:`w` samples: with weights the second moment is
    :math:`\sum_i w_i a_i a_i^\top / \sum_i w_i`. Outputs and input gradients are unchanged. If
    nothing is left, the gradient is zero.

    The mask describes the axes of a layer's input before its features, from the left:
    ``(batch, time)`` for inputs ``(batch, time, features)``. A layer with further axes, as of
    heads, takes the mask for each of them. A layer whose inputs lack an axis of the mask or have
    size 1 there (a pooler; embedded positions) keeps a row where any of the rows that it stands for
    counts. A layer that sees the rows in one axis, ``(batch * time, features)``, takes them in this
    order.
    Convolutions take a mask of images, ``(batch,)``, or of output positions.

    Args:
        mask: True or nonzero where a row is a sample (booleans or integers, as the attention masks
            of language models), or weights of at least 0 (floating point). None for a block in
            which every row counts.

    Raises:
        TypeError: If the mask is no tensor of such numbers.
        ValueError: If a weight is negative or not finite; in a layer, if the mask does not fit.

    Example:
        >>> import torch
        >>> from cayley.optim import ISAACLinear, sample_mask
        >>> layer = ISAACLinear(3, 2, damping=0.1)
        >>> sequences, mask = torch.ones(2, 4, 3), torch.tensor([[1, 1, 1, 0], [1, 1, 0, 0]])
        >>> with sample_mask(mask):
        ...     outputs = layer(sequences)
        >>> outputs[mask.bool()].sum().backward()  # as with the five samples alone
        >>> plain = ISAACLinear(3, 2, damping=0.1)
        >>> plain(torch.ones(5, 3)).sum().backward()
        >>> torch.allclose(layer.weight.grad, plain.weight.grad)
        True
    """

    def __init__(self, mask: Num[Tensor, "*batch"] | None) -> None:
        check_mask(mask)
        self.mask = mask

    def __enter__(self) -> None:
        self.before = active_mask()
        _THREAD.mask = self.mask

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _THREAD.mask = self.before


def active_mask() -> Tensor | None:
    """Return the mask of the innermost block of this thread."""
    return getattr(_THREAD, "mask", None)


def check_mask(mask: Tensor | None) -> None:
    """Raise unless this is a mask or None."""
    if mask is None:
        return
    if not isinstance(mask, Tensor) or mask.is_complex():
        kind = mask.dtype if isinstance(mask, Tensor) else type(mask).__name__
        raise TypeError(
            f"`mask` must be a tensor of booleans, integers or weights, or None; got {kind}."
        )
    # What a compiler traces, and what holds no numbers, cannot be looked at.
    unread = torch.compiler.is_compiling() or mask.is_meta or type(mask) is not Tensor
    if mask.is_floating_point() and not unread:
        usable = torch.isfinite(mask) & (mask >= 0)
        if not bool(usable.all()):
            raise ValueError(
                "`mask` of floating point holds the weights of samples, which must be finite and "
                "at least 0. A mask to be added to attention scores, with 0 where a position "
                "counts, is to be turned into a boolean one: `mask == 0`."
            )


def row_weights(
    batch: tuple[int, ...], device: torch.device, what: str
) -> Num[Tensor, " N"] | None:
    """Return the weights of a layer's rows, in one axis; None where every row counts.

    Args:
        batch: The axes of the layer's rows.
        device: Where the layer's input is.
        what: The layer's name in a message.
    """
    mask = active_mask()
    if mask is None:
        return None
    return fitted(mask, batch, what).reshape(-1).to(device)


def fitted(mask: Tensor, batch: tuple[int, ...], what: str) -> Tensor:
    """Return a mask for rows of these axes; see :class:`sample_mask` for the rules."""
    mask = mask if mask.is_floating_point() else mask != 0
    shape = tuple(mask.shape)
    if shape == batch:
        return mask
    if len(batch) == 1 and len(shape) > 1 and batch[0] == math.prod(shape):
        return mask.reshape(-1)
    found = _aligned(mask, batch)
    if found is None and len(batch) < len(shape):
        # Rows that every sequence of the batch shares, such as positions of shape (time,).
        found = _aligned(mask, (1,) * (len(shape) - len(batch)) + batch)
        found = None if found is None else found.reshape(batch)
    if found is None:
        raise ValueError(
            f"the sample mask of shape {shape} does not fit {what}, whose rows have shape {batch}. "
            "Give a mask of the layer's rows, or run it in `with sample_mask(None):`, where every "
            "row counts."
        )
    return found


def _aligned(mask: Tensor, batch: tuple[int, ...]) -> Tensor | None:
    """Return the mask for rows whose axes are those of the mask from the left, or None."""
    for axis in range(mask.dim()):
        size = batch[axis] if axis < len(batch) else 1
        if size == 1 and mask.shape[axis] != 1:
            mask = mask.amax(axis, keepdim=True)
        elif size != mask.shape[axis]:
            return None
    beyond = batch[mask.dim() :]
    mask = mask.reshape(batch[: mask.dim()] + (1,) * len(beyond))
    return mask.expand(batch)


class _Enter:
    """A hook before a model's forward pass: put the mask among its arguments in force."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        mask = kwargs.get(self.name)
        if mask is None and args:
            given = inspect.signature(model.forward).bind_partial(*args).arguments
            mask = given.get(self.name)
        check_mask(mask)
        # A list, because a model may call itself, or one like it.
        _THREAD.before = [*getattr(_THREAD, "before", ()), active_mask()]
        # Without a mask among the arguments, one that the caller has put in force stays.
        if mask is not None:
            _THREAD.mask = mask


class _Leave:
    """A hook after a model's forward pass, also after an error in it."""

    def __call__(self, model: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        *_THREAD.before, _THREAD.mask = _THREAD.before


def mask_from(model: nn.Module, name: str) -> None:
    """Take the sample mask of each forward pass from this argument of the model.

    Raises:
        ValueError: If the forward pass of the model has no such argument.
    """
    parameters = inspect.signature(model.forward).parameters
    if name not in parameters and not any(
        each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()
    ):
        raise ValueError(
            f"`mask_from` names an argument of the model's forward pass; {type(model).__name__} "
            f"has no {name!r} there, but: {', '.join(parameters) or 'none'}."
        )
    no_mask_from(model)
    model.register_forward_pre_hook(_Enter(name), prepend=True, with_kwargs=True)
    model.register_forward_hook(_Leave(), always_call=True)


def no_mask_from(model: nn.Module) -> None:
    """Undo :func:`mask_from`."""
    for key in [k for k, hook in model._forward_pre_hooks.items() if isinstance(hook, _Enter)]:
        del model._forward_pre_hooks[key], model._forward_pre_hooks_with_kwargs[key]
    for key in [k for k, hook in model._forward_hooks.items() if isinstance(hook, _Leave)]:
        del model._forward_hooks[key], model._forward_hooks_always_called[key]

"""``torch.nn.Linear`` and ``torch.nn.Conv2d`` with ISAAC's weight gradient."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cayley.optim._backward import linear
from cayley.optim._convolution import convolution
from cayley.optim._damping import DampingSettings, Options
from cayley.optim._sample_mask import active_mask, row_weights

__all__ = ["Damped", "ISAACConv2d", "ISAACLinear", "convolved"]


class Damped(nn.Module):
    """Base of all layers: it holds the settings, of which the damping may change between steps."""

    settings: DampingSettings
    _damping: Tensor

    # Where the statistics of several backward passes are added up, if they are, and whether they
    # can be.
    pool: Any = None
    poolable = False

    # Whether the last forward pass without gradients had a mask, see `_rows`.
    _masked_before = False

    # How often positions were drawn, see `max_samples`.
    _draws = 0

    @property
    def damping(self) -> float:
        """The damping; may be set, for a schedule. A compiled layer is not compiled anew."""
        return self.settings.damping

    @damping.setter
    def damping(self, value: float) -> None:
        self.settings = replace(self.settings, damping=value)
        with torch.no_grad():
            self._damping.fill_(value)

    def damp(self, settings: DampingSettings) -> None:
        """Take on settings: in the constructor, or when a plain layer is converted."""
        self.settings = settings
        # Not persistent: the state dict stays that of the plain layer.
        self.register_buffer("_damping", _in_double(settings.damping, self), persistent=False)

    def undamp(self) -> None:
        """Forget the settings, before the layer becomes a plain one."""
        del self.settings, self._damping
        self._non_persistent_buffers_set.discard("_damping")
        for name in ("_masked_before", "pool", "_draws"):
            self.__dict__.pop(name, None)

    def options(self) -> Options:
        """Return the settings as the backward pass takes them."""
        held = self.settings
        if self.pool is not None and (
            torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active()
        ):
            raise RuntimeError(
                "pooled statistics are kept outside of any graph, so that the layer can neither be "
                "compiled nor go through torch.func. Call `remove()` of the pooling first."
            )
        return Options(
            self._damping, held.relative, held.precondition_bias, held.solve_dtype, self.pool
        )

    def rows(self, batch: tuple[int, ...], device: torch.device) -> Tensor | None:
        """Return the weights of rows of these axes, from the sample mask that is in force."""
        if torch.compiler.is_compiling():
            return row_weights(batch, device, f"a layer {type(self).__name__}")
        masked = active_mask() is not None
        # A checkpoint with `use_reentrant=True` runs forward without gradients first, and again
        # during the backward pass, when the block of the mask has ended.
        if not torch.is_grad_enabled():
            if masked or self._masked_before:
                self._masked_before = masked and self.training
        elif self._masked_before and not masked and torch._C._current_graph_task_id() != -1:
            raise RuntimeError(
                "a checkpoint runs this layer again outside of `with sample_mask(...)`. Checkpoint "
                "with `use_reentrant=False`, or put the block into the function that is "
                "checkpointed."
            )
        return row_weights(batch, device, f"a layer {type(self).__name__}")

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; refuse the one by which torch prepares a model for quantization."""
        if name == "qconfig":
            raise RuntimeError(
                "quantization knows the plain layers only and would leave this one as it is. Call "
                "`cayley.optim.revert(model)` first."
            )
        super().__setattr__(name, value)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """Apply ``fn`` to parameters and buffers; the damping moves, but keeps its digits."""
        held = self._buffers.pop("_damping", None)
        try:
            super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        finally:
            if held is not None:
                self._buffers["_damping"] = _in_double(self.settings.damping, self)
        return self

    def extra_repr(self) -> str:
        """Return the description of the plain layer, then the damping."""
        relative = ", relative=True" if self.settings.relative else ""
        return f"{super().extra_repr()}, damping={self.damping}{relative}"


def _in_double(damping: float, layer: nn.Module) -> Tensor:
    """Return the damping as a tensor of float64 where the parameters of a layer are."""
    device = next((parameter.device for parameter in layer.parameters()), None)
    if device is None or device.type == "mps":  # float64 does not exist there
        return torch.tensor(damping, dtype=torch.float32, device=device)
    return torch.tensor(damping, dtype=torch.float64, device=device)


class ISAACLinear(Damped, nn.Linear):
    r"""A linear layer whose weight gradient is preconditioned by its inputs.

    The forward pass, the parameters and the state dict are those of ``torch.nn.Linear``; any
    first-order optimizer takes the step.

    Args:
        in_features: Size of each input.
        out_features: Size of each output.
        bias: Whether there is a bias.
        device: As in ``torch.nn.Linear``.
        dtype: As in ``torch.nn.Linear``.
        damping: :math:`\lambda > 0` in units of a squared input; small values change the gradient
            most, ``math.inf`` not at all. See :func:`isaac_weight_gradient`.
        relative: Whether ``damping`` is a fraction of the mean squared input.
        precondition_bias: Whether the bias counts as an extra input column that is always 1.
        solve_dtype: Precision of the solve; see :func:`isaac_weight_gradient`.

    Raises:
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> from cayley.optim import ISAACLinear
        >>> layer = ISAACLinear(784, 400, damping=0.1)
        >>> layer
        ISAACLinear(in_features=784, out_features=400, bias=True, damping=0.1)
        >>> layer(torch.zeros(2, 7, 784)).shape, sorted(layer.state_dict())
        (torch.Size([2, 7, 400]), ['bias', 'weight'])

    References:
        Petersen, Sutter, Borgelt, Huh, Kuehne, Sun, Deussen, "ISAAC Newton", ICLR 2023.
    """

    poolable = True

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        *,
        damping: float,
        relative: bool = False,
        precondition_bias: bool = False,
        solve_dtype: torch.dtype | None = None,
    ) -> None:
        settings = DampingSettings(
            damping=damping,
            relative=relative,
            precondition_bias=precondition_bias,
            solve_dtype=solve_dtype,
        )
        super().__init__(in_features, out_features, bias, device, dtype)
        self.damp(settings)

    def forward(self, input: Tensor) -> Tensor:
        """Return ``input @ weight.T + bias``."""
        rows = self.rows(input.shape[:-1], input.device)
        return linear(input, self.weight, self.bias, self.options(), rows)


class ISAACConv2d(Damped, nn.Conv2d):
    """A 2-D convolution whose weight gradient is preconditioned by its input patches.

    Every option of ``torch.nn.Conv2d`` keeps its meaning: stride, padding (numbers, ``"same"``,
    ``"valid"``), dilation, groups and the padding modes. A padded patch enters with its padding.

    Args:
        in_channels: As in ``torch.nn.Conv2d``.
        out_channels: Likewise.
        kernel_size: Likewise.
        stride: Likewise.
        padding: Likewise.
        dilation: Likewise.
        groups: Likewise.
        bias: Likewise.
        padding_mode: Likewise.
        device: Likewise.
        dtype: Likewise.
        damping: See :class:`ISAACLinear`.
        relative: See :class:`ISAACLinear`.
        precondition_bias: See :class:`ISAACLinear`.
        solve_dtype: See :class:`ISAACLinear`.
        max_samples: Most output positions that the second moment of the patches is taken over,
            drawn anew in each backward pass, all images together, with replacement, so that its
            expectation is that of all. All of them by default, where that takes less work, and
            where there is a mask, pooling, a compiler or a transform of torch.func.

    Raises:
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> from cayley.optim import ISAACConv2d
        >>> layer = ISAACConv2d(3, 8, 3, padding="same", damping=0.1)
        >>> layer(torch.zeros(2, 3, 16, 16)).shape
        torch.Size([2, 8, 16, 16])
    """

    poolable = True

    def __init__(  # noqa: PLR0917 - the signature of torch.nn.Conv2d
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: str | int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        *,
        damping: float,
        relative: bool = False,
        precondition_bias: bool = False,
        solve_dtype: torch.dtype | None = None,
        max_samples: int | None = None,
    ) -> None:
        settings = DampingSettings(
            damping=damping,
            relative=relative,
            precondition_bias=precondition_bias,
            solve_dtype=solve_dtype,
            max_samples=max_samples,
        )
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,  # type: ignore[arg-type]
            device,
            dtype,
        )
        self.damp(settings)

    def forward(self, input: Tensor) -> Tensor:
        """Return the convolution."""
        return convolved(self, input)


def convolved(layer: Any, input: Tensor) -> Tensor:
    """Return the convolution by a damped layer that has the attributes of ``torch.nn.ConvNd``."""
    if layer.padding_mode == "zeros" and not isinstance(layer.padding, str):
        padding = layer.padding
    else:
        # An explicit, differentiable padding: modes other than zeros, and "same", which for
        # an even kernel adds one more on the right than on the left.
        mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
        input = F.pad(input, layer._reversed_padding_repeated_twice, mode=mode)
        padding = (0,) * len(layer.stride)
    geometry = (layer.stride, padding, layer.dilation, layer.groups)
    rows = None
    if active_mask() is not None:
        size = [
            (n + 2 * p - d * (k - 1) - 1) // s + 1
            for n, p, d, k, s in zip(
                input.shape[-len(padding) :], padding, layer.dilation, layer.kernel_size,
                layer.stride, strict=True,
            )
        ]  # fmt: skip
        rows = layer.rows((*input.shape[: -len(padding) - 1], *size), input.device)
    sampling = None
    if layer.settings.max_samples is not None and not torch.compiler.is_compiling():
        sampling = (layer.settings.max_samples, layer._draws)
        if torch.is_grad_enabled():
            layer._draws += 1
    return convolution(input, layer.weight, layer.bias, geometry, layer.options(), rows, sampling)

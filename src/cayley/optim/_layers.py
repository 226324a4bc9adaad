"""``torch.nn.Linear`` and ``torch.nn.Conv2d`` with ISAAC's weight gradient."""

from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cayley.optim._backward import conv2d, linear
from cayley.optim._damping import DampingSettings

__all__ = ["ISAACConv2d", "ISAACLinear"]


class _Damped(nn.Module):
    """Base of both layers: it holds the settings, of which the damping may change between steps."""

    settings: DampingSettings

    @property
    def damping(self) -> float:
        """The damping; may be set, for a schedule."""
        return self.settings.damping

    @damping.setter
    def damping(self, value: float) -> None:
        self.settings = replace(self.settings, damping=value)

    def extra_repr(self) -> str:
        """Return the description of the plain layer, then the damping."""
        relative = ", relative=True" if self.settings.relative else ""
        return f"{super().extra_repr()}, damping={self.damping}{relative}"


class ISAACLinear(_Damped, nn.Linear):
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
        self.settings = settings

    def forward(self, input: Tensor) -> Tensor:
        """Return ``input @ weight.T + bias``."""
        return linear(input, self.weight, self.bias, self.settings)


class ISAACConv2d(_Damped, nn.Conv2d):
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

    Raises:
        ValueError: If an option is out of range.

    Example:
        >>> import torch
        >>> from cayley.optim import ISAACConv2d
        >>> layer = ISAACConv2d(3, 8, 3, padding="same", damping=0.1)
        >>> layer(torch.zeros(2, 3, 16, 16)).shape
        torch.Size([2, 8, 16, 16])
    """

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
    ) -> None:
        settings = DampingSettings(
            damping=damping,
            relative=relative,
            precondition_bias=precondition_bias,
            solve_dtype=solve_dtype,
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
        self.settings = settings

    def forward(self, input: Tensor) -> Tensor:
        """Return the convolution."""
        stride, dilation = _two(self.stride), _two(self.dilation)
        if self.padding_mode == "zeros" and not isinstance(self.padding, str):
            padding = _two(self.padding)
        else:
            # An explicit, differentiable padding: modes other than zeros, and "same", which for
            # an even kernel adds one more on the right than on the left.
            mode = "constant" if self.padding_mode == "zeros" else self.padding_mode
            input = F.pad(input, self._reversed_padding_repeated_twice, mode=mode)
            padding = (0, 0)
        geometry = (stride, padding, dilation, self.groups)
        return conv2d(input, self.weight, self.bias, geometry, self.settings)


def _two(values: tuple[int, ...]) -> tuple[int, int]:
    return values[0], values[1]

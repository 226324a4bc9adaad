"""Modules that act over time and not step by step: delays, and filters of currents."""

import math
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from cayley._shapes import Float, Int
from cayley.spiking._checks import check_inputs, positive, positive_integer

__all__ = ["AxonalDelay", "CurrentFilter", "OverTime", "PastState"]


class PastState(NamedTuple):
    """What a module over time keeps of the past, ``(batch, steps, features)``, oldest first."""

    past: Float[Tensor, "b d n"]

    def detach(self) -> "PastState":
        """Return the state detached from the graph."""
        return PastState(self.past.detach())


class OverTime(nn.Module, ABC):
    """A module that takes inputs ``(time, batch, features)`` and a state, as layers do."""

    @abstractmethod
    def forward(
        self,
        inputs: Float[Tensor, "t b n"],
        state: PastState | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "t b n"], PastState]:
        """Return outputs of every step, and the state after each sample's last step."""


def _last(rows: Float[Tensor, "s b n"], kept: int, lengths: Tensor | None) -> PastState:
    """Return the last ``kept`` rows of each sample; rows begin with the past."""
    steps, batch = rows.shape[0] - kept, rows.shape[1]
    ends = torch.full((batch,), steps, device=rows.device) if lengths is None else lengths
    index = ends[None] + torch.arange(kept, device=rows.device)[:, None]
    return PastState(rows[index, torch.arange(batch, device=rows.device)].transpose(0, 1))


class AxonalDelay(OverTime):
    r"""Delays of each feature between two layers, fixed or trained.

    .. math:: y_i(t) = x_i(t - d_i)

    A delay between two steps takes a part of both, so that its gradient is the exact derivative of
    the discrete run.

    Args:
        features: Number of features.
        delays: In milliseconds, a number or ``(features,)``.
        dt: Time step in milliseconds.
        longest: Bound of trained delays.
        trained: Whether the delays are trained.

    Raises:
        ValueError: If a delay is negative, or one that is trained is not between 0 and ``longest``.

    Example:
        >>> import torch
        >>> from cayley.spiking import AxonalDelay
        >>> delay = AxonalDelay(2, [1.0, 2.5], dt=1.0)
        >>> inputs = torch.zeros(5, 1, 2)
        >>> inputs[0] = 1
        >>> outputs, state = delay(inputs)
        >>> outputs[:, 0].T.tolist()
        [[0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5, 0.0]]
    """

    def __init__(
        self,
        features: int,
        delays: Any,
        *,
        dt: float,
        longest: float = 20.0,
        trained: bool = False,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        positive_integer(features, "features")
        positive(dt, "dt", "milliseconds")
        positive(longest, "longest", "milliseconds")
        array = np.asarray(delays, dtype=np.float64)
        if array.ndim and array.shape != (features,):
            raise ValueError(
                f"`delays` must be a number or have shape ({features},); got {array.shape}."
            )
        if not (np.isfinite(array) & (array >= 0)).all():
            raise ValueError(f"`delays` must be at least 0 ms and finite; got {delays!r:.60}.")
        if trained and not ((array > 0) & (array < longest)).all():
            raise ValueError(
                f"`delays` that are trained must be between 0 and `longest`, {longest} ms; "
                f"got {delays!r:.60}."
            )
        values = torch.from_numpy(np.broadcast_to(array, (features,)).copy())
        values = values.to(dtype or torch.get_default_dtype())
        self.features, self.dt, self.longest = features, dt, longest
        self.raw: nn.Parameter | None = None
        self.fixed: Tensor | None = None
        if trained:
            self.raw = nn.Parameter((values / longest).logit())
        else:
            del self.fixed  # a buffer takes its place
            self.register_buffer("fixed", values)
        most = longest if trained else float(array.max())
        # One step more, since a delay between two steps takes a part of the one before.
        self.kept = math.floor(most / dt) + 1

    @property
    def delays(self) -> Float[Tensor, " n"]:
        """The delays in milliseconds."""
        if self.raw is not None:
            return self.longest * self.raw.sigmoid()
        assert self.fixed is not None
        return self.fixed

    def forward(
        self,
        inputs: Float[Tensor, "t b n"],
        state: PastState | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "t b n"], PastState]:
        """Return the delayed inputs, and the past that has not arrived yet."""
        delays = self.delays / self.dt
        axes = ("time", "batch", "features")
        check_inputs(inputs, axes=axes, features=self.features, like=delays)
        steps, batch, _ = inputs.shape
        before = inputs.new_zeros(batch, self.kept, self.features) if state is None else state.past
        rows = torch.cat([before.transpose(0, 1), inputs])
        whole = delays.detach().floor().long()
        part = delays - whole
        index = self.kept + torch.arange(steps, device=inputs.device)[:, None] - whole
        index = index[:, None].expand(inputs.shape)
        outputs = (1 - part) * rows.gather(0, index) + part * rows.gather(0, index - 1)
        return outputs, _last(rows, self.kept, lengths)

    def extra_repr(self) -> str:
        """Return size and range as text."""
        return f"{self.features}, dt={self.dt}, trained={self.raw is not None}"


class CurrentFilter(OverTime):
    """A leaky integrator of every feature: ``y' = decay y + gain x + offset``, put out at once."""

    decay: Float[Tensor, " n"]
    gain: Float[Tensor, " n"]
    offset: Float[Tensor, " n"]

    def __init__(self, decay: Tensor, gain: Tensor, offset: Tensor) -> None:
        super().__init__()
        self.register_buffer("decay", decay)
        self.register_buffer("gain", gain)
        self.register_buffer("offset", offset)

    def forward(
        self,
        inputs: Float[Tensor, "t b ..."],
        state: PastState | None = None,
        lengths: Int[Tensor, " b"] | None = None,
    ) -> tuple[Float[Tensor, "t b ..."], PastState]:
        """Return the filtered inputs, and the last of them."""
        now = torch.zeros_like(inputs[0]) if state is None else state.past[:, 0]
        rows = [now]
        for value in (self.gain * inputs + self.offset).unbind(0):
            now = self.decay * now + value
            rows.append(now)
        outputs = torch.stack(rows)
        return outputs[1:], _last(outputs, 1, lengths)

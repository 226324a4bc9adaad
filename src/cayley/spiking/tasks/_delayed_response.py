"""Delayed response tasks: two operands apart in time, and an answer after a cue."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from cayley._random import generator
from cayley._shapes import Float, Int
from cayley.spiking._checks import positive, positive_integer
from cayley.tables._full_square import full_square

__all__ = ["DelayedOperation", "DelayedXOR", "Trials"]


class Trials(NamedTuple):
    """A batch of trials; time steps ``T``, trials ``B``.

    Attributes:
        inputs: Shape ``(T, B, features)``.
        targets: Target of the readout, shape ``(T, B, outputs)``.
        window: 1 while the answer is expected, else 0, shape ``(T, B)``.
        labels: The answers, shape ``(B,)``.
    """

    inputs: Float[Tensor, "t b f"]
    targets: Float[Tensor, "t b o"]
    window: Float[Tensor, "t b"]
    labels: Int[Tensor, " b"]


@runtime_checkable
class HasArray(Protocol):
    """An object with its table as ``array``, such as a ``cayley.Table``."""

    @property
    def array(self) -> NDArray[Any]:
        """The products."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Delayed:
    """The course of a trial: pulse, delay, pulse, delay, cue, answer. All times in milliseconds.

    Args:
        delay: Shortest and longest delay; both delays of a trial are drawn from this range.
        pulse: Duration of an operand's pulse and of the cue.
        onset: When the first pulse starts.
        reaction: From the start of the cue to the start of the answer.
        response: Duration of the answer, half a period of a sine.
        dt: Time step.
    """

    delay: tuple[float, float] = (50.0, 150.0)
    pulse: float = 50.0
    onset: float = 30.0
    reaction: float = 30.0
    response: float = 100.0
    dt: float = 1.0

    def __post_init__(self) -> None:
        if len(self.delay) != 2 or not 0 <= self.delay[0] <= self.delay[1]:
            raise ValueError(
                f"`delay` must be (shortest, longest) in milliseconds; got {self.delay}."
            )
        for name in ("pulse", "onset", "reaction", "response", "dt"):
            positive(getattr(self, name), name, "milliseconds")
        if self.dt > self.pulse:
            raise ValueError(f"`dt` must not exceed the pulse of {self.pulse} ms; got {self.dt}.")

    def _course(self, rng: np.random.Generator, count: int) -> "_Course":
        """Return the times of ``count`` trials; the first delay is drawn before the second."""
        low, high = self.delay
        second = self.onset + self.pulse + rng.uniform(low, high, count)
        cue = second + self.pulse + rng.uniform(low, high, count)
        # All trials of a batch are as long as the longest; 20 ms more let the last answer end
        # before the trial does.
        end = cue.max() + self.reaction + self.response + 20
        time = np.arange(int(np.ceil(end / self.dt)))[:, None] * self.dt

        def during(start: Any, duration: float) -> NDArray[Any]:
            inside: NDArray[Any] = (time >= start) & (time < start + duration)
            return inside.astype(np.float32)

        answer = cue + self.reaction
        window = during(answer, self.response)
        return _Course(
            first=np.broadcast_to(during(self.onset, self.pulse), (len(time), count)),
            second=during(second, self.pulse),
            cue=during(cue, self.pulse),
            window=window,
            bump=window * np.sin(np.pi * (time - answer) / self.response).astype(np.float32),
        )


class _Course(NamedTuple):
    """Indicator functions of time, each ``(T, B)``."""

    first: NDArray[Any]
    second: NDArray[Any]
    cue: NDArray[Any]
    window: NDArray[Any]
    bump: NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedXOR(_Delayed):
    """Exclusive or of two signs that are apart in time, with a third answer where one is missing.

    Two pulses of +1 or -1 on the first input channel, a cue on the second. The answer is +1 for
    unequal signs, -1 for equal ones, 0 where one of the pulses was left out.

    Args:
        delay: Shortest and longest delay; both delays of a trial are drawn from this range.
        pulse: Duration of an operand's pulse and of the cue.
        onset: When the first pulse starts.
        reaction: From the start of the cue to the start of the answer.
        response: Duration of the answer, half a period of a sine.
        dt: Time step.
        null_fraction: Part of the trials with a missing pulse; 0 for the two-way task.

    Example:
        >>> from cayley.spiking import DelayedXOR
        >>> trials = DelayedXOR().trials(100, seed=0)
        >>> trials.inputs.shape[1:], sorted(set(trials.labels.tolist()))
        (torch.Size([100, 2]), [-1, 0, 1])
    """

    null_fraction: float = 0.2

    features = 2
    outputs = 1

    def __post_init__(self) -> None:
        _Delayed.__post_init__(self)
        if not 0 <= self.null_fraction <= 1:
            raise ValueError(f"`null_fraction` must be in [0, 1]; got {self.null_fraction}.")

    def trials(self, count: int, *, seed: int) -> Trials:
        """Return ``count`` trials, the same for the same seed.

        Raises:
            ValueError: If ``count`` is not positive.
        """
        positive_integer(count, "count")
        rng = generator(seed, "delayed xor")
        course = self._course(rng, count)
        signs = rng.choice(np.array([-1, 1]), (count, 2))
        is_null, which = rng.random(count) < self.null_fraction, rng.integers(0, 2, count)
        signs[is_null, which[is_null]] = 0
        labels = -signs.prod(1)
        pulses = course.first * signs[:, 0] + course.second * signs[:, 1]
        return _trials(
            np.stack([pulses, course.cue], axis=2),
            (course.bump * labels)[..., None],
            course,
            labels,
        )

    @staticmethod
    def decide(means: Float[Tensor, "b o"]) -> Int[Tensor, " b"]:
        """Return -1, 0 or 1 from the readout's mean over the window, in units of the target's.

        The bounds of 1/2 lie midway between the means of the three answers.
        """
        z = means[:, 0]
        return (z > 0.5).long() - (z < -0.5).long()


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedOperation(_Delayed):
    """Any operation on a finite set: two operands as pulses apart in time, the product on cue.

    Every symbol has an input channel for both operands, so that order has to be remembered, and an
    output channel; the last input channel is the cue.

    Args:
        delay: Shortest and longest delay; both delays of a trial are drawn from this range.
        pulse: Duration of an operand's pulse and of the cue.
        onset: When the first pulse starts.
        reaction: From the start of the cue to the start of the answer.
        response: Duration of the answer, half a period of a sine.
        dt: Time step.
        table: Products, integers in ``0..n-1``, shape ``(n, n)``; or an object with such an
            ``array``, such as a ``cayley.Table``.

    Raises:
        ValueError: If the table is not a full square of its own symbols.

    Example:
        >>> from cayley.spiking import DelayedOperation
        >>> task = DelayedOperation(table=[[0, 1, 2], [1, 2, 0], [2, 0, 1]])
        >>> trials = task.trials(10, seed=0)
        >>> trials.inputs.shape[1:], trials.targets.shape[1:]
        (torch.Size([10, 4]), torch.Size([10, 3]))
    """

    table: ArrayLike | HasArray

    def __post_init__(self) -> None:
        _Delayed.__post_init__(self)
        raw = self.table.array if isinstance(self.table, HasArray) else self.table
        array = full_square(raw)
        array.flags.writeable = False
        object.__setattr__(self, "table", array)

    @property
    def features(self) -> int:
        """The number of input channels."""
        return self.outputs + 1

    @property
    def outputs(self) -> int:
        """The number of output channels: symbols of the table."""
        return len(np.asarray(self.table))

    def trials(self, count: int, *, seed: int) -> Trials:
        """Return ``count`` trials, the same for the same seed.

        Raises:
            ValueError: If ``count`` is not positive.
        """
        positive_integer(count, "count")
        rng = generator(seed, "delayed operation")
        course = self._course(rng, count)
        table = np.asarray(self.table)
        a, b = rng.integers(0, len(table), (2, count))
        labels = table[a, b]
        one = np.eye(len(table), dtype=np.float32)
        pulses = course.first[..., None] * one[a] + course.second[..., None] * one[b]
        inputs = np.concatenate([pulses, course.cue[..., None]], axis=2)
        return _trials(inputs, course.bump[..., None] * one[labels], course, labels)

    @staticmethod
    def decide(means: Float[Tensor, "b o"]) -> Int[Tensor, " b"]:
        """Return the symbol whose readout has the largest mean over the window."""
        return means.argmax(1)


def _trials(
    inputs: NDArray[Any], targets: NDArray[Any], course: _Course, labels: NDArray[Any]
) -> Trials:
    """Return arrays as the tensors of a batch of trials."""

    def tensor(values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))

    return Trials(
        tensor(inputs), tensor(targets), tensor(course.window), torch.from_numpy(labels).long()
    )

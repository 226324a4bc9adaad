"""The Yin-Yang task: three classes of points in a plane, each coordinate as the time of a spike."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import generator
from cayley._shapes import Float, Int
from cayley.spiking._checks import positive, positive_integer
from cayley.spiking.tasks._delayed_response import Trials

__all__ = ["YinYang"]

# Radii of a dot and of the whole sign, as published: other values make another data set.
_SMALL, _BIG = 0.1, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class YinYang:
    """Points of the Yin-Yang sign in three classes (yin, yang, dots), equally many of each.

    A point ``(x, y)`` of the unit square is given by the times of pulses on four channels, for
    ``x``, ``y``, ``1 - x`` and ``1 - y``, and a fifth channel that always pulses at the start. No
    linear classifier of the coordinates separates the classes.

    Args:
        early: Time of a pulse for 0, in milliseconds.
        late: Time of a pulse for 1.
        pulse: Duration of a pulse.
        duration: Of a trial; the answer is expected after the last pulse.
        dt: Time step.

    Raises:
        ValueError: If the times are not in order.

    Example:
        >>> trials = YinYang().trials(300, seed=0)
        >>> trials.inputs.shape, trials.labels.bincount().tolist()
        (torch.Size([120, 300, 5]), [100, 100, 100])

    References:
        Kriener, Goeltz, Petrovici, "The Yin-Yang dataset", NICE 2022, arXiv:2102.08211.
    """

    early: float = 5.0
    late: float = 65.0
    pulse: float = 5.0
    duration: float = 120.0
    dt: float = 1.0

    features = 5
    outputs = 3

    def __post_init__(self) -> None:
        for name in ("pulse", "duration", "dt"):
            positive(getattr(self, name), name, "milliseconds")
        if not 0 <= self.early < self.late < self.duration - self.pulse:
            raise ValueError(
                "`early`, `late` and `duration` must be in that order with room for a pulse; got "
                f"{self.early}, {self.late} and {self.duration} ms."
            )

    def trials(self, count: int, *, seed: int) -> Trials:
        """Return ``count`` points and their classes, the same for the same seed.

        Raises:
            ValueError: If ``count`` is not positive.
        """
        positive_integer(count, "count")
        rng = generator(seed, "yin-yang")
        labels = rng.permutation(np.arange(count) % 3)
        points = np.stack([_draw(rng, label) for label in labels])
        coordinates = np.concatenate([points, 1 - points, np.zeros((count, 1))], axis=1)
        start = self.early + coordinates * (self.late - self.early)
        time = (np.arange(round(self.duration / self.dt)) * self.dt)[:, None, None]
        inputs = ((time >= start) & (time < start + self.pulse)).astype(np.float32)
        window = np.broadcast_to(time[..., 0] >= self.late + self.pulse, inputs.shape[:2])
        one = np.eye(3, dtype=np.float32)[labels]
        return Trials(
            torch.from_numpy(inputs),
            torch.from_numpy(window[..., None] * one),
            torch.from_numpy(window.astype(np.float32)),
            torch.from_numpy(labels).long(),
        )

    @staticmethod
    def decide(means: Float[Tensor, "b o"]) -> Int[Tensor, " b"]:
        """Return the class whose readout has the largest mean over the window."""
        return means.argmax(1)


def _draw(rng: np.random.Generator, label: int) -> NDArray[Any]:
    """Return a random point of one class, uniform over its area."""
    while True:  # rejection: the dots, the smallest class, take about 16 draws on average
        point = rng.uniform(0, 2 * _BIG, 2)
        if np.hypot(*(point - _BIG)) <= _BIG and classify(point) == label:
            return point


def classify(point: NDArray[Any]) -> int:
    """Return 0 for yin, 1 for yang, 2 for a dot."""
    x, y = point
    right = float(np.hypot(x - 1.5 * _BIG, y - _BIG))
    left = float(np.hypot(x - 0.5 * _BIG, y - _BIG))
    if right < _SMALL or left < _SMALL:
        return 2
    is_yin = left <= 0.5 * _BIG or (y > _BIG and right > 0.5 * _BIG)
    return 0 if is_yin else 1

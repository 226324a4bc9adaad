r"""Two generated classification tasks of spike trains: random manifolds, and spoken-like words.

References:
    Zenke and Vogels, "The remarkable robustness of surrogate gradient learning for instilling
    complex function in spiking neural networks", Neural Computation 33 (2021): the manifolds.
    Cramer, Stradmann, Schemmel, Zenke, "The Heidelberg spiking data sets", IEEE TNNLS 33 (2022):
    the recordings whose size the words have.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cayley._random import generator
from cayley.spiking.tasks._delayed_response import Trials

__all__ = ["RandomManifolds", "SpokenWords"]

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomManifolds:
    r"""Each class is a smooth random manifold in the space of spike times, one spike a channel.

    With coordinates :math:`x \in [0, 1]^D` of a point the spike of channel ``i`` is at the time

    .. math::

        f_i(x) = \prod_{j=1}^{D} \sum_{k=0}^{n-1} \frac{\theta^A_{ijk}}{(k + 1)^\alpha}
            \sin\bigl(2\pi(k x_j \theta^B_{ijk} + \theta^C_{ijk})\bigr),

    scaled to ``[0, duration)`` over the manifold, with all :math:`\theta` uniform in [0, 1] and
    :math:`\theta^A_{ij0} = 0`. The sum ends where :math:`k^{-\alpha}` falls below 0.001.

    Args:
        channels: Of spikes.
        classes: Number of manifolds.
        dimension: ``D``.
        smoothness: The exponent; a larger one makes smoother manifolds.
        duration: Of a trial, in milliseconds.
        dt: Time step.
        seed: Of the manifolds.
    """

    channels: int = 20
    classes: int = 10
    dimension: int = 1
    smoothness: float = 2.0
    duration: float = 100.0
    dt: float = 1.0
    seed: int = 0
    _manifolds: list[tuple[Array, Array, Array]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_manifolds", [self._manifold(c) for c in range(self.classes)])

    @property
    def features(self) -> int:
        """The number of input channels."""
        return self.channels

    @property
    def outputs(self) -> int:
        """The number of classes."""
        return self.classes

    def trials(self, count: int, *, seed: int) -> Trials:
        """Return ``count`` points and their classes, the same for the same seed."""
        rng = generator(seed, "random manifolds")
        labels = rng.permutation(np.arange(count) % self.classes)
        points = rng.random((count, self.dimension))
        steps = round(self.duration / self.dt)
        inputs = np.zeros((steps, count, self.channels), dtype=np.float32)
        for label, (theta, low, high) in enumerate(self._manifolds):
            which = np.flatnonzero(labels == label)
            place = (_on_manifold(theta, self.smoothness, points[which]) - low) / (high - low)
            when = np.clip((place * steps).astype(int), 0, steps - 1)
            inputs[when, which[:, None], np.arange(self.channels)] = 1
        return _trials(inputs, labels, self.classes)

    def _manifold(self, label: int) -> tuple[Array, Array, Array]:
        """Return the parameters of a manifold, and its bounds over 1000 points of it."""
        rng = generator(self.seed, "manifold", label)
        terms = int(np.ceil(0.001 ** (-1 / self.smoothness)))
        theta = rng.random((self.channels, self.dimension, 3, terms))
        theta[:, :, 0, 0] = 0
        values = _on_manifold(theta, self.smoothness, rng.random((1000, self.dimension)))
        return theta, values.min(0), values.max(0)


def _on_manifold(theta: Array, smoothness: float, points: Array) -> Array:
    """Return ``f_i(x)``, shape ``(points, channels)``."""
    k = np.arange(theta.shape[-1])
    size, speed, phase = theta[:, :, 0], theta[:, :, 1], theta[:, :, 2]
    angle = 2 * np.pi * (points[:, None, :, None] * (k * speed) + phase)
    values: Array = (size / (k + 1.0) ** smoothness * np.sin(angle)).sum(-1).prod(-1)
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWords:
    """Words of moving bands of channels, as an ear would send them; half are others reversed.

    A word has three bands, each with a center that moves over the channels through five random
    places, and a loudness that rises and falls. A channel fires at random, the faster the nearer a
    loud band is. Speakers differ: a trial is shifted over the channels, stretched and moved in
    time, and louder or softer. The second half of the words are those of the first half backwards,
    so that the number of spikes of each channel does not tell the two apart.

    Args:
        channels: Of spikes.
        words: Number of classes, an even number.
        duration: Of a trial, in milliseconds.
        dt: Time step.
        rate: Spikes per millisecond of a channel in the middle of a loud band.
        seed: Of the words.
    """

    channels: int = 200
    words: int = 10
    duration: float = 200.0
    dt: float = 2.0
    rate: float = 0.1
    seed: int = 0

    @property
    def features(self) -> int:
        """The number of input channels."""
        return self.channels

    @property
    def outputs(self) -> int:
        """The number of words."""
        return self.words

    def trials(self, count: int, *, seed: int) -> Trials:
        """Return ``count`` words by random speakers, the same for the same seed."""
        rng = generator(seed, "spoken words")
        labels = rng.permutation(np.arange(count) % self.words)
        steps = round(self.duration / self.dt)
        half = self.words // 2
        knots = [self._word(word) for word in range(half)]
        # Time from 0 to 1 within the word, of each trial.
        stretch, start = rng.uniform(0.8, 1.2, count), rng.uniform(-0.05, 0.05, count)
        time = (np.arange(steps)[:, None] / steps - 0.5 - start) / stretch + 0.5
        time = np.where(labels < half, time, 1 - time)
        shift, loud = rng.normal(0, 0.03, count), rng.uniform(0.7, 1.3, count)
        place = np.arange(self.channels) / self.channels
        inputs = np.zeros((steps, count, self.channels), dtype=np.float32)
        for trial, label in enumerate(labels):
            energy = np.zeros((steps, self.channels))
            for centers, loudness in knots[label % half]:
                grid = np.linspace(0, 1, len(centers))
                middle = np.interp(time[:, trial], grid, centers) + shift[trial]
                size = np.interp(time[:, trial], grid, loudness, left=0.0, right=0.0)
                energy += size[:, None] * np.exp(-(((place - middle[:, None]) / 0.03) ** 2))
            mean = self.rate * self.dt * loud[trial] * energy
            inputs[:, trial] = rng.random(mean.shape) < mean
        return _trials(inputs, labels, self.words)

    def _word(self, word: int) -> list[tuple[Array, Array]]:
        """Return centers and loudness of each band at five times."""
        rng = generator(self.seed, "word", word)
        return [(rng.uniform(0.1, 0.9, 5), rng.uniform(0.1, 1.0, 5)) for _ in range(3)]


def _trials(inputs: Array, labels: Array, classes: int) -> Trials:
    """Return trials whose answer is looked for at all times."""
    window = np.ones(inputs.shape[:2], dtype=np.float32)
    one = np.eye(classes, dtype=np.float32)[labels]
    return Trials(
        torch.from_numpy(inputs),
        torch.from_numpy(window[..., None] * one),
        torch.from_numpy(window),
        torch.from_numpy(labels).long(),
    )

"""Colored digits: pictures whose color agrees with the label, more in some environments."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cayley._errors import MissingExtraError
from cayley._shapes import Bool, Float, Int, Num

__all__ = ["ColoredDigits", "Environment", "load_pictures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Gray pictures and the digits that they show, in the order of their file.

    Attributes:
        images: Shape ``(n, size, size)``, float32 in 0..1.
        digits: Shape ``(n,)``, int64 in 0..9.
        grid: Size of the square grid on which the network sees them.
        num_test: How many of the last pictures are for testing; as many before them are held out.
        copies: How often each picture enters training and held-out data, every time with a label
            noise and a color of its own: a way to make much of few pictures.
    """

    images: Float[Tensor, "n size size"]
    digits: Int[Tensor, " n"]
    grid: int
    num_test: int
    copies: int = 1


def load_pictures(path: Path | None, *, grid: Literal[14, 28] = 14) -> Pictures:
    """Read MNIST from an ``.npz`` file with ``x`` and ``y``, or take scikit-learn's small digits.

    For a grid of 14 x 14, pictures of 28 x 28 are averaged over 2 x 2 squares. The 8 x 8 digits of
    scikit-learn are read as they are.

    Args:
        path: File with ``x`` of shape ``(n, 28, 28)``, uint8, and ``y`` of shape ``(n,)``; None for
            the digits that come with scikit-learn.
        grid: Size of the grid on which a network sees pictures from a file.

    Raises:
        ValueError: If the file holds something else.
        MissingExtraError: If no file is named and scikit-learn is not installed.
    """
    if path is None:
        return _small_digits()
    try:
        with np.load(path, allow_pickle=False) as file:
            images, digits = file["x"], file["y"]
    except (OSError, KeyError, ValueError):
        raise ValueError(f"{path}: not an .npz file with arrays `x` and `y`.") from None
    if images.ndim != 3 or images.shape[1:] != (28, 28) or digits.shape != images.shape[:1]:
        raise ValueError(
            f"{path}: `x` must have shape (n, 28, 28) and `y` (n,); got {images.shape} and "
            f"{digits.shape}."
        )
    # A sixth is for testing, and as many are held out: from fewer nothing could be estimated.
    if len(images) < 100:
        raise ValueError(f"{path}: needs at least 100 pictures; got {len(images)}.")
    gray = torch.from_numpy(images.astype(np.float32) / 255)
    return Pictures(
        images=gray if grid == 28 else F.avg_pool2d(gray[:, None], 2, stride=1)[:, 0],
        digits=torch.from_numpy(digits.astype(np.int64)),
        grid=grid,
        num_test=min(10_000, len(images) // 6),  # MNIST's own number
    )


def _small_digits() -> Pictures:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise MissingExtraError("scikit-learn", "bench") from None
    data = load_digits()
    return Pictures(
        images=torch.from_numpy((data.images / 16).astype(np.float32)),
        digits=torch.from_numpy(data.target.astype(np.int64)),
        grid=8,
        num_test=300,  # a sixth
        # Draws of label noise and color for each picture; with one draw a network would learn the
        # 1200 noisy labels by heart.
        copies=40,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment: which pictures, their noisy binary labels, their colors.

    Attributes:
        images: Shape ``(n, size, size)``, float32.
        labels: Shape ``(n,)``, float32, 0 or 1: whether the digit is at least 5, with noise.
        colors: Shape ``(n,)``, bool.
    """

    images: Float[Tensor, "n size size"]
    labels: Float[Tensor, " n"]
    colors: Bool[Tensor, " n"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColoredDigits:
    """Two training environments, held-out samples of the same two, and a test environment."""

    train: tuple[Environment, ...]
    heldout: tuple[Environment, ...]
    test: Environment
    grid: int

    @classmethod
    def make(
        cls,
        pictures: Pictures,
        rng: np.random.Generator,
        *,
        # Those of Colored MNIST (Arjovsky et al. 2019): the color is a better cue than the digit,
        # which is right three times in four, and misleads in the test.
        agreement: tuple[float, ...] = (0.9, 0.8),
        test_agreement: float = 0.1,
        label_noise: float = 0.25,
        color_is_cue: bool = True,
    ) -> "ColoredDigits":
        """Draw labels and colors, once for each picture (each copy of it).

        Args:
            pictures: Gray pictures; the last ones are for testing and the ones before held out.
            rng: Source of label noise, colors and the assignment to environments.
            agreement: Probability that color and label agree, per training environment.
            test_agreement: The same for the test environment.
            label_noise: Probability that the label is flipped.
            color_is_cue: If False, colors are fair coins everywhere: the oracle's data.
        """

        def environment(rows: NDArray[Any], agree: float) -> Environment:
            truth = pictures.digits[rows].numpy() >= 5
            labels = truth ^ (rng.random(len(rows)) < label_noise)
            colors = labels ^ (rng.random(len(rows)) >= (agree if color_is_cue else 0.5))
            return Environment(
                images=pictures.images[rows],
                labels=torch.from_numpy(labels.astype(np.float32)),
                colors=torch.from_numpy(colors),
            )

        number, test = len(pictures.digits), pictures.num_test
        training = rng.permutation(np.repeat(np.arange(number - 2 * test), pictures.copies))
        held = rng.permutation(
            np.repeat(np.arange(number - 2 * test, number - test), pictures.copies)
        )
        parts = len(agreement)
        return cls(
            train=tuple(environment(training[e::parts], agreement[e]) for e in range(parts)),
            heldout=tuple(environment(held[e::parts], agreement[e]) for e in range(parts)),
            test=environment(np.arange(number - test, number), test_agreement),
            grid=pictures.grid,
        )


def paint(
    images: Float[Tensor, "n size size"],
    colors: Bool[Tensor, " n"],
    *,
    grid: int,
    motion: Float[Tensor, "n 2 3"] | None = None,
) -> Float[Tensor, "n 2 grid grid"]:
    """Read pictures on a grid, moved by affine maps, and put each into the channel of its color.

    Args:
        images: Gray pictures.
        colors: Channel of each.
        grid: Size of the grid.
        motion: Affine map of each picture, in units of half its width; none if None.

    Returns:
        Two channels, one of them empty, in channels-last layout.
    """
    number = len(images)
    if motion is None:
        motion = torch.eye(2, 3).expand(number, 2, 3)
    points = F.affine_grid(motion, [number, 1, grid, grid], align_corners=False)
    gray = F.grid_sample(images[:, None], points, align_corners=False)
    mask = torch.stack([~colors, colors], 1).to(gray.dtype)
    return (gray * mask[:, :, None, None]).contiguous(memory_format=torch.channels_last)


def small_motions(
    number: int,
    generator: torch.Generator,
    *,
    degrees: float = 15.0,
    scale: float = 0.1,
    shift: float = 0.1,
) -> Num[Tensor, "number 2 3"]:
    """Draw rotations up to ``degrees``, scalings and shifts up to a share of half the width."""
    draw = 2 * torch.rand(4, number, generator=generator) - 1
    angle = draw[0] * (degrees * math.pi / 180)
    size = 1 + scale * draw[1]
    cos, sin = size * angle.cos(), size * angle.sin()
    rows = [cos, -sin, shift * draw[2], sin, cos, shift * draw[3]]
    return torch.stack(rows, 1).view(number, 2, 3)

"""Pictures of shapes filled with textures: the shape is the cause, the texture the cue."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Float, Int
from cayley.invariance._moments import Task

__all__ = ["SIZE", "ShapeProblem", "ShapeSamples", "draw_pictures", "draw_samples", "joint"]

SIZE: Final = 12
"""Width of a picture; shapes are 8 wide, so that each has 25 places."""

_WIDTH: Final = 8
Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeProblem:
    """A label, a shape that repeats it everywhere and a texture that does so in training.

    Attributes:
        classes: Number of labels, of shapes and of textures: 2 or 3.
        loss: What is minimized. For the squared error the labels are -1 and 1.
        noise: Probability that the shape is not that of the label.
        agreement: Probability that the texture is that of the label, per training environment.
        test_agreement: The same for the test environment.
    """

    classes: Literal[2, 3] = 2
    loss: Literal["squared error", "cross entropy"] = "cross entropy"
    noise: float = 0.05
    agreement: tuple[float, ...] = (0.95, 0.8, 0.65)
    test_agreement: float = 0.1

    @property
    def task(self) -> Task:
        """What the library's penalties call it."""
        if self.classes > 2:
            return "multiclass"
        return "regression" if self.loss == "squared error" else "binary"

    @property
    def num_outputs(self) -> int:
        """Outputs of a network."""
        return self.classes if self.classes > 2 else 1

    def target(self, labels: Int[Tensor, " n"]) -> Tensor:
        """Return labels as the loss takes them."""
        if self.classes > 2:
            return labels
        return labels * 2.0 - 1 if self.loss == "squared error" else labels.float()


def joint(problem: ShapeProblem, agreement: float) -> Float[Array, "k k k"]:
    """Return the probability of each shape, texture and label, in this order.

    Shape and texture are independent given the label; wrong ones are equally likely.

    Example:
        >>> joint(ShapeProblem(noise=0.1), 0.8)[0].round(3).tolist()
        [[0.36, 0.01], [0.09, 0.04]]
    """
    k = problem.classes

    def given_label(right: float) -> Array:
        wrong = (1 - right) / (k - 1)
        return np.full((k, k), wrong) + (right - wrong) * np.eye(k)

    shape, texture = given_label(1 - problem.noise), given_label(agreement)
    return shape[:, None, :] * texture[None, :, :] / k


def _masks() -> Float[Tensor, "3 8 8"]:
    """A square, a cross and a diamond."""
    i = torch.arange(_WIDTH)
    arm = (i >= 2) & (i < 6)
    far = (i - 3.5).abs()
    square = torch.ones(_WIDTH, _WIDTH, dtype=torch.bool)
    return torch.stack(
        [square, arm[:, None] | arm[None, :], far[:, None] + far[None, :] <= 4]
    ).float()


def _textures() -> Float[Tensor, "3 12 12"]:
    """Rows, columns and a chessboard, of period 2."""
    i = torch.arange(SIZE)
    rows, columns = (i % 2)[:, None].expand(SIZE, SIZE), (i % 2)[None, :].expand(SIZE, SIZE)
    return torch.stack([rows, columns, (rows + columns) % 2]).float()


def draw_pictures(
    shapes: Int[Tensor, " n"], textures: Int[Tensor, " n"], draws: torch.Generator
) -> Float[Tensor, "n 1 12 12"]:
    """Draw each shape at a random place, its texture in a random phase, and noise on all of it.

    Args:
        shapes: 0 to 2.
        textures: 0 to 2.
        draws: Source of places, phases and noise.

    Returns:
        Pictures of values about 0 to 1, float32.
    """
    number = len(shapes)
    places = torch.randint(SIZE - _WIDTH + 1, (2, number), generator=draws)
    phase = torch.randint(2, (number,), generator=draws).float()[:, None, None]
    at = torch.arange(SIZE) - places[:, :, None]  # (2, n, 12): coordinates within the shape
    inside = (at >= 0) & (at < _WIDTH)
    row, column = at.clamp(0, _WIDTH - 1)
    mask = _masks()[shapes[:, None, None], row[:, :, None], column[:, None, :]]
    mask = mask * inside[0][:, :, None] * inside[1][:, None, :]
    texture = (_textures()[textures] + phase) % 2
    pictures = mask * (0.4 + 0.6 * texture)
    # Noise of a sixth of the stripes' contrast: neither cause nor cue is hard to see.
    return (pictures + 0.1 * torch.randn(pictures.shape, generator=draws))[:, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeSamples:
    """Pictures of several environments.

    Attributes:
        pictures: Shape ``(n, 1, 12, 12)``.
        labels: Shape ``(n,)``, int64, from 0.
        environments: Shape ``(n,)``, int64, from 0.
    """

    pictures: Float[Tensor, "n 1 12 12"]
    labels: Int[Tensor, " n"]
    environments: Int[Tensor, " n"]

    def without(self, environment: int) -> "ShapeSamples":
        """Return the samples of the other environments, which are numbered from 0 again."""
        kept = self.environments != environment
        ids = self.environments[kept]
        return ShapeSamples(
            pictures=self.pictures[kept],
            labels=self.labels[kept],
            environments=ids - (ids > environment).long(),
        )

    def of(self, environment: int) -> "ShapeSamples":
        """Return the samples of one environment."""
        own = self.environments == environment
        return ShapeSamples(
            pictures=self.pictures[own],
            labels=self.labels[own],
            environments=self.environments[own],
        )


def draw_samples(
    problem: ShapeProblem,
    rows: int,
    rng: np.random.Generator,
    draws: torch.Generator,
    *,
    texture_is_cue: bool = True,
) -> ShapeSamples:
    """Draw ``rows`` pictures of each training environment.

    Args:
        problem: How shape, texture and label go together.
        rows: Pictures per environment.
        rng: Source of shapes, textures and labels.
        draws: Source of the pictures.
        texture_is_cue: If False, textures are independent of the labels: the oracle's data.
    """
    k, cells = problem.classes, []
    for agreement in problem.agreement:
        table = joint(problem, agreement if texture_is_cue else 1 / k)
        cells.append(rng.choice(k**3, size=rows, p=table.ravel()))
    shapes, textures, labels = np.unravel_index(np.concatenate(cells), (k, k, k))
    return ShapeSamples(
        pictures=draw_pictures(torch.from_numpy(shapes), torch.from_numpy(textures), draws),
        labels=torch.from_numpy(labels),
        environments=torch.arange(len(problem.agreement)).repeat_interleave(rows),
    )

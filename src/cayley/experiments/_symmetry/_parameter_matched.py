"""The networks that are compared: all with the same number of parameters, give or take a tenth."""

from math import prod, sqrt

import torch
from torch import Tensor, nn

from cayley._random import stream_seed
from cayley.equivariance import (
    EquivariantNetwork,
    ExtremalFrame,
    FrameAverage,
    GroupAverage,
)
from cayley.experiments._symmetry._discovered import EquivariantTask

__all__ = ["METHODS", "build", "num_parameters"]

METHODS = ("equivariant", "plain", "augmented", "group-average", "frame-average")
"""``augmented`` is ``plain`` trained on samples that random elements of the group have moved."""


class Perceptron(nn.Module):
    """A plain perceptron on the flattened sample, with two hidden layers."""

    def __init__(self, shape_in: tuple[int, int], shape_out: tuple[int, int], hidden: int) -> None:
        super().__init__()
        self.shape_out = shape_out
        widths = (prod(shape_in), hidden, hidden, prod(shape_out))
        self.layers = nn.Sequential(
            nn.Linear(widths[0], widths[1]),
            nn.ReLU(),
            nn.Linear(widths[1], widths[2]),
            nn.ReLU(),
            nn.Linear(widths[2], widths[3]),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs, shape ``(batch, channels, t)``."""
        y: Tensor = self.layers(x.flatten(1))
        return y.reshape(len(x), *self.shape_out)


def num_parameters(module: nn.Module) -> int:
    """Return the number of trainable numbers."""
    return sum(p.numel() for p in module.parameters())


def build(problem: EquivariantTask, method: str, seed: int) -> nn.Module:
    """Return an untrained network, from a seed.

    Raises:
        ValueError: If there is no such method.
    """
    draws = torch.Generator().manual_seed(stream_seed(seed, "weights"))
    width = problem.width
    equivariant = EquivariantNetwork(
        problem.in_rep,
        problem.out_rep,
        hidden=(width, width),
        in_channels=problem.channels[0],
        out_channels=problem.channels[1],
        generator=draws,
    )
    if method == "equivariant":
        return equivariant
    shape_in = (problem.channels[0], problem.in_rep.degree)
    shape_out = (problem.channels[1], problem.out_rep.degree)
    hidden = _width(prod(shape_in), prod(shape_out), num_parameters(equivariant))
    plain = Perceptron(shape_in, shape_out, hidden)
    with torch.no_grad():
        for layer in plain.layers:
            if isinstance(layer, nn.Linear):
                bound = 1 / sqrt(layer.in_features)
                layer.weight.uniform_(-bound, bound, generator=draws)
                layer.bias.uniform_(-bound, bound, generator=draws)
    if method in ("plain", "augmented"):
        return plain
    if method == "group-average":
        return GroupAverage(plain, problem.in_rep, problem.out_rep)
    if method == "frame-average":
        return FrameAverage(plain, ExtremalFrame(problem.in_rep, problem.out_rep))
    raise ValueError(f"no method is called {method!r}; there are: {', '.join(METHODS)}.")


def _width(numbers_in: int, numbers_out: int, parameters: int) -> int:
    """Return the hidden width that comes nearest to a number of parameters."""

    def count(h: int) -> int:
        return (numbers_in + 1) * h + (h + 1) * h + (h + 1) * numbers_out

    # The networks have some 4000 parameters; a width of 400 would give 160,000.
    return min(range(4, 400), key=lambda h: abs(count(h) - parameters))

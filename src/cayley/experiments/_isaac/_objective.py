"""What is to be learned: a network, its data, its loss, and when it counts as learned."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cayley._random import stream_seed
from cayley.experiments._isaac._architecture import (
    PairNetwork,
    Transformer,
    convolutional,
    draw_weights,
    perceptron,
)
from cayley.experiments._isaac._data import (
    Split,
    images,
    modular_addition,
    shifted,
    source_text,
)

__all__ = ["OBJECTIVES", "Objective"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing to learn.

    Attributes:
        name: Case and data, such as ``"autoencoder-digits"``: the key of its learning rates.
        model: Freshly drawn.
        split: The data.
        batch: Samples per step.
        reconstruct: Whether the target is the input (mean squared error) or a class
            (cross-entropy).
        target: Training loss at which it counts as learned.
        steps: Steps to run.
        look: Samples, at most, on which losses and accuracies are measured.
        preconditioned: Which layers ISAAC takes, by name.
    """

    name: str
    model: nn.Module
    split: Split
    batch: int
    target: float
    steps: int
    look: int = 500  # a look at more would cost more than the steps between two looks
    reconstruct: bool = False
    preconditioned: Callable[[str, nn.Module], bool] = field(default=lambda name, module: True)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss over samples (and positions)."""
        if self.reconstruct:
            return F.mse_loss(outputs, targets)
        return F.cross_entropy(outputs.flatten(0, -2), targets.flatten())

    def sample(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return one batch, drawn with replacement."""
        inputs, targets = self.split.train
        chosen = torch.randint(len(inputs), (self.batch,), generator=generator)
        return inputs[chosen], (inputs if self.reconstruct else targets)[chosen]

    @torch.no_grad()
    def train_loss(self, model: nn.Module) -> float:
        """Return the loss on training data, on ``look`` samples evenly spread."""
        return float(self.loss(*self._outputs(model, self.split.train)))

    @torch.no_grad()
    def test(self, model: nn.Module) -> dict[str, float]:
        """Return the loss on test data and, for classes, the share predicted correctly."""
        outputs, targets = self._outputs(model, self.split.test)
        loss = float(self.loss(outputs, targets))
        if self.reconstruct:
            return {"test_mse": loss}
        correct = (outputs.argmax(-1) == targets).double().mean()
        return {"test_loss": loss, "test_accuracy": float(correct)}

    def _outputs(self, model: nn.Module, data: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        inputs, targets = (part[:: max(1, len(part) // self.look)] for part in data)
        return model(inputs), inputs if self.reconstruct else targets


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(stream_seed(seed, "weights"))


def autoencoder(file: Path | None, seed: int) -> Objective:
    """Return the deep autoencoder 784-400-200-30 and back, linear in its code."""
    split = images(file)
    pixels = split.train[0].shape[1]
    model = perceptron((pixels, 400, 200, 30, 200, 400, pixels), linear=(2,))
    draw_weights(model, _generator(seed))
    return Objective(
        name=f"autoencoder-{'digits' if file is None else 'mnist'}",
        model=model,
        split=split,
        batch=100,
        reconstruct=True,
        # Adam gets there about half-way: after 255 of 500 steps, 465 of 800.
        target=0.01 if file is None else 0.02,
        steps=500 if file is None else 800,
    )


def mlp(file: Path | None, seed: int) -> Objective:
    """Return the perceptron 784-400x4-10; ISAAC takes its first three layers."""
    split = images(file)
    model = perceptron((split.train[0].shape[1], 400, 400, 400, 400, 10))
    draw_weights(model, _generator(seed))
    return Objective(
        name=f"mlp-{'digits' if file is None else 'mnist'}",
        model=model,
        split=split,
        batch=60 if file is None else 128,
        target=0.1,  # SGD, the slowest, gets there within the steps: 170 of 300, 950 of 1000
        steps=300 if file is None else 1000,
        preconditioned=lambda name, module: name in {"0", "2", "4"},
    )


def convolution(file: Path | None, seed: int) -> Objective:
    """Return two convolutions on images that are moved by up to a pixel of 8, or 3 of 28."""
    split = images(file)
    size = round(split.train[0].shape[1] ** 0.5)
    model = convolutional(size)
    draw_weights(model, _generator(seed))
    return Objective(
        name=f"convolution-{'digits' if file is None else 'mnist'}",
        model=model,
        split=shifted(split, size // 8, seed),
        batch=60,
        target=0.1,
        steps=300,
    )


def text(_file: Path | None, seed: int) -> Objective:
    """Return a transformer of two blocks that predicts the next character."""
    context = 64
    model = Transformer(128, context=context, width=64, heads=4, layers=2, last_only=False)
    draw_weights(model, _generator(seed))
    return Objective(
        name="text",
        model=model,
        split=source_text(context),
        batch=16,
        target=2.2,  # nats a character (to know nothing is log 128 = 4.9); Adam's 300 steps
        steps=500,
        look=50,
    )


def operations_mlp(_file: Path | None, seed: int) -> Objective:
    """Return HyperCube's first baseline: a perceptron on embedded operands, a + b mod 31."""
    model = PairNetwork(31, 64, 256)
    draw_weights(model, _generator(seed))
    return Objective(
        name="operations-mlp",
        model=model,
        split=modular_addition(31, observed=0.8, seed=seed),
        batch=128,
        target=0.1,
        steps=600,
    )


def operations_transformer(_file: Path | None, seed: int) -> Objective:
    """Return HyperCube's second baseline: a decoder that reads both operands, a + b mod 31."""
    model = Transformer(31, context=2, width=64, heads=4, layers=2, last_only=True)
    draw_weights(model, _generator(seed))
    return Objective(
        name="operations-transformer",
        model=model,
        split=modular_addition(31, observed=0.8, seed=seed),
        batch=128,
        target=0.1,
        steps=600,
    )


OBJECTIVES: dict[str, Callable[[Path | None, int], Objective]] = {
    "autoencoder": autoencoder,
    "mlp": mlp,
    "convolution": convolution,
    "text": text,
    "operations": operations_mlp,
    "operations-transformer": operations_transformer,
}

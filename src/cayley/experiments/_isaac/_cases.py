"""The problems of the suite: network, data and target of each case."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from cayley._random import stream_seed
from cayley.experiments._isaac._architecture import (
    Classifier,
    PairNetwork,
    Transformer,
    convolutional,
    draw_weights,
    perceptron,
)
from cayley.experiments._isaac._corpus import corpus
from cayley.experiments._isaac._data import images, modular_addition, shifted, source_text
from cayley.experiments._isaac._objective import Objective
from cayley.experiments._isaac._pretraining import Pretraining, pretrained
from cayley.experiments._isaac._text_tasks import CLASSES, task

__all__ = ["FINETUNING", "OBJECTIVES", "perceptron_of", "pretrain_once"]


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


def perceptron_of(depth: int, width: int, file: Path | None, seed: int) -> Objective:
    """Return a perceptron with ``depth`` hidden layers of ``width``; ISAAC takes every layer."""
    split = images(file)
    model = perceptron((split.train[0].shape[1], *[width] * depth, 10))
    draw_weights(model, _generator(seed))
    return Objective(
        name=f"mlp-{depth}x{width}-{'digits' if file is None else 'mnist'}",
        model=model,
        split=split,
        batch=60,
        target=0.2,
        steps=300,
        look=250,
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


def pretrain_once(report: Callable[[float, str], None]) -> dict[str, Tensor]:
    """Return the weights from which fine-tuning starts; it takes minutes the first time."""
    return pretrained(corpus(), Pretraining(), report)


def finetuning(name: str, _file: Path | None, seed: int) -> Objective:
    """Return a pretrained encoder with a fresh head on one of the tasks of ``_text_tasks``."""
    text, weights = corpus(), pretrain_once(lambda done, message: None)
    encoder = Pretraining().encoder(text.symbols)
    encoder.load_state_dict({key: value for key, value in weights.items() if key != "loss"})
    model = Classifier(encoder, CLASSES[name])
    draw_weights(model.head, _generator(seed))
    return Objective(
        name=f"finetune-{name}",
        model=model,
        split=task(name, text),
        batch=32,
        target=0.3,
        steps=150,
        look=100,
        decay=True,
        preconditioned=lambda _, module: isinstance(module, nn.Linear),
    )


FINETUNING = tuple(f"finetune-{name}" for name in CLASSES)
OBJECTIVES: dict[str, Callable[[Path | None, int], Objective]] = {
    "autoencoder": autoencoder,
    "mlp": mlp,
    "convolution": convolution,
    "text": text,
    "operations": operations_mlp,
    "operations-transformer": operations_transformer,
    **dict(zip(FINETUNING, (partial(finetuning, name) for name in CLASSES), strict=True)),
}

"""Data that ship: scikit-learn's digits, Python's own source text, tables made by numpy.

Full MNIST comes from a file that the user names.
"""

import functools
import inspect
import random
import statistics
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from cayley._errors import MissingExtraError
from cayley._random import generator

__all__ = ["Split", "images", "modular_addition", "shifted", "source_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Inputs and targets, for training and for testing; with or without some for tuning."""

    name: str
    train: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]
    validation: tuple[Tensor, Tensor] | None = None


def images(file: Path | None) -> Split:
    """Return images as rows of numbers from 0 to 1, with their digits.

    Without a file: scikit-learn's digits, 1797 images of 64 pixels, every fifth for testing. With
    one: an ``.npz`` archive in any of the usual layouts of MNIST (``x_train``, ``y_train``,
    ``x_test``, ``y_test``, or one array of images and one of labels, the last seventh for testing).

    Raises:
        MissingExtraError: If scikit-learn is needed and not installed.
        ValueError: If the file cannot be understood.
    """
    return _digits() if file is None else _archive(file)


def _digits() -> Split:
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise MissingExtraError("scikit-learn", "bench") from None
    pixels, labels = load_digits(return_X_y=True)
    testing = np.arange(len(pixels)) % 5 == 4  # a fifth, spread over the file whatever its order
    return _split("digits", pixels / 16.0, labels, testing)


@functools.lru_cache(maxsize=1)  # a second for MNIST, and tuning asks for it at each setting
def _archive(file: Path) -> Split:
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, AttributeError) as error:
        raise ValueError(f"{file}: cannot be read as an .npz archive ({error}).") from None
    if {"x_train", "y_train", "x_test", "y_test"} <= set(arrays):
        pixels = np.concatenate([arrays["x_train"], arrays["x_test"]])
        labels = np.concatenate([arrays["y_train"], arrays["y_test"]])
        testing = np.arange(len(pixels)) >= len(arrays["x_train"])
    else:  # the last seventh for testing: 10,000 of MNIST's 70,000
        pixels = _only(file, arrays, [array for array in arrays.values() if array.ndim > 1])
        labels = _only(file, arrays, [array for array in arrays.values() if array.ndim == 1])
        testing = np.arange(len(pixels)) >= len(pixels) - len(pixels) // 7
    if len(pixels) != len(labels):
        raise ValueError(f"{file}: {len(pixels)} images but {len(labels)} labels.")
    return _split(
        file.stem, pixels.reshape(len(pixels), -1).astype(np.float32) / 255, labels, testing
    )


def _only(file: Path, arrays: dict[str, Any], candidates: list[Any]) -> Any:
    if len(candidates) != 1:
        found = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(
            f"{file}: expected x_train, y_train, x_test and y_test, or one array of images and "
            f"one of labels; found {found}."
        )
    return candidates[0]


def _split(name: str, pixels: Any, labels: Any, testing: Any) -> Split:
    x = torch.from_numpy(np.ascontiguousarray(pixels, dtype=np.float32))
    y = torch.from_numpy(np.ascontiguousarray(labels, dtype=np.int64))
    chosen = torch.from_numpy(np.ascontiguousarray(testing))
    return Split(name=name, train=(x[~chosen], y[~chosen]), test=(x[chosen], y[chosen]))


def shifted(split: Split, most: int, seed: int) -> Split:
    """Return square images, each moved by up to ``most`` pixels along both axes, zeros behind it.

    The distances are drawn once for each image, of training and of test data.
    """
    rng = generator(seed, "shifts")

    def moved(rows: Tensor) -> Tensor:
        size = round(rows.shape[1] ** 0.5)
        padded = torch.nn.functional.pad(rows.view(-1, size, size), (most,) * 4)
        down, right = torch.from_numpy(rng.integers(0, 2 * most + 1, (2, len(rows), 1)))
        steps = torch.arange(size)
        at = torch.arange(len(rows))[:, None, None]
        return padded[at, (down + steps)[:, :, None], (right + steps)[:, None]].flatten(1)

    return Split(
        name=f"{split.name}, shifted",
        train=(moved(split.train[0]), split.train[1]),
        test=(moved(split.test[0]), split.test[1]),
    )


def source_text(context: int) -> Split:
    """Return windows of characters and the characters that follow each.

    The text is the source of three modules of Python's own library, mostly prose about
    statistics, random numbers and wrapped text; its last tenth is for testing.
    """
    text = "".join(inspect.getsource(module) for module in (statistics, random, textwrap))
    # The transformer knows 128 symbols: ASCII, the last of which stands for everything else.
    codes = torch.tensor([min(ord(character), 127) for character in text])
    windows = codes.unfold(0, context + 1, 1)
    border = len(windows) * 9 // 10
    train, test = windows[: border - context], windows[border::context]
    return Split(
        name="python-source",
        train=(train[:, :-1], train[:, 1:]),
        test=(test[:, :-1], test[:, 1:]),
    )


def modular_addition(modulus: int, *, observed: float, seed: int) -> Split:
    """Return the table of a + b mod p as pairs and results; unobserved cells are for testing."""
    pairs = np.stack(np.meshgrid(np.arange(modulus), np.arange(modulus), indexing="ij"), -1)
    pairs = pairs.reshape(-1, 2)
    order = generator(seed, "cells").permutation(len(pairs))
    x, y = torch.from_numpy(pairs[order]), torch.from_numpy(pairs[order].sum(1) % modulus)
    border = round(observed * len(pairs))
    return Split(
        name=f"a+b mod {modulus}", train=(x[:border], y[:border]), test=(x[border:], y[border:])
    )

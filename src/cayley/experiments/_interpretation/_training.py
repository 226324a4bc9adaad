r"""Training of one-hidden-layer networks on all pairs of a table at once.

.. math:: f(a, b)_c = \sum_i \max(0, (E W)_{ai} + (E' W')_{bi})\, U_{ic} .

The hidden sums are read off two small products, so that a step is three matrix products with as
many rows as pairs, and the gradients of the tables are sums over equal operands. Two factors before
the hidden layer, as an embedding and a linear map are, make weight decay prefer few irreducible
parts; a table of summands alone learns all of them.

AdamW with full batches divides each gradient by its size, and decay against it drives weights to
:math:`\pm 1/\lambda` instead of to small values. Once the test cells are right, ``epsilon`` is
therefore raised: the step becomes proportional to the gradient, and what the network does not use
decays.

Source: Chughtai, Chan, Nanda (2023), arXiv:2302.03025; Loshchilov, Hutter (2019), "Decoupled weight
decay regularization", arXiv:1711.05101.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Float, Int

__all__ = ["OneLayerNetwork", "OneLayerRecipe", "train_one_layer"]

_CHUNK = 512
"""Pairs at once: their hidden values, 512 x 128 in float32, fit into the cache of a core."""

_BETAS = (0.9, 0.98)
"""As in the networks of the literature; the second is short because the loss falls fast."""

_WARMUP = 10
"""Steps in which the learning rate grows: the first second moments are a few gradients old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneLayerRecipe:
    """How a network is built and trained.

    Attributes:
        width: Hidden neurons.
        embedding: Columns of each embedding.
        share: Share of the cells that are trained on.
        rate: Learning rate.
        decay: Decoupled weight decay.
        epsilon: What is added to the root of the second moment once ``enough`` is reached.
        enough: Test accuracy from which the learning rate falls.
        settle: Steps in which it falls to a tenth.
        most: Most steps.
    """

    width: int = 128
    embedding: int = 64
    share: float = 0.6
    rate: float = 0.02
    decay: float = 2.0
    epsilon: float = 1e-4
    enough: float = 0.999
    settle: int = 600
    most: int = 2500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneLayerNetwork:
    """A trained network, float32.

    Attributes:
        left: Summand of each left operand, shape ``(n, m)``.
        right: Of each right one.
        unembedding: One row a symbol, shape ``(n, m)``.
        history: Step, loss and test accuracy, one row for each look at the test cells.
        steps: Steps taken.
    """

    left: Float[NDArray[Any], "n m"]
    right: Float[NDArray[Any], "n m"]
    unembedding: Float[NDArray[Any], "n m"]
    history: Float[NDArray[Any], "k 3"]
    steps: int


def train_one_layer(
    table: Int[NDArray[Any], "n n"],
    recipe: OneLayerRecipe,
    *,
    seed: int,
    progress: Callable[[float, str], None] = lambda done, words: None,
) -> OneLayerNetwork:
    """Train until all test cells are right and the learning rate has fallen, or to the last step.

    Args:
        table: The operation.
        recipe: How.
        seed: Of the weights and of which cells are trained on.
        progress: See :class:`~cayley.experiments.Context`.
    """
    n = len(table)
    random = torch.Generator().manual_seed(seed)
    order = torch.randperm(n * n, generator=random)
    count = int(recipe.share * n * n)
    train, test = order[:count].sort().values, order[count:]
    answers = torch.tensor(table.reshape(-1), dtype=torch.int64)  # a copy: tables are read-only
    weights = _weights(n, recipe, random)
    chunks = [(part // n, part % n, answers[part][:, None]) for part in torch.split(train, _CHUNK)]
    moments = [torch.zeros_like(each) for each in weights]
    squares = [torch.zeros_like(each) for each in weights]
    history, settling, step = [], None, 0
    for step in range(1, recipe.most + 1):
        look = step % 50 == 0  # rarely enough to cost nothing
        loss, gradients = _gradients(weights, chunks, count, measure=look)
        done = 0.0 if settling is None else min(1.0, (step - settling) / recipe.settle)
        # Within a sixth of the settling, epsilon goes from nothing to its value.
        epsilon = 1e-8 * (recipe.epsilon / 1e-8) ** min(1.0, 6 * done)
        rate = recipe.rate * min(1.0, step / _WARMUP) * max(0.1, 1 - done)
        state = (moments, squares)
        _step(weights, gradients, state, step=step, rate=rate, decay=recipe.decay, epsilon=epsilon)
        if look:
            right = _answers(weights, test, n) == answers[test]
            accuracy = float(right.double().mean())
            history.append((step, loss, accuracy))
            progress(step / recipe.most, f"test accuracy {accuracy:.4f}, loss {loss:.2e}")
            if settling is None and accuracy >= recipe.enough:
                settling = step
            if accuracy == 1 and settling is not None and step >= settling + recipe.settle:
                break
    left, right, unembedding = _tables(weights)
    return OneLayerNetwork(
        left=left.numpy(),
        right=right.numpy(),
        unembedding=unembedding.T.contiguous().numpy(),
        history=np.array(history).reshape(-1, 3),
        steps=step,
    )


def _weights(n: int, recipe: OneLayerRecipe, random: torch.Generator) -> list[Tensor]:
    """Draw embeddings, linear maps and unembedding; small, so that features grow from nothing."""
    d, m = recipe.embedding, recipe.width
    shapes = ((n, d), (n, d), (d, m), (d, m), (m, n))
    scales = (d, d, m, m, m)
    return [
        0.5 * torch.randn(shape, generator=random) / scale**0.5
        for shape, scale in zip(shapes, scales, strict=True)
    ]


def _tables(weights: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    left, right, left_map, right_map, unembedding = weights
    return left @ left_map, right @ right_map, unembedding


def _answers(weights: list[Tensor], pairs: Int[Tensor, " k"], n: int) -> Int[Tensor, " k"]:
    left, right, unembedding = _tables(weights)
    hidden = left[pairs // n].add_(right[pairs % n]).relu_()
    return (hidden @ unembedding).argmax(1)


def _gradients(
    weights: list[Tensor],
    chunks: list[tuple[Tensor, Tensor, Tensor]],
    count: int,
    *,
    measure: bool,
) -> tuple[float, list[Tensor]]:
    """Return the mean cross-entropy, if it is to be measured, and the gradient of each weight."""
    left, right, unembedding = _tables(weights)
    sums = [torch.zeros_like(each) for each in (left, right, unembedding)]
    transposed, loss = unembedding.T.contiguous(), 0.0
    for a, b, answer in chunks:
        # `index_select` and `threshold_backward` take a fifth of the time of `[]` and `where`.
        hidden = left.index_select(0, a).add_(right.index_select(0, b)).relu_()
        scores = hidden @ unembedding
        scores -= scores.amax(1, keepdim=True)
        right_scores = scores.gather(1, answer)
        total = scores.exp_().sum(1, keepdim=True)
        if measure:
            loss += float((total.log() - right_scores).sum()) / count
        scores /= total * count
        scores.scatter_add_(1, answer, torch.full_like(right_scores, -1 / count))
        sums[2].addmm_(hidden.T, scores)
        back = torch.ops.aten.threshold_backward(scores @ transposed, hidden, 0)
        sums[0].index_add_(0, a, back)
        sums[1].index_add_(0, b, back)
    left, right, left_map, right_map, _ = weights
    return loss, [
        sums[0] @ left_map.T,
        sums[1] @ right_map.T,
        left.T @ sums[0],
        right.T @ sums[1],
        sums[2],
    ]


def _step(
    weights: list[Tensor],
    gradients: list[Tensor],
    state: tuple[list[Tensor], list[Tensor]],
    *,
    step: int,
    rate: float,
    decay: float,
    epsilon: float,
) -> None:
    """Take one step of AdamW in place."""
    first, second = _BETAS
    for weight, gradient, moment, square in zip(weights, gradients, *state, strict=True):
        moment.mul_(first).add_(gradient, alpha=1 - first)
        square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        root = (square / (1 - second**step)).sqrt_().add_(epsilon)
        weight.mul_(1 - rate * decay).addcdiv_(moment, root, value=-rate / (1 - first**step))

"""The networks of the experiments; every linear map is a layer of its own."""

from itertools import pairwise
from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = [
    "Classifier",
    "Encoder",
    "PairNetwork",
    "Transformer",
    "convolutional",
    "draw_weights",
    "perceptron",
]


def perceptron(widths: tuple[int, ...], *, linear: tuple[int, ...] = ()) -> nn.Sequential:
    """Return linear layers with rectifiers between them, but not after those in ``linear``."""
    layers: list[nn.Module] = []
    for i, (before, after) in enumerate(pairwise(widths)):
        layers.append(nn.Linear(before, after))
        if i < len(widths) - 2 and i not in linear:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def convolutional(size: int) -> nn.Sequential:
    """Return two convolutions, each with a rectifier and a maximum over 2 x 2, and a perceptron.

    It takes rows of ``size * size`` pixels.
    """
    return nn.Sequential(
        nn.Unflatten(1, (1, size, size)),
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
        *perceptron((32 * (size // 4) ** 2, 64, 10)),
    )  # fmt: skip


class PairNetwork(nn.Module):
    """A perceptron on the embeddings of two symbols."""

    def __init__(self, symbols: int, width: int, hidden: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(symbols, width)
        self.body = perceptron((2 * width, hidden, hidden, symbols))

    def forward(self, pairs: Tensor) -> Tensor:
        """Return scores of the result for pairs of symbols, shape ``(batch, symbols)``."""
        scores: Tensor = self.body(self.embed(pairs).flatten(1))
        return scores


class _Block(nn.Module):
    def __init__(self, width: int, heads: int, *, causal: bool = True) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.norm_attention, self.norm_mlp = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        parts = self.query_key_value(self.norm_attention(x))
        parts = parts.view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        x = x + self.project(mixed.transpose(1, 2).reshape(batch, length, width))
        result: Tensor = x + self.down(F.gelu(self.up(self.norm_mlp(x))))
        return result


class Transformer(nn.Module):
    """A decoder: each position predicts what follows it, from what came before."""

    def __init__(
        self, symbols: int, *, context: int, width: int, heads: int, layers: int, last_only: bool
    ) -> None:
        super().__init__()
        self.last_only = last_only
        self.embed = nn.Embedding(symbols, width)
        self.position = nn.Embedding(context, width)
        self.blocks = nn.Sequential(*(_Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, symbols)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return scores by position, or of the last position only, over the last axis."""
        x = self.embed(tokens) + self.position.weight[: tokens.shape[1]]
        x = self.norm(self.blocks(x))
        scores: Tensor = self.out(x[:, -1] if self.last_only else x)
        return scores


class Encoder(nn.Module):
    """Blocks in which each position sees all others, as in BERT."""

    def __init__(self, symbols: int, *, context: int, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(symbols, width)
        self.position = nn.Embedding(context, width)
        self.blocks = nn.Sequential(*(_Block(width, heads, causal=False) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the state of each position, shape ``(batch, positions, width)``."""
        x = self.embed(tokens) + self.position.weight[: tokens.shape[1]]
        states: Tensor = self.norm(self.blocks(x))
        return states


class Classifier(nn.Module):
    """An encoder, and a perceptron on the mean of its states."""

    def __init__(self, encoder: Encoder, classes: int) -> None:
        super().__init__()
        width = encoder.norm.normalized_shape[0]
        self.encoder = encoder
        self.head = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, classes))

    def forward(self, tokens: Tensor) -> Tensor:
        """Return scores of the classes, shape ``(batch, classes)``."""
        scores: Tensor = self.head(self.encoder(tokens).mean(1))
        return scores


@torch.no_grad()
def draw_weights(model: nn.Module, generator: torch.Generator) -> None:
    """Draw every weight anew, from a generator: PyTorch's own starts, but N(0, 0.02) embeddings."""
    for module in model.modules():
        if isinstance(module, nn.Embedding):
            # as in GPT-2
            module.weight.normal_(0, 0.02, generator=generator)
        elif isinstance(module, nn.Linear | nn.Conv2d):
            bound = 1 / sqrt(module.weight[0].numel())
            assert module.bias is not None
            module.weight.uniform_(-bound, bound, generator=generator)
            module.bias.uniform_(-bound, bound, generator=generator)

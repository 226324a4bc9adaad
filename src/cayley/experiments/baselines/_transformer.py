"""The decoder transformer of the literature on grokking."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cayley._shapes import Float, Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._dataset import OperationDataset
from cayley.experiments.baselines._network import make_network, train_on_cells
from cayley.tables import Table

__all__ = ["DecoderTransformer", "TransformerCompleter"]


def positional_encoding(length: int, width: int) -> Float[Tensor, "length width"]:
    r"""Return sines and cosines, :math:`\sin(t / 10000^{2k/w})` at 2k and the cosine at 2k + 1.

    Example:
        >>> positional_encoding(2, 2)[0].tolist()
        [0.0, 1.0]
    """
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    angles = torch.arange(length)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)[:, :width]


class Block(nn.Module):
    """Causal self-attention and a feed-forward layer, each added and then normalized."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.mix = nn.Linear(width, 3 * width, bias=False)
        self.join = nn.Linear(width, width, bias=False)
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width)
        )
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])

    def forward(self, x: Float[Tensor, "m t w"]) -> Float[Tensor, "m t w"]:
        """Return what each token has gathered from those before it."""
        q, k, v = self.mix(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        gathered = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = self.norms[0](x + self.join(gathered.transpose(1, 2).flatten(2)))
        normalized: Tensor = self.norms[1](x + self.feed(x))
        return normalized


class DecoderTransformer(nn.Module):
    """A transformer decoder that continues sequences of tokens.

    Args:
        tokens: Size of the vocabulary.
        layers: Number of blocks.
        width: Width of the embedding.
        heads: Number of heads; divides the width.
        length: Most tokens in a sequence.

    Example:
        >>> DecoderTransformer(10)(torch.zeros(3, 5, dtype=torch.int64)).shape
        torch.Size([3, 5, 10])

    References:
        Power et al. (2022), arXiv:2201.02177, appendix A.1.2.
    """

    def __init__(
        self, tokens: int, *, layers: int = 2, width: int = 128, heads: int = 4, length: int = 7
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, width)
        self.positions: Tensor
        self.register_buffer("positions", positional_encoding(length, width), persistent=False)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.read_out = nn.Linear(width, tokens, bias=False)

    def forward(self, sequence: Int[Tensor, "m t"]) -> Float[Tensor, "m t v"]:
        """Return the logits of the token that comes next at every place."""
        x = self.embedding(sequence) + self.positions[: sequence.shape[1]]
        logits: Tensor = self.read_out(self.blocks(x))
        return logits


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerCompleter:
    """Trains :class:`DecoderTransformer` to continue ``<|eos|> a o b =``.

    Attributes:
        layers: Number of blocks.
        width: Width of the embedding.
        heads: Number of heads.
        rate: Learning rate of AdamW.
        weight_decay: Weight decay of AdamW.
        betas: Averaging of AdamW.
        warmup: Steps of warm-up.
        batch: Most equations in a minibatch.
        device: Where to compute.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("C3"), observe=0.9, seed=0)
        >>> method = TransformerCompleter(width=16)
        >>> method.complete(table, seed=0, budget=Budget(steps=3)).table.shape
        (3, 3)

    References:
        Power et al. (2022), arXiv:2201.02177, appendix A.1.2 (all defaults).
    """

    layers: int = 2
    width: int = 128
    heads: int = 4
    rate: float = 1e-3
    weight_decay: float = 1.0
    betas: tuple[float, float] = (0.9, 0.98)
    warmup: int = 10
    batch: int = 512
    device: str = "cpu"

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Train on the equations of the known cells; see :class:`Completer`.

        Raises:
            ValueError: If ``heads`` does not divide ``width``.
        """
        if self.width % self.heads:
            raise ValueError(f"`heads` must divide `width`; got {self.heads} and {self.width}.")
        data = OperationDataset(table)
        words = data.vocabulary
        net = make_network(
            lambda: DecoderTransformer(
                len(words), layers=self.layers, width=self.width, heads=self.heads
            ),
            seed=seed,
        ).to(self.device)
        left, right, result = (
            torch.tensor(tokens, device=self.device)
            for tokens in (words.left, words.right, words.result)
        )
        end, operator, equals = data.equations[0, [0, 2, 4]].to(self.device)

        def logits(cells: Int[Tensor, "m 2"]) -> Float[Tensor, "m s"]:
            marks = [mark.expand(len(cells)) for mark in (end, operator, equals)]
            a, b = left[cells[:, 0]], right[cells[:, 1]]
            prompt = torch.stack([marks[0], a, marks[1], b, marks[2]], dim=1)
            answer: Tensor = net(prompt)[:, -1, result]
            return answer

        optimizer = torch.optim.AdamW(
            net.parameters(), lr=self.rate, betas=self.betas, weight_decay=self.weight_decay
        )
        return train_on_cells(
            logits,
            optimizer,
            table,
            batch=self.batch,
            warmup=self.warmup,
            seed=seed,
            budget=budget,
            callback=callback,
            device=self.device,
        )

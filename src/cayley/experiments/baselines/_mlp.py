"""A multilayer perceptron over embeddings of the two operands."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cayley._shapes import Float, Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._network import make_network, train_on_cells
from cayley.tables import Table

__all__ = ["EmbeddingMLP", "MLPCompleter"]


class EmbeddingMLP(nn.Module):
    """Two embeddings, joined, and two hidden layers.

    Args:
        rows: Number of left operands.
        columns: Number of right operands.
        symbols: Number of results.
        width: Width of an embedding and of half a hidden layer.

    Example:
        >>> EmbeddingMLP(3, 3, 4)(torch.tensor([[0, 1], [2, 2]])).shape
        torch.Size([2, 4])
    """

    def __init__(self, rows: int, columns: int, symbols: int, *, width: int = 128) -> None:
        super().__init__()
        self.left, self.right = nn.Embedding(rows, width), nn.Embedding(columns, width)
        self.layers = nn.Sequential(
            nn.Linear(2 * width, 2 * width),
            nn.ReLU(),
            nn.Linear(2 * width, 2 * width),
            nn.ReLU(),
            nn.Linear(2 * width, symbols),
        )

    def forward(self, cells: Int[Tensor, "m 2"]) -> Float[Tensor, "m s"]:
        """Return the logit of every symbol for cells ``(row, column)``."""
        joined = torch.cat([self.left(cells[:, 0]), self.right(cells[:, 1])], dim=-1)
        logits: Tensor = self.layers(joined)
        return logits


@dataclass(frozen=True, slots=True, kw_only=True)
class MLPCompleter:
    """Trains :class:`EmbeddingMLP` on the known cells.

    Attributes:
        width: Width of an embedding.
        rate: Learning rate of AdamW.
        weight_decay: Weight decay of AdamW, the transformer's by default.
        warmup: Steps of warm-up.
        batch: Most cells in a minibatch.
        device: Where to compute.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("C3"), observe=0.9, seed=0)
        >>> MLPCompleter(width=8).complete(table, seed=0, budget=Budget(steps=3)).steps
        3
    """

    # All as for the transformer, whose source publishes them, so that only the network differs.
    width: int = 128
    rate: float = 1e-3
    weight_decay: float = 1.0
    warmup: int = 10
    batch: int = 512
    device: str = "cpu"

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Train on the known cells; see :class:`Completer`."""
        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        net = make_network(lambda: EmbeddingMLP(*sizes, width=self.width), seed=seed)
        net = net.to(self.device)
        optimizer = torch.optim.AdamW(
            net.parameters(), lr=self.rate, betas=(0.9, 0.98), weight_decay=self.weight_decay
        )
        return train_on_cells(
            net,
            optimizer,
            table,
            batch=self.batch,
            warmup=self.warmup,
            seed=seed,
            budget=budget,
            callback=callback,
            device=self.device,
        )

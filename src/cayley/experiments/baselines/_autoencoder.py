"""A denoising autoencoder over whole Cayley tables."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._random import generator
from cayley._shapes import Float, Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._meter import Meter
from cayley.experiments.baselines._network import make_network
from cayley.tables import Table, all_small_groups, small_group
from cayley.tables.families._small_groups import LARGEST_LISTED_ORDER

__all__ = ["AutoencoderCompleter"]

_LARGEST_INPUT = 40_000  # n^3 one-hot inputs; with 512 hidden units 40 million weights


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoencoderCompleter:
    """Learns to restore tables of which cells were hidden, then restores the one that is given.

    The input is the one-hot table with zeros where a cell is unknown, the output a distribution
    over symbols for every cell. Symbols are opaque: every example is relabeled at random (one
    permutation for a table of one alphabet, three for others), and a random share of its cells is
    hidden.

    Attributes:
        prior: What the examples are. ``none``: the given table itself, so that the method knows as
            much as all others. ``groups``: all groups of that order (up to 100), as when trained on
            a population of structures: it is told that there is a group.
        width: Width of the two hidden layers.
        rate: Learning rate of Adam.
        batch: Examples a step.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("C4"), observe=0.5, seed=0)
        >>> method = AutoencoderCompleter(prior="groups", width=64)
        >>> method.complete(table, seed=0, budget=Budget(steps=5)).table.shape
        (4, 4)

    References:
        Shminke (2021), neural-semigroups: denoising autoencoders for partial Cayley tables.
    """

    prior: Literal["none", "groups"] = "none"
    width: int = 512
    rate: float = 1e-3
    batch: int = 32

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Train on examples, then restore the table; see :class:`Completer`.

        Raises:
            ValueError: If ``prior`` is unknown, the table too large, or no group of its order is
                listed.
        """
        examples = self._examples(table)
        rows, columns, symbols = (*table.array.shape, len(table.symbols))
        size = rows * columns * symbols
        net = make_network(
            lambda: nn.Sequential(
                nn.Linear(size, self.width),
                nn.ReLU(),
                nn.Linear(self.width, self.width),
                nn.ReLU(),
                nn.Linear(self.width, size),
            ),
            seed=seed,
        )
        optimizer = torch.optim.Adam(net.parameters(), lr=self.rate)
        random = generator(seed, "autoencoder")

        def restore(tables: Int[Tensor, "m r c"]) -> Float[Tensor, "m r c s"]:
            restored: Tensor = net(_one_hot(tables, symbols)).view(*tables.shape, symbols)
            return restored

        @torch.no_grad()
        def predict() -> Int[NDArray[Any], "r c"]:
            given = torch.tensor(table.array, dtype=torch.int64)[None]
            answer: NDArray[np.int64] = restore(given)[0].argmax(-1).numpy()
            return answer

        meter = Meter(budget, callback)
        while True:
            target = torch.from_numpy(
                np.stack(
                    [
                        _relabel(examples[random.integers(len(examples))], table, random)
                        for _ in range(self.batch)
                    ]
                )
            )
            # From nearly all cells to nearly none: the table to restore may have any share.
            hidden = random.random(target.shape) < random.uniform(0.1, 0.9, (self.batch, 1, 1))
            logits = restore(target.masked_fill(torch.from_numpy(hidden), -1))
            loss = F.cross_entropy(logits.flatten(0, 2), target.flatten(), ignore_index=-1)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            if not meter.count(loss=loss.item(), predict=predict):
                return Prediction(table=predict(), steps=meter.steps, reason=meter.reason)

    def _examples(self, table: Table) -> list[Int[NDArray[Any], "r c"]]:
        if self.prior not in ("none", "groups"):
            raise ValueError(f"`prior` must be 'none' or 'groups'; got {self.prior!r}.")
        if table.array.size * len(table.symbols) > _LARGEST_INPUT:
            raise ValueError(
                f"`table` is too large for an autoencoder over whole tables: {table.array.shape} "
                f"cells of {len(table.symbols)} symbols are more than {_LARGEST_INPUT} inputs."
            )
        if self.prior == "none":
            return [table.array]
        order = table.order
        if order > LARGEST_LISTED_ORDER:
            raise ValueError(f"groups are listed up to order {LARGEST_LISTED_ORDER}; got {order}.")
        return [small_group(order, group.id).array for group in all_small_groups(order)]


def _one_hot(tables: Int[Tensor, "m r c"], symbols: int) -> Float[Tensor, "m rcs"]:
    return F.one_hot(tables + 1, symbols + 1)[..., 1:].flatten(1).float()


def _relabel(
    example: Int[NDArray[Any], "r c"], table: Table, random: np.random.Generator
) -> Int[NDArray[Any], "r c"]:
    """Return the example with rows, columns and symbols renamed at random."""
    rows = random.permutation(example.shape[0])
    one = table.has_one_alphabet
    columns = rows if one else random.permutation(example.shape[1])
    symbols = np.argsort(rows) if one else random.permutation(len(table.symbols))
    renamed: NDArray[np.int64] = np.append(symbols, -1)[example[np.ix_(rows, columns)]]
    return renamed

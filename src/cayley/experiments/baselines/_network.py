"""One way to train every network here: AdamW with warm-up on minibatches of the known cells."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cayley._random import stream_seed
from cayley._shapes import Float, Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._meter import Meter
from cayley.tables import Table

__all__ = ["all_cells", "make_network", "train_on_cells"]

Network = TypeVar("Network", bound=nn.Module)

_CHUNK = 4096  # cells predicted at a time


def make_network(build: Callable[[], Network], *, seed: int) -> Network:
    """Build a network whose weights depend on the seed and leave the global generator alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(stream_seed(seed, "weights"))
        return build()


def all_cells(table: Table) -> Int[Tensor, "rc 2"]:
    """Return the indices of all cells, row by row."""
    rows, columns = table.array.shape
    return torch.cartesian_prod(torch.arange(rows), torch.arange(columns)).view(-1, 2)


def train_on_cells(
    logits: Callable[[Int[Tensor, "m 2"]], Float[Tensor, "m s"]],
    optimizer: torch.optim.Optimizer,
    table: Table,
    *,
    batch: int,
    warmup: int,
    seed: int,
    budget: Budget,
    callback: Callback | None,
    device: str = "cpu",
) -> Prediction:
    """Minimize the cross-entropy of known cells until the budget is spent.

    Args:
        logits: Logit of every symbol for cells ``(row, column)``.
        optimizer: Holds the parameters behind ``logits`` and the learning rate.
        table: What is known.
        batch: Most cells in a minibatch; half of the known ones if they are fewer than twice that.
        warmup: Steps in which the learning rate grows linearly to its value.
        seed: Seed of the order of minibatches.
        budget: Steps and seconds.
        callback: See :class:`~cayley.experiments.baselines.Completer`.
        device: Where the parameters are, and cells are given to ``logits``.
    """
    known = torch.tensor(table.observations, dtype=torch.int64, device=device)
    batch = min(batch, -(-len(known) // 2))
    order = torch.Generator().manual_seed(stream_seed(seed, "batches"))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / max(1, warmup))
    )
    cells = all_cells(table).to(device)

    @torch.no_grad()
    def predict() -> Int[NDArray[Any], "r c"]:
        best = [logits(chunk).argmax(-1) for chunk in torch.split(cells, _CHUNK)]
        answer: NDArray[np.int64] = torch.cat(best).view(table.array.shape).cpu().numpy()
        return answer

    meter = Meter(budget, callback)
    while True:
        for rows in torch.split(torch.randperm(len(known), generator=order), batch):
            a, b, c = known[rows.to(device)].unbind(1)
            loss = F.cross_entropy(logits(torch.stack([a, b], 1)), c)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            if not meter.count(loss=loss.item(), predict=predict):
                return Prediction(table=predict(), steps=meter.steps, reason=meter.reason)

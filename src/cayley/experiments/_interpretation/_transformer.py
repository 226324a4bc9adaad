"""Transformers on the table of a cyclic group: what is read out of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Float, Int
from cayley.experiments._interpretation._explained_metrics import SEEDS, explained_metrics
from cayley.experiments._interpretation._network_file import network_arrays
from cayley.experiments._suite import Context, Measurement
from cayley.experiments.baselines._network import make_network
from cayley.experiments.baselines._transformer import DecoderTransformer
from cayley.interpretation import explain
from cayley.tables import generate_family

__all__ = ["RECIPES", "TransformerRecipe", "run_transformer", "train_transformer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerRecipe:
    """How a transformer is built and trained.

    Attributes:
        layers: Blocks of attention and a feed-forward layer.
        width: Columns of the embedding.
        heads: Heads of attention.
        share: Share of the cells that are trained on.
        rate: Learning rate of AdamW.
        decay: Its decoupled weight decay.
        settle: Steps in which the learning rate falls to a tenth once all test cells are right.
        most: Most steps.
    """

    layers: int = 1
    width: int = 64
    heads: int = 4
    share: float = 0.8
    rate: float = 2e-3
    decay: float = 2.0
    settle: int = 300
    most: int = 4000


# The order is small so that a transformer is trained within minutes on one processor; 31 is prime.
RECIPES = {"C31": TransformerRecipe()}
"""Groups, and how their transformers are trained."""

_BETAS = (0.9, 0.98)
"""As in the networks of the literature on grokking."""

_WARMUP = 10
"""Steps in which the learning rate grows: the first second moments are a few gradients old."""

_LOOK = 25
"""Steps between two looks at the test cells, which cost as much as a third of a step."""


def run_transformer(method: str, context: Context) -> Measurement:
    """Train a transformer, or take it from the file, and explain it under several seeds.

    In the file the arrays have the names of the parameters, after group and seed, such as
    ``C31/0/embedding.weight``; ``history`` and ``processor_seconds`` as of one-layer networks.
    """
    table = generate_family(method)
    n, recipe = len(table.symbols), RECIPES[method]
    network = _network(n, recipe, seed=context.seed)
    arrays = network_arrays(
        context.data,
        f"{method}/{context.seed}",
        needed=tuple(network.state_dict()),
        optional=("history", "processor_seconds"),
    )
    known = arrays is not None
    if arrays is None:
        start = time.process_time()
        network, history = train_transformer(
            table.array, recipe, seed=context.seed, progress=context.progress
        )
        arrays = {name: value.numpy() for name, value in network.state_dict().items()}
        arrays |= {
            "history": history,
            "processor_seconds": np.array(time.process_time() - start),
        }
    else:
        network.load_state_dict(
            {name: torch.from_numpy(arrays[name]) for name in network.state_dict()}
        )
    found = [
        explain(
            network,
            n,
            embedding="embedding",
            unembedding="read_out",
            layers=["blocks.0.feed.0"],
            prompt=lambda a, b: _prompt(a, b, n),
            tokens={side: range(n) for side in ("left", "right", "result")},
            truth=table,
            seed=seed,
        )
        for seed in range(SEEDS)
    ]
    metrics = explained_metrics(found)
    curves: dict[str, list[float]] = {}
    if "history" in arrays:
        names = ("step", "loss", "test_accuracy")
        curves = {
            name: column.tolist() for name, column in zip(names, arrays["history"].T, strict=True)
        }
        metrics["training_steps"], _, metrics["test_accuracy"] = map(float, arrays["history"][-1])
    if "processor_seconds" in arrays:
        metrics["training_processor_seconds"] = float(arrays["processor_seconds"])
    metrics["accuracy"] = found[0].accuracy if found[0].accuracy is not None else float("nan")
    return Measurement(
        metrics=metrics,
        curves=curves,
        arrays=arrays,
        notes={"from_file": known, "claimed": " ".join(found[0].claimed)},
    )


def _network(n: int, recipe: TransformerRecipe, *, seed: int) -> DecoderTransformer:
    """Return an untrained network over the symbols and the tokens ``o`` and ``=``."""
    return make_network(
        lambda: DecoderTransformer(
            n + 2, layers=recipe.layers, width=recipe.width, heads=recipe.heads, length=4
        ),
        seed=seed,
    )


def train_transformer(
    table: Int[NDArray[Any], "n n"],
    recipe: TransformerRecipe,
    *,
    seed: int,
    progress: Callable[[float, str], None] = lambda done, words: None,
) -> tuple[DecoderTransformer, Float[NDArray[Any], "k 3"]]:
    """Train with full batches on ``a o b =`` until all test cells are right and have settled.

    Args:
        table: The operation.
        recipe: How.
        seed: Of the weights and of which cells are trained on.
        progress: See :class:`~cayley.experiments.Context`.

    Returns:
        The network, over tokens ``0..n-1`` for the symbols and two more for ``o`` and ``=``; and
        step, loss and test accuracy, one row for each look.
    """
    n = len(table)
    network = _network(n, recipe, seed=seed)
    order = torch.randperm(n * n, generator=torch.Generator().manual_seed(seed))
    count = int(recipe.share * n * n)
    cells, others = order[:count], order[count:]
    answers = torch.tensor(table.reshape(-1), dtype=torch.int64)  # a copy: tables are read-only
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=recipe.rate, betas=_BETAS, weight_decay=recipe.decay
    )
    history: list[tuple[float, float, float]] = []
    settling: int | None = None
    for step in range(1, recipe.most + 1):
        done = 0.0 if settling is None else min(1.0, (step - settling) / recipe.settle)
        for each in optimizer.param_groups:
            each["lr"] = recipe.rate * min(1.0, step / _WARMUP) * max(0.1, 1 - done)
        loss = F.cross_entropy(_logits(network, cells, n), answers[cells])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step % _LOOK:
            continue
        with torch.no_grad():
            right = _logits(network, others, n).argmax(1) == answers[others]
        accuracy = float(right.double().mean())
        history.append((step, loss.item(), accuracy))
        progress(step / recipe.most, f"test accuracy {accuracy:.4f}, loss {loss.item():.2e}")
        if settling is None and accuracy == 1:
            settling = step
        if settling is not None and accuracy == 1 and step >= settling + recipe.settle:
            break
    return network, np.array(history).reshape(-1, 3)


def _prompt(a: Int[Tensor, " m"], b: Int[Tensor, " m"], n: int) -> Int[Tensor, "m 4"]:
    """Return the tokens ``a o b =``."""
    return torch.stack([a, torch.full_like(a, n), b, torch.full_like(a, n + 1)], dim=1)


def _logits(network: DecoderTransformer, cells: Int[Tensor, " m"], n: int) -> Float[Tensor, "m n"]:
    answer: Tensor = network(_prompt(cells // n, cells % n, n))[:, -1, :n]
    return answer

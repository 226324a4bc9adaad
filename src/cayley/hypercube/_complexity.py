"""The complexity of an operation: how small the penalty can be at an exact fit of its table."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.hypercube._functional import hypercube_penalty
from cayley.hypercube._gradients import data_gradients
from cayley.hypercube._lower_bounds import (
    collinearity,
    penalty_floor,
    rank_shares,
    triple_penalties,
)
from cayley.hypercube._model import HyperCube
from cayley.hypercube._observed_products import ObservedProducts
from cayley.hypercube._result import TrainingStep
from cayley.hypercube._schedule import TrainingSchedule
from cayley.hypercube._train import train

__all__ = ["Complexity", "measure_complexity"]

_EXACT = 1e-3
"""Loss per cell below which a fit counts as exact: products are then off by some three percent.

The penalty of a looser fit is smaller than that of an exact one, and would bound nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complexity:
    r"""The smallest H / n^2 that was reached at an exact fit: an upper bound of the complexity.

    Attributes:
        value: The smallest over the restarts; infinite if none reached an exact fit.
        values: H / n^2 of every restart that did, ascending.
        weighted: H weighted by the structure tensor over n^2, of the same restarts in the same
            order. It is at least 3 for every operation, and for quasigroups it is H / n^2.
        collinearity: Mean cosine between A_a B_b and C_c' over the triples of the table, likewise;
            1 at isotopes of groups only.
        ranks: Mean share of the dimensions that a triple uses: the least rank of its three matrices
            over their size, likewise.
        floors: :math:`3 \sum \kappa^{-1/3} |T|^{4/3} / n^2` over the triples of the table, with
            :math:`\kappa` that share, likewise: what `weighted` cannot be below.
        restarts: Number of restarts.
        steps: Steps taken.
        reason: Why the loop ended, as in :class:`~cayley.hypercube.TrainingResult`.
    """

    value: float
    values: tuple[float, ...]
    weighted: tuple[float, ...]
    collinearity: tuple[float, ...]
    ranks: tuple[float, ...]
    floors: tuple[float, ...]
    restarts: int
    steps: int
    reason: str


def measure_complexity(
    table: Int[NDArray[Any], "a b"],
    *,
    seed: int = 0,
    restarts: int = 4,
    max_steps: int = 6000,
    callback: Callable[[TrainingStep], bool | None] | None = None,
    compiled: bool | None = None,
    checkpoint: Path | None = None,
) -> Complexity:
    r"""Measure :math:`H / n^2` of a full table: train on all cells, then drop the penalty.

    .. math:: \min \{ H(A, B, C) : T(A, B, C) \text{ is the table} \} \,/\, n^2

    For quasigroups it is at least 3, and 3 exactly at isotopes of groups, which needs no training:
    decide it with :func:`cayley.algebra.find_isotopism`. For other operations gradient descent
    finds a local minimum: the smallest of several restarts bounds the complexity from above. The
    number never proves a group: outside quasigroups it may be below 3, where H weighted by the
    structure tensor (`weighted`) is not.

    Args:
        table: Products, integers from 0, every cell known; equally many rows, columns and symbols.
        seed: Seed of the starts.
        restarts: Number of starts, trained as one batch.
        max_steps: Most steps.
        callback: Called after every step; training stops when it returns True.
        compiled: As in :func:`~cayley.hypercube.train`.
        checkpoint: Likewise.

    Raises:
        ValueError: If the table is not square or an entry is not from 0 to n - 1, or
            ``checkpoint`` is the file of another training.

    Example:
        >>> a = np.arange(3)
        >>> round(measure_complexity((a[:, None] - a) % 3, restarts=2).value, 2)
        3.0

    References:
        Huh, Horesh, Jeong (2025), A Differentiable Measure of Algebraic Complexity,
        arXiv:2511.23152.
    """
    n = len(table)
    if table.shape != (n, n) or n == 0 or table.min() < 0 or table.max() >= n:
        raise ValueError(
            "`table` must be square with entries from 0 to n - 1, every cell known; "
            f"got shape {table.shape}."
        )
    a, b = np.indices((n, n))
    triples = np.stack([a, b, table], axis=-1).reshape(-1, 3)
    model = HyperCube(n, restarts=restarts, generator=torch.Generator().manual_seed(seed))
    result = train(
        model,
        ObservedProducts.from_triples(triples, sizes=(n, n, n)),
        # Smaller steps and longer windows than for completion: the end of the descent is what is
        # measured, not the first table that is right.
        schedule=TrainingSchedule(
            rate=0.5,
            max_steps=max_steps,
            tolerance=1e-5,
            window=200,
            progress=1e-4,
            at_rest="release",  # on a plateau under the penalty the fit is not exact yet
        ),
        callback=callback,
        compiled=compiled,
        checkpoint=checkpoint,
    )
    values, weighted, cosines, ranks, floors = _at_exact_fits(model, triples)
    return Complexity(
        value=values[0] if values else math.inf,
        values=values,
        weighted=weighted,
        collinearity=cosines,
        ranks=ranks,
        floors=floors,
        restarts=restarts,
        steps=result.last.step,
        reason=result.reason,
    )


@torch.no_grad()
def _at_exact_fits(
    model: HyperCube, triples: Int[NDArray[Any], "m 3"]
) -> tuple[tuple[float, ...], ...]:
    """Return the numbers of `Complexity` at the restarts that fit exactly, in its order."""
    observations = ObservedProducts.from_triples(triples, sizes=model.sizes)
    statistics = data_gradients(*model.factors, observations).statistics
    assert statistics is not None
    exact = (statistics.loss < _EXACT * len(observations)) & (statistics.fit == 1)
    at, cells = torch.from_numpy(triples), model.sizes[0] ** 2
    # In double precision: the bound is reached at groups, and rounding must not cross it by much.
    double = torch.complex128 if model.matrices.is_complex() else torch.float64
    A, B, C = (F[exact].to(double) for F in model.factors)
    plain = (hypercube_penalty(A, B, C) / cells).tolist()
    order = sorted(range(len(plain)), key=plain.__getitem__)
    shares = rank_shares(A, B, C, at)
    found = (
        plain,
        (triple_penalties(A, B, C, at).sum(-1) / cells).tolist(),
        collinearity(A, B, C, at).tolist(),
        shares.mean(-1).tolist(),
        (penalty_floor(A, B, C, at, shares=shares) / cells).tolist(),
    )
    return tuple(tuple(each[k] for k in order) for each in found)

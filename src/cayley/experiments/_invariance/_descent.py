"""Full-batch training of linear predictors, for every method alike."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Float, Int
from cayley.experiments._invariance._penalty import make_penalty
from cayley.invariance import AugmentedLagrangian

__all__ = ["fit_linear", "linear_constraint"]

Array = NDArray[Any]


def fit_linear(
    method: str,
    features: Float[Array, "n d"],
    labels: Float[Array, " n"],
    environments: Int[Array, " n"],
    *,
    seed: int,
    weight: float = 1e4,  # leaves the spurious weight of `linear` at 0.002 instead of 0
    mu: float = 1e2,  # with 1000 IRM falls into its root 0 from some starts
    rounds: int = 200,  # a bound; the loop ends when the dual stands still
) -> Float[Array, " d"]:
    """Minimize half the mean squared error and what the method adds to it.

    Starts at least squares plus a small random step. A penalty is raised tenfold from 1 to
    ``weight``; an augmented Lagrangian takes a full dual step after each minimization by L-BFGS.

    Returns:
        Weights of shape ``(d,)``.
    """
    x, y = torch.from_numpy(features), torch.from_numpy(labels)
    ids = torch.from_numpy(environments)
    number = int(ids.max()) + 1
    generator = torch.Generator().manual_seed(seed)
    start = torch.linalg.lstsq(x, y[:, None]).solution[:, 0]
    if method in {"erm", "oracle"}:
        return np.asarray(start)
    # Small beside weights of order 1, and different for each seed: IRM has several roots.
    w = start + 0.1 * torch.randn(len(start), generator=generator, dtype=x.dtype)
    w.requires_grad_()
    penalty = make_penalty(method, number, task="regression", weight=1.0, mu=mu, rate=1.0)
    assert penalty is not None
    if isinstance(penalty, AugmentedLagrangian):
        penalty.double()
        for _ in range(rounds):
            before = penalty.dual.clone()
            _minimize(penalty, w, x, y, ids)
            penalty.step(x @ w.detach(), y, ids)
            if float((penalty.dual - before).abs().max()) < 1e-9:
                break
        return np.asarray(w.detach())
    strength = 1.0
    while strength <= weight:
        penalty.weight = strength  # type: ignore[assignment]
        _minimize(penalty, w, x, y, ids)
        strength *= 10
    return np.asarray(w.detach())


def _minimize(penalty: torch.nn.Module, w: Tensor, x: Tensor, y: Tensor, ids: Tensor) -> None:
    """Minimize over ``w`` in place."""
    # As far as float64 goes, since results are compared with roots that are known exactly.
    optimizer = torch.optim.LBFGS(
        [w],
        max_iter=200,
        tolerance_grad=1e-11,
        tolerance_change=1e-14,
        line_search_fn="strong_wolfe",
    )

    def closure() -> float:
        optimizer.zero_grad()
        output = x @ w
        loss: Tensor = (output - y).square().mean() / 2 + penalty(output, y, ids)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()

    optimizer.step(closure)  # type: ignore[no-untyped-call]


def linear_constraint(
    features: Float[Array, "n d"],
    labels: Float[Array, " n"],
    environments: Int[Array, " n"],
    weights: Float[Array, " d"],
) -> float:
    """Return the largest MRI-v1 constraint in absolute value."""
    oy = labels * (features @ weights)
    means = np.array([oy[environments == e].mean() for e in np.unique(environments)])
    return float(np.abs(means - means.mean()).max())

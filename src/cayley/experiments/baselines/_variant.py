r"""What HyperCube would be without one of its parts: other penalties, other factorizations.

A plain loop over autograd, small tables only. It shares the objective's form with the paper,
:math:`L + \epsilon R`, full-batch descent with momentum and clipping, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import stream_seed
from cayley._shapes import Float, Inexact, Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._meter import Meter
from cayley.experiments.baselines._network import all_cells
from cayley.hypercube._functional import hypercube_penalty, hypercube_product
from cayley.tables import Table

__all__ = ["VariantCompleter", "penalty_of"]

Form = Literal["matrices", "diagonal", "tucker"]
Penalty = Literal["hypercube", "l2", "nuclear", "none"]

_FORMS = ("matrices", "diagonal", "tucker")
_PENALTIES = ("hypercube", "l2", "nuclear", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantCompleter:
    r"""Fits a factorization of the product tensor under a penalty, by gradient descent.

    ``matrices`` is HyperCube's :math:`T_{abc} = \tfrac{1}{d} \operatorname{Tr}(A_a B_b C_c)`, a
    tensor ring; ``diagonal`` has diagonal matrices only, so that factors commute,
    :math:`T_{abc} = d^{-1/2} \sum_i A_{ai} B_{bi} C_{ci}` (real: a CP model; complex: the
    characters of abelian groups are among them); ``tucker`` has vectors and a core,
    :math:`T_{abc} = \sum_{ijk} G_{ijk} A_{ai} B_{bj} C_{ck}`.

    Attributes:
        form: The factorization.
        penalty: ``hypercube``: H; ``l2``: the sum of squares of all entries; ``nuclear``: the sum
            of nuclear norms of all matrices; ``none``. The last two but one exist for every form.
        epsilon: Weight of the penalty, the same throughout.
        rate: Learning rate.
        momentum: Momentum.
        clip: Gradient norms are at most this times the number of observations.
        scale: Standard deviation of the first entries, times :math:`\sqrt d`.
        dim: Size d; the order of the table if None.
        complex_factors: Whether the entries are complex.

    Raises:
        ValueError: When it is to complete a table: if form or penalty is unknown, or the two do
            not go together.

    Example:
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("S3"), observe=0.7, seed=0)
        >>> found = VariantCompleter().complete(table, seed=0, budget=Budget(steps=150))
        >>> bool((found.table == generate_family("S3").array).all())
        True
    """

    form: Form = "matrices"
    penalty: Penalty = "hypercube"
    # The paper's; the library's own loop has a rate of 1.0 and lets go of the penalty.
    epsilon: float = 0.1
    rate: float = 0.5
    momentum: float = 0.5
    clip: float = 0.1
    scale: float = 1.0
    dim: int | None = None
    complex_factors: bool = False

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Descend until the budget is spent; see :class:`.Completer`."""
        if self.form not in _FORMS or self.penalty not in _PENALTIES:
            raise ValueError(
                f"`form` must be one of {_FORMS} and `penalty` of {_PENALTIES}; "
                f"got {self.form!r} and {self.penalty!r}."
            )
        if self.form == "tucker" and self.penalty not in ("l2", "none"):
            raise ValueError("`penalty` of a tucker model must be 'l2' or 'none'.")
        parameters = self._start(table, seed)
        product = {"matrices": _matrices, "diagonal": _diagonal, "tucker": _tucker}[self.form]
        known = torch.tensor(table.observations, dtype=torch.int64)
        a, b, c = known.unbind(1)
        target = torch.nn.functional.one_hot(c, len(table.symbols)).float()
        cells = all_cells(table)

        @torch.no_grad()
        def predict() -> Int[NDArray[Any], "r c"]:
            T = product(parameters, cells[:, 0], cells[:, 1])
            answer: NDArray[np.int64] = T.argmax(-1).view(table.array.shape).numpy()
            return answer

        velocity = [torch.zeros_like(p) for p in parameters]
        meter = Meter(budget, callback)
        while True:
            fit = (product(parameters, a, b) - target).square().sum()
            objective = fit + self.epsilon * penalty_of(parameters, self.form, self.penalty)
            gradients = torch.autograd.grad(objective, parameters)
            norm = torch.stack([torch.linalg.vector_norm(g) for g in gradients]).norm().item()
            step = self.rate * min(1.0, self.clip * len(known) / max(norm, 1e-30))
            with torch.no_grad():
                for p, v, g in zip(parameters, velocity, gradients, strict=True):
                    v.mul_(self.momentum).add_(g, alpha=step / self.rate)
                    p.sub_(v, alpha=self.rate)
            going = meter.count(loss=fit.item(), predict=predict)
            if not going or not np.isfinite(norm):
                return Prediction(table=predict(), steps=meter.steps, reason=meter.reason)

    def _start(self, table: Table, seed: int) -> list[Tensor]:
        sizes = (len(table.rows), len(table.columns), len(table.symbols))
        d = self.dim or max(sizes)
        random = torch.Generator().manual_seed(stream_seed(seed, "weights"))
        kind = torch.complex64 if self.complex_factors else torch.float32
        entry = (d, d) if self.form == "matrices" else (d,)
        shapes: list[tuple[int, ...]] = [(size, *entry) for size in sizes]
        if self.form == "tucker":
            shapes.append((d, d, d))
        return [
            (torch.randn(shape, generator=random, dtype=kind) * self.scale / d**0.5)
            .detach()
            .requires_grad_()
            for shape in shapes
        ]


Product = Callable[[list[Tensor], Int[Tensor, " m"], Int[Tensor, " m"]], Float[Tensor, "m s"]]


def _matrices(
    factors: list[Tensor], a: Int[Tensor, " m"], b: Int[Tensor, " m"]
) -> Float[Tensor, "m s"]:
    A, B, C = factors
    T: Tensor = hypercube_product(A, B, C, left=a, right=b).real
    return T


def _diagonal(
    factors: list[Tensor], a: Int[Tensor, " m"], b: Int[Tensor, " m"]
) -> Float[Tensor, "m s"]:
    A, B, C = factors
    T: Tensor = ((A[a] * B[b]) @ C.mT).real / A.shape[-1] ** 0.5
    return T


def _tucker(
    factors: list[Tensor], a: Int[Tensor, " m"], b: Int[Tensor, " m"]
) -> Float[Tensor, "m s"]:
    A, B, C, G = factors
    T: Tensor = torch.einsum("ijk,mi,mj,ck->mc", G, A[a], B[b], C).real
    return T


def penalty_of(factors: list[Tensor], form: Form, penalty: Penalty) -> Float[Tensor, ""] | float:
    """Return the penalty of factors.

    Example:
        >>> X = torch.eye(2).expand(2, 2, 2)
        >>> [float(penalty_of([X, X, X], "matrices", kind)) for kind in _PENALTIES]
        [12.0, 12.0, 12.0, 0.0]
    """
    if penalty == "none":
        return 0.0
    if penalty == "l2":
        squares: Tensor = torch.stack([F.abs().square().sum() for F in factors]).sum()
        return squares
    A, B, C = (_as_matrices(F, form) for F in factors)
    if penalty == "hypercube":
        return hypercube_penalty(A, B, C)
    norms = [torch.linalg.matrix_norm(F, ord="nuc").sum() for F in (A, B, C)]
    total: Tensor = torch.stack(norms).sum()
    return total


def _as_matrices(F: Inexact[Tensor, "..."], form: Form) -> Inexact[Tensor, "n d d"]:
    return torch.diag_embed(F) if form == "diagonal" else F

r"""The data loss and its closed-form gradients, over the observed pairs only.

With :math:`R = T - \text{target}` on the observed pairs and
:math:`W_{ab} = \sum_c \bar R_{abc} C_c`,

.. math::

    \nabla_{A_a} L = \tfrac{2}{d} \sum_b (B_b W_{ab})', \quad
    \nabla_{B_b} L = \tfrac{2}{d} \sum_a (W_{ab} A_a)', \quad
    \nabla_{C_c} L = \tfrac{2}{d} \sum_{ab} R_{abc} (A_a B_b)'

which costs about :math:`12\, m\, d^3` operations at ``d = n``, all of them matrix products. Two
ways to run them, same numbers: pair by pair as one batch (small matrices, or a GPU), and row by
row as large products (large matrices on a CPU). Either keeps its temporaries under a stated
number of bytes. Layout: :math:`B_b` enters transposed, so that :math:`(A_a B_b)^T`,
:math:`C_c` and :math:`W_{ab}` are contiguous and no product needs a copy.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float, Inexact
from torch import Tensor

from cayley.hypercube._observations import Observations

__all__ = ["WORKSPACE_BYTES", "DataTerm", "data_gradients"]

WORKSPACE_BYTES = 32 * 2**20
"""Default bound on the temporaries of one step: near the size of a processor's cache."""

_PAIRWISE_LIMIT = 40  # matrices up to this size run faster as one batch (measured)


class _Sums(NamedTuple):
    """Sums over pairs: gradients without their factor 2/d, conjugated; the residual's moments."""

    gA: Tensor
    gBt: Tensor
    gC: Tensor
    loss: Tensor
    hits: Tensor
    aligned: Tensor
    power: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTerm:
    """The data loss per restart, what it says of the fit, and its gradients.

    Attributes:
        loss: Sum of squared residuals, shape ``(r,)``.
        fit: Share of observations whose largest product is the observed one, shape ``(r,)``.
        agreement: Cosine between the product tensor and the data on the observed pairs, shape
            ``(r,)``: it does not depend on the scale of the factors.
        gradients: Gradients with respect to the three factors.
    """

    loss: Float[Tensor, " r"]
    fit: Float[Tensor, " r"]
    agreement: Float[Tensor, " r"]
    gradients: tuple[Tensor, Tensor, Tensor]


def data_gradients(
    A: Inexact[Tensor, "r a d d"],
    B: Inexact[Tensor, "r b d d"],
    C: Inexact[Tensor, "r c d d"],
    observations: Observations,
    *,
    workspace_bytes: int = WORKSPACE_BYTES,
) -> DataTerm:
    r"""Return the data loss and its gradients in closed form.

    .. math:: L = \sum_{(a, b) \in \Omega} \sum_c \bigl(T_{abc} - [c = a \circ b]\bigr)^2

    Args:
        A: Factor of the left operands, real or complex.
        B: Factor of the right operands.
        C: Factor of the results.
        observations: The observed products.
        workspace_bytes: Bound on the memory of temporaries; at least one pair is always done.

    Returns:
        Loss, fit, agreement and gradients, for every restart by itself.

    Example:
        >>> X = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]])
        >>> table = Observations.from_triples([[0, 1, 1], [1, 1, 0]], sizes=(2, 2, 2))
        >>> term = data_gradients(X, X, X.mT, table)
        >>> term.loss.tolist(), term.fit.tolist()
        ([0.0], [1.0])
    """
    d = A.shape[-1]
    factors = (A, B.mT.contiguous(), C.contiguous())
    pairwise = d <= _PAIRWISE_LIMIT or A.device.type != "cpu"
    # Three blocks of d x d and one row of symbols are alive per pair; the pairwise form adds
    # the gathered left factor and its share of the incidence matrices, for every restart.
    per_pair = A.element_size() * ((5 if pairwise else 3) * d * d + 3 * C.shape[-3])
    if pairwise:
        most = max(1, workspace_bytes // (per_pair * len(A)))
        sums = _pairwise(*factors, observations, most)
    else:
        most = max(1, workspace_bytes // per_pair)
        each = [_rowwise(*one, observations, most) for one in zip(*factors, strict=True)]
        sums = _Sums(*(torch.stack(parts) for parts in zip(*each, strict=True)))
    aligned = sums.aligned / (sums.power.sqrt() * len(observations) ** 0.5).clamp_min(1e-30)
    scale = 2 / d
    gA, gBt, gC = (gradient.conj().mul(scale) for gradient in (sums.gA, sums.gBt, sums.gC))
    return DataTerm(
        loss=sums.loss,
        fit=sums.hits / len(observations),
        agreement=aligned,
        gradients=(gA, gBt.mT, gC.view_as(C)),
    )


def _residual(T: Tensor, result: Tensor, d: int) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Turn traces into the conjugate residual, in place; return also loss, hits and alignment."""
    T.mul_(1 / d)
    real = T.real if T.is_complex() else T
    hits = (real.argmax(-1) == result).sum(-1)
    index = result.expand(T.shape[:-1]).unsqueeze(-1)
    aligned = real.gather(-1, index).sum((-2, -1))
    power = _power(T)
    T.scatter_add_(-1, index, T.new_full((1,), -1.0).expand(index.shape))
    loss = _power(T)
    return (T.conj_physical_() if T.is_complex() else T), (loss, hits, aligned, power)


def _power(T: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(T, dim=(-2, -1))
    return norm.square()


def _pairwise(A: Tensor, Bt: Tensor, C: Tensor, observations: Observations, most: int) -> _Sums:
    """Sum over pairs in batches of ``most``, all restarts at once."""
    r, d, flat = len(A), A.shape[-1], C.flatten(-2)
    by_left, by_right = (matrix.to(A.dtype) for matrix in observations.incidence)
    sums: _Sums | None = None
    for start in range(0, len(observations), most):
        pairs = slice(start, start + most)
        left, right = A[:, observations.left[pairs]], Bt[:, observations.right[pairs]]
        P = (right @ left.mT).flatten(-2)
        R, moments = _residual(P @ flat.mT, observations.result[pairs], d)
        W = (R @ flat).view(r, -1, d, d)
        gA = (by_left[:, pairs] @ (W.mT @ right).flatten(-2)).view_as(A)
        gBt = (by_right[:, pairs] @ (W @ left).flatten(-2)).view_as(Bt)
        part = _Sums(gA, gBt, R.mT @ P, *moments)
        sums = part if sums is None else _Sums(*(x + y for x, y in zip(sums, part, strict=True)))
    assert sums is not None
    return sums


def _rowwise(A: Tensor, Bt: Tensor, C: Tensor, observations: Observations, most: int) -> _Sums:
    """Sum over pairs in groups of rows, one restart."""
    d, flat = A.shape[-1], C.flatten(-2)
    gA, gBt, gC = torch.zeros_like(A), torch.zeros_like(Bt), torch.zeros_like(flat)
    size = min(most, len(observations))
    gathered, products, weights = (A.new_empty(size, d, d) for _ in range(3))
    totals = [A.real.new_zeros(()) for _ in range(4)]
    for rows in observations.row_chunks(most):
        start, stop = rows[0][1], rows[-1][2]
        k, right = stop - start, observations.right[start:stop]
        X = torch.index_select(Bt, 0, right, out=gathered[:k])
        P, W = products[:k], weights[:k].view(k, d * d)
        for a, i, j in rows:  # (A_a B_b)^T = B_b^T A_a^T for all b of the row in one product
            block = slice(i - start, j - start)
            torch.mm(X[block].view(-1, d), A[a].mT, out=P[block].view(-1, d))
        R, moments = _residual(P.view(k, -1) @ flat.mT, observations.result[start:stop], d)
        totals = [total + moment for total, moment in zip(totals, moments, strict=True)]
        gC.addmm_(R.mT, P.view(k, -1))
        torch.mm(R, flat, out=W)
        for a, i, j in rows:
            block = slice(i - start, j - start)
            w = W[block].view(-1, d)
            gA[a].addmm_(w.mT, X[block].view(-1, d))
            torch.mm(w, A[a], out=P[block].view(-1, d))
        gBt.index_add_(0, right, P)
    return _Sums(gA, gBt, gC, *totals)

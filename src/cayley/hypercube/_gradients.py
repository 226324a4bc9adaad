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
    """Conjugated sums over pairs: gradients up to a factor, and moments of the residual."""

    gA: Tensor
    gBt: Tensor
    gC: Tensor
    loss: Tensor
    moments: Tensor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTerm:
    """The data loss per restart, its gradients, and what it says of the fit.

    Attributes:
        loss: Sum of squared residuals, shape ``(r,)``.
        gradients: Gradients with respect to the three factors.
        fit: Share of observations whose largest product is the observed one, shape ``(r,)``;
            None if not asked for.
        agreement: Cosine between the product tensor and the data on the observed pairs, shape
            ``(r,)``: it does not depend on the scale of the factors. None if not asked for.
    """

    loss: Float[Tensor, " r"]
    gradients: tuple[Tensor, Tensor, Tensor]
    fit: Float[Tensor, " r"] | None
    agreement: Float[Tensor, " r"] | None


def data_gradients(
    A: Inexact[Tensor, "r a d d"],
    B: Inexact[Tensor, "r b d d"],
    C: Inexact[Tensor, "r c d d"],
    observations: Observations,
    *,
    with_fit: bool = True,
    workspace_bytes: int = WORKSPACE_BYTES,
) -> DataTerm:
    r"""Return the data loss and its gradients in closed form.

    .. math:: L = \sum_{(a, b) \in \Omega} \sum_c \bigl(T_{abc} - [c = a \circ b]\bigr)^2

    Args:
        A: Factor of the left operands, real or complex.
        B: Factor of the right operands.
        C: Factor of the results.
        observations: The observed products.
        with_fit: Whether to compute fit and agreement too.
        workspace_bytes: Bound on the memory of temporaries; at least one pair is always done.

    Returns:
        Loss, gradients, fit and agreement, for every restart by itself.

    Example:
        >>> X = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]])
        >>> table = Observations.from_triples([[0, 1, 1], [1, 1, 0]], sizes=(2, 2, 2))
        >>> term = data_gradients(X, X, X.mT, table)
        >>> term.loss.tolist(), term.fit.tolist()
        ([0.0], [1.0])
    """
    d = A.shape[-1]
    Bt, flat = B.mT.contiguous(), C.flatten(-2) / d  # the scaled one makes traces T at once
    pairwise = d <= _PAIRWISE_LIMIT or A.device.type != "cpu"
    # Blocks of d x d that are alive for each pair, and a few rows of symbols.
    per_pair = A.element_size() * ((6 if pairwise else 3) * d * d + 3 * C.shape[-3])
    if pairwise:
        most = max(1, workspace_bytes // (per_pair * len(A)))
        sums = _pairwise(A, Bt, flat, observations, most=most, with_fit=with_fit)
    else:
        most = max(1, workspace_bytes // per_pair)
        each = [
            _rowwise(*one, observations, most=most, with_fit=with_fit)
            for one in zip(A, Bt, flat, strict=True)
        ]
        gA, gBt, gC, loss = (torch.stack([sums[k] for sums in each]) for k in range(4))  # type: ignore[misc]
        moments = [sums.moments for sums in each if sums.moments is not None]
        sums = _Sums(gA, gBt, gC, loss, torch.stack(moments, -1) if moments else None)
    gA, gBt, gC = (gradient.conj() for gradient in sums[:3])
    fit = agreement = None
    if sums.moments is not None:
        hits, aligned, power = sums.moments
        fit = hits / len(observations)
        agreement = aligned / (power * len(observations)).sqrt().clamp_min(1e-30)
    return DataTerm(
        loss=sums.loss,
        gradients=(gA.mul(2), gBt.mT.mul(2), gC.view_as(C).mul(2 / d)),
        fit=fit,
        agreement=agreement,
    )


def _residual(T: Tensor, result: Tensor, with_fit: bool) -> tuple[Tensor, Tensor, Tensor | None]:
    """Turn products into the conjugate residual, in place; return also loss and moments."""
    index = result.expand(T.shape[:-1]).unsqueeze(-1)
    moments = _moments(T, index) if with_fit else None
    T.scatter_add_(-1, index, T.new_full((1,), -1.0).expand(index.shape))
    return (T.conj_physical_() if T.is_complex() else T), _power(T), moments


def _moments(T: Tensor, index: Tensor) -> Tensor:
    """Return the number of hits, <T, target> and |T|^2, stacked."""
    real = T.real if T.is_complex() else T
    hits = (real.argmax(-1, keepdim=True) == index).sum((-2, -1))
    aligned = real.gather(-1, index).sum((-2, -1))
    return torch.stack([hits.to(aligned.dtype), aligned, _power(T)])


def _power(T: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(T, dim=(-2, -1))
    return norm.square()


def _pairwise(
    A: Tensor, Bt: Tensor, flat: Tensor, observations: Observations, *, most: int, with_fit: bool
) -> _Sums:
    """Sum over pairs in batches of ``most``, all restarts at once."""
    r, d = len(A), A.shape[-1]
    At = A.mT.contiguous().view(-1, d, d)
    A, Bt = A.reshape(-1, d, d), Bt.view(-1, d, d)
    gA, gBt = torch.zeros_like(A), torch.zeros_like(Bt)
    gC, losses, all_moments = torch.zeros_like(flat), [], []
    for start in range(0, len(observations), most):
        stop = min(start + most, len(observations))
        left, right = observations.places(start, stop, restarts=r)
        X = Bt.index_select(0, right)
        P = torch.bmm(X, At.index_select(0, left)).view(r, -1, d * d)  # (A_a B_b)^T
        R, loss, moments = _residual(P @ flat.mT, observations.result[start:stop], with_fit)
        W = (R @ flat).view(-1, d, d)
        gA.index_add_(0, left, torch.bmm(W.mT, X))
        gBt.index_add_(0, right, torch.bmm(W, A.index_select(0, left)))
        gC.baddbmm_(R.mT, P)
        losses.append(loss)
        all_moments += [] if moments is None else [moments]
    return _Sums(
        gA.view(r, -1, d, d),
        gBt.view(r, -1, d, d),
        gC,
        torch.stack(losses).sum(0),
        _total(all_moments),
    )


def _total(moments: list[Tensor]) -> Tensor | None:
    return torch.stack(moments).sum(0) if moments else None


def _rowwise(
    A: Tensor, Bt: Tensor, flat: Tensor, observations: Observations, *, most: int, with_fit: bool
) -> _Sums:
    """Sum over pairs in groups of rows, one restart."""
    d = A.shape[-1]
    gA, gBt, gC = torch.zeros_like(A), torch.zeros_like(Bt), torch.zeros_like(flat)
    size = min(most, len(observations))
    gathered, products, weights = (A.new_empty(size, d, d) for _ in range(3))
    losses, all_moments = [], []
    for rows in observations.row_chunks(most):
        start, stop = rows[0][1], rows[-1][2]
        k, right = stop - start, observations.right[start:stop]
        X = torch.index_select(Bt, 0, right, out=gathered[:k])
        P, W = products[:k], weights[:k].view(k, d * d)
        for a, i, j in rows:  # (A_a B_b)^T = B_b^T A_a^T for all b of the row in one product
            block = slice(i - start, j - start)
            torch.mm(X[block].view(-1, d), A[a].mT, out=P[block].view(-1, d))
        R, loss, moments = _residual(
            P.view(k, -1) @ flat.mT, observations.result[start:stop], with_fit
        )
        gC.addmm_(R.mT, P.view(k, -1))
        torch.mm(R, flat, out=W)
        for a, i, j in rows:
            block = slice(i - start, j - start)
            w = W[block].view(-1, d)
            gA[a].addmm_(w.mT, X[block].view(-1, d))
            torch.mm(w, A[a], out=P[block].view(-1, d))
        gBt.index_add_(0, right, P)
        losses.append(loss)
        all_moments += [] if moments is None else [moments]
    return _Sums(gA, gBt, gC, torch.stack(losses).sum(0), _total(all_moments))

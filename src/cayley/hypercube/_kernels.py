r"""Three ways to run the sums over pairs, with equal results up to rounding.

Over all pairs with the unseen ones masked (tiny tables, where the calls cost more than the
arithmetic), pair by pair as one batch (small matrices, or a GPU), and row by row as large products
(large matrices on a CPU).

Layout: :math:`B_b` enters transposed, so that :math:`(A_a B_b)^T`, :math:`C_c` and :math:`W_{ab}`
are contiguous and no product needs a copy. The operands may be bfloat16: products then round to it
while sums over pairs are kept in the accumulators' own type.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact
from cayley.hypercube._observed_products import ObservedProducts
from cayley.hypercube._pair_index import TargetTerms
from cayley.hypercube._workspace import Workspace

__all__ = ["Operands", "Sums", "batch_sums", "masked_sums", "row_sums"]


class Operands(NamedTuple):
    """The factors as operands of products, perhaps in a lower precision than that of the sums.

    Attributes:
        A: Left factor, shape ``(r, a, d, d)``.
        Bt: Right factor, each matrix transposed.
        C: Result factor over d, shape ``(r, c, d d)``: the products against it are traces.
        dtype: Type of the sums.
    """

    A: Inexact[Tensor, "r a d d"]
    Bt: Inexact[Tensor, "r b d d"]
    C: Inexact[Tensor, "r c dd"]
    dtype: torch.dtype

    def zeros(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return accumulators for the three sums."""
        A, Bt, C = (torch.zeros_like(F, dtype=self.dtype) for F in self[:3])
        return A, Bt, C


class Sums(NamedTuple):
    """Sums over pairs: the gradients, conjugated, and moments of the residual.

    The moments are loss, mass on the largest products, and the inner product with the data and the
    power of the products on the observed pairs; shape ``(4, r)``.
    """

    gA: Tensor
    gBt: Tensor
    gC: Tensor
    moments: Float[Tensor, "4 r"] | None


def masked_sums(operands: Operands, observations: ObservedProducts, *, count: bool) -> Sums:
    """Return the sums by products over all pairs, the unseen ones masked by zeros."""
    A, Bt, C = operands[:3]
    (r, a, d, _), b = A.shape, Bt.shape[1]
    products = torch.bmm(Bt.view(r, b * d, d), A.reshape(r, a * d, d).mT)  # (b, l), (a, i)
    P = products.view(r, b, d, a, d).permute(0, 3, 1, 2, 4).reshape(r, a * b, d * d)
    T = torch.bmm(P, C.mT)
    weight, target = observations.index.masked(T.dtype)
    R = torch.addcmul(target, T, weight)
    moments = None
    if count:
        terms = observations.index.terms(0, len(observations), restarts=r, dtype=T.dtype)
        seen = T[:, observations.left * b + observations.right]
        _, moments = residual(seen, terms, count=True)
    R = R.conj_physical_() if R.is_complex() else R
    W = torch.bmm(R, 2 * C).view(r, a, b * d, d)
    gA = W.mT @ Bt.reshape(r, 1, b * d, d)
    by_column = W.transpose(1, 2).reshape(r, b * d, a * d)
    gBt = torch.bmm(by_column, A.reshape(r, a * d, d)).view_as(Bt)
    return Sums(gA, gBt, torch.bmm(R.mT, P).mul_(2 / d), moments)


def residual(T: Tensor, terms: TargetTerms, *, count: bool) -> tuple[Tensor, Tensor | None]:
    """Turn products into the weighted conjugate residual, in place; return it and the moments."""
    if not count:
        return _subtract_target(T, terms), None
    r = len(T)
    weight = None if terms.weight is None else terms.weight.real
    real = T.real if T.is_complex() else T
    best, mass = real.argmax(-1), terms.mass.real.view(r, -1)
    best = best if terms.pair is None else best[:, terms.pair]
    hits = ((best == terms.symbol) * mass).sum(-1)
    aligned = real.flatten()[terms.place].view(r, -1).mul_(mass).sum(-1)
    # Before the residual overwrites the products.
    power = _power(T, weight)
    R = _subtract_target(T, terms)
    loss = _power(R, None if weight is None else 1 / weight)
    return R, torch.stack([loss, hits.to(power.dtype), aligned, power])


def _subtract_target(T: Tensor, terms: TargetTerms) -> Tensor:
    if terms.weight is not None:
        T.mul_(terms.weight)
    T.view(-1).index_add_(0, terms.place, terms.mass, alpha=-1)
    return T.conj_physical_() if T.is_complex() else T


def _power(T: Tensor, weight: Tensor | None) -> Tensor:
    """Return the sum of squares over pairs and symbols, weighted by pair if there are weights."""
    if weight is None:
        norm: Tensor = torch.linalg.vector_norm(T, dim=(-2, -1))
        return norm.square()
    squares: Tensor = torch.linalg.vector_norm(T, dim=-1).square()
    return squares @ weight[:, 0]


def batch_sums(
    operands: Operands,
    observations: ObservedProducts,
    workspace: Workspace,
    *,
    most: int,
    count: bool,
) -> Sums:
    """Return the sums over pairs, in batches of ``most`` and for all restarts at once."""
    r, d = len(operands.A), operands.A.shape[-1]
    A, Bt, C = operands.A.reshape(-1, d, d), operands.Bt.view(-1, d, d), operands.C
    gA, gBt, gC = operands.zeros()
    to_A, to_Bt = gA.view(-1, d, d), gBt.view(-1, d, d)
    twice = 2 * C  # the 2 of the gradients, where it costs least
    moments: list[Tensor] = []
    # All restarts at once: they have the same pairs, and small products leave a processor idle.
    for start in range(0, len(observations), most):
        stop = min(start + most, len(observations))
        terms = observations.index.terms(start, stop, restarts=r, dtype=operands.dtype)
        left, right = terms.left, terms.right
        X, L, P, W, G = (workspace.take(name, A, len(left), d, d) for name in "XLPWG")
        torch.index_select(Bt, 0, right, out=X)
        torch.index_select(A, 0, left, out=L)
        torch.bmm(X, L.mT, out=P)  # (A_a B_b)^T
        products, weights = P.view(r, -1, d * d), W.view(r, -1, d * d)
        T = torch.bmm(products, C.mT).to(gC.dtype)
        R, counted = residual(T, terms, count=count)
        R = R.to(A.dtype)
        torch.bmm(R, twice, out=weights)
        to_A.index_add_(0, left, torch.bmm(W.mT, X, out=G).to(gC.dtype))
        to_Bt.index_add_(0, right, torch.bmm(W, L, out=G).to(gC.dtype))
        if A.dtype == gC.dtype:
            gC.baddbmm_(R.mT, products, alpha=2 / d)
        else:
            gC.add_(torch.bmm(R.mT, products), alpha=2 / d)
        moments += [] if counted is None else [counted]
    return Sums(gA, gBt, gC, sum(moments[1:], moments[0]) if moments else None)


def row_sums(
    operands: Operands,
    observations: ObservedProducts,
    workspace: Workspace,
    *,
    most: int,
    count: bool,
) -> Sums:
    """Return the sums over pairs, in groups of rows and one restart after the other."""
    each = [
        _row_sums(Operands(*one, operands.dtype), observations, workspace, most=most, count=count)
        for one in zip(*operands[:3], strict=True)
    ]
    gA, gBt, gC = (torch.stack([sums[k] for sums in each]) for k in range(3))  # type: ignore[misc]
    moments = [sums.moments for sums in each if sums.moments is not None]
    return Sums(gA, gBt, gC, torch.cat(moments, -1) if moments else None)


def _row_sums(
    operands: Operands,
    observations: ObservedProducts,
    workspace: Workspace,
    *,
    most: int,
    count: bool,
) -> Sums:
    A, Bt, C = operands[:3]
    d = A.shape[-1]
    gA, gBt, gC = operands.zeros()
    twice = 2 * C
    size = min(most, len(observations))
    gathered, products, weights = (workspace.take(name, A, size, d, d) for name in "XPW")
    exact = A.dtype == gA.dtype
    # In bfloat16 the sums need a buffer of their own type; else the products' memory is used again.
    sums = products if exact else workspace.take("S", gA, size, d, d)
    moments: list[Tensor] = []
    for rows in observations.index.row_chunks(most):
        start, stop = rows[0][1], rows[-1][2]
        k = stop - start
        terms = observations.index.terms(start, stop, restarts=1, dtype=operands.dtype)
        X = torch.index_select(Bt, 0, terms.right, out=gathered[:k])
        P, W = products[:k], weights[:k].view(k, d * d)
        for a, i, j in rows:  # (A_a B_b)^T = B_b^T A_a^T for all b of the row in one product
            block = slice(i - start, j - start)
            torch.mm(X[block].view(-1, d), A[a].mT, out=P[block].view(-1, d))
        T = (P.view(k, -1) @ C.mT).to(gC.dtype)
        R, counted = residual(T[None], terms, count=count)
        R = R[0].to(A.dtype)
        _add_product(gC, R.mT, P.view(k, -1), scale=2 / d)
        torch.mm(R, twice, out=W)
        for a, i, j in rows:
            block = slice(i - start, j - start)
            w = W[block].view(-1, d)
            _add_product(gA[a], w.mT, X[block].view(-1, d))
            torch.mm(w, A[a], out=P[block].view(-1, d))
        gBt.index_add_(0, terms.right, P if exact else sums[:k].copy_(P))
        moments += [] if counted is None else [counted]
    return Sums(gA, gBt, gC, sum(moments[1:], moments[0]) if moments else None)


def _add_product(total: Tensor, X: Tensor, Y: Tensor, *, scale: float = 1.0) -> None:
    """Add a product to a sum that may be kept in a higher precision."""
    if X.dtype == total.dtype:
        total.addmm_(X, Y, alpha=scale)
    else:
        total.add_(X @ Y, alpha=scale)

r"""The data loss and its closed-form gradients, over the observed pairs only.

With :math:`R = T - \text{target}` on the observed pairs and
:math:`W_{ab} = \sum_c \bar R_{abc} C_c`,

.. math::

    \nabla_{A_a} L = \tfrac{2}{d} \sum_b (B_b W_{ab})', \quad
    \nabla_{B_b} L = \tfrac{2}{d} \sum_a (W_{ab} A_a)', \quad
    \nabla_{C_c} L = \tfrac{2}{d} \sum_{ab} R_{abc} (A_a B_b)'

which costs about :math:`12\, m\, d^3` operations at ``d = n``, all of them matrix products. Three
ways to run them, same numbers: over all pairs with the unseen ones masked (tiny tables, where the
number of operations called is what costs), pair by pair as one batch (small matrices, or a GPU),
and row by row as large products (large matrices on a CPU). Each keeps its temporaries under a
stated number of bytes. Layout: :math:`B_b` enters transposed, so that :math:`(A_a B_b)^T`,
:math:`C_c` and :math:`W_{ab}` are contiguous and no product needs a copy.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float, Inexact
from torch import Tensor

from cayley.hypercube._observations import Observations

__all__ = ["WORKSPACE_BYTES", "DataTerm", "FitStatistics", "Workspace", "data_gradients"]

WORKSPACE_BYTES = 32 * 2**20
"""Default bound on the temporaries of one step: near the size of a processor's cache."""

_PAIRWISE_LIMIT = 40  # matrices up to this size run faster as one batch (measured)
_DENSE_LIMIT = 20_000  # entries of all pairs' products up to which masking is faster (measured)


class Workspace:
    """Scratch memory for the temporaries of a step, kept from one step to the next.

    Memory that is asked for and given back in every step costs more than the arithmetic on small
    matrices: each time the system hands out fresh pages. Not to be shared between threads.

    Args:
        num_bytes: Bound on the temporaries; at least one pair is always done.

    Raises:
        ValueError: If ``num_bytes`` is not positive.

    Example:
        >>> workspace = Workspace()
        >>> like = torch.zeros(1)
        >>> one = workspace.take("P", like, 2, 3)
        >>> workspace.take("P", like, 6).data_ptr() == one.data_ptr()
        True
    """

    def __init__(self, num_bytes: int = WORKSPACE_BYTES) -> None:
        if num_bytes < 1:
            raise ValueError(f"`num_bytes` must be positive; got {num_bytes}.")
        self.num_bytes = num_bytes
        self._buffers: dict[str, Tensor] = {}
        self._views: dict[tuple[str | int, ...], Tensor] = {}

    def take(self, name: str, like: Tensor, *shape: int) -> Tensor:
        """Return a tensor of that shape, its content arbitrary, over the memory of that name."""
        view = self._views.get((name, *shape))
        if view is not None and view.dtype == like.dtype and view.device == like.device:
            return view
        size, buffer = math.prod(shape), self._buffers.get(name)
        if (
            buffer is None
            or len(buffer) < size
            or buffer.dtype != like.dtype
            or buffer.device != like.device
        ):
            buffer = self._buffers[name] = like.new_empty(size)
            self._views = {key: old for key, old in self._views.items() if key[0] != name}
        view = self._views[name, *shape] = buffer[:size].view(shape)
        return view


class _Sums(NamedTuple):
    """Sums over pairs: the gradients, conjugated, and moments of the residual."""

    gA: Tensor
    gBt: Tensor
    gC: Tensor
    moments: Tensor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FitStatistics:
    """How well the observed products are fitted, per restart.

    Attributes:
        loss: Sum of squared residuals, shape ``(r,)``.
        fit: Share of observations whose largest product is the observed one, shape ``(r,)``.
        agreement: Cosine between the product tensor and the data on the observed pairs, shape
            ``(r,)``: it does not depend on the scale of the factors.
    """

    loss: Float[Tensor, " r"]
    fit: Float[Tensor, " r"]
    agreement: Float[Tensor, " r"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTerm:
    """The gradients of the data loss, and statistics of the fit.

    Attributes:
        gradients: Gradients with respect to the three factors.
        statistics: Loss, fit and agreement; None if not asked for.
    """

    gradients: tuple[Tensor, Tensor, Tensor]
    statistics: FitStatistics | None


def data_gradients(
    A: Inexact[Tensor, "r a d d"],
    B: Inexact[Tensor, "r b d d"],
    C: Inexact[Tensor, "r c d d"],
    observations: Observations,
    *,
    with_statistics: bool = True,
    workspace: Workspace | None = None,
) -> DataTerm:
    r"""Return the data loss and its gradients in closed form.

    .. math:: L = \sum_{(a, b) \in \Omega} \sum_c \bigl(T_{abc} - [c = a \circ b]\bigr)^2

    Args:
        A: Factor of the left operands, real or complex.
        B: Factor of the right operands.
        C: Factor of the results.
        observations: The observed products.
        with_statistics: Whether to compute loss, fit and agreement too.
        workspace: Memory for temporaries, with its bound; a new one if None.

    Returns:
        The gradients and the statistics, for every restart by itself.

    Example:
        >>> X = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]])
        >>> table = Observations.from_triples([[0, 1, 1], [1, 1, 0]], sizes=(2, 2, 2))
        >>> term = data_gradients(X, X, X.mT, table)
        >>> term.statistics.loss.tolist(), term.statistics.fit.tolist()
        ([0.0], [1.0])
    """
    d = A.shape[-1]
    workspace = Workspace() if workspace is None else workspace
    Bt, flat = B.mT.contiguous(), C.flatten(-2) / d  # the scaled one makes traces T at once
    dense = len(A) * A.shape[1] * Bt.shape[1] * d * d <= _DENSE_LIMIT
    pairwise = d <= _PAIRWISE_LIMIT or A.device.type != "cpu"
    # Blocks of d x d that are alive for each pair, and a few rows of symbols.
    per_pair = A.element_size() * ((5 if pairwise else 3) * d * d + 3 * C.shape[-3])
    if dense and 4 * _DENSE_LIMIT * A.element_size() <= workspace.num_bytes:
        sums = _dense(A, Bt, flat, observations, count=with_statistics)
    elif pairwise:
        most = max(1, workspace.num_bytes // (per_pair * len(A)))
        sums = _pairwise(A, Bt, flat, observations, workspace, most=most, count=with_statistics)
    else:
        most = max(1, workspace.num_bytes // per_pair)
        each = [
            _rowwise(*one, observations, workspace, most=most, count=with_statistics)
            for one in zip(A, Bt, flat, strict=True)
        ]
        gA, gBt, gC = (torch.stack([sums[k] for sums in each]) for k in range(3))  # type: ignore[misc]
        moments = [sums.moments for sums in each if sums.moments is not None]
        sums = _Sums(gA, gBt, gC, torch.stack(moments, -1) if moments else None)
    return DataTerm(
        gradients=(sums.gA.conj(), sums.gBt.mT.conj(), sums.gC.view_as(C).conj()),
        statistics=None if sums.moments is None else _statistics(sums.moments, len(observations)),
    )


def _statistics(moments: Float[Tensor, "4 r"], count: int) -> FitStatistics:
    loss, hits, aligned, power = moments
    return FitStatistics(
        loss=loss,
        fit=hits / count,
        agreement=aligned / (power * count).sqrt().clamp_min(1e-30),
    )


def _dense(
    A: Tensor, Bt: Tensor, flat: Tensor, observations: Observations, *, count: bool
) -> _Sums:
    """Sum over all pairs at once, those not seen masked."""
    (r, a, d, _), b = A.shape, Bt.shape[1]
    products = torch.bmm(Bt.view(r, b * d, d), A.reshape(r, a * d, d).mT)  # (b, l), (a, i)
    P = products.view(r, b, d, a, d).permute(0, 3, 1, 2, 4).reshape(r, a * b, d * d)
    T = torch.bmm(P, flat.mT)
    times, target = (part.to(T.dtype) for part in observations.masked)
    R = torch.addcmul(target, T, times)  # the residuals of each pair, summed
    moments = None
    if count:
        seen = T[:, observations.left * b + observations.right]
        _, moments = _residual(seen, observations.result, count=True)
    R = R.conj_physical_() if R.is_complex() else R
    W = torch.bmm(R, 2 * flat).view(r, a, b * d, d)
    gA = W.mT @ Bt.reshape(r, 1, b * d, d)
    by_column = W.transpose(1, 2).reshape(r, b * d, a * d)
    gBt = torch.bmm(by_column, A.reshape(r, a * d, d)).view_as(Bt)
    return _Sums(gA, gBt, torch.bmm(R.mT, P).mul_(2 / d), moments)


def _residual(T: Tensor, result: Tensor, *, count: bool) -> tuple[Tensor, Tensor | None]:
    """Turn products into the conjugate residual, in place; count what the statistics need."""
    index = result.expand(T.shape[:-1]).unsqueeze(-1)
    if not count:
        return _subtract_target(T, index), None
    real = T.real if T.is_complex() else T
    hits = (real.argmax(-1, keepdim=True) == index).sum((-2, -1))
    aligned = real.gather(-1, index).sum((-2, -1))
    power = _power(T)
    R = _subtract_target(T, index)
    return R, torch.stack([_power(R), hits.to(power.dtype), aligned, power])


def _subtract_target(T: Tensor, index: Tensor) -> Tensor:
    T.scatter_add_(-1, index, T.new_full((1,), -1.0).expand(index.shape))
    return T.conj_physical_() if T.is_complex() else T


def _power(T: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(T, dim=(-2, -1))
    return norm.square()


def _pairwise(
    A: Tensor,
    Bt: Tensor,
    flat: Tensor,
    observations: Observations,
    workspace: Workspace,
    *,
    most: int,
    count: bool,
) -> _Sums:
    """Sum over pairs in batches of ``most``, all restarts at once."""
    r, d = len(A), A.shape[-1]
    A, Bt = A.reshape(-1, d, d), Bt.view(-1, d, d)
    gA, gBt = torch.zeros_like(A), torch.zeros_like(Bt)
    gC, twice = torch.zeros_like(flat), 2 * flat  # the 2 of the gradients, where it costs least
    moments: list[Tensor] = []
    for start in range(0, len(observations), most):
        stop = min(start + most, len(observations))
        left, right = observations.places(start, stop, restarts=r)
        X, L, P, W, G = (workspace.take(name, A, len(left), d, d) for name in "XLPWG")
        torch.index_select(Bt, 0, right, out=X)
        torch.index_select(A, 0, left, out=L)
        torch.bmm(X, L.mT, out=P)  # (A_a B_b)^T
        products, weights = P.view(r, -1, d * d), W.view(r, -1, d * d)
        T = torch.bmm(products, flat.mT)
        R, counted = _residual(T, observations.result[start:stop], count=count)
        torch.bmm(R, twice, out=weights)
        gA.index_add_(0, left, torch.bmm(W.mT, X, out=G))
        gBt.index_add_(0, right, torch.bmm(W, L, out=G))
        gC.baddbmm_(R.mT, products, alpha=2 / d)
        moments += [] if counted is None else [counted]
    gA, gBt = gA.view(r, -1, d, d), gBt.view(r, -1, d, d)
    return _Sums(gA, gBt, gC, sum(moments[1:], moments[0]) if moments else None)


def _rowwise(
    A: Tensor,
    Bt: Tensor,
    flat: Tensor,
    observations: Observations,
    workspace: Workspace,
    *,
    most: int,
    count: bool,
) -> _Sums:
    """Sum over pairs in groups of rows, one restart."""
    d = A.shape[-1]
    gA, gBt, gC = torch.zeros_like(A), torch.zeros_like(Bt), torch.zeros_like(flat)
    twice = 2 * flat
    size = min(most, len(observations))
    gathered, products, weights = (workspace.take(name, A, size, d, d) for name in "XPW")
    moments: list[Tensor] = []
    for rows in observations.row_chunks(most):
        start, stop = rows[0][1], rows[-1][2]
        k, right = stop - start, observations.right[start:stop]
        X = torch.index_select(Bt, 0, right, out=gathered[:k])
        P, W = products[:k], weights[:k].view(k, d * d)
        for a, i, j in rows:  # (A_a B_b)^T = B_b^T A_a^T for all b of the row in one product
            block = slice(i - start, j - start)
            torch.mm(X[block].view(-1, d), A[a].mT, out=P[block].view(-1, d))
        T = P.view(k, -1) @ flat.mT
        R, counted = _residual(T, observations.result[start:stop], count=count)
        gC.addmm_(R.mT, P.view(k, -1), alpha=2 / d)
        torch.mm(R, twice, out=W)
        for a, i, j in rows:
            block = slice(i - start, j - start)
            w = W[block].view(-1, d)
            gA[a].addmm_(w.mT, X[block].view(-1, d))
            torch.mm(w, A[a], out=P[block].view(-1, d))
        gBt.index_add_(0, right, P)
        moments += [] if counted is None else [counted]
    return _Sums(gA, gBt, gC, sum(moments[1:], moments[0]) if moments else None)

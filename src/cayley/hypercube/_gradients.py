r"""The data loss and its closed-form gradients, over the observed pairs only.

With :math:`R = w (T - q)` on the observed pairs, where :math:`q` is the distribution seen and
:math:`w` its weight, and :math:`W_{ab} = \sum_c \bar R_{abc} C_c`,

.. math::

    \nabla_{A_a} L = \tfrac{2}{d} \sum_b (B_b W_{ab})', \quad
    \nabla_{B_b} L = \tfrac{2}{d} \sum_a (W_{ab} A_a)', \quad
    \nabla_{C_c} L = \tfrac{2}{d} \sum_{ab} R_{abc} (A_a B_b)'

which costs about :math:`12\, p\, d^3` operations for p pairs at ``d = n``, all of them matrix
products, whose temporaries stay under a stated number of bytes.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact
from cayley.hypercube._kernels import Operands, batch_sums, masked_sums, row_sums
from cayley.hypercube._observed_products import ObservedProducts
from cayley.hypercube._workspace import Workspace

__all__ = ["DataTerm", "FitStatistics", "data_gradients"]

# Size up to which matrices run faster as one batch over pairs; larger ones as rows, each one large
# product (measured on a processor; a GPU takes batches of any size).
_BATCH_LIMIT = 40
# Entries of the products of all pairs up to which masking the unseen ones is faster than gathering
# the seen ones (measured): at such sizes the calls cost more than the arithmetic.
_DENSE_LIMIT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FitStatistics:
    """Loss, fit and agreement on the observed products, per restart.

    Attributes:
        loss: Weighted sum of squared residuals, shape ``(r,)``.
        fit: Share of the observations (of their mass) that is on the symbols whose products are
            largest, shape ``(r,)``.
        agreement: Cosine between the product tensor and the data on the observed pairs, shape
            ``(r,)``: it does not depend on the scale of the factors.
    """

    loss: Float[Tensor, " r"]
    fit: Float[Tensor, " r"]
    agreement: Float[Tensor, " r"]

    @classmethod
    def from_moments(
        cls, moments: Float[Tensor, "4 r"], observations: ObservedProducts
    ) -> "FitStatistics":
        """Return the statistics that follow from sums over all pairs."""
        loss, hits, aligned, power = moments
        return cls(
            loss=loss + observations.spread,
            fit=hits / observations.total,
            agreement=aligned / (power * observations.power).sqrt().clamp_min(1e-30),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTerm:
    """The gradients of the data loss, and statistics of the fit.

    Attributes:
        gradients: Gradients with respect to the three factors.
        moments: Sums over pairs that the statistics come from, shape ``(4, r)``, which add up over
            parts of the observations; None if not asked for.
        statistics: Loss, fit and agreement; None if not asked for.
    """

    gradients: tuple[Tensor, Tensor, Tensor]
    moments: Float[Tensor, "4 r"] | None
    statistics: FitStatistics | None


def data_gradients(
    A: Inexact[Tensor, "r a d d"],
    B: Inexact[Tensor, "r b d d"],
    C: Inexact[Tensor, "r c d d"],
    observations: ObservedProducts,
    *,
    with_statistics: bool = True,
    bfloat16: bool = False,
    workspace: Workspace | None = None,
) -> DataTerm:
    r"""Return the data loss and its gradients in closed form.

    .. math:: L = \sum_{(a, b) \in \Omega} w_{ab} \sum_c (T_{abc} - q_{abc})^2 + \text{spread}

    Args:
        A: Factor of the left operands, real or complex.
        B: Factor of the right operands.
        C: Factor of the results.
        observations: The observed products.
        with_statistics: Whether to compute loss, fit and agreement too.
        bfloat16: Whether products are taken in bfloat16, with sums in float32; for real float32
            factors. The gradients then carry a relative error of about 0.005.
        workspace: Memory for temporaries, with its bound; a new one if None.

    Returns:
        The gradients and the statistics, for every restart by itself.

    Raises:
        TypeError: If bfloat16 products are asked for of factors that are not float32.

    Example:
        >>> X = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]])
        >>> table = ObservedProducts.from_triples([[0, 1, 1], [1, 1, 0]], sizes=(2, 2, 2))
        >>> term = data_gradients(X, X, X.mT, table)
        >>> term.statistics.loss.tolist(), term.statistics.fit.tolist()
        ([0.0], [1.0])
    """
    if bfloat16 and A.dtype != torch.float32:
        raise TypeError(f"`bfloat16` products need float32 factors; got {A.dtype}.")
    d, symbols = A.shape[-1], C.shape[1]
    workspace = Workspace() if workspace is None else workspace
    Bt, flat = B.mT.contiguous(), C.flatten(-2) / d
    size = A.element_size()
    if bfloat16:
        A, Bt, flat = A.bfloat16(), Bt.bfloat16(), flat.bfloat16()
    operands = Operands(A, Bt, flat, C.dtype)
    dense = len(A) * A.shape[1] * Bt.shape[1] * d * d <= _DENSE_LIMIT and not bfloat16
    batched = d <= _BATCH_LIMIT or A.device.type != "cpu"
    # Blocks of d x d that are alive for each pair, and a few rows of symbols.
    per_pair = size * ((5 if batched else 3) * d * d + 3 * symbols)
    # Masking holds a few tensors of that many entries at a time, whatever the workspace.
    if dense and 4 * _DENSE_LIMIT * size <= workspace.num_bytes:
        sums = masked_sums(operands, observations, count=with_statistics)
    elif batched:
        most = max(1, workspace.num_bytes // (per_pair * len(A)))
        sums = batch_sums(operands, observations, workspace, most=most, count=with_statistics)
    else:
        most = max(1, workspace.num_bytes // per_pair)
        sums = row_sums(operands, observations, workspace, most=most, count=with_statistics)
    return DataTerm(
        gradients=(sums.gA.conj(), sums.gBt.mT.conj(), sums.gC.view_as(C).conj()),
        moments=sums.moments,
        statistics=None
        if sums.moments is None
        else FitStatistics.from_moments(sums.moments, observations),
    )

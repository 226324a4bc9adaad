r"""Lower bounds of the penalty, and what says how near factors are to reaching them.

For every triple, whatever the factors,

.. math::
    \tfrac1d \bigl( |A_a B_b|^2 + |B_b C_c|^2 + |C_c A_a|^2 \bigr) \ge 3\, |T_{abc}|^{4/3} .

In a Latin square every pair of a row and a column, of a column and a symbol and of a symbol and a
row lies in one triple, so that the left sides add up to the penalty H, at every step of every
training. In other tables some pairs lie in several triples and some in none. There the bound is
that of H *weighted by the structure tensor*, the sum of the left sides over the triples of the
table, and plain H may be smaller.

Where the matrices use few dimensions the bound is larger: with r the least rank of the three and
:math:`\kappa = r / d` the right side is :math:`3\, \kappa^{-1/3} |T_{abc}|^{4/3}`. If
:math:`A_a = U S V'` has rank r, then :math:`b = V' B_b` and :math:`c = C_c U` have r rows and r
columns, :math:`|A_a B_b| = |S b|`, :math:`|C_c A_a| = |c S|`, :math:`|B_b C_c| \ge |b c|` and
:math:`d\, T_{abc} = \operatorname{Tr}(S b c)`; rotated into the row space of b they are three
matrices of size r, for which the bound above says so. Partial isometries between spaces that fit
each other reach it.

References:
    Huh, Horesh, Jeong (2025), A Differentiable Measure of Algebraic Complexity, arXiv:2511.23152v4,
    Theorem 6; Lemma 4 has the factor :math:`\kappa^{-1/3}` for collinear factors.
"""

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact, Int

__all__ = ["collinearity", "penalty_floor", "rank_shares", "triple_penalties", "triple_products"]

_AT_ONCE = 1 << 20
"""Entries of the products of triples held at a time: more would leave the caches."""


def triple_penalties(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
    triples: Int[Tensor, "m 3"],
) -> Float[Tensor, "*r m"]:
    r"""Return what every triple has of the penalty; the sum is H weighted by the structure tensor.

    Norms of products come from second moments, :math:`|A_a B_b|^2 = \langle A_a' A_a, B_b B_b'
    \rangle`: two products of matrices for each label, and one of all pairs.

    Args:
        A: Factor of the left operands.
        B: Factor of the right operands.
        C: Factor of the results.
        triples: Rows (left, right, result).

    Example:
        >>> X = torch.eye(2).expand(2, 2, 2)
        >>> triples = torch.tensor([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])
        >>> triple_penalties(X, X, X, triples).sum().item()  # as H of that Latin square
        12.0
    """
    a, b, c = triples.unbind(1)

    def squares(F: Tensor, G: Tensor, f: Tensor, g: Tensor) -> Tensor:
        inner = (F.mH @ F).flatten(-2) @ (G @ G.mH).flatten(-2).mH
        return inner.real[..., f, g]

    return (squares(A, B, a, b) + squares(B, C, b, c) + squares(C, A, c, a)) / A.shape[-1]


def triple_products(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
    triples: Int[Tensor, "m 3"],
) -> Inexact[Tensor, "*r m"]:
    """Return the product tensor at some triples."""
    d, parts = A.shape[-1], []
    for some in torch.split(triples, max(1, _AT_ONCE // (d * d))):
        a, b, c = some.unbind(1)
        products = A[..., a, :, :] @ B[..., b, :, :]
        parts.append((products * C[..., c, :, :].mT).sum((-2, -1)) / d)
    return torch.cat(parts, -1)


def penalty_floor(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
    triples: Int[Tensor, "m 3"],
    *,
    shares: Float[Tensor, "*r m"] | None = None,
) -> Float[Tensor, "*r"]:
    r"""Return :math:`3 \sum |T|^{4/3}` over triples: the floor of the penalty weighted by them.

    Where no pair lies in two of the triples, as in a Latin square or a part of one, it is the floor
    of plain H too.

    Args:
        A: Factor of the left operands.
        B: Factor of the right operands.
        C: Factor of the results.
        triples: Rows (left, right, result).
        shares: The rank of every triple over d, as `rank_shares` has it, which makes the floor
            larger by :math:`\kappa^{-1/3}`; 1 if None.

    Example:
        >>> X = 2 * torch.eye(2).expand(2, 2, 2)
        >>> triples = torch.tensor([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]])
        >>> penalty_floor(X, X, X, triples).item()  # multiples of unitary factors reach it
        192.0
    """
    parts = triple_products(A, B, C, triples).abs().pow(4 / 3)
    return 3 * (parts if shares is None else parts * shares.pow(-1 / 3)).sum(-1)


def rank_shares(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
    triples: Int[Tensor, "m 3"],
    *,
    tolerance: float = 1e-2,
) -> Float[Tensor, "*r m"]:
    r"""Return :math:`\kappa`, the least rank of the three matrices of every triple over d.

    Args:
        A: Factor of the left operands.
        B: Factor of the right operands.
        C: Factor of the results.
        triples: Rows (left, right, result).
        tolerance: Singular values up to this share of the largest of a factor count as 0. A zero
            matrix counts as one of rank 1: its products are 0 in any case.

    Example:
        >>> P = torch.diag(torch.tensor([1.0, 1.0, 0.0, 0.0]))[None]
        >>> rank_shares(P, P, torch.eye(4)[None], torch.tensor([[0, 0, 0]])).item()
        0.5
    """

    def ranks(F: Tensor, at: Tensor) -> Tensor:
        values = torch.linalg.svdvals(F)
        least = tolerance * values.amax((-2, -1), keepdim=True)
        found: Tensor = (values > least).sum(-1).clamp_min(1)[..., at]
        return found

    a, b, c = triples.unbind(1)
    least = ranks(A, a).minimum(ranks(B, b)).minimum(ranks(C, c))
    shares: Tensor = least.to(A.real.dtype) / A.shape[-1]
    return shares


def collinearity(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
    triples: Int[Tensor, "m 3"],
) -> Float[Tensor, "*r"]:
    r"""Return the mean cosine between :math:`A_a B_b` and :math:`C_c'` over triples.

    1 where all are collinear, which exact fits can be for isotopes of groups only (Theorem 15).
    """
    a, b, c = triples.unbind(1)
    sizes = torch.linalg.matrix_norm(A[..., a, :, :] @ B[..., b, :, :])
    sizes = sizes * torch.linalg.matrix_norm(C[..., c, :, :])
    T = triple_products(A, B, C, triples).abs() * A.shape[-1]
    cosines: Tensor = T / sizes.clamp_min(torch.finfo(sizes.dtype).tiny)
    return cosines.mean(-1)

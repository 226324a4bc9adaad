r"""Product, penalty and imbalance of HyperCube as formulas, in the notation of the paper.

Factors are ``A``, ``B``, ``C`` of shapes ``(*r, rows, d, d)``, ``(*r, columns, d, d)`` and
``(*r, symbols, d, d)``, real or complex, with any leading shape ``*r`` of restarts. A dash is the
conjugate transpose.
"""

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact, Int

__all__ = [
    "hypercube_imbalance",
    "hypercube_penalty",
    "hypercube_product",
    "penalty_gradients",
    "second_moments",
]


def hypercube_product(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
    *,
    left: Int[Tensor, " m"] | None = None,
    right: Int[Tensor, " m"] | None = None,
) -> Inexact[Tensor, "..."]:
    r"""Return the product tensor of three factors, whole or on some pairs only.

    .. math:: T_{abc} = \tfrac{1}{d} \operatorname{Tr}(A_a B_b C_c)

    Differentiable; for the training loop's speed see
    ``data_gradients``. The operation is read out as
    ``T.real.argmax(-1)``.

    Args:
        A: Factor of the left operands.
        B: Factor of the right operands.
        C: Factor of the results.
        left: Left operands of the pairs wanted; all pairs if None.
        right: Right operands of the pairs wanted, as many.

    Returns:
        Shape ``(*r, rows, columns, symbols)``, or ``(*r, m, symbols)`` for ``m`` pairs.

    Raises:
        ValueError: If only one of ``left`` and ``right`` is given.

    Example:
        The permutation matrices of C2 multiply as the group does:

        >>> X = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
        >>> hypercube_product(X, X, X.mT).argmax(-1).tolist()
        [[0, 1], [1, 0]]

    References:
        Huh (2024), Discovering Abstract Symbolic Relations by Learning Unitary Group
        Representations, arXiv:2402.17002, eq. (4).
    """
    if (left is None) != (right is None):
        raise ValueError("`left` and `right` must be given together.")
    d = A.shape[-1]
    if left is None or right is None:
        # In two steps: the order of the products of one einsum depends on what is installed.
        pairs = torch.einsum("...aij,...bjk->...abik", A, B)
        return torch.einsum("...abik,...cki->...abc", pairs, C) / d
    pairs = A[..., left, :, :] @ B[..., right, :, :]
    return pairs.flatten(-2) @ C.mT.flatten(-2).mT / d


def second_moments(
    F: Inexact[Tensor, "*r n d d"],
) -> tuple[Inexact[Tensor, "*r d d"], Inexact[Tensor, "*r d d"]]:
    r"""Return :math:`\sum_x F_x' F_x` and :math:`\sum_x F_x F_x'`.

    Example:
        >>> P, Q = second_moments(torch.tensor([[[0.0, 2.0], [0.0, 0.0]]]))
        >>> P.tolist(), Q.tolist()
        ([[0.0, 0.0], [0.0, 4.0]], [[4.0, 0.0], [0.0, 0.0]])
    """
    rows = F.flatten(-3, -2)
    return rows.mH @ rows, (F @ F.mH).sum(-3)


def _inner(P: Inexact[Tensor, "*r d d"], Q: Inexact[Tensor, "*r d d"]) -> Float[Tensor, "*r"]:
    """Return the real inner product of Hermitian matrices."""
    return (P.conj() * Q).real.sum((-2, -1)) if P.is_complex() else (P * Q).sum((-2, -1))


def _sizes(A: Tensor, B: Tensor, C: Tensor) -> tuple[int, int, int]:
    return A.shape[-3], B.shape[-3], C.shape[-3]


def _stack(A: Tensor, B: Tensor, C: Tensor) -> Inexact[Tensor, "*r 3 n d d"]:
    """Stack the factors, filled up with zero matrices, which add nothing to a moment."""
    most = max(_sizes(A, B, C))
    pad = torch.nn.functional.pad
    return torch.stack(
        [
            F if F.shape[-3] == most else pad(F, (0, 0, 0, 0, 0, most - F.shape[-3]))
            for F in (A, B, C)
        ],
        dim=-4,
    )


def hypercube_penalty(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
) -> Float[Tensor, "*r"]:
    r"""Return the penalty H, the squared norm of the Jacobian of T up to a factor d / n.

    .. math::

        H = \tfrac{1}{d} \Bigl( \sum_{ab} |A_a B_b|^2 + \sum_{bc} |B_b C_c|^2
            + \sum_{ca} |C_c A_a|^2 \Bigr), \qquad
        \sum_{ab} |A_a B_b|^2 = \bigl\langle \sum_a A_a' A_a, \sum_b B_b B_b' \bigr\rangle

    with Frobenius norms: six second moments, :math:`O(n d^3)`. For every quasigroup of order n
    and every exact fit :math:`H \ge 3 n^2`, with equality exactly for isotopes of groups; outside
    quasigroups the bound does not hold, so the number never proves a group.

    Example:
        >>> X = torch.eye(2).expand(2, 2, 2)
        >>> hypercube_penalty(X, X, X).item()  # unitary factors: 3 n^2
        12.0

    References:
        Huh (2024), arXiv:2402.17002, eq. (6). Huh, Horesh, Jeong (2025), A Differentiable Measure
        of Algebraic Complexity, arXiv:2511.23152 (the bound).
    """
    P, Q = second_moments(_stack(A, B, C))
    return _inner(P, Q.roll(-1, -3)).sum(-1) / A.shape[-1]


def penalty_gradients(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Return the gradients of the penalty H with respect to the three factors.

    .. math::

        \nabla_{A_a} H = \tfrac{2}{d} \Bigl( A_a \sum_b B_b B_b' + \sum_c C_c' C_c\, A_a \Bigr)

    and cyclically; the gradient of a complex factor is :math:`\partial H / \partial \mathrm{Re} +
    i\, \partial H / \partial \mathrm{Im}`, as PyTorch has it.

    Example:
        >>> X = torch.eye(2).expand(2, 2, 2)
        >>> dA, dB, dC = penalty_gradients(X, X, X)
        >>> dA[0].tolist()
        [[4.0, 0.0], [0.0, 4.0]]
    """
    gradient = stacked_penalty_gradient(_stack(A, B, C))
    dA, dB, dC = (
        part[..., :size, :, :]
        for part, size in zip(gradient.unbind(-4), _sizes(A, B, C), strict=True)
    )
    return dA, dB, dC


def stacked_penalty_gradient(F: Inexact[Tensor, "*r 3 n d d"]) -> Inexact[Tensor, "*r 3 n d d"]:
    """Return the gradient of the penalty for factors A, B, C stacked in one tensor."""
    P, Q = second_moments(F)
    # A is multiplied by B on its right and by C on its left, cyclically, so the moments of the
    # neighbors are those of the stack rolled by one.
    before, after = P.roll(1, -3), Q.roll(-1, -3)  # neighbors of A, B, C in the cycle
    gradient: Tensor = before.unsqueeze(-3) @ F
    gradient += (F.flatten(-3, -2) @ after).view_as(F)
    return gradient.mul_(2 / F.shape[-1])


def hypercube_imbalance(
    A: Inexact[Tensor, "*r a d d"],
    B: Inexact[Tensor, "*r b d d"],
    C: Inexact[Tensor, "*r c d d"],
) -> Float[Tensor, "*r"]:
    r"""Return how far the penalty is from stationary along the gauge directions.

    One matrix per contracted index,

    .. math::

        \sum_a A_a' \Bigl(\sum_c C_c' C_c\Bigr) A_a - \sum_b B_b \Bigl(\sum_c C_c C_c'\Bigr) B_b'

    and its two cyclic twins: what vanishes exactly where H is stationary under
    :math:`A_a \to A_a G,\ B_b \to G^{-1} B_b`. Returned is the largest of the three Frobenius
    norms over :math:`\sqrt d` and over the two largest alphabets' sizes, so that a table of unitary
    factors compares with 1 whatever its order.

    Example:
        >>> X = torch.eye(2).expand(2, 2, 2)
        >>> hypercube_imbalance(X, X, X).item(), hypercube_imbalance(2 * X, X, X).item() > 1
        (0.0, True)
    """

    def twin(F: Tensor, G: Tensor, H: Tensor) -> Tensor:
        P, Q = second_moments(H)
        inward = (F.mH @ P.unsqueeze(-3) @ F).sum(-3)
        outward = (G @ Q.unsqueeze(-3) @ G.mH).sum(-3)
        norm: Tensor = torch.linalg.vector_norm(inward - outward, dim=(-2, -1))
        return norm

    largest_norm: Tensor = torch.stack([twin(A, B, C), twin(B, C, A), twin(C, A, B)]).amax(0)
    _, middle, largest = sorted(_sizes(A, B, C))
    scale: float = A.shape[-1] ** 0.5 * middle * largest
    return largest_norm / scale

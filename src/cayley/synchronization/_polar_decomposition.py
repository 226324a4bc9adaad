"""Polar decomposition: the nearest orthogonal or unitary matrix, by Newton-Schulz and by SVD."""

import torch
from torch import Tensor

from cayley._shapes import Inexact

__all__ = ["newton_schulz", "polar_factor"]

_QUINTIC = (3.4445, -4.7750, 2.0315)
"""Muon's coefficients: they raise small singular values fastest, into [0.68, 1.13], but do not
converge to 1; the cubic steps that follow do."""

# Largest entry of X* X - 1 with which a matrix counts as orthonormal: about the rounding of the
# products of a few hundred columns. Tighter values would send every matrix to the slow SVD.
_DEFECT = {torch.float32: 1e-4, torch.complex64: 1e-4, torch.float64: 1e-9, torch.complex128: 1e-9}


def newton_schulz(
    Y: Inexact[Tensor, "*batch d k"], *, quintic: int = 3, cubic: int = 1
) -> Inexact[Tensor, "*batch d k"]:
    r"""Move all singular values towards 1 by matrix products only.

    .. math:: X \leftarrow X (a + b X^* X + c (X^* X)^2), \qquad X \leftarrow X (3 - X^* X) / 2,

    the first with Muon's coefficients, the second cubic. Singular vectors stay what they are. A
    zero matrix stays zero.

    Args:
        Y: Matrices with at least as many rows as columns.
        quintic: Number of steps of the first kind.
        cubic: Number of steps of the second kind, after them.

    Example:
        >>> X = newton_schulz(torch.tensor([[3.0, 1.0], [1.0, 2.0]]), quintic=5, cubic=3)
        >>> bool((X.mT @ X - torch.eye(2)).abs().max() < 1e-3)
        True

    References:
        Bjorck, Bowie (1971), "An iterative algorithm for computing the best estimate of an
        orthogonal matrix". Jordan et al. (2024), "Muon" (the coefficients).
    """
    shape = Y.shape
    X = Y.flatten(0, -3) if Y.dim() > 3 else Y.reshape(-1, *shape[-2:])
    norm = torch.linalg.vector_norm(X, dim=(-2, -1), keepdim=True)
    X = X / norm.clamp_min(torch.finfo(norm.dtype).tiny)
    a, b, c = _QUINTIC
    for _ in range(quintic):
        K = X.mH @ X
        X = torch.baddbmm(X, X, torch.baddbmm(K, K, K, beta=b, alpha=c), beta=a)
    for _ in range(cubic):
        X = torch.baddbmm(X, X, X.mH @ X, beta=1.5, alpha=-0.5)
    return X.view(shape)


def polar_factor(Y: Inexact[Tensor, "*batch d k"]) -> Inexact[Tensor, "*batch d k"]:
    r"""Return the polar factor :math:`Y (Y^* Y)^{-1/2}`, the nearest orthonormal columns.

    Newton-Schulz converges for almost all of them; the few that are close to singular get a
    singular value decomposition in double precision. Where ``Y`` is singular the factor is not
    unique, and one of them is returned.

    Args:
        Y: Matrices with at least as many rows as columns.

    Raises:
        ValueError: If an entry is not finite.

    Example:
        >>> polar_factor(torch.tensor([[0.0, -2.0], [3.0, 0.0]])).round(decimals=4).tolist()
        [[0.0, -1.0], [1.0, 0.0]]
        >>> polar_factor(torch.zeros(2, 2)).abs().sum().item()
        2.0
    """
    if not Y.isfinite().all():
        raise ValueError("`Y` must be finite; got entries that are not.")
    X = newton_schulz(Y, quintic=6, cubic=5)
    unit = torch.eye(X.shape[-1], dtype=X.dtype, device=X.device)
    short = (X.mH @ X - unit).abs().amax((-2, -1)) > _DEFECT[X.dtype]
    if short.any():
        double = torch.complex128 if X.is_complex() else torch.float64
        U, _, Vh = torch.linalg.svd(Y[short].to(double), full_matrices=False)
        X[short] = (U @ Vh).to(X.dtype)
    return X

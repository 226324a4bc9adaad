"""Whitening: a power of the Gram matrix that makes vectors more nearly orthonormal."""

import torch
from torch import Tensor

from cayley._shapes import Inexact

__all__ = ["gram_power", "whiten"]

_FLOOR = 1e-6
"""Smallest eigenvalue as a share of the largest. Labels never seen and dependent vectors have
eigenvalues of rounding only; without a floor a negative power of them would exceed all else."""


def gram_power(Y: Inexact[Tensor, "*r n d k"], power: float) -> Inexact[Tensor, "*r s s"]:
    r"""Return a negative power of the Gram matrix of the n vectors :math:`\operatorname{vec}(Y_a)`.

    .. math:: K^{-p}, \qquad K_{ab} = \langle Y_a, Y_b \rangle

    with K scaled so that its diagonal has mean 1. Where there are more vectors than dimensions, it
    is the power of the other, smaller Gram matrix, of size d k. Eigenvalues are held above 1e-6 of
    the largest, so that no direction without data is blown up.

    Args:
        Y: One matrix per label.
        power: p, between 0 and 1/2.
    """
    F = Y.flatten(-2)
    K = F.mH @ F if F.shape[-2] > F.shape[-1] else F @ F.mH
    scale = K.diagonal(dim1=-2, dim2=-1).real.mean(-1)[..., None, None]
    return _negative_power(K / scale.clamp_min(torch.finfo(scale.dtype).tiny), power)


def whiten(
    Y: Inexact[Tensor, "*r n d k"], W: Inexact[Tensor, "*r s s"]
) -> Inexact[Tensor, "*r n d k"]:
    r"""Multiply the n vectors :math:`\operatorname{vec}(Y_a)` by a power of a Gram matrix.

    .. math:: Y \leftarrow K^{-p} Y

    With ``p`` 1/2 and K their own Gram matrix they come out orthonormal up to scale, with less they
    move in that direction, with 0 nothing happens.

    Args:
        Y: One matrix per label.
        W: What `gram_power` returned for as many matrices of this size.

    Example:
        >>> Y = torch.tensor([[[1.0, 0.0]], [[1.0, 1.0]]])
        >>> white = whiten(Y, gram_power(Y, 0.5)).flatten(1)
        >>> K = white @ white.mT
        >>> bool(torch.allclose(K / K[0, 0], torch.eye(2), atol=1e-5))
        True
    """
    F = Y.flatten(-2)
    return (F @ W if F.shape[-2] > F.shape[-1] else W @ F).view(Y.shape)


def _negative_power(K: Tensor, power: float) -> Tensor:
    values, vectors = _eigenvectors(K) if K.device.type == "cpu" else _eigenvectors_unwaited(K)
    floor = (_FLOOR * values[..., -1:]).clamp_min(torch.finfo(values.dtype).tiny)
    powers = values.clamp_min(floor).pow(-power)
    W: Tensor = ((vectors * powers[..., None, :]) @ vectors.mH).to(K.dtype)
    return W


def _eigenvectors(K: Tensor) -> tuple[Tensor, Tensor]:
    try:
        values, vectors = torch.linalg.eigh(K)
    except RuntimeError:  # no convergence: clustered eigenvalues in single precision
        double = torch.complex128 if K.is_complex() else torch.float64
        values, vectors = torch.linalg.eigh(K.to(double))
    return values, vectors


def _eigenvectors_unwaited(K: Tensor) -> tuple[Tensor, Tensor]:
    """Return the same without asking whether it converged, for which a GPU would be waited for.

    Where it did not, the factors of that restart become NaN and it agrees with nothing.
    """
    values, vectors = torch.ops.aten._linalg_eigh(K, "L", True)
    return values, vectors

"""The damped inverse of a Gram matrix, ``(I + rows rows' / ridge)^-1``, and its condition number.

The inverse of *this* matrix, whose eigenvalues are at least 1, keeps all digits when the damping is
small; the published package computes ``I - (1/lam) (...)``, which cancels. Where the matrix is
smaller than what it is multiplied into, it is formed explicitly from the Cholesky factor: one
product with it is several times faster than two triangular solves, at the same accuracy. Where the
matrix is the larger one, the solves are faster, as forming the inverse costs most.
"""

import math
from functools import lru_cache

import torch
from torch import Tensor

from cayley._shapes import Float

__all__ = ["damped_inverse", "damped_solve"]

_PROBES = 8
"""Vectors of random signs by which the norm of an inverse is estimated. Its error is largest where
one eigenvalue makes up the norm; the estimate is then a third of it in 1 case of 1,000."""


def damped_inverse(
    rows: Float[Tensor, "*k p q"], ridge: float | Tensor, *, relative: bool = False
) -> tuple[Float[Tensor, "*k p p"], float]:
    """Return ``(I + rows rows' / ridge)^-1`` and its largest condition number.

    Args:
        rows: One matrix or several.
        ridge: A number, or one for each matrix, shape ``(*k)``.
        relative: Whether ``ridge`` is to be multiplied by the trace of ``rows rows'``.
    """
    p = rows.shape[-2]
    K, gram = _identity(rows, p)
    if rows.dim() > 2:
        gram.copy_(rows @ rows.mT)
        _divide(gram, ridge, relative=relative)
    elif isinstance(ridge, Tensor) or relative:
        gram.addmm_(rows, rows.mT, beta=0)
        _divide(gram, ridge, relative=relative)
    else:
        gram.addmm_(rows, rows.mT, alpha=1.0 / ridge)
    return _inverse(K, gram)


def damped_solve(
    G: Float[Tensor, "*k m p"],
    gram: Float[Tensor, "*k p p"],
    ridge: float | Tensor,
    *,
    relative: bool = False,
) -> tuple[Float[Tensor, "*k m p"], float]:
    """Return ``G (I + gram / ridge)^-1`` and the largest condition number, by two solves.

    The norm of the inverse, of which no entry is computed, is estimated from its products with
    random signs z: the mean of ``|M z|^2`` is the squared Frobenius norm.

    Args:
        G: What is multiplied, in the precision of the solve.
        gram: Gram matrices. They are overwritten.
        ridge: As in :func:`damped_inverse`.
        relative: As there, with the trace of each Gram matrix.
    """
    _divide(gram, ridge, relative=relative)
    factor, info = torch.linalg.cholesky_ex(gram)
    p, m = G.shape[-1], G.shape[-2]
    signs = _signs(p, G.dtype, G.device).expand(*G.shape[:-2], _PROBES, p)
    solved = torch.cat([G, signs], dim=-2)
    solved = torch.linalg.solve_triangular(factor.mT, solved, upper=True, left=False)
    solved = torch.linalg.solve_triangular(factor, solved, upper=False, left=False)
    failed, norm, probed = _read(
        _largest(info), _largest_norm(gram), _largest_norm(solved[..., m:, :])
    )
    if failed > 0:
        return G @ _clamped_inverse(gram), math.inf
    return solved[..., :m, :], norm * probed / math.sqrt(_PROBES * p)


@lru_cache(maxsize=64)
def _signs(p: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return random signs, the same each time."""
    generator = torch.Generator("cpu").manual_seed(0)
    signs = torch.randint(0, 2, (_PROBES, p), generator=generator, device="cpu") * 2 - 1
    return signs.to(device, dtype)


def _identity(like: Float[Tensor, "*k p q"], p: int) -> tuple[Tensor, Tensor]:
    """Return identity matrices, and the part of them, of size ``p``, that is to be filled."""
    # LAPACK slows down up to threefold where the leading dimension is a multiple of a power of
    # two (128: 118 us, 129: 30 us); one more row and column of the identity avoids that.
    padding = int(p >= 128 and p % 64 == 0)
    K = torch.eye(p + padding, dtype=like.dtype, device=like.device)
    if like.dim() > 2:
        K = K.repeat(*like.shape[:-2], 1, 1)
    return K, K[..., :p, :p] if padding else K


def _divide(gram: Float[Tensor, "*k p p"], ridge: float | Tensor, *, relative: bool) -> None:
    """Divide Gram matrices by their ridge and add 1 to the diagonal, in place."""
    diagonal = gram.diagonal(dim1=-2, dim2=-1)
    if isinstance(ridge, Tensor):
        # To the precision of the solve: a ridge of float64 would not fit in place.
        ridge = ridge.to(gram.dtype)
    if relative:
        # All-zero inputs have a zero gradient whatever the damping: the clamps only avoid 0/0, and
        # before it 0 times a damping of infinity.
        smallest = torch.finfo(gram.dtype).tiny
        scale = diagonal.sum(-1).clamp_(min=smallest) * ridge
        gram.div_(scale.clamp_(min=smallest)[..., None, None])
    else:
        gram.div_(ridge[..., None, None] if isinstance(ridge, Tensor) else ridge)
    diagonal.add_(1.0)


def _inverse(K: Tensor, gram: Float[Tensor, "*k p p"]) -> tuple[Float[Tensor, "*k p p"], float]:
    """Return the inverse of ``gram``, which is a part of ``K``, and its condition number."""
    p = gram.shape[-1]
    factor, info = torch.linalg.cholesky_ex(K)
    if not _on_cpu(K):
        # `cholesky_inverse` would wait for the device, to see whether it can.
        M = torch.cholesky_solve(torch.eye(K.shape[-1]).to(K).expand_as(K), factor)
    elif _read(_largest(info))[0] > 0:
        return _clamped_inverse(gram), math.inf
    else:
        M = torch.cholesky_inverse(factor)
    if K.shape[-1] != p:
        M = M[..., :p, :p]
    failed, norm, inverse_norm = _read(_largest(info), _largest_norm(gram), _largest_norm(M))
    if failed > 0:
        return _clamped_inverse(gram), math.inf
    return M, norm * inverse_norm / math.sqrt(p)


def _on_cpu(tensor: Tensor) -> bool:
    """Return whether nothing has to be waited for when a number is read."""
    return tensor.device.type == "cpu"


def _read(*scalars: Tensor) -> list[float]:
    """Return numbers, for which another device is waited for once and not for each."""
    if _on_cpu(scalars[0]):
        return [float(each.item()) for each in scalars]
    return list(torch.stack([each.float() for each in scalars]).tolist())


# Both functions have a branch for a single matrix: a reduction over a batch of one would cost as
# much as a small Cholesky factorization.


def _largest(values: Tensor) -> Tensor:
    """Return the largest entry of a tensor that may be a scalar."""
    return values.max() if values.dim() else values


def _largest_norm(matrices: Float[Tensor, "*k p p"]) -> Tensor:
    """Return the largest Frobenius norm of one matrix or several."""
    if matrices.dim() == 2:
        norm: Tensor = torch.linalg.vector_norm(matrices)
        return norm
    return _largest(torch.linalg.matrix_norm(matrices))


def _clamped_inverse(K: Float[Tensor, "*k p p"]) -> Float[Tensor, "*k p p"]:
    """Return the inverse of a matrix that rounding made indefinite, with eigenvalues of at least 1.

    Without rounding errors ``K = I + (positive semidefinite)`` has no smaller eigenvalue.
    """
    if not bool(K.isfinite().all()):
        return torch.full_like(K, torch.nan)
    values, vectors = torch.linalg.eigh(K)
    inverse: Tensor = (vectors / values.clamp(min=1.0).unsqueeze(-2)) @ vectors.mT
    return inverse

"""Coherence: how well each direction of the matrices multiplies as observed."""

import torch
from torch import Tensor

from cayley._shapes import Inexact

__all__ = ["coherence"]


def coherence(
    products: Inexact[Tensor, "r n d k"], C: Inexact[Tensor, "r n d k"], total: float
) -> Inexact[Tensor, "r k k"]:
    r"""Return how well products agree with their results, direction by direction.

    .. math::

        W = \Bigl(\frac{1}{m} \sum_{(a, b, c)} C_c^* A_a B_b\Bigr)_+

    the positive part of the Hermitian part. A run that has found some irreducible representations
    and not yet the others has eigenvalues near 1 on their span and near 0 elsewhere. Scores
    :math:`\operatorname{Re} \operatorname{Tr}(W C_c^* A_a B_b)` are the matched filter: they weigh
    every direction by its signal, and what is not yet coherent adds no noise.

    Args:
        products: The sums :math:`\sum w A_a B_b` over the triples of every result, per restart.
        C: The matrices of the results.
        total: Sum of the weights w.

    Returns:
        Positive semidefinite matrices of positive trace, one for each restart.

    Example:
        >>> C = torch.eye(4).reshape(1, 1, 4, 4)
        >>> coherence(torch.diag(torch.tensor([3.0, 3.0, 0.0, -3.0])).reshape(C.shape), C, 3.0)
        tensor([[[1., 0., 0., 0.],
                 [0., 1., 0., 0.],
                 [0., 0., 0., 0.],
                 [0., 0., 0., 0.]]])
    """
    mean = torch.einsum("rndk,rndl->rkl", C.conj(), products) / total
    values, vectors = torch.linalg.eigh((mean + mean.mH) / 2)
    positive = values.clamp_min(0)
    # Where nothing agrees W would be 0 and scores 0 / 0: all directions then count alike.
    positive = positive + (positive.sum(-1, keepdim=True) <= 1e-6)
    W: Tensor = (vectors * positive.to(vectors.dtype)[..., None, :]) @ vectors.mH
    return W

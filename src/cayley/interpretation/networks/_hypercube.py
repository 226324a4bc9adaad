"""HyperCube as arrays: its factors are embeddings, and its logits traces."""

import numpy as np
from torch import Tensor

from cayley.hypercube import HyperCube
from cayley.interpretation.networks._network_parts import NetworkParts, answers_of

__all__ = ["hypercube_parts"]


def hypercube_parts(model: HyperCube) -> NetworkParts:
    r"""Return the factors of HyperCube with each matrix as a row of numbers.

    A complex matrix :math:`X + iY` becomes the real one :math:`\begin{pmatrix} X & -Y \\ Y & X
    \end{pmatrix}`, whose products and traces are the same up to a factor.

    Raises:
        ValueError: If there are several restarts, or rows, columns and symbols are not equally
            many.

    Example:
        >>> hypercube_parts(HyperCube(3)).left.shape
        (3, 9)
    """
    if model.restarts != 1:
        raise ValueError(f"`network` holds {model.restarts} restarts; explain one at a time.")
    if len(set(model.sizes)) != 1:
        raise ValueError(
            f"`network` must have as many rows as columns and symbols; it has {model.sizes}."
        )
    A, B, C = (_real(factor.detach()[0]) for factor in model.factors)
    n, d, _ = A.shape
    # Products of all pairs in float64, one left operand at a time.
    logits = np.stack([np.einsum("bik,cki->bc", A[a] @ B, C, optimize=True) / d for a in range(n)])
    answers, ties = answers_of(logits)
    return NetworkParts(
        order=n,
        answers=answers,
        logits=logits,
        left=A.reshape(n, -1),
        right=B.reshape(n, -1),
        unembedding=C.reshape(n, -1),
        ties=ties,
    )


def _real(factor: Tensor) -> np.ndarray:
    matrices = factor.cpu().numpy()
    if not np.iscomplexobj(matrices):
        return matrices.astype(np.float64)
    X, Y = matrices.real.astype(np.float64), matrices.imag.astype(np.float64)
    return np.concatenate([np.concatenate([X, -Y], 2), np.concatenate([Y, X], 2)], 1)

r"""MRI for linear predictors, where it is a linear constraint and has a closed form.

With :math:`c_e = \mathbb E_e[x \tilde y]` the constraint on :math:`o = w^\top x` reads
:math:`w^\top (c_e - \bar c) = 0`: the weights avoid every direction in which the correlation of
features and label changes between environments. ``E`` environments in general position remove
``E - 1`` directions.
"""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.stats import chi2

__all__ = ["CrossMoments", "changing_directions", "constrained_least_squares", "cross_moments"]

Array = NDArray[Any]


class CrossMoments(NamedTuple):
    """First moments of ``x y`` per environment.

    Attributes:
        mean: ``c_e``, shape ``(e, d)``.
        sizes: Samples per environment, shape ``(e,)``.
        covariance: Covariance of one sample's ``x y`` within environments, shape ``(d, d)``.
    """

    mean: Float[Array, "e d"]
    sizes: Int[Array, " e"]
    covariance: Float[Array, "d d"]


def cross_moments(
    features: Float[Array, "n d"], labels: Float[Array, " n"], environments: Int[Array, " n"]
) -> CrossMoments:
    """Return the moments of ``x y`` in each environment.

    Args:
        features: Shape ``(n, d)``.
        labels: Shape ``(n,)``, centered.
        environments: Ids ``0..E-1``, each occurring.

    Example:
        >>> import numpy as np
        >>> x = np.array([[1.0], [2.0], [3.0]])
        >>> cross_moments(x, np.array([1.0, 1.0, 2.0]), np.array([0, 0, 1])).mean.ravel()
        array([1.5, 6. ])
    """
    products = features * labels[:, None]
    sizes = np.bincount(environments)
    mean = np.stack([products[environments == e].mean(0) for e in range(len(sizes))])
    within = products - mean[environments]
    return CrossMoments(mean, sizes, within.T @ within / max(len(labels) - len(sizes), 1))


def changing_directions(
    moments: CrossMoments, *, significance: float | None = None
) -> Float[Array, "k d"]:
    r"""Return a basis of the directions that change between environments.

    Without a significance level: the span of all :math:`c_e - \bar c`. With one: as many leading
    canonical directions as Bartlett's sequential test calls real. It whitens by the sampling
    noise and, for k = 0, 1, ..., compares the sum of squared singular values beyond the k-th with a
    chi-squared distribution of ``(E - 1 - k)(d - k)`` degrees of freedom.

    Args:
        moments: Of the features that the weights multiply.
        significance: Level of each test in (0, 1), or None to keep every direction.

    Returns:
        Rows ``a`` with the constraint ``w . a = 0``, shape ``(k, d)``, ``k <= min(E - 1, d)``.

    References:
        Bartlett, "Further aspects of the theory of multiple regression", 1938;
        Mardia, Kent and Bibby, "Multivariate Analysis", 1979, section 12.5.
    """
    mean, sizes, covariance = moments
    if significance is None:
        spread = mean - mean.mean(0)
        _, singular, rows = np.linalg.svd(spread, full_matrices=False)
        return np.asarray(rows[singular > 1e-10 * max(float(np.abs(mean).max()), 1e-300)])
    variance, axes = np.linalg.eigh(covariance)
    keep = variance > 1e-12 * max(float(variance.max()), 1e-300)
    root = axes[:, keep] * np.sqrt(variance[keep])
    average = sizes @ mean / sizes.sum()
    whitened = np.sqrt(sizes)[:, None] * (
        (mean - average) @ axes[:, keep] / np.sqrt(variance[keep])
    )
    _, singular, rows = np.linalg.svd(whitened, full_matrices=False)
    environments, dimension = whitened.shape
    rank = 0
    while rank < min(environments - 1, dimension):
        freedom = (environments - 1 - rank) * (dimension - rank)
        if chi2.sf((singular[rank:] ** 2).sum(), freedom) > significance:
            break
        rank += 1
    return np.asarray(rows[:rank] @ root.T)


def constrained_least_squares(
    gram: Float[Array, "d d"],
    cross: Float[Array, " d"],
    directions: Float[Array, "k d"],
    *,
    ridge: float = 0.0,
) -> Float[Array, " d"]:
    r"""Minimize the squared error among the weights orthogonal to some directions.

    .. math:: \min_w\; \tfrac12 w^\top (G + \alpha I) w - w^\top c
        \quad\text{subject to}\quad A w = 0

    solved in a basis of the null space of ``A``; the solution of least norm if there are several.

    Args:
        gram: ``G = E[x x']``, shape ``(d, d)``.
        cross: ``c = E[x y]``, shape ``(d,)``.
        directions: ``A``, shape ``(k, d)``; no rows for ordinary least squares.
        ridge: ``alpha >= 0``.

    Returns:
        Weights of shape ``(d,)``.

    Example:
        >>> import numpy as np
        >>> gram = np.array([[1.0, 0.675], [0.675, 1.0]])
        >>> weights = constrained_least_squares(gram, np.array([0.75, 0.9]), np.array([[0.0, 0.1]]))
        >>> weights.round(12)
        array([0.75, 0.  ])
    """
    dimension = len(cross)
    basis = null_space(directions) if len(directions) else np.eye(dimension)
    if basis.shape[1] == 0:
        return np.zeros(dimension)
    inner = basis.T @ (gram + ridge * np.eye(dimension)) @ basis
    return np.asarray(basis @ np.linalg.lstsq(inner, basis.T @ cross, rcond=None)[0])

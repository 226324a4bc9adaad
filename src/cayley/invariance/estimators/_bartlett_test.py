r"""Bartlett's test of which correlations with the label change between environments.

With :math:`c_e = \mathbb E_e[x \tilde y]` the MRI constraint on a linear predictor
:math:`o = w^\top x` reads :math:`w^\top (c_e - \bar c) = 0`: the weights are orthogonal to every
direction in which the correlation of features and label changes between environments. ``E``
environments in general position give ``E - 1`` directions; the test says how many of them are
larger than sampling noise.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from cayley._shapes import Float, Int

__all__ = ["CrossMoments", "changing_directions", "cross_moments"]

Array = NDArray[Any]

# Singular values below 1e-10 of the largest moment, and variances below 1e-12 of the largest
# variance, count as zero: float64 rounding leaves about 1e-16 of the largest entry, and a direction
# so small would be divided by its own rounding error. A larger value would discard directions of
# small but real features, which the caller may not have standardized.
_SMALLEST_SINGULAR = 1e-10
_SMALLEST_VARIANCE = 1e-12
_TINY = 1e-300  # keeps the threshold above 0 where all moments are 0, so that none is kept


class CrossMoments(NamedTuple):
    """First moments of ``x y`` per environment.

    Attributes:
        mean: ``c_e``, shape ``(e, d)``.
        sizes: Samples per environment, shape ``(e,)``; with importance weights, as many
            unweighted samples as would give a mean of the same variance.
        covariance: Covariance of one sample's ``x y`` within environments, shape ``(d, d)``.
    """

    mean: Float[Array, "e d"]
    sizes: Float[Array, " e"]
    covariance: Float[Array, "d d"]


def cross_moments(
    features: Float[Array, "n d"],
    labels: Float[Array, " n"],
    environments: Int[Array, " n"],
    *,
    counts: Float[Array, " n"] | None = None,
    weights: Float[Array, " n"] | None = None,
) -> CrossMoments:
    """Return the moments of ``x y`` in each environment.

    Args:
        features: Shape ``(n, d)``.
        labels: Shape ``(n,)``, centered.
        environments: Ids ``0..E-1``, each occurring.
        counts: How often each row counts, as if it were repeated; None for once.
        weights: Importance of each row, as of :func:`balance_labels`; None for 1. It changes the
            means, and makes them less certain.

    Example:
        >>> import numpy as np
        >>> x = np.array([[1.0], [2.0], [3.0]])
        >>> cross_moments(x, np.array([1.0, 1.0, 2.0]), np.array([0, 0, 1])).mean.ravel()
        array([1.5, 6. ])
    """
    f = np.ones(len(labels)) if counts is None else counts
    w = np.ones(len(labels)) if weights is None else weights
    products = features * labels[:, None]
    total, squares = np.bincount(environments, f * w), np.bincount(environments, f * w**2)
    mean = np.stack(
        [
            (f * w)[environments == e] @ products[environments == e] / total[e]
            for e in range(len(total))
        ]
    )
    within = products - mean[environments]
    # One mean per environment was estimated, so that many degrees of freedom are gone.
    freedom = max(f.sum() - len(total), 1) / f.sum()
    covariance = (within.T * (f * w**2)) @ within / ((f * w**2).sum() * freedom)
    # A mean of variance `covariance / size`; without weights the size is the number of rows.
    return CrossMoments(mean, total**2 / squares, covariance)


def changing_directions(
    moments: CrossMoments, *, significance: float | None = None
) -> Float[Array, "k d"]:
    r"""Return a basis of the directions that change between environments.

    Without a significance level it is the span of all :math:`c_e - \bar c`. With a level it is
    spanned by as many leading canonical directions as Bartlett's sequential test accepts. The test
    whitens by the sampling noise and, for k = 0, 1, ..., compares the sum of squared singular
    values beyond the k-th with a chi-squared distribution of ``(E - 1 - k)(d - k)`` degrees of
    freedom; it stops at the first k that noise alone explains.

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
        return np.asarray(
            rows[singular > _SMALLEST_SINGULAR * max(float(np.abs(mean).max()), _TINY)]
        )
    variance, axes = np.linalg.eigh(covariance)
    # Collinear features have directions without noise; there is nothing to test in those.
    keep = variance > _SMALLEST_VARIANCE * max(float(variance.max()), _TINY)
    root = axes[:, keep] * np.sqrt(variance[keep])
    # Weighted by size, and each row by the root of its size: then every row has unit noise.
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
    # Rows of whitened space become constraints on the weights by the root, not by its inverse.
    return np.asarray(rows[:rank] @ root.T)

r"""Two norms whose product bounds what a rest does to the difference of two scores.

.. math:: \sum_i \delta_i (E_{ci} - E_{c'i})
    \le \lVert \delta / s \rVert \; \lVert s (E_c - E_{c'}) \rVert

by the inequality of Cauchy and Schwarz, for any positive scale :math:`s`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float

__all__ = ["SQUARED", "balanced_scale", "farthest"]

SQUARED = 1e-12
"""Relative rounding of squared distances from inner products in float64 of up to 1000 terms."""


def balanced_scale(
    weights: Float[NDArray[Any], "m n"], deviation: Float[NDArray[Any], " m"]
) -> Float[NDArray[Any], " m"]:
    r"""Return a scale of each neuron for which the two norms are small together.

    The expected :math:`\lVert \delta / s \rVert^2 \lVert s E \rVert^2` is least where
    :math:`s_i^2` is the deviation of :math:`\delta_i` over the norm of row i.
    """
    norms = np.sqrt(np.einsum("ij,ij->i", weights, weights))
    # Within a factor of 1000 of each other, also where a row or a deviation is 0.
    norms = np.maximum(norms, 1e-6 * max(float(norms.max(initial=0)), 1e-30))
    deviation = np.maximum(deviation, 1e-6 * max(float(deviation.max(initial=0)), 1e-30))
    ratio = deviation / norms
    scale: Float[NDArray[Any], " m"] = np.clip(np.sqrt(ratio / ratio.mean()), 1e-3, 1e3)
    return scale


def farthest(weights: Float[NDArray[Any], "m n"]) -> Float[NDArray[Any], " n"]:
    """Return for each column the largest distance from another, rounded up.

    Example:
        >>> farthest(np.array([[0.0, 3.0, 0.0], [0.0, 0.0, 4.0]])).round(9).tolist()
        [4.0, 5.0, 5.0]
    """
    products = weights.T @ weights
    norms = np.diagonal(products) * (1 + SQUARED)
    products *= -2
    products += norms
    products += norms[:, None]
    distance: Float[NDArray[Any], " n"] = np.sqrt(np.maximum(products.max(axis=1), 0))
    return distance

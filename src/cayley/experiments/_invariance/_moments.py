"""Samples whose first and second moments are exactly those of the population."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float

__all__ = ["normal_sample", "risk"]

Array = NDArray[Any]


def normal_sample(
    rng: np.random.Generator, number: int, columns: int, *, exact: bool
) -> Float[Array, "number columns"]:
    """Draw independent standard normal columns.

    Args:
        rng: Source.
        number: Rows.
        columns: Columns.
        exact: Whether to center and whiten the draw, such that its mean is 0 and its covariance
            the identity. Every linear method then sees the population.

    Example:
        >>> import numpy as np
        >>> z = normal_sample(np.random.default_rng(0), 50, 2, exact=True)
        >>> bool(np.allclose(z.T @ z / 50, np.eye(2)) and np.allclose(z.mean(0), 0))
        True
    """
    draw = rng.normal(size=(number, columns))
    if not exact:
        return draw
    orthogonal, triangle = np.linalg.qr(draw - draw.mean(0))
    return np.asarray(orthogonal * np.sign(np.diag(triangle)) * np.sqrt(number))


def risk(
    features: Float[Array, "n d"], labels: Float[Array, " n"], weights: Float[Array, " d"]
) -> float:
    """Return the mean squared error of linear predictions."""
    return float(((labels - features @ weights) ** 2).mean())

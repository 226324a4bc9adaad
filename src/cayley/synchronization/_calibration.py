"""How often a decoded symbol is right, given its margin: measured, not assumed."""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from cayley.synchronization._decoding import Decoded

__all__ = ["calibrated", "confidence"]

_SLOPE, _OFFSET, _PER_LOG_SYMBOLS = 1.17, 0.74, -1.13
"""Fitted to the records of `records.synchronization`: runs stopped early."""


def calibrated(margin: ArrayLike, num_symbols: int) -> Float[NDArray[Any], "..."]:
    r"""Return how likely a symbol is right from its margin z in units of `Decoded.unit`.

    .. math:: \log \frac{p}{1 - p} = 1.17\, z + 0.74 - 1.13 \log n

    Scores of unrelated matrices are about one unit from 0, so that margins compare over all sizes;
    a margin of 0 is right about as often as a guess among n symbols.

    Example:
        >>> calibrated([0.0, 3.0, 8.0], 24).round(2).tolist()
        [0.05, 0.66, 1.0]
    """
    z = np.asarray(margin, np.float64)
    logit = _SLOPE * z + _OFFSET + _PER_LOG_SYMBOLS * np.log(num_symbols)
    likely: Float[NDArray[Any], "..."] = 1 / (1 + np.exp(-logit))
    return likely


def confidence(decoded: Decoded, num_symbols: int) -> Float[NDArray[Any], "a b"]:
    """Return how likely each decoded symbol is right."""
    return calibrated(decoded.margin / decoded.unit, num_symbols)

"""Calibration: the probability that a decoded symbol is right, as a function of its margin."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Float
from cayley.synchronization._decoding import DecodedScores

__all__ = ["calibrated", "confidence"]

_SLOPE, _OFFSET, _PER_LOG_SYMBOLS = 1.17, 0.74, -1.13
"""Fitted to the records of ``cayley.experiments.records.synchronization``: runs that were stopped
early, so that some symbols were still wrong."""


def calibrated(margin: ArrayLike, num_symbols: int) -> Float[NDArray[Any], "..."]:
    r"""Return how likely a symbol is right from its margin z in units of `DecodedScores.unit`.

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


def confidence(decoded: DecodedScores, num_symbols: int) -> Float[NDArray[Any], "a b"]:
    """Return how likely each decoded symbol is right."""
    return calibrated(decoded.margin / decoded.unit, num_symbols)

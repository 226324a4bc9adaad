"""How often a decoded symbol is right, given its margin: measured, not assumed."""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike, NDArray

from cayley.synchronization._decoding import Decoded

__all__ = ["calibrated", "confidence"]

_SLOPE, _OFFSET = 1.25, -2.71
"""Fitted by `benchmarks/synchronization.py calibration` to runs that were stopped early."""


def calibrated(margin: ArrayLike) -> Float[NDArray[Any], "..."]:
    r"""Return how likely a symbol is right from its margin in units of 1/k.

    .. math:: p = 1 / (1 + e^{-(1.25\, z - 2.71)})

    Scores of unrelated matrices are about 1/k from 0, so that margins in these units compare over
    all sizes.
    """
    z = np.asarray(margin, np.float64)
    likely: Float[NDArray[Any], "..."] = 1 / (1 + np.exp(-(_SLOPE * z + _OFFSET)))
    return likely


def confidence(decoded: Decoded) -> Float[NDArray[Any], "a b"]:
    """Return how likely each decoded symbol is right."""
    return calibrated(decoded.margin / decoded.unit)

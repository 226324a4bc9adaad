"""How often a decoded symbol is right, given its margin: measured, not assumed."""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

from cayley.synchronization._decoding import Decoded

__all__ = ["confidence"]

_MARGINS = (0.0, 1.0, 2.0, 4.0, 8.0)
_RIGHT = (0.1, 0.3, 0.6, 0.9, 0.99)


def confidence(decoded: Decoded) -> Float[NDArray[Any], "a b"]:
    """Return how likely each decoded symbol is right."""
    return np.interp(decoded.margin / decoded.unit, _MARGINS, _RIGHT)

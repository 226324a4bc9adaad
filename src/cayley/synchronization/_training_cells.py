"""Self-training: decoded cells that are sure enough to count as observations."""

from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from cayley.synchronization._decoding import Decoded

__all__ = ["surest_cells"]


def surest_cells(
    decoded: Decoded, *, threshold: float, most: int, random: np.random.Generator
) -> tuple[Int[NDArray[Any], "k 3"], Float[NDArray[Any], " k"]]:
    """Return cells whose score is the largest along all three axes, and their scores.

    Args:
        decoded: The table of one restart.
        threshold: Least score.
        most: Most cells; a random choice if there are more, so that no region is preferred.
        random: For that choice.
    """
    a, b = np.nonzero(decoded.mutual & (decoded.score >= threshold))
    if len(a) > most:
        chosen = random.choice(len(a), size=most, replace=False)
        a, b = a[chosen], b[chosen]
    cells = np.stack([a, b, decoded.table[a, b]], axis=1).astype(np.int64)
    return cells, decoded.score[a, b].clip(0.0, 1.0)

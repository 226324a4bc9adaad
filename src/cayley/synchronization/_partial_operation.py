"""The input of a run: observed products with weights, and what is assumed of the operation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Structure
from cayley.synchronization._assumption import Assumption, as_assumption

__all__ = ["PartialOperation"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartialOperation:
    """Observed products with weights, and which alphabets are one.

    Attributes:
        triples: Rows ``(row, column, symbol)``, shape ``(m, 3)``, int64; cells may repeat, with
            equal or with different symbols.
        weights: Weight of every observation, shape ``(m,)``, float64.
        sizes: Numbers of rows, columns and symbols.
        assume: What the operation is taken to be.
    """

    triples: Int[NDArray[Any], "m 3"]
    weights: Float[NDArray[Any], " m"]
    sizes: tuple[int, int, int]
    assume: Assumption

    @classmethod
    def checked(
        cls,
        observations: ArrayLike,
        *,
        sizes: tuple[int, int, int],
        assume: Structure | str,
        weights: ArrayLike | None,
    ) -> "PartialOperation":
        """Return the arguments of :func:`~cayley.synchronization.synchronize`, checked.

        Raises:
            TypeError: If the observations are not integers.
            ValueError: If an argument is out of range.
        """
        assumed = as_assumption(assume)
        rows, columns, symbols = _checked_sizes(sizes, assumed)
        triples = _checked_triples(observations, sizes)
        return cls(
            triples=triples,
            weights=_checked_weights(weights, len(triples)),
            sizes=(rows, columns, symbols),
            assume=assumed,
        )

    def __len__(self) -> int:
        return len(self.triples)


def _checked_sizes(sizes: tuple[int, int, int], assume: Assumption) -> tuple[int, int, int]:
    rows, columns, symbols = sizes
    if min(sizes) < 1:
        raise ValueError(f"`sizes` must be at least 1; got {sizes}.")
    if assume is Structure.GROUP and not rows == columns == symbols:
        raise ValueError(f"a group has one alphabet, so `sizes` must be equal; got {sizes}.")
    if assume == "action" and columns != symbols:
        raise ValueError(
            f"an action moves columns to columns, so the last two `sizes` must be equal; "
            f"got {sizes}."
        )
    return rows, columns, symbols


def _checked_triples(
    observations: ArrayLike, sizes: tuple[int, int, int]
) -> Int[NDArray[Any], "m 3"]:
    triples = np.asarray(observations)
    if triples.dtype.kind not in "iu":
        raise TypeError(f"`observations` must hold integers; got dtype {triples.dtype}.")
    if triples.ndim != 2 or triples.shape[1] != 3 or not len(triples):
        raise ValueError(f"`observations` must have shape (m, 3) with m >= 1; got {triples.shape}.")
    # Compared with the three sizes column by column.
    if (triples < 0).any() or (triples >= sizes).any():
        raise ValueError(f"`observations` must hold (row, column, symbol) below {sizes}.")
    return np.ascontiguousarray(triples, np.int64)


def _checked_weights(weights: ArrayLike | None, count: int) -> Float[NDArray[Any], " m"]:
    weighed = np.ones(count) if weights is None else np.array(weights, np.float64)
    if weighed.shape != (count,):
        raise ValueError(
            f"`weights` must have one entry per observation, {count}; got shape {weighed.shape}."
        )
    if not np.isfinite(weighed).all() or (weighed < 0).any() or not weighed.any():
        raise ValueError("`weights` must be finite, not negative, and not all 0.")
    return weighed

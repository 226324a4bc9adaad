"""Observations as the solver takes them: checked once, with weights."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike, NDArray

from cayley.synchronization._schedule import Kind

__all__ = ["Problem"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Observed products with weights, and what is tied.

    Attributes:
        triples: Rows ``(row, column, symbol)``, shape ``(m, 3)``, int64; cells may repeat, with
            equal or with different symbols.
        weights: Weight of every observation, shape ``(m,)``, float64.
        sizes: Numbers of rows, columns and symbols.
        kind: Which alphabets are one.
    """

    triples: Int[NDArray[Any], "m 3"]
    weights: Float[NDArray[Any], " m"]
    sizes: tuple[int, int, int]
    kind: Kind

    @classmethod
    def checked(
        cls,
        observations: ArrayLike,
        *,
        sizes: tuple[int, int, int],
        kind: Kind,
        weights: ArrayLike | None,
    ) -> "Problem":
        """Check the arguments of :func:`~cayley.synchronization.synchronize`."""
        if kind not in ("group", "isotope", "action"):
            raise ValueError(f"`kind` must be group, isotope or action; got {kind!r}.")
        rows, columns, symbols = sizes
        if min(sizes) < 1:
            raise ValueError(f"`sizes` must be at least 1; got {sizes}.")
        if kind == "group" and not rows == columns == symbols:
            raise ValueError(f"a group has one alphabet, so `sizes` must be equal; got {sizes}.")
        if kind == "action" and columns != symbols:
            raise ValueError(
                f"an action moves columns to columns, so the last two `sizes` must be equal; "
                f"got {sizes}."
            )
        triples = np.asarray(observations)
        if triples.dtype.kind not in "iu":
            raise TypeError(f"`observations` must hold integers; got dtype {triples.dtype}.")
        if triples.ndim != 2 or triples.shape[1] != 3 or not len(triples):
            raise ValueError(
                f"`observations` must have shape (m, 3) with m >= 1; got {triples.shape}."
            )
        if (triples < 0).any() or (triples >= sizes).any():
            raise ValueError(f"`observations` must hold (row, column, symbol) below {sizes}.")
        weighed = np.ones(len(triples)) if weights is None else np.array(weights, np.float64)
        if weighed.shape != (len(triples),):
            raise ValueError(
                f"`weights` must have one entry per observation, {len(triples)}; "
                f"got shape {weighed.shape}."
            )
        if not np.isfinite(weighed).all() or (weighed < 0).any() or not weighed.any():
            raise ValueError("`weights` must be finite, not negative, and not all 0.")
        return cls(
            triples=np.ascontiguousarray(triples, np.int64),
            weights=weighed,
            sizes=(rows, columns, symbols),
            kind=kind,
        )

    def __len__(self) -> int:
        return len(self.triples)

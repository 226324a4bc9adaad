"""Self-training: decoded cells that are sure enough count as observations too."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Float, Int
from cayley.synchronization._decoding import DecodedScores
from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._terms import Terms, agreements

__all__ = ["TrainingTerms", "surest_cells"]


class TrainingTerms:
    """The triples that sweeps sum over: the observations, and perhaps some decoded cells.

    Labels are places in the factors of all restarts, flattened.

    Args:
        operation: The observations.
        restarts: Number of restarts; each has its own copy of the observations.
        device: Device of the factors.
        dtype: Real dtype of the factors.

    Attributes:
        observed: The observations with the weights that were given.
        current: The triples of the next sweep.
    """

    def __init__(
        self,
        operation: PartialOperation,
        *,
        restarts: int,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        self._restarts = restarts
        first = torch.arange(restarts)[:, None, None] * torch.tensor(operation.sizes)
        self._first_labels = first.to(device)
        triples = (torch.from_numpy(operation.triples).to(device) + self._first_labels).flatten(
            0, 1
        )
        weights = torch.from_numpy(operation.weights).to(device, dtype).repeat(restarts)
        self._given = weights
        self._sure_weights: Float[Tensor, " k"] | None = None
        rows, columns, symbols = (restarts * n for n in operation.sizes)
        alike = bool((operation.weights == 1).all())
        self.observed = Terms(triples, None if alike else weights, (rows, columns, symbols))
        self.current = self.observed

    def agreements(self, factors: tuple[Tensor, Tensor, Tensor]) -> Float[Tensor, "r m"]:
        """Return how well each observation agrees with flattened factors, 1 where it does fully."""
        return agreements(self.observed.triples, *factors).view(self._restarts, -1)

    def reweight(self, factors: tuple[Tensor, Tensor, Tensor]) -> None:
        """Multiply the weight of every observation by its agreement; decoded cells keep theirs."""
        # A negative agreement says no more than 0 does: the observation is no evidence.
        weights = self._given * self.agreements(factors).flatten().clamp(0, 1)
        if self._sure_weights is not None:
            weights = torch.cat([weights, self._sure_weights])
        self.current = self.current.reweighted(weights)

    def replace(
        self, chosen: list[tuple[Int[NDArray[Any], "k 3"], Float[NDArray[Any], " k"]]]
    ) -> None:
        """Take other decoded cells, with weights: those of each restart, instead of the last ones.

        They are replaced, not added to: a cell that was decoded wrongly once must not stay.
        """
        device, dtype = self.observed.triples.device, self._given.dtype
        triples, weights = [self.observed.triples], []
        for (cells, scores), first in zip(chosen, self._first_labels, strict=True):
            triples.append(torch.from_numpy(cells).to(device) + first)
            weights.append(torch.from_numpy(scores).to(device, dtype))
        self._sure_weights = torch.cat(weights)
        self.current = Terms(
            torch.cat(triples),
            torch.cat([self._given, self._sure_weights]),
            self.observed.sizes,
        )


def surest_cells(
    decoded: DecodedScores, *, threshold: float, most: int, random: np.random.Generator
) -> tuple[Int[NDArray[Any], "k 3"], Float[NDArray[Any], " k"]]:
    """Return cells whose score is the largest along all three axes, and their scores.

    Args:
        decoded: The table of one restart.
        threshold: Least score.
        most: Most cells; a random choice if there are more, so that no region is preferred.
        random: Source of that choice.
    """
    a, b = np.nonzero(decoded.mutual & (decoded.score >= threshold))
    if len(a) > most:
        chosen = random.choice(len(a), size=most, replace=False)
        a, b = a[chosen], b[chosen]
    cells = np.stack([a, b, decoded.table[a, b]], axis=1).astype(np.int64)
    return cells, decoded.score[a, b].clip(0.0, 1.0)

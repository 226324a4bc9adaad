"""The observed pairs, sorted and indexed once, as the gradients over them need them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import ArrayLike
from torch import Tensor

__all__ = ["Observations"]


@dataclass(frozen=True, kw_only=True)
class Observations:
    """Observed products ``left o right = result``, sorted by the left operand.

    A pair may occur several times, with equal or different results: each is a term of the loss.

    Attributes:
        left: Left operands, shape ``(m,)``, int64, in ascending order.
        right: Right operands, shape ``(m,)``, int64.
        result: Results, shape ``(m,)``, int64.
        sizes: Numbers of rows, columns and symbols.
    """

    left: Int[Tensor, " m"]
    right: Int[Tensor, " m"]
    result: Int[Tensor, " m"]
    sizes: tuple[int, int, int]

    @classmethod
    def from_triples(
        cls,
        triples: ArrayLike,
        *,
        sizes: tuple[int, int, int],
        device: torch.device | str | None = None,
    ) -> "Observations":
        """Sort triples ``(row, column, symbol)``, shape ``(m, 3)``, and move them to a device.

        Raises:
            ValueError: If there is none, or an index is out of range.

        Example:
            >>> Observations.from_triples([[1, 0, 1], [0, 0, 0]], sizes=(2, 2, 2)).left.tolist()
            [0, 1]
        """
        array = np.asarray(triples, dtype=np.int64).reshape(-1, 3)
        if not len(array):
            raise ValueError("`triples` must hold at least one observation.")
        if (array < 0).any() or (array >= sizes).any():
            raise ValueError(f"`triples` must hold (row, column, symbol) below {sizes}.")
        array = array[np.lexsort((array[:, 1], array[:, 0]))]
        left, right, result = (
            torch.from_numpy(np.ascontiguousarray(array[:, k])).to(device) for k in range(3)
        )
        return cls(left=left, right=right, result=result, sizes=sizes)

    def __len__(self) -> int:
        return len(self.left)

    @cached_property
    def row_bounds(self) -> list[int]:
        """Positions where the left operand changes: row ``a`` is ``[bounds[a], bounds[a + 1])``."""
        counts = torch.bincount(self.left, minlength=self.sizes[0]).cumsum(0)
        return [0, *counts.tolist()]

    def row_chunks(self, most: int) -> list[list[tuple[int, int, int]]]:
        """Return rows ``(a, start, stop)`` in groups of at most ``most`` pairs.

        A row longer than that is cut.
        """
        chunks: list[list[tuple[int, int, int]]] = [[]]
        free = most
        for a in range(self.sizes[0]):
            start, end = self.row_bounds[a], self.row_bounds[a + 1]
            while start < end:
                if free == 0 or (free < end - start and end - start <= most):
                    chunks.append([])
                    free = most
                stop = min(end, start + free)
                chunks[-1].append((a, start, stop))
                free -= stop - start
                start = stop
        return [chunk for chunk in chunks if chunk]

    def places(
        self, start: int, stop: int, *, restarts: int
    ) -> tuple[Int[Tensor, " rk"], Int[Tensor, " rk"]]:
        """Return where the operands of some pairs stand in factors of all restarts, flattened."""
        if restarts == 1:
            return self.left[start:stop], self.right[start:stop]
        offset = torch.arange(restarts, device=self.left.device)[:, None]
        left = self.left[start:stop] + self.sizes[0] * offset
        right = self.right[start:stop] + self.sizes[1] * offset
        return left.flatten(), right.flatten()

    @cached_property
    def masked(self) -> tuple[Float[Tensor, "ab 1"], Float[Tensor, "ab c"]]:
        """How often each pair was observed, and minus how often with each result."""
        rows, columns, symbols = self.sizes
        target = torch.zeros(rows * columns, symbols, device=self.left.device)
        target.index_put_(
            (self.left * columns + self.right, self.result),
            torch.tensor(-1.0, device=self.left.device),
            accumulate=True,
        )
        return -target.sum(1, keepdim=True), target

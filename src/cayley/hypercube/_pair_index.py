"""Index of observed pairs and their terms in factors and products, by rows and in batches."""

from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact, Int

__all__ = ["PairIndex", "TargetTerms"]


class TargetTerms(NamedTuple):
    """The terms of some consecutive pairs, placed in the factors and products of all restarts.

    Attributes:
        left: Left operands of the pairs in factors of all restarts, flattened, shape ``(r k,)``.
        right: Right operands, likewise.
        place: Places of the terms in products of shape ``(r, k, c)``, flattened, ``(r t,)``.
        mass: Mass of each term, shape ``(r t,)``, of the products' dtype.
        pair: Pair of each term within these, ``(t,)``; None if every pair has one term of mass 1.
        symbol: Symbol of each term, ``(t,)``.
        weight: Mass of each pair, shape ``(k, 1)``; None if all are 1.
    """

    left: Int[Tensor, " rk"]
    right: Int[Tensor, " rk"]
    place: Int[Tensor, " rt"]
    mass: Tensor
    pair: Int[Tensor, " t"] | None
    symbol: Int[Tensor, " t"]
    weight: Tensor | None


class PairIndex:
    """Places of observed pairs and of their terms.

    The results are kept, since every step of a training asks for the same ones.

    Args:
        left: Left operand of each pair, ascending.
        right: Right operand of each pair, ascending within a row.
        pair: Pair of each term, ascending.
        symbol: Symbol of each term.
        mass: Mass of each term, float64.
        weight: Mass of each pair, float64.
        sizes: Numbers of rows, columns and symbols.
        is_plain: Whether every pair has one term, of mass 1.
    """

    def __init__(
        self,
        *,
        left: Int[Tensor, " p"],
        right: Int[Tensor, " p"],
        pair: Int[Tensor, " t"],
        symbol: Int[Tensor, " t"],
        mass: Float[Tensor, " t"],
        weight: Float[Tensor, " p"],
        sizes: tuple[int, int, int],
        is_plain: bool,
    ) -> None:
        self.left, self.right, self.pair = left, right, pair
        self.symbol, self.mass, self.weight = symbol, mass, weight
        self.sizes, self.is_plain = sizes, is_plain
        self._terms: dict[tuple[int, int, int, torch.dtype], TargetTerms] = {}
        self._masked: dict[torch.dtype, tuple[Tensor, Tensor]] = {}

    @cached_property
    def row_bounds(self) -> list[int]:
        """Positions where the left operand changes: row ``a`` is ``[bounds[a], bounds[a + 1])``."""
        counts = torch.bincount(self.left, minlength=self.sizes[0]).cumsum(0)
        return [0, *counts.tolist()]

    @cached_property
    def term_bounds(self) -> list[int]:
        """Positions where the pair changes among the terms."""
        return [0, *torch.bincount(self.pair, minlength=len(self.left)).cumsum(0).tolist()]

    def row_chunks(self, most: int) -> list[list[tuple[int, int, int]]]:
        """Return rows ``(a, start, stop)`` in groups of at most ``most`` pairs.

        A row longer than that is cut.
        """
        chunks: list[list[tuple[int, int, int]]] = [[]]
        free = most
        for a in range(self.sizes[0]):
            start, end = self.row_bounds[a], self.row_bounds[a + 1]
            # A row that does not fit into what is left of a chunk begins the next one, since a row
            # is one product; only one longer than a whole chunk is cut.
            while start < end:
                if free == 0 or (free < end - start and end - start <= most):
                    chunks.append([])
                    free = most
                stop = min(end, start + free)
                chunks[-1].append((a, start, stop))
                free -= stop - start
                start = stop
        return [chunk for chunk in chunks if chunk]

    def terms(self, start: int, stop: int, *, restarts: int, dtype: torch.dtype) -> TargetTerms:
        """Return the terms of pairs ``start`` to ``stop``, placed for all restarts."""
        # The dtype is that of the sums: the same observations may train models of several dtypes.
        key = (start, stop, restarts, dtype)
        found = self._terms.get(key)
        if found is None:
            found = self._terms[key] = self._make_terms(start, stop, restarts, dtype)
        return found

    def _make_terms(self, start: int, stop: int, restarts: int, dtype: torch.dtype) -> TargetTerms:
        rows, columns, symbols = self.sizes
        among = slice(self.term_bounds[start], self.term_bounds[stop])
        pair, symbol = self.pair[among] - start, self.symbol[among]
        copy = torch.arange(restarts, device=self.left.device)[:, None]
        return TargetTerms(
            left=(self.left[start:stop] + rows * copy).flatten(),
            right=(self.right[start:stop] + columns * copy).flatten(),
            place=(pair * symbols + symbol + (stop - start) * symbols * copy).flatten(),
            mass=self.mass[among].to(dtype).repeat(restarts),
            # None spares the kernels a gather and a product in the usual case.
            pair=None if self.is_plain else pair,
            symbol=symbol,
            weight=None if self.is_plain else self.weight[start:stop, None].to(dtype),
        )

    def masked(self, dtype: torch.dtype) -> tuple[Inexact[Tensor, "ab 1"], Inexact[Tensor, "ab c"]]:
        """Return the mass of every pair, 0 where unseen, and minus the mass of its symbols."""
        found = self._masked.get(dtype)
        if found is None:
            rows, columns, symbols = self.sizes
            cell = self.left * columns + self.right
            weight = self.mass.new_zeros(rows * columns, 1, dtype=dtype)
            weight[cell, 0] = self.weight.to(dtype)
            target = self.mass.new_zeros(rows * columns, symbols, dtype=dtype)
            target[cell[self.pair], self.symbol] = -self.mass.to(dtype)
            found = self._masked[dtype] = weight, target
        return found

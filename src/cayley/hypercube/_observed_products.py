"""Observed products: each observed pair once, with the distribution over symbols seen there."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from cayley._shapes import Float, Int
from cayley.hypercube._pair_index import PairIndex

__all__ = ["ObservedProducts"]


@dataclass(frozen=True, kw_only=True, eq=False)
class ObservedProducts:
    r"""The observed part of an operation: at each pair a distribution over symbols, with a weight.

    A plain table puts mass 1 on one symbol of each known cell. Cells that were observed several
    times, with equal or conflicting results, soft targets and weights all come to the same form,
    terms (pair, symbol, mass), since

    .. math:: \sum_k w_k |T_{ab} - q_k|^2 = w\, |T_{ab} - q|^2 + \text{spread}, \qquad
        w = \sum_k w_k, \quad w q = \sum_k w_k q_k

    so that conflicting observations cost no more products than equal ones. Rows, columns and
    symbols may be three alphabets of different sizes: those of an action, for instance.

    Attributes:
        left: Left operand of each pair, shape ``(p,)``, int64, in ascending order.
        right: Right operand, shape ``(p,)``, int64; ascending within a row, each pair once.
        pair: Pair of each term, shape ``(t,)``, int64, in ascending order.
        symbol: Symbol of each term, shape ``(t,)``, int64.
        mass: Weight times probability of that symbol, shape ``(t,)``, float64.
        sizes: Numbers of rows, columns and symbols.
        spread: The part of the loss that is the same for all products: the variance of conflicts.

    Example:
        >>> seen = ObservedProducts.from_triples([[0, 1, 1], [0, 1, 0], [0, 1, 1]], sizes=(2, 2, 2))
        >>> len(seen), seen.symbol.tolist(), seen.mass.tolist()
        (1, [0, 1], [1.0, 2.0])
    """

    left: Int[Tensor, " p"]
    right: Int[Tensor, " p"]
    pair: Int[Tensor, " t"]
    symbol: Int[Tensor, " t"]
    mass: Float[Tensor, " t"]
    sizes: tuple[int, int, int]
    spread: float = 0.0

    @classmethod
    def from_triples(
        cls,
        triples: ArrayLike,
        *,
        sizes: tuple[int, int, int],
        weights: ArrayLike | None = None,
        device: torch.device | str | None = None,
    ) -> "ObservedProducts":
        """Return observations from rows ``(left, right, result)`` of indices.

        Args:
            triples: Integers, shape ``(m, 3)``, such as ``Table.observations``. A pair may occur
                several times, with equal or conflicting results.
            sizes: Numbers of rows, columns and symbols.
            weights: Weight of each observation, shape ``(m,)``, positive; all 1 if None.
            device: Where the tensors live.

        Raises:
            ValueError: If there is none, an index is out of range, or weights are not positive.

        Example:
            >>> ObservedProducts.from_triples([[1, 0, 1], [0, 0, 0]], sizes=(2, 2, 2)).left.tolist()
            [0, 1]
        """
        array = np.asarray(triples, dtype=np.int64).reshape(-1, 3)
        if not len(array):
            raise ValueError("`triples` must hold at least one observation.")
        if (array < 0).any() or (array >= sizes).any():
            raise ValueError(f"`triples` must hold (row, column, symbol) below {sizes}.")
        weight = _checked_weights(weights, len(array))
        return cls._collect(array, weight, sizes, squares=float(weight.sum()), device=device)

    @classmethod
    def from_distributions(
        cls,
        pairs: ArrayLike,
        distributions: ArrayLike,
        *,
        sizes: tuple[int, int, int],
        weights: ArrayLike | None = None,
        device: torch.device | str | None = None,
    ) -> "ObservedProducts":
        """Return observations from soft targets: a distribution over symbols at each pair.

        Args:
            pairs: Rows ``(left, right)`` of indices, shape ``(m, 2)``.
            distributions: Probabilities, shape ``(m, symbols)``, each row summing to 1.
            sizes: Numbers of rows, columns and symbols.
            weights: Weight of each pair, shape ``(m,)``, positive; all 1 if None.
            device: Where the tensors live.

        Raises:
            ValueError: If shapes disagree, an index is out of range, a row is no distribution or
                weights are not positive.

        Example:
            >>> soft = [[0.25, 0.75]]
            >>> seen = ObservedProducts.from_distributions([[0, 1]], soft, sizes=(2, 2, 2))
            >>> seen.mass.tolist()
            [0.25, 0.75]
        """
        cells = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
        q = np.asarray(distributions, dtype=np.float64)
        if not len(cells) or q.shape != (len(cells), sizes[2]):
            raise ValueError(
                "`distributions` must have one row for each of `pairs` and one column for each of "
                f"the {sizes[2]} symbols; got shape {q.shape} for {len(cells)} pairs."
            )
        if (cells < 0).any() or (cells >= sizes[:2]).any():
            raise ValueError(f"`pairs` must hold (row, column) below {sizes[:2]}.")
        if not ((q >= 0).all() and np.allclose(q.sum(1), 1, atol=1e-6)):
            raise ValueError("`distributions` must hold rows of probabilities that sum to 1.")
        weight = _checked_weights(weights, len(cells))
        k, c = np.nonzero(q)
        triples = np.column_stack([cells[k], c])
        squares = float((weight * np.square(q).sum(1)).sum())
        return cls._collect(triples, weight[k] * q[k, c], sizes, squares=squares, device=device)

    @classmethod
    def _collect(
        cls,
        triples: Int[NDArray[Any], "m 3"],
        mass: Float[NDArray[Any], " m"],
        sizes: tuple[int, int, int],
        *,
        squares: float,
        device: torch.device | str | None,
    ) -> "ObservedProducts":
        """Add up the masses of equal triples; ``squares`` is their sum of w |q|^2 before that."""
        _, columns, symbols = sizes
        # `unique` sorts: pairs come row by row and the terms of a pair together, which the kernels
        # rely on.
        cells, pair = np.unique(triples[:, 0] * columns + triples[:, 1], return_inverse=True)
        keys, place = np.unique(pair * symbols + triples[:, 2], return_inverse=True)
        total = np.bincount(place, mass)
        pair, symbol = np.divmod(keys, symbols)
        # The sum of w |q|^2 after merging; the difference is the variance of conflicts.
        kept = float((total**2 / np.bincount(pair, total)[pair]).sum())

        def tensor(array: NDArray[Any]) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array)).to(device)

        return cls(
            left=tensor(cells // columns),
            right=tensor(cells % columns),
            pair=tensor(pair),
            symbol=tensor(symbol),
            mass=tensor(total),
            sizes=sizes,
            spread=max(0.0, squares - kept),  # rounding may make it negative
        )

    def __len__(self) -> int:
        return len(self.left)

    @cached_property
    def weight(self) -> Float[Tensor, " p"]:
        """Mass of each pair."""
        return torch.zeros(len(self), dtype=torch.float64, device=self.mass.device).index_add_(
            0, self.pair, self.mass
        )

    @cached_property
    def triples(self) -> Int[Tensor, "t 3"]:
        """The observed triples (left, right, symbol), each once."""
        return torch.stack([self.left[self.pair], self.right[self.pair], self.symbol], dim=1)

    @cached_property
    def is_plain(self) -> bool:
        """Whether every pair has one symbol, of mass 1."""
        return len(self.pair) == len(self) and bool((self.mass == 1).all())

    @cached_property
    def total(self) -> float:
        """Mass of all: the number of observations, if no weights were given."""
        return float(self.mass.sum())

    @cached_property
    def power(self) -> float:
        """Sum over the pairs of the weight times the squared norm of the distribution."""
        return float((self.mass.square() / self.weight[self.pair]).sum())

    @cached_property
    def attainable_fit(self) -> float:
        """The largest share of the mass that one symbol a pair can have: 1 without conflicts."""
        most = torch.zeros_like(self.weight)
        most.scatter_reduce_(0, self.pair, self.mass, "amax")
        return float(most.sum()) / self.total

    @cached_property
    def index(self) -> PairIndex:
        """The places of pairs and terms in factors and products; computed once."""
        return PairIndex(
            left=self.left,
            right=self.right,
            pair=self.pair,
            symbol=self.symbol,
            mass=self.mass,
            weight=self.weight,
            sizes=self.sizes,
            is_plain=self.is_plain,
        )

    @classmethod
    def stacked(cls, operations: Sequence["ObservedProducts"]) -> "ObservedProducts":
        r"""Return several operations over the same columns and symbols as one, row upon row.

        Operation k's left operand a becomes row :math:`a + \sum_{j < k} \text{rows}_j`: a model of
        the sizes of the whole gives each operation its own factor A while B and C are shared, so
        that what one operation shows about the alphabet helps the others. The decoded table splits
        again by ``numpy.split``.

        Args:
            operations: At least one; equally many columns and symbols each.

        Raises:
            ValueError: If there is none, or numbers of columns or symbols differ.

        Example:
            >>> plus = ObservedProducts.from_triples([[0, 1, 1], [1, 1, 0]], sizes=(2, 2, 2))
            >>> times = ObservedProducts.from_triples([[0, 1, 0], [1, 1, 1]], sizes=(2, 2, 2))
            >>> both = ObservedProducts.stacked([plus, times])
            >>> both.sizes, both.left.tolist()
            ((4, 2, 2), [0, 1, 2, 3])
        """
        if len({seen.sizes[1:] for seen in operations}) != 1:
            raise ValueError(
                "`operations` must have equally many columns and symbols; "
                f"got sizes {[seen.sizes for seen in operations]}."
            )
        rows = [0, *accumulate(seen.sizes[0] for seen in operations)]
        pairs = [0, *accumulate(len(seen) for seen in operations)]
        return cls(
            left=torch.cat([s.left + a for s, a in zip(operations, rows, strict=False)]),
            right=torch.cat([seen.right for seen in operations]),
            pair=torch.cat([s.pair + k for s, k in zip(operations, pairs, strict=False)]),
            symbol=torch.cat([seen.symbol for seen in operations]),
            mass=torch.cat([seen.mass for seen in operations]),
            sizes=(rows[-1], *operations[0].sizes[1:]),
            spread=sum(seen.spread for seen in operations),
        )

    def part(self, index: int, count: int) -> "ObservedProducts":
        """Return one of ``count`` parts of about equally many pairs, in their order.

        The spread stays with the first part, so that the losses of all parts add up.

        Raises:
            ValueError: If there are fewer pairs than parts.

        Example:
            >>> triples = [[0, 0, 0], [0, 1, 1], [1, 0, 1]]
            >>> seen = ObservedProducts.from_triples(triples, sizes=(2, 2, 2))
            >>> [len(seen.part(i, 2)) for i in range(2)]
            [1, 2]
        """
        if len(self) < count:
            raise ValueError(f"{len(self)} pairs cannot be split into {count} parts.")
        # Cut between pairs, not terms: a pair on two processes would have two residuals.
        start, stop = (len(self) * i // count for i in (index, index + 1))
        among = slice(self.index.term_bounds[start], self.index.term_bounds[stop])
        return ObservedProducts(
            left=self.left[start:stop],
            right=self.right[start:stop],
            pair=self.pair[among] - start,
            symbol=self.symbol[among],
            mass=self.mass[among],
            sizes=self.sizes,
            spread=self.spread if index == 0 else 0.0,
        )


def _checked_weights(weights: ArrayLike | None, count: int) -> Float[NDArray[Any], " m"]:
    if weights is None:
        return np.ones(count)
    array = np.asarray(weights, dtype=np.float64)
    if array.shape != (count,) or not (np.isfinite(array) & (array > 0)).all():
        raise ValueError(
            f"`weights` must be {count} positive numbers, one for each observation; "
            f"got shape {array.shape}."
        )
    return array

"""Decoding of matrices to a table: the best symbol of every cell, with scores and margins."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._shapes import Bool, Float, Inexact, Int
from cayley.synchronization._coherence import coherence
from cayley.synchronization._sweeps import Sweeps
from cayley.synchronization._terms import Terms

__all__ = ["DecodedScores", "RestartDecoder", "decode", "row_scores"]

_CHUNK_BYTES = 1 << 26
"""Bound on the products and scores held at a time: those of some rows, never of a large table."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecodedScores:
    r"""A table decoded from matrices, with the scores of its cells.

    .. math:: S_{abc} = \operatorname{Re} \operatorname{Tr}(W C_c^* A_a B_b) / \operatorname{Tr} W

    Attributes:
        table: Symbol of the largest score of every cell, shape ``(rows, columns)``, int64.
        score: That score; 1 where the products agree exactly.
        margin: Largest score minus the second largest.
        mutual: Whether the score is also the largest of its row and symbol, and of its column and
            symbol: what an assignment of Latin squares would choose without doubt.
        unit: Scores of unrelated matrices are about this far from 0: 1/k if W is the
            identity.
    """

    table: Int[NDArray[Any], "a b"]
    score: Float[NDArray[Any], "a b"]
    margin: Float[NDArray[Any], "a b"]
    mutual: Bool[NDArray[Any], "a b"]
    unit: float


@torch.no_grad()
def row_scores(
    A: Inexact[Tensor, "a d d"],
    B: Inexact[Tensor, "b d k"],
    C: Inexact[Tensor, "c d k"],
    W: Inexact[Tensor, "k k"] | None = None,
) -> Iterator[tuple[int, Float[Tensor, "chunk b c"]]]:
    """Yield the scores of some rows at a time, as (first row, scores)."""
    d, k = B.shape[-2:]
    trace = k if W is None else float(W.diagonal().real.sum())
    columns = B.transpose(0, 1).reshape(d, -1)
    weighed = C if W is None else C @ W
    flat = weighed.conj().transpose(1, 2).reshape(len(C), -1).mT
    bytes_per_row = len(B) * (2 * d * k + len(C)) * A.element_size()
    first = 0
    for chunk in torch.split(A, max(1, _CHUNK_BYTES // bytes_per_row)):
        # Two large products, A_a B_b for all b and then all traces with C_c, instead of one small
        # product for each triple.
        P = (chunk.reshape(-1, d) @ columns).view(len(chunk), d, len(B), k)
        P = P.permute(0, 2, 3, 1).reshape(len(chunk) * len(B), k * d)
        yield first, (P @ flat).real.view(len(chunk), len(B), -1) / trace
        first += len(chunk)


def decode(
    A: Inexact[Tensor, "a d d"],
    B: Inexact[Tensor, "b d k"],
    C: Inexact[Tensor, "c d k"],
    W: Inexact[Tensor, "k k"] | None = None,
) -> DecodedScores:
    """Return the table that the matrices of one restart encode.

    Costs two products of ``a b d k (d + c)`` operations; the scores of all triples are never held
    at once.

    Args:
        A: Matrices of the rows.
        B: Matrices of the columns.
        C: Matrices of the symbols.
        W: Positive semidefinite, the weight of every direction, see `coherence`; None for the
            identity.

    Example:
        >>> X = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
        >>> decode(X, X, X).table.tolist()
        [[0, 1], [1, 0]]
    """
    # Best row of every column and symbol so far: chunks of rows are compared as they come, so that
    # no more than one chunk of scores is held.
    tables, scores, margins, best_in_row = [], [], [], []
    top = torch.full((len(B), len(C)), -torch.inf, device=A.device, dtype=A.real.dtype)
    place = torch.zeros(len(B), len(C), dtype=torch.int64, device=A.device)
    for first, S in row_scores(A, B, C, W):
        best = S.topk(min(2, S.shape[-1]), dim=-1)
        table = best.indices[..., 0]
        tables.append(table)
        scores.append(best.values[..., 0])
        margins.append(best.values[..., 0] - best.values[..., -1])
        columns = torch.arange(len(B), device=A.device)
        best_in_row.append(S.argmax(1).gather(1, table) == columns)
        value, row = S.max(0)
        place = torch.where(value > top, row + first, place)
        top = torch.maximum(top, value)
    table = torch.cat(tables)
    rows = torch.arange(len(A), device=A.device)[:, None]
    columns = torch.arange(len(B), device=A.device)
    mutual = torch.cat(best_in_row) & (place[columns, table] == rows)
    return DecodedScores(
        table=table.cpu().numpy(),
        score=torch.cat(scores).double().cpu().numpy(),
        margin=torch.cat(margins).double().cpu().numpy(),
        mutual=mutual.cpu().numpy(),
        unit=_unit(B, W),
    )


def _unit(B: Inexact[Tensor, "b d k"], W: Inexact[Tensor, "k k"] | None) -> float:
    r"""Return :math:`|W| / (\sqrt k \operatorname{Tr} W)`."""
    k = B.shape[-1]
    if W is None:
        return 1 / k
    return float(torch.linalg.matrix_norm(W) / W.diagonal().real.sum()) / math.sqrt(k)


class RestartDecoder:
    """Decodes the factors of single restarts, with each direction weighted by its coherence.

    Args:
        sweeps: Holds the factors.
        observed: The observations of all restarts, with the weights that were given.
        total: Sum of those weights in one restart.
    """

    def __init__(self, sweeps: Sweeps, observed: Terms, total: float) -> None:
        self._sweeps, self._observed, self._total = sweeps, observed, total
        self._coherence: Tensor | None = None

    def measure_coherence(self) -> None:
        """Measure the coherence of all restarts; to be called before decoding, after sweeps."""
        A, B, _ = self._sweeps.flat
        C = self._sweeps.factors[2]
        products = self._observed.sums(2, A.mT, B)
        self._coherence = coherence(products.view(C.shape), C, self._total)

    def factors(self, restart: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return the three factors of a restart."""
        A, B, C = (X[restart] for X in self._sweeps.factors)
        return A, B, C

    def decoded(self, restart: int, rows: Int[NDArray[Any], " q"] | None = None) -> DecodedScores:
        """Decode some rows of a restart's table, or all."""
        A, B, C = self.factors(restart)
        return decode(A if rows is None else A[rows], B, C, self._weights(restart))

    def scores(self, restart: int) -> Callable[[int], Float[NDArray[Any], "b c"]]:
        """Return a function that gives the scores of one row."""
        A, B, C = self.factors(restart)

        def of_row(row: int) -> NDArray[Any]:
            ((_, S),) = row_scores(A[row : row + 1], B, C, self._weights(restart))
            scores: NDArray[Any] = S[0].double().cpu().numpy()
            return scores

        return of_row

    def _weights(self, restart: int) -> Tensor:
        assert self._coherence is not None
        return self._coherence[restart]

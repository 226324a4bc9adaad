"""Proposals: full tables from a decoded one, by Latin singles or by exact deduction."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Structure
from cayley.deduction import Forced, Limits, deduce
from cayley.synchronization._assumption import Assumption
from cayley.synchronization._decoding import DecodedScores
from cayley.synchronization._latin_squares import assign_rows, is_latin, latin_singles
from cayley.synchronization._partial_operation import PartialOperation
from cayley.synchronization._relabeling import relabeled

__all__ = ["ProposalCheck", "closed_rows", "proposals"]

# Score from which a cell counts as sure: unrelated matrices have 0, equal ones 1. A wrong sure cell
# makes a deduction contradict itself or force a wrong table, which is then refused.
_SURE = 0.5
# Bound on one deduction, which takes milliseconds up to order 200: a sweep must not wait for long.
_SECONDS = 5.0
# Cells for each label that a deduction is given. More cost time, and each may be wrong; fewer may
# not force a table.
_CELLS = 8


Proposal = Int[NDArray[Any], "a b"]


class ProposalCheck:
    """Calls ``accept`` for every proposed table, and keeps the first one that is accepted.

    Args:
        operation: The observations.
        accept: Whether a full table is what was looked for.
        restarts: Number of restarts.

    Attributes:
        accepted: Restart, decoded scores if there are any, and table; None before that.
    """

    def __init__(
        self, operation: PartialOperation, accept: Callable[[Proposal], bool], *, restarts: int
    ) -> None:
        self._operation, self._accept = operation, accept
        self._refused: list[set[bytes]] = [set() for _ in range(restarts)]
        self.accepted: tuple[int, DecodedScores | None, Proposal] | None = None

    def accepts_one(
        self, restart: int, decoded: DecodedScores | None, proposed: Iterator[Proposal]
    ) -> bool:
        """Return whether a table is accepted; ``accept`` gets no table of a restart twice."""
        for table in map(self._improved, proposed):
            key = table.tobytes()
            if key in self._refused[restart]:
                continue
            if self._accept(table):
                self.accepted = restart, decoded, table
                return True
            self._refused[restart].add(key)
        return False

    def _improved(self, table: Proposal) -> Proposal:
        """Exchange labels of an isotope where more observations agree then."""
        a, b, c = self._operation.triples.T
        if self._operation.assume is not Structure.GROUP_ISOTOPE:
            return table  # the alphabets of groups and actions are tied: no label moves alone
        if (table[a, b] == c).all() or not is_latin(table):
            return table
        return relabeled(table, self._operation.triples)


def proposals(
    decoded: DecodedScores, assume: Assumption, scores: Callable[[int], Float[NDArray[Any], "b c"]]
) -> Iterator[Int[NDArray[Any], "a b"]]:
    """Yield the full tables that a decoded one suggests, in the order of their cost.

    Args:
        decoded: The table decoded from the matrices of one restart.
        assume: The sure cells of a group are closed as those of a group, those of an isotope
            likewise; the rows of an action are assigned as permutations.
        scores: Gives the scores of one row.
    """
    table = decoded.table
    if assume == "action":
        yield assign_rows(scores, np.arange(len(table)), latin=False)
        return
    n = len(table)
    if is_latin(table):
        yield table
        return
    sure = decoded.mutual & (decoded.score >= _SURE)
    # One wrong cell makes others wrong, so singles are tried only where most cells are sure.
    if sure.sum() > n * n // 2:
        filled = latin_singles(np.where(sure, table, -1))
        if (filled >= 0).all():
            yield filled
            return
    # A deduction costs time; with fewer sure cells than three a label it is not tried.
    if sure.sum() >= 3 * n:
        closed = _closed(decoded, sure, assume)
        if closed is not None:
            yield closed


def closed_rows(
    rows: Int[NDArray[Any], " q"],
    products: Int[NDArray[Any], "q n"],
    trusted: Int[NDArray[Any], "m 3"] | None,
    assume: Assumption,
) -> Int[NDArray[Any], "n n"] | None:
    """Deduce the table that a few whole rows force, if they force one.

    Two or three elements generate most groups, and their rows force the whole table: no other row
    need be decoded. The rows of an isotope leave open which row is which; a trusted observation in
    every row tells.

    Args:
        rows: Which rows.
        products: Their products.
        trusted: Observations to add, or None.
        assume: A group or an isotope of one.
    """
    n = products.shape[1]
    a, b = np.repeat(rows, n), np.tile(np.arange(n), len(rows))
    cells = np.stack([a, b, products.ravel()], axis=1)
    if trusted is not None:
        others = ~np.isin(trusted[:, 0], rows)
        cells = np.concatenate([cells, trusted[others]])
    return _deduced(cells, n, assume)


def _closed(
    decoded: DecodedScores, sure: NDArray[Any], assume: Assumption
) -> Int[NDArray[Any], "n n"] | None:
    """Deduce the table that the surest cells force, if they force one."""
    n = len(decoded.table)
    a, b = np.nonzero(sure)
    best = np.argsort(-decoded.margin[a, b], kind="stable")[: _CELLS * n]
    cells = np.stack([a[best], b[best], decoded.table[a[best], b[best]]], axis=1)
    return _deduced(cells, n, assume)


def _deduced(
    cells: Int[NDArray[Any], "m 3"], n: int, assume: Assumption
) -> NDArray[np.int64] | None:
    found = deduce(
        cells,
        order=n,
        assume="group" if assume is Structure.GROUP else "isotope",
        limits=Limits(full_enumeration=False, evidence_seconds=0.0, time_limit=_SECONDS),
    )
    return np.array(found.table) if isinstance(found, Forced) else None

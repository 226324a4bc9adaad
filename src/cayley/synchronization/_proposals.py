"""Whole tables from a decoded one: as it is, completed by Latin singles, or by exact deduction."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

from cayley.deduction import Forced, Limits, deduce
from cayley.synchronization._decoding import Decoded
from cayley.synchronization._latin import assign_rows, is_latin, latin_singles
from cayley.synchronization._schedule import Kind

__all__ = ["closed_rows", "proposals"]

_SURE = 0.5  # of score: unrelated matrices have 0, equal ones 1
_SECONDS = 5.0  # for a deduction; it takes milliseconds up to order 200
_CELLS = 8  # for each label, in a deduction


def proposals(
    decoded: Decoded, kind: Kind, scores: Callable[[int], Float[NDArray[Any], "b c"]]
) -> Iterator[Int[NDArray[Any], "a b"]]:
    """Yield the tables that a decoded one suggests, cheapest first.

    Args:
        decoded: What the matrices of one restart stand for.
        kind: The sure cells of a group are closed as such, those of an isotope likewise; the rows
            of an action are assigned as permutations.
        scores: Gives the scores of one row.
    """
    table = decoded.table
    if kind == "action":
        yield assign_rows(scores, np.arange(len(table)), latin=False)
        return
    n = len(table)
    if is_latin(table):
        yield table
        return
    sure = decoded.mutual & (decoded.score >= _SURE)
    if sure.sum() > n * n // 2:
        filled = latin_singles(np.where(sure, table, -1))
        if (filled >= 0).all():
            yield filled
            return
    if sure.sum() >= 3 * n:
        closed = _closed(decoded, sure, kind)
        if closed is not None:
            yield closed


def closed_rows(
    rows: Int[NDArray[Any], " q"],
    products: Int[NDArray[Any], "q n"],
    trusted: Int[NDArray[Any], "m 3"] | None,
    kind: Kind,
) -> Int[NDArray[Any], "n n"] | None:
    """Deduce the table that a few whole rows force, if they force one.

    Two or three elements generate most groups, and their rows are the whole group: nothing else
    need be decoded. The rows of an isotope leave open which row is which; a trusted observation in
    every row says it.

    Args:
        rows: Which rows.
        products: Their products.
        trusted: Observations to add, or None.
        kind: Group or isotope.
    """
    n = products.shape[1]
    a, b = np.repeat(rows, n), np.tile(np.arange(n), len(rows))
    cells = np.stack([a, b, products.ravel()], axis=1)
    if trusted is not None:
        others = ~np.isin(trusted[:, 0], rows)
        cells = np.concatenate([cells, trusted[others]])
    return _deduced(cells, n, kind)


def _closed(decoded: Decoded, sure: NDArray[Any], kind: Kind) -> Int[NDArray[Any], "n n"] | None:
    """Deduce the table that the surest cells force, if they force one."""
    n = len(decoded.table)
    a, b = np.nonzero(sure)
    best = np.argsort(-decoded.margin[a, b], kind="stable")[: _CELLS * n]
    cells = np.stack([a[best], b[best], decoded.table[a[best], b[best]]], axis=1)
    return _deduced(cells, n, kind)


def _deduced(cells: Int[NDArray[Any], "m 3"], n: int, kind: Kind) -> NDArray[np.int64] | None:
    found = deduce(
        cells,
        order=n,
        assume="group" if kind == "group" else "isotope",
        limits=Limits(full_enumeration=False, evidence_seconds=0.0, time_limit=_SECONDS),
    )
    return np.array(found.table) if isinstance(found, Forced) else None

"""Questions about a group or an isotope of one: by entropy where orders are small, else by words.

Up to order 32 all groups are listed, and the ways in which the labels can be their elements are
counted (`_consistent_groups`, `_entropy`): cells then say most by their entropy, and the promise is
exact. Above that order, where an isotope has three alphabets, and where random cells leave too many
ways, cycles of the Cayley graph are closed (`_cayley_graph`) and then labels are named (`_naming`).
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.algebra import Structure
from cayley.deduction import Forced, Inconsistent, Limits, Undecided, deduce
from cayley.deduction.universal_group._deduce import Deduction, deduced
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.next_cell._cayley_graph import (
    Generated,
    elements_of,
    enumeration_limits,
    generated,
    walk,
)
from cayley.next_cell._consistent_groups import LARGEST_ORDER, ConsistentGroups, consistent_groups
from cayley.next_cell._costs import Candidate, cheapest
from cayley.next_cell._entropy import best_by_entropy, forced_by_ways
from cayley.next_cell._naming import elements_by_cells, naming_cells
from cayley.next_cell._question import Proposal

__all__ = ["Refuted", "group_prediction", "group_questions"]

_LARGEST_ISOTOPE = 8
"""The three alphabets of an isotope leave too many ways above: some 60,000 after a few cells."""

_OTHER_EDGE, _OTHER_CELL = 0.5, 0.25
"""How much another edge of the Cayley graph is worth, and any other cell, compared with the one
that the walk asks for: it is taken where that one costs more or cannot be observed."""


class Refuted(Exception):
    """No table of the kind agrees with the cells."""

    def __init__(self, evidence: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.evidence = evidence


def group_questions(
    partial: PartialTable,
    *,
    count: int,
    costs: Float[NDArray[Any], "n n"],
    random: np.random.Generator,
) -> list[Proposal] | None:
    """Return the cells to ask for next.

    Args:
        partial: The cells, and whether the operation is a group or an isotope.
        count: How many cells, to be asked at once.
        costs: The cost of each cell, infinite where it cannot be observed.
        random: Breaks ties.

    Returns:
        The cells; empty if the table is determined; None if no cell that can be observed is open.

    Raises:
        Refuted: If no group (isotope) agrees with the cells.
    """
    n = partial.order
    ways = _ways(partial)
    if ways is not None:
        return best_by_entropy(ways, partial, count=count, costs=costs, random=random)
    limits = enumeration_limits(n)
    verdict = deduced(partial, limits, deadline=math.inf)
    if isinstance(verdict, Forced):
        return []
    if isinstance(verdict, Inconsistent):
        raise Refuted(verdict.evidence)
    # What is proved counts as known from here on: the walk goes over it, and never asks for it.
    known = replace(
        partial, cells=np.unique(np.concatenate([partial.cells, verdict.cells]), axis=0)
    )
    part = generated(known)
    if part is not None and part.enumeration.status == "collapsed":
        raise Refuted(_evidence(partial))
    proved = np.zeros((n, n), bool)
    proved[known.cells[:, 0], known.cells[:, 1]] = True
    candidates = _candidates(known, part, verdict, proved, random)
    first = next(candidates, None)
    if first is None:
        return []
    candidates = (
        each
        for each in itertools.chain([first], candidates)
        if np.isfinite(costs[each.proposal.row, each.proposal.column])
    )
    prices = costs[np.isfinite(costs)]
    if len(prices) and (prices == prices[0]).all():
        # Where all cost the same the first ones are the best, and the others need not be listed.
        candidates = itertools.islice(candidates, 4 * count + n)
    return cheapest(candidates, costs, count) or None


def group_prediction(partial: PartialTable) -> Int[NDArray[Any], "n n"]:
    """Return the cells that are known or that groups (isotopes) force, -1 elsewhere.

    Raises:
        Refuted: If no group (isotope) agrees with the cells.
    """
    n = partial.order
    table = np.full((n, n), -1)
    ways = _ways(partial)
    if ways is not None:
        return forced_by_ways(ways, partial)
    verdict = deduced(partial, enumeration_limits(n), deadline=math.inf)
    if isinstance(verdict, Inconsistent):
        raise Refuted(verdict.evidence)
    if isinstance(verdict, Forced):
        return verdict.table
    table[verdict.cells[:, 0], verdict.cells[:, 1]] = verdict.cells[:, 2]
    table[partial.cells[:, 0], partial.cells[:, 1]] = partial.cells[:, 2]
    return table


def _ways(partial: PartialTable) -> ConsistentGroups | None:
    """Return all ways in which groups agree with the cells; None if they are too many to list.

    Raises:
        Refuted: If there is none.
    """
    is_group = partial.assume is Structure.GROUP
    if partial.order > (LARGEST_ORDER if is_group else _LARGEST_ISOTOPE):
        return None
    ways = consistent_groups(partial)
    if ways is not None and not len(ways.which):
        raise Refuted(_evidence(partial))
    return ways


def _evidence(partial: PartialTable) -> tuple[int, ...]:
    """Return the places of cells that contradict each other; all if none fewer are found."""
    verdict = deduce(partial.cells, order=partial.order, assume=partial.assume)
    if isinstance(verdict, Inconsistent):
        return verdict.evidence
    return tuple(range(len(partial.cells)))


def _candidates(
    partial: PartialTable,
    part: Generated | None,
    verdict: Undecided,
    proved: Bool[NDArray[Any], "n n"],
    random: np.random.Generator,
) -> Iterator[Candidate]:
    """Yield cells worth asking for, the best first; none if every label has its element."""
    n = partial.order
    theory = "group" if partial.assume is Structure.GROUP else "isotope"
    table = None if part is None else part.enumeration.table
    if part is not None and table is not None and len(table) == n:
        elements = elements_by_cells(partial, table, elements_of(part.enumeration))
        if elements is None:
            raise Refuted(_evidence(partial))
        naming = naming_cells(partial, table, elements)
        for cell in naming:
            yield Candidate(
                Proposal(
                    row=cell.row,
                    column=cell.column,
                    bits=math.log2(max(cell.choices, 2)),
                    is_exact=False,
                    why=f"the group is known up to isomorphism; each cell names one "
                    f"{cell.names[0]} of the {cell.choices} that are left",
                    theory=theory,
                ),
                1.0,
                cell.names,
            )
        if not naming and not isinstance(_deduced_in_full(partial), Forced):
            yield from _closing_cells(partial, part, proved, theory)
        return
    for (a, b), worth, why in _edges(partial, part, verdict, random):
        if not proved[a, b]:
            proved[a, b] = True  # yielded once
            bits, settles = _estimate(partial, a, b)
            yield Candidate(
                Proposal(
                    row=a, column=b, bits=bits, is_exact=False, why=why, theory=theory,
                    settles=settles,
                ),
                worth,
                (a, b),
            )  # fmt: skip


def _deduced_in_full(partial: PartialTable) -> Deduction:
    return deduced(partial, Limits(), deadline=math.inf)


def _closing_cells(
    partial: PartialTable, part: Generated, proved: Bool[NDArray[Any], "n n"], theory: str
) -> Iterator[Candidate]:
    """Yield products with generators that the deduction has not proved within its limits.

    Every label has its element, so the table is determined; but `solve` would not say so, as the
    enumeration of the universal group of all labels does not end. A few edges more let it.
    """
    for b in part.generators:
        for a in np.flatnonzero(~proved[:, b]).tolist():
            why = "the table is determined; this product lets the deduction prove it"
            proposal = Proposal(row=a, column=b, bits=0.0, is_exact=False, why=why, theory=theory)
            yield Candidate(proposal, 1.0, (a, b))


def _edges(
    partial: PartialTable,
    part: Generated | None,
    verdict: Undecided,
    random: np.random.Generator,
) -> Iterator[tuple[tuple[int, int], float, str]]:
    """Yield cells with their worth and the reason for them, while the group is not known."""
    n = partial.order
    if len(verdict.completions) == 2:
        first, second = verdict.completions
        for a, b in np.argwhere(first != second).tolist():
            yield (a, b), 1.0, "two groups agree with the cells and differ here"
        return
    is_group = partial.assume is Structure.GROUP
    if part is None:
        start = int(random.integers(n)) if is_group else 0
        yield (start, start), 1.0, "the first cell: a generator and its square"
        columns: tuple[int, ...] = ()
    else:
        columns = part.generators
        step = walk(partial, part)
        if step.cell is not None:
            why = (
                "ties a row to a symbol by the column of the identity"
                if step.is_tie
                else f"a product with one of {len(columns)} generators: it names a new element or "
                "closes a cycle, which is a relator"
            )
            yield step.cell, 1.0, why
    yield from _new_generators(partial, part, random)
    why = "a product with a generator"
    for b in columns:
        for a in random.permutation(n).tolist():
            yield (a, b), _OTHER_EDGE, why
    for i in random.permutation(n * n).tolist():
        yield divmod(i, n), _OTHER_CELL, "a product that is not known"


def _new_generators(
    partial: PartialTable, part: Generated | None, random: np.random.Generator
) -> Iterator[tuple[tuple[int, int], float, str]]:
    """Yield cells of columns that the generators do not generate, seen ones first."""
    n, is_group = partial.order, partial.assume is Structure.GROUP
    inside = np.zeros(n, bool)
    if part is not None:
        shift = 1 if is_group else 1 + n
        known = np.array(sorted(part.known)) - shift
        inside[known[(known >= 0) & (known < n)]] = True
    seen = np.zeros(n, bool)
    seen[partial.cells[:, 1]] = True
    if is_group:
        seen[partial.cells[:, [0, 2]].ravel()] = True
    why = "the generators generate less than the table: a new one"
    order = random.permutation(n)
    for b in [*order[seen[order]].tolist(), *order[~seen[order]].tolist()]:
        if not inside[b]:
            yield (b if is_group else partial.gauge[0], b), 0.9, why


def _estimate(
    partial: PartialTable, row: int, column: int
) -> tuple[float, tuple[tuple[tuple[int, ...], str], ...]]:
    """Return the bits of an answer if all that no row or column excludes are alike."""
    cells, n = partial.cells, partial.order
    taken = np.zeros(n, bool)
    taken[cells[(cells[:, 0] == row) | (cells[:, 1] == column), 2]] = True
    seen = np.zeros(n, bool)
    seen[cells.ravel() if partial.assume is Structure.GROUP else cells[:, 2]] = True
    known = tuple(np.flatnonzero(seen & ~taken).tolist())
    new = tuple(np.flatnonzero(~seen & ~taken).tolist())
    settles = (
        (known, "a relation between labels seen before"),
        (new, "a label that was not seen before"),
    )
    return math.log2(max(len(known) + len(new), 1)), settles

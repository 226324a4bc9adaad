"""Given cells that contradict the operation with a theory that the others describe."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.deduction.wrong_entries._fewest_suspects import (
    Explanation,
    Explanations,
    fewest_suspects,
)
from cayley.tables import Table
from cayley.theories.laws._catalog import parse_theory
from cayley.theories.laws._theory import Theory
from cayley.theories.mining._evidence import evidence_for
from cayley.theories.propagation._complete import (
    Completion,
    SearchLimits,
    complete_under,
    full_array,
)
from cayley.theories.propagation._propagation import Propagation
from cayley.theories.wrong_entries._contradictions import TheoryOracle
from cayley.theories.wrong_entries._violations import Instances, instances_of, least_trusted

__all__ = ["Repair", "RivalRepair", "WrongCell", "repair_under", "repair_until"]

_LOOKS = 120
"""How often it is asked what is left without some cells. Each takes a propagation and, where that
leaves cells open, a search."""
_GUESSES = 300
"""Guesses in each of these searches: most need none, and one that needs more would need them each
time."""
_EACH = 40
"""Failing instances for each suspect cell that go into the bound. Half a dozen nearly always prove
that the cell, or another one for it, is wrong."""
_CORES = 2_000
"""Failing instances in the bound where no suspects are known yet."""
_MOST_CORES = 20_000
"""Failing instances in the bound at most: with more the linear program takes minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCell:
    """A given cell that a repair contradicts.

    Attributes:
        row: The row.
        column: The column.
        given: The product that was given.
        expected: The product that the other cells force; None if they leave it open.
    """

    row: int
    column: int
    given: int
    expected: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RivalRepair:
    """Another way to make the cells agree with the theory.

    Attributes:
        suspects: The cells that are wrong in it, as (row, column).
        table: A table with the theory that agrees with all other given cells, shape ``(n, n)``.
    """

    suspects: tuple[tuple[int, int], ...]
    table: Int[NDArray[Any], "n n"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repair:
    """The fewest given cells without which a theory holds. Every statement is *if* it does.

    Attributes:
        theory: The theory.
        table: Products: the given cells but for the suspects, and what they force; -1 where they
            leave a cell open, shape ``(n, n)``, int64, read-only.
        suspects: The cells that are wrong, by rows.
        num_given: How many products were given.
        completion: What the theory makes of the other cells; its `unique` says whether they force
            the table.
        bound: Every other table with the theory contradicts at least so many given cells, which is
            proved. Tables that contradict just the suspects are no others if the cells do not force
            the table.
        ties: Others that contradict as few. Where there are any, nothing says which cells are
            wrong.
        rivals: Others that contradict just one more, if the table is forced.
        log10_chance: A bound on the logarithm of the chance that independent symbols obey the laws
            but for so many cells; see `log10_chance_of`. 0 if there are no laws.
    """

    theory: Theory
    table: Int[NDArray[Any], "n n"]
    suspects: tuple[WrongCell, ...]
    num_given: int
    completion: Completion
    bound: int
    ties: tuple[RivalRepair, ...]
    rivals: tuple[RivalRepair, ...]
    log10_chance: float

    @property
    def is_forced(self) -> bool:
        """Whether the cells that are not suspected allow just one table."""
        return self.completion.unique == "yes"

    @property
    def is_minimal(self) -> bool:
        """Whether it is proved that no table contradicts fewer of the given cells."""
        return self.bound >= len(self.suspects)

    @property
    def is_only(self) -> bool:
        """Whether it is proved that no other table contradicts as few."""
        return not self.ties and self.bound > len(self.suspects)

    @property
    def is_unrivaled(self) -> bool:
        """Whether it is proved that every other table contradicts at least two more."""
        return self.is_only and not self.rivals and self.bound > len(self.suspects) + 1


def repair_under(
    table: Table | ArrayLike,
    theory: Theory | str,
    *,
    limits: SearchLimits | None = None,
    max_looks: int = _LOOKS,
) -> Repair | None:
    """Find the fewest given cells without which an operation has a theory.

    Cells that stand in most failing instances of laws go first, until none fails; the rest is
    completed. Then all tables with so few suspects, or one more, are looked for: a smallest set of
    cells that meets every contradiction found so far is taken away, and what is left is completed
    or contradictory. What is proved so does not depend on the order of cells or labels; what a
    limit cuts short is said not to be proved.

    Args:
        table: As for `complete_under`; a table may have several results for a cell.
        theory: A theory, its name, or identities.
        limits: How far to go; `max_nodes` for each look at what some cells allow, at most 300.
        max_looks: How many such looks to take.

    Returns:
        The repair, without suspects if nothing contradicts; None if none was found within the
        limits, or no operation of this order has the theory.

    Raises:
        TypeError: If an array does not hold integers.
        ValueError: As for `complete_under`, but for two results for one cell.

    Example:
        >>> table = np.minimum.outer(np.arange(5), np.arange(5))
        >>> table[1, 3] = 2
        >>> repair = repair_under(table, "semilattice")
        >>> [(cell.row, cell.column, cell.given, cell.expected) for cell in repair.suspects]
        [(1, 3, 2, 1)]
        >>> repair.is_forced, repair.is_unrivaled
        (True, True)

        If nothing is known but that an operation is commutative, either of two cells may be wrong.

        >>> repair = repair_under([[0, 1], [0, 1]], "commutative")
        >>> [(cell.row, cell.column) for cell in repair.suspects], repair.ties[0].suspects
        ([(0, 1)], ((1, 0),))
    """
    limits = SearchLimits() if limits is None else limits
    return repair_until(table, theory, limits=limits, max_looks=max_looks, latest=limits.deadline())


def repair_until(
    table: Table | ArrayLike,
    theory: Theory | str,
    *,
    limits: SearchLimits,
    max_looks: int,
    latest: float,
) -> Repair | None:
    """Do what :func:`repair_under` does, with a look that was begun in time going on for a while.

    Args:
        table: See there.
        theory: Likewise.
        limits: Likewise; no look begins after its time limit.
        max_looks: Likewise.
        latest: When a look has to end, on the monotonic clock.
    """
    theory = parse_theory(theory) if isinstance(theory, str) else theory
    items, order = _items(table)
    propagation = Propagation(theory, order, max_batch=limits.max_batch)
    oracle = TheoryOracle(
        items=items,
        order=order,
        propagation=propagation,
        max_nodes=min(limits.max_nodes, _GUESSES),
        max_bytes=limits.max_bytes,
        deadline=limits.deadline(),
    )
    single = _single(items, order)
    instances = instances_of(oracle.array(single), propagation.laws, propagation.conditions)
    known = _by_trust(oracle, instances, single, max_looks)
    ranked = fewest_suspects(
        oracle,
        len(items),
        cores=_cores(oracle, instances, single, known),
        known=known,
        max_looks=max_looks,
        deadline=oracle.deadline,
        latest=latest,
    )
    if not ranked.found:
        return None
    return _repair(theory, oracle, ranked, limits)


def log10_chance_of(
    theory: Theory, kept: Int[NDArray[Any], "n n"], *, num_given: int, num_wrong: int, seed: int = 0
) -> float:
    r"""Return a bound on the logarithm of the chance that symbols obey laws but for some cells.

    If k of m cells may be left out, there are :math:`\binom{m}{k}` ways to do it. In each the other
    cells obey the laws with a chance that is bounded (see `evidence_for`), whatever the
    cells hold that are left out. The sum over all ways is at most their number times that bound.

    Args:
        theory: The theory.
        kept: The cells that are not suspected, -1 elsewhere.
        num_given: How many cells were given.
        num_wrong: How many of them are left out.
        seed: Of the order in which instances are looked at.
    """
    found = evidence_for(theory, kept, seed=seed)
    if found.log10_chance is None:
        return 0.0
    ways = (
        math.lgamma(num_given + 1)
        - math.lgamma(num_wrong + 1)
        - math.lgamma(num_given - num_wrong + 1)
    )
    return min(0.0, found.log10_chance + ways / math.log(10))


def _items(table: Table | ArrayLike) -> tuple[Int[NDArray[Any], "m 3"], int]:
    """Return the given products as rows (a, b, c) in ascending order, and the order."""
    if isinstance(table, Table):
        aligned = table.aligned()
        return np.unique(aligned.observations, axis=0), aligned.order
    array = full_array(table)
    a, b = np.nonzero(array >= 0)
    return np.stack([a, b, array[a, b]], axis=1), len(array)


def _single(items: Int[NDArray[Any], "m 3"], order: int) -> NDArray[Any]:
    """Return which items are the only one for their cell."""
    cells = items[:, 0] * order + items[:, 1]
    single: NDArray[Any] = np.bincount(cells, minlength=order * order)[cells] == 1
    return single


def _by_trust(
    oracle: TheoryOracle, instances: Instances, kept: NDArray[Any], max_looks: int
) -> list[Int[NDArray[Any], "n n"]]:
    """Drop the least trusted cells until nothing fails; return the table that the rest forces."""
    cells = oracle.items[:, 0] * oracle.order + oracle.items[:, 1]
    kept = kept.copy()
    for dropped in least_trusted(instances, oracle.order**2):
        kept &= ~np.isin(cells, dropped)
    # Contradictions that no single instance shows: their cells go together.
    for _ in range(max_looks):
        core = oracle.core(kept)
        if not core:
            look = oracle.look(kept)
            return [look.tables[0]] if look.is_all and len(look.tables) == 1 else []
        kept[list(core)] = False
    return []


def _cores(
    oracle: TheoryOracle,
    instances: Instances,
    single: NDArray[Any],
    known: list[Int[NDArray[Any], "n n"]],
) -> list[tuple[int, ...]]:
    """Return failing instances as sets of items: enough for a good bound, and no more."""
    items = {
        int(a * oracle.order + b): i for i, (a, b) in enumerate(oracle.items[:, :2]) if single[i]
    }
    failing = [tuple(items[cell] for cell in each) for each in instances.failing()]
    failing.sort(key=lambda each: (len(each), each))
    if not known:
        return failing[:: max(1, len(failing) // _CORES)]
    wrong = set(oracle.suspects(known[0]))
    most = min(_EACH, max(1, _MOST_CORES // max(1, len(wrong))))
    load = np.zeros(len(oracle.items), np.int64)
    count = dict.fromkeys(wrong, 0)
    chosen = []
    # A core with one suspect bounds it alone, the better the less its other cells are used.
    for each in failing:
        mine = [item for item in each if item in wrong]
        others = [item for item in each if item not in wrong]
        if len(mine) == 1 and count[mine[0]] < most and all(load[others] < most):
            count[mine[0]] += 1
            load[others] += 1
            chosen.append(each)
    return chosen


def _repair(
    theory: Theory, oracle: TheoryOracle, ranked: Explanations, limits: SearchLimits
) -> Repair:
    first = ranked.found[0]
    kept = np.ones(len(oracle.items), bool)
    kept[list(first.suspects)] = False
    remaining = oracle.array(kept)
    completion = complete_under(remaining, theory, limits=limits)
    suspects = tuple(
        WrongCell(
            row=a,
            column=b,
            given=c,
            expected=int(completion.table[a, b]) if completion.table[a, b] >= 0 else None,
        )
        for a, b, c in oracle.items[list(first.suspects)].tolist()
    )
    few = len(suspects)
    return Repair(
        theory=theory,
        table=completion.table,
        suspects=suspects,
        num_given=len(oracle.items),
        completion=completion,
        bound=ranked.bound,
        ties=tuple(_rival(oracle, each) for each in ranked.ties),
        rivals=tuple(_rival(oracle, x) for x in ranked.found if len(x.suspects) > few),
        log10_chance=log10_chance_of(theory, remaining, num_given=len(oracle.items), num_wrong=few),
    )


def _rival(oracle: TheoryOracle, explanation: Explanation) -> RivalRepair:
    cells = oracle.items[list(explanation.suspects), :2].tolist()
    return RivalRepair(suspects=tuple((a, b) for a, b in cells), table=explanation.table)

"""A proposed table against the axioms and the observations, in whole numbers only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import (
    Isotopism,
    NotIsotope,
    Structure,
    find_isotopism,
    has_identity,
    is_latin_square,
)
from cayley.completion._findings import Suspect
from cayley.deduction.wrong_entries._chance import log10_agreeing_by_chance
from cayley.deduction.wrong_entries._plausibility import weigh_observations
from cayley.deduction.wrong_entries._repeated_symbols import most_agreeing
from cayley.tables import Table

__all__ = ["Candidate", "can_be_noisy", "judge", "suspects_of"]

_LOG10_CHANCE = -9.0
"""The bound of :attr:`.Plausibility.is_safe`: a search that cannot meet it is not begun."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A full table proposed by a learned solver, and whether algebra accepts it.

    Attributes:
        table: Products, shape ``(n, n)``, int64.
        accepted: Whether it is exactly a group (isotope, as assumed) that agrees with every
            observation, or with so many that neither chance nor a rival table explains it.
        agreeing: Number of observations that it agrees with.
        isotopism: The maps to the group behind it, where they were looked for and found.
    """

    table: Int[NDArray[Any], "n n"]
    accepted: bool
    agreeing: int
    isotopism: Isotopism | None = None


def judge(
    table: Int[NDArray[Any], "n n"], observed: Table, *, assume: Structure | None
) -> Candidate:
    """Check a proposed table exactly against the axioms and the observations.

    Args:
        table: Products, shape ``(n, n)``, int64.
        observed: The observations; one alphabet in one order if ``assume`` is ``GROUP``.
        assume: Which structure to ask for; None asks for an isotope of a group too, the only kind
            of table that is proved.
    """
    triples = observed.observations
    a, b, c = triples.T
    asked = Structure.GROUP if assume is Structure.GROUP else Structure.GROUP_ISOTOPE
    # The cheap tests come first: most proposals fail them, and proving associativity costs most.
    isotopism: Isotopism | NotIsotope | None = None
    if (
        _looks_latin(table)
        and is_latin_square(table)
        and weigh_observations(table, triples, assume=asked).is_safe
        and (asked is Structure.GROUP_ISOTOPE or has_identity(table))
    ):
        isotopism = find_isotopism(table)
    accepted = isinstance(isotopism, Isotopism)
    return Candidate(
        table=table,
        accepted=accepted,
        agreeing=int((table[a, b] == c).sum()),
        isotopism=isotopism if isinstance(isotopism, Isotopism) else None,
    )


def can_be_noisy(observed: Table, *, assume: Structure | None) -> bool:
    """Whether a Latin square could agree with so many observations that chance is excluded.

    See `most_agreeing` for how many it can agree with.
    """
    cells = np.unique(observed.observations, axis=0)
    n, most = observed.order, most_agreeing(cells, observed.order)
    asked = Structure.GROUP if assume is Structure.GROUP else Structure.GROUP_ISOTOPE
    chance = log10_agreeing_by_chance(n, assume=asked, cells=len(cells), agreeing=most)
    return chance <= _LOG10_CHANCE


def _looks_latin(table: Int[NDArray[Any], "n n"]) -> bool:
    """Refuse most wrong tables at the first row that repeats a symbol."""
    n = len(table)
    return len(np.unique(table[0])) == n and len(np.unique(table[:, 0])) == n


def suspects_of(
    given: Table,
    table: Table,
    *,
    margin: Float[NDArray[Any], "r c"] | None = None,
    agreements: Mapping[tuple[str, str, str], float] | None = None,
    certified: bool = False,
) -> tuple[Suspect, ...]:
    """Return the observations that a completed table contradicts, each once.

    Args:
        given: The table with the observations.
        table: The completed one, with the same labels in the same order.
        margin: Learned margin of every cell, in that order.
        agreements: Learned score of observations, by their labels.
        certified: Whether the other observations force the table.
    """
    triples = given.observations
    expected = table.array[triples[:, 0], triples[:, 1]]
    wrong = np.flatnonzero((expected >= 0) & (expected != triples[:, 2]))
    if not len(wrong):
        return ()
    support, opposed = _neighbors(given, triples, expected, wrong)
    seen: dict[tuple[int, ...], Suspect] = {}
    for i, agreeing, contradicting in zip(wrong.tolist(), support, opposed, strict=True):
        a, b, c = triples[i].tolist()
        labels = given.rows[a], given.columns[b], given.symbols[c]
        seen.setdefault(
            (a, b, c),
            Suspect(
                row=labels[0],
                column=labels[1],
                given=labels[2],
                expected=given.symbols[int(expected[i])],
                margin=None if margin is None else round(float(margin[a, b]), 4),
                agreement=None if agreements is None else agreements.get(labels),
                support=agreeing,
                opposed=contradicting,
                certified=certified,
            ),
        )
    return tuple(seen.values())


def _neighbors(
    given: Table,
    triples: Int[NDArray[Any], "m 3"],
    expected: Int[NDArray[Any], " m"],
    wrong: Int[NDArray[Any], " k"],
) -> tuple[list[int], list[int]]:
    """Count the observations that share a row, a column or a symbol with each wrong one."""
    agrees = triples[:, 2] == expected
    known = expected >= 0
    support, opposed = [], []
    for i in wrong.tolist():
        a, b, c = triples[i]
        near = (triples[:, 0] == a) | (triples[:, 1] == b)
        near |= (triples[:, 2] == c) | (triples[:, 2] == expected[i])
        near &= known
        near[i] = False
        support.append(int((near & agrees).sum()))
        opposed.append(int((near & ~agrees).sum()))
    return support, opposed

"""From a filled table to what is exactly known about it: the step where floats stop mattering."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from cayley.algebra import (
    Isotopism,
    find_isotopism,
    has_identity,
    is_latin_square,
)
from cayley.completion._solution import Assumption
from cayley.deduction._chance import log10_agreeing_by_chance
from cayley.deduction._plausibility import weigh_observations
from cayley.tables import Table

__all__ = ["Candidate", "can_be_noisy", "judge"]

_LOG10_CHANCE = -9.0
"""As :attr:`cayley.algebra.Plausibility.is_safe` asks of tables that contradict observations."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A full table proposed by a learned solver, and whether algebra accepts it.

    Attributes:
        table: Products, shape ``(n, n)``, int64.
        accepted: Whether it is exactly a group (isotope, as assumed) that agrees with every
            observation, or with so many that neither chance nor a rival table explains it.
        agreeing: Number of observations that it agrees with.
    """

    table: Int[NDArray[Any], "n n"]
    accepted: bool
    agreeing: int


def judge(table: Int[NDArray[Any], "n n"], observed: Table, *, assumption: Assumption) -> Candidate:
    """Check a proposed table exactly against the axioms and the observations.

    Args:
        table: Products, shape ``(n, n)``, int64.
        observed: The observations; one alphabet in one order if ``assumption`` is ``"group"``.
        assumption: Which structure to ask for; ``"none"`` asks for an isotope of a group too,
            the only kind of table that is proved.
    """
    triples = observed.observations
    a, b, c = triples.T
    isotopes = assumption != "group"
    accepted = (
        _looks_latin(table)
        and bool(is_latin_square(table))
        and weigh_observations(table, triples, isotope=isotopes).is_safe
        and _is_structure(table, isotopes=isotopes)
    )
    return Candidate(table=table, accepted=accepted, agreeing=int((table[a, b] == c).sum()))


def can_be_noisy(observed: Table, *, assumption: Assumption) -> bool:
    """Whether a Latin square could agree with so many observations that chance is excluded.

    It has a symbol once in a row and once in a column, so that of observations with the same row
    and symbol, or column and symbol, it agrees with one at most.
    """
    a, b, c = np.unique(observed.observations, axis=0).T
    n = observed.order
    most = min(len(np.unique(line * n + c)) for line in (a, b))
    chance = log10_agreeing_by_chance(n, isotope=assumption != "group", cells=len(c), agreeing=most)
    return chance <= _LOG10_CHANCE


def _is_structure(table: Int[NDArray[Any], "n n"], *, isotopes: bool) -> bool:
    if not isotopes and not has_identity(table):
        return False
    return isinstance(find_isotopism(table), Isotopism)


def _looks_latin(table: Int[NDArray[Any], "n n"]) -> bool:
    """Refuse most wrong tables at the first row that repeats a symbol."""
    n = len(table)
    return len(np.unique(table[0])) == n and len(np.unique(table[:, 0])) == n

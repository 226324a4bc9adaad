"""Which laws and conditions stand against the seen cells, and with how much evidence.

A *fact* (a law or a condition) stands if no seen cells contradict it. It is *earned* if the chance
that cells with independent symbols obey it is below one in a million after correction for the
number of facts that were tried. What stands and is not earned can only be supposed.
"""

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories._conditions import Condition
from cayley.theories._mining import EARNED, mine, named_laws
from cayley.theories._theory import Fact

__all__ = ["StandingFact", "standing_facts"]

_WEIGHED = (Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION, Condition.UNIT)
"""Conditions that partial tables give evidence for. Inverses follow from others where they hold,
and no named theory demands a zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFact:
    """A law or condition that no seen cells contradict.

    Attributes:
        fact: The law or condition.
        support: How many instances (cells, for a condition) were compared.
        log10_chance: Logarithm of a bound on the chance that independent symbols obey it, corrected
            for the number of facts that were tried, at most 0.
    """

    fact: Fact
    support: int
    log10_chance: float

    @property
    def is_earned(self) -> bool:
        """Whether chance is excluded."""
        return self.log10_chance <= EARNED


def standing_facts(
    table: Int[NDArray[Any], "n n"], *, seed: int = 0, deadline: float = math.inf
) -> tuple[StandingFact, ...]:
    """Return the named laws and the conditions that stand, those with most evidence first.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        seed: Of the order in which instances are looked at.
        deadline: When to end, on the monotonic clock; what was not looked at by then is left out.

    Example:
        >>> i, j = np.indices((7, 7))
        >>> facts = standing_facts(np.where(i > 4, -1, (i + j) % 7))
        >>> [str(each.fact) for each in facts if each.is_earned]
        ['left cancellation', 'right cancellation', 'x*y = y*x']
    """
    # every condition is tried once, and so is every named law
    correction = math.log10(len(named_laws()) + len(_WEIGHED))
    found = []
    for condition in _WEIGHED:
        weighed = _condition(condition, table)
        if weighed is not None:
            support, chance = weighed
            chance = min(0.0, chance + correction)
            found.append(StandingFact(fact=condition, support=support, log10_chance=chance))
    if time.monotonic() < deadline:
        found += [
            StandingFact(fact=each.law, support=each.support, log10_chance=each.corrected)
            for each in mine(table, numbered=False, seed=seed)
        ]
    # of facts with equal evidence laws come first, as they say something about all elements
    return tuple(
        sorted(
            found,
            key=lambda each: (each.log10_chance, each.fact is Condition.UNIT, -each.support),
        )
    )


def _condition(condition: Condition, table: Int[NDArray[Any], "n n"]) -> tuple[int, float] | None:
    match condition:
        case Condition.LEFT_CANCELLATION:
            return _without_repeats(table)
        case Condition.RIGHT_CANCELLATION:
            return _without_repeats(table.T)
        case Condition.UNIT:
            places = np.arange(len(table))
            return _best_candidate(table, table == places, (places == table.T).T)
    return None


def _without_repeats(table: Int[NDArray[Any], "n n"]) -> tuple[int, float] | None:
    n, chance, support = len(table), 0.0, 0
    for row in table:
        seen = row[row >= 0]
        if len(np.unique(seen)) < len(seen):
            return None
        # the k-th symbol of a row is one of the n - k + 1 that are still free
        chance += float(np.log10(1 - np.arange(len(seen)) / n).sum())
        support += max(0, len(seen) - 1)
    return support, chance


def _best_candidate(
    table: Int[NDArray[Any], "n n"],
    in_row: Bool[NDArray[Any], "n n"],
    in_column: Bool[NDArray[Any], "n n"],
) -> tuple[int, float] | None:
    """Weigh the element that most cells make a unit; None if every element is excluded.

    ``in_row[e, x]`` and ``in_column[x, e]`` say that a known cell is as it has to be.
    """
    n, known = len(table), table >= 0
    excluded = (known & ~in_row).any(axis=1) | (known & ~in_column).any(axis=0)
    if excluded.all():
        return None
    cells = known.sum(axis=1) + known.sum(axis=0) - known.diagonal()
    support = int(np.where(excluded, 0, cells).max())
    # each cell is right with the frequency of its symbol, at most that of the most frequent one,
    # and each of the n elements could have been the one
    symbols = table[known]
    most = np.bincount(symbols, minlength=n).max() / len(symbols) if len(symbols) else 1.0
    return support, min(0.0, math.log10(n) + support * math.log10(most))

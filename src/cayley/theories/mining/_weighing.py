"""Which single laws and conditions stand against the seen cells, and with how much evidence.

What stands and is not earned can still be supposed; these facts are what a theory is made of then.
"""

import math
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._terms import Law
from cayley.theories.laws._theory import Fact, Theory
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._evidence import Weighing, evidence_for
from cayley.theories.mining._mining import EARNED, named_laws
from cayley.theories.mining._standing import named

__all__ = ["StandingFact", "canonical", "standing_facts", "theory_of"]

_WEIGHED = (Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION, Condition.UNIT)
"""Conditions that partial tables give evidence for. Inverses follow from others where they hold,
and no named theory demands a zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFact:
    """A law or condition that no seen cells contradict.

    Attributes:
        fact: The law or condition.
        support: How many instances of a law were compared, or how many cells for a condition.
        log10_chance: Logarithm of a bound on the chance that independent symbols obey it, corrected
            for the number of theories that were tried, at most 0.
    """

    fact: Fact
    support: int
    log10_chance: float

    @property
    def is_earned(self) -> bool:
        """Whether chance is excluded."""
        return self.log10_chance <= EARNED


def standing_facts(
    table: Int[NDArray[Any], "n n"],
    *,
    seed: int = 0,
    deadline: float = math.inf,
    weighing: Weighing | None = None,
) -> tuple[StandingFact, ...]:
    """Return the named laws and the conditions that stand, those with most evidence first.

    Of facts with equal evidence laws come first, as they say something about all elements, and the
    ones that more instances support before others.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        seed: Of the order in which cells are looked at.
        deadline: When to end, on the monotonic clock; what was not looked at by then is left out.
        weighing: That of the same table and seed, for the looks that it has taken.

    Example:
        >>> import numpy as np
        >>> i, j = np.indices((11, 11))
        >>> facts = standing_facts(np.where(i > 8, -1, (i + j) % 11))
        >>> "x*y = y*x" in [str(each.fact) for each in facts if each.is_earned]
        True
    """
    if weighing is None:
        weighing = Weighing(seen=SeenCells.of(table, seed=seed), deadline=deadline)
    found = []
    tried: tuple[Fact, ...] = (*named_laws(), *_WEIGHED)
    for fact in tried:
        try:
            evidence = evidence_for(_alone(fact), table, seed=seed, weighing=weighing)
        except OutOfTime:
            continue
        if evidence.log10_chance is None or fact == Law(0, 0):
            continue
        support = evidence.support if isinstance(fact, Law) else int((table >= 0).sum())
        found.append(StandingFact(fact=fact, support=support, log10_chance=evidence.corrected))
    return tuple(
        sorted(
            found,
            key=lambda each: (each.log10_chance, each.fact is Condition.UNIT, -each.support),
        )
    )


def theory_of(facts: tuple[Fact, ...]) -> Theory:
    """Return the theory that demands some facts, under its name in the catalog if it has one."""
    return named(_theory(facts))


def canonical(fact: Fact) -> Fact:
    """Return a law in canonical form, or the condition."""
    return fact.canonical() if isinstance(fact, Law) else fact


def _alone(fact: Fact) -> Theory:
    return _theory((fact,))


def _theory(facts: tuple[Fact, ...]) -> Theory:
    laws = tuple(fact for fact in facts if isinstance(fact, Law))
    conditions = frozenset(fact for fact in facts if isinstance(fact, Condition))
    return Theory("; ".join(map(str, facts)), laws, conditions)

r"""Which laws the seen cells of a partial table support, and how unlikely that is by chance.

Counting the instances in which a law holds misleads, since they share cells. What counts is how
many seen cells a law predicts from others, and how surprising their symbols are: ``_chances`` and
``_exposures``. Laws that some seen cells contradict are never returned; up to order 24 all
instances are looked at, above it all of those that a bound on the work allows.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.wrong_entries._chance import EARNED
from cayley.theories.laws._catalog import ADJECTIVES, NOUNS
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._numbered import NUM_NUMBERED, all_laws, number_of
from cayley.theories.laws._parse import parse_laws
from cayley.theories.laws._terms import Law, Term
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._exposures import Exposures, Look
from cayley.theories.mining._refuted import ManyLaws
from cayley.theories.mining._relations import Relations

__all__ = [
    "EARNED",
    "MOST_STEPS",
    "Evaluator",
    "MinedLaw",
    "evaluator",
    "mine",
    "named_laws",
    "still_standing",
]

MOST_STEPS = 100_000_000
"""Steps for one law above order 24, a second or two: the medial law up to order 65 if all cells are
seen, all laws in three variables up to order 250."""

# Up to here numba is not imported: loading it costs more than the work itself.
_NUMPY_ORDER = 24
# What follows from no named theory and is known by use: the core a*b*a of a group obeys the first.
_FURTHER = "(xy)z = x(y(xz)); z(yx) = ((zx)y)x"
# Random instances that refute most numbered laws; each of those that stand takes 50 microseconds.
_FIRST_LOOK = 512
# Instances from which laws in many variables are credited with exposures.
_SAMPLE = 1024
# Steps for a numbered law above order 24: 0.1 s.
_NUMBERED_STEPS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MinedLaw:
    """A law that no seen cells contradict.

    Attributes:
        law: The law.
        number: Its number in the Equational Theories Project, or None.
        support: How many of the instances looked at can be evaluated on both sides, in different
            cells.
        exposures: How many cells the law predicts from cells before them.
        log10_chance: Logarithm of a bound on the chance that symbols without laws obey it so far.
        corrected: The same after correction for the number of laws that were tried, at most 0.
    """

    law: Law
    number: int | None
    support: int
    exposures: int
    log10_chance: float
    corrected: float

    @property
    def is_earned(self) -> bool:
        """Whether chance is excluded."""
        return self.corrected <= EARNED


@cache
def named_laws() -> tuple[Law, ...]:
    """Return the laws of the named theories and adjectives, each once, in canonical form.

    A few that belong to no named theory come last.
    """
    theories = (*ADJECTIVES.values(), *NOUNS.values())
    laws = (*(law for each in theories for law in each.laws), *parse_laws(_FURTHER))
    return tuple(dict.fromkeys(law.canonical() for law in laws))


class Evaluator(Protocol):
    """Evaluates laws on the seen cells of one table."""

    def look(self, law: Law, *, deadline: float = math.inf) -> Look: ...


def evaluator(seen: SeenCells, *, max_steps: float = MOST_STEPS) -> Evaluator:
    """Return what evaluates laws, compiled above order 24, where `max_steps` bounds the work."""
    if seen.order <= _NUMPY_ORDER:
        return Exposures(seen)
    # Imported here, since numba takes most of a second to load.
    from cayley.theories.mining._exposures_numba import CompiledExposures

    return CompiledExposures(seen, max_steps=max_steps)


def mine(
    table: Int[NDArray[Any], "n n"],
    *,
    laws: Literal["named", "numbered"] | Sequence[Law] = "named",
    seed: int = 0,
    deadline: float | None = None,
) -> tuple[MinedLaw, ...]:
    """Return the laws that the seen cells support, those with most evidence first.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        laws: The named laws, corrected for their number; with ``"numbered"`` also the others of at
            most four operations, corrected for the number of all of these. They are tried only if
            all seen cells together could make one of them earned. Or laws, corrected for how many.
        seed: Of the order in which cells are uncovered.
        deadline: When to give up, on the monotonic clock.

    Raises:
        OutOfTime: If the deadline passes first.

    Example:
        >>> i, j = np.indices((12, 12))
        >>> for each in mine(i * j % 12)[:2]:
        ...     print(each.law, each.number, each.exposures, round(each.corrected), each.is_earned)
        x*(y*z) = (x*y)*z 4512 88 -73 True
        (x*y)*(z*w) = (x*z)*(y*w) None 81 -65 True
    """
    seen = SeenCells.of(table, seed=seed)
    until = math.inf if deadline is None else deadline
    some = named_laws() if isinstance(laws, str) else tuple(dict.fromkeys(laws))
    some = tuple(law for law in some if not law.is_trivial)
    found = _mined(seen, _looked(some, evaluator(seen), until), math.log10(max(1, len(some))))
    # The most that any law can say: that it predicts every cell.
    correction = math.log10(NUM_NUMBERED)
    if laws == "numbered" and seen.log10_symbol.sum() + correction <= EARNED:
        looks = _looked_numbered(seen, np.random.default_rng(seed), until)
        found += _mined(seen, looks, correction)
    return tuple(sorted(found, key=lambda each: (each.corrected, each.number or NUM_NUMBERED)))


def still_standing(
    mined: Iterable[MinedLaw],
    table: Int[NDArray[Any], "n n"],
    *,
    deadline: float | None = None,
) -> tuple[MinedLaw, ...]:
    """Return those mined laws that no cell contradicts, after cells have been added to the table.

    What is said of their evidence stays as it was mined: cells that a theory has filled in are no
    evidence for it.

    Args:
        mined: The laws.
        table: Products, shape ``(n, n)``, -1 where unknown.
        deadline: When to give up, on the monotonic clock.

    Raises:
        OutOfTime: If the deadline passes first.
    """
    until = math.inf if deadline is None else deadline
    by_law = {each.law: each for each in mined}
    looks = _looked(by_law, evaluator(SeenCells.of(table)), until)
    contradicted = {law for law, look in looks if look.violation is not None}
    return tuple(each for law, each in by_law.items() if law not in contradicted)


def _mined(seen: SeenCells, looks: Iterable[tuple[Law, Look]], correction: float) -> list[MinedLaw]:
    found = []
    for law, look in looks:
        if look.violation is None and look.exposed.any():
            chance = float(seen.log10_symbol[look.exposed].sum())
            found.append(
                MinedLaw(
                    law=law,
                    number=number_of(law),
                    support=look.support,
                    exposures=int(look.exposed.sum()),
                    log10_chance=chance,
                    corrected=min(0.0, chance + correction),
                )
            )
    return found


def _looked(
    laws: Iterable[Law], evaluated: Evaluator, deadline: float
) -> Iterator[tuple[Law, Look]]:
    for law in laws:
        try:
            yield law, evaluated.look(law, deadline=deadline)
        except OutOfTime:
            # After too many steps a law is left out: nothing is said about it.
            if time.monotonic() > deadline:
                raise


@cache
def _unnamed() -> ManyLaws:
    """Return the numbered laws that are not named, with their terms."""
    named = frozenset(named_laws())
    return ManyLaws(tuple(law for law in all_laws() if not law.is_trivial and law not in named))


def _looked_numbered(
    seen: SeenCells, rng: np.random.Generator, deadline: float
) -> Iterator[tuple[Law, Look]]:
    many, table = _unnamed(), seen.table
    standing = many.standing(table, instances=_FIRST_LOOK, rng=rng)
    laws = [many.laws[i] for i in np.flatnonzero(standing)]
    if seen.order > _NUMPY_ORDER:
        yield from _looked(laws, evaluator(seen, max_steps=_NUMBERED_STEPS), deadline)
        return
    exposures, relations = Exposures(seen), Relations(table)
    sample = _Sample(exposures, rng.integers(seen.order, size=(6, _SAMPLE)))
    for law in laws:
        if not Relations.suits(law):
            yield law, exposures.look(law, deadline=deadline)
        elif not relations.contradicts(law):
            yield law, sample.look(law)


class _Sample:
    """Evaluates laws in some instances only, which is enough to credit them with exposures."""

    def __init__(self, exposures: Exposures, instances: Int[NDArray[Any], "v s"]) -> None:
        self._exposures = exposures
        self._kept: dict[Term, Any] = {
            variable: exposures.variable(values) for variable, values in enumerate(instances)
        }

    def look(self, law: Law) -> Look:
        return self._exposures.compare(self._of(law.left), self._of(law.right))

    def _of(self, term: Term) -> Any:
        if term not in self._kept:
            assert not isinstance(term, int)
            self._kept[term] = self._exposures.product(self._of(term[0]), self._of(term[1]))
        return self._kept[term]

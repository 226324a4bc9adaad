r"""How unlikely by chance it is that the seen cells agree with a theory.

A theory predicts what one of its laws, or its unit or zero, predicts; a cell is credited once,
however many of them do. Where it predicts no symbol, its cancellations still exclude the symbols
that the row or the column has shown. The chances of all cells are multiplied: ``_chances``.

A theory that says much is not better founded for a law that hardly any cell has tested. So its
defining facts are put in an order, cancellations first and then whatever says most beyond those
before it, and the least that one of them adds is kept: `Evidence.weakest`.
"""

import math
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.theories.laws._catalog import NOUNS
from cayley.theories.laws._conditions import Cells, Condition
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._terms import Law
from cayley.theories.laws._theory import Fact, Theory
from cayley.theories.mining._chances import CANCELLATIONS, SeenCells
from cayley.theories.mining._mining import EARNED, Evaluator, evaluator, named_laws
from cayley.theories.mining._uncovering import adapted_order
from cayley.theories.propagation._cells import Conflict, KnownCells
from cayley.theories.propagation._propagation import PYTHON_ORDER
from cayley.theories.propagation._reasons import Reason, refutation_of

__all__ = ["NUM_TRIED", "WEAKEST", "Evidence", "Weighing", "defining_facts", "evidence_for"]

NUM_TRIED = len(NOUNS) + len(named_laws()) + len(Condition)
"""By how many theories the chances are corrected: the named ones, and each named fact by itself."""

WEAKEST = -1.0
"""Each fact that defines an earned theory is less likely by chance than this power of ten, given
the others and after correction. Less is asked of each than of all: with -6 a Steiner quasigroup
would not be earned before eight of its idempotents are seen, whatever else says that it is one."""

# Facts that are dropped first if the others imply them: what is left is what the data can test.
_DERIVED_FIRST = (
    Condition.INVERSES,
    Condition.SEMIGROUP_INVERSES,
    Condition.UNIT,
    Condition.ZERO,
    *CANCELLATIONS,
)
# Two orders of the cells are tried up to order 24, and the better one is taken.
_TWO_ORDERS = math.log10(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the seen cells say about a theory.

    Attributes:
        support: How many instances of its laws can be evaluated on both sides, in different cells.
        exposures: How many cells the theory predicts from cells before them.
        log10_chance: Logarithm of a bound on the chance that symbols without laws agree with the
            theory so far; None if a cell contradicts it.
        corrected: The same after correction for the number of theories that were tried, at most 0;
            0 if contradicted.
        weakest: What the defining fact adds that adds least to the others, corrected likewise.
        violation: An instance of a law, or a condition, that fails, with its cells; or None.
    """

    support: int
    exposures: int
    log10_chance: float | None
    corrected: float
    weakest: float
    violation: Reason | None = None

    @property
    def is_earned(self) -> bool:
        """Whether chance is excluded, for the whole and to a lesser degree for each part."""
        return self.corrected <= EARNED and self.weakest <= WEAKEST


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FactLook:
    """What the seen cells say about a law or a condition.

    Attributes:
        exposed: Which of the seen cells it predicts, in their order.
        parts: The same for its parts: for a zero, what the row says and what the column.
        support: The number of instances of a law that can be evaluated.
        cost: What the choice of a unit or a zero among all elements costs, at least 0.
        violation: Why it cannot hold, or None.
    """

    exposed: Bool[NDArray[Any], " m"]
    parts: tuple[Bool[NDArray[Any], " m"], ...] = ()
    support: int = 0
    cost: float = 0.0
    violation: Reason | None = None


@dataclass(eq=False, kw_only=True)
class Weighing:
    """Weighs laws and conditions on the seen cells of one table; each is looked at once.

    Attributes:
        seen: The seen cells in their order.
        deadline: When to give up, on the monotonic clock.
    """

    seen: SeenCells
    deadline: float = math.inf
    _looks: dict[Fact, FactLook] = field(default_factory=dict)

    @cached_property
    def _evaluated(self) -> Evaluator:
        return evaluator(self.seen)

    def look(self, fact: Fact) -> FactLook:
        """Return what the seen cells say about a law or a condition.

        Raises:
            OutOfTime: If the deadline passes first, or if a law takes too many steps.
        """
        if fact not in self._looks:
            self._looks[fact] = self._law(fact) if isinstance(fact, Law) else self._condition(fact)
        return self._looks[fact]

    def check_clock(self) -> None:
        """Raise `OutOfTime` if the deadline has passed."""
        if time.monotonic() > self.deadline:
            raise OutOfTime

    def violation(self, facts: frozenset[Fact]) -> Reason | None:
        """Return why the facts cannot hold, or None if nothing seen contradicts one of them."""
        # Laws before conditions and short ones first: a small instance says most to a reader.
        for fact in sorted(facts, key=_readable):
            violation = self.look(fact).violation
            if violation is not None:
                return violation
        return None

    def exposed(self, facts: frozenset[Fact]) -> Bool[NDArray[Any], " m"]:
        """Return which of the seen cells the facts predict."""
        together = np.zeros(len(self.seen.cells), bool)
        for fact in facts:
            together |= self.look(fact).exposed
        return together

    def total(self, facts: frozenset[Fact], defining: frozenset[Fact]) -> float:
        """Return the logarithm of the chance that the seen cells agree with the facts."""
        chances = self.seen.log10_new(_cancellations(facts)).sum()
        chances += self.seen.log10_symbol[self.exposed(facts)].sum()
        return float(chances) + sum(self.look(fact).cost for fact in defining)

    def links(self, defining: frozenset[Fact]) -> dict[Fact, float]:
        """Return what each fact adds to those before it, as the logarithm of a chance."""
        links: dict[Fact, float] = {}
        before: frozenset[Condition] = frozenset()
        earlier = 0.0
        for condition in CANCELLATIONS:
            if condition in defining:
                before |= {condition}
                together = float(self.seen.log10_new(before).sum())
                links[condition] = together - earlier
                earlier = together
        waiting = set(defining) - set(links)
        predicted = np.zeros(len(self.seen.cells), bool)
        while waiting:
            adds = {fact: self.beyond(fact, predicted) for fact in waiting}
            fact = min(adds, key=lambda each: (adds[each], str(each)))
            links[fact] = adds[fact]
            predicted |= self.look(fact).exposed
            waiting.remove(fact)
        return links

    def beyond(self, fact: Fact, predicted: Bool[NDArray[Any], " m"]) -> float:
        """Return the logarithm of the chance of what a fact predicts beside cells predicted.

        Of its parts the one counts that says least. Many operations have a column that is constant
        and no zero; a column of a unit without the row is rare, so a unit has no parts.
        """
        look = self.look(fact)
        parts = look.parts or (look.exposed,)
        return look.cost + max(
            float(self.seen.log10_symbol[part & ~predicted].sum()) for part in parts
        )

    def _law(self, law: Law) -> FactLook:
        look = self._evaluated.look(law, deadline=self.deadline)
        violation = None
        if look.violation is not None:
            cells = KnownCells.of(self.seen.table, num_variables=law.num_variables)
            violation = refutation_of(cells, (law,), Conflict(0, look.violation)).reason
        return FactLook(exposed=look.exposed, support=look.support, violation=violation)

    def _condition(self, condition: Condition) -> FactLook:
        match condition:
            case Condition.LEFT_CANCELLATION | Condition.RIGHT_CANCELLATION:
                repeat = self.seen.repeat(condition)
                n = self.seen.order
                cells = () if repeat is None else tuple(divmod(cell, n) for cell in repeat)
                return self._unpredicted(condition, cells)
            case Condition.UNIT:
                return self._element(condition, np.arange(self.seen.order)[None, :])
            case Condition.ZERO:
                return self._element(condition, np.arange(self.seen.order)[:, None])
            case Condition.INVERSES:
                # They imply a unit, which is looked at; a missing inverse takes a full row to see.
                return self._unpredicted(condition, ())
            case Condition.SEMIGROUP_INVERSES:
                return self._unpredicted(condition, _two_inverses(self.seen.table))

    def _unpredicted(self, condition: Condition, against: Cells) -> FactLook:
        """Return a condition that predicts no symbol, with the cells that contradict it if any."""
        violation = Reason(conditions=(condition,), cells=against) if against else None
        return FactLook(exposed=np.zeros(len(self.seen.cells), bool), violation=violation)

    def _element(self, condition: Condition, asked: Int[NDArray[Any], "*n"]) -> FactLook:
        """Return what is said for a unit (zero), ``asked`` being what its row and column hold."""
        table, ranks, n = self.seen.table, self.seen.ranks, self.seen.order
        in_row = (table >= 0) & (table != asked)
        in_column = (table.T >= 0) & (asked != table.T)
        excluded = in_row.any(axis=1) | in_column.any(axis=1)
        if excluded.all():
            return self._unpredicted(
                condition,
                tuple(
                    (e, int(in_row[e].argmax()))
                    if in_row[e].any()
                    else (int(in_column[e].argmax()), e)
                    for e in range(n)
                ),
            )
        chances = np.zeros(n * n + 1)
        chances[: len(self.seen.cells)] = self.seen.log10_symbol
        said = chances[ranks].sum(axis=1) + chances[ranks].sum(axis=0)
        element = int(np.where(excluded, np.inf, said).argmin())
        parts = np.zeros((2, n * n + 1), bool)
        parts[0, ranks[element]] = parts[1, ranks[:, element]] = True
        row, column = parts[:, : len(self.seen.cells)]
        halves = (row, column) if condition is Condition.ZERO else ()
        return FactLook(exposed=row | column, parts=halves, cost=math.log10(n))


def evidence_for(
    theory: Theory,
    table: Int[NDArray[Any], "n n"],
    *,
    seed: int = 0,
    deadline: float | None = None,
    weighing: Weighing | None = None,
    tried: int = NUM_TRIED,
) -> Evidence:
    """Return what the seen cells say for a theory, or which of them contradict it.

    Args:
        theory: The theory; what follows from it by a listed theorem predicts and is contradicted as
            it is itself.
        table: Products, shape ``(n, n)``, -1 where unknown.
        seed: Of the order in which cells are uncovered.
        deadline: When to give up, on the monotonic clock.
        weighing: That of the same table and seed, for the looks that it has taken.
        tried: Among how many theories this one was chosen.

    Raises:
        OutOfTime: If the deadline passes first, or a law takes too many steps.

    Example:
        >>> from cayley.theories import parse_theory
        >>> i, j = np.indices((9, 9))
        >>> evidence = evidence_for(parse_theory("right kei"), (2 * j - i) % 9)
        >>> evidence.is_earned, evidence.exposures
        (True, 71)
        >>> print(evidence_for(parse_theory("semigroup"), (2 * j - i) % 9).violation)
        x*(y*z) = (x*y)*z at x = 0, y = 0, z = 1, because of (0, 1), (0, 2), (0, 0)
    """
    until = math.inf if deadline is None else deadline
    if weighing is None:
        weighing = Weighing(seen=SeenCells.of(table, seed=seed), deadline=until)
    facts, defining = theory.consequences(), defining_facts(theory)
    # An instance of what the theory says itself, if there is one, before what follows from it.
    violation = weighing.violation(defining) or weighing.violation(facts)
    if violation is not None:
        return Evidence(
            support=0,
            exposures=0,
            log10_chance=None,
            corrected=0.0,
            weakest=0.0,
            violation=violation,
        )
    evidence = _weighed(weighing, facts, defining, tried)
    laws = tuple(fact for fact in sorted(defining, key=str) if isinstance(fact, Law))
    if len(table) > PYTHON_ORDER or not laws or evidence.is_earned:
        return evidence
    adapted = adapted_order(table, laws, seed=seed, deadline=until)
    other = Weighing(seen=SeenCells.ordered(table, adapted), deadline=until)
    return min(evidence, _weighed(other, facts, defining, tried), key=_strength)


def _weighed(
    weighing: Weighing, facts: frozenset[Fact], defining: frozenset[Fact], tried: int
) -> Evidence:
    orders = _TWO_ORDERS if weighing.seen.order <= PYTHON_ORDER else 0.0
    chance = weighing.total(facts, defining) + orders
    weakest = max(weighing.links(defining).values(), default=0.0) + orders
    correction = math.log10(tried)
    return Evidence(
        support=sum(weighing.look(fact).support for fact in defining),
        exposures=int(weighing.exposed(facts).sum()),
        log10_chance=min(0.0, chance),
        corrected=min(0.0, chance + correction),
        weakest=min(0.0, weakest + correction),
    )


def _strength(evidence: Evidence) -> tuple[bool, float]:
    return (not evidence.is_earned, evidence.corrected)


def defining_facts(theory: Theory) -> frozenset[Fact]:
    """Return facts of a theory that imply the others by listed theorems, none of which is spare."""
    laws = {law.canonical() for law in theory.laws if not law.is_trivial}
    defining: set[Fact] = {*laws, *theory.conditions}
    conditions = (each for each in _DERIVED_FIRST if each in theory.conditions)
    order: tuple[Fact, ...] = (*conditions, *sorted(laws, key=_readable, reverse=True))
    for fact in order:
        rest = frozenset(defining - {fact})
        if fact in _theory_of(rest).consequences():
            defining = set(rest)
    return frozenset(defining)


def _theory_of(facts: frozenset[Fact]) -> Theory:
    laws = tuple(sorted((fact for fact in facts if isinstance(fact, Law)), key=_readable))
    conditions = frozenset(fact for fact in facts if isinstance(fact, Condition))
    return Theory("; ".join(map(str, (*laws, *sorted(conditions)))), laws, conditions)


def _cancellations(facts: frozenset[Fact]) -> frozenset[Condition]:
    conditions = (fact for fact in facts if isinstance(fact, Condition))
    return frozenset(conditions).intersection(CANCELLATIONS)


def _readable(fact: Fact) -> tuple[bool, int, str]:
    size = fact.num_operations if isinstance(fact, Law) else 0
    return (not isinstance(fact, Law), size, str(fact))


def _two_inverses(table: Int[NDArray[Any], "n n"]) -> Cells:
    """Return the cells by which an element has two inverses as in an inverse semigroup."""
    n = len(table)
    padded = np.pad(table, (0, 1), constant_values=-1)
    x = np.arange(n)[:, None]
    once = padded[table, x] == x  # (x*y)*x = x, an axis for x and one for y
    count = (once & once.T).sum(axis=1)
    if not (count > 1).any():
        return ()
    a = int((count > 1).argmax())
    cells: dict[tuple[int, int], None] = {}
    for b in np.flatnonzero((once & once.T)[a])[:2].tolist():
        ab, ba = int(table[a, b]), int(table[b, a])
        cells |= dict.fromkeys(((a, b), (ab, a), (b, a), (ba, b)))
    return tuple(cells)

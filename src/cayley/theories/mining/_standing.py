"""All named theories that the seen cells leave standing, and what can be made of the earned facts.

The strongest theory that the cells earn is put together from facts: laws and conditions that stand
are added as long as each is unlikely by chance given those before it. It is called by a name of the
catalog if it is one, with adjectives where needed; else its identities stand for it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.theories.laws._catalog import ADJECTIVES, NOUNS
from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._numbered import NUM_NUMBERED
from cayley.theories.laws._terms import Law
from cayley.theories.laws._theory import Fact, Theory
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._evidence import (
    NUM_TRIED,
    WEAKEST,
    Evidence,
    Weighing,
    defining_facts,
    evidence_for,
)
from cayley.theories.mining._mining import mine, named_laws

__all__ = ["Standing", "named", "numbered_theory", "standing_theories"]

# Conditions that may be added to the strongest theory: those that cells can speak for.
_TESTABLE = (
    Condition.LEFT_CANCELLATION,
    Condition.RIGHT_CANCELLATION,
    Condition.UNIT,
    Condition.ZERO,
)
# Adjectives that say the same as another one: they are understood, and not said.
_OTHER_WORDS = ("abelian", "Latin")
# Numbered laws that are added to a theory at most: each takes a propagation more time, and a table
# that obeys many obeys most of them by the first few.
_MOST_NUMBERED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A theory that no seen cell contradicts, with what speaks for it.

    Attributes:
        theory: The theory.
        evidence: What the seen cells say.
        standing: Whether chance is excluded, for this theory or for one that implies it. (A theory
            that the user gave is not weighed here.)
    """

    theory: Theory
    evidence: Evidence
    standing: Literal["earned", "supposed"]


def standing_theories(
    table: Int[NDArray[Any], "n n"],
    *,
    numbered: bool = False,
    seed: int = 0,
    deadline: float | None = None,
    weighing: Weighing | None = None,
) -> tuple[Standing, ...]:
    """Return the theories that the seen cells do not refute, the best founded first.

    They are the named theories, the strongest that is made of earned facts, and, if asked for, that
    one with mined laws that have no name. Earned ones come first, of these the stronger before
    those that it implies; then the others by their evidence. Those whose laws take too many steps
    to decide are left out.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        numbered: Whether to look for laws of at most four operations beyond the named ones.
        seed: Of the order in which cells are uncovered.
        deadline: When to give up, on the monotonic clock.
        weighing: That of the same table and seed, for the looks that it has taken.

    Raises:
        OutOfTime: If the deadline passes first.

    Example:
        >>> import numpy as np
        >>> table = np.maximum.outer(np.arange(8), np.arange(8))
        >>> for each in standing_theories(np.where(np.eye(8, k=3), -1, table))[:2]:
        ...     print(each.theory, each.standing)
        unital semilattice earned
        semilattice earned
    """
    until = math.inf if deadline is None else deadline
    if weighing is None:
        weighing = Weighing(seen=SeenCells.of(table, seed=seed), deadline=until)
    weigh = _Weigher(table, weighing, seed, until)
    for theory in NOUNS.values():
        if theory.laws or theory.conditions:
            weigh.add(theory)
    strongest = weigh.strongest()
    if numbered:
        _add_numbered(weigh, strongest)
    return weigh.sorted()


def numbered_theory(
    table: Int[NDArray[Any], "n n"],
    strongest: Theory,
    weighing: Weighing,
    *,
    seed: int = 0,
    deadline: float | None = None,
) -> Standing | None:
    """Return what the strongest named theory becomes with laws that have a number and no name.

    Args:
        table: Products, shape ``(n, n)``, -1 where unknown.
        strongest: The strongest theory that is earned; that of a magma if none is.
        weighing: That of the same table and seed, for the looks that it has taken.
        seed: Of the order in which cells are uncovered.
        deadline: When to give up, on the monotonic clock.

    Returns:
        A theory that is earned, with what of the strongest one still says something beside its
        laws; None if no such law is earned.

    Raises:
        OutOfTime: If the deadline passes first.
    """
    weigh = _Weigher(table, weighing, seed, math.inf if deadline is None else deadline)
    _add_numbered(weigh, strongest)
    return next((each for each in weigh.sorted() if each.standing == "earned"), None)


class _Weigher:
    """Collects theories with their evidence."""

    def __init__(self, table: NDArray[Any], weighing: Weighing, seed: int, deadline: float) -> None:
        self.table, self.weighing, self.seed, self.deadline = table, weighing, seed, deadline
        # By their consequences, so that no theory comes under two names.
        self.found: dict[frozenset[Fact], tuple[Theory, Evidence]] = {}

    def add(self, theory: Theory, *, tried: int = NUM_TRIED) -> bool:
        """Weigh a theory, keep it if it stands, and return whether it is earned."""
        facts = theory.consequences()
        if facts not in self.found:
            evidence = self._evidence(theory, tried)
            if evidence is None or evidence.log10_chance is None:
                return False
            self.found[facts] = theory, evidence
        return self.found[facts][1].is_earned

    def _evidence(self, theory: Theory, tried: int) -> Evidence | None:
        until = None if self.deadline == math.inf else self.deadline
        try:
            return evidence_for(
                theory,
                self.table,
                seed=self.seed,
                deadline=until,
                weighing=self.weighing,
                tried=tried,
            )
        except OutOfTime:
            self.weighing.check_clock()
            return None

    def stands(self, fact: Fact) -> bool:
        """Return whether a fact is not refuted, and can be decided."""
        try:
            return self.weighing.look(fact).violation is None
        except OutOfTime:
            self.weighing.check_clock()
            return False

    def strongest(self) -> Theory:
        """Add and return the theory made of all earned theories and of facts that are earned."""
        earned = [facts for facts, (_, evidence) in self.found.items() if evidence.is_earned]
        theory = _theory_of(frozenset().union(*earned))
        tested: tuple[Fact, ...] = (*named_laws(), *_TESTABLE)
        waiting = [fact for fact in tested if self.stands(fact)]
        while waiting:
            known = theory.consequences()
            waiting = [fact for fact in waiting if fact not in known]
            predicted = self.weighing.exposed(known)
            adds = {fact: self._adds(fact, known, predicted) for fact in waiting}
            waiting.sort(key=lambda fact: (adds[fact], str(fact)))
            if not waiting:
                break
            fact = waiting.pop(0)
            # A fact that hardly predicts a cell in a random order is not worth another order.
            if adds[fact] > -1.0:
                break
            larger = _theory_of(known | {fact})
            if self.add(named(larger)):
                theory = larger
        if theory.laws or theory.conditions:
            theory = named(theory)
            self.add(theory)
        return theory

    def _adds(self, fact: Fact, known: frozenset[Fact], predicted: NDArray[Any]) -> float:
        if isinstance(fact, Law) or fact in (Condition.UNIT, Condition.ZERO):
            return self.weighing.beyond(fact, predicted)
        before = frozenset(each for each in known if each in _TESTABLE[:2])
        new = self.weighing.seen.log10_new
        conditions = frozenset(map(Condition, before))
        return float((new(conditions | {Condition(fact)}) - new(conditions)).sum())

    def sorted(self) -> tuple[Standing, ...]:
        """Return all that stand, the best founded first."""
        earned = [facts for facts, (_, evidence) in self.found.items() if evidence.is_earned]
        stand = [
            Standing(
                theory=theory,
                evidence=evidence,
                standing="earned" if any(facts <= each for each in earned) else "supposed",
            )
            for facts, (theory, evidence) in self.found.items()
        ]
        # A theory has more consequences than any that it implies, so it comes before them.
        return tuple(
            sorted(
                stand,
                key=lambda each: (
                    each.standing,
                    -len(each.theory.consequences()) if each.standing == "earned" else 0,
                    each.evidence.corrected,
                    each.theory.name,
                ),
            )
        )


def _add_numbered(weigh: _Weigher, strongest: Theory) -> None:
    """Add the strongest theory with numbered laws that are earned beyond what it predicts."""
    until = None if weigh.deadline == math.inf else weigh.deadline
    mined = mine(weigh.table, laws="numbered", seed=weigh.seed, deadline=until)
    weighing, laws = weigh.weighing, list(strongest.laws)
    predicted = weighing.exposed(strongest.consequences())
    # One law is looked for among all numbered ones each time.
    most = WEAKEST - math.log10(NUM_NUMBERED)
    waiting = [each.law for each in mined if each.is_earned and each.law not in laws]
    chosen: list[Law] = []
    while waiting and len(chosen) < _MOST_NUMBERED:
        adds = {law: weighing.beyond(law, predicted) for law in waiting if weigh.stands(law)}
        waiting = [law for law in waiting if adds.get(law, 0.0) <= most]
        if waiting:
            law = min(waiting, key=lambda each: (adds[each], each.num_operations, str(each)))
            chosen.append(law)
            predicted |= weighing.look(law).exposed
            waiting.remove(law)
    if chosen:
        # With them, some facts of the strongest theory may say nothing beyond the rest.
        links = weighing.links(defining_facts(strongest) | {law.canonical() for law in chosen})
        kept = _theory_of(fact for fact, link in links.items() if link <= most)
        weigh.add(named(kept), tried=NUM_NUMBERED)


def named(theory: Theory) -> Theory:
    """Return a theory under a name of the catalog, with adjectives or identities where needed.

    Example:
        >>> from cayley.theories import parse_theory
        >>> str(named(parse_theory("xy = yx; x(yz) = (xy)z; xx = x; unital")))
        'unital semilattice'
    """
    facts = theory.consequences()
    nouns = [each for each in NOUNS.values() if each.consequences() <= facts]
    # The last of the largest: general names come before special ones in the catalog.
    noun = max(reversed(nouns), key=lambda each: len(each.consequences()))
    found, words = noun.consequences(), []
    adjectives = [
        each
        for each in ADJECTIVES.values()
        if each.consequences() <= facts and each.name not in _OTHER_WORDS
    ]
    while True:
        gains = {
            each.name: len(
                Theory(
                    "", (*noun.laws, *each.laws), noun.conditions | each.conditions
                ).consequences()
                | found
            )
            - len(found)
            for each in adjectives
            if not each.consequences() <= found
        }
        if not gains:
            break
        best = max(gains, key=lambda name: (gains[name], name))
        chosen = ADJECTIVES[best]
        words.append(best)
        found = _theory_of(found | chosen.consequences()).consequences()
    rest = _theory_of(facts - found)
    laws = (*(law for word in words for law in ADJECTIVES[word].laws), *noun.laws)
    conditions = noun.conditions.union(*(ADJECTIVES[word].conditions for word in words))
    name = " ".join((*words, noun.name))
    if rest.laws or rest.conditions:
        keep = _needed(rest, Theory("", laws, conditions))
        name = "; ".join((*([name] if name != "magma" else []), *map(str, keep)))
        laws = (*laws, *(each for each in keep if isinstance(each, Law)))
        conditions |= {each for each in keep if isinstance(each, Condition)}
    return Theory(name, laws, conditions)


def _needed(rest: Theory, known: Theory) -> list[Fact]:
    """Return facts of the rest that imply it together with what is known, short ones first."""
    needed: list[Fact] = []
    facts: tuple[Fact, ...] = (*rest.laws, *sorted(rest.conditions))
    for fact in facts:
        if fact not in _theory_of(known.consequences() | frozenset(needed)).consequences():
            needed.append(fact)
    return needed


def _theory_of(facts: Iterable[Fact]) -> Theory:
    """Return the theory of some facts, short laws first."""
    given = frozenset(facts)
    laws = sorted(
        (fact for fact in given if isinstance(fact, Law)),
        key=lambda law: (law.num_operations, str(law)),
    )
    conditions = frozenset(fact for fact in given if isinstance(fact, Condition))
    return Theory("; ".join(map(str, (*laws, *sorted(conditions)))), tuple(laws), conditions)

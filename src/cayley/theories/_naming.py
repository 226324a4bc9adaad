"""Which name of the catalog a set of laws and conditions has."""

from collections.abc import Iterable

from cayley.theories._catalog import ADJECTIVES, NOUNS
from cayley.theories._conditions import Condition
from cayley.theories._terms import Law
from cayley.theories._theory import Fact, Theory

__all__ = ["canonical", "named"]


def named(facts: Iterable[Fact]) -> Theory:
    """Return the theory that demands some laws and conditions, by the name that says most.

    The name is the most special noun that follows from the facts, with the adjectives that follow
    and add something; facts that these do not imply are written out behind it.

    Args:
        facts: Laws and conditions.

    Example:
        >>> from cayley.theories import parse_laws
        >>> str(named(parse_laws("xy = yx; x(yz) = (xy)z; xx = x")))
        'semilattice'
        >>> str(named([*parse_laws("xy = yx; xx = x")]))
        'commutative idempotent magma'
        >>> str(named([*parse_laws("xy = x(xy)"), Condition.LEFT_CANCELLATION]))
        'left cancellative magma; x*y = x*(x*y)'
    """
    wanted = tuple(dict.fromkeys(facts))
    whole = _theory("", wanted)
    known = whole.consequences()
    # The nouns are listed with the general ones first, so the last that fits is a most special one;
    # of two that fit and do not imply each other the one that demands more facts says more.
    fitting = [noun for noun in NOUNS.values() if noun.consequences() <= known]
    noun = max(fitting, key=lambda each: len(each.consequences()))
    told = noun.consequences()
    adjectives: list[Theory] = []
    for adjective in sorted(ADJECTIVES.values(), key=lambda each: -len(each.consequences())):
        says = adjective.consequences()
        if says <= known and not says <= told:
            adjectives.append(adjective)
            told = _theory("", (*told, *says)).consequences()
    adjectives = _needed(adjectives, noun)
    words = [each.name for each in sorted(adjectives, key=list(ADJECTIVES.values()).index)]
    name = " ".join((*words, noun.name))
    parts = (*(fact for each in (*adjectives, noun) for fact in _facts(each)),)
    rest = [fact for fact in wanted if canonical(fact) not in told]
    if rest:
        spelled = "; ".join(map(str, rest))
        name = spelled if noun.name == "magma" and not words else f"{name}; {spelled}"
    return _theory(name, (*parts, *rest))


def _needed(adjectives: list[Theory], noun: Theory) -> list[Theory]:
    """Leave out adjectives that the noun and the others imply."""
    kept = list(adjectives)
    for each in adjectives:
        others = [other for other in kept if other is not each]
        facts = [fact for other in (*others, noun) for fact in _facts(other)]
        if each.consequences() <= _theory("", facts).consequences():
            kept = others
    return kept


def _theory(name: str, facts: Iterable[Fact]) -> Theory:
    laws = tuple(fact for fact in facts if isinstance(fact, Law))
    return Theory(name, laws, frozenset(fact for fact in facts if isinstance(fact, Condition)))


def _facts(theory: Theory) -> tuple[Fact, ...]:
    return (*theory.laws, *theory.conditions)


def canonical(fact: Fact) -> Fact:
    """Return a law in canonical form, or the condition."""
    return fact.canonical() if isinstance(fact, Law) else fact

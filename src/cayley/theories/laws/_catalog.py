"""The theories that have a name, and how names are read."""

import difflib
import itertools
import re
import textwrap
from collections.abc import Iterator

from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._parse import parse_laws
from cayley.theories.laws._theory import Theory

__all__ = ["ADJECTIVES", "NOUNS", "parse_theory", "readings"]

_LATIN = frozenset({Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION})
_LOOP = _LATIN | {Condition.UNIT}
_GROUP = _LOOP | {Condition.INVERSES}
_ASSOCIATIVE = "x*(y*z) = (x*y)*z"
_BAND = f"{_ASSOCIATIVE}; x*x = x"
_LEFT_DISTRIBUTIVE = "x*(y*z) = (x*y)*(x*z)"
_RIGHT_DISTRIBUTIVE = "(x*y)*z = (x*z)*(y*z)"
_LEFT = frozenset({Condition.LEFT_CANCELLATION})
_RIGHT = frozenset({Condition.RIGHT_CANCELLATION})


def _named(name: str, laws: str, conditions: frozenset[Condition] = frozenset()) -> Theory:
    return Theory(name, parse_laws(laws) if laws else (), conditions)


NOUNS: dict[str, Theory] = {
    theory.name.lower(): theory
    for theory in (
        _named("magma", ""),
        _named("quasigroup", "", _LATIN),
        _named("loop", "", _LOOP),
        _named("Steiner quasigroup", "x*y = y*x; x*(x*y) = y; x*x = x", _LATIN),
        _named("Steiner loop", "x*y = y*x; x*(x*y) = y", _LOOP),
        _named("left Bol loop", "x*(y*(x*z)) = (x*(y*x))*z", _LOOP),
        _named("right Bol loop", "((z*x)*y)*x = z*((x*y)*x)", _LOOP),
        _named("Moufang loop", "(x*y)*(z*x) = (x*(y*z))*x", _LOOP),
        _named("group", _ASSOCIATIVE, _GROUP),
        _named("abelian group", f"{_ASSOCIATIVE}; x*y = y*x", _GROUP),
        _named("semigroup", _ASSOCIATIVE),
        _named("monoid", _ASSOCIATIVE, frozenset({Condition.UNIT})),
        _named("band", _BAND),
        _named("rectangular band", f"{_BAND}; (x*y)*x = x"),
        _named("left zero semigroup", "x*y = x"),
        _named("right zero semigroup", "x*y = y"),
        _named("semilattice", f"{_BAND}; x*y = y*x"),
        _named("inverse semigroup", _ASSOCIATIVE, frozenset({Condition.SEMIGROUP_INVERSES})),
        _named("left shelf", _LEFT_DISTRIBUTIVE),
        _named("right shelf", _RIGHT_DISTRIBUTIVE),
        _named("left rack", _LEFT_DISTRIBUTIVE, _LEFT),
        _named("right rack", _RIGHT_DISTRIBUTIVE, _RIGHT),
        _named("left quandle", f"{_LEFT_DISTRIBUTIVE}; x*x = x", _LEFT),
        _named("right quandle", f"{_RIGHT_DISTRIBUTIVE}; x*x = x", _RIGHT),
        _named("left kei", f"{_LEFT_DISTRIBUTIVE}; x*x = x; x*(x*y) = y", _LEFT),
        _named("right kei", f"{_RIGHT_DISTRIBUTIVE}; x*x = x; (y*x)*x = y", _RIGHT),
    )
}
"""The named theories by their names in small letters, the general ones before the special ones."""

ADJECTIVES: dict[str, Theory] = {
    theory.name.lower(): theory
    for theory in (
        _named("commutative", "x*y = y*x"),
        _named("abelian", "x*y = y*x"),
        _named("idempotent", "x*x = x"),
        _named("medial", "(x*y)*(z*w) = (x*z)*(y*w)"),
        _named("associative", _ASSOCIATIVE),
        _named("flexible", "(x*y)*x = x*(y*x)"),
        _named("left alternative", "x*(x*y) = (x*x)*y"),
        _named("right alternative", "(y*x)*x = y*(x*x)"),
        _named("alternative", "x*(x*y) = (x*x)*y; (y*x)*x = y*(x*x)"),
        _named("left distributive", _LEFT_DISTRIBUTIVE),
        _named("right distributive", _RIGHT_DISTRIBUTIVE),
        _named("distributive", f"{_LEFT_DISTRIBUTIVE}; {_RIGHT_DISTRIBUTIVE}"),
        _named("semisymmetric", "x*(y*x) = y"),
        _named("unipotent", "x*x = y*y"),
        _named("left cancellative", "", _LEFT),
        _named("right cancellative", "", _RIGHT),
        _named("cancellative", "", _LATIN),
        _named("Latin", "", _LATIN),
        _named("unital", "", frozenset({Condition.UNIT})),
    )
}
"""Adjectives that go before a noun, in any number and order, by their names in small letters."""

_SYNONYMS = {
    "latin": "quasigroup",
    "latin square": "quasigroup",
    "left zero": "left zero semigroup",
    "left zero band": "left zero semigroup",
    "right zero": "right zero semigroup",
    "right zero band": "right zero semigroup",
    "operation": "magma",
    "groupoid": "magma",
    "involutory quandle": "kei",
    "left involutory quandle": "left kei",
    "right involutory quandle": "right kei",
}
_SIDED = ("shelf", "rack", "quandle", "kei", "bol loop")

_MOST_NEAR, _NEAR = 3, 0.7
"""Names that are suggested for one that is unknown, and how much of their letters must agree: a
typing error leaves more, and half of the letters agree in words that have nothing in common."""

_WIDTH = 88
"""Characters in a line of a message: some sixty names would be one line of a thousand."""


def parse_theory(text: str) -> Theory:
    """Return the theory with a name, or the one that identities state.

    A name is a noun, such as ``quasigroup`` or ``left Bol loop``, with any adjectives before it;
    capitals, hyphens and underscores make no difference. Identities are read by `parse_laws`.
    Both can be joined by ``;``.

    Args:
        text: The name or the identities.

    Raises:
        ValueError: If a name is unknown (the message lists the known ones), if ``quandle`` and the
            like leave open whether left or right is meant, or if an identity cannot be read.

    Example:
        >>> theory = parse_theory("commutative idempotent medial-quasigroup")
        >>> [str(law) for law in theory.laws]
        ['x*y = y*x', 'x*x = x', '(x*y)*(z*w) = (x*z)*(y*w)']
        >>> parse_theory("left quandle").implies(parse_theory("left rack"))
        True
        >>> str(parse_theory("xy = yx; quasigroup"))
        'x*y = y*x; quasigroup'
    """
    found = readings(text)
    if len(found) > 1:
        names = " or ".join(f'"{theory}"' for theory in found)
        raise ValueError(f"{text.strip()!r} can be left or right: write {names}.")
    return found[0]


def readings(text: str) -> tuple[Theory, ...]:
    """Return the theories that a text can mean: two for a bare ``quandle``, left and right.

    Raises:
        ValueError: If a name is unknown or an identity cannot be read.

    Example:
        >>> [str(theory) for theory in readings("medial quandle")]
        ['medial left quandle', 'medial right quandle']
    """
    found: tuple[Theory, ...] = ()
    if not any(separator in text for separator in (";", "\n", "=")):
        return tuple(_of_name(text))
    parts = re.split(r"([;\n])", text)
    names = [part for part in parts if "=" not in part and part.strip("; \t\r\n")]
    # Names become blanks, so that an error in an identity shows the column in the whole text.
    identities = "".join(" " * len(part) if part in names else part for part in parts)
    if identities.strip("; \t\r\n") or not names:
        laws = parse_laws(identities)
        found = (Theory("; ".join(map(str, laws)), laws),)
    for part in names:
        meanings = tuple(_of_name(part))
        found = tuple(a.combined(b) for a in found for b in meanings) if found else meanings
    return found


def _of_name(text: str) -> Iterator[Theory]:
    if text.strip() in frozenset(Condition):
        # Conditions that no adjective states, such as a zero, go beside a name: "semigroup; zero".
        yield Theory(text.strip(), (), frozenset({Condition(text.strip())}))
        return
    words = text.lower().replace("-", " ").replace("_", " ").split()
    noun, adjectives = _longest_noun(words)
    for theory in _of_noun(noun) if noun is not None else ():
        properties = list(_of_adjectives(adjectives))
        if properties:
            name = " ".join((*(each.name for each in properties), theory.name))
            laws = (law for each in (*properties, theory) for law in each.laws)
            demands = (each.conditions for each in properties)
            yield Theory(name, tuple(laws), theory.conditions.union(*demands))
        else:
            yield theory
    if noun is None:
        raise _unknown(text)


def _longest_noun(words: list[str]) -> tuple[str | None, list[str]]:
    """Split off the longest noun at the end; adjectives alone describe a magma."""
    for start in range(len(words)):
        noun = " ".join(words[start:])
        noun = _SYNONYMS.get(noun, noun)
        if noun in NOUNS or noun in _SIDED:
            if all(_prefixes(words[:start])) or start == 0:
                return noun, words[:start]
            raise _unknown(" ".join(words))
    return ("magma", words) if words and all(_prefixes(words)) else (None, words)


def _of_noun(noun: str) -> tuple[Theory, ...]:
    if noun in NOUNS:
        return (NOUNS[noun],)
    return NOUNS[f"left {noun}"], NOUNS[f"right {noun}"]


def _of_adjectives(words: list[str]) -> Iterator[Theory]:
    for name in _prefixes(words):
        if name is not None:
            yield ADJECTIVES[name]


def _prefixes(words: list[str]) -> Iterator[str | None]:
    """Yield the adjectives that the words are, two words before one; None where none fits."""
    while words:
        for length in (2, 1):
            name = " ".join(words[:length])
            if name in ADJECTIVES and len(words) >= length:
                yield name
                words = words[length:]
                break
        else:
            yield None
            return


def _unknown(text: str) -> ValueError:
    nouns = [*(theory.name for theory in NOUNS.values()), *_SIDED, "latin"]
    known = {name.lower(): name for name in (*nouns, *ADJECTIVES)}
    asked = " ".join(text.split())
    words = asked.lower().split()
    # two words at a time before one, since many names have two
    tried = (asked.lower(), *map(" ".join, itertools.pairwise(words)), *words)
    near = dict.fromkeys(
        known[match]
        for word in tried
        if word not in known
        for match in difflib.get_close_matches(word, known, n=_MOST_NEAR, cutoff=_NEAR)
        if not set(match.split()) <= set(words)  # that was written, and is known
    )
    listed = " or ".join(repr(name) for name in list(near)[:_MOST_NEAR])
    hint = f" Did you mean {listed}?" if listed else ""
    lines = (
        f"{asked!r} is no known theory.{hint} Write a name, with adjectives before it, or "
        "identities such as 'x*y = y*x'.",
        f"Names: {', '.join(nouns)}.",
        f"Adjectives: {', '.join(ADJECTIVES)}.",
    )
    return ValueError("\n".join(textwrap.fill(line, _WIDTH) for line in lines))

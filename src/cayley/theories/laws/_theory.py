"""A theory: laws and conditions, with what follows from them by known theorems."""

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TypeAlias

from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._parse import parse_laws
from cayley.theories.laws._terms import Law

__all__ = ["Fact", "Theory", "theorems"]

Fact: TypeAlias = Law | Condition
"""A law in canonical form, or a condition."""


@dataclass(frozen=True, slots=True)
class Theory:
    """What an operation on finitely many elements is taken to be.

    Attributes:
        name: What it is called, such as ``"Moufang loop"``; the laws themselves if it has no name.
        laws: The laws that it demands.
        conditions: What it demands beside laws.

    Example:
        >>> monoid = Theory("monoid", parse_laws("x(yz) = (xy)z"), frozenset({Condition.UNIT}))
        >>> monoid.implies(Theory("semigroup", parse_laws("(ab)c = a(bc)")))
        True
    """

    name: str
    laws: tuple[Law, ...] = ()
    conditions: frozenset[Condition] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "laws", tuple(dict.fromkeys(self.laws)))
        object.__setattr__(self, "conditions", frozenset(map(Condition, self.conditions)))

    def implies(self, other: "Theory") -> bool:
        """Return whether every finite operation with this theory is known to have the other.

        The answer is drawn from a list of theorems: True is proved, False only says that these do
        not prove it.

        Example:
            >>> from cayley.theories import parse_theory
            >>> parse_theory("group").implies(parse_theory("Moufang loop"))
            True
            >>> parse_theory("semilattice").implies(parse_theory("monoid"))
            False
        """
        return other._facts() <= self.consequences()

    def consequences(self) -> frozenset[Fact]:
        """Return the laws (in canonical form) and conditions that follow by the listed theorems."""
        return _closed(self._facts())

    def strengthened(self) -> "Theory":
        """Return the theory with all its `consequences`: the same operations, more to deduce by.

        The laws that define it come first.
        """
        facts = self.consequences()
        derived = {fact for fact in facts if isinstance(fact, Law)}
        derived -= {law.canonical() for law in self.laws}
        laws = (*self.laws, *sorted(derived, key=lambda law: (law.num_operations, str(law))))
        conditions = frozenset(fact for fact in facts if isinstance(fact, Condition))
        return Theory(self.name, laws, conditions)

    def combined(self, other: "Theory", *, name: str | None = None) -> "Theory":
        """Return the theory that demands what either demands."""
        return Theory(
            f"{self.name}; {other.name}" if name is None else name,
            (*self.laws, *other.laws),
            self.conditions | other.conditions,
        )

    def _facts(self) -> frozenset[Fact]:
        laws = (law.canonical() for law in self.laws if not law.is_trivial)
        return frozenset(laws) | self.conditions

    def __str__(self) -> str:
        return self.name

    def _repr_html_(self) -> str:
        """Return name, laws and conditions for a notebook."""
        demands = [*map(str, self.laws), *sorted(str(each) for each in self.conditions)]
        items = "".join(f"<li>{escape(each)}</li>" for each in demands)
        return f"<div><b>{escape(self.name)}</b><ul>{items}</ul></div>"


# Theorems about operations on finite sets, as what is assumed and what follows. "Finite" is used:
# a one-to-one map of a finite set to itself is onto, so rows without repeats have inverse rows.
# Sources: Bruck (1958), "A survey of binary systems", for loops; Howie (1995), "Fundamentals of
# semigroup theory", for semigroups; Joyce (1982), "A classifying invariant of knots", for quandles.
# Kunen (1996), "Moufang quasigroups", for the unit of a Moufang quasigroup.
# What says the same for the opposite operation is added by `_rules`.
_THEOREMS = """
x(yz) = (xy)z -> (xy)x = x(yx), x(xy) = (xx)y, (yx)x = y(xx)
x(yz) = (xy)z, left cancellation, right cancellation -> unit, inverses
x(yz) = (xy)z, inverses -> left cancellation, right cancellation, inverses of a semigroup
x(yz) = (xy)z, xy = yx -> (xy)(zw) = (xz)(yw)
x(yz) = (xy)z, xy = yx, xx = x -> inverses of a semigroup
x(yz) = (xy)z, (xy)x = x -> xx = x, (xy)z = xz, x(yz) = xz, (xy)(zw) = (xz)(yw)
x(yz) = (xy)z -> (xy)(zx) = (x(yz))x, (xy)(zx) = x((yz)x), x(y(xz)) = (x(yx))z
xy = x -> x(yz) = (xy)z, xx = x, (xy)x = x, (xy)(zw) = (xz)(yw), x(yz) = (xy)(xz)
xy = x -> right cancellation
inverses -> unit
left cancellation, xy = yx -> right cancellation
xy = yx -> (xy)x = x(yx)
xy = yx, x(xy) = (xx)y -> (yx)x = y(xx)
xy = yx, x(yz) = (xy)(xz) -> (xy)z = (xz)(yz)
xy = yx, x(xy) = y -> (yx)x = y, x(yx) = y
x(xy) = y -> left cancellation
x(yx) = y -> left cancellation, right cancellation, (xy)x = y
(xy)(zw) = (xz)(yw), xx = x -> x(yz) = (xy)(xz), (xy)z = (xz)(yz)
x(yz) = (xy)(xz), right cancellation -> xx = x
unit, left cancellation, right cancellation, (xy)(zx) = (x(yz))x -> x(y(xz)) = (x(yx))z
unit, left cancellation, right cancellation, (xy)(zx) = (x(yz))x -> (xy)(zx) = x((yz)x)
unit, left cancellation, right cancellation, (xy)(zx) = (x(yz))x -> ((xy)x)z = x(y(xz))
unit, left cancellation, right cancellation, (xy)(zx) = (x(yz))x -> ((zx)y)x = z((xy)x)
unit, left cancellation, right cancellation, (xy)(zx) = (x(yz))x -> x(xy) = (xx)y, (xy)x = x(yx)
unit, left cancellation, right cancellation, x(y(xz)) = (x(yx))z -> x(xy) = (xx)y, inverses
unit, left cancellation, right cancellation, x(y(xz)) = (x(yx))z, ((zx)y)x = z((xy)x) -> \
(xy)(zx) = (x(yz))x
left cancellation, right cancellation, (xy)(zx) = (x(yz))x -> unit
unit, (xy)(zw) = (xz)(yw) -> xy = yx, x(yz) = (xy)z
"""


def _fact(text: str) -> Fact:
    return parse_laws(text)[0].canonical() if "=" in text else Condition(text.strip())


def _opposite(fact: Fact) -> Fact:
    if isinstance(fact, Law):
        return fact.dual().canonical()
    sides = {Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION}
    return next(iter(sides - {fact})) if fact in sides else fact


@cache
def theorems() -> tuple[tuple[frozenset[Fact], frozenset[Fact]], ...]:
    """Return the theorems as pairs of what is assumed and what follows, opposites included."""
    rules: dict[tuple[frozenset[Fact], frozenset[Fact]], None] = {}
    for line in _THEOREMS.strip().replace("\\\n", "").splitlines():
        assumed, follows = (
            frozenset(_fact(part) for part in side.split(",")) for side in line.split("->")
        )
        rules[assumed, follows] = None
        rules[frozenset(map(_opposite, assumed)), frozenset(map(_opposite, follows))] = None
    return tuple(rules)


@cache
def _closed(facts: frozenset[Fact]) -> frozenset[Fact]:
    while True:
        more = facts.union(*(follows for assumed, follows in theorems() if assumed <= facts))
        if more == facts:
            return facts
        facts = more

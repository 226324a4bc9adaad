"""Laws about two operations, each decided with an instance where it fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import generating_set
from cayley.algebra.axioms._identity_element import has_identity, has_inverses
from cayley.algebra.axioms._laws import is_commutative, is_idempotent
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._property import first_difference

__all__ = ["EQUATIONS", "Failure", "LawsOfTwo", "Term"]

Term: TypeAlias = "int | tuple[str, Term, Term]"
"""A variable by its number, or ``+`` or ``*`` with two terms; ``-`` is ``-a + b``."""

EQUATIONS: dict[str, tuple[Term, Term]] = {
    "additive associativity": (("+", ("+", 0, 1), 2), ("+", 0, ("+", 1, 2))),
    "additive commutativity": (("+", 0, 1), ("+", 1, 0)),
    "additive idempotence": (("+", 0, 0), 0),
    "multiplicative associativity": (("*", ("*", 0, 1), 2), ("*", 0, ("*", 1, 2))),
    "multiplicative commutativity": (("*", 0, 1), ("*", 1, 0)),
    "multiplicative idempotence": (("*", 0, 0), 0),
    "left distributivity": (("*", 0, ("+", 1, 2)), ("+", ("*", 0, 1), ("*", 0, 2))),
    "right distributivity": (("*", ("+", 1, 2), 0), ("+", ("*", 1, 0), ("*", 2, 0))),
    "absorption of products": (("+", 0, ("*", 0, 1)), 0),
    "absorption of sums": (("*", 0, ("+", 0, 1)), 0),
    "modularity": (
        ("+", 0, ("*", 1, ("+", 0, 2))),
        ("*", ("+", 0, 1), ("+", 0, 2)),
    ),
    "brace law": (
        ("*", 0, ("+", 1, 2)),
        ("+", ("*", 0, 1), ("-", 0, ("*", 0, 2))),
    ),
}
"""Both sides of each law that is an equation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The first law that fails on the way to a kind of structure.

    Attributes:
        law: Its name, one of ``EQUATIONS`` or of those that say that elements exist.
        instance: The values of its variables; the element that has no inverse; empty if there is no
            zero or no one, or if they are equal.
    """

    law: str
    instance: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawsOfTwo:
    """The laws of two operations, decided when they are asked for.

    Attributes:
        plus: The first operation, shape ``(n, n)``.
        times: The second one.
    """

    plus: Int[NDArray[Any], "n n"]
    times: Int[NDArray[Any], "n n"]
    _memory: dict[str, Failure | None] = field(default_factory=dict, repr=False, compare=False)

    def failure(self, law: str) -> Failure | None:
        """Return where a law fails, or None if it holds.

        Laws of three variables are decided from what generates the first operation where that is
        associative: ask for associativity first.
        """
        if law not in self._memory:
            instance = self._decide(law)
            self._memory[law] = None if instance is None else Failure(law=law, instance=instance)
        return self._memory[law]

    def first_failure(self, laws: tuple[str, ...]) -> Failure | None:
        """Return the first of some laws that fails, or None if all hold."""
        return next((found for law in laws if (found := self.failure(law)) is not None), None)

    @property
    def zero(self) -> int | None:
        """The identity of the first operation."""
        return has_identity(self.plus).witness

    @property
    def one(self) -> int | None:
        """The identity of the second operation."""
        return has_identity(self.times).witness

    def _decide(self, law: str) -> tuple[int, ...] | None:
        if law == "group inverses":
            return has_inverses(self.times).counterexample
        kind, _, word = law.partition(" ")
        products = {"additive": self.plus, "multiplicative": self.times}.get(kind)
        if products is not None:
            return _of_one(word, products, self.zero if kind == "multiplicative" else None)
        if law == "zero absorbs":
            zero = self.zero
            wrong = (self.times[zero] != zero) | (self.times[:, zero] != zero)
            return (int(wrong.argmax()),) if wrong.any() else None
        if law == "zero is not one":
            return () if self.zero == self.one else None
        if law.startswith("absorption"):
            outer, inner = (
                (self.plus, self.times) if law.endswith("products") else (self.times, self.plus)
            )
            each = np.arange(len(outer))[:, None]
            return first_difference(outer[each, inner], np.broadcast_to(each, outer.shape))
        return self._of_three(law)

    def _of_three(self, law: str) -> tuple[int, int, int] | None:
        """Return an instance that fails of a law in which the second variable is special.

        A map f with f(b + c) = f(b) + f(c) for all c and two values of b has it for their sum, too,
        if + is associative: b from a generating set is enough. Distributivity says so of f(b) = ab
        (or ba), the brace law of f(b) = -a + ab. Modularity is compared for all b.
        """
        plus, times = self.plus, self.times
        sides: Callable[[int], tuple[NDArray[Any], NDArray[Any]]]
        elements = np.arange(len(plus))
        if law == "modularity":
            # [a, c]: a + b(a + c) and (a + b)(a + c)
            def sides(b: int) -> tuple[NDArray[Any], NDArray[Any]]:
                return plus[elements[:, None], times[b][plus]], times[plus[:, b][:, None], plus]
        elif law == "brace law":
            minus = _negatives(plus)
            elements = generating_set(plus)

            def sides(b: int) -> tuple[NDArray[Any], NDArray[Any]]:
                right = plus[minus[:, None], times]
                return times[:, plus[b]], plus[times[:, b][:, None], right]
        else:
            of = times if law == "left distributivity" else times.T
            elements = generating_set(plus)

            def sides(b: int) -> tuple[NDArray[Any], NDArray[Any]]:
                return of[:, plus[b]], plus[of[:, b][:, None], of]

        for b in elements.tolist():
            place = first_difference(*sides(b))
            if place is not None:
                return place[0], b, place[1]
        return None


def _negatives(plus: Int[NDArray[Any], "n n"]) -> Int[NDArray[Any], " n"]:
    negatives: Int[NDArray[Any], " n"] = (plus == has_identity(plus).witness).argmax(axis=1)
    return negatives


def _of_one(
    word: str, products: Int[NDArray[Any], "n n"], without: int | None
) -> tuple[int, ...] | None:
    """Return where a law about one operation fails; ``without`` needs no inverse."""
    if word == "identity":
        return None if has_identity(products) else ()
    if word == "inverses":
        if without is None:
            return has_inverses(products).counterexample
        reaches = products == has_identity(products).witness
        lacking = ~(reaches & reaches.T).any(axis=1)
        lacking[without] = False
        return (int(lacking.argmax()),) if lacking.any() else None
    ask = {
        "associativity": is_associative, "commutativity": is_commutative,
        "idempotence": is_idempotent,
    }[word]  # fmt: skip
    return ask(products).counterexample

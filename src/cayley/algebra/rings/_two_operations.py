"""``TwoOperations``: which kinds of structure two operations on one set are."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import generated_submagma
from cayley.algebra.rings._laws_of_two import Failure, LawsOfTwo
from cayley.tables._full_square import TableLike, full_square

__all__ = ["TwoOperations"]

_GROUP = ("additive associativity", "additive identity", "additive inverses")
_MEETS_AND_JOINS = (
    "additive associativity", "additive commutativity", "additive idempotence",
    "multiplicative associativity", "multiplicative commutativity", "multiplicative idempotence",
    "absorption of products", "absorption of sums",
)  # fmt: skip
_RING = (
    *_GROUP, "additive commutativity", "multiplicative associativity", "left distributivity",
    "right distributivity",
)  # fmt: skip

# In an order in which each law can be asked after those before it.
_KINDS: dict[str, tuple[str, ...]] = {
    "lattice": _MEETS_AND_JOINS,
    "modular lattice": (*_MEETS_AND_JOINS, "modularity"),
    "distributive lattice": (*_MEETS_AND_JOINS, "left distributivity"),
    "ring": _RING,
    "commutative ring": (*_RING, "multiplicative commutativity"),
    "unital ring": (*_RING, "multiplicative identity"),
    "field": (
        *_RING, "multiplicative commutativity", "multiplicative identity", "zero is not one",
        "multiplicative inverses",
    ),
    "semiring": (
        "additive associativity", "additive commutativity", "additive identity",
        "multiplicative associativity", "left distributivity", "right distributivity",
        "zero absorbs",
    ),
    "left near-ring": (*_GROUP, "multiplicative associativity", "left distributivity"),
    "right near-ring": (*_GROUP, "multiplicative associativity", "right distributivity"),
    "skew brace": (
        *_GROUP, "multiplicative associativity", "multiplicative identity",
        "group inverses", "brace law",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoOperations:
    r"""What two operations on one set are together.

    Attributes:
        kinds: The kinds of structure, the most special word of each: a ``distributive lattice``,
            ``modular lattice`` or ``lattice``; a ``field``, or a ``ring`` with ``commutative`` and
            ``unital`` before it; a ``left near-ring`` or ``right near-ring`` that is no ring; a
            ``semiring``, with the same adjectives, that is no ring; a ``brace`` or ``skew brace``.
        failures: For each of the words that is not true the first law that fails.
        name: ``GF(q)`` for a field of order q; ``Z/n`` for a ring with an identity that generates
            all sums; else None.

    A *lattice* has two semilattices with :math:`a + ab = a = a(a + b)`. It is *distributive* if
    :math:`a(b + c) = ab + ac`, and *modular* if :math:`a + b(a + c) = (a + b)(a + c)`. A *ring* has
    an abelian group, a semigroup, and both distributive laws; a *semiring* has a commutative monoid
    in place of the group, and its zero absorbs. A *near-ring* has a group and one distributive law:
    the left one is :math:`a(b + c) = ab + ac`. A *skew brace* has two groups with :math:`a(b + c) =
    ab - a + ac`; it is a *brace* if the sum is commutative.

    Example:
        >>> import numpy as np
        >>> meet, join = np.minimum(*np.indices((3, 3))), np.maximum(*np.indices((3, 3)))
        >>> TwoOperations.of(meet, join).kinds
        ('distributive lattice', 'commutative unital semiring')

    References:
        G. Pilz, *Near-Rings*, 1983. L. Guarnieri, L. Vendramin, "Skew braces and the Yang-Baxter
        equation", Math. Comp. 86 (2017), 2519-2534.
    """

    kinds: tuple[str, ...]
    failures: dict[str, Failure]
    name: str | None

    @classmethod
    def of(cls, plus: TableLike, times: TableLike) -> "TwoOperations":
        """Return what two operations are together; the first one is the sum.

        Args:
            plus: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
                ``0..n-1``.
            times: Another one of the same order; of labeled tables with the same labels in the same
                order.

        Raises:
            ValueError: If the orders differ.
        """
        first, second = full_square(plus), full_square(times)
        if first.shape != second.shape:
            raise ValueError(
                f"`plus` and `times` must have the same order; got {len(first)} and {len(second)}."
            )
        laws = LawsOfTwo(plus=first, times=second)
        failures = {
            kind: found
            for kind, needed in _KINDS.items()
            if (found := laws.first_failure(needed)) is not None
        }
        return cls(
            kinds=tuple(_words(laws, _KINDS.keys() - failures.keys())),
            failures=failures,
            name=_name(laws, first, failures),
        )


def _words(laws: LawsOfTwo, true: set[str]) -> list[str]:
    adjectives = [
        word
        for word, law in (
            ("commutative", "multiplicative commutativity"),
            ("unital", "multiplicative identity"),
        )
        if laws.failure(law) is None
    ]
    lattices = ("distributive lattice", "modular lattice", "lattice")
    words = [kind for kind in lattices if kind in true][:1]
    if "field" in true:
        words.append("field")
    elif "ring" in true:
        words.append(" ".join([*adjectives, "ring"]))
    else:
        words += [kind for kind in ("left near-ring", "right near-ring") if kind in true]
    if "semiring" in true and "ring" not in true:
        words.append(" ".join([*adjectives, "semiring"]))
    if "skew brace" in true:
        commutes = laws.failure("additive commutativity") is None
        words.append("brace" if commutes else "skew brace")
    return words


def _name(
    laws: LawsOfTwo, plus: Int[NDArray[Any], "n n"], failures: dict[str, Failure]
) -> str | None:
    if "field" not in failures:
        return f"GF({len(plus)})"  # finite fields of one order are isomorphic
    # Sums of 1 are all elements: the map from the integers is onto.
    if "unital ring" not in failures and laws.one is not None:
        sums = generated_submagma(plus, [laws.one])
        return f"Z/{len(plus)}" if len(sums) == len(plus) else None
    return None

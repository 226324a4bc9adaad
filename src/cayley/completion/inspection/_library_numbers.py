"""Numbers of loops, semigroups and quandles in GAP's lists, isotopic loops, and automorphisms."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.groups._schreier_sims import PermutationGroup
from cayley.algebra.identification._canonical_form import canonical_form
from cayley.algebra.identification._numbered_structures import listed_orders, number_in_list

__all__ = [
    "automorphisms",
    "isotopic_loops",
    "loop_numbers",
    "name_from",
    "quandle_numbers",
    "semigroup_numbers",
]

_FUNCTIONS = {
    "loop": ("LOOPS", "SmallLoop"),
    "Moufang loop": ("LOOPS", "MoufangLoop"),
    "Steiner loop": ("LOOPS", "SteinerLoop"),
    "semigroup": ("smallsemi", "SmallSemigroup"),
    "quandle": ("RIG", "SmallQuandle"),
}
"""The package and the function that return the structure of a number."""

_LARGEST_OF_AUTOMORPHISMS = 47
"""Largest order at which automorphisms are looked for: that of the lists."""

_MOST_SEQUENCES = 4000
"""Generating sequences that are compared for automorphisms alone; a tenth of a second."""


def loop_numbers(
    products: Int[NDArray[Any], "n n"], classes: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Return the numbers of a loop that is no group, the most special list first."""
    kinds = [word for word in ("Moufang", "Steiner") if word in classes]
    found = [_number(f"{word} loop", products) for word in kinds] + [_number("loop", products)]
    return [each for each in found if each is not None]


def semigroup_numbers(products: Int[NDArray[Any], "n n"]) -> list[dict[str, Any]]:
    """Return the number of a semigroup, or of its opposite: the list has one of the two."""
    if len(products) not in listed_orders("semigroup"):
        return []
    found = _number("semigroup", products)
    if found is None:
        found = _number("semigroup", products.T)
        assert found is not None, "the list is complete up to taking opposites"
        return [{**found, "opposite": True}]
    return [{**found, "opposite": False}]


def quandle_numbers(products: Int[NDArray[Any], "n n"]) -> list[dict[str, Any]]:
    """Return the number of a connected left quandle."""
    found = _number("quandle", products)
    return [] if found is None else [found]


def name_from(numbers: list[dict[str, Any]]) -> str | None:
    """Return a name such as "Moufang loop 16:4", or None if there is no number."""
    if not numbers:
        return None
    kinds = {function: kind for kind, (_, function) in _FUNCTIONS.items()}
    first = numbers[0]
    return f"{kinds[first['function']]} {first['order']}:{first['number']}"


def _number(kind: Any, products: Int[NDArray[Any], "n n"]) -> dict[str, Any] | None:
    number = number_in_list(kind, products)
    if number is None:
        return None
    library, function = _FUNCTIONS[kind]
    return {
        "library": library, "function": function, "order": len(products), "number": number,
    }  # fmt: skip


def isotopic_loops(products: Int[NDArray[Any], "n n"]) -> list[int] | None:
    """Return the numbers of all loops that are isotopic to one of order 5 or 6 that is no group.

    Every loop isotope is isomorphic to one of the principal isotopes ``(xb)(ay) -> xy``.
    """
    n = len(products)
    if n not in listed_orders("loop"):
        return None
    found = set()
    for a in range(n):
        for b in range(n):
            # The rows in the order of the symbols in column b, and the columns likewise.
            isotope = products[np.ix_(np.argsort(products[:, b]), np.argsort(products[a]))]
            number = number_in_list("loop", isotope)
            assert number is not None, "the list is complete, and no isotope is a group"
            found.add(number)
    return sorted(found)


def automorphisms(
    products: Int[NDArray[Any], "n n"], known: Int[NDArray[Any], "k n"] | None = None
) -> PermutationGroup | None:
    """Return the automorphism group, or None if that would take long.

    Args:
        products: Products, shape ``(n, n)``.
        known: Automorphisms that take each element to each other one, if some are known.
    """
    if len(products) > _LARGEST_OF_AUTOMORPHISMS:
        return None
    form = canonical_form(products, homogeneous=known is not None, most=_MOST_SEQUENCES)
    if form is None:
        return None
    # With a transitive group of automorphisms at hand, those that fix 0 give the others.
    moves = [form.automorphisms] if known is None else [form.automorphisms, known]
    return PermutationGroup.generated_by(np.concatenate(moves))

"""When cells are accused of being wrong, and when a theory without suspects is believed instead."""

from collections.abc import Iterable

from cayley.algebra import Structure
from cayley.completion._outcome import Deduced, Outcome

__all__ = ["MANY_VARIABLES", "explaining_more", "leaves_no_wrong_cell"]

_DIGITS = 6.0
"""By how many digits of chance a theory that accuses cells has to explain more than an earned one
that accuses none: the odds at which a theory is earned."""

_EXPLAINED = -3.0
"""Logarithm of the chance from which on laws that are only supposed keep cells from being accused:
three cells in a thousand tables without laws. A left Bol loop of order 8 agrees with an isotope of
a group in all but three of 33 cells, while its own laws, with some seven digits, accuse none."""

MANY_VARIABLES = 3
"""Variables of a law from which on a wrong cell shows in many of its instances."""


def _explains(found: Deduced) -> bool:
    """Whether laws explain the cells as they are so well that others have to explain more."""
    if found.standing == "earned":
        return True
    chance = 0.0 if found.log10_chance is None else found.log10_chance
    is_group = isinstance(found.structure, Structure)
    return not is_group and found.settles and found.unique == "yes" and chance <= _EXPLAINED


def leaves_no_wrong_cell(found: Deduced) -> bool:
    """Whether a theory that explains the cells would hardly stand if one of them were wrong.

    A law in three variables reads each cell in at least n instances, a polynomial in all cells. A
    law in two, such as commutativity, compares a cell with another one, which may be hidden.
    """
    theory = found.structure
    if not _explains(found) or isinstance(theory, Structure):
        return False
    reads_all = not theory.laws and not theory.conditions  # a polynomial, or a homotope of a group
    return reads_all or any(law.num_variables >= MANY_VARIABLES for law in theory.laws)


def explaining_more(found: Iterable[Deduced], outcome: Outcome) -> tuple[Deduced, ...]:
    """Return those repairs that explain much more than each theory without suspects that explains.

    Of a group with a wrong cell the cells may say that it is commutative, which accuses none; the
    group is believed all the same if it is far less likely by chance.
    """
    explained = [
        each.log10_chance
        for each in outcome.deduced
        if each.log10_chance is not None and _explains(each)
    ]
    limit = min(explained, default=0.0) - _DIGITS
    return tuple(
        each
        for each in found
        if not explained or (each.log10_chance is not None and each.log10_chance <= limit)
    )

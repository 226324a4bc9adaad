"""What kind of structure a table is, and all its properties at once."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from numpy.typing import ArrayLike

from cayley._validation import full_square
from cayley.algebra._associativity import is_associative
from cayley.algebra._isotopism import Isotopism, NotIsotope, find_isotopism
from cayley.algebra._properties import (
    has_absorbing_element,
    has_identity,
    has_inverses,
    has_left_identity,
    has_right_identity,
    is_commutative,
    is_flexible,
    is_idempotent,
    is_latin_square,
    is_left_alternative,
    is_left_cancellative,
    is_right_alternative,
    is_right_cancellative,
    is_unipotent,
)
from cayley.algebra._property import Property

__all__ = ["Properties", "StructureKind", "analyze", "structure_kind"]

StructureKind: TypeAlias = Literal[
    "group", "group isotope", "loop", "quasigroup", "monoid", "semigroup", "magma"
]
"""The kinds of structure, the most special first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """Every property of a table, each with its counterexample; iterates over them.

    Attributes:
        structure: The most special kind of structure that the table is.
        group: The counterexample is that of the first of ``latin``, ``identity`` and
            ``associative`` to fail.
        group_isotope: The counterexample is that of :class:`NotIsotope`.
    """

    structure: StructureKind
    latin: Property
    associative: Property
    commutative: Property
    idempotent: Property
    unipotent: Property
    identity: Property
    left_identity: Property
    right_identity: Property
    inverses: Property
    absorbing_element: Property
    left_cancellative: Property
    right_cancellative: Property
    left_alternative: Property
    right_alternative: Property
    flexible: Property
    group: Property
    group_isotope: Property

    def __iter__(self) -> Iterator[tuple[str, Property]]:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Property):
                yield item.name, value


def structure_kind(table: ArrayLike) -> StructureKind:
    """Return the most special kind of structure that a table is.

    The order of precedence is: group, group isotope, loop (a quasigroup with an identity),
    quasigroup (a Latin square), monoid (associative with an identity), semigroup (associative),
    magma (anything). A loop that is an isotope of a group is a group (Albert), so the first three
    do not overlap but for "group".

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Example:
        >>> structure_kind([[0, 2, 1], [1, 0, 2], [2, 1, 0]])
        'group isotope'
    """
    products = full_square(table)
    isotopism = find_isotopism(products)
    # an associative Latin square is a group, so there is nothing to ask for one that is not
    not_latin = isinstance(isotopism, NotIsotope) and isotopism.reason == "not latin"
    associative = not_latin and bool(is_associative(products))
    return _kind(isotopism, identity=bool(has_identity(products)), associative=associative)


def _kind(isotopism: Isotopism | NotIsotope, *, identity: bool, associative: bool) -> StructureKind:
    if isinstance(isotopism, Isotopism):
        return "group" if identity else "group isotope"
    if isotopism.reason != "not latin":
        return "loop" if identity else "quasigroup"
    if associative:
        return "monoid" if identity else "semigroup"
    return "magma"


def analyze(table: ArrayLike) -> Properties:
    """Return every property of a table.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Example:
        >>> maximum = [[0, 1, 2], [1, 1, 2], [2, 2, 2]]
        >>> found = analyze(maximum)
        >>> found.structure, found.identity.witness, found.inverses.counterexample
        ('monoid', 0, (1,))
    """
    products = full_square(table)
    latin, identity = is_latin_square(products), has_identity(products)
    associative = is_associative(products)
    failed = next((axiom for axiom in (latin, identity, associative) if not axiom), None)
    isotopism = find_isotopism(products)
    return Properties(
        structure=_kind(isotopism, identity=bool(identity), associative=bool(associative)),
        latin=latin,
        associative=associative,
        commutative=is_commutative(products),
        idempotent=is_idempotent(products),
        unipotent=is_unipotent(products),
        identity=identity,
        left_identity=has_left_identity(products),
        right_identity=has_right_identity(products),
        inverses=has_inverses(products),
        absorbing_element=has_absorbing_element(products),
        left_cancellative=is_left_cancellative(products),
        right_cancellative=is_right_cancellative(products),
        left_alternative=is_left_alternative(products),
        right_alternative=is_right_alternative(products),
        flexible=is_flexible(products),
        group=Property(
            name="group",
            holds=failed is None,
            counterexample=None if failed is None else failed.counterexample,
        ),
        group_isotope=Property(
            name="group isotope",
            holds=isinstance(isotopism, Isotopism),
            counterexample=getattr(isotopism, "counterexample", None),
        ),
    )

"""``analyze``: all properties of a table, and the structure that they make it."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._identity_element import (
    has_absorbing_element,
    has_identity,
    has_inverses,
    has_left_identity,
    has_right_identity,
)
from cayley.algebra.axioms._latin_square import (
    is_left_cancellative,
    is_right_cancellative,
)
from cayley.algebra.axioms._laws import (
    is_commutative,
    is_flexible,
    is_idempotent,
    is_left_alternative,
    is_right_alternative,
    is_unipotent,
)
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._mediality import is_medial
from cayley.algebra.axioms._property import Property
from cayley.algebra.axioms._structure import Structure
from cayley.algebra.axioms._translation_laws import is_left_distributive, is_right_distributive
from cayley.algebra.identification._isotopism import Isotopism, NotIsotope, find_isotopism
from cayley.algebra.loops._moufang import is_left_bol, is_moufang, is_right_bol
from cayley.algebra.loops._steiner import is_steiner
from cayley.algebra.quandles._quandle import is_left_quandle, is_right_quandle
from cayley.algebra.semigroups._regular import is_inverse_semigroup, is_regular, is_semilattice
from cayley.tables._full_square import TableLike, full_square

__all__ = ["Analysis", "analyze", "structure_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Every property of a table, each with its counterexample.

    Iterating over it yields pairs of a name and a :class:`Property`, in the order of the
    attributes; what was not decided is left out.

    Attributes:
        structure: The most special kind of structure that the table is.
        group: The counterexample is that of the first of ``latin``, ``identity`` and
            ``associative`` to fail.
        group_isotope: The counterexample is that of :class:`NotIsotope`.
        moufang: The law ``(xy)(zx) = (x(yz))x``, whether or not the table is a loop; likewise
            ``left_bol``, ``x(y(xz)) = (x(yx))z``, and ``right_bol``, ``((zx)y)x = z((xy)x)``.
        medial: The law ``(xy)(zw) = (xz)(yw)``; ``None`` if it was not decided, which takes an
            order above 160 and a table that is no semigroup, no quasigroup and no rack.
        steiner: A Steiner quasigroup or a Steiner loop.
        zero: The same as ``absorbing_element``, by its name in semigroups.
        regular: A semigroup in which every ``a`` has an ``x`` with ``axa = a``.
    """

    structure: Structure
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
    moufang: Property
    left_bol: Property
    right_bol: Property
    medial: Property | None
    left_distributive: Property
    right_distributive: Property
    left_quandle: Property
    right_quandle: Property
    steiner: Property
    semilattice: Property
    zero: Property
    regular: Property
    inverse_semigroup: Property

    def __iter__(self) -> Iterator[tuple[str, Property]]:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Property):
                yield item.name, value


def structure_of(
    products: Int[NDArray[Any], "n n"], isotopism: Isotopism | NotIsotope
) -> Structure:
    """Return the most special structure that a table is, given the proof about isotopisms.

    Args:
        products: The table, shape ``(n, n)``, int64.
        isotopism: What :func:`find_isotopism` returned for it.
    """
    # An associative Latin square is a group, so only a table that is not Latin is asked.
    not_latin = isinstance(isotopism, NotIsotope) and isotopism.reason == "not latin"
    associative = not_latin and bool(is_associative(products))
    return _structure(isotopism, identity=bool(has_identity(products)), associative=associative)


def _structure(
    isotopism: Isotopism | NotIsotope, *, identity: bool, associative: bool
) -> Structure:
    if isinstance(isotopism, Isotopism):
        return Structure.GROUP if identity else Structure.GROUP_ISOTOPE
    if isotopism.reason != "not latin":
        return Structure.LOOP if identity else Structure.QUASIGROUP
    if associative:
        return Structure.MONOID if identity else Structure.SEMIGROUP
    return Structure.MAGMA


def analyze(table: TableLike, *, isotopism: Isotopism | NotIsotope | None = None) -> Analysis:
    """Return every property of a table.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        isotopism: What :func:`find_isotopism` returned for it, if that is known already.

    Example:
        >>> maximum = [[0, 1, 2], [1, 1, 2], [2, 2, 2]]
        >>> found = analyze(maximum)
        >>> str(found.structure), found.identity.witness, found.inverses.counterexample
        ('monoid', 0, (1,))
    """
    products = full_square(table)
    isotopism = find_isotopism(products) if isotopism is None else isotopism
    # The proof about isotopisms says already whether the table is a Latin square.
    repeated = None
    if isinstance(isotopism, NotIsotope) and isotopism.reason == "not latin":
        repeated = isotopism.counterexample
    latin = Property(name="Latin square", holds=repeated is None, counterexample=repeated)
    identity = has_identity(products)
    if isinstance(isotopism, Isotopism) and identity:
        # A loop isotope of a group is a group (Albert): associativity is proved already.
        associative = Property(name="associative", holds=True)
    else:
        associative = is_associative(products)
    # In the order in which :class:`Analysis` promises the counterexample.
    zero = has_absorbing_element(products)
    commutative, idempotent = is_commutative(products), is_idempotent(products)
    semilattice = is_semilattice(products, associative=associative)
    # x(yz) = (xx)(yz) = (xy)(xz) in a semilattice.
    left_distributive = _follows("left distributive", semilattice) or is_left_distributive(products)
    right_distributive = _follows("right distributive", semilattice) or is_right_distributive(
        products
    )
    failed = next((axiom for axiom in (latin, identity, associative) if not axiom), None)
    return Analysis(
        structure=_structure(isotopism, identity=bool(identity), associative=bool(associative)),
        latin=latin,
        associative=associative,
        commutative=commutative,
        idempotent=idempotent,
        unipotent=is_unipotent(products),
        identity=identity,
        left_identity=has_left_identity(products),
        right_identity=has_right_identity(products),
        inverses=has_inverses(products),
        absorbing_element=zero,
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
        moufang=_follows("Moufang", associative) or is_moufang(products),
        left_bol=_follows("left Bol", associative) or is_left_bol(products),
        right_bol=_follows("right Bol", associative) or is_right_bol(products),
        medial=is_medial(products, associative=associative),
        left_distributive=left_distributive,
        right_distributive=right_distributive,
        left_quandle=is_left_quandle(products, distributive=left_distributive),
        right_quandle=is_right_quandle(products, distributive=right_distributive),
        steiner=is_steiner(products),
        semilattice=semilattice,
        zero=Property(
            name="zero",
            holds=zero.holds,
            counterexample=zero.counterexample,
            witness=zero.witness,
        ),
        regular=is_regular(products, associative=associative),
        inverse_semigroup=is_inverse_semigroup(products, associative=associative),
    )


def _follows(name: str, from_what: Property) -> Property | None:
    """Return that a law holds which a property implies, or None if it has to be looked at."""
    return Property(name=name, holds=True) if from_what else None

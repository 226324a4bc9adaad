"""``QuandleParts``: the parts of a rack or quandle, and which classes it is in."""

from dataclasses import dataclass

import numpy as np

from cayley.algebra.axioms._latin_square import is_latin_square, is_left_cancellative
from cayley.algebra.axioms._laws import is_idempotent
from cayley.algebra.axioms._mediality import is_medial
from cayley.algebra.axioms._property import Property
from cayley.algebra.axioms._translation_laws import is_left_distributive
from cayley.algebra.groups._schreier_sims import PermutationGroup
from cayley.tables._full_square import TableLike, full_square

__all__ = ["QuandleParts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuandleParts:
    r"""The parts of a left rack; of a right rack those of its opposite, ``x.y = yx``.

    Elements are places in the table, ascending in every tuple.

    Attributes:
        inner_group: The group that the translations generate; all are automorphisms.
        displacement_group: The group that :math:`L_x L_y^{-1}` generate.
        orbits: The orbits of the inner group.
        classes: The classes that it is in.
        undecided: Those about which nothing was proved.

    ``classes`` has those of these words that are true: ``quandle`` (idempotent), ``involutory``
    (:math:`L_x^2 = 1`; an involutory quandle is a *kei*), ``connected`` (one orbit), ``faithful``
    (translations differ), ``Latin`` (columns repeat no symbol either), ``medial``, ``trivial``
    (:math:`xy = y`), ``conjugation`` (conjugation in a group, on a part of it that it maps to
    itself: proved of faithful quandles, for which the translations are such a part), ``Alexander``
    (:math:`xy = (1 - t)x + ty` over an abelian group with automorphism t: decided for connected
    quandles, of which the medial ones are so, and refuted for those that are not medial).

    Example:
        >>> found = QuandleParts.of([[0, 2, 1], [2, 1, 0], [1, 0, 2]])
        >>> found.inner_group.order, found.displacement_group.order
        (6, 3)
        >>> found.classes[:4]
        ('quandle', 'involutory', 'connected', 'faithful')

    References:
        D. Joyce, "A classifying invariant of knots, the knot quandle", J. Pure Appl. Algebra 23
        (1982), 37-65. A. Hulpke, D. Stanovský, P. Vojtěchovský, "Connected quandles and transitive
        groups", J. Pure Appl. Algebra 220 (2016), 735-758.
    """

    inner_group: PermutationGroup
    displacement_group: PermutationGroup
    orbits: tuple[tuple[int, ...], ...]
    classes: tuple[str, ...]
    undecided: tuple[str, ...]

    @classmethod
    def of(cls, table: TableLike, *, medial: Property | None = None) -> "QuandleParts":
        """Return the parts of a left rack.

        Args:
            table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers
                in ``0..n-1``; transposed if it is a right rack.
            medial: Whether it obeys the medial law, if that is known already.

        Raises:
            ValueError: If rows repeat a symbol, or it is not left distributive.
        """
        products = full_square(table)
        for answer in (is_left_cancellative(products), is_left_distributive(products)):
            if not answer:
                raise ValueError(f"`table` must be a left rack; it is {answer}.")
        each = np.arange(len(products))
        inner = PermutationGroup.generated_by(products)
        displacement = PermutationGroup.generated_by(products[:, np.argsort(products[0])])
        quandle = bool(is_idempotent(products))
        connected = len(inner.orbits) == 1
        faithful = len({row.tobytes() for row in products}) == len(products)
        trivial = bool((products == each).all())
        medial = is_medial(products) if medial is None else medial
        found: dict[str, bool | None] = {
            "quandle": quandle,
            "involutory": bool((products[each[:, None], products] == each).all()),
            "connected": connected,
            "faithful": faithful,
            "Latin": bool(is_latin_square(products)),
            "medial": None if medial is None else bool(medial),
            "trivial": trivial,
            "conjugation": _conjugation(quandle, faithful, trivial),
            "Alexander": _alexander(quandle, connected, trivial, medial),
        }
        return cls(
            inner_group=inner,
            displacement_group=displacement,
            orbits=inner.orbits,
            classes=tuple(name for name, holds in found.items() if holds),
            undecided=tuple(name for name, holds in found.items() if holds is None),
        )


def _conjugation(quandle: bool, faithful: bool, trivial: bool) -> bool | None:
    if not quandle:
        return False
    # A trivial quandle is a part of an abelian group.
    return True if faithful or trivial else None


def _alexander(
    quandle: bool, connected: bool, trivial: bool, medial: Property | None
) -> bool | None:
    if not quandle or (medial is not None and not medial):
        return False
    if trivial:
        return True  # t = 1
    return True if connected and medial else None

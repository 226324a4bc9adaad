"""``LoopParts``: the parts of a quasigroup or loop, and which classes of loops it is in."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._identity_element import has_identity
from cayley.algebra.axioms._latin_square import is_latin_square
from cayley.algebra.axioms._laws import (
    is_commutative,
    is_flexible,
    is_idempotent,
    is_left_alternative,
    is_right_alternative,
    is_unipotent,
)
from cayley.algebra.axioms._mediality import is_medial
from cayley.algebra.axioms._translation_laws import is_left_distributive, is_right_distributive
from cayley.algebra.groups._schreier_sims import PermutationGroup
from cayley.algebra.loops._chein import Doubling, find_doubling
from cayley.algebra.loops._inner_mappings import inner_mappings, is_automorphic
from cayley.algebra.loops._inverse_property import (
    has_antiautomorphic_inverses,
    has_automorphic_inverses,
    has_left_inverse_property,
    is_left_conjugacy_closed,
    is_power_associative,
)
from cayley.algebra.loops._moufang import is_left_bol, is_moufang, is_right_bol
from cayley.algebra.loops._nuclei import Nuclei, nuclei
from cayley.algebra.loops._steiner import is_steiner, is_totally_symmetric
from cayley.tables._full_square import TableLike, full_square

__all__ = ["LoopParts"]

_LARGEST_DOUBLING = 64
"""Above this order a loop is not compared with Chein's construction, which would take a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopParts:
    r"""The parts of a quasigroup, and more of a loop.

    Elements are places in the table, ascending in every tuple.

    Attributes:
        identity: The identity; None if the table is no loop.
        nuclei: Nuclei, commutant and center.
        multiplication_group: The group that all left and right translations generate.
        inner_order: The order of the inner mapping group: what fixes the identity in the
            multiplication group; None if there is no identity.
        inner_mappings: Generators of that group, shape ``(k, n)``.
        doubling: How a Moufang loop of order at most 64 arises from a group by Chein's
            construction; None if it does not, or if it is a group.
        classes: The classes of loops or quasigroups that it is in.
        undecided: Those that would have taken too long to decide.

    ``classes`` has those of these words that are true. Of loops: ``Moufang``, ``left Bol``, ``right
    Bol``, ``Steiner``, ``conjugacy closed`` (left and right translations are closed under
    conjugation, each among themselves; one of them: ``left conjugacy closed``, ``right conjugacy
    closed``), ``automorphic`` (inner mappings are automorphisms), ``inverse property``
    (:math:`x^{-1}(xy) = y = (yx)x^{-1}`; one of them: ``left inverse property``, ``right inverse
    property``), ``automorphic inverse property`` (:math:`(xy)^{-1} = x^{-1}y^{-1}`),
    ``antiautomorphic inverse property`` (:math:`(xy)^{-1} = y^{-1}x^{-1}`), ``power-associative``
    (each element generates a group). Of all quasigroups: ``Steiner``, ``totally symmetric``,
    ``medial``, ``left distributive``, ``right distributive``, ``alternative`` (or one of ``left
    alternative``, ``right alternative``), ``flexible``, ``commutative``, ``idempotent``,
    ``unipotent``.

    Example:
        >>> found = LoopParts.of([[0, 2, 1], [2, 1, 0], [1, 0, 2]])
        >>> found.multiplication_group.order, found.nuclei.left, found.classes[0]
        (6, (), 'Steiner')

    References:
        R. H. Bruck, *A Survey of Binary Systems*, 1958. H. O. Pflugfelder, *Quasigroups and Loops*,
        1990.
    """

    identity: int | None
    nuclei: Nuclei
    multiplication_group: PermutationGroup
    inner_order: int | None
    inner_mappings: Int[NDArray[Any], "k n"] | None
    doubling: Doubling | None
    classes: tuple[str, ...]
    undecided: tuple[str, ...]

    @classmethod
    def of(cls, table: TableLike) -> "LoopParts":
        """Return the parts of a quasigroup or loop.

        Args:
            table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers
                in ``0..n-1``.

        Raises:
            ValueError: If it is not a Latin square.
        """
        products = full_square(table)
        cells = is_latin_square(products).counterexample
        if cells is not None:
            a, b, c, d = cells
            raise ValueError(
                f"`table` must be a Latin square; cells ({a}, {b}) and ({c}, {d}) hold the same "
                "symbol."
            )
        identity = has_identity(products).witness
        group = PermutationGroup.generated_by(np.concatenate([products, products.T]))
        found: dict[str, bool | None] = {}
        inner = doubling = None
        if identity is not None:
            inner = inner_mappings(products)
            found |= _of_loops(products, identity, inner)
            # A loop with nothing but the identity among L_x,y is associative.
            if found["Moufang"] and len(inner) and len(products) <= _LARGEST_DOUBLING:
                doubling = find_doubling(products, identity)
        found |= _of_quasigroups(products)
        return cls(
            identity=identity,
            nuclei=nuclei(products),
            multiplication_group=group,
            # The multiplication group of a quasigroup is transitive.
            inner_order=None if identity is None else group.order // len(products),
            inner_mappings=inner,
            doubling=doubling,
            classes=tuple(name for name, holds in found.items() if holds),
            undecided=tuple(name for name, holds in found.items() if holds is None),
        )


def _of_loops(
    products: Int[NDArray[Any], "n n"], identity: int, inner: Int[NDArray[Any], "k n"]
) -> dict[str, bool | None]:
    opposite = np.ascontiguousarray(products.T)
    sides = {
        "conjugacy closed": is_left_conjugacy_closed,
        "inverse property": has_left_inverse_property,
    }
    found: dict[str, bool | None] = {
        "Moufang": bool(is_moufang(products)),
        "left Bol": bool(is_left_bol(products)),
        "right Bol": bool(is_right_bol(products)),
        "Steiner": bool(is_steiner(products)),
    }
    for name, ask in sides.items():
        left, right = ask(products, identity), ask(opposite, identity)
        found |= {name: left and right, f"left {name}": left, f"right {name}": right}
    return found | {
        "automorphic": is_automorphic(products, inner),
        "automorphic inverse property": has_automorphic_inverses(products, identity),
        "antiautomorphic inverse property": has_antiautomorphic_inverses(products, identity),
        "power-associative": is_power_associative(products, identity),
    }


def _of_quasigroups(products: Int[NDArray[Any], "n n"]) -> dict[str, bool | None]:
    left, right = bool(is_left_alternative(products)), bool(is_right_alternative(products))
    medial = is_medial(products)
    return {
        "Steiner": bool(is_steiner(products)),
        "totally symmetric": bool(is_totally_symmetric(products)),
        "medial": None if medial is None else bool(medial),
        "left distributive": bool(is_left_distributive(products)),
        "right distributive": bool(is_right_distributive(products)),
        "alternative": left and right,
        "left alternative": left,
        "right alternative": right,
        "flexible": bool(is_flexible(products)),
        "commutative": bool(is_commutative(products)),
        "idempotent": bool(is_idempotent(products)),
        "unipotent": bool(is_unipotent(products)),
    }

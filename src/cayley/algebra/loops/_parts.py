"""``LoopParts``: the parts of a quasigroup or loop, and which classes of loops it is in."""

from collections.abc import Callable, Mapping
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
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._mediality import is_medial
from cayley.algebra.axioms._property import Property
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

_LARGEST_INNER = 256
"""Above this order inner mappings are not looked at, of which there are up to 2 n^2."""

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
        inner_mappings: Generators of that group, shape ``(k, n)``; only some if they are more than
            2,000. None above order 256, too.
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
    def of(
        cls, table: TableLike, *, known: Mapping[str, Property | None] | None = None
    ) -> "LoopParts":
        """Return the parts of a quasigroup or loop.

        Args:
            table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers
                in ``0..n-1``.
            known: Properties of the table that are known already, by their names in
                :class:`~cayley.algebra.Analysis`.

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
        properties = _properties(products, known or {})
        if identity is not None:
            if len(products) <= _LARGEST_INNER:
                inner = inner_mappings(products)
            found |= _of_loops(products, identity, inner, properties)
            # Groups are Moufang, too, and their commutative halves would do.
            if (
                found["Moufang"]
                and len(products) <= _LARGEST_DOUBLING
                and not is_associative(products)
            ):
                doubling = find_doubling(products, identity)
        # A quasigroup without an identity is no Moufang or Bol loop, whatever laws it obeys.
        found |= {word: holds for word, holds in properties.items() if word not in _OF_LOOPS}
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


_DECIDE: dict[str, tuple[str, Callable[[TableLike], Property | None]]] = {
    "Moufang": ("moufang", is_moufang),
    "left Bol": ("left_bol", is_left_bol),
    "right Bol": ("right_bol", is_right_bol),
    "Steiner": ("steiner", is_steiner),
    "totally symmetric": ("totally_symmetric", is_totally_symmetric),
    "medial": ("medial", is_medial),
    "left distributive": ("left_distributive", is_left_distributive),
    "right distributive": ("right_distributive", is_right_distributive),
    "left alternative": ("left_alternative", is_left_alternative),
    "right alternative": ("right_alternative", is_right_alternative),
    "flexible": ("flexible", is_flexible),
    "commutative": ("commutative", is_commutative),
    "idempotent": ("idempotent", is_idempotent),
    "unipotent": ("unipotent", is_unipotent),
}
"""For each word its name among properties, and what decides it."""


_OF_LOOPS = ("Moufang", "left Bol", "right Bol")


def _properties(
    products: Int[NDArray[Any], "n n"], known: Mapping[str, Property | None]
) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    for word, (name, decide) in _DECIDE.items():
        answer = known[name] if name in known else decide(products)
        found[word] = None if answer is None else bool(answer)
        if word == "right distributive":
            found["alternative"] = False  # its place, before its two halves
    found["alternative"] = bool(found["left alternative"] and found["right alternative"])
    return found


def _of_loops(
    products: Int[NDArray[Any], "n n"],
    identity: int,
    inner: Int[NDArray[Any], "k n"] | None,
    properties: dict[str, bool | None],
) -> dict[str, bool | None]:
    opposite = np.ascontiguousarray(products.T)
    sides = {
        "conjugacy closed": is_left_conjugacy_closed,
        "inverse property": has_left_inverse_property,
    }
    found = {word: properties[word] for word in (*_OF_LOOPS, "Steiner")}
    for name, ask in sides.items():
        left, right = ask(products, identity), ask(opposite, identity)
        found |= {name: left and right, f"left {name}": left, f"right {name}": right}
    return found | {
        "automorphic": None if inner is None else is_automorphic(products, inner),
        "automorphic inverse property": has_automorphic_inverses(products, identity),
        "antiautomorphic inverse property": has_antiautomorphic_inverses(products, identity),
        "power-associative": is_power_associative(products, identity),
    }

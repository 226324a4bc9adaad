r"""The presentation of the universal group of a partial table: relations of length three.

One generator stands for each used label, and one (number 0) for the identity. Every observed
product becomes a relation :math:`p q = r`; equalities of generators are carried out at once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure

__all__ = ["UniversalPresentation", "busiest", "present", "refined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UniversalPresentation:
    r"""Generators :math:`0 = 1, 1, \dots, G - 1` with relations :math:`p q = r`.

    Attributes:
        num_generators: ``G``, the identity included.
        relations: Triples ``(p, q, r)``, shape ``(m, 3)``, ``p`` and ``q`` never the identity.
        labels: The generator of each label, shape ``(kinds, n)``, -1 for an unused label. There is
            one kind for a group and three (rows, columns, symbols) for an isotope.
        clash: Whether two labels that must stay distinct have the same generator.
        distinct: The kinds whose labels must stay distinct, None for all: rows and columns of a
            homotope may be equal.
    """

    num_generators: int
    relations: Int[NDArray[Any], "m 3"]
    labels: Int[NDArray[Any], "kinds n"]
    clash: bool
    distinct: tuple[int, ...] | None = None

    @property
    def distinct_labels(self) -> Int[NDArray[Any], "k n"]:
        """The generators of the labels that must stay distinct, one kind a row."""
        return self.labels if self.distinct is None else self.labels[list(self.distinct)]


def present(
    observations: Int[NDArray[Any], "m 3"],
    order: int,
    *,
    assume: Structure,
    gauge: tuple[int, int],
) -> UniversalPresentation:
    """Return the presentation of the universal group of observed products.

    Args:
        observations: Rows ``(a, b, c)`` for an observed ``a o b = c``, entries in ``0..order-1``.
        order: How many labels of each kind there are.
        assume: ``GROUP_ISOTOPE``: rows, columns and symbols are three alphabets, and
            ``f(a) g(b) = h(c)``. ``GROUP``: they are one.
        gauge: The row and the column set to the identity (isotopes only). Every choice allows the
            same tables.
    """
    isotope = assume is Structure.GROUP_ISOTOPE
    # Generator 0 is the identity; labels of different alphabets get different generators.
    shift = np.array([1, 1 + order, 1 + 2 * order]) if isotope else np.ones(3, np.int64)
    relations = observations + shift
    kinds = 3 if isotope else 1
    size = 1 + kinds * order
    equal = np.empty((0, 2), np.int64)
    used = np.zeros(size, bool)
    used[relations] = True
    if isotope:
        row, column = gauge
        # Without these two equalities the group would be larger by free factors: an isotopism is
        # determined up to a choice of the row and the column that stand for the identity.
        equal = np.array([[0, 1 + row], [0, 1 + order + column]])
        used[equal] = True
    labels = np.arange(1, size).reshape(kinds, order)
    labels = np.where(used[labels], labels, -1)
    return reduced(size, relations, equal, labels)


def busiest(observations: Int[NDArray[Any], "m 3"], order: int) -> tuple[int, int]:
    """Return the row and the column with most observations."""
    row, column = (np.bincount(observations[:, i], minlength=order).argmax() for i in (0, 1))
    return int(row), int(column)


def refined(
    presentation: UniversalPresentation, images: Int[NDArray[Any], "v g"], *, most: int
) -> UniversalPresentation:
    """Return an equivalent presentation that states what a coset table has found.

    Generators with the same coset are merged, and each product of two generators that is a third
    becomes a relation of its own. The group is the same; deduction goes further in it.

    Args:
        presentation: What the table was deduced from.
        images: The coset of ``v g``, or -1 where it is not known; coset 0 is the identity.
        most: Keep at most so many new relations, those with the least generators first.
    """
    base = images[0]
    named = np.flatnonzero(base >= 0)
    name = np.full(len(images), -1)
    name[base[named[::-1]]] = named[::-1]
    equal = np.stack([named, name[base[named]]], axis=1)
    v, g = np.nonzero((images >= 0) & (name >= 0)[:, None])
    facts = np.stack([name[v], g, name[images[v, g]]], axis=1)
    facts = facts[facts[:, 2] >= 0][:most]
    relations = np.concatenate([presentation.relations, facts])
    size = presentation.num_generators
    return reduced(size, relations, equal, presentation.labels, distinct=presentation.distinct)


def reduced(
    size: int,
    relations: Int[NDArray[Any], "m 3"],
    equal: Int[NDArray[Any], "k 2"],
    labels: Int[NDArray[Any], "kinds n"],
    *,
    distinct: tuple[int, ...] | None = None,
) -> UniversalPresentation:
    """Merge equal generators until no relation has the identity as a factor; renumber the rest."""
    leader = np.arange(size)
    while len(equal):
        for i, j in equal[equal[:, 0] != equal[:, 1]].tolist():
            _union(leader, i, j)
        leader = _flattened(leader)
        relations = leader[relations]
        left, right = relations[:, 0] == 0, relations[:, 1] == 0
        equal = np.concatenate([relations[left][:, 1:], relations[right & ~left][:, ::2]])
        relations = relations[~(left | right)]
    relations = np.unique(relations, axis=0) if len(relations) else relations
    labels = np.where(labels >= 0, leader[labels], -1)
    kept = np.unique(np.concatenate([[0], labels[labels >= 0]]))
    number = np.full(size + 1, -1)
    number[kept] = np.arange(len(kept))
    labels = number[labels]
    kinds = range(len(labels)) if distinct is None else distinct
    used = [labels[kind][labels[kind] >= 0] for kind in kinds]
    return UniversalPresentation(
        num_generators=len(kept),
        relations=number[relations].astype(np.int64).reshape(-1, 3),
        labels=labels,
        clash=any(len(np.unique(row)) < len(row) for row in used),
        distinct=distinct,
    )


def _union(leader: Int[NDArray[Any], " g"], i: int, j: int) -> None:
    while leader[i] != i:
        i = leader[i]
    while leader[j] != j:
        j = leader[j]
    leader[max(i, j)] = min(i, j)  # the identity, number 0, always leads its class


def _flattened(leader: Int[NDArray[Any], " g"]) -> Int[NDArray[Any], " g"]:
    while not np.array_equal(leader, leader[leader]):
        leader = leader[leader]
    return leader

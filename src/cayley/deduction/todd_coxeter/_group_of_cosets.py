r"""From a coset table to the group that it is the table of, checked from scratch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.todd_coxeter._relations import UniversalPresentation
from cayley.tables.families._regular_table import spelled_out

__all__ = ["regular_group"]


def regular_group(
    presentation: UniversalPresentation, images: Int[NDArray[Any], "v g"]
) -> Int[NDArray[Any], "v v"] | None:
    r"""Return the multiplication table of the presented group, or None if it is not known yet.

    It is known as soon as some generators :math:`S` act on all cosets and reach every generator
    from the identity: then :math:`S` generates, and there are no other elements. That the result
    is a group, and satisfies every relation, is checked here and rests on no deduction.

    Args:
        presentation: The generators and relations.
        images: The coset ``v g``, -1 where not known; coset 0 is the identity. Every deduction
            in it must follow from the relations.

    Returns:
        Products of the elements, element 0 the identity; the element of generator ``g`` is
        ``images[0, g]``.
    """
    generators = _generating_columns(images)
    if generators is None:
        return None
    table = spelled_out(images[:, generators])
    base = images[0]
    p, q, r = presentation.relations.T
    if not np.array_equal(table[base[p], base[q]], base[r]):
        return None
    # Light's test: (v w) s = v (w s) for generators s gives associativity by induction on words.
    for s in generators:
        column = images[:, s]
        if not np.array_equal(column[table], table[:, column]):
            return None
    # An associative table with bijective rows and an identity is a group.
    rows_are_bijective = (np.sort(table, axis=1) == np.arange(len(table))).all()
    return table if rows_are_bijective else None


def _generating_columns(images: Int[NDArray[Any], "v g"]) -> list[int] | None:
    """Choose columns known everywhere under which the identity reaches every coset."""
    size = len(images)
    reached = np.zeros(size, bool)
    reached[0] = True
    chosen: list[int] = []
    for g in np.flatnonzero((images >= 0).all(axis=0)).tolist():
        if reached[images[0, g]]:
            continue
        chosen.append(g)
        frontier = np.flatnonzero(reached)
        while len(frontier):
            found = np.unique(images[frontier][:, chosen])
            frontier = found[~reached[found]]
            reached[frontier] = True
        if reached.all():
            break
    return chosen if reached.all() and (images[0] >= 0).all() else None

r"""Dihedral, dicyclic and symmetric groups, recognized by generators that satisfy a presentation.

The argument is the same each time. If elements that generate :math:`G` satisfy the relations of
a presentation of a group :math:`P`, then :math:`G` is a quotient of :math:`P` (von Dyck). If
moreover :math:`|G| = |P|`, it is :math:`P`. Nothing is inferred from a search that fails.
"""

from collections.abc import Iterator
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import generated_submagma
from cayley.algebra.groups._conjugacy_classes import conjugacy_classes
from cayley.algebra.groups._element_orders import powers
from cayley.algebra.groups._group import Group

__all__ = ["metacyclic_name", "symmetric_name"]


def metacyclic_name(group: Group) -> str | None:
    r"""Return ``D120``, ``Q120``, ``QD128`` for a dihedral, dicyclic, semidihedral group, or None.

    A cyclic subgroup :math:`\langle x \rangle` of index 2 whose elements are inverted by some
    :math:`t` outside. Then :math:`t^2 = 1` gives the dihedral group
    :math:`\langle x, t \mid x^{n/2}, t^2, t^{-1}xt = x^{-1} \rangle` and :math:`t^2 = x^{n/4}` the
    dicyclic group :math:`\langle x, t \mid x^{n/2}, t^2 = x^{n/4}, t^{-1}xt = x^{-1} \rangle`
    (generalized quaternion if ``n`` is a power of two).
    """
    n, table = group.order, group.table
    longest = np.flatnonzero(group.element_orders == n // 2)
    # Below order 8 the dihedral groups have other names (C2 x C2, S3).
    if n % 2 or n < 8 or not len(longest):
        return None
    x = int(longest[0])
    cyclic = generated_submagma(table, [x])
    t = int(np.setdiff1d(np.arange(n), cyclic)[0])
    # One t outside is enough: the others are t x^i, and x^i commutes with x.
    if table[x, t] != table[t, group.inverses[x]]:
        return _semidihedral_name(group, x, cyclic)
    square = int(table[t, t])
    if square == group.identity:
        return f"D{n}"
    half = powers(table, group.identity, np.array([x]), n // 4)[0]
    return f"Q{n}" if n % 4 == 0 and square == half else None


def _semidihedral_name(group: Group, x: int, cyclic: Int[NDArray[Any], " m"]) -> str | None:
    """Return ``QD128`` if some t outside has tt = 1 and t^-1 x t = x^(n/4 - 1), n a power of 2."""
    n, table = group.order, group.table
    if n & (n - 1) or n < 16:  # at order 8 the exponent is 1
        return None
    outside = np.setdiff1d(np.arange(n), cyclic)
    swaps = outside[table[outside, outside] == group.identity]
    if not len(swaps):
        return None
    target = powers(table, group.identity, np.array([x]), n // 4 - 1)[0]
    return f"QD{n}" if table[x, swaps[0]] == table[swaps[0], target] else None


def symmetric_name(group: Group) -> str | None:
    r"""Return ``S5`` for the symmetric group of 5 points, by Coxeter's presentation, else ``None``.

    Generators :math:`s_1, \dots, s_{k-1}` of order 2 with :math:`(s_i s_{i+1})^3 = 1` and
    :math:`(s_i s_j)^2 = 1` otherwise, looked for in the classes that have as many elements as
    there are transpositions.
    """
    # 10! = 3628800 elements would need a table of 100 TB.
    k = next((k for k in range(3, 10) if factorial(k) == group.order), None)
    if k is None:
        return None
    gap = np.abs(np.subtract.outer(np.arange(k - 1), np.arange(k - 1)))
    # In S6 there are two such classes, which an outer automorphism exchanges: either will do.
    for members in _classes_of(group, order=2, size=k * (k - 1) // 2):
        found = _sequence(group, members, np.where(gap == 1, 3, 2))
        if found is not None and _generate(group, found):
            return f"S{k}"
    return None


def _classes_of(group: Group, *, order: int, size: int) -> Iterator[Int[NDArray[Any], " m"]]:
    classes = conjugacy_classes(group)
    for index in np.flatnonzero((classes.orders == order) & (classes.sizes == size)).tolist():
        yield classes.members(index)


def _sequence(
    group: Group, members: Int[NDArray[Any], " m"], required: Int[NDArray[Any], "r r"]
) -> list[int] | None:
    """Return elements of one class such that products of two have the required orders, or ``None``.

    The first may be fixed: any other choice is conjugate to it. Depth first, with backtracking.
    """
    orders = group.element_orders[group.table[np.ix_(members, members)]]

    def extended(chosen: list[int]) -> list[int] | None:
        if len(chosen) == len(required):
            return chosen
        fits = (orders[chosen] == required[len(chosen), : len(chosen), None]).all(axis=0)
        for new in np.flatnonzero(fits).tolist():
            found = extended([*chosen, new])
            if found is not None:
                return found
        return None

    places = extended([0])
    return None if places is None else members[places].tolist()


def _generate(group: Group, elements: list[int]) -> bool:
    return len(generated_submagma(group.table, elements)) == group.order

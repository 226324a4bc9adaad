r"""Groups that are told by a normal subgroup and its quotient.

Three arguments, each a theorem:

- A normal subgroup :math:`N` whose order and index have no common factor has a complement (Schur
  and Zassenhaus), or some element is seen to generate one: the group is ``N : Q``, with :math:`Q`
  isomorphic to the quotient.
- A perfect group with a center of order 2 and the quotient :math:`PSL(2, q)`, q odd, is
  :math:`SL(2, q)`: it is a quotient of the universal cover, whose kernel is cyclic (Schur).
- A group without a center whose derived subgroup is simple of index 2 is contained in the
  automorphism group of that; :math:`PSL(2, p)` has :math:`PGL(2, p)` for its automorphism group.
"""

from collections.abc import Callable
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.groups._conjugacy_classes import center, derived_subgroup
from cayley.algebra.groups._element_orders import powers, prime_factors
from cayley.algebra.groups._group import Group, restricted_to
from cayley.algebra.groups._normal_subgroups import NormalClosures
from cayley.algebra.identification._simple_groups import simple_name

__all__ = ["extraspecial_name", "linear_name", "quotient_group", "split_name"]

_FIELDS = {"A5": 5, "A6": 9}
"""The q for which these groups are PSL(2, q) with q odd; of the others it is in the name."""

_MOST_CLOSURES = 200
"""Normal closures of elements whose products are looked at for a split extension."""


def quotient_group(group: Group, normal: Int[NDArray[Any], " m"]) -> Group:
    """Return a group modulo a normal subgroup.

    Example:
        >>> c4 = Group.from_permutations([[1, 2, 3, 0]])
        >>> quotient_group(c4, np.array([0, 2])).order
        2
    """
    cosets = group.table[:, normal].min(axis=1)  # each is named by its smallest element
    leaders, number = np.unique(cosets, return_inverse=True)
    number = number.reshape(-1)
    return Group(
        table=number[group.table[np.ix_(leaders, leaders)]], identity=int(number[group.identity])
    )


def linear_name(group: Group) -> str | None:
    """Return ``SL(2,q)`` or ``PGL(2,p)`` with the proof above, else None."""
    derived, middle = derived_subgroup(group), center(group)
    if len(derived) == group.order and len(middle) == 2:
        q = _odd_field(quotient_group(group, middle))
        return None if q is None else f"SL(2,{q})"
    if 2 * len(derived) == group.order and len(middle) == 1:
        q = _odd_field(restricted_to(group, derived))
        if q == 9:
            # Three groups contain A6 with index 2 and have no center; S6 has its own name before.
            largest = set(group.element_orders.tolist())
            return "PGL(2,9)" if 10 in largest else "M10" if 8 in largest else None
        return f"PGL(2,{q})" if q is not None and _prime(q) else None
    return None


def _prime(q: int) -> bool:
    return prime_factors(q) == {q: 1}


def _odd_field(group: Group) -> int | None:
    """Return the odd q for which a group is PSL(2, q), if it is simple and of order below 10000."""
    name = simple_name(group)
    if name is None:
        return None
    q = _FIELDS.get(name)
    if q is None and name.startswith("PSL(2,"):
        q = int(name[len("PSL(2,") : -1])
    return q if q is not None and q % 2 else None


def extraspecial_name(group: Group) -> str | None:
    """Return ``2+^(1+6)`` for an extraspecial group, in the notation of the ATLAS, else None.

    Center and derived subgroup are the same, of prime order p, and all p-th powers lie in it. Of
    one order there are two. For odd p one has exponent p (+). For p = 2 they differ in the number
    of ``x`` with ``xx = 1``: more than half of all (+), or fewer.
    """
    primes = prime_factors(group.order)
    if len(primes) != 1:
        return None
    ((p, exponent),) = primes.items()
    middle, derived = center(group), derived_subgroup(group)
    if exponent < 3 or len(middle) != p or not np.array_equal(middle, derived):
        return None
    power = np.full(group.order, group.identity)
    for _ in range(p):
        power = group.table[power, np.arange(group.order)]
    if not np.isin(power, middle).all():
        return None
    if p == 2:
        plus = 2 * int((power == group.identity).sum()) > group.order
    else:
        plus = bool((power == group.identity).all())
    return f"{p}{'+' if plus else '-'}^(1+{exponent - 1})"


def split_name(group: Group, name_of: Callable[[Group], str | None]) -> str | None:
    """Return ``N : Q`` for a normal subgroup N that is seen to have a complement, else None.

    Order and index have no common factor, or the complement is cyclic. The largest such N whose
    name and whose quotient's name are found.

    Args:
        group: A group that is no direct product.
        name_of: Returns the name of a smaller group, if it finds one.
    """
    normal = NormalClosures.of(group)
    if len(normal.closures) > _MOST_CLOSURES:
        return None
    found = {closure.tobytes(): closure for closure in normal.closures}
    queue = list(found.values())
    for subgroup in queue:  # grows while it is read: products of what was found
        for closure in normal.closures:
            product = normal.product(subgroup, closure)
            if product.tobytes() not in found and len(found) <= _MOST_CLOSURES:
                found[product.tobytes()] = product
                queue.append(product)
    for subgroup in sorted(queue, key=normal.order, reverse=True):
        order = normal.order(subgroup)
        index = group.order // order
        if 1 in (order, index):
            continue
        members = normal.elements(subgroup)
        if gcd(order, index) > 1 and not _has_cyclic_complement(group, members, index):
            continue
        parts = [name_of(restricted_to(group, members)), name_of(quotient_group(group, members))]
        if None not in parts:
            return " : ".join(_bracketed(part) for part in parts if part is not None)
    return None


def _has_cyclic_complement(group: Group, normal: Int[NDArray[Any], " m"], index: int) -> bool:
    """Return whether some element generates a subgroup that meets N in 1 and has its index."""
    candidates = np.flatnonzero(group.element_orders == index)
    inside = np.zeros(group.order, bool)
    inside[normal] = True
    for p in prime_factors(index):
        # A cyclic subgroup meets N if one of its elements of prime order is in it.
        meets = inside[powers(group.table, group.identity, candidates, index // p)]
        candidates = candidates[~meets]
    return bool(len(candidates))


def _bracketed(name: str) -> str:
    return f"({name})" if " " in name else name

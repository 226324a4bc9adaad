r"""``schur_multiplier``: the second homology group of a group, by theorems and by a list.

The multiplier :math:`M(G) = H_2(G, \mathbf{Z})` is the kernel of the largest central extension of
:math:`G` by a subgroup of its derived subgroup. The ways to it, all but the last one theorems:

- Of an abelian group :math:`\prod C_{n_i}` it is :math:`\prod_{i<j} C_{\gcd(n_i, n_j)}`.
- If every Sylow subgroup is cyclic, it is trivial: its p-part embeds in that of a Sylow subgroup.
- :math:`M(G \times H) = M(G) \times M(H) \times (G/G' \otimes H/H')`.
- Dihedral, dicyclic, semidihedral, symmetric and alternating groups, :math:`PSL(2, q)` and
  :math:`SL(2, q)`, and the other simple groups that have a name: literature.
- Groups of order at most 100: the list that GAP computed, ``data/schur_multipliers.jsonl``.

References:
    G. Karpilovsky, *The Schur Multiplier*, 1987. I. Schur (1904, 1907, 1911) for the families.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import combinations
from math import gcd

from cayley.algebra.groups._conjugacy_classes import abelian_invariants
from cayley.algebra.groups._direct_product import direct_factors
from cayley.algebra.groups._element_orders import prime_factors
from cayley.algebra.groups._group import Group
from cayley.algebra.identification._group_name import recognize

__all__ = ["listed_multipliers", "schur_multiplier"]


_SIMPLE: dict[str, tuple[int, ...]] = {
    "A6": (2, 3), "A7": (2, 3), "PSL(3,3)": (), "PSU(3,3)": (), "M11": (),
}  # fmt: skip
"""Simple groups below order 10000 whose multipliers are not those of their families."""


def schur_multiplier(group: Group, number: int | None = None) -> tuple[int, ...] | None:
    """Return the prime powers of the Schur multiplier, ascending, or None if it is not known here.

    Args:
        group: A group.
        number: Its number among the groups of its order, if that is known.

    Example:
        >>> v4 = Group.from_permutations([[1, 0, 3, 2], [2, 3, 0, 1]])
        >>> schur_multiplier(v4), schur_multiplier(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        ((2,), ())
    """
    if group.is_abelian:
        return _common(combinations(abelian_invariants(group), 2))
    if _has_cyclic_sylow_subgroups(group):
        return ()
    listed = listed_multipliers().get(group.order)
    if listed is not None and number is not None:
        return listed[number - 1]
    factors = direct_factors(group)
    if len(factors) == 1:
        found_as = recognize(group)
        return None if found_as is None else _of_family(found_as.name)
    known = [schur_multiplier(factor, _number(factor)) for factor in factors]
    found: list[int] = []
    for each in known:
        if each is None:
            return None
        found += each
    quotients = [abelian_invariants(factor) for factor in factors]
    for first, second in combinations(quotients, 2):
        found += _common((q, r) for q in first for r in second)
    return tuple(sorted(found))


def _common(pairs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Return the tensor products of cyclic groups of prime power order that are not trivial."""
    return tuple(sorted(gcd(q, r) for q, r in pairs if gcd(q, r) > 1))


def _has_cyclic_sylow_subgroups(group: Group) -> bool:
    """Return whether for each prime some element has the order of a Sylow subgroup."""
    orders = set(group.element_orders.tolist())
    return all(any(m % p**k == 0 for m in orders) for p, k in prime_factors(group.order).items())


def _of_family(name: str) -> tuple[int, ...] | None:
    """Return the multiplier of a group that is no direct product, by its name, or None."""
    if name in _SIMPLE:
        return _SIMPLE[name]
    if re.fullmatch(r"D\d+|S\d+|A\d+|PSL\(2,\d+\)", name):
        # Of even q only PSL(2,4), which is A5, has one; D2n with odd n has cyclic Sylow subgroups.
        odd = int(re.findall(r"\d+", name)[-1]) % 2 == 1
        return (2,) if odd or not name.startswith("PSL") else ()
    # SL(2,4) and SL(2,9) have one: the first is A5, the second is left out.
    if re.fullmatch(r"Q\d+|QD\d+|SL\(2,\d+\)", name) and name != "SL(2,9)":
        return ()
    return None


def _number(group: Group) -> int | None:
    found = recognize(group)
    return None if found is None or found.gap_id is None else found.gap_id[1]


@cache
def listed_multipliers() -> dict[int, tuple[tuple[int, ...], ...]]:
    """Return the multiplier of each group of order at most 100, by order and number less 1."""
    data = resources.files("cayley.algebra.identification") / "data" / "schur_multipliers.jsonl"
    records = map(json.loads, data.read_text(encoding="utf-8").splitlines())
    return {each["order"]: tuple(map(tuple, each["multipliers"])) for each in records}

"""The name of a group: from the lists up to order 200, from its construction beyond."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

from cayley.algebra.groups._conjugacy_classes import abelian_invariants
from cayley.algebra.groups._direct_product import direct_factors
from cayley.algebra.groups._group import Group
from cayley.algebra.identification._extensions import (
    extraspecial_name,
    linear_name,
    split_name,
)
from cayley.algebra.identification._fingerprint import fingerprint
from cayley.algebra.identification._listed_presentations import presented_name
from cayley.algebra.identification._pair_digest import pair_digest
from cayley.algebra.identification._presented_groups import metacyclic_name, symmetric_name
from cayley.algebra.identification._simple_groups import simple_name
from cayley.algebra.identification._structure_description import abelian_name, product_name

__all__ = ["Recognition", "larger_groups", "larger_orders", "listed_groups", "recognize"]

# As far as data/group_fingerprints.jsonl lists all groups with different fingerprints.
MAX_LISTED_ORDER = 100

_FAMILIES = (
    metacyclic_name, symmetric_name, simple_name, linear_name, extraspecial_name, presented_name,
)  # fmt: skip
"""In the order of their cost. Which one answers does not change the name: no group is in two of
these families at orders above 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A name that is proved to be that of the group.

    Attributes:
        name: The structure description.
        order: The number of elements.
        gap_id: Order and number in the list of small groups, up to order 200.
        factors: Direct factors recognized one by one; empty if the group was recognized whole.
        invariants: The prime powers of the group if it is abelian, else ``None``.
    """

    name: str
    order: int
    gap_id: tuple[int, int] | None = None
    factors: tuple["Recognition", ...] = ()
    invariants: tuple[int, ...] | None = None


def recognize(group: Group) -> Recognition | None:
    """Return the name of a group with its proof, or ``None`` if none was found.

    The ways are tried in the order in which :func:`identify` lists them.
    """
    invariants = abelian_invariants(group) if group.is_abelian else None
    if group.order <= MAX_LISTED_ORDER:
        number, name = listed_groups()[group.order, fingerprint(group)]
        return Recognition(
            name=name, order=group.order, gap_id=(group.order, number), invariants=invariants
        )
    listed = _recognize_larger(group, invariants)
    if listed is not None:
        return listed
    if invariants is not None:
        return Recognition(name=abelian_name(invariants), order=group.order, invariants=invariants)
    for family in _FAMILIES:
        found = family(group)
        if found is not None:
            return Recognition(name=found, order=group.order)
    product = _recognize_product(group)
    if product is not None or len(direct_factors(group)) > 1:
        return product
    split = split_name(group, _name_of)
    return None if split is None else Recognition(name=split, order=group.order)


def _name_of(group: Group) -> str | None:
    found = recognize(group)
    return None if found is None else found.name


def _recognize_larger(group: Group, invariants: tuple[int, ...] | None) -> Recognition | None:
    """Return what the list of groups of order 101 to 200 says; None of other orders.

    Families have the names here that they have above order 200.
    """
    if group.order not in larger_orders():
        return None
    entries = larger_groups(group.order)[fingerprint(group)]
    if len(entries) > 1:
        digest = pair_digest(group)
        entries = [entry for entry in entries if entry[2] == digest]
    ((number, name, _),) = entries
    families = (family(group) for family in (metacyclic_name, symmetric_name, simple_name))
    return Recognition(
        name=next(filter(None, families), name),
        order=group.order,
        gap_id=(group.order, number),
        invariants=invariants,
    )


def larger_orders() -> frozenset[int]:
    """Return the orders above 100 of which all groups are listed."""
    return frozenset(range(101, 201))


@cache
def larger_groups(order: int) -> dict[str, list[tuple[int, str, str]]]:
    """Return the groups of an order from 101 to 200, by fingerprint.

    Of each the number, the name and, where another one has its fingerprint, the digest of pairs.
    """
    data = resources.files("cayley.algebra.identification") / "data" / "larger_groups.jsonl"
    found: dict[str, list[tuple[int, str, str]]] = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        # Most lines are of other orders: only those of this one are read.
        if line.startswith(f'{{"order":{order},'):
            for number, (digest, name, *more) in enumerate(json.loads(line)["groups"], 1):
                found.setdefault(digest, []).append((number, name, more[0] if more else ""))
    return found


@cache
def listed_groups() -> dict[tuple[int, str], tuple[int, str]]:
    """Return the number and name of each group of order at most 100, by order and fingerprint."""
    data = resources.files("cayley.algebra.identification") / "data" / "group_fingerprints.jsonl"
    records = (json.loads(line) for line in data.read_text(encoding="utf-8").splitlines())
    return {(r["order"], r["fingerprint"]): (r["id"], r["name"]) for r in records}


def _recognize_product(group: Group) -> Recognition | None:
    """Return the name made of all direct factors, or ``None`` if one of them has none."""
    factors = direct_factors(group)
    if len(factors) == 1:
        return None
    known = [found for found in map(recognize, factors) if found is not None]
    if len(known) < len(factors):
        return None
    # A fixed order of factors, so that isomorphic groups get the same name.
    known.sort(key=lambda factor: (factor.order, factor.gap_id or (), factor.name))
    abelian = [power for factor in known for power in factor.invariants or ()]
    others = [factor.name for factor in known if factor.invariants is None]
    return Recognition(name=product_name(abelian, others), order=group.order, factors=tuple(known))

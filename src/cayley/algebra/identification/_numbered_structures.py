"""``number_in_list``: the number of an operation in a complete list of its kind.

The lists are those of GAP's packages LOOPS (loops of order 5 and 6 that are no group, Moufang loops
of order up to 31 that are none, Steiner loops of order up to 16), smallsemi (semigroups of order up
to 6) and RIG (connected quandles of order up to 47). Of each structure a digest is kept of a table
that isomorphic ones have in common. In each list all digests are different; as a list has one of
each isomorphism type, an equal digest proves an isomorphism.
"""

import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeAlias

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.identification._canonical_form import canonical_form
from cayley.algebra.identification._smallest_relabeling import (
    LARGEST_RELABELED,
    smallest_relabeling,
)

__all__ = ["Kind", "digest_of", "listed_orders", "number_in_list"]

Kind: TypeAlias = Literal["loop", "Moufang loop", "Steiner loop", "semigroup", "quandle"]

_DIGITS = 8
"""Hexadecimal digits of a digest. The script that makes the lists fails where two are equal."""


def digest_of(products: Int[NDArray[Any], "n n"], *, homogeneous: bool = False) -> str | None:
    """Return the digest of a table that isomorphic operations have in common.

    None if the canonical form would take too long to find.

    Args:
        products: Products, shape ``(n, n)``, int64.
        homogeneous: Whether automorphisms are known to take each element to each other one.
    """
    if len(products) <= LARGEST_RELABELED:
        table = smallest_relabeling(products)
    else:
        found = canonical_form(products, homogeneous=homogeneous)
        if found is None:
            return None
        table = found.table.astype("<i8").tobytes()
    return hashlib.blake2b(table, digest_size=_DIGITS // 2).hexdigest()


def number_in_list(kind: Kind, products: Int[NDArray[Any], "n n"]) -> int | None:
    """Return the number of an operation in the list of its kind; None if it is in none.

    Args:
        kind: What it is known to be. A loop, Moufang loop or Steiner loop must not be a group, and
            a quandle must be a connected left one.
        products: Products, shape ``(n, n)``, int64.

    Example:
        >>> import numpy as np
        >>> number_in_list("semigroup", np.maximum.outer(range(3), range(3)))
        16
    """
    numbers = _lists().get((kind, len(products)))
    if numbers is None:
        return None
    digest = digest_of(products, homogeneous=kind == "quandle")
    return None if digest is None else numbers.get(digest)


def listed_orders(kind: Kind) -> tuple[int, ...]:
    """Return the orders for which there is a list, ascending."""
    return tuple(sorted(order for each, order in _lists() if each == kind))


@cache
def _lists() -> dict[tuple[str, int], dict[str, int]]:
    """Return for each kind and order the number of each digest."""
    data = resources.files("cayley.algebra.identification") / "data" / "numbered_structures.jsonl"
    found: dict[tuple[str, int], dict[str, int]] = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["digests"]
        digests = (text[i : i + _DIGITS] for i in range(0, len(text), _DIGITS))
        # Dashes stand for those that have no digest here.
        found[record["kind"], record["order"]] = {
            digest: number for number, digest in enumerate(digests, 1) if "-" not in digest
        }
    return found

"""``small_generating_set``: a few elements that generate a group, none of them redundant."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import extend

__all__ = ["small_generating_set"]


def small_generating_set(
    table: Int[NDArray[Any], "n n"], identity: int, orders: Int[NDArray[Any], " n"]
) -> tuple[int, ...]:
    """Return generators of a group: greedily by falling order, then without the redundant ones.

    Args:
        table: Products of a group, shape ``(n, n)``.
        identity: Its identity.
        orders: The order of each element, shape ``(n,)``.

    Returns:
        Generators, none of which the others generate; empty for the trivial group.
    """
    member = np.zeros(len(table), bool)
    extend(table, member, np.array([identity]))
    chosen: list[int] = []
    # Elements of high order generate much at once; stable, so that ties go to the smaller element
    # and the choice depends on the table only.
    for x in np.argsort(-orders, kind="stable").tolist():
        if not member[x]:
            chosen.append(x)
            extend(table, member, np.array([x]))
        if member.all():
            break
    # The last one is needed: without it the loop above would have gone on.
    for x in chosen[:-1]:
        others = [y for y in chosen if y != x]
        if _generate_all(table, others):
            chosen = others
    return tuple(chosen)


def _generate_all(table: Int[NDArray[Any], "n n"], elements: list[int]) -> bool:
    member = np.zeros(len(table), bool)
    extend(table, member, np.array(elements, np.int64))
    return bool(member.all())

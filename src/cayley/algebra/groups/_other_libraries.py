"""Between groups given by their tables and the groups of SymPy."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables import MAX_ORDER
from cayley.tables.families._permutations import permutation_group_table

if TYPE_CHECKING:
    from sympy.combinatorics import PermutationGroup

__all__ = ["permutation_group_of", "products_of_sympy_group"]

_COSETS_AN_ELEMENT = 40
"""How many cosets SymPy may define for each element allowed: an enumeration passes through more
cosets than there are elements, by a small factor for presentations that people write."""


def products_of_sympy_group(group: Any, max_order: int = MAX_ORDER) -> Int[NDArray[Any], "n n"]:
    """Return the table of a permutation group or a finitely presented group of SymPy.

    Raises:
        TypeError: If it is neither.
        ValueError: If it has more than ``max_order`` elements, or its cosets do not come to an end.
    """
    kinds = {each.__name__ for each in type(group).__mro__ if each.__module__.startswith("sympy.")}
    if "PermutationGroup" in kinds:
        generators = [list(each.array_form) for each in group.generators]
    elif "FpGroup" in kinds:
        generators = _regular_permutations(group, max_order)
    else:
        raise TypeError(
            "`group` must be a PermutationGroup or an FpGroup of SymPy; got "
            f"{type(group).__name__}."
        )
    table = permutation_group_table(generators, max_order=max_order)
    return table.array


def _regular_permutations(group: Any, max_order: int) -> list[list[int]]:
    """Return what the generators of a presented group do to its elements."""
    try:
        cosets = group.coset_enumeration([], max_cosets=_COSETS_AN_ELEMENT * max_order)
    except ValueError:
        raise ValueError(
            f"`group` is infinite, or larger than `max_order`, which is {max_order}: its cosets "
            "do not come to an end."
        ) from None
    cosets.compress()
    # The columns of a generator and of its inverse take turns.
    return [[row[g] for row in cosets.table] for g in range(0, len(cosets.A), 2)] or [[0]]


def permutation_group_of(
    table: Int[NDArray[Any], "n n"], generators: Sequence[int]
) -> "PermutationGroup":
    """Return the permutations of the elements by which generators multiply them from the right."""
    from sympy.combinatorics import Permutation, PermutationGroup

    chosen = list(generators) or [int(np.flatnonzero((table == np.arange(len(table))).all(1))[0])]
    return PermutationGroup([Permutation(table[:, g].tolist()) for g in chosen])

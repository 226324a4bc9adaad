r"""The deduction from observed products: what they force, or a small set that contradicts itself.

The *universal group* of the observations has a generator for each label and a relation
:math:`x_a x_b = x_c` for each product :math:`a \circ b = c`; for an isotope
:math:`f(a) g(b) = h(c)` the relations are :math:`x_a y_b = z_c` with one :math:`x` and one
:math:`y` set to 1. Every group (isotope) that agrees with the observations is a quotient of it in
which the labels of each kind stay distinct. So if two labels coincide in it, there is no such
group; if its order is that of the table, there is exactly one.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction.todd_coxeter._todd_coxeter import Limits
from cayley.deduction.universal_group._evidence import evidence
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.universal_group._universal_group import (
    Contradiction,
    Forced,
    Inconsistent,
    Undecided,
    interpret,
)

__all__ = ["Deduction", "deduce", "deduced"]

Deduction: TypeAlias = Forced | Inconsistent | Undecided
"""One of the three answers."""


def deduce(
    observations: ArrayLike,
    *,
    order: int,
    assume: Structure | str,
    limits: Limits | None = None,
) -> Deduction:
    """Prove what observed products force, if the operation is a group or an isotope of one.

    Nothing is guessed: a forced table is checked cell by cell to be a group (isotope) that agrees
    with every observation, and that there is no other follows from the universal group.

    Args:
        observations: Observed products ``a o b = c`` as rows ``(a, b, c)``, shape ``(m, 3)``,
            integers in ``0..order-1``. A cell may occur more than once.
        order: The order of the table.
        assume: "group": the three alphabets are one and the operation is a group. "isotope":
            ``f(a) g(b) = h(c)`` in some group for three bijections ``f, g, h``.
        limits: How far to go; ``Limits()`` by default.

    Returns:
        `Forced`, `Inconsistent` or `Undecided`.

    Raises:
        TypeError: If the observations are not integers.
        ValueError: If their shape or range is wrong, or ``order`` or ``assume`` is.

    Example:
        >>> forced = deduce([[1, 1, 2], [1, 2, 0], [0, 1, 1]], order=3, assume="group")
        >>> forced.table.tolist()
        [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
        >>> deduce([[0, 0, 1], [1, 1, 2], [1, 2, 2]], order=3, assume="group").evidence
        (1, 2)
    """
    limits = Limits() if limits is None else limits
    partial = PartialTable.of(observations, order, assume)
    return deduced(partial, limits, deadline=limits.deadline())


def deduced(partial: PartialTable, limits: Limits, *, deadline: float) -> Deduction:
    """Return what a partial's observations force; see `deduce`."""
    pair = _repeat(partial.cells)
    if pair is not None:
        # Most operations that are no group repeat a symbol; that takes no enumeration to see.
        # with a row and a column of the two for the identity, the closure alone sees it
        part = PartialTable.of(partial.cells[list(pair)], partial.order, partial.assume)
        verdict = interpret(part.enumerated(limits, deadline=deadline), part.cells, partial.order)
        if isinstance(verdict, Contradiction):
            return Inconsistent(evidence=pair, reason=verdict.reason, minimal=True)
    result = partial.enumerated(limits, deadline=deadline)
    verdict = interpret(result, partial.cells, partial.order)
    if not isinstance(verdict, Contradiction):
        return verdict
    chosen, minimal = evidence(partial, limits, result.num_defined, deadline=deadline)
    part = partial.subset(chosen)
    of_part = interpret(part.enumerated(limits, deadline=deadline), part.cells, partial.order)
    reason = (of_part if isinstance(of_part, Contradiction) else verdict).reason
    return Inconsistent(evidence=tuple(chosen), reason=reason, minimal=minimal)


def _repeat(cells: Int[NDArray[Any], "m 3"]) -> tuple[int, int] | None:
    """Return the places of two observations that agree in two parts and differ in the third.

    They are two results of one cell, or a symbol twice in a row or in a column. Of several pairs
    that one whose later observation comes first is returned; None if there is none.
    """
    found: list[tuple[int, int]] = []
    for third in range(3):
        one, other = (part for part in range(3) if part != third)
        order = np.lexsort((np.arange(len(cells)), cells[:, other], cells[:, one]))
        lines = cells[order]
        same = (lines[1:, [one, other]] == lines[:-1, [one, other]]).all(axis=1)
        places = np.flatnonzero(same & (lines[1:, third] != lines[:-1, third]))
        found += [(int(order[place]), int(order[place + 1])) for place in places]
    if not found:
        return None
    first, second = sorted(min(found, key=max))
    return first, second

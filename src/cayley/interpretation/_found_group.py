"""The group under which a network is looked at: found in its answers, given, or that of the truth.

A table of answers goes to :func:`~cayley.completion.solve` with no word about what to find. That
search gives large tables with wrong entries little time, since most are of no group. Where the
quadrangle criterion holds in many of the cells, so that a group is likely, an isotope is asked for.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._random import generator
from cayley._shapes import Int
from cayley.algebra import Isotopism, NotIsotope, Structure, find_isotopism
from cayley.completion import Solution, solve
from cayley.interpretation._quadrangles import is_like_a_group
from cayley.tables import Table
from cayley.tables._as_table import TableLike, as_table

__all__ = ["FoundGroup", "found_group", "group_of_table", "table_of_symbols"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundGroup:
    """A group with the maps from the symbols, and how it came.

    Attributes:
        answers: The answers as a table.
        solution: The verdict on them, or None if no answers are known.
        isotopism: The maps, or None.
        standing: Where they come from.
        truth: The truth as a table over the same labels, or None.
        reference: What answers are compared with, or None.
        notes: What a person should know.
    """

    answers: Table
    solution: Solution | None
    isotopism: Isotopism | None
    standing: Literal["found", "given", "truth"] | None
    truth: Table | None
    reference: Table | None
    notes: tuple[str, ...] = ()


def table_of_symbols(source: TableLike, n: int, *, name: str) -> Table:
    """Return a full table whose symbols are the network's, in the order of its rows.

    Raises:
        ValueError: If its order is not ``n`` or a cell is missing.

    Example:
        >>> table_of_symbols([["e", "a"], ["a", "e"]], 2, name="truth").rows
        ('e', 'a')
    """
    table = as_table(source, name=name)
    sizes = {len(table.rows), len(table.columns), len(table.symbols)}
    if sizes != {n}:
        raise ValueError(
            f"`{name}` must be a table of {n} rows, columns and symbols, as the network has; it "
            f"has {len(table.rows)}, {len(table.columns)} and {len(table.symbols)}."
        )
    if not table.is_full:
        raise ValueError(f"`{name}` must be full; {table.array.size - table.num_observed} cells "
                         "are not known. Complete it first.")  # fmt: skip
    # The symbol i of the network is row i, column i and symbol i: of one alphabet, one order.
    return table.aligned() if table.has_one_alphabet else table


def group_of_table(source: TableLike, n: int, *, name: str) -> tuple[Table, Isotopism]:
    """Return a table over the symbols of a network with the group that it is an isotope of.

    Raises:
        ValueError: If it does not fit, or is no isotope of a group.
    """
    table = table_of_symbols(source, n, name=name)
    found = find_isotopism(table)
    if isinstance(found, NotIsotope):
        raise ValueError(f"`{name}` must be the table of a group or an isotope of one; {found}.")
    return table, found


def found_group(
    answers: Int[NDArray[Any], "n n"] | None,
    n: int,
    *,
    truth: TableLike | None,
    group: TableLike | None,
    seed: int,
    time_limit: float | None,
) -> FoundGroup:
    """Decide which group there is, and what the answers are compared with.

    Raises:
        ValueError: If ``group`` is the table of no isotope of a group, or a table does not fit.
    """
    right = None if truth is None else table_of_symbols(truth, n, name="truth")
    given = None if group is None else table_of_symbols(group, n, name="group")
    labeled = right if right is not None else given
    table = _labeled(answers, n, labeled)
    isotopism, standing = None, None
    if group is not None:
        isotopism, standing = group_of_table(group, n, name="group")[1], "given"
    solution = None if answers is None else _solved(table, seed=seed, time_limit=time_limit)
    notes = []
    if solution is not None and solution.assume == Structure.GROUP_ISOTOPE:
        notes.append(
            "An isotope of a group was asked for, as the quadrangle criterion holds in the answers "
            "far more often than by chance."
        )
    exact = None if solution is None else solution.isotopism
    if exact is not None and isotopism is None:
        isotopism, standing = exact, "found"
    elif (
        exact is not None
        and isotopism is not None
        and not np.array_equal(exact.apply(), isotopism.apply())
    ):
        notes.append(
            "The answers are those of another table than the one given; parts are measured under "
            "the one given."
        )
    if exact is not None and right is not None and not np.array_equal(exact.apply(), right.array):
        notes.append(
            "The group of the answers has another table than the truth; accuracies are measured "
            "against the truth."
        )
    if isotopism is None and right is not None:
        found = find_isotopism(right)
        if isinstance(found, Isotopism):
            isotopism, standing = found, "truth"
    reference = right
    if reference is None and isotopism is not None:
        reference = Table(
            rows=table.rows, columns=table.columns, symbols=table.symbols, array=isotopism.apply()
        )
    return FoundGroup(
        answers=table,
        solution=solution,
        isotopism=isotopism,
        standing=standing,  # type: ignore[arg-type]
        truth=right,
        reference=reference,
        notes=tuple(notes),
    )


def _solved(table: Table, *, seed: int, time_limit: float | None) -> Solution:
    """Return the verdict on the answers, of a second search where a group is likely."""
    start = time.monotonic()
    first = solve(table, seed=seed, time_limit=time_limit)
    left = None if time_limit is None else time_limit - (time.monotonic() - start)
    likely = first.isotopism is None and is_like_a_group(
        table.array, generator(seed, "quadrangles")
    )
    if not likely or (left is not None and left <= 0):
        return first
    second = solve(table, assume="isotope", seed=seed, time_limit=left)
    return first if second.isotopism is None else second


def _labeled(answers: Int[NDArray[Any], "n n"] | None, n: int, labeled: Table | None) -> Table:
    """Return the answers as a table, with the labels of the truth where there is one."""
    array = np.full((n, n), -1) if answers is None else answers
    if labeled is None:
        names = tuple(str(i) for i in range(n))
        return Table(rows=names, columns=names, symbols=names, array=array)
    return Table(rows=labeled.rows, columns=labeled.columns, symbols=labeled.symbols, array=array)

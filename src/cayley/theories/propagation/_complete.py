"""Completes a partial table under a theory, and proves what it says about the completion."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Int
from cayley.tables._as_table import TableLike, as_table
from cayley.theories.laws._catalog import parse_theory
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._theory import Theory
from cayley.theories.propagation._cells import KnownCells
from cayley.theories.propagation._propagation import Propagation
from cayley.theories.propagation._reasons import Reason, Refutation, reason_of, refutation_of
from cayley.theories.propagation._search import Budget, OutOfNodes, Search

__all__ = ["Completion", "SearchLimits", "complete_under", "completed", "full_array"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLimits:
    """How far to go before answering "unknown".

    Attributes:
        max_completions: How many completions to find before the count is left open, at least 2.
        max_nodes: How many guesses a search may try.
        time_limit: Seconds for one call, looked at every fraction of a second; None for no limit.
            Results do not depend on the machine's speed only if there is none.
        max_batch: How many instances of a law may be held in memory at once.
        max_bytes: How much memory the states of a search may take together, in bytes, and how much
            the possible values of all cells; beyond, the search ends, or `possible` stays empty.

    Raises:
        ValueError: If a limit is out of range.

    Example:
        >>> SearchLimits(max_completions=1)
        Traceback (most recent call last):
        ...
        ValueError: `max_completions` must be at least 2; got 1.
    """

    # Enough to see that a dozen completions are all there are; more says little to a reader.
    max_completions: int = 16
    # A guess costs milliseconds up to order 24, so the default ends after some ten seconds.
    max_nodes: int = 2000
    time_limit: float | None = None
    # Some ten arrays of eight bytes each: 80 million bytes.
    max_batch: int = 1_000_000
    # A state of a search takes some 100 n*n bytes, the values of all cells n*n*n.
    max_bytes: int = 1 << 30

    def __post_init__(self) -> None:
        for name, least in (
            ("max_completions", 2),
            ("max_nodes", 0),
            ("max_batch", 1),
            ("max_bytes", 0),
        ):
            value = getattr(self, name)
            if not value >= least:
                raise ValueError(f"`{name}` must be at least {least}; got {value!r}.")
        if self.time_limit is not None and not self.time_limit >= 0:
            raise ValueError(f"`time_limit` must not be negative; got {self.time_limit!r}.")

    def deadline(self) -> float:
        """Return when a call that starts now has to end, on the monotonic clock."""
        return math.inf if self.time_limit is None else time.monotonic() + self.time_limit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Completion:
    """What a theory makes of a partial table. Every statement holds *if* the theory does.

    Attributes:
        theory: The theory.
        table: Products, shape ``(n, n)``, int64: what was given and what is forced; -1 elsewhere.
        given: Which cells were given, shape ``(n, n)``.
        forced: Which cells were not given and have one value in all completions, as far as known.
        unique: Whether there is exactly one completion; "yes" only after an exhaustive search.
        completions: Those that were found, each verified in all instances of all laws.
        num_completions: How many there are, or were found before a limit was reached.
        is_exact: Whether `num_completions` is the number of all completions.
        possible: For each cell that stayed open, the values that it has in some completion.
        is_possible_exact: Whether each of them has been exhibited; otherwise `possible` may hold
            values too many, never too few, or be empty because the table is too large.
        refutation: Why there is no completion, or None.
        num_nodes: How many guesses were tried.
    """

    theory: Theory
    table: Int[NDArray[Any], "n n"]
    given: Bool[NDArray[Any], "n n"]
    forced: Bool[NDArray[Any], "n n"]
    unique: Literal["yes", "no", "unknown"]
    completions: tuple[Int[NDArray[Any], "n n"], ...]
    num_completions: int
    is_exact: bool
    possible: Mapping[tuple[int, int], tuple[int, ...]]
    is_possible_exact: bool
    refutation: Refutation | None
    num_nodes: int
    _root: KnownCells = field(repr=False)
    _propagation: Propagation = field(repr=False)

    def reason(self, row: int, column: int) -> Reason | None:
        """Return why a cell is forced: a law with its instance, or conditions, and cells.

        The cells are given ones, or have reasons of their own that lead to given ones. None for
        given and open cells.

        Raises:
            IndexError: If there is no such cell.
        """
        if not self.forced[row, column]:
            return None
        n = len(self.table)
        cell = row % n * n + column % n
        return reason_of(self._root, self._propagation.laws, cell)


def complete_under(
    table: TableLike, theory: Theory | str, *, limits: SearchLimits | None = None
) -> Completion:
    """Complete a partial table under a theory.

    Laws and conditions are propagated until nothing follows; an exhaustive search settles the rest
    or shows several completions.

    Args:
        table: A table whose rows, columns and symbols have the same labels, or an array of
            integers, shape ``(n, n)``, entries in ``0..n-1``, any negative one unknown.
        theory: A theory, its name, or identities; see `parse_theory`.
        limits: How far to go.

    Raises:
        TypeError: If an array does not hold integers.
        ValueError: If the table is not square, has several alphabets or two results for one cell,
            or the theory is unknown.

    Example:
        >>> completion = complete_under([[0, 1, 2], [1, 2, -1], [2, -1, -1]], "loop")
        >>> completion.unique, completion.table.tolist()
        ('yes', [[0, 1, 2], [1, 2, 0], [2, 0, 1]])
        >>> print(completion.reason(1, 2))
        left cancellation, right cancellation, because of (1, 0), (1, 1)

        Boolean OR with a cell hidden: a semilattice leaves no choice, a commutative operation two.

        >>> complete_under([[0, 1], [1, -1]], "semilattice").table.tolist()
        [[0, 1], [1, 1]]
        >>> dict(complete_under([[0, 1], [1, -1]], "x*y = y*x").possible)
        {(1, 1): (0, 1)}
    """
    theory = parse_theory(theory) if isinstance(theory, str) else theory
    return completed(full_array(table), theory, SearchLimits() if limits is None else limits)


def completed(
    array: Int[NDArray[Any], "n n"],
    theory: Theory,
    limits: SearchLimits,
    *,
    possible: bool = True,
) -> Completion:
    """Return what :func:`complete_under` does.

    Args:
        array: The table, -1 where unknown.
        theory: The theory.
        limits: How far to go.
        possible: Whether to look for the values of open cells, which takes most of the time where
            there are many completions.
    """
    budget = Budget(limits.max_nodes, limits.deadline(), limits.max_bytes)
    propagation = Propagation(theory, len(array), max_batch=limits.max_batch)
    root = propagation.start(array)
    search = Search(propagation, root, budget)
    found: list[NDArray[Any]] = []
    exhausted = False
    try:
        if not propagation.run(root, deadline=budget.deadline):
            assert root.conflict is not None
            refutation = refutation_of(root, propagation.laws, root.conflict)
            return _completion(theory, array, propagation, root, budget, refutation=refutation)
        for each in search.completions():
            # One more than may be kept shows that the count is open.
            if len(found) == limits.max_completions:
                break
            found.append(each)
        else:
            exhausted = True
    except (OutOfNodes, OutOfTime):
        pass
    if exhausted and not found:
        evidence = tuple((int(a), int(b)) for a, b in np.argwhere(array >= 0))
        refutation = Refutation(reason=Reason(), evidence=evidence)
        return _completion(theory, array, propagation, root, budget, refutation=refutation)
    values, is_exact = None, False
    if possible and len(array) ** 3 <= limits.max_bytes:
        values, is_exact = (Search.values(found), True) if exhausted else search.possible(found)
    return _completion(
        theory,
        array,
        propagation,
        root,
        budget,
        found=tuple(found),
        exhausted=exhausted,
        values=values,
        is_possible_exact=is_exact,
    )


def _completion(
    theory: Theory,
    array: Int[NDArray[Any], "n n"],
    propagation: Propagation,
    root: KnownCells,
    budget: Budget,
    *,
    found: tuple[Int[NDArray[Any], "n n"], ...] = (),
    exhausted: bool = True,
    values: Bool[NDArray[Any], "n n n"] | None = None,
    is_possible_exact: bool = True,
    refutation: Refutation | None = None,
) -> Completion:
    given = array >= 0
    possible: dict[tuple[int, int], tuple[int, ...]] = {}
    table = array.copy()
    known = root.square >= 0
    if refutation is None:
        table[known] = root.square[known]
    if exhausted and len(found) == 1:
        table = found[0].copy()
    elif values is not None:
        single = ~known & (values.sum(axis=2) == 1)
        table[single] = values[single].argmax(axis=1)
        for a, b in np.argwhere(table < 0).tolist():
            possible[a, b] = tuple(np.flatnonzero(values[a, b]).tolist())
    forced = (table >= 0) & ~given
    for each in (table, given, forced):
        each.flags.writeable = False
    unique: Literal["yes", "no", "unknown"] = "unknown"
    if refutation is not None or len(found) > 1:
        unique = "no"
    elif exhausted:
        unique = "yes"
    return Completion(
        theory=theory,
        table=table,
        given=given,
        forced=forced,
        unique=unique,
        completions=found,
        num_completions=len(found),
        is_exact=exhausted,
        possible=MappingProxyType(possible),
        is_possible_exact=is_possible_exact,
        refutation=refutation,
        num_nodes=budget.used,
        _root=root,
        _propagation=propagation,
    )


def full_array(table: TableLike) -> Int[NDArray[Any], "n n"]:
    """Return the products with -1 where unknown, indices of rows, columns and symbols alike."""
    aligned = as_table(table).aligned()
    rows, columns, values = aligned.repeats.T
    wrong = np.flatnonzero(aligned.array[rows, columns] != values)
    if len(wrong):
        a, b = (aligned.rows[int(i[wrong[0]])] for i in (rows, columns))
        raise ValueError(f"`table` has two results for {a!r} o {b!r}; an operation has one.")
    return aligned.array.copy()

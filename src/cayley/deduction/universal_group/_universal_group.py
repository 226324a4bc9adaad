"""What an enumerated universal group means: the table forced, a contradiction, or neither."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.groups._quotients import quotients
from cayley.deduction.todd_coxeter._todd_coxeter import Enumeration
from cayley.deduction.universal_group._labelings import labeled_tables

__all__ = ["Contradiction", "Forced", "Inconsistent", "Undecided", "interpret"]

Method = Literal["closure", "enumeration", "quotients", "search"]
Reason = Literal["labels coincide", "no quotient", "search"]

_TOO_MANY, _TOO_FEW = "limit: too many quotients", "too few labels are used"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forced:
    """Exactly one table of the assumed kind agrees with the observations.

    Attributes:
        table: That table, shape ``(n, n)``, int64, read-only.
        group: A group table that it is, or is an isotope of; element 0 is the identity.
        elements: The element of ``group`` that each label stands for, shape ``(1, n)`` for a group
            and ``(3, n)`` (rows, columns, symbols) for an isotope:
            ``group[rows[a], columns[b]] == symbols[table[a, b]]``.
        method: How it was proved: by closure, by full enumeration of the universal group, by
            going through its quotients, or by a search over all groups of the order.
        num_defined: How many elements beyond the labels the enumeration defined.
    """

    table: Int[NDArray[Any], "n n"]
    group: Int[NDArray[Any], "n n"]
    elements: Int[NDArray[Any], "kinds n"]
    method: Method
    num_defined: int = 0

    @property
    def unique(self) -> Literal["yes"]:
        """The table is the only one."""
        return "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconsistent:
    """No table of the assumed kind agrees with the observations.

    Attributes:
        evidence: Places in the observations, ascending, of a set that is already inconsistent.
        reason: Two labels coincide in the universal group of the evidence; or it has no quotient
            of the order of the table that keeps them distinct; or a search through all groups of
            that order found none.
        minimal: Whether leaving any one of them out makes the same procedure find nothing.
    """

    evidence: tuple[int, ...]
    reason: Reason
    minimal: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Undecided:
    """The observations are not known to be inconsistent, nor to force the whole table.

    Attributes:
        unique: "no" if two completions are exhibited, else "unknown".
        cells: Every product that is observed or proved, as rows ``(a, b, c)``, shape ``(k, 3)``.
        completions: Two different tables of the assumed kind that agree with all observations, if
            ``unique`` is "no"; one or none if it is "unknown".
        universal_order: The order of the universal group, if it was found.
        reason: What ended the attempt.
    """

    unique: Literal["no", "unknown"]
    cells: Int[NDArray[Any], "k 3"]
    completions: tuple[Int[NDArray[Any], "n n"], ...]
    universal_order: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The observations are inconsistent; the evidence is still to be found."""

    reason: Reason


def interpret(
    result: Enumeration, observations: Int[NDArray[Any], "m 3"], order: int
) -> Forced | Undecided | Contradiction:
    """Say what an enumerated universal group means for the observations behind it.

    Args:
        result: What is known of the universal group.
        observations: Rows ``(a, b, c)``.
        order: The order of the table.
    """
    # Labels that are one element in the universal group are one in every group with these cells.
    if result.status == "collapsed":
        return Contradiction("labels coincide")
    if result.table is None:
        return undecided(result, order, reason=f"limit: {result.reason}")
    labels = result.presentation.labels
    elements = np.where(labels >= 0, result.images[0][labels], -1)
    # Every completion is a quotient of the universal group, but only if the labels generate it:
    # with half of them unused a completion may be a larger group that contains a quotient.
    candidates = quotients(result.table, elements, order)
    if candidates is None or not _is_spanning(labels, order):
        return undecided(result, order, reason=_TOO_MANY if candidates is None else _TOO_FEW)
    found = [
        (group, each, table)
        for group, images in candidates
        for each, table in labeled_tables(group, images, most=2)  # a second one decides
    ]
    if not found:
        return Contradiction("no quotient")
    a, b, c = observations.T
    # Cannot happen if the enumeration is right; checked because "forced" is printed as a proof.
    if any(not np.array_equal(table[a, b], c) for _, _, table in found):
        raise AssertionError("a completion disagrees with the observations it comes from")
    if len(found) > 1:
        tables = (found[0][2], found[1][2])
        return undecided(result, order, reason="two completions", completions=tables)
    group, each, table = found[0]
    return Forced(
        table=frozen(table),
        group=frozen(group),
        elements=frozen(each),
        method=result.reach if len(result.table) == order else "quotients",
        num_defined=result.num_defined,
    )


def frozen(array: NDArray[Any]) -> Int[NDArray[Any], "..."]:
    """Return a read-only int64 copy."""
    copy = np.array(array, np.int64, order="C")
    copy.flags.writeable = False
    return copy


def _is_spanning(labels: Int[NDArray[Any], "kinds n"], order: int) -> bool:
    """Whether more than half of the labels of some kind are used.

    So many distinct elements of a group of this order generate it: every completion is then a
    quotient of the universal group.
    """
    return order == 1 or bool((2 * (labels >= 0).sum(axis=1) > order).any())


def undecided(
    result: Enumeration,
    order: int,
    *,
    reason: str,
    completions: tuple[NDArray[Any], ...] = (),
) -> Undecided:
    return Undecided(
        unique="no" if len(completions) == 2 else "unknown",
        cells=frozen(proved_cells(result)),
        completions=tuple(frozen(table) for table in completions),
        universal_order=None if result.table is None else len(result.table),
        reason=reason,
    )


def proved_cells(result: Enumeration) -> Int[NDArray[Any], "k 3"]:
    """Return the products ``(a, b, c)`` of labels that hold in the universal group."""
    labels, images = result.presentation.labels, result.images
    generators = labels if len(labels) == 3 else np.repeat(labels, 3, axis=0)
    rows, columns, symbols = np.where(generators >= 0, images[0][generators], -1)
    symbol_of = np.full(len(images) + 1, -1)  # the last for products that are not known
    used = np.flatnonzero(symbols >= 0)
    symbol_of[symbols[used]] = used
    a, b = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
    if result.table is None:
        products = images[np.ix_(rows[a], generators[1, b])]
    else:
        products = result.table[np.ix_(rows[a], columns[b])]
    found = symbol_of[products]
    i, j = np.nonzero(found >= 0)
    return np.stack([a[i], b[j], found[i, j]], axis=1)

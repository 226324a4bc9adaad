r"""What observed products force, if the operation is a homotope of a group.

An operation with rows, columns and symbols from any three sets is a *homotope* of a group G if
:math:`a \circ b = h(f(a) g(b))` for maps f and g into G and an injective map h from the products
:math:`f(a) g(b)` to the symbols. An isotope is one in which f and g are bijections and G has as
many elements as there are symbols; the squares :math:`a^2 + b^2` modulo a prime are a homotope that
is no isotope, and so is every block of a group's table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.deduction.homotopes._homotope_quotients import homotopes_of_quotients
from cayley.deduction.todd_coxeter._relations import UniversalPresentation, reduced
from cayley.deduction.todd_coxeter._todd_coxeter import ROUNDS, Enumeration, Limits, enumerate_group
from cayley.deduction.universal_group._evidence import collapsing_subset
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.deduction.universal_group._universal_group import Inconsistent, frozen, proved_cells
from cayley.deduction.wrong_entries._chance import log2_num_groups, mean_log10_frequency
from cayley.tables import UNKNOWN, Table

__all__ = ["Homotope", "complete_homotope"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Homotope:
    r"""What the seen cells force in every homotope of a group that has them.

    Attributes:
        table: The table with every cell that is forced.
        unique: "yes": every cell is forced, and no other homotope of any group has the seen cells.
            "no": two completions are exhibited. Else "unknown".
        completions: Two different homotopes with the seen cells if ``unique`` is "no".
        group: The table of a group that the whole table is a homotope of, element 0 the identity,
            or None if none is known. If nothing else is said it is the universal group.
        rows: The element f(a) of each row in it, -1 where not known; likewise ``columns`` with
            g(b) and ``symbols`` with h^-1(c): ``group[rows[a], columns[b]] == symbols[c]``.
        merged_rows: Classes of two or more rows that are equal in every such homotope.
        merged_columns: Classes of two or more columns likewise.
        log10_chance: Logarithm of a bound on the expected number of homotopes of groups up to the
            order of ``group`` that have the seen cells if their symbols are independent, each as
            frequent as it was seen but at least one in their number; 0 without a group.
        universal_order: The order of the universal group, if it was found.
        reason: What ended the attempt where not every cell is forced, else empty.
    """

    table: Table
    unique: Literal["yes", "no", "unknown"]
    completions: tuple[Table, ...]
    group: Int[NDArray[Any], "v v"] | None
    rows: Int[NDArray[Any], " r"]
    columns: Int[NDArray[Any], " c"]
    symbols: Int[NDArray[Any], " s"]
    merged_rows: tuple[tuple[str, ...], ...]
    merged_columns: tuple[tuple[str, ...], ...]
    log10_chance: float
    universal_order: int | None
    reason: str


def complete_homotope(
    table: Table | ArrayLike,
    *,
    max_order: int | None = None,
    time_limit: float | None = None,
    minimal: bool = True,
) -> Homotope | Inconsistent:
    r"""Prove what the seen cells force, if the operation is a homotope of a group of any order.

    The universal group of the seen cells has a generator for each row, column and symbol that
    occurs and a relation :math:`x_a y_b = z_c` for each cell. A group that has
    the cells has them as well with :math:`u f`, :math:`g v` and :math:`u h^{-1} v` in place of f, g
    and :math:`h^{-1}`, so that one row and one column may be the identity; and if the cells fall
    apart into parts that share no row and no column, one row of every part, since :math:`f t` and
    :math:`t^{-1} g` give the same products within a part. Then every
    homotope of every group, finite or infinite, that has the seen cells is the image of the
    universal group under a homomorphism that keeps different symbols different. Hence it has every
    product :math:`x_a y_b = z_c` of a row and a column of one part that holds in the universal
    group; rows of one part that are equal there are equal in it; and if two symbols are equal
    there, there is no homotope with these cells.

    Where that does not settle every cell and the universal group is finite, all of its quotients
    are gone through: those with all results among the symbols are all the homotopes there are.

    Args:
        table: A table of any shape over any alphabets, or a square array of integers, negative
            where unknown.
        max_order: How many elements may be defined beyond the labels in search of the universal
            group; see :class:`Limits`.
        time_limit: Seconds, looked at every fraction of a second; None for no limit.
        minimal: Whether to look for few cells that contradict each other, which takes a hundred
            times as long as to see that all of them do.

    Returns:
        `Homotope`, or `Inconsistent` with the places of contradicting cells in
        ``table.observations``.

    Raises:
        ValueError: If a limit is negative.

    Example:
        >>> a, b = np.indices((7, 7))
        >>> seen = (a * a + b * b) % 7
        >>> seen[3, 2:] = seen[1, 3:5] = -1
        >>> homotope = complete_homotope(seen)
        >>> homotope.unique, len(homotope.group), homotope.merged_rows
        ('yes', 7, (('1', '6'), ('2', '5'), ('3', '4')))
        >>> homotope.table["3", "4"]
        '4'
    """
    table = table if isinstance(table, Table) else Table.from_array(table)
    limits = Limits(max_cosets=max_order, time_limit=time_limit)
    deadline = limits.deadline()
    cells = table.observations
    order = max(len(table.rows), len(table.columns), len(table.symbols))
    # The row and the column with most cells shorten most relations to two generators. A subset of
    # the cells takes the same ones, so that it contradicts itself where a smaller one does.
    counts = np.bincount(cells[:, 0], minlength=order), np.bincount(cells[:, 1], minlength=order)

    def enumerated(chosen: Sequence[int], limits: Limits, rounds: int) -> Enumeration:
        presentation = _presentation(cells[list(chosen)], order, counts)
        return enumerate_group(presentation, order, limits, deadline=deadline, rounds=rounds)

    result = enumerated(range(len(cells)), limits, ROUNDS)
    if result.status == "collapsed" and not minimal:
        every = tuple(range(len(cells)))
        return Inconsistent(evidence=every, reason="labels coincide", minimal=False)
    if result.status == "collapsed":
        partial = PartialTable.of(cells, order, Structure.GROUP_ISOTOPE)
        places, is_minimal = collapsing_subset(
            partial, enumerated, limits, num_defined=result.num_defined, deadline=deadline
        )
        return Inconsistent(evidence=tuple(places), reason="labels coincide", minimal=is_minimal)
    return _interpreted(table, result, connected_parts(cells, order), deadline)


def _presentation(
    cells: Int[NDArray[Any], "m 3"], order: int, counts: tuple[NDArray[Any], NDArray[Any]]
) -> UniversalPresentation:
    """Return the presentation of the universal group; only symbols have to stay distinct.

    Args:
        cells: Rows ``(a, b, c)``.
        order: A bound on the number of labels of each kind.
        counts: Which rows and columns to take as the identity: those with the highest numbers.
    """
    # Generator 0 is the identity; then rows, columns and symbols.
    shift = np.array([1, 1 + order, 1 + 2 * order])
    relations = cells + shift
    size = 1 + 3 * order
    used = np.zeros(size, bool)
    used[relations] = True
    labels = np.where(used[1:], np.arange(1, size), -1).reshape(3, order)
    parts = connected_parts(cells, order)[0]
    ascending = np.argsort(counts[0], kind="stable")
    # A later entry replaces an earlier one: the row with the highest number of each part stays.
    rows = dict(zip(parts[ascending].tolist(), ascending.tolist(), strict=True))
    rows.pop(-1, None)
    equal = np.array(
        [[0, 1 + row] for row in rows.values()] + [[0, 1 + order + int(counts[1].argmax())]]
    )
    return reduced(size, relations, equal, labels, distinct=(2,))


def connected_parts(cells: Int[NDArray[Any], "m 3"], order: int) -> Int[NDArray[Any], "2 n"]:
    """Number the parts that share no row and no column, for rows and columns; -1 if unused.

    Example:
        >>> connected_parts(np.array([[0, 0, 0], [1, 0, 0], [2, 1, 0]]), 3).tolist()
        [[0, 0, 2], [0, 2, -1]]
    """
    a, b = cells[:, 0], cells[:, 1]
    rows, columns = np.full(order, order), np.full(order, order)
    rows[a] = a
    before = None
    # Each part takes the least number of its rows; a round carries it one cell further.
    while before is None or not np.array_equal(before, rows):
        before = rows.copy()
        np.minimum.at(columns, b, rows[a])
        np.minimum.at(rows, a, columns[b])
    both = np.stack([rows, columns])
    return np.where(both == order, -1, both)


def _interpreted(
    table: Table, result: Enumeration, parts: Int[NDArray[Any], "2 n"], deadline: float
) -> Homotope | Inconsistent:
    """Say what the universal group, as far as it is known, means for the table."""
    elements = _elements(table, result)
    grid = _forced(table, result, parts)
    group = result.table
    unique: Literal["yes", "no", "unknown"] = "unknown"
    completions: tuple[Table, ...] = ()
    reason = ""
    if group is None:
        # All cells may be forced, but without the group no homotope that has them is known.
        reason = f"limit: {result.reason}"
    elif (grid != UNKNOWN).all():
        unique = "yes"
    elif parts.max(initial=-1) > 0:
        reason = "the seen cells fall apart into parts without a common row or column"
    else:
        found = homotopes_of_quotients(group, elements, deadline=deadline)
        if found is None:
            reason = "a row or a column has no cell, or there are too many quotients"
        elif not found:
            every = tuple(range(len(table.observations)))
            return Inconsistent(evidence=every, reason="no quotient", minimal=False)
        elif len(found) == 2:
            unique, reason = "no", "two completions"
            completions = tuple(table.with_array(each.products) for each in found)
        else:
            unique, grid = "yes", found[0].products
            group, elements = found[0].group, found[0].elements
    if unique == "yes" and group is not None:
        _verify(grid, group, elements)
    merged = [
        _classes(labels, line, part)
        for labels, line, part in zip(
            (table.rows, table.columns), _elements(table, result), parts, strict=False
        )
    ]
    rows, columns, symbols = (
        frozen(line if group is not None else np.full_like(line, -1)) for line in elements
    )
    return Homotope(
        table=table.with_array(grid),
        unique=unique,
        completions=completions,
        group=None if group is None else frozen(group),
        rows=rows,
        columns=columns,
        symbols=symbols,
        merged_rows=merged[0],
        merged_columns=merged[1],
        log10_chance=0.0 if group is None else _log10_chance(table, len(group), elements),
        universal_order=None if result.table is None else len(result.table),
        reason=reason,
    )


def _elements(table: Table, result: Enumeration) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the coset of each row, column and symbol, -1 for a label that no cell has."""
    labels = result.presentation.labels
    rows, columns, symbols = np.where(labels >= 0, result.images[0][labels], -1)
    return (
        rows[: len(table.rows)],
        columns[: len(table.columns)],
        symbols[: len(table.symbols)],
    )


def _forced(
    table: Table, result: Enumeration, parts: Int[NDArray[Any], "2 n"]
) -> Int[NDArray[Any], "r c"]:
    """Fill in the products that hold in the universal group."""
    grid = np.array(table.array)
    a, b, c = proved_cells(result).T
    # A product of a row and a column of different parts depends on the choice made for the parts.
    inside = parts[0, a] == parts[1, b]
    grid[a[inside], b[inside]] = c[inside]
    seen = table.array != UNKNOWN
    # Cannot happen if the enumeration is right; checked because "forced" is printed as a proof.
    if not np.array_equal(grid[seen], table.array[seen]):
        raise AssertionError("a forced cell disagrees with the cell that was seen")
    return grid


def _verify(
    products: Int[NDArray[Any], "r c"],
    group: Int[NDArray[Any], "v v"],
    elements: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
) -> None:
    """Check every cell of a table that is called the only one."""
    rows, columns, symbols = elements
    results = group[np.ix_(rows, columns)]
    named = symbols[products]
    if (results[named >= 0] != named[named >= 0]).any():
        raise AssertionError("a cell of the only homotope is not what its group says")


def _classes(
    labels: tuple[str, ...], elements: NDArray[Any], parts: NDArray[Any]
) -> tuple[tuple[str, ...], ...]:
    """Return the classes of two or more labels of one part that are one element."""
    classes: dict[tuple[int, int], list[str]] = {}
    # There may be fewer labels than elements in the row of parts, which has room for all kinds.
    for label, element, part in zip(labels, elements.tolist(), parts.tolist(), strict=False):
        if element >= 0:
            classes.setdefault((part, element), []).append(label)
    return tuple(tuple(each) for each in classes.values() if len(each) > 1)


def _log10_chance(
    table: Table, order: int, elements: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
) -> float:
    """Bound the number of homotopes of groups up to the order, and the chance of each."""
    # An element for each row and column but two, and one for each symbol, in each group.
    choices = sum(int((line >= 0).sum()) for line in elements) - 2
    bits = log2_num_groups(order) + (1 + max(choices, 0)) * math.log2(order)
    cells = np.unique(table.observations, axis=0)
    digits = len(cells) * mean_log10_frequency(cells[:, 2], len(table.symbols))
    return min(bits * math.log10(2) + digits, 0.0)

"""What a picture needs of a solution, or one sentence that says what is missing."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group
from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.tables import Table

__all__ = ["full_operation", "group_with_names"]

T = TypeVar("T")


def group_with_names(
    solution: SolutionLike, *, nothing: str
) -> tuple[Group, tuple[int, ...], tuple[str, ...]]:
    """Return the group of a solution, the symbol of each of its elements, and their labels.

    Args:
        solution: One whose table is complete; a table is completed first.
        nothing: How an error message begins, such as ``there is no cycle graph``.

    Raises:
        ValueError: If the table is not complete, or no group is behind it.

    Example:
        >>> from cayley.tables import generate_family
        >>> group, symbols, names = group_with_names(generate_family("C3"), nothing="there is none")
        >>> group.order, symbols, names
        (3, (0, 1, 2), ('0', '1', '2'))
    """
    solution = as_solution(solution)
    maps = solution.isotopism
    if maps is None:
        _check_full(solution, nothing)
        raise ValueError(f"{nothing}, since no group was found: {_what_it_is(solution)}.")
    # `symbols` of the isotopism sends each symbol to an element of the group.
    symbols = tuple(np.argsort(maps.symbols).tolist())
    return maps.group, symbols, tuple(solution.table.symbols[i] for i in symbols)


def full_operation(
    solution: SolutionLike, *, nothing: str, examine: Callable[[Int[NDArray[Any], "n n"]], T]
) -> tuple[T, Int[NDArray[Any], "n n"], tuple[str, ...]]:
    """Return what is to be drawn of a complete operation, its products, and its symbols.

    Products are indices into the symbols. If the table found has nothing to draw, and another one
    was given in full, of which some cells are suspected to be wrong, that one is tried.

    Args:
        solution: One whose table is complete and has one alphabet; a table is completed first.
        nothing: How an error message begins, such as ``there is no Hasse diagram``.
        examine: Takes the products; raises a ValueError where there is nothing to draw.

    Raises:
        ValueError: If cells are open, or rows, columns and symbols are different labels, and what
            ``examine`` raises.

    Example:
        >>> from cayley.tables import Table
        >>> table = Table(rows="ab", columns="ba", symbols="ba", array=[[0, 1], [1, 1]])
        >>> size, products, symbols = full_operation(table, nothing="there is none", examine=len)
        >>> size, products.tolist(), symbols
        (2, [[1, 1], [0, 1]], ('b', 'a'))
    """
    solution = as_solution(solution)
    _check_full(solution, nothing)
    products, names = _by_symbols(solution.table, nothing)
    try:
        return examine(products), products, names
    except ValueError:
        if not solution.suspects or not solution.given.is_full:
            raise
        given, names = _by_symbols(solution.given, nothing)
        try:
            return examine(given), given, names
        except ValueError:
            pass
        raise


def _by_symbols(table: Table, nothing: str) -> tuple[Int[NDArray[Any], "n n"], tuple[str, ...]]:
    if not table.has_one_alphabet:
        raise ValueError(
            f"{nothing}, since rows, columns and symbols of the table are not the same labels."
        )
    rows, columns = (
        [names.index(label) for label in table.symbols] for names in (table.rows, table.columns)
    )
    return table.array[np.ix_(rows, columns)], table.symbols


def _check_full(solution: Solution, nothing: str) -> None:
    """Raise a ValueError if cells are open."""
    missing = int((solution.table.array < 0).sum())
    if missing:
        cells = "1 cell of the table is" if missing == 1 else f"{missing} cells of the table are"
        raise ValueError(
            f"{nothing}, since {cells} still open. Give more cells, or say what the operation is "
            "taken to be."
        )


def _what_it_is(solution: Solution) -> str:
    if solution.structure is None:
        return "it is not known what the table is"
    noun = str(solution.structure)
    return f"the table is {noun if noun.startswith('a ') else 'a ' + noun}"

"""What a picture needs of a solution, or one sentence that says what is missing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Group
from cayley.completion import Solution
from cayley.completion._as_solution import SolutionLike, as_solution

__all__ = ["full_operation", "group_with_names"]


def group_with_names(
    solution: SolutionLike, *, picture: str
) -> tuple[Group, tuple[int, ...], tuple[str, ...]]:
    """Return the group of a solution, the symbol of each of its elements, and their labels.

    Args:
        solution: One whose table is complete; a table is completed first.
        picture: What is to be drawn, with its article, such as ``a cycle graph``.

    Raises:
        ValueError: If the table is not complete, or no group is behind it.

    Example:
        >>> from cayley.tables import generate_family
        >>> group, symbols, names = group_with_names(generate_family("C3"), picture="a picture")
        >>> group.order, symbols, names
        (3, (0, 1, 2), ('0', '1', '2'))
    """
    solution = as_solution(solution)
    maps = solution.isotopism
    if maps is None:
        _check_full(solution, picture)
        found = "" if solution.structure is None else f"; the table is complete, and it is {_a(str(solution.structure))}"
        raise ValueError(f"there is no group, so there is not {picture} to draw{found}.")
    # `symbols` of the isotopism sends each symbol to an element of the group.
    symbols = tuple(np.argsort(maps.symbols).tolist())
    return maps.group, symbols, tuple(solution.table.symbols[i] for i in symbols)


def full_operation(
    solution: SolutionLike, *, picture: str
) -> tuple[Int[NDArray[Any], "n n"], tuple[str, ...]]:
    """Return the products of a complete table as indices into its symbols, and the symbols.

    Args:
        solution: One whose table is complete and has one alphabet; a table is completed first.
        picture: What is to be drawn, with its article, such as ``a Hasse diagram``.

    Raises:
        ValueError: If cells are open, or rows, columns and symbols are different labels.

    Example:
        >>> from cayley.tables import Table
        >>> table = Table(rows="ab", columns="ba", symbols="ba", array=[[0, 1], [1, 1]])
        >>> full_operation(table, picture="a picture")[0].tolist()
        [[0, 0], [0, 1]]
    """
    solution = as_solution(solution)
    _check_full(solution, picture)
    table = solution.table
    if not table.has_one_alphabet:
        raise ValueError(
            f"there is not {picture} to draw: rows, columns and symbols of the table are not the "
            "same labels."
        )
    rows, columns = (
        [names.index(label) for label in table.symbols] for names in (table.rows, table.columns)
    )
    return table.array[np.ix_(rows, columns)], table.symbols


def _check_full(solution: Solution, picture: str) -> None:
    """Raise a ValueError if cells are open."""
    missing = int((solution.table.array < 0).sum())
    if missing:
        cells = "1 cell" if missing == 1 else f"{missing} cells"
        raise ValueError(
            f"there is not {picture} to draw: {cells} of the table {'is' if missing == 1 else 'are'}"
            " still open. Give more cells, or say with --assume what the operation is."
        )


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"

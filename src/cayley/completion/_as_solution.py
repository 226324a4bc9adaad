"""``as_solution``: the one converter from a table or a solution to a :class:`Solution`."""

from typing import TypeAlias

from cayley.completion._pipeline import solve
from cayley.completion.solution._solution import Solution
from cayley.tables._as_table import TableLike

__all__ = ["SolutionLike", "as_solution"]

SolutionLike: TypeAlias = Solution | TableLike
"""A solution, or a table in any form that :func:`~cayley.completion.solve` takes."""


def as_solution(source: SolutionLike) -> Solution:
    """Return a solution as it is, and complete anything else with :func:`solve` as it stands.

    Raises:
        TypeError, ValueError, OSError: What :func:`solve` raises for what is no table.

    Example:
        >>> from cayley.tables import generate_family
        >>> as_solution(generate_family("C3")).table.is_full
        True
    """
    return source if isinstance(source, Solution) else solve(source)

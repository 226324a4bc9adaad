"""The pipeline from a partial table to a verdict: exact first, learned where it must be.

``solve`` goes through the stages: exact deduction; then synchronization and HyperCube, whose every
proposal is judged by exact algebra; then certificate and identification. A :class:`Solution` holds
the completed table, the verdict, and for each cell its :class:`Provenance`.

The exact path does not import torch.

Example:
    >>> from cayley.completion import solve
    >>> from cayley.tables import Table
    >>> kariera = Table.from_array([[0, 1, 2, 3], [1, 0, -1, -1], [2, 3, 0, -1], [3, -1, -1, 0]])
    >>> solution = solve(kariera, assume="group")
    >>> str(solution.identification), solution.counts["forced"]
    ('C2 x C2 (GAP 4:2)', 5)
"""

from cayley.completion._complexity import with_complexity
from cayley.completion._inspection import Inspection, inspect_table
from cayley.completion._pipeline import solve
from cayley.completion._reading import solution_from_document
from cayley.completion._solution import (
    Assumption,
    Progress,
    Provenance,
    Solution,
    SolverName,
    Status,
    Suspect,
)

__all__ = [
    "Assumption",
    "Inspection",
    "Progress",
    "Provenance",
    "Solution",
    "SolverName",
    "Status",
    "Suspect",
    "inspect_table",
    "solution_from_document",
    "solve",
    "with_complexity",
]

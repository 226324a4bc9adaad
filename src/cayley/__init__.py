"""cayley completes operation tables, finds the structure behind them, and proves it.

Example:
    >>> import cayley
    >>> table = cayley.Table.from_array([[0, 1, 2], [1, -1, -1], [2, -1, 1]])
    >>> solution = cayley.solve(table, assume="group")
    >>> solution.table.array.tolist()
    [[0, 1, 2], [1, 2, 0], [2, 0, 1]]
    >>> print(solution.verdict)
    This is the group C3 (GAP 3:1): verified in all 9 cells. The 6 observed cells force the 3 \
missing. No other group has these cells.

Names are loaded when first used: what is exact never imports torch.
"""

from typing import TYPE_CHECKING

from cayley._lazy import lazy_names
from cayley._version import __version__

if TYPE_CHECKING:
    from cayley.algebra import Group, Identification, Isotopism, identify
    from cayley.completion import Solution, check_certificate, solve
    from cayley.completion import inspect_table as inspect
    from cayley.next_cell import next_cells
    from cayley.report import write_report
    from cayley.representations import Representation
    from cayley.tables import Table, mask, read_table, write_table
    from cayley.tables import generate_family as generate
    from cayley.theories import Theory

__all__ = [
    "Group",
    "Identification",
    "Isotopism",
    "Representation",
    "Solution",
    "Table",
    "Theory",
    "__version__",
    "check_certificate",
    "generate",
    "identify",
    "inspect",
    "mask",
    "next_cells",
    "read_table",
    "solve",
    "write_report",
    "write_table",
]

_HOMES = {
    "Group": "cayley.algebra",
    "Identification": "cayley.algebra",
    "Isotopism": "cayley.algebra",
    "identify": "cayley.algebra",
    "Solution": "cayley.completion",
    "check_certificate": "cayley.completion",
    "inspect": "cayley.completion:inspect_table",
    "solve": "cayley.completion",
    "next_cells": "cayley.next_cell",
    "write_report": "cayley.report",
    "Representation": "cayley.representations",
    "Table": "cayley.tables",
    "generate": "cayley.tables:generate_family",
    "mask": "cayley.tables",
    "read_table": "cayley.tables",
    "write_table": "cayley.tables",
    "Theory": "cayley.theories",
}


__getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

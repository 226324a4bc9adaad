"""Reading a solution that was written, with the learned factors beside it."""

import json
import math
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from cayley._files import RUN_FILE
from cayley.completion import Solution, solution_from_document

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["FACTORS_FILE", "is_solution", "read_solution"]

FACTORS_FILE = "factors.safetensors"
"""The file beside ``solution.json`` that holds the factors as learned."""


def is_solution(content: bytes) -> bool:
    """Return whether a file's content is JSON of schema ``cayley.solution/1``; never raise."""
    # A large CSV file is told apart by its first character and not parsed.
    if not content.lstrip().startswith(b"{"):
        return False
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):  # JSON nested too deeply ends in the latter
        return False
    return isinstance(document, dict) and document.get("schema") == "cayley.solution/1"


def read_solution(path: str | PathLike[str]) -> Solution:
    """Read a solution from ``solution.json``, with the learned factors if they lie beside it.

    Args:
        path: A file that ``cayley complete --out`` or ``--json`` has written.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it holds no solution, or the factors do not fit it.

    Example:
        >>> import tempfile
        >>> from cayley.completion import solve
        >>> from cayley.report import write_solution
        >>> from cayley.tables import generate_family
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_solution(solve(generate_family("C5")), f"{folder}/c5")
        ...     print(read_solution(f"{folder}/c5/solution.json").verdict)
        This is the group C5 (GAP 5:1), as given: verified in all 25 cells.
    """
    path = Path(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        solution = solution_from_document(document)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: {error}") from None
    if "seconds" not in document:
        solution = replace(solution, seconds=_seconds_of_run(path))
    factors = path.with_name(FACTORS_FILE)
    return replace(solution, learned=_factors(factors, solution)) if factors.is_file() else solution


def _seconds_of_run(path: Path) -> float:
    """Return how long the run took that wrote a solution, 0 if it is not known."""
    try:
        found = json.loads(path.with_name(RUN_FILE).read_text(encoding="utf-8"))["seconds"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return 0.0  # a document by itself
    return found if isinstance(found, float) and 0 <= found < math.inf else 0.0


def _factors(path: Path, solution: Solution) -> "tuple[Tensor, Tensor, Tensor]":
    """Return the factors in a file after checking that they are those of the solution.

    Raises:
        ValueError: If the file is damaged, or its factors have other sizes.
    """
    from safetensors import SafetensorError  # with torch, so only where there are factors
    from safetensors.torch import load_file

    sizes = (len(solution.table.rows), len(solution.table.columns), len(solution.table.symbols))
    try:
        found = load_file(path)
        A, B, C = (found[name] for name in ("left", "right", "symbols"))
    except (SafetensorError, KeyError):
        raise ValueError(f"{path} does not hold the factors of a solution.") from None
    if tuple(map(len, (A, B, C))) != sizes or any(F.ndim != 3 for F in (A, B, C)):
        raise ValueError(f"{path} does not fit the solution beside it.")
    return A, B, C

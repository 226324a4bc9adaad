"""Writing a solution to one folder, whole or not at all."""

import csv
import io
import json
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cayley._errors import OutputExistsError
from cayley._files import replace_folder
from cayley.completion import Provenance, Solution
from cayley.report._html import render_report
from cayley.report._read_solution import FACTORS_FILE
from cayley.tables import write_table

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["CERTIFICATE_FILE", "check_output", "write_solution"]

CERTIFICATE_FILE = "certificate.json"

_LARGEST_FACTORS = 128
"""Up to this order the factors are kept, for pictures: their 3 n^3 numbers take 25 MB there."""


def check_output(directory: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Return the path of an output folder after checking that it may be written.

    Raises:
        OutputExistsError: If it exists and is not to be replaced, or is no folder.
        FileNotFoundError: If the folder that is to hold it does not exist.
    """
    path = Path(directory)
    if path.exists() and not path.is_dir():
        raise OutputExistsError(f"{path} exists and is no folder.")
    # An empty folder, such as mktemp -d makes, holds nothing to lose.
    if path.exists() and any(path.iterdir()) and not overwrite:
        raise OutputExistsError(f"{path} exists. Choose another folder, or say --overwrite.")
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(f"the folder {path.absolute().parent} does not exist.")
    return path


def write_solution(
    solution: Solution,
    directory: str | PathLike[str],
    *,
    overwrite: bool = False,
    source: str | None = None,
) -> None:
    """Write a solution to a folder, whole or not at all.

    The folder holds ``table.csv`` (``table.json`` where labels cannot stand in a CSV file),
    ``cells.csv``, ``solution.json``, ``report.html``, ``certificate.json`` where there is something
    to prove, and ``representation.safetensors``: a representation of the group, or the factors as
    learned where no group was found. Where factors were learned, ``factors.safetensors`` has them
    as found, up to order 128.

    Args:
        solution: What to write.
        directory: The folder to make; its parent must exist.
        overwrite: Whether to replace a folder that is there.
        source: What the table was read from, for the report.

    Raises:
        OutputExistsError: If the folder exists and is not to be replaced.
        OSError: If it cannot be written; nothing is left behind then.
    """
    with replace_folder(check_output(directory, overwrite=overwrite)) as folder:
        _write_files(solution, folder, source)


def _write_files(solution: Solution, folder: Path, source: str | None) -> None:
    """Write the files into a folder that takes its place only when all are written."""
    try:
        write_table(solution.table, folder / "table.csv", reorder=True)
    except ValueError:  # an empty label, say: only JSON can hold it
        write_table(solution.table, folder / "table.json")
    (folder / "cells.csv").write_text(_cells(solution), encoding="utf-8", newline="")
    written = {} if solution.certificate is None else {"certificate": CERTIFICATE_FILE}
    document = json.dumps(solution.to_document() | written, ensure_ascii=False, indent=1)
    if solution.certificate is not None:
        text = json.dumps(solution.certificate, ensure_ascii=False, separators=(",", ":"))
        (folder / CERTIFICATE_FILE).write_text(text + "\n", encoding="utf-8")
    (folder / "solution.json").write_text(document + "\n", encoding="utf-8")
    page = render_report(solution, source=source, certified=True)
    (folder / "report.html").write_bytes(page.encode())
    _write_matrices(solution, folder / "representation.safetensors")


def _cells(solution: Solution) -> str:
    """Return one line a cell: labels, symbol, provenance, what was given, margin."""
    table, given = solution.table, solution.given
    symbols = [*table.symbols, ""]  # -1, unknown, reads the last: an empty field
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")  # the same bytes on every system
    writer.writerow(["row", "column", "symbol", "provenance", "given", "margin"])
    for (a, b), code in np.ndenumerate(solution.provenance):
        margin = "" if solution.margin is None else f"{solution.margin[a, b]:.6g}"
        found, was = symbols[int(table.array[a, b])], symbols[int(given.array[a, b])]
        kind = Provenance(code).name.lower()
        writer.writerow([table.rows[a], table.columns[b], found, kind, was, margin])
    return text.getvalue()


def _write_matrices(solution: Solution, path: Path) -> None:
    """Write the group's representation, or without a group the factors as learned."""
    if solution.representation is not None:
        from cayley.representations import save_representation

        save_representation(solution.representation, path)
    elif solution.factors is not None:
        _write_factors(solution.factors, path)
    if solution.factors is not None and len(solution.factors[0]) <= _LARGEST_FACTORS:
        _write_factors(solution.factors, path.with_name(FACTORS_FILE))


def _write_factors(factors: "tuple[Tensor, Tensor, Tensor]", path: Path) -> None:
    """Write three factors under the names that read_solution looks for."""
    from safetensors.torch import save_file  # with torch, so only where there are factors

    # safetensors refuses tensors that are not contiguous.
    left, right, symbols = (factor.contiguous() for factor in factors)
    save_file({"left": left, "right": right, "symbols": symbols}, path)

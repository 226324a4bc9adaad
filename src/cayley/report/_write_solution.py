"""Writing a solution to one folder, whole or not at all."""

import csv
import io
import json
from os import PathLike
from pathlib import Path

import numpy as np

from cayley._errors import OutputExistsError
from cayley._files import foreign_files, replace_folder
from cayley.completion import Provenance, Solution
from cayley.completion._matrices import Matrices, as_arrays
from cayley.report._html import render_report
from cayley.report._read_solution import FACTORS_FILE
from cayley.tables import Table, write_table
from cayley.tables._formulas_as_text import with_formulas_as_text

__all__ = ["CERTIFICATE_FILE", "check_output", "write_solution"]

CERTIFICATE_FILE = "certificate.json"

_MOST_NAMED = 3  # files in a message: enough to recognize the folder

_LARGEST_FACTORS = 128
"""Up to this order the factors are kept, for pictures: their 3 n^3 numbers take 25 MB there."""


def check_output(directory: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Return the path of an output folder after checking that it may be written.

    Raises:
        OutputExistsError: If it exists and is not to be replaced, is no folder, or holds files that
            cayley did not write.
        FileNotFoundError: If the folder that is to hold it does not exist.
    """
    path = Path(directory)
    if path.exists() and not path.is_dir():
        raise OutputExistsError(f"{path} exists and is no folder.")
    # An empty folder, such as mktemp -d makes, holds nothing to lose.
    if path.exists() and any(path.iterdir()):
        if not overwrite:
            raise OutputExistsError(f"{path} exists. Choose another folder, or say --overwrite.")
        foreign = foreign_files(path)
        if foreign:
            more = f" and {len(foreign) - _MOST_NAMED} more" if len(foreign) > _MOST_NAMED else ""
            raise OutputExistsError(
                f"{path} holds files that cayley did not write: "
                f"{', '.join(map(repr, foreign[:_MOST_NAMED]))}{more}. Move them away, or choose "
                "another folder."
            )
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(f"the folder {path.absolute().parent} does not exist.")
    return path


def write_solution(
    solution: Solution,
    directory: str | PathLike[str],
    *,
    overwrite: bool = False,
    source: str | None = None,
    spreadsheet: bool = False,
) -> None:
    """Write a solution to a folder, whole or not at all.

    The folder holds ``table.csv`` (``table.json`` where labels cannot stand in a CSV file),
    ``cells.csv``, ``solution.json``, ``report.html``, ``certificate.json`` where there is something
    to prove, and ``representation.safetensors``: a representation of the group, or the factors as
    learned where no group was found. Where factors were learned, ``factors.safetensors`` has them
    as found, up to order 128. ``run.json`` lists the files and has what differs between equal runs:
    when it was written, and how many seconds the run took.

    Args:
        solution: What to write.
        directory: The folder to make; its parent must exist.
        overwrite: Whether to replace a folder that cayley wrote before.
        source: What the table was read from, for the report.
        spreadsheet: Whether labels in CSV files that a spreadsheet program would take for formulas
            get an apostrophe before them; they are other labels then.

    Raises:
        OutputExistsError: If the folder exists and is not to be replaced.
        OSError: If it cannot be written; nothing is left behind then.
    """
    target = check_output(directory, overwrite=overwrite)
    with replace_folder(target, seconds=solution.seconds) as folder:
        _write_files(solution, folder, source, spreadsheet=spreadsheet)


def _write_files(
    solution: Solution, folder: Path, source: str | None, *, spreadsheet: bool
) -> None:
    """Write the files into a folder that takes its place only when all are written."""
    table = with_formulas_as_text(solution.table) if spreadsheet else solution.table
    try:
        write_table(table, folder / "table.csv", reorder=True)
    except ValueError:  # an empty label, say: only JSON can hold it
        write_table(solution.table, folder / "table.json")
    (folder / "cells.csv").write_text(_cells(solution, table), encoding="utf-8", newline="")
    written = {} if solution.certificate is None else {"certificate": CERTIFICATE_FILE}
    # How long it took stands in the file of the run: equal runs write equal bytes.
    members = {name: value for name, value in solution.to_document().items() if name != "seconds"}
    document = json.dumps(members | written, ensure_ascii=False, indent=1)
    if solution.certificate is not None:
        text = json.dumps(solution.certificate, ensure_ascii=False, separators=(",", ":"))
        (folder / CERTIFICATE_FILE).write_text(text + "\n", encoding="utf-8")
    (folder / "solution.json").write_text(document + "\n", encoding="utf-8")
    page = render_report(solution, source=source, certified=True)
    (folder / "report.html").write_bytes(page.encode())
    _write_matrices(solution, folder / "representation.safetensors")


def _cells(solution: Solution, table: Table) -> str:
    """Return one line a cell: labels of the table, symbol, provenance, what was given, margin."""
    given = solution.given
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
    elif solution.learned is not None:
        _write_factors(solution.learned, path)
    if solution.learned is not None and len(solution.learned[0]) <= _LARGEST_FACTORS:
        _write_factors(solution.learned, path.with_name(FACTORS_FILE))


def _write_factors(factors: Matrices, path: Path) -> None:
    """Write three factors under the names that read_solution looks for."""
    from safetensors.numpy import save_file  # only where there are factors

    left, right, symbols = as_arrays(factors)
    save_file({"left": left, "right": right, "symbols": symbols}, path)

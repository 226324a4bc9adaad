"""The report as one self-contained HTML page."""

from os import PathLike
from pathlib import Path

from cayley._files import replace_file
from cayley.completion import Provenance, Solution

__all__ = ["render_report", "write_report"]

_MARKS = {
    Provenance.OBSERVED: ("observed", ""),
    Provenance.FORCED: ("forced", "•"),
    Provenance.PREDICTED: ("predicted", "~"),
    Provenance.SUSPECT: ("suspect", "!"),
    Provenance.UNKNOWN: ("unknown", "?"),
}
"""Name of each provenance, and the mark that tells it apart without colour."""

_LEGEND = {
    "observed": "given",
    "forced": "proved from the given cells",
    "predicted": "learned, or implied by a structure that was learned",
    "suspect": "given otherwise; the structure contradicts what was given",
    "unknown": "not found",
}


def render_report(solution: Solution, *, source: str | None = None) -> str:
    """Return the report of a solution as the text of one HTML page.

    The page loads nothing from anywhere. Every label is escaped.

    Args:
        solution: What to report.
        source: What the table was read from, for the command that repeats the run.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import Table
        >>> render_report(solve(Table.from_array([[0]]))).startswith("<!doctype html>")
        True
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("cayley.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html").render(
        solution=solution,
        document=solution.to_document(),
        rows=_rows(solution),
        marks=[(name, mark, _LEGEND[name]) for name, mark in _MARKS.values()],
        command=_command(solution, source),
    )
    return page + "\n"


def write_report(
    solution: Solution, path: str | PathLike[str], *, source: str | None = None
) -> None:
    """Write the report of a solution to a file, whole or not at all.

    Args:
        solution: What to report.
        path: The file to write; replaced if it exists.
        source: What the table was read from.

    Raises:
        OSError: If the file cannot be written.
    """
    replace_file(Path(path), render_report(solution, source=source).encode())


def _rows(solution: Solution) -> list[tuple[str, list[dict[str, str]]]]:
    table, given = solution.table, solution.given
    symbols = [*table.symbols, ""]
    margins = None if solution.margin is None else solution.margin.tolist()
    provenance = solution.provenance.tolist()
    rows = []
    for a, products in enumerate(table.array.tolist()):
        cells = []
        for b, c in enumerate(products):
            kind = Provenance(provenance[a][b])
            name, mark = _MARKS[kind]
            why = _LEGEND[name]
            if kind is Provenance.SUSPECT:
                why = f"given as {symbols[int(given.array[a, b])]}"
            if kind is Provenance.PREDICTED and margins is not None:
                why += f", margin {margins[a][b]:.2g}"
            title = f"{table.rows[a]} o {table.columns[b]} = {symbols[c] or '?'}: {why}"
            cells.append({"label": symbols[c] or "?", "kind": name, "mark": mark, "title": title})
        rows.append((table.rows[a], cells))
    return rows


def _command(solution: Solution, source: str | None) -> str:
    import shlex

    assume = {"group": "group", "isotope": "isotope", "none": "auto"}[solution.assumption]
    words = ["cayley", "complete", source or "FILE", "--assume", assume]
    return shlex.join([*words, "--seed", str(solution.seed)])

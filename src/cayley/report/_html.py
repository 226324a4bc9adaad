"""The report as one self-contained HTML page."""

import base64
import hashlib
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cayley._files import replace_file
from cayley.completion import Provenance, Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.completion._json import word_for
from cayley.completion._notebook import MARKS, is_conditional, meanings
from cayley.completion._wording import a_kind
from cayley.report._certificate_sentences import (
    NOTHING_TO_CHECK,
    certificate_sentences,
    check_yourself,
)
from cayley.report._explanations import explain
from cayley.report._svg import inline_svg
from cayley.report._typeset import cleaned, typeset_number, typeset_words
from cayley.report.figures._arrangement import Arrangement, arrange
from cayley.report.figures._figure_kinds import FIGURES
from cayley.report.figures._style import shortened

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

    from cayley.algebra import GroupDescription

__all__ = ["render_report", "write_report"]

LARGEST_GRID = 64
"""Larger tables are shown as a picture, so that the page stays under 2 MB; a test holds that."""

LARGEST_TAKEN_APART = 64
"""Up to this order the matrices are drawn in the report; `draw_matrices` goes further."""

# Above, the group is only named: the time for subgroups, series and characters grows fast with the
# order.
_LARGEST_DESCRIBED = 400

# Longer symbols are cut in the cells and written out once, in a list under the table: a page that
# repeated them in n^2 cells would grow without bound.
_LONGEST_IN_CELL = 24

_MOST_CLASSES = 40  # wider character tables and longer lists of classes are left out


def render_report(
    solution: SolutionLike, *, source: str | None = None, certified: bool = False
) -> str:
    """Return the report of a solution as the text of one HTML page.

    The page loads nothing from anywhere, and a policy in it forbids everything but its own script.
    Every label is escaped.

    Args:
        solution: What to report, or a table, which is completed first.
        source: What the table was read from, for the command that repeats the run.
        certified: Whether the certificate is written beside the page, which then says how to check
            it.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import Table
        >>> render_report(solve(Table.from_array([[0]]))).startswith("<!doctype html>")
        True
    """
    solution = as_solution(solution)
    environment = _environment()
    # The policy in the page admits the script by the hash of its exact bytes, so the text that is
    # hashed is the text that is inserted.
    script = _script(environment)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    placed = arrange(solution)
    page = environment.get_template("report.html").render(
        solution=solution,
        document=solution.to_document(),
        names={kind: kind.name.lower() for kind in Provenance},
        marks=MARKS,
        meanings=meanings(solution),
        heading=_heading(solution),
        assumed="none"
        if solution.assumption is None
        else f"the operation is {a_kind(solution.assumption)}",
        explained=explain(solution),
        placed=placed,
        rows=_rows(solution, placed) if max(solution.table.array.shape) <= LARGEST_GRID else None,
        long_symbols=_long_symbols(solution),
        group=_description(solution),
        most_classes=_MOST_CLASSES,
        certificate=certificate_sentences(solution),
        proofs=check_yourself(solution) if certified else NOTHING_TO_CHECK,
        figures=_figures(solution),
        isotopism=_isotopism(solution),
        suspects=[_suspect(s) for s in solution.suspects],
        command=_command(solution, source),
        versions=_versions(),
        script=script,
        digest=digest,
    )
    return page + "\n"


def write_report(
    solution: SolutionLike, path: str | PathLike[str], *, source: str | None = None
) -> None:
    """Write the report of a solution to a file, whole or not at all.

    Args:
        solution: What to report; a table in any form that :func:`~cayley.completion.solve` takes is
            completed first.
        path: The file to write; replaced if it exists.
        source: What the table was read from.

    Raises:
        OSError: If the file cannot be written.
    """
    replace_file(Path(path), render_report(solution, source=source).encode())


def _environment() -> "jinja2.Environment":
    """Return the templates' environment: it escapes and cleans every value that is inserted."""
    import jinja2  # imported only where a page is made

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("cayley.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,  # a misspelled name is an error and no empty text
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=cleaned,
    )
    environment.filters |= {"number": typeset_number, "words": typeset_words, "cut": shortened}
    return environment


def _script(environment: "jinja2.Environment") -> "Markup":
    """Return the page's script as it stands in the file; no data is inserted into it."""
    from markupsafe import Markup

    assert environment.loader is not None
    text, _, _ = environment.loader.get_source(environment, "report.js")
    return Markup(text)


def _heading(solution: Solution) -> str:
    """Return what the table is, as a title; one that is not certain says so."""
    found = solution.identification
    shape = " × ".join(map(str, solution.table.array.shape))
    if found is not None and found.name is not None and solution.isotopism is not None:
        isotope = "" if solution.structure == "group" else "Isotope of "
        title = f"{isotope}{found.name}"
    elif solution.assumption is not None and solution.status in ("solved", "predicted"):
        kind = a_kind(solution.assumption).partition(" ")[2]
        title = f"{kind[0].upper()}{kind[1:]}, {shape}"
    else:
        return f"Operation table, {shape}"
    if is_conditional(solution):
        return f"{title}, not proved"
    return f"{title}, predicted" if solution.status == "predicted" else title


def _rows(solution: Solution, placed: Arrangement) -> list[tuple[int, str, list[dict[str, Any]]]]:
    """Return the table's rows in the order of the cosets: index, label, cells."""
    table, given = solution.table, solution.given
    margins = solution.margin
    rows = []
    for a in placed.rows.tolist():
        cells = []
        for b in placed.columns.tolist():
            c, kind = int(table.array[a, b]), Provenance(int(solution.provenance[a, b]))
            label = "?" if c < 0 else table.symbols[c]
            cell: dict[str, Any] = {"kind": kind, "label": label[:_LONGEST_IN_CELL]}
            cell["symbol"] = c if len(label) > _LONGEST_IN_CELL else None
            if kind is Provenance.SUSPECT:
                cell["given"] = table.symbols[int(given.array[a, b])][:_LONGEST_IN_CELL]
            if kind is Provenance.PREDICTED and margins is not None:
                cell["margin"] = f"{margins[a, b]:.2g}"
            cells.append(cell)
        rows.append((a, table.rows[a], cells))
    return rows


def _long_symbols(solution: Solution) -> list[tuple[int, str]]:
    """Return index and text of the symbols that are cut in the cells."""
    return [(i, s) for i, s in enumerate(solution.table.symbols) if len(s) > _LONGEST_IN_CELL]


def _description(solution: Solution) -> "GroupDescription | None":
    """Return what is known of the group, in the table's symbols; None if there is none."""
    from cayley.algebra import describe

    maps = solution.isotopism
    if maps is None or maps.group.order > _LARGEST_DESCRIBED:
        return None
    # argsort inverts the map from symbols to elements: the label of each element.
    labels = [solution.table.symbols[i] for i in np.argsort(maps.symbols).tolist()]
    return describe(maps.group, labels=labels, max_classes=_MOST_CLASSES)


def _figures(solution: Solution) -> dict[str, "Markup"]:
    """Return the figures that there is something to draw for, as SVG."""
    from markupsafe import Markup

    found = {}
    large = max(solution.table.array.shape) > LARGEST_TAKEN_APART
    for name in ("before-after", "curves", "matrices", "cayley-graph", "normal-subgroups"):
        if name == "matrices" and large:
            continue
        try:
            figure = FIGURES[name].draw(solution)
        except ValueError:  # nothing to show, or too much
            continue
        # ElementTree has escaped what is in the figure; as text it would be escaped twice.
        found[name] = Markup(inline_svg(figure, name=name, label=FIGURES[name].about))
    return found


def _isotopism(solution: Solution) -> list[tuple[str, str, str]]:
    """Return the labels of row, column and symbol that stand for each element of the group."""
    maps, table = solution.isotopism, solution.table
    if maps is None or solution.structure == "group":  # a group's elements are its own labels
        return []
    rows, columns, symbols = (
        np.argsort(part).tolist() for part in (maps.rows, maps.columns, maps.symbols)
    )
    return [
        (table.rows[a], table.columns[b], table.symbols[c])
        for a, b, c in zip(rows, columns, symbols, strict=True)
    ]


def _suspect(suspect: Any) -> dict[str, str]:
    """Return the fields of a suspect that are known, as text."""
    found = ((field.name, getattr(suspect, field.name)) for field in fields(suspect))
    return {name: _worded(value) for name, value in found if value is not None}


def _worded(value: Any) -> str:
    """Return a value as text: yes and no, three digits, or as it is."""
    if isinstance(value, bool):  # before numbers: in Python True is one
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _command(solution: Solution, source: str | None) -> str:
    """Return the command that repeats the run, quoted for a shell."""
    import shlex

    options = solution.options
    assume = word_for(solution.assume)
    # For a document without options: auto deduces first, so it repeats a run that was exact.
    solver = "auto" if solution.solver == "exact" else solution.solver
    words = ["cayley", "complete", source or "FILE"]
    words += ["--assume", assume]
    words += ["--solver", str(options.get("solver", solver)), "--seed", str(solution.seed)]
    for name in ("restarts", "time_limit"):
        if options.get(name) is not None:
            words += [f"--{name.replace('_', '-')}", f"{options[name]}"]
    if options.get("open"):  # a block whose results go outside its labels was taken as it is
        words.append("--open")
    return shlex.join(words)


def _versions() -> dict[str, str]:
    """Return the versions that the result may depend on."""
    import platform

    found = {"Python": platform.python_version()}
    for package in ("cayley", "numpy", "torch"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a package that runs from its sources has no metadata
            continue
    return found

"""The report as one self-contained HTML page."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cayley._files import replace_file
from cayley.completion import Provenance, Solution
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.completion.solution._notebook import MARKS, meanings
from cayley.completion.solution._wording import a_kind
from cayley.report._certificate_sentences import (
    NOTHING_TO_CHECK,
    certificate_sentences,
    check_yourself,
)
from cayley.report._explanations import explain
from cayley.report._grid_image import grid_image
from cayley.report._heading import command, heading, lead, versions
from cayley.report._inspected import MOST_CLASSES, inspected
from cayley.report._page_data import as_script_text, page_data, symbol_colors
from cayley.report._page_matrices import page_matrices
from cayley.report._page_partitions import partitions, subgroup_choices
from cayley.report._page_pictures import curves_svg, page_pictures
from cayley.report._typeset import cleaned, typeset_number, typeset_words
from cayley.report.figures.drawing._palette import ink_on
from cayley.report.figures.drawing._style import shortened
from cayley.report.figures.element_order._arrangement import Arrangement, arrange

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

__all__ = ["render_report", "write_report"]

LARGEST_GRID = 64
"""Up to this order the page has the whole table as HTML, for readers without scripts and for paper;
the script draws larger ones as far as they are seen, and a picture shows the whole."""

# Longer symbols are cut in the cells and written out once, in a list under the table: a page that
# repeated them in n^2 cells would grow without bound.
_LONGEST_IN_CELL = 24

_MOST_LABELS = 12
"""Elements of a subgroup that a list writes out: all of them would be 120 lines of 120 labels."""

_SCRIPTS = (
    "report_data.js", "report_colors.js", "report_table.js", "report_marks.js",
    "report_diagram.js", "report_matrices.js", "report_page.js",
)  # fmt: skip
"""The parts of the page's script, in the order in which they use each other."""

_DARK = " ".join(
    (
        "--paper: #15181c; --surface: #1e2329; --ink: #e9ebee; --quiet: #a9b1bb;",
        "--line: #343b44; --edge: #717a86; --accent: #6cb6ff; --warm: #ffb077; --good: #5fd0a3;",
        "--left: #6cb6ff; --right: #ffb077; --result: #e59bdc; --observed: #15181c;",
        "--forced: #12405c; --predicted: #57430a; --suspect: #74301f; --unknown: #3a3d40;",
    )
)
"""Colors of the dark page; cells keep theirs, on which their letters are readable."""


def render_report(
    solution: SolutionLike, *, source: str | None = None, certified: bool = False
) -> str:
    """Return the report of a solution as the text of one HTML page.

    The page loads nothing from anywhere, and a policy in it forbids everything but its own script
    and style. Every label is escaped.

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
    placed, found = arrange(solution), inspected(solution)
    small = max(solution.table.array.shape) <= LARGEST_GRID
    subgroups = subgroup_choices(solution, None if found is None else found.description)
    matrices = page_matrices(solution)
    colors = symbol_colors(placed)
    # The policy in the page admits script and style by the hash of their exact bytes, so the text
    # that is hashed is the text that is inserted.
    script, style = _script(environment), _style(environment, colors)
    page = environment.get_template("report.html").render(
        solution=solution,
        source=source,
        document=solution.to_document(),
        names={kind: kind.name.lower() for kind in Provenance},
        marks=MARKS,
        meanings=meanings(solution),
        heading=heading(solution, found),
        lead=lead(solution, found),
        assumed="none"
        if solution.assumption is None
        else f"the operation is {a_kind(solution.assumption)}",
        explained=explain(solution),
        placed=placed,
        rows=_rows(solution, placed) if small else None,
        overview=None if small else _overview(solution, placed, colors),
        long_symbols=_long_labels(solution),
        found=found,
        most_classes=MOST_CLASSES,
        certificate=certificate_sentences(solution),
        proofs=check_yourself(solution) if certified else NOTHING_TO_CHECK,
        pictures=page_pictures(solution, colors),
        curves=curves_svg(solution),
        matrices=matrices,
        matrices_complex=any(
            "imaginary" in each for each in (matrices or {}).get("irreducible", ())
        ),
        subgroups=subgroups,
        isotopism=_isotopism(solution),
        suspects=[_suspect(s) for s in solution.suspects],
        options=[(name.replace("_", " "), _worded(value))
                 for name, value in solution.options.items() if value is not None],
        command=command(solution, source),
        versions=versions(),
        data=as_script_text(
            page_data(
                solution,
                placed,
                parts=partitions(solution, None if found is None else found.inspection),
                subgroups=subgroups,
                matrices=matrices,
            )
        ),
        script=script,
        script_digest=_digest(script),
        style=style,
        style_digest=_digest(style),
    )  # fmt: skip
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
    environment.filters |= {
        "number": typeset_number, "words": typeset_words, "cut": shortened, "groups": _groups,
        "labels": _labels,
    }  # fmt: skip
    return environment


def _source(environment: "jinja2.Environment", name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _script(environment: "jinja2.Environment") -> "Markup":
    """Return the page's script as it stands in its files; no data is inserted into it."""
    from markupsafe import Markup

    parts = "".join(_source(environment, name) for name in _SCRIPTS)
    return Markup(f'"use strict";\n(() => {{\n{parts}}})();\n')


def _style(environment: "jinja2.Environment", colors: Sequence[str]) -> "Markup":
    """Return the page's style: the file, the dark colors, and a color for each symbol."""
    from markupsafe import Markup

    dark = (
        "@media screen and (prefers-color-scheme: dark) "
        f"{{ :root:not([data-theme=light]) {{ {_DARK} }} }}\n"
        f"@media screen {{ :root[data-theme=dark] {{ color-scheme: dark; {_DARK} }}\n"
        ":root[data-theme=light] { color-scheme: light; } }"
    )
    variables = "".join(f"--e{i}:{c};--i{i}:{ink_on(c)};" for i, c in enumerate(colors))
    rules = "".join(
        f".e{i}{{background:var(--e{i});color:var(--i{i})}}" for i in range(len(colors))
    )
    text = _source(environment, "report.css").replace("[[dark]]", dark)
    return Markup(f"{text}:root{{{variables}}}\n{rules}\n")


def _digest(text: str) -> str:
    """Return the hash of a text as policies write it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _groups(rows: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Return rows by their words; a row without one goes on from the one before."""
    found: list[tuple[str, list[str]]] = []
    for head, text in rows:
        if head or not found:
            found.append((head, [text]))
        else:
            found[-1][1].append(text)
    return found


def _labels(elements: Sequence[int], symbols: Sequence[str]) -> str:
    """Return the labels of some elements, the first of them where they are many."""
    more = len(elements) - _MOST_LABELS
    listed = ", ".join(shortened(symbols[i], _LONGEST_IN_CELL) for i in elements[:_MOST_LABELS])
    return f"{listed} and {more} more" if more > 0 else listed


def _rows(solution: Solution, placed: Arrangement) -> list[tuple[int, str, list[dict[str, Any]]]]:
    """Return the table's rows in the order of the cosets: index, label, cells."""
    table = solution.table
    rows = []
    for a in placed.rows.tolist():
        cells = []
        for b in placed.columns.tolist():
            c, kind = int(table.array[a, b]), Provenance(int(solution.provenance[a, b]))
            label = "" if c < 0 else table.symbols[c]
            cells.append({"kind": kind, "code": c, "label": shortened(label, _LONGEST_IN_CELL)})
        rows.append((a, table.rows[a], cells))
    return rows


def _overview(solution: Solution, placed: Arrangement, colors: Sequence[str]) -> str:
    """Return the whole table as an image, in the order that shows the structure."""
    cells = solution.table.array[np.ix_(placed.rows, placed.columns)]
    return grid_image(cells, colors, empty="#8c8c8c")


def _long_labels(solution: Solution) -> list[str]:
    """Return the labels that are cut in the table."""
    table = solution.table
    names = dict.fromkeys((*table.rows, *table.columns, *table.symbols))
    return [name for name in names if len(name) > _LONGEST_IN_CELL]


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

"""``cayley plot``: draw one figure of a solution that was written, or of a table."""

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cayley.cli._console import note, usage_errors
from cayley.cli._options import AllowConflicts, Format, MaxOrder, MemoryLimit, Open, Unknown, read
from cayley.cli._progress import search_progress
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.completion import Solution

__all__ = ["plot"]

# The keys of FIGURES in cayley.report, written out: importing them would import report for every
# command. A test compares the two.
Kind = Literal[
    "table",
    "before-after",
    "provenance",
    "possible",
    "rivals",
    "characters",
    "cayley-graph",
    "quotient",
    "normal-subgroups",
    "subgroup-lattice",
    "cycle-graph",
    "symmetry",
    "egg-box",
    "hasse",
    "quandle-graph",
    "matrices",
    "curves",
]

# The values of `OrderBy` in cayley.report, likewise.
Order = Literal["auto", "cosets", "classes", "green", "orbits", "given"]

# The solids that `symmetry_picture` takes, likewise.
Solid = Literal["tetrahedron", "cube"]


def plot(
    kind: Annotated[Kind, typer.Argument(help="What to draw; see above.", show_default=False)],
    file: Annotated[
        str,
        typer.Argument(
            help="A table, or a solution.json; - reads standard input.", show_default=False
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="File to write: .svg, .png or .pdf."),
    ],
    generators: Annotated[
        str | None,
        typer.Option(help="Of cayley-graph: symbols that generate the group, by commas."),
    ] = None,
    subgroup: Annotated[
        str | None,
        typer.Option(
            help="Of table and quotient: symbols that generate a subgroup, by commas, or the index "
            "of a normal one."
        ),
    ] = None,
    order_by: Annotated[
        Order,
        typer.Option(
            help="Of table: list the labels by cosets, conjugacy classes, Green's classes, orbits, "
            "or as given."
        ),
    ] = "auto",
    solid: Annotated[
        Solid | None,
        typer.Option(help="Of symmetry: the solid to draw for S4.", show_default=False),
    ] = None,
    rival: Annotated[
        int | None,
        typer.Option(min=1, help="Of rivals: which one, counted from 1.", show_default=False),
    ] = None,
    elements: Annotated[
        int, typer.Option(min=1, max=24, help="Of matrices: how many elements to show.")
    ] = 6,
    solver: Annotated[
        Literal["auto", "exact", "synchronization", "hypercube"],
        typer.Option(help="What completes a table."),
    ] = "auto",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the completion.")] = 0,
    time_limit: Annotated[
        float, typer.Option(min=0.001, help="Seconds for the completion.")
    ] = 600.0,
    input_format: Format = None,
    unknown: Unknown = None,
    open_results: Open = False,
    allow_conflicts: AllowConflicts = False,
    max_order: MaxOrder = 5000,
    memory_limit: MemoryLimit = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Draw one figure of a table or of a solution.

    A solution.json, from complete --out or --json, is drawn as it is; a table is completed first.
    The kinds of figures are

    \b
    table             the completed table, listed by structure
    before-after      the table given and completed, with provenance
    provenance        where each cell comes from
    possible          the values that open cells can have
    rivals            two rival completions, their differences marked
    characters        the character table
    cayley-graph      the Cayley graph on generators
    quotient          the table folded by a normal subgroup
    normal-subgroups  the lattice of normal subgroups
    subgroup-lattice  all subgroups, conjugate ones together
    cycle-graph       the maximal cyclic subgroups
    symmetry          what each element does to a polygon or solid
    egg-box           Green's relations on a semigroup
    hasse             the order of a semilattice or of idempotents
    quandle-graph     how the elements of a quandle move each other
    matrices          matrices as learned, gauge fixed, by irreducible blocks
    curves            fit, penalty, agreement, imbalance in training

    \b
    Example: cayley plot table examples/tables/c3v_partial.csv -o table.svg
    Example: cayley plot cayley-graph table.csv --generators r,s -o graph.pdf
    Example: cayley plot quotient table.csv --subgroup 2 -o fold.svg
    Example: cayley plot symmetry s4.csv --solid cube -o rotations.svg
    Example: cayley plot curves c3v/solution.json -o curves.png
    """  # noqa: D301
    from cayley.report import draw_picture
    from cayley.report.figures.drawing._style import format_of

    with usage_errors():
        # Both checks come before the search, which may take minutes.
        format_of(output)
        if not output.absolute().parent.is_dir():
            raise FileNotFoundError(f"the folder {output.absolute().parent} does not exist.")
        found = _read(file, input_format, unknown, allow_conflicts, max_order, open=open_results)
        if isinstance(found, Table):
            from cayley.completion import solve

            with search_progress(quiet=quiet) as callback:
                solution = solve(
                    found, solver=solver, seed=seed, time_limit=time_limit, callback=callback
                )
            if not quiet:
                note(solution.verdict)
        else:
            solution = found
        given = _given(
            kind,
            solution.table.symbols,
            elements,
            generators=generators,
            subgroup=subgroup,
            order_by=None if order_by == "auto" else order_by,
            solid=solid,
            rival=rival,
        )
        draw_picture(kind, solution, **given).save(output)


def _read(
    file: str,
    input_format: str | None,
    unknown: list[str] | None,
    allow_conflicts: bool,
    max_order: int,
    *,
    open: bool,
) -> "Table | Solution":
    """Return the solution that a file or standard input holds, or the table if it holds none."""
    from cayley.completion import solution_from_document
    from cayley.report import read_solution
    from cayley.report._read_solution import is_solution

    if file == "-":
        content = sys.stdin.buffer.read()  # a pipe is read once only, so it is kept
        if input_format is None and is_solution(content):
            return solution_from_document(json.loads(content))
        stream = io.BytesIO(content)
        stream.name = "<stdin>"
        return read(stream, input_format, unknown, allow_conflicts, max_order, open=open)
    path = Path(file)
    if input_format is None and path.suffix.lower() == ".json" and is_solution(path.read_bytes()):
        return read_solution(path)
    return read(file, input_format, unknown, allow_conflicts, max_order, open=open)


def _given(kind: str, symbols: Sequence[str], elements: int, **options: Any) -> dict[str, Any]:
    """Return the options that were given, those that are not None, as the kind takes them.

    Raises:
        ValueError: If one was given that this kind does not take.
    """
    from cayley.report.figures._figure_kinds import FIGURES
    from cayley.report.figures.element_order._chosen import labels_in, subgroup_in

    takes = FIGURES[kind].options
    given = {name: value for name, value in options.items() if value is not None}
    for name in given:
        if name not in takes:
            known = ", ".join(other for other, each in FIGURES.items() if name in each.options)
            raise ValueError(f"{kind} takes no --{name.replace('_', '-')}; {known} does.")
    for name, read_text in (("generators", labels_in), ("subgroup", subgroup_in)):
        if name in given:
            given[name] = read_text(given[name], symbols)
    if "count" in takes:  # of matrices, for which the option has another name
        given["count"] = elements
    return given

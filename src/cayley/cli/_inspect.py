"""``cayley inspect``: print what a full table is, or what a partial one can still be."""

from typing import TYPE_CHECKING, Annotated

import typer

from cayley.cli._console import say, say_code, say_document, usage_errors
from cayley.cli._options import (
    AllowConflicts,
    File,
    InputFormat,
    MaxOrder,
    MemoryLimit,
    Open,
    Unknown,
    checked_format,
    read,
)

if TYPE_CHECKING:
    from cayley.completion import Inspection

__all__ = ["inspect"]

# The properties that have a line on the screen; the JSON document has all of them.
_SHOWN = (
    "latin", "associative", "commutative", "idempotent", "identity", "inverses", "group",
    "group_isotope",
)  # fmt: skip

_MOST_CLASSES = 24
"""Larger character tables are not printed: their lines are wider than a terminal. JSON has them."""


_OUTPUTS = ("text", "gap", "latex")


def _checked(name: str) -> str:
    """Return the name of an output, or of a format of the input, as it was given."""
    return name if name in _OUTPUTS else checked_format(name) or name


def inspect(
    file: File,
    output: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME",
            callback=_checked,
            help="What is printed: text, or code for gap or latex with the character table. Any "
            "other name is the format of the input, as --input-format.",
        ),
    ] = "text",
    input_format: InputFormat = None,
    unknown: Unknown = None,
    open_results: Open = False,
    allow_conflicts: AllowConflicts = False,
    max_order: MaxOrder = 5000,
    memory_limit: MemoryLimit = "auto",
    complexity: Annotated[
        bool,
        typer.Option(
            "--complexity", help="Measure H / n^2 by training, unless it is 3 by theorem."
        ),
    ] = False,
    laws: Annotated[
        bool,
        typer.Option(
            "--laws",
            help="List the laws of at most four operations that hold, with their numbers in the "
            "Equational Theories Project.",
        ),
    ] = False,
    other: Annotated[
        str | None,
        typer.Option(
            "--with",
            metavar="OTHER",
            help="A second table over the same labels: say whether the two are a ring, a lattice, "
            "a skew brace and so on, and why not. The first one is the sum.",
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.001, help="Seconds after which that measurement ends.")
    ] = 600.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of that measurement.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what a table is, and what it consists of.

    Everything is decided in whole numbers, but --complexity: how far the operation is from a group
    as the smallest penalty H / n^2 of matrices that multiply as it does, measured by training.

    Of a partial table print what it can still be: which kinds of operation its cells refute, and
    what each missing cell could be under the others. --laws, --complexity, --with and the formats
    gap and latex need a full table.

    Example: cayley generate 12:3 --isotope | cayley inspect -
    """
    from cayley.cli._progress import search_progress
    from cayley.completion import inspect_table, with_complexity
    from cayley.completion.inspection._inspection import with_laws, with_other
    from cayley.completion.inspection._partial_inspection import inspect_partial

    if output not in _OUTPUTS:
        output, input_format = "text", output
    with usage_errors():
        table = read(file, input_format, unknown, allow_conflicts, max_order, open=open_results)
        missing = table.array.size - table.num_observed
        if missing and output == "text" and not (complexity or laws or other):
            from cayley.cli._inspection_lines import partial_lines

            partial = inspect_partial(table)
            if as_json:
                say_document(partial.to_document())
                return
            for line in partial_lines(partial):
                say(line)
            return
        found = inspect_table(table)
        if complexity:
            with search_progress(quiet=as_json) as callback:
                found = with_complexity(found, seed=seed, time_limit=time_limit, callback=callback)
        if laws:
            found = with_laws(found)
        if other is not None:
            found = with_other(found, read(other, None, unknown, False, max_order))
    if as_json:
        say_document(found.to_document())
        return
    for line in lines(found) if output == "text" else exported(found, output):
        (say if output == "text" else say_code)(line)


def exported(found: "Inspection", output: str) -> list[str]:
    """Return the table and, of a group, the character table as code."""
    from cayley.algebra import character_table, to_gap, to_latex

    export = to_gap if output == "gap" else to_latex
    code = [export(found.table)]
    if found.isotopism is not None and _has_characters(found):
        code.append(export(character_table(found.isotopism.group)))
    return code


def _has_characters(found: "Inspection") -> bool:
    """Return whether the characters were computed; they are not where the classes are too many."""
    return found.description is not None and found.description.irreps is not None


def lines(found: "Inspection") -> list[str]:
    """Return the inspection as lines of text."""
    from cayley.algebra import character_table, format_character_table, format_description
    from cayley.cli._grid import grid, shortened
    from cayley.cli._inspection_lines import called, law_lines, part_lines, two_table_lines

    result = [f"order {found.table.order}, {called(found)}", ""]
    rows = []
    for key, answer in found.properties:
        if key not in _SHOWN or not found.applies(key):
            continue
        why = found.explain(key, answer)
        # A witness, such as the identity, is an index; the label says which element it is.
        if answer.witness is not None:
            why = shortened(found.table.rows[answer.witness])
        rows.append([key.replace("_", " "), "yes" if answer else "no", why])
    result += grid(["property", "", ""], rows)
    if found.description is not None and found.isotopism is not None:
        result += ["", format_description(found.description)]
        if _has_characters(found) and len(found.description.classes) <= _MOST_CLASSES:
            result += ["", format_character_table(character_table(found.isotopism.group))]
    result += part_lines(found)
    if found.complexity_is_exact or found.measured is not None:
        result += ["", complexity_line(found)]
    if found.laws is not None:
        result += ["", *law_lines(found.laws)]
    if found.two_tables is not None:
        result += ["", *two_table_lines(found.two_tables)]
    return result


def complexity_line(found: "Inspection") -> str:
    """Return what is known of the complexity, as one line."""
    if found.complexity_is_exact:
        return "complexity 3, exactly, as for every isotope of a group"
    if not found.measured:
        # Not finding a fit is no statement about the table, so no number is given.
        return (
            f"complexity: no exact fit in {found.complexity_steps} steps; --time-limit gives more"
        )
    values = ", ".join(f"{value:.3f}" for value in found.measured)
    line = f"complexity at most {found.measured[0]:.2f}, measured (exact fits: {values})"
    # Of a quasigroup the two are one number.
    if found.weighted and not found.properties.latin:
        line += f"; {found.weighted[0]:.2f} weighted by the table, which is at least 3"
    if found.floors and found.floors[0] > 3.005:
        line += f" ({found.floors[0]:.2f} for matrices that use {found.ranks[0]:.0%} of their size)"
    return line

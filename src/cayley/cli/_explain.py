"""``cayley explain``: what a trained network on two symbols has learned, from a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cayley.cli._console import note, say, say_document, usage_errors
from cayley.cli._options import MemoryLimit

if TYPE_CHECKING:
    from cayley.interpretation import Explanation
    from cayley.tables import Table

__all__ = ["explain"]

_MOST_PARTS = 24
"""More lines push the verdict off the screen; --json and --out have all parts."""

_MOST_WRONG = 12
"""Likewise of cells in which the answers differ from the group."""


def explain(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="An npz or safetensors file with any of logits (n, n, n), left (n, d), "
            "right (n, d), unembedding (n, d), neurons (n, n, m).",
            show_default=False,
        ),
    ],
    truth: Annotated[
        str | None,
        typer.Option(
            metavar="TABLE", help="The table that the network should know: symbol i is row i."
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Measure parts under this group, a name or a table with symbol i as row i, "
            "instead of the one found in the answers.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write the document and pictures to.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace that folder, if cayley wrote it.")
    ] = False,
    permutations: Annotated[
        int, typer.Option(min=100, help="Shuffles of the symbols behind what chance explains.")
    ] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the shuffles and the search.")] = 0,
    time_limit: Annotated[
        float, typer.Option(min=0.001, help="Seconds for finding the group in the answers.")
    ] = 60.0,
    memory_limit: MemoryLimit = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the verdict only.")] = False,
) -> None:
    """Say what a trained network on two symbols has learned.

    Its answers are a table: the group in it, and the wrong cells, are found exactly. Under that
    group the embeddings are taken apart into irreducible representations, neurons are compared with
    cosets, and the accuracy is measured with parts taken away. A * marks what shuffled symbols do
    not explain.

    Exit status: 0 the answers are those of a group, given or earned, or of an isotope of one; 3
    only predicted or supposed; 4 no group was found in the answers; 2 wrong usage or unreadable
    input.

    \b
    Example: cayley explain network.npz --truth s5.csv --out s5
    Example: cayley explain network.safetensors --group C113 --json
    """  # noqa: D301
    from cayley.cli._options import read
    from cayley.interpretation import explain as explained

    with usage_errors():
        if out is not None:
            from cayley.report._write_solution import check_output

            check_output(out, overwrite=overwrite)
        found = explained(
            file,
            truth=None if truth is None else read(truth, None, None),
            group=None if group is None else _group(group),
            seed=seed,
            permutations=permutations,
            time_limit=time_limit,
        )
        if out is not None:
            from cayley.report._write_explanation import write_explanation

            write_explanation(found, out, overwrite=overwrite)
    if as_json:
        say_document(found.to_document())
    else:
        for line in lines(found, quiet=quiet):
            say(line)
        if not quiet and len(found.irreducibles) > _MOST_PARTS:
            note("Parts with little energy are not listed; --json has all of them.")
    raise typer.Exit(exit_status(found))


def exit_status(found: "Explanation") -> int:
    """Return 0, 3 or 4, as the help says."""
    solution = found.solution
    if solution is None or solution.isotopism is None:
        return 4
    return {"solved": 0, "predicted": 3}.get(solution.status, 4)


def _group(name: str) -> "Table":
    """Return the table of a group by name, or from a file if there is one of this name."""
    from cayley.cli._options import read
    from cayley.tables import generate_family

    return read(name, None, None) if Path(name).exists() else generate_family(name)


def lines(found: "Explanation", *, quiet: bool = False) -> list[str]:
    """Return the explanation as lines of text: a table of parts, then the sentences."""
    from cayley.interpretation._sentences import sentences

    result = [] if quiet else [*_part_lines(found), *_wrong_lines(found)]
    return [*result, *sentences(found)]


def _part_lines(found: "Explanation") -> list[str]:
    """Return the table of parts, those with most energy first, in the order of the characters."""
    from cayley.cli._grid import grid
    from cayley.interpretation._sentences import percent

    if not found.irreducibles:
        return []
    counts = [0] * len(found.irreducibles)
    for neuron in found.neurons:
        if neuron.claimed and neuron.irreducible is not None:
            counts[neuron.irreducible] += 1
    without = {
        each.parts[0]: percent(each.accuracy)
        for each in found.interventions
        if each.kind == "without the neurons of a part"
    }
    abelian = found.irreducibles[0].frequency is not None
    weights = [
        max([float(part.shares[i]) for part in found.parts] or [0.0]) + counts[i] / 1e6
        for i in range(len(counts))
    ]
    chosen = sorted(range(1, len(counts)), key=lambda i: -weights[i])[:_MOST_PARTS]
    rows = []
    for i in sorted(chosen):
        each = found.irreducibles[i]
        shape = ",".join(map(str, each.frequency or ())) if abelian else str(each.degree)
        shares = [f"{part.shares[i]:.3f}{'*' if part.claimed[i] else ''}" for part in found.parts]
        row = [each.name, shape, *shares]
        if found.neurons:
            row += [str(counts[i] or ""), without.get(each.name, "")]
        rows.append(row)
    header = ["part", "frequency" if abelian else "degree", *(part.name for part in found.parts)]
    if found.neurons:
        header += ["neurons", "right without them" if without else ""]
    return [*grid(header, rows), ""] if rows else []


def _wrong_lines(found: "Explanation") -> list[str]:
    """Return the cells in which the answers differ from the group."""
    from cayley.cli._grid import shortened

    suspects = () if found.solution is None else found.solution.suspects
    result = []
    for each in suspects[:_MOST_WRONG]:
        row, column, given, expected = (
            shortened(label) for label in (each.row, each.column, each.given, each.expected)
        )
        result.append(f"  suspect: {row} o {column} is answered {given}, the group has {expected}")
    if len(suspects) > _MOST_WRONG:
        result.append(f"  and {len(suspects) - _MOST_WRONG} more; --json lists them all")
    return result

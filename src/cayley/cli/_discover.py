"""``cayley discover``: read observed transformations, print and write the group behind them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cayley.cli._console import note, say, say_document, usage_errors
from cayley.cli._options import MemoryLimit

if TYPE_CHECKING:
    from cayley.discovery import Discovery, Transitions, VectorPairs
    from cayley.discovery._result import WrongObservation

__all__ = ["discover"]

_MOST_WRONG = 20  # wrong observations printed; --json lists all of them

# The same numbers as of `cayley complete`, since the statuses are the same.
EXIT_STATUS = {"solved": 0, "predicted": 3, "unresolved": 4, "inconsistent": 4}


def discover(
    file: Annotated[
        str, typer.Argument(help="The observations; - reads standard input.", show_default=False)
    ],
    vectors: Annotated[
        Literal["auto", "coordinates", "linear", "states"],
        typer.Option(help="How to read vectors: permuted coordinates, linear maps, or states."),
    ] = "auto",
    tolerance: Annotated[
        float | None,
        typer.Option(
            min=0.0, help="Distance up to which vectors are one state, or matrices one element."
        ),
    ] = None,
    max_order: Annotated[int, typer.Option(min=1, help="Largest group to make a table of.")] = 2000,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write transitions, group, matrices and network to."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace that folder, if cayley wrote it.")
    ] = False,
    automaton: Annotated[
        bool,
        typer.Option(
            "--automaton",
            help="Take the transitions for those of an automaton, which need not permute the "
            "states, and find its transition monoid.",
        ),
    ] = False,
    start: Annotated[
        str | None,
        typer.Option(metavar="STATE", help="Where words begin; with --accept the language."),
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            metavar="STATES",
            help="States, with commas between, in which words of the language end: find its "
            "syntactic monoid.",
        ),
    ] = None,
    next_count: Annotated[
        int | None,
        typer.Option(
            "--next",
            min=1,
            metavar="N",
            help="Name the N transitions to observe next instead, and why.",
        ),
    ] = None,
    memory_limit: MemoryLimit = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the verdict only.")] = False,
) -> None:
    """Find the group behind transformations seen by what they do.

    Reads CSV or TSV with the header state,action,next (partly seen, some wrong), or
    action,x1,...,y1,... with vectors before and after, or .npz. Prints what every transformation
    does and the group. With --automaton it prints the transition monoid, and with --start and
    --accept the syntactic monoid of the language, with their egg-boxes. With --next it says which
    transitions to observe next, so that few settle all.

    Exit status: 0 everything given or forced; 3 predicted by a fit or a vote; 4 unresolved or
    inconsistent; 2 wrong usage or unreadable input.

    \b
    Example: cayley discover examples/actions/triads.csv --out triads
    Example: cayley discover seen.csv --next 1
    """  # noqa: D301
    from cayley.discovery import discover as run
    from cayley.discovery import read_observations

    with usage_errors():
        # Before the search, so that a folder that cannot be written costs no time.
        if out is not None:
            from cayley.report._write_solution import check_output

            check_output(out, overwrite=overwrite)
        seen = read_observations(file)
        if next_count is not None:
            if out is not None or automaton or start is not None or accept is not None:
                raise ValueError("--next goes with --json only.")
            _print_next(seen, next_count, as_json=as_json)
            return
        if automaton or start is not None or accept is not None:
            if out is not None:
                raise ValueError("--out writes what a group does; use --json for an automaton.")
            _print_automaton(seen, start, accept, max_order, as_json=as_json)
            return
        with _progress(quiet=quiet) as callback:
            found = run(
                seen, vectors=vectors, tolerance=tolerance, max_order=max_order, callback=callback
            )
        if out is not None:
            from cayley.report import write_discovery

            write_discovery(found, out, overwrite=overwrite)
    if as_json:
        say_document(found.to_document())
    else:
        _print(found, quiet=quiet)
    raise typer.Exit(EXIT_STATUS[found.status])


def _print_next(seen: "Transitions | VectorPairs", count: int, *, as_json: bool) -> None:
    """Print which transitions to observe next."""
    from cayley.discovery import Transitions
    from cayley.discovery._next_transition import next_transitions

    if not isinstance(seen, Transitions):
        raise ValueError("--next needs transitions, with the header state,action,next.")
    advice = next_transitions(seen, count=count)
    if as_json:
        say_document(advice.to_document())
        return
    for question in advice.questions:
        _, *why = question.lines()
        say(f"state {question.row}, transformation {question.column}")
        for line in why:
            say(line)
    if not advice.questions:
        say(f"{advice.message}.")
    else:
        say(f"Supposed: {advice.assume}.")


def _print_automaton(
    seen: "Transitions | VectorPairs",
    start: str | None,
    accept: str | None,
    max_order: int,
    *,
    as_json: bool,
) -> None:
    """Print the monoids of an automaton."""
    from cayley.cli._automaton_lines import automaton_lines
    from cayley.discovery import Transitions
    from cayley.discovery._automaton import automaton_monoids

    if not isinstance(seen, Transitions):
        raise ValueError("an automaton needs transitions, with the header state,action,next.")
    states = [state.strip() for state in (accept or "").split(",") if state.strip()]
    found = automaton_monoids(seen, start=start, accepting=states, max_order=max_order)
    if as_json:
        say_document(found.to_document())
        return
    for line in automaton_lines(found):
        say(line)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Show what is being done, where standard error is a terminal."""
    import sys

    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # rich is imported only where there is a terminal
    from rich.status import Status
    from rich.text import Text

    with Status("", console=Console(stderr=True)) as status:
        # Text and not a string, in which rich would read "[...]" as markup.
        yield lambda words: status.update(Text(words))


def _print(found: "Discovery", *, quiet: bool) -> None:
    """Print transitions, verdict and wrong observations; with ``quiet`` the verdict only."""
    if not quiet and found.transitions is not None:
        for line in _transition_lines(found):
            say(line)
        say("")
    say(found.verdict)
    if quiet:
        return
    for wrong in found.wrong[:_MOST_WRONG]:
        say(f"  {_sentence(wrong)}")
    if len(found.wrong) > _MOST_WRONG:
        say(f"  and {len(found.wrong) - _MOST_WRONG} more; --json lists them all")
    for remark in found.notes:
        note(remark)


def _sentence(wrong: "WrongObservation") -> str:
    """Return what a wrong observation said and what was expected, as a sentence."""
    from cayley.cli._grid import shortened

    # Counted from 1, as the lines of a file are.
    lead = f"observation {wrong.place + 1}: {shortened(wrong.action)}"
    if wrong.state is None or wrong.given is None:
        instead = "" if wrong.expected is None else f"; {shortened(wrong.expected)} does"
        return f"{lead} does not fit{instead}"
    return (
        f"{lead} was seen to take {shortened(wrong.state)} to {shortened(wrong.given)}, "
        f"expected {shortened(wrong.expected or '?')}"
    )


def _transition_lines(found: "Discovery") -> list[str]:
    """Return lines with what every transformation does to every point, marked as tables are."""
    from cayley.cli._grid import BRACKETS, LARGEST_PRINTED_ORDER, MEANINGS, grid, shortened
    from cayley.completion import Provenance

    assert found.transitions is not None
    assert found.provenance is not None
    if len(found.points) > LARGEST_PRINTED_ORDER:
        return [f"({len(found.points)} points; --json or --out give them all)"]
    points = [*(shortened(label) for label in found.points), "?"]  # -1, unknown, is the last
    rows = []
    for x, row in enumerate(found.transitions.tolist()):
        marks = [BRACKETS[Provenance(code)] for code in found.provenance[x]]
        cells = [f"{left}{points[y]}{right}" for y, (left, right) in zip(row, marks, strict=True)]
        rows.append([points[x], *cells])
    lines = grid(["", *(shortened(label) for label in found.actions)], rows)
    legend = ", ".join(text for kind, text in MEANINGS.items() if found.counts[kind.name.lower()])
    return [*lines, "", legend] if legend else lines

"""``cayley next``: print which cells to observe next, or ask for them one after the other."""

import csv
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cayley._errors import UnknownLabelError
from cayley._files import replace_file
from cayley.cli._console import in_command_words, note, say, say_document, usage_errors
from cayley.cli._options import InputFormat, MaxOrder, MemoryLimit, Unknown, read
from cayley.tables import Table

if TYPE_CHECKING:
    from cayley.next_cell._dialogue import Dialogue
    from cayley.next_cell._next_cells import Advice

__all__ = ["next"]

_UNAVAILABLE = {"", "-", "none", "unavailable", "inf"}
_LAST = ":undo takes the last answer back; any other line ends."
_COMMANDS = ":undo takes the last answer back, :skip leaves a cell out, :quit ends and keeps"


def next(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]", help="The table; - reads standard input.", show_default=False
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,...", help="Begin with no cell known: the labels, instead of FILE."
        ),
    ] = None,
    count: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many cells, to be observed together.")
    ] = 1,
    assume: Annotated[
        str,
        typer.Option(
            metavar="THEORY",
            help="What the operation is taken to be: auto, none, group, isotope, a theory such as "
            "'Moufang loop', or identities.",
        ),
    ] = "auto",
    cost: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help="File of lines row,column,cost; * is any row or column, an empty cost a cell that "
            "cannot be observed. 1 where nothing is said.",
        ),
    ] = None,
    wrong_rate: Annotated[
        float,
        typer.Option(
            min=0.0, max=0.5, metavar="E", help="Probability that an answer is wrong; asks again."
        ),
    ] = 0.0,
    delta: Annotated[
        float,
        typer.Option(
            min=1e-9, max=0.5, metavar="D", help="With --wrong-rate: stop below this error."
        ),
    ] = 0.02,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask for one cell after the other in the terminal.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="With --ask: file to write the table with the answers to.")
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what each answer would settle, with proofs for cayley check. Needs one "
            "theory as --assume.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of every random choice.")] = 0,
    input_format: InputFormat = None,
    unknown: Unknown = None,
    max_order: MaxOrder = 1000,
    memory_limit: MemoryLimit = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print which cells to observe next, and why.

    Reads tables as cayley complete does; --labels begins with no cell known. With each cell comes
    what its answers would settle. Cells that are known to be forced are never asked for. With
    --ask, Ctrl-C keeps the answers given so far: they are written to --out, or printed as CSV.

    Exit status: 0 there are questions, or the cells force the table; 4 what is open cannot be
    observed; 2 wrong usage, unreadable input, or cells that contradict each other.

    \b
    Example: cayley generate S4 --observe 0.02 | cayley next - --assume group
    Example: cayley next table.csv --count 5 --json
    Example: cayley next --labels e,a,b,c --assume group --ask --out answers.csv
    """  # noqa: D301
    from cayley.next_cell._dialogue import Dialogue
    from cayley.next_cell._next_cells import advise

    with usage_errors():
        if ask and (as_json or count > 1):
            raise ValueError(
                "--ask asks for one cell at a time: use it without --json and --count."
            )
        if out is not None and not ask:
            raise ValueError("--out is written with --ask only.")
        if certificate is not None and (ask or wrong_rate):
            raise ValueError(
                "--certificate is about given cells that are right: use it without --ask and "
                "--wrong-rate."
            )
        table = _table(file, labels, input_format, unknown, max_order)
        costs = None if cost is None else read_costs(cost)
        if ask:
            dialogue = Dialogue(
                table, assume=assume, cost=costs, seed=seed, wrong_rate=wrong_rate, delta=delta
            )
            is_stuck = _ask(dialogue, out)
        else:
            with _thinking():
                advice = advise(
                    table,
                    count=count,
                    assume=assume,
                    cost=costs,
                    seed=seed,
                    wrong_rate=wrong_rate,
                    delta=delta,
                )
            is_stuck = advice.is_stuck
            if certificate is not None:
                _certify(table, assume, advice, certificate)
            if as_json:
                document = advice.to_document()
                if table.reading is not None:
                    document["reading"] = table.reading.to_document()
                say_document(document)
            else:
                for line in _lines(advice):
                    say(line)
    raise typer.Exit(4 if is_stuck else 0)


def _table(
    file: str | None,
    labels: str | None,
    input_format: str | None,
    unknown: list[str] | None,
    max_order: int,
) -> Table:
    """Return the table of a file, or an empty one with some labels."""
    if (file is None) == (labels is None):
        raise ValueError("give either FILE or --labels, the labels of a table with no cell known.")
    if file is not None:
        return read(file, input_format, unknown, True, max_order)
    assert labels is not None
    names = [name.strip() for name in labels.split(",")]
    if "" in names or len(set(names)) < len(names):
        raise ValueError(f"--labels must be different and not empty; got {labels!r}.")
    return Table.from_triples([], labels=names)


def _lines(advice: "Advice") -> list[str]:
    if not advice.questions:
        return [f"{advice.message}."]
    lines = [line for question in advice.questions for line in question.lines()]
    return [*lines, f"{advice.posterior}."] if advice.posterior else lines


def _certify(table: Table, assume: str, advice: "Advice", path: Path) -> None:
    """Write the certificate of what the answers would settle; say what is not proved in it."""
    from cayley.completion._hypotheses import asked_for
    from cayley.completion.certificates._certificate import certificate_of_answers

    asked, hypotheses = asked_for(assume)
    if asked in ("auto", "none") or len(hypotheses) != 1:
        raise ValueError(
            f"--certificate states what answers settle under one theory; got --assume {assume}. "
            "Name one, such as group, isotope or 'left quandle'."
        )
    places = [(each.row, each.column) for each in advice.questions]
    document, lacking = certificate_of_answers(table, hypotheses[0], places)
    for sentence in lacking:
        note(sentence)
    if document is not None:
        replace_file(path, (json.dumps(document, ensure_ascii=False) + "\n").encode())
        note(f"certificate of {len(document['claims'])} cells in {path}.")


def read_costs(path: Path) -> dict[tuple[str | None, str | None], float]:
    """Return the costs that a file of lines ``row,column,cost`` gives.

    Raises:
        ValueError: If a line has no three fields or its cost is no number; the line is named.
        OSError: If the file cannot be read.
    """
    found: dict[tuple[str | None, str | None], float] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for number, fields in enumerate(csv.reader(lines), start=1):
            if not fields or (number == 1 and [each.strip().lower() for each in fields][:3] == [
                "row", "column", "cost"
            ]):  # fmt: skip
                continue
            if len(fields) != 3:
                raise ValueError(
                    f"{path}, line {number}: a line is row,column,cost; this has {len(fields)} "
                    "fields."
                )
            row, column, text = (each.strip() for each in fields)
            try:
                value = math.inf if text.lower() in _UNAVAILABLE else float(text)
            except ValueError:
                raise ValueError(
                    f"{path}, line {number}: {text!r} is no cost; write a positive number, or "
                    "nothing for a cell that cannot be observed."
                ) from None
            found[None if row == "*" else row, None if column == "*" else column] = value
    return found


def _ask(dialogue: "Dialogue", out: Path | None) -> bool:
    """Ask until nothing is left, or the person ends; then keep the answers.

    Returns:
        Whether cells are open that cannot be observed.
    """
    note(_COMMANDS)
    is_stuck = False
    try:
        while True:
            try:
                with _thinking():
                    advice = dialogue.advice
            except ValueError as error:
                # A contradiction at the beginning is one of the file.
                if not dialogue.num_answers:
                    raise
                ending = in_command_words(str(error))
            else:
                is_stuck = advice.is_stuck
                ending = "" if advice.questions else f"{advice.message}."
            if ending:
                note(f"{ending} {_LAST}")
                if sys.stdin.readline().strip() == ":undo" and dialogue.undo():
                    continue
                break
            for line in advice.questions[0].lines()[:2]:
                note(line)
            if not _answered(dialogue, f"{advice.questions[0]} "):
                break
    except (KeyboardInterrupt, EOFError):
        note("")
    finally:
        _keep(dialogue, out)
    return is_stuck


def _answered(dialogue: "Dialogue", prompt: str) -> bool:
    """Take one line; return False when the person ends."""
    print(prompt, end="", file=sys.stderr, flush=True)  # noqa: T201
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    text = line.strip()
    # A label wins over a command of the same name.
    if text not in dialogue.table.symbols:
        if text == ":quit":
            return False
        if text == ":undo":
            note("taken back" if dialogue.undo() else "there is no answer to take back")
            return True
        if text == ":skip":
            dialogue.skip()
            return True
    try:
        dialogue.answer(text)
    except UnknownLabelError as error:
        note(str(error))
    return True


def _keep(dialogue: "Dialogue", out: Path | None) -> None:
    """Write the table with the answers, or print it."""
    from cayley.tables import write_table

    answers = f"{dialogue.num_answers} answer{'' if dialogue.num_answers == 1 else 's'}"
    if out is not None:
        write_table(dialogue.believed, out)
        note(f"{answers} kept in {out}.")
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    table = dialogue.believed
    writer.writerow(["", *table.columns])
    for row, cells in zip(table.rows, table.array.tolist(), strict=True):
        writer.writerow([row, *(table.symbols[c] if c >= 0 else "" for c in cells)])
    note(f"{answers} kept above.")


@contextmanager
def _thinking() -> Iterator[None]:
    """Show that something is being done, where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # rich is imported only where there is a terminal
    from rich.status import Status

    with Status("choosing a cell", console=Console(stderr=True)):
        yield

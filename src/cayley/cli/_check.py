"""``cayley check``: check a certificate with a program that trusts nothing of cayley."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cayley._files import replace_file
from cayley.cli._console import say, usage_errors
from cayley.cli._options import FORMAT_HELP, MaxOrder, MemoryLimit, Unknown, checked_format, read

__all__ = ["check"]

REFUSED = 4  # as for what is unresolved or inconsistent


def check(
    file: Annotated[Path | None, typer.Argument(help="The certificate.", metavar="FILE")] = None,
    table: Annotated[
        str | None,
        typer.Argument(help="The table that was completed, as it was given; - is standard input."),
    ] = None,
    output_format: Annotated[
        Literal["text", "coq", "lean", "drat"],
        typer.Option(
            "--format",
            help="text: what is proved. coq: a file for Coq, of all claims; coqc checks it with no "
            "trust in cayley at all. lean: the claims as Lean 4 text, UNCHECKED: no Lean could be "
            "run where it was written. drat: what cells force or cannot be as formulas without a "
            "model, each with a proof by a SAT solver; needs the extra sat.",
        ),
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")
    ] = None,
    source: Annotated[
        bool, typer.Option("--source", help="Print the checker: one file of plain Python.")
    ] = False,
    input_format: Annotated[
        str | None,
        typer.Option("--input-format", metavar="NAME", callback=checked_format, help=FORMAT_HELP),
    ] = None,
    unknown: Unknown = None,
    max_order: MaxOrder = 5000,
    memory_limit: MemoryLimit = "auto",
) -> None:
    """Check a certificate: every claim, and every line of its proof.

    The checker is one file without dependencies, which --source prints, so that it can be read and
    run by itself: python -I checker.py certificate.json table.csv

    Exit status: 0 every claim is proved; 4 refused; 2 wrong usage or unreadable input.

    Example: cayley check result/certificate.json examples/tables/c3v_partial.csv
    """
    from cayley import _checker
    from cayley.completion import check_certificate

    if source:
        _write(Path(_checker.__file__).read_text(encoding="utf-8"), output)
        return
    with usage_errors():
        if file is None:
            raise ValueError("a certificate is needed: cayley check FILE, or --source.")
        given = None
        if table is not None:
            given = read(table, input_format, unknown, False, max_order)
        checked = check_certificate(file, given)
        if checked and output_format == "coq":
            from cayley.completion.certificates._coq import coq_text

            _write(coq_text(json.loads(file.read_bytes())), output)
            return
        if checked and output_format == "lean":
            from cayley.completion.certificates._lean import lean_text

            _write(lean_text(json.loads(file.read_bytes())), output)
            return
        if checked and output_format == "drat":
            _write_refutations(json.loads(file.read_bytes()), output)
            return
    for claim in checked.claims:
        say(f"proved: {claim}")
    if not checked:
        say(f"refused: {checked.reason}")
        raise typer.Exit(REFUSED)


def _write_refutations(document: dict[str, Any], output: Path | None) -> None:
    """Write a formula and a proof for each claim: NAME-1.cnf and NAME-1.drat for the second."""
    from cayley.completion.certificates._drat import refutations

    if output is None:
        raise ValueError("two files are written for each claim: say where by -o NAME.")
    for each in refutations(document):
        for suffix, lines in (("cnf", each.formula), ("drat", each.proof)):
            path = output.with_name(f"{output.stem}-{each.claim}.{suffix}")
            replace_file(path, ("\n".join(lines) + "\n").encode())
            say(f"wrote {path}")


def _write(text: str, output: Path | None) -> None:
    """Write a text to a file, whole or not at all, or print it."""
    if output is None:
        typer.echo(text, nl=False)
    else:
        replace_file(output, text.encode())

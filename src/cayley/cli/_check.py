"""``cayley check``: check a certificate with a program that trusts nothing of cayley."""

from pathlib import Path
from typing import Annotated

import typer

from cayley.cli._console import say, usage_errors
from cayley.cli._options import Format, MaxOrder, Unknown, read

__all__ = ["check"]

REFUSED = 4  # as for what is unresolved or inconsistent


def check(
    file: Annotated[Path | None, typer.Argument(help="The certificate.", metavar="FILE")] = None,
    table: Annotated[
        str | None,
        typer.Argument(help="The table that it has to be about; - is standard input."),
    ] = None,
    source: Annotated[
        bool, typer.Option("--source", help="Print the checker: one file of plain Python.")
    ] = False,
    input_format: Format = None,
    unknown: Unknown = None,
    max_order: MaxOrder = 5000,
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
        typer.echo(Path(_checker.__file__).read_text(encoding="utf-8"), nl=False)
        return
    with usage_errors():
        if file is None:
            raise ValueError("a certificate is needed: cayley check FILE, or --source.")
        given = None
        if table is not None:
            given = read(table, input_format, unknown, False, max_order)
        checked = check_certificate(file, given)
    for claim in checked.claims:
        say(f"proved: {claim}")
    if not checked:
        say(f"refused: {checked.reason}")
        raise typer.Exit(REFUSED)

"""``cayley inspect``: what a full table is, with counterexamples for what it is not."""

import json
from typing import Annotated

import typer

from cayley.cli._console import usage_errors
from cayley.cli._options import File, Format, MaxOrder, Unknown, read
from cayley.completion import Inspection

__all__ = ["inspect"]

_SHOWN = (
    "latin", "associative", "commutative", "idempotent", "identity", "inverses", "group",
    "group_isotope",
)  # fmt: skip


def inspect(
    file: File,
    format: Format = None,
    unknown: Unknown = None,
    max_order: MaxOrder = 5000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what a full table is: its properties, each with a counterexample, and its group.

    Everything is decided in whole numbers. Exit status 2 if the table is not full.

    Example: cayley generate 12:3 --isotope | cayley inspect -
    """
    from cayley.completion import inspect_table

    with usage_errors():
        found = inspect_table(read(file, format, unknown, False, max_order))
    if as_json:
        typer.echo(json.dumps(found.to_document(), ensure_ascii=False))
        return
    for line in lines(found):
        typer.echo(line)


def lines(found: Inspection) -> list[str]:
    """Return the inspection as lines of text."""
    from cayley.cli._grid import grid, shortened

    name = found.identification
    article = {"group": "", "group isotope": ""}.get(name.structure, "a ")
    head = [f"order       {found.table.order}", f"structure   {article}{name.structure}"]
    if name.invariants is not None:
        number = "" if name.gap_id is None else f" (GAP {name.gap_id[0]}:{name.gap_id[1]})"
        head.append(f"group       {name.name or 'no short name here'}{number}")
    rows = []
    for key, answer in found.properties:
        if key not in _SHOWN or not found.applies(key):
            continue
        why = found.explain(key, answer)
        if answer.witness is not None:
            why = shortened(found.table.rows[answer.witness])
        rows.append([key.replace("_", " "), "yes" if answer else "no", why])
    result = [*head, "", *grid(["property", "", ""], rows)]
    if name.invariants is not None:
        classes = [[str(k) for k in row] for row in name.invariants.classes]
        result += ["", *grid(["element order", "class size", "classes"], classes)]
        result += [
            "",
            f"centre of order {name.invariants.center_order}, "
            f"derived subgroup of order {name.invariants.derived_order}, "
            f"abelian invariants {list(name.invariants.abelian_invariants)}",
            "complexity  3 (exactly, as for every isotope of a group)",
        ]
    return result

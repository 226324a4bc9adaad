"""What a worker process does for a request: bytes in, parts of an answer out.

The server itself reads no table: a body that takes long, or much memory, takes it from a process
that can be ended. A task yields each part of its answer as soon as it is known.
"""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from cayley.completion import Solution, solve
from cayley.deduction.presentations._read_source import read_source
from cayley.studio.answers._cell_reasons import reason_for
from cayley.studio.answers._exports import exported
from cayley.studio.answers._lesson_checks import check_lesson, lesson_document
from cayley.studio.answers._lessons import LESSONS
from cayley.studio.answers._solution_pictures import picture_of, pictures_for
from cayley.studio.answers._table_documents import (
    LARGEST_SEED,
    Malformed,
    assumption_in,
    integer_in,
    number_in,
    object_of,
    table_document,
    table_in,
    text_in,
)
from cayley.studio.answers._thinking import first_look, look_further
from cayley.studio.answers._thoughts import thought_of
from cayley.tables import Table, add_noise, generate_family, mask

__all__ = ["TASKS", "Task", "dumped"]

Task = Callable[[bytes, dict[str, Any]], Iterator[bytes]]
"""Takes the body of a request and what the server says of it; yields the parts of the answer."""

_SOLVED: list[tuple[Any, Solution]] = []
"""The last solution of this process: a reason, a picture and a file are asked for one by one."""


def dumped(document: Any) -> bytes:
    """Return a document as one line of JSON."""
    return (
        json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode(
            "utf-8", "replace"
        )
        + b"\n"
    )


def first(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Say what can be said of a table at once."""
    request = object_of(body)
    table, assume = table_in(request, max_order=about["max_order"]), assumption_in(request)
    solution, settled = first_look(table, assume)
    if solution is None:
        yield dumped({"part": "first", "settled": False, "cells": None})
        return
    yield dumped({"part": "first", **thought_of(solution, settled=settled)})


def further(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Say what takes longer."""
    request = object_of(body)
    table, assume = table_in(request, max_order=about["max_order"]), assumption_in(request)
    for part in look_further(table, assume, settled=bool(about.get("settled"))):
        yield dumped(part)


def reason(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Say why a cell is forced."""
    request = object_of(body)
    solution = _solved(request, about)
    shape = solution.table.array.shape
    row = integer_in(request, "row", -1, least=0, most=shape[0] - 1)
    column = integer_in(request, "column", -1, least=0, most=shape[1] - 1)
    yield dumped(reason_for(solution, row, column))


def read(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Read a table that was uploaded, dropped or pasted, and say how it was read."""
    # Of a visitor's name only the ending matters: it is shown without folders, and never opened.
    name = PurePath(str(about.get("name", "")).replace("\\", "/")).name[-100:] or "table"
    stream = io.BytesIO(body)
    stream.name = name  # for messages, and for its ending
    notes: list[str] = []
    table = read_source(
        stream,
        max_order=about["max_order"],
        open=bool(about.get("open")),
        allow_conflicts=True,
        note=notes.append,
    )
    how = " ".join(notes) if table.reading is None else str(table.reading)
    yield dumped({"table": table_document(table), "how": how})


def make(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Make a table of a family, hide cells of one, or make some of its entries wrong."""
    request = object_of(body)
    what = text_in(request, "what")
    if what == "family":
        table = generate_family(text_in(request, "family"), max_order=about["max_order"])
    elif what in ("hide", "disturb"):
        table = _changed(request, what, table_in(request, max_order=about["max_order"]))
    else:
        raise Malformed("`what` must be family, hide or disturb.")
    yield dumped({"table": table_document(table)})


def _changed(request: dict[str, Any], what: str, table: Table) -> Table:
    share = number_in(request, "percent", 50, least=0, most=100) / 100
    seed = integer_in(request, "seed", 0, least=0, most=LARGEST_SEED)
    if what == "disturb":
        return add_noise(table, noise=share, seed=seed)
    return mask(table, observe=share, seed=seed)


def export(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Write a table or what is thought of it as a file: its name and kind in a line, then it."""
    request = object_of(body)
    what = text_in(request, "what")
    table = table_in(request, max_order=about["max_order"])

    def solved() -> Solution:
        return _solved(request, about)

    name, media, content = exported(table, what, solved)
    yield dumped({"name": name, "media": media}) + content


def pictures(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Name the kinds of pictures that apply to what is thought of a table."""
    yield dumped({"kinds": pictures_for(_solved(object_of(body), about))})


def picture(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Draw one kind of picture of what is thought of a table."""
    request = object_of(body)
    kind = text_in(request, "kind")
    yield dumped(picture_of(_solved(request, about), kind))


def lessons(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """List the lessons, without their answers."""
    yield dumped({"lessons": [lesson_document(each) for each in LESSONS]})


def lesson(body: bytes, about: dict[str, Any]) -> Iterator[bytes]:
    """Check what a learner has answered, or give a hint."""
    yield dumped(check_lesson(object_of(body)))


def _solved(request: dict[str, Any], about: dict[str, Any]) -> Solution:
    """Return what is thought of a table; the last answer is kept."""
    table, assume = table_in(request, max_order=about["max_order"]), assumption_in(request)
    key = (table, assume)
    for known, solution in _SOLVED:
        if known == key:
            return solution
    # The button above the files is "what cayley thinks", so nothing is learned for them.
    found, settled = first_look(table, assume)
    if found is None or not settled:
        found = solve(table, assume=assume, solver="exact", time_limit=about["seconds"] / 2)
    _SOLVED[:] = [(key, found)]
    return found


TASKS: dict[str, Task] = {
    task.__name__: task
    for task in (
        first, further, reason, read, make, export, pictures, picture, lessons, lesson
    )
}  # fmt: skip
"""The tasks by their names."""

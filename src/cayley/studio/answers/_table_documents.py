"""Tables as the page sends and gets them: documents of plain lists, checked one by one.

A page may send anything. What does not have the shape of a document raises :class:`Malformed`: such
a request was not made by the page. What has it and still is no table raises a ``ValueError`` with a
sentence for the visitor.
"""

import json
from typing import Any

import numpy as np

from cayley.completion._hypotheses import asked_for
from cayley.tables import UNKNOWN, Table

__all__ = [
    "LARGEST_SEED",
    "Malformed",
    "assumption_in",
    "checked_assumption",
    "integer_in",
    "number_in",
    "object_of",
    "table_document",
    "table_in",
    "text_in",
]

LARGEST_SEED = 2**31 - 1
"""The largest seed that a visitor may choose: a number that JavaScript and a C int can hold."""

_LONGEST_ASSUMPTION = 200
"""Characters of a theory: the longest identities that people name have some fifty, and the parser
goes three calls deeper with every bracket, so that far more would exceed Python's stack."""

_LONGEST_LABEL = 2000
"""Characters of one label; longer ones are no names of anything."""


class Malformed(Exception):
    """A request is not of the kind that the page sends; in a sentence without anything of it."""


def object_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object that a body holds.

    Raises:
        Malformed: If it holds none.

    Example:
        >>> object_of(b'{"seed": 1}')
        {'seed': 1}
    """
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Malformed("The request holds no JSON.") from None
    if not isinstance(found, dict):
        raise Malformed("The request holds no JSON object.")
    return found


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and infinities are no JSON


def text_in(body: dict[str, Any], key: str, default: str | None = None, *, most: int = 200) -> str:
    """Return a member that is a text of at most so many characters.

    Raises:
        Malformed: If it is none.
    """
    value = body.get(key, default)
    if not isinstance(value, str) or len(value) > most or not _is_text(value):
        raise Malformed(f"`{key}` must be a text of at most {most} characters.")
    return value


def integer_in(body: dict[str, Any], key: str, default: int, *, least: int, most: int) -> int:
    """Return a member that is an integer from ``least`` to ``most``.

    Raises:
        Malformed: If it is none; True is a number in Python, but none here.
    """
    value = body.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Malformed(f"`{key}` must be an integer from {least} to {most}.")
    return value


def number_in(
    body: dict[str, Any], key: str, default: float, *, least: float, most: float
) -> float:
    """Return a member that is a number from ``least`` to ``most``.

    Raises:
        Malformed: If it is none.
    """
    value = body.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise Malformed(f"`{key}` must be a number from {least:g} to {most:g}.")
    return float(value)


def table_document(table: Table) -> dict[str, Any]:
    """Return a table as the page gets it.

    Example:
        >>> table_document(Table.from_array([[0, 1], [1, -1]], labels="ea"))["cells"]
        [[0, 1], [1, -1]]
    """
    return {
        "rows": list(table.rows),
        "columns": list(table.columns),
        "symbols": list(table.symbols),
        "cells": table.array.tolist(),
        "repeats": table.repeats.tolist(),
    }


def table_in(body: dict[str, Any], *, max_order: int, key: str = "table") -> Table:
    """Return the table of a document.

    Args:
        body: An object whose member ``key`` is the document.
        max_order: Most rows, columns and symbols.
        key: The name of the member.

    Raises:
        Malformed: If there is no such document.
        ValueError: If it is larger than that, or labels repeat.
    """
    document = body.get(key)
    if not isinstance(document, dict):
        raise Malformed(f"`{key}` must be a table.")
    rows, columns, symbols = (_labels(document, name) for name in ("rows", "columns", "symbols"))
    sizes = (len(rows), len(columns), len(symbols))
    if max(sizes) > max_order:
        raise ValueError(
            f"The table has {sizes[0]} rows, {sizes[1]} columns and {sizes[2]} symbols; "
            f"this studio takes up to {max_order}."
        )
    cells = _integers(document.get("cells"), (len(rows), len(columns)), "cells")
    repeats = document.get("repeats", [])
    # As many as there are cells: a cell that is measured twice is the usual reason for them.
    if not isinstance(repeats, list) or len(repeats) > cells.size:
        raise Malformed("`repeats` must be a list of observations.")
    again = _integers(repeats, (len(repeats), 3), "repeats")
    if cells.min() < UNKNOWN or cells.max() >= len(symbols):
        raise Malformed("`cells` must hold places of symbols, or -1.")
    try:
        return Table(rows=rows, columns=columns, symbols=symbols, array=cells, repeats=again)
    except ValueError as error:
        raise ValueError(str(error).replace("`", "")) from None


def _labels(document: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of texts, at least one."""
    values = document.get(name)
    if not isinstance(values, list) or not values:
        raise Malformed(f"`{name}` must be a list of labels.")
    for value in values:
        if not isinstance(value, str) or len(value) > _LONGEST_LABEL or not _is_text(value):
            raise Malformed(f"`{name}` must hold texts of at most {_LONGEST_LABEL} characters.")
    return tuple(values)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _integers(values: Any, shape: tuple[int, int], name: str) -> Any:
    """Return lists of integers as an array of a shape."""
    good = (
        isinstance(values, list)
        and len(values) == shape[0]
        and all(isinstance(row, list) and len(row) == shape[1] for row in values)
        # bool is a kind of int in Python; numbers beyond 64 bits would be objects in an array
        and all(type(v) is int and abs(v) < 2**31 for row in values for v in row)
    )
    if not good:
        raise Malformed(f"`{name}` must hold {shape[0]} lists of {shape[1]} integers.")
    return np.array(values, dtype=np.int64).reshape(shape)


def assumption_in(body: dict[str, Any]) -> str:
    """Return what the operation is taken to be.

    Raises:
        Malformed: If it is no text.
        ValueError: If it can't be read.
    """
    return checked_assumption(text_in(body, "assume", "auto", most=10_000))


def checked_assumption(text: str) -> str:
    """Return what the operation is taken to be, without blanks around it, if it can be read.

    Args:
        text: What a visitor has chosen or typed.

    Raises:
        ValueError: If it is empty, too long, or neither a name nor identities; in one line.

    Example:
        >>> checked_assumption(" commutative Moufang loop "), checked_assumption("x*y = y*x")
        ('commutative Moufang loop', 'x*y = y*x')
    """
    text = text.strip()
    if not text:
        raise ValueError("Name what the operation is taken to be, or choose it from the list.")
    if len(text) > _LONGEST_ASSUMPTION:
        raise ValueError(
            f"What the operation is taken to be has {len(text)} characters; "
            f"at most {_LONGEST_ASSUMPTION} are read."
        )
    try:
        asked_for(text)
    except RecursionError:
        raise ValueError("The identities have too many brackets inside each other.") from None
    except ValueError as error:
        # First what may be given at all, then what is wrong. Further lines point at the place,
        # which only a fixed font can show, or list all names, which would fill the page.
        first, *lines = str(error).splitlines()
        wrong = []
        for line in lines:
            if line.startswith((" ", "Names:")):
                break
            wrong.append(line)
        reason = " ".join(wrong) or first.removeprefix("`assume` must be ")
        raise ValueError(reason[:1].upper() + reason[1:]) from None
    return text

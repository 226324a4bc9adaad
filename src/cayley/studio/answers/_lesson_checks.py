"""Whether an answer to an exercise is right, and what is said of it.

Answers are never sent to the page before they were found.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.completion._exact import deduce_table
from cayley.completion._outcome import Deduced
from cayley.studio.answers._lessons import LAWS, LESSONS, Kind, Lesson
from cayley.studio.answers._table_documents import Malformed, integer_in, table_document, text_in
from cayley.tables import UNKNOWN

__all__ = ["check_lesson", "lesson_document"]

_BY_NAME = {lesson.name: lesson for lesson in LESSONS}


def lesson_document(lesson: Lesson) -> dict[str, Any]:
    """Return a lesson as the page gets it: without its answer, its hints and what is learned.

    Example:
        >>> document = lesson_document(LESSONS[0])
        >>> document["name"], document["kind"], document["hints"], "answer" in document
        ('fill', 'fill', 3, False)
    """
    return {
        "name": lesson.name,
        "title": lesson.title,
        "text": lesson.text,
        "kind": lesson.kind,
        "table": table_document(lesson.table),
        "options": [{"name": name, "text": text} for name, text in lesson.options.items()],
        "variables": {name: count for name, (_, count, _) in LAWS.items()},
        "hints": len(lesson.hints),
    }


def check_lesson(request: dict[str, Any]) -> dict[str, Any]:
    """Return a hint, or what is right and wrong about an answer.

    Args:
        request: ``name``, and ``hint``: the number of one; or ``cells``, the table as it is filled;
            or ``choice`` and ``at``, an option and places of elements; or ``identity`` and
            ``inverses``; or ``asked``, cells to uncover.

    Raises:
        Malformed: If it is no such request.

    Example:
        >>> check_lesson({"name": "two", "choice": "Q8"})["right"]
        True
    """
    lesson = _BY_NAME.get(text_in(request, "name"))
    if lesson is None:
        raise Malformed("There is no such lesson.")
    if "hint" in request:
        number = integer_in(request, "hint", 0, least=0, most=len(lesson.hints) - 1)
        hint = lesson.hints[number]
        return {"hint": hint.text, "cells": [list(cell) for cell in hint.cells]}
    answer = _CHECKS[lesson.kind](lesson, request)
    return answer | ({"after": lesson.after} if answer["right"] else {})


def _filled(lesson: Lesson, request: dict[str, Any]) -> Int[NDArray[Any], "n n"]:
    """Return the table as a learner has filled it."""
    n = lesson.table.order
    return np.array(_places(request, "cells", n * n, least=UNKNOWN, below=n)).reshape(n, n)


def _places(request: dict[str, Any], key: str, count: int, *, least: int, below: int) -> list[int]:
    values = request.get(key)
    good = isinstance(values, list) and len(values) == count
    if not good or not all(type(v) is int and least <= v < below for v in values or ()):
        raise Malformed(f"`{key}` must hold {count} places of elements.")
    return list(values or ())


def _check_fill(lesson: Lesson, request: dict[str, Any]) -> dict[str, Any]:
    cells = _filled(lesson, request)
    open_ = lesson.table.array == UNKNOWN
    wrong = open_ & (cells != UNKNOWN) & (cells != lesson.answer)
    left = int((open_ & (cells == UNKNOWN)).sum())
    right = int(open_.sum()) - left - int(wrong.sum())
    if wrong.any():
        said = f"{_cells(right)} right, {_cells(int(wrong.sum()))} not: those are marked."
    elif left:
        said = f"All right so far; {_cells(left)} left." if right else "Fill in a cell first."
    else:
        said = "All of it is right."
    return {
        "right": not wrong.any() and not left,
        "said": said,
        "wrong": np.argwhere(wrong).tolist(),
    }


def _cells(count: int) -> str:
    return f"{count} cell{'' if count == 1 else 's'}"


def _check_cell(lesson: Lesson, request: dict[str, Any]) -> dict[str, Any]:
    cells, given = _filled(lesson, request), lesson.table.array
    changed = np.argwhere(cells != given)
    bad = np.argwhere(given != lesson.answer)
    if not len(changed):
        return {"right": False, "said": "Change the cell that is wrong.", "wrong": []}
    if len(changed) > 1:
        said = "Only one cell is wrong; change no other."
        return {"right": False, "said": said, "wrong": []}
    if (cells == lesson.answer).all():
        return {"right": True, "said": "That is it: a group again.", "wrong": []}
    if (changed == bad).all():
        said = "That is the cell. Which element is missing in its row and in its column?"
        return {"right": False, "said": said, "wrong": []}
    return {"right": False, "said": "That cell was right.", "wrong": changed.tolist()}


def _check_law(lesson: Lesson, request: dict[str, Any]) -> dict[str, Any]:
    choice = _choice(lesson, request)
    if choice not in LAWS:
        return {"right": False, "said": "Not so: one law fails. Look for it.", "wrong": []}
    law, count, holds = LAWS[choice]
    at = _places(request, "at", count, least=0, below=lesson.table.order)
    labels = lesson.table.rows
    where = ", ".join(f"{v} = {labels[x]}" for v, x in zip("xyz", at, strict=False))
    if holds(lesson.answer, tuple(at)):
        return {"right": False, "said": f"At {where} it holds: {law}.", "wrong": []}
    return {"right": True, "said": f"Yes: {law} fails at {where}.", "wrong": []}


def _choice(lesson: Lesson, request: dict[str, Any]) -> str:
    choice = text_in(request, "choice")
    if choice not in lesson.options:
        raise Malformed("`choice` must be one of the options.")
    return choice


def _check_choice(lesson: Lesson, request: dict[str, Any]) -> dict[str, Any]:
    right = _choice(lesson, request) == lesson.right
    said = "Right." if right else "Not this one. Count the elements whose square is the identity."
    return {"right": right, "said": said, "wrong": []}


def _check_identity(lesson: Lesson, request: dict[str, Any]) -> dict[str, Any]:
    n, table = lesson.table.order, lesson.answer
    identity = integer_in(request, "identity", -1, least=-1, most=n - 1)
    inverses = _places(request, "inverses", n, least=UNKNOWN, below=n)
    if identity == -1:
        return {"right": False, "said": "Name the identity first.", "wrong": []}
    if (table[identity] != np.arange(n)).any() or (table[:, identity] != np.arange(n)).any():
        x = int(np.argmax(table[identity] != np.arange(n)))
        names = lesson.table.rows
        said = f"{names[identity]} is not: {names[identity]} ∘ {names[x]} is not {names[x]}."
        return {"right": False, "said": said, "wrong": [[identity, x]]}
    wrong = [
        [x, y] for x, y in enumerate(inverses) if y != UNKNOWN and int(table[x, y]) != identity
    ]
    left = inverses.count(UNKNOWN)
    if wrong:
        said = "The identity is right. The marked products should be the identity, and are not."
    elif left:
        said = f"Right so far; {left} inverse{'' if left == 1 else 's'} left."
    else:
        said = "All of it is right."
    return {"right": not wrong and not left, "said": said, "wrong": wrong}


def _check_ask(lesson: Lesson, request: dict[str, Any]) -> dict[str, Any]:
    """Uncover cells, and say whether all others follow from them."""
    asked = request.get("asked")
    n = lesson.table.order
    if not isinstance(asked, list) or len(asked) > n * n:
        raise Malformed("`asked` must be a list of cells.")
    array = lesson.table.array.copy()
    for cell in asked:
        if not isinstance(cell, list) or not all(type(v) is int and 0 <= v < n for v in cell):
            raise Malformed("`asked` must hold places of cells.")
        if len(cell) != 2:
            raise Malformed("`asked` must hold pairs.")
        array[cell[0], cell[1]] = lesson.answer[cell[0], cell[1]]
    count = int((array != lesson.table.array).sum())
    shown = [[a, b, int(array[a, b])] for a, b in np.argwhere(array != lesson.table.array).tolist()]
    # No limit of time: right cells of a table of order 6 are decided in milliseconds, and what a
    # learner is told may not depend on how busy the machine is.
    found = deduce_table(
        lesson.table.with_array(array), assume=Structure.GROUP, given=True, time_limit=None
    )
    forced = isinstance(found, Deduced) and found.unique == "yes"
    if not count:
        said = "Choose a cell to uncover."
    elif not forced:
        said = f"{_cells(count)} uncovered: several groups are left."
    elif count > lesson.fewest:
        said = f"Everything follows. It can be done with {_cells(lesson.fewest)}; begin anew."
    else:
        said = f"Everything follows from {_cells(count)}, and it cannot be done with fewer."
    return {
        "right": forced and count <= lesson.fewest,
        "forced": forced,
        "said": said,
        "wrong": [],
        "shown": shown,
    }


_CHECKS: dict[Kind, Callable[[Lesson, dict[str, Any]], dict[str, Any]]] = {
    "fill": _check_fill,
    "cell": _check_cell,
    "law": _check_law,
    "choice": _check_choice,
    "identity": _check_identity,
    "ask": _check_ask,
}

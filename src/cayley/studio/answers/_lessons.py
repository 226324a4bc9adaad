"""Ten exercises, and what is a right answer to each.

An exercise shows a table. A learner fills cells, points at one, names an instance of a law, or
chooses; what is claimed to be the answer is the only one, which the tests find out by trying all
others. Answers are never sent to the page before they were found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra import Structure
from cayley.completion._exact import deduce_table
from cayley.completion._outcome import Deduced
from cayley.studio.answers._table_documents import Malformed, integer_in, table_document, text_in
from cayley.tables import UNKNOWN, Table

__all__ = ["LAWS", "LESSONS", "Hint", "Lesson", "check_lesson", "lesson_document"]

Kind = Literal["fill", "cell", "law", "choice", "identity", "ask"]
"""What a learner does: fills cells, points at a wrong one, says where a law fails, chooses, names
the identity and the inverses, or asks for cells."""

LAWS: Mapping[str, tuple[str, int, Callable[[Any, tuple[int, ...]], bool]]] = {
    "associative": (
        "(x ∘ y) ∘ z = x ∘ (y ∘ z)",
        3,
        lambda t, v: t[t[v[0], v[1]], v[2]] == t[v[0], t[v[1], v[2]]],
    ),
    "commutative": ("x ∘ y = y ∘ x", 2, lambda t, v: t[v[0], v[1]] == t[v[1], v[0]]),
    "idempotent": ("x ∘ x = x", 1, lambda t, v: t[v[0], v[0]] == v[0]),
}  # fmt: skip
"""Laws by name: how they are written, their number of variables, whether they hold somewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A hint: a sentence, and cells to look at."""

    text: str
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """An exercise.

    Attributes:
        name: Its name in requests.
        title: What it is called.
        text: What is to be done, in sentences.
        kind: What a learner does.
        table: The table that is shown.
        answer: The full table that is meant.
        hints: From a nudge to nearly everything.
        after: What there is to learn from it, shown once it is done.
        options: What can be chosen, by name, and which of them is right.
        right: The right option, or the law that fails.
        fewest: How many cells are enough, where cells are asked for.
    """

    name: str
    title: str
    text: str
    kind: Kind
    table: Table
    answer: Int[NDArray[Any], "n n"]
    hints: tuple[Hint, ...]
    after: str
    options: Mapping[str, str] = field(default_factory=dict)
    right: str = ""
    fewest: int = 0


def _of(labels: str, rows: str) -> Table:
    """Return a table from its rows, divided by blanks; a point is an unknown cell."""
    symbols = labels.split()
    place = {label: i for i, label in enumerate(symbols)} | {".": UNKNOWN}
    array = np.array([place[each] for each in rows.split()]).reshape(len(symbols), len(symbols))
    return Table.from_array(array, labels=symbols)


def _array(labels: str, rows: str) -> Any:
    return _of(labels, rows).array


_C4 = "e a b c  a b c e  b c e a  c e a b"
_FIVE = "e a b c d"
_C5 = "e a b c d  a c d b e  b d a e c  c b e d a  d e c a b"
_C5_WRONG = _C5.replace("b d a e c", "b d a e a")
_LOOP = "e a b c d  a e c d b  b d e a c  c b d e a  d c a b e"
_QUATERNIONS = (
    "s v u p w r q t  v p w q r t s u  u t p r v s w q  p q r s t u v w  "
    "w u q t p v r s  r w s u q p t v  q s t v u w p r  t r v w s q u p"
)
_S3 = "w y u z v x  x z v y u w  u v w x y z  v u x w z y  z x y v w u  y w z u x v"

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        name="fill",
        title="Fill the table",
        text="This is a group with four elements, and e is its identity. One more product is "
        "known: a ∘ a = b. Fill in the rest.",
        kind="fill",
        table=_of("e a b c", "e a b c  a b . .  b . . .  c . . ."),
        answer=_array("e a b c", _C4),
        hints=(
            Hint(text="In the table of a group each element stands once in every row and column."),
            Hint(
                text="Row a lacks c and e. Column c holds c already, so a ∘ c cannot be c.",
                cells=((1, 2), (1, 3)),
            ),
            Hint(
                text="a ∘ b = c and a ∘ c = e; the column of a is the same.", cells=((2, 1), (3, 1))
            ),
        ),
        after="One product was enough: everything is a power of a, so this is the cyclic group C4.",
    ),
    Lesson(
        name="law",
        title="Which law fails?",
        text="Rock, paper, scissors: the result is the one that wins. Two of the three laws hold "
        "everywhere. Name the one that fails, and elements at which it does.",
        kind="law",
        table=_of("r p s", "r p r  p p s  r s s"),
        answer=_array("r p s", "r p r  p p s  r s s"),
        options={name: f"{name}: {law}" for name, (law, _, _) in LAWS.items()},
        right="associative",
        hints=(
            Hint(text="Look at the diagonal, then compare the table with its mirror image."),
            Hint(text="It is the one law with three elements: brackets make a difference."),
            Hint(text="Try three different elements: who wins (r ∘ p) ∘ s, and who r ∘ (p ∘ s)?"),
        ),
        after="Without associativity, who wins depends on who plays first. It is no semigroup.",
    ),
    Lesson(
        name="wrong",
        title="Find the wrong cell",
        text="This was the table of a group before one entry was copied wrongly. Put the right "
        "element into the wrong cell.",
        kind="cell",
        table=_of(_FIVE, _C5_WRONG),
        answer=_array(_FIVE, _C5),
        hints=(
            Hint(text="In a group no element stands twice in a row or in a column."),
            Hint(text="One row has an element twice.", cells=tuple((2, b) for b in range(5))),
            Hint(
                text="One column has an element twice as well.",
                cells=tuple((a, 4) for a in range(5)),
            ),
        ),
        after="One wrong entry breaks one row and one column; it stands where they cross.",
    ),
    Lesson(
        name="latin",
        title="Finish a Latin square",
        text="Each of the four letters stands once in every row and in every column. Nothing else "
        "is known. There is just one way to finish it.",
        kind="fill",
        table=_of("a b c d", "a b . .  c . . .  . . . a  . . d ."),
        answer=_array("a b c d", "a b c d  c d a b  d c b a  b a d c"),
        hints=(
            Hint(text="Look for a cell whose row and column leave one letter only."),
            Hint(
                text="Row a lacks c and d, and column c holds d already.",
                cells=((0, 2), (0, 3)),
            ),
            Hint(
                text="Now column d has d and a. Its cell in row c is known: which letters are left "
                "for its two open cells, and which of them stands in row b?",
                cells=((1, 3), (3, 3)),
            ),
        ),
        after="This is the table of a quasigroup: every equation a ∘ x = b has a solution.",
    ),
    Lesson(
        name="group",
        title="Is it a group?",
        text="Every row and column holds each element once, e is the identity, and every element "
        "is its own inverse. Is it a group? If not, name elements at which the law fails.",
        kind="law",
        table=_of(_FIVE, _LOOP),
        answer=_array(_FIVE, _LOOP),
        options={
            "group": "Yes, it is a group",
            "associative": "No: (x ∘ y) ∘ z = x ∘ (y ∘ z) fails",
        },
        right="associative",
        hints=(
            Hint(text="Of the laws of a group one is left to check: associativity."),
            Hint(text="In a group of five elements, can any be its own inverse?"),
            Hint(
                text="Begin with a: compare (a ∘ a) ∘ b with a ∘ (a ∘ b).", cells=((1, 1), (1, 2))
            ),
        ),
        after="It is a loop and no group. Two elements, e and a, would be a subgroup, and 2 does "
        "not divide 5.",
    ),
    Lesson(
        name="inverses",
        title="Identity and inverses",
        text="This is a group. Find its identity and the inverse of every element.",
        kind="identity",
        table=_of("u v w x y z", _S3),
        answer=_array("u v w x y z", _S3),
        hints=(
            Hint(text="The row of the identity repeats the head of the table."),
            Hint(text="The row of w is u v w x y z.", cells=tuple((2, b) for b in range(6))),
            Hint(text="The inverse of an element stands over the w in its row."),
        ),
        after="An element that is its own inverse is called an involution.",
    ),
    Lesson(
        name="two",
        title="Which of two groups?",
        text="Two groups with eight elements are not commutative: the symmetries of a square, D8, "
        "and the quaternions, Q8. Which one is this?",
        kind="choice",
        table=_of("p q r s t u v w", _QUATERNIONS),
        answer=_array("p q r s t u v w", _QUATERNIONS),
        options={"D8": "D8, the symmetries of a square", "Q8": "Q8, the quaternions"},
        right="Q8",
        hints=(
            Hint(text="Find the identity, then look at the diagonal: the squares."),
            Hint(text="A square has four reflections, and each of them twice is nothing."),
            Hint(
                text="s is the identity. How many elements other than s have the square s?",
                cells=tuple((i, i) for i in range(8)),
            ),
        ),
        after="Q8 has one element of order 2, D8 has five.",
    ),
    Lesson(
        name="quandle",
        title="Complete a quandle",
        text="A quandle holds the colors of a knot's strands: x ∘ x = x, every row holds each "
        "element once, and x ∘ (y ∘ z) = (x ∘ y) ∘ (x ∘ z). Fill it in.",
        kind="fill",
        table=_of("a b c d", "a c d .  . b . c  . . c .  . . . d"),
        answer=_array("a b c d", "a c d b  d b a c  b d c a  c a b d"),
        hints=(
            Hint(text="The first row needs one more element.", cells=((0, 3),)),
            Hint(
                text="Use the law with x = a and y = b: "
                "a ∘ (b ∘ z) = (a ∘ b) ∘ (a ∘ z) = c ∘ (a ∘ z)."
            ),
            Hint(
                text="So row c is row b with every label moved as a moves it: b to c, c to d, "
                "d to b.",
                cells=tuple((1, b) for b in range(4)) + tuple((2, b) for b in range(4)),
            ),
        ),
        after="It is the quandle of the tetrahedron: each corner turns the three others.",
    ),
    Lesson(
        name="semilattice",
        title="A semilattice",
        text="The divisors 1, 2, 3 and 6 with the greatest common divisor, under other names: the "
        "operation is commutative, idempotent (x ∘ x = x) and associative. Fill it in.",
        kind="fill",
        table=_of("k l m n", "k m . k  . l . l  . . m .  . . . n"),
        answer=_array("k l m n", "k m m k  m l m l  m m m m  k l m n"),
        hints=(
            Hint(text="Begin with the mirror image of what is known."),
            Hint(text="m = k ∘ l, so k ∘ m = k ∘ (k ∘ l) = (k ∘ k) ∘ l.", cells=((0, 2), (1, 2))),
            Hint(text="m ∘ n = (k ∘ l) ∘ n = k ∘ (l ∘ n).", cells=((2, 3), (3, 2))),
        ),
        after="Read x ∘ y = x as: x lies below y. The table is then a picture of an order.",
    ),
    Lesson(
        name="ask",
        title="Ask the fewest cells",
        text="A group of five elements with the identity e is hidden. Uncover as few cells as you "
        "can so that all others follow.",
        kind="ask",
        table=_of(_FIVE, "e a b c d  a . . . .  b . . . .  c . . . .  d . . . ."),
        answer=_array(_FIVE, _C5),
        hints=(
            Hint(
                text="All groups of five elements are cyclic: everything is a power of any element "
                "but e."
            ),
            Hint(
                text="Uncover a square first, such as a ∘ a: it is a new element.", cells=((1, 1),)
            ),
            Hint(text="Then the next power, a ∘ (a ∘ a). What is left is the fourth power, and e."),
        ),
        after="Two cells are enough and one never is. This is what “Ask next” works out.",
        fewest=2,
    ),
)
"""The exercises in their order."""

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

"""Values that are no labels: typing errors, or results that go outside on purpose.

The rule: up to three values that each stand in one cell and each resemble a label are typing
errors. Anything else is a table that is not closed.
"""

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cayley.tables.labels._shown import bare, listed, ticked

__all__ = ["Stray", "by_likeness", "nearest_label", "what_is_wrong_with"]

_MOST_TYPING_ERRORS = 3
"""A person who mistypes more than this would rather be told that the table is not closed."""

_MOST_COMPARED = 2000  # by a ratio, which takes a second for twice as many

_COMPARED = 5000  # labels beyond the largest order are not compared; difflib takes a second then


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A value that is no label.

    Attributes:
        value: The value as written.
        count: The number of cells that have it.
        row: The row label of the first of them.
        column: Its column label.
    """

    value: str
    count: int
    row: str
    column: str


def what_is_wrong_with(strays: Sequence[Stray], labels: Collection[str]) -> str:
    """Return the message about values that are no labels.

    Example:
        >>> stray = Stray(value="C", count=1, row="b", column="c")
        >>> print(what_is_wrong_with([stray], ["a", "b", "c"]))
        `C` in row b, column c: did you mean `c`? If it is a result outside the labels, declare it
        with `open` (`--open`).
    """
    nearest = {stray.value: nearest_label(stray.value, labels) for stray in strays}
    alike = all(stray.count == 1 and nearest[stray.value] is not None for stray in strays)
    if alike and len(strays) <= _MOST_TYPING_ERRORS:
        questions = " ".join(
            f"{_place(stray)}: did you mean {ticked(nearest[stray.value] or '')}?"
            for stray in strays
        )
        them = "it is a result" if len(strays) == 1 else "they are results"
        it = "it" if len(strays) == 1 else "them"
        return f"{questions} If {them} outside the labels, declare {it} with `open` (`--open`)."
    if len(strays) == 1:
        (stray,) = strays
        times = "" if stray.count == 1 else f" and {stray.count - 1} more"
        return (
            f"not closed: {_place(stray)}{times} is no label; the labels are {listed(labels)}. "
            "Correct it, declare that it means unknown with `unknown` (`--unknown`), or that "
            "results lie outside the labels with `open` (`--open`)."
        )
    values = listed((stray.value for stray in strays), most=12)
    return (
        f"not closed: these results are no labels: {values}; the first is {_place(strays[0])}. "
        "If they are meant, declare them with `open` (`--open`)."
    )


def _place(stray: Stray) -> str:
    return f"{ticked(stray.value)} in row {bare(stray.row)}, column {bare(stray.column)}"


def nearest_label(value: str, labels: Collection[str]) -> str | None:
    """Return the label that a value resembles most, or None if it resembles none.

    Two strings resemble each other if they differ in case only, or by one character inserted, left
    out, replaced or swapped with its neighbor; a single character resembles no other.

    Example:
        >>> nearest_label("C", "abc"), nearest_label("b?", "abc"), nearest_label("x", "abc")
        ('c', 'b', None)
    """
    folded = value.casefold()
    for label in labels:
        if label.casefold() == folded:
            return label
    if len(labels) > _COMPARED:
        return None
    near = [label for label in labels if _is_one_step(folded, label.casefold())]
    found = difflib.get_close_matches(value, near, n=1, cutoff=0.0)
    return found[0] if found else None


def by_likeness(value: str, labels: Collection[str], *, most: int = 8) -> list[str]:
    """Return labels by how much they resemble a value that is none, most alike first.

    Example:
        >>> by_likeness("R2", ["e", "r", "r2", "s"])[0]
        'r2'
    """
    listed = list(labels)
    if len(listed) > _MOST_COMPARED:  # look at those that may be meant
        first = value[:1].casefold()
        listed = [label for label in listed if label[:1].casefold() == first][:_MOST_COMPARED] or (
            listed[:most]
        )

    def unlikeness(label: str) -> tuple[bool, float]:
        alike = difflib.SequenceMatcher(None, value.casefold(), label.casefold()).ratio()
        return label.casefold() != value.casefold(), -alike

    return sorted(listed, key=unlikeness)[:most]


def _is_one_step(a: str, b: str) -> bool:
    """Return whether one insertion, deletion, replacement or swap of neighbors makes a into b."""
    if abs(len(a) - len(b)) > 1 or max(len(a), len(b)) < 2:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    one, other = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])

"""From a presentation to the table of its group, by Todd-Coxeter enumeration over the identity."""

import math
import time
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.presentations._read_presentation import Word, WrittenPresentation
from cayley.deduction.todd_coxeter._relations import UniversalPresentation, reduced
from cayley.deduction.todd_coxeter._todd_coxeter import Limits, enumerate_whole_group
from cayley.tables import MAX_ORDER, Table
from cayley.tables._limits import check_order
from cayley.tables.families._regular_table import reached_in_order, shortest_words

__all__ = ["is_infinite_abelianized", "presented_group"]

_MOST_PARTS = 1_000
"""Parts of words that become generators: the coset table has a column for each and its inverse."""

_PLAIN_COSETS = 1_200
"""Cosets that plain Python defines before the compiled kernel is loaded: enough for most groups of
order up to some hundred, in a fraction of a second."""

_COSETS_AN_ELEMENT = 6
"""Cosets that may be defined for each element allowed: an enumeration passes through more cosets
than there are elements, by a factor below this for most presentations that people write."""


def presented_group(
    presentation: WrittenPresentation,
    *,
    max_order: int = MAX_ORDER,
    time_limit: float | None = None,
) -> Table:
    """Return the table of a presented group, its elements labeled by shortest words.

    Args:
        presentation: Generators and relators.
        max_order: The limit on the order of the group.
        time_limit: Seconds after which the enumeration ends; None for no limit but on cosets.

    Raises:
        ValueError: If the group is infinite, or the enumeration does not end within the limits.

    Example:
        >>> from cayley.deduction.presentations._read_presentation import read_presentation
        >>> presented_group(read_presentation("a^2 = b^2 = (ab)^2 = 1")).rows
        ('1', 'a', 'b', 'ab')
    """
    names = presentation.names
    if not names:
        return Table.from_array([[0]], labels=["1"])
    if is_infinite_abelianized(presentation):
        raise ValueError(
            "the presentation defines an infinite group: in its largest abelian quotient some "
            "product of powers of the generators has no finite order."
        )
    triangles, place = _triangulated(presentation)
    deadline = math.inf if time_limit is None else time.monotonic() + time_limit
    limits = Limits()
    found = enumerate_whole_group(
        triangles, limits, compiled=False, most=_PLAIN_COSETS, deadline=deadline
    )
    most = _COSETS_AN_ELEMENT * max_order
    if found.status == "open" and most > _PLAIN_COSETS:
        found = enumerate_whole_group(
            triangles, limits, compiled=True, most=most, deadline=deadline
        )
    if found.table is None:
        reason = "the time limit" if found.reason == "time" else f"{found.num_defined} cosets"
        raise ValueError(
            f"the presentation defines an infinite group, or one that is not enumerated within "
            f"{reason}. Raise `max_order`, which is {max_order}, to look further."
        )
    if len(found.table) > max_order:
        check_order(len(found.table), max_order=max_order, what="the presented group")
    elements = [found.images[0, g] if g else 0 for g in place]
    columns = found.table[:, elements]
    # The order of the cosets tells nothing; short words first is how people list elements.
    order = reached_in_order(columns)
    array = np.argsort(order)[found.table[np.ix_(order, order)]]
    words = shortest_words(columns, names)
    return Table.from_array(array, labels=[words[i] for i in order])


def is_infinite_abelianized(presentation: WrittenPresentation) -> bool:
    """Return whether the largest abelian quotient is infinite: too few independent exponent sums.

    Example:
        >>> from cayley.deduction.presentations._read_presentation import read_presentation
        >>> is_infinite_abelianized(read_presentation("< a, b | a^2 b^2 >"))
        True
    """
    count = len(presentation.names)
    rows = []
    for word in presentation.relators:
        row = [Fraction(0)] * count
        for letter in word:
            row[abs(letter) - 1] += 1 if letter > 0 else -1
        rows.append(row)
    rank = 0
    for column in range(count):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            if factor:
                rows[i] = [u - factor * v for u, v in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank < count


def _triangulated(presentation: WrittenPresentation) -> tuple[UniversalPresentation, list[int]]:
    """Return the same group by relations of length three, and where its generators are.

    A word becomes a generator of its own, the product of its two halves; equal parts share one, so
    that a^1000 needs some twenty and not a thousand.
    """
    letters = [s * i for i in range(1, len(presentation.names) + 1) for s in (1, -1)]
    number: dict[Word, int] = {(letter,): i for i, letter in enumerate(letters, 1)}
    relations: list[tuple[int, int, int]] = []

    def generator(word: Word) -> int:
        if word not in number:
            # The first part is the largest power of two of letters: equal parts then meet again.
            half = 1 << (len(word) - 1).bit_length() - 1
            left, right = generator(word[:half]), generator(word[half:])
            number[word] = len(number) + 1
            relations.append((left, right, number[word]))
        return number[word]

    equal = []
    relations += [(i + 1, i + 2, 0) for i in range(0, len(letters), 2)]
    for word in presentation.relators:
        if len(word) == 1:
            equal.append((0, generator(word)))
        else:
            half = 1 << (len(word) - 1).bit_length() - 1
            relations.append((generator(word[:half]), generator(word[half:]), 0))
    size = len(number) + 1
    if size > _MOST_PARTS:
        raise ValueError(
            f"the relators have {size} different parts; {_MOST_PARTS} is the limit. Write them "
            "with powers, or as more and shorter ones."
        )
    labels: Int[NDArray[Any], "kinds n"] = np.arange(1, size)[None]
    merged = reduced(size, np.array(relations), np.array(equal, np.int64).reshape(-1, 2), labels)
    # Generators that turn out to be one element are no contradiction here, as labels would be.
    triangles = UniversalPresentation(
        num_generators=merged.num_generators,
        relations=merged.relations,
        labels=np.empty((0, 0), np.int64),
        clash=False,
    )
    return triangles, [int(merged.labels[0, i]) for i in range(0, len(letters), 2)]

"""Words in generators: their reduction, their periods, and their text."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

__all__ = [
    "Word",
    "cyclically_reduced",
    "displayed_length",
    "inverse_word",
    "plainest",
    "root",
    "word_text",
]

Word: TypeAlias = tuple[int, ...]
"""Letters ``1..r`` for generators and ``-1..-r`` for their inverses."""

_REMEMBERED = 4096
"""Words whose display is kept: a search for a presentation meets the same few hundred in turn."""


def inverse_word(word: Sequence[int]) -> Word:
    """Return the inverse: reversed, each letter inverted.

    Example:
        >>> inverse_word((1, 1, -2))
        (2, -1, -1)
    """
    return tuple(-letter for letter in reversed(word))


def cyclically_reduced(word: Sequence[int]) -> Word:
    """Return a word without letters next to their inverse, the last and the first included.

    Example:
        >>> cyclically_reduced((2, 1, -1, 1, -2))
        (1,)
    """
    reduced: list[int] = []
    for letter in word:
        if reduced and reduced[-1] == -letter:
            reduced.pop()
        else:
            reduced.append(letter)
    start, end = 0, len(reduced)
    while end - start > 1 and reduced[start] == -reduced[end - 1]:
        start, end = start + 1, end - 1
    return tuple(reduced[start:end])


def root(word: Word) -> tuple[Word, int]:
    """Return the shortest word of which the given one is a power, and the exponent.

    Example:
        >>> root((1, 2, 1, 2, 1, 2))
        ((1, 2), 3)
    """
    n = len(word)
    # Shortest first: the first period found gives the highest exponent.
    for length in range(1, n + 1):
        if n % length == 0 and word == word[:length] * (n // length):
            return word[:length], n // length
    return word, 1


@lru_cache(maxsize=_REMEMBERED)
def plainest(word: Word) -> Word:
    """Return the rotation of a word or of its inverse that is the plainest to read.

    It has the fewest inverse letters, then the shortest display, so that runs are not cut.

    All of them have the same normal closure.

    Example:
        >>> plainest((-2, -1, -2, -1)), plainest((1, 2, 1))
        ((1, 2, 1, 2), (1, 1, 2))
    """
    # Relators are conjugate to their rotations, and the inverse of a relator is one: all define the
    # same group.
    turns = {
        turned[i:] + turned[:i] for turned in (word, inverse_word(word)) for i in range(len(word))
    } or {word}
    return min(
        turns,
        key=lambda w: (
            sum(letter < 0 for letter in w),
            displayed_length(w),
            [(abs(letter), letter < 0) for letter in w],
        ),
    )


@lru_cache(maxsize=_REMEMBERED)
def displayed_length(word: Word) -> int:
    """Return the length of a word as displayed: letters of its root, a run as one, and exponents.

    Example:
        >>> displayed_length((1,) * 500), displayed_length((1, 2) * 3), displayed_length((1, 2))
        (2, 3, 2)
    """
    base, exponent = root(word)
    runs = [len(list(run)) for _, run in groupby(base)]
    return sum(1 + (length > 1) for length in runs) + (exponent > 1)


def word_text(
    word: Word, names: Sequence[str], *, times: str = "", power: str = "{}^{}", one: str = "1"
) -> str:
    """Return a word as text, with powers: ``(ab)^3``, ``a^2b^-1``.

    Args:
        word: The word.
        names: The generators' names.
        times: What to put between factors.
        power: The pattern of a power.
        one: The empty word.

    Example:
        >>> word_text((1, 1, -2), "ab"), word_text((1, 2, 1, 2), "ab")
        ('a^2b^-1', '(ab)^2')
    """
    if not word:
        return one
    base, exponent = root(word)
    runs = [(letter, len(list(run))) for letter, run in groupby(base)]
    parts = []
    for letter, length in runs:
        k = length if letter > 0 else -length
        # A power of a single letter is written a^6, not (a)^6.
        k = k * exponent if len(runs) == 1 else k
        name = names[abs(letter) - 1]
        parts.append(name if k == 1 else power.format(name, k))
    text = times.join(parts)
    return text if exponent == 1 or len(runs) == 1 else power.format(f"({text})", exponent)

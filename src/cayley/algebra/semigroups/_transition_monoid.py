r"""Monoids of automata: what words do to states, and which words a language cannot tell apart.

A complete deterministic automaton has a map of its states for each letter. The maps of all words
are its *transition monoid*. Two words are equivalent for a language if one may stand for the other
in every context; the classes are the *syntactic monoid*, which is the transition monoid of the
smallest automaton that accepts the language.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int

__all__ = ["TransitionMonoid", "minimal_states", "transition_monoid"]

Word: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionMonoid:
    """The maps of states that words make.

    Attributes:
        maps: What each element does: images of the states, shape ``(n, k)``; the identity first,
            then by length of the words.
        words: For each element the first of its shortest words, as letters from the left.
        products: Products, shape ``(n, n)``: the left word is read first.
    """

    maps: Int[NDArray[Any], "n k"]
    words: tuple[Word, ...]
    products: Int[NDArray[Any], "n n"]


def transition_monoid(letters: Int[NDArray[Any], "m k"], *, most: int) -> TransitionMonoid | None:
    """Return the monoid that the maps of letters generate, or None if it is too large.

    Args:
        letters: Images of the states ``0..k-1`` under each letter, shape ``(m, k)``.
        most: The largest number of elements.

    Example:
        >>> found = transition_monoid(np.array([[1, 1], [0, 0]]), most=10)
        >>> found.words, found.products.tolist()
        (((), (0,), (1,)), [[0, 1, 2], [1, 1, 2], [2, 1, 2]])

    References:
        J.-E. Pin, *Varieties of Formal Languages*, 1986, chapter 1.
    """
    num_states = letters.shape[1]
    maps: list[Int[NDArray[Any], " k"]] = [np.arange(num_states)]
    words: list[Word] = [()]
    place: dict[bytes, int] = {maps[0].tobytes(): 0}
    # by[x, i]: the element that x followed by letter i is; x grows while it is read, which makes
    # words come by length, and alphabetically among those of one length.
    by: list[list[int]] = []
    for x in range(most + 1):
        if x == len(maps):
            break
        row = []
        for i, letter in enumerate(letters):
            image = letter[maps[x]]
            key = image.tobytes()
            if key not in place:
                if len(maps) == most:
                    return None
                place[key] = len(maps)
                maps.append(image)
                words.append((*words[x], i))
            row.append(place[key])
        by.append(row)
    after = np.array(by, np.int64).reshape(len(maps), len(letters))
    products = np.empty((len(maps), len(maps)), np.int64)
    products[:, 0] = np.arange(len(maps))
    for y, word in enumerate(words[1:], 1):
        # The word of y without its last letter is that of an element before it.
        shorter = place[_image(letters, word[:-1]).tobytes()]
        products[:, y] = after[products[:, shorter], word[-1]]
    return TransitionMonoid(maps=np.array(maps), words=tuple(words), products=products)


def _image(letters: Int[NDArray[Any], "m k"], word: Word) -> Int[NDArray[Any], " k"]:
    image = np.arange(letters.shape[1])
    for letter in word:
        image = letters[letter][image]
    return image


def minimal_states(
    letters: Int[NDArray[Any], "m k"], start: int, accepting: Collection[int]
) -> tuple[Int[NDArray[Any], "m q"], list[list[int]]]:
    """Return the smallest automaton of a language, and which states each of its states stands for.

    States that no word reaches are left out, and those that no word tells apart are one (Moore).

    Args:
        letters: Images of the states ``0..k-1`` under each letter, shape ``(m, k)``.
        start: The state at the beginning of a word.
        accepting: The states at the end of a word that is in the language.

    Returns:
        The images of the new states, the first of which is the start, and the old states of each.

    Example:
        >>> letters, merged = minimal_states(np.array([[1, 2, 2, 0]]), 0, {1, 2})
        >>> letters.tolist(), merged
        ([[1, 1]], [[0], [1, 2]])
    """
    reached, known = [start], {start}
    for state in reached:  # grows while it is read
        new = [x for x in dict.fromkeys(letters[:, state].tolist()) if x not in known]
        reached += new
        known.update(new)
    label = np.full(letters.shape[1], -1)
    label[reached] = [int(state in accepting) for state in reached]
    while True:
        kinds: dict[tuple[int, ...], int] = {}
        finer = label.copy()
        for state in reached:
            kind = (int(label[state]), *label[letters[:, state]].tolist())
            finer[state] = kinds.setdefault(kind, len(kinds))
        # As many kinds as before are the same kinds: each round only divides.
        if len(kinds) == len(set(label[reached].tolist())):
            break
        label = finer
    merged = [[s for s in sorted(reached) if finer[s] == k] for k in range(len(kinds))]
    images = finer[letters[:, [states[0] for states in merged]]]
    return images, merged

r"""Relators: completion and correction of transitions by words that close nearly everywhere.

A word in the transformations that brings state after state back to itself is likely to do so
everywhere. Each such *relator* :math:`w = l_1 l_2 \cdots l_r` votes on every transition: by the
rest of the loop, :math:`x \cdot l_1` must be :math:`x \cdot (l_2 \cdots l_r)^{-1}`. Votes and
observations together are turned into permutations by an assignment, and the loops are looked at
again. A wrong entry contradicts the loops through it and gets fewer votes than they give; a missing
one is filled in.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from cayley._shapes import Float, Int

__all__ = ["fill_singles", "repair_by_loops", "with_majority"]

# Most words of one length to follow: their number grows by a factor of 2 m - 1 with each letter.
_MOST_WORDS = 12_000
# Most relators that vote, the shortest first: votes cost time for each letter of each of them.
_MOST_RELATORS = 400
# Longest word to follow, where there are few transformations; the bound on words comes first else.
_LONGEST_WORD = 16
# Most letters in a power of a short word: orders of elements are relators that no search by length
# would reach.
_LONGEST_POWER = 60
# All votes for one transition together count as so many observations. More, and relators that hold
# only nearly everywhere overrule what was seen; less, and they correct nothing.
_WORTH = 3.0
# Most rounds of voting; they end when nothing changes.
_ROUNDS = 8

Word = tuple[int, ...]
"""Letters ``a`` for transformation ``a`` and ``a + m`` for its inverse."""


def with_majority(counts: Int[NDArray[Any], "m k k"]) -> tuple[Int[NDArray[Any], "m k"], bool]:
    """Return the transition seen most often (-1 if none or tied), and whether all agree.

    They agree if no state was seen to go two ways, and no two states to one.
    """
    best = counts.argmax(axis=2)
    most = counts.max(axis=2)
    tied = (counts == most[:, :, None]).sum(axis=2) > 1
    maps = np.where((most > 0) & ~tied, best, -1)
    seen = counts > 0
    agree = bool((seen.sum(axis=2) <= 1).all() and (seen.sum(axis=1) <= 1).all())
    return maps, agree


def fill_singles(maps: Int[NDArray[Any], "m k"]) -> Int[NDArray[Any], "m k"]:
    """Fill in where a permutation has one image left for one state."""
    filled = maps.copy()
    for row in filled:
        missing = np.flatnonzero(row < 0)
        left = np.setdiff1d(np.arange(len(row)), row)
        if len(missing) == 1 and len(left) == 1:
            row[missing] = left
    return filled


def repair_by_loops(
    counts: Int[NDArray[Any], "m k k"], *, threshold: float
) -> Int[NDArray[Any], "m k"]:
    """Complete and correct transitions by loops; -1 where nothing is known in the end.

    Args:
        counts: How often each transition was observed.
        threshold: The share of states at which a word must close, of those where it can be
            followed, to count as a relator.
    """
    maps, _ = with_majority(counts)
    for _ in range(_ROUNDS):
        relators = _relators(_injective(maps), threshold)
        scores = counts + _votes(_injective(maps), relators)
        changed = np.stack([_assigned(score) for score in scores])
        if np.array_equal(changed, maps):
            break
        maps = changed
    return fill_singles(maps)


def _injective(maps: Int[NDArray[Any], "m k"]) -> Int[NDArray[Any], "m k"]:
    """Return the maps without images that two states share, of which at most one can be right."""
    kept = maps.copy()
    for row in kept:
        values, numbers = np.unique(row[row >= 0], return_counts=True)
        row[np.isin(row, values[numbers > 1])] = -1
    return kept


def _letters(maps: Int[NDArray[Any], "m k"]) -> Int[NDArray[Any], "l k1"]:
    """Return all maps and their inverses; state ``k`` is "unknown" and stays so."""
    m, k = maps.shape
    letters = np.full((2 * m, k + 1), k)
    for a, row in enumerate(maps):
        known = np.flatnonzero(row >= 0)
        letters[a, known] = row[known]
        letters[a + m, row[known]] = known
    return letters


def _relators(maps: Int[NDArray[Any], "m k"], threshold: float) -> list[tuple[Word, float]]:
    """Return words that close nearly everywhere, shortest first, each with its share."""
    m, k = maps.shape
    letters = _letters(maps)
    found: dict[Word, float] = {}
    words: list[Word] = [(i,) for i in range(2 * m)]
    images = letters.copy()
    short: list[tuple[Word, NDArray[np.int64]]] = []
    length = 1
    while words and len(found) < _MOST_RELATORS:
        closes = (images[:, :k] == np.arange(k)).sum(axis=1)
        defined = (images[:, :k] < k).sum(axis=1)
        for i in np.flatnonzero(closes >= np.maximum(2, threshold * defined)).tolist():
            _keep(found, words[i], closes[i] / defined[i], m)
        if length <= 3:
            short += list(zip(words, images, strict=True))
        if len(words) * (2 * m - 1) > _MOST_WORDS or length == _LONGEST_WORD:
            break
        last = np.array([word[-1] for word in words])
        grown_words, grown = [], []
        for letter in range(2 * m):
            kept = np.flatnonzero(last != (letter + m) % (2 * m))
            grown_words += [(*words[i], letter) for i in kept.tolist()]
            grown.append(letters[letter][images[kept]])
        words, images = grown_words, np.concatenate(grown)
        length += 1
    for word, image in short:
        _keep_power(found, word, image, threshold, m)
    return sorted(found.items(), key=lambda item: (len(item[0]), -item[1]))[:_MOST_RELATORS]


def _keep_power(
    found: dict[Word, float], word: Word, image: NDArray[np.int64], threshold: float, m: int
) -> None:
    """Add the first power of a short word that closes."""
    k = len(image) - 1
    power = image
    for exponent in range(2, _LONGEST_POWER // len(word) + 1):
        power = image[power]
        closes, defined = int((power[:k] == np.arange(k)).sum()), int((power[:k] < k).sum())
        if not defined:
            return
        if closes >= max(2, threshold * defined):
            _keep(found, word * exponent, closes / defined, m)
            return


def _keep(found: dict[Word, float], word: Word, share: float, m: int) -> None:
    """Add a cyclically reduced word in one of its rotations and directions."""
    if word[0] == (word[-1] + m) % (2 * m) and len(word) > 1:
        return
    turned = tuple((letter + m) % (2 * m) for letter in reversed(word))
    least = min(w[i:] + w[:i] for w in (word, turned) for i in range(len(word)))
    found[least] = max(share, found.get(least, 0.0))


def _votes(
    maps: Int[NDArray[Any], "m k"], relators: list[tuple[Word, float]]
) -> Float[NDArray[Any], "m k k"]:
    """Return the votes for each transition: its images by the rest of each loop through it."""
    m, k = maps.shape
    letters = _letters(maps)
    votes = np.zeros((m, k, k))
    states = np.arange(k)
    for word, share in relators:
        for i, letter in enumerate(word):
            image = np.arange(k + 1)
            for other in reversed(word[i + 1 :] + word[:i]):
                image = letters[(other + m) % (2 * m)][image]
            known = states[image[:k] < k]
            x, y = known, image[known]
            if letter >= m:
                x, y = y, x
            votes[letter % m, x, y] += share
    total = votes.sum(axis=2, keepdims=True)
    limited: NDArray[np.float64] = votes * np.minimum(1.0, _WORTH / np.maximum(total, 1e-12))
    return limited


def _assigned(score: Float[NDArray[Any], "k k"]) -> Int[NDArray[Any], " k"]:
    """Return the permutation of largest score, -1 where an image has no score."""
    x, y = linear_sum_assignment(score, maximize=True)
    row = np.full(len(score), -1)
    supported = score[x, y] > 0
    row[x[supported]] = y[supported]
    return row

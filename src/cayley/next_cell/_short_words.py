"""Short words in a few generators, one of each class of words that give the same relator."""

import itertools
from collections.abc import Iterator

__all__ = ["short_words"]


def short_words(num_letters: int, *, longest: int) -> Iterator[tuple[int, ...]]:
    """Yield words by length, without powers of shorter ones and up to cyclic rotation.

    A power of a word is the identity if and only if the same power of each rotation of it is, so
    that one of them is enough.

    Args:
        num_letters: How many generators there are.
        longest: The length of the longest words.

    Example:
        >>> ["".join("gh"[i] for i in word) for word in short_words(2, longest=3)]
        ['g', 'h', 'gh', 'ggh', 'ghh']
    """
    for length in range(1, longest + 1):
        for word in itertools.product(range(num_letters), repeat=length):
            rotations = [word[i:] + word[:i] for i in range(1, length)]
            # A word that is one of its own rotations is a power of a shorter one.
            if all(word < each for each in rotations):
                yield word

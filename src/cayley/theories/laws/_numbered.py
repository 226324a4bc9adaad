"""The 4,694 laws of at most four operations, numbered as the Equational Theories Project does.

References:
    Bolan et al. (2025), "The Equational Theories Project: advancing collaborative mathematical
    research at scale"; the list is `data/equations.txt` of github.com/teorth/equational_theories.
"""

from collections.abc import Iterator
from functools import cache

from cayley.theories.laws._terms import Law, Term

__all__ = ["NUM_NUMBERED", "all_laws", "law", "number_of"]

NUM_NUMBERED = 4694
_MOST_OPERATIONS = 4  # what the project's list stops at; with five there are 57,882 more


def law(number: int) -> Law:
    """Return the law with a number of the Equational Theories Project, 1 to 4694.

    Raises:
        ValueError: If there is no law with this number.

    Example:
        >>> print(law(43), "|", law(4512))
        x*y = y*x | x*(y*z) = (x*y)*z
    """
    if not 1 <= number <= NUM_NUMBERED:
        raise ValueError(f"`number` must be in 1..{NUM_NUMBERED}; got {number!r}.")
    return all_laws()[number - 1]


def number_of(law: Law) -> int | None:
    """Return the number of a law in the Equational Theories Project.

    Names of variables and the order of the sides do not matter. A law whose sides are the same
    term says nothing and has the number 1. None for other laws of more than four operations.

    Example:
        >>> from cayley.theories import parse_laws
        >>> [number_of(law) for law in parse_laws("(ab)c = a(bc); xx = x; xy = xy")]
        [4512, 3, 1]
    """
    if law.is_trivial:
        return 1
    return _numbers().get(law.canonical())


@cache
def all_laws() -> tuple[Law, ...]:
    """Return the 4,694 laws in order; the one with number k is at place k - 1."""
    laws: list[Law] = []
    for size in range(_MOST_OPERATIONS + 1):
        for left_size in range(size // 2 + 1):
            for left_shape in _shapes(left_size):
                for right_shape in _shapes(size - left_size):
                    laws += _of_shape(left_shape, right_shape)
    return tuple(laws)


@cache
def _numbers() -> dict[Law, int]:
    return {each: number for number, each in enumerate(all_laws(), 1)}


def _of_shape(left_shape: Term, right_shape: Term) -> Iterator[Law]:
    """Yield the laws with two shapes that come before themselves with sides exchanged."""
    for left, used in _filled(left_shape, 0):
        for right, _ in _filled(right_shape, used):
            each = Law(left, right)
            # x = x is the only law with a number that says nothing.
            if each.is_trivial and not isinstance(left, int):
                continue
            if each.canonical() is each:
                yield each


def _shapes(size: int) -> Iterator[Term]:
    """Yield the terms with so many operations, all variables being 0, small left sides first."""
    if size == 0:
        yield 0
    for left_size in range(size):
        for left in _shapes(left_size):
            for right in _shapes(size - 1 - left_size):
                yield (left, right)


def _filled(shape: Term, used: int) -> Iterator[tuple[Term, int]]:
    """Yield a shape with variables, each at most one above those before it, and how many."""
    if isinstance(shape, int):
        for variable in range(used + 1):
            yield variable, max(used, variable + 1)
        return
    for left, after_left in _filled(shape[0], used):
        for right, after in _filled(shape[1], after_left):
            yield (left, right), after

"""What a prover is given beside a certificate, which the checker finds by itself."""

from collections.abc import Sequence

__all__ = ["cyclotomic", "group_elements"]


def group_elements(
    rows: Sequence[Sequence[int]],
    generators: Sequence[int],
    permutations: Sequence[Sequence[int]],
    degree: int,
    unit: int,
) -> tuple[list[list[int]], list[list[int]]]:
    """Return the permutation of each element, and generators whose product it is, by number."""
    found: dict[int, tuple[list[int], list[int]]] = {unit: (list(range(degree)), [])}
    waiting = [unit]
    for x in waiting:  # in the order of length, so that words are as short as they can be
        image, word = found[x]
        for i, (g, p) in enumerate(zip(generators, permutations, strict=True)):
            if rows[x][g] not in found:
                found[rows[x][g]] = [p[point] for point in image], [*word, i]
                waiting.append(rows[x][g])
    images, words = zip(*(found[x] for x in range(len(rows))), strict=True)
    return list(images), list(words)


def cyclotomic(e: int) -> list[int]:
    """Return the e-th cyclotomic polynomial, its constant coefficient first.

    Example:
        >>> cyclotomic(12)
        [1, 0, -1, 0, 1]
    """
    known: dict[int, list[int]] = {}
    for d in range(1, e + 1):
        if e % d == 0:
            left = [-1, *[0] * (d - 1), 1]
            for divisor, polynomial in known.items():
                if d % divisor == 0:
                    left = _quotient(left, polynomial)
            known[d] = left
    return known[e]


def _quotient(x: list[int], divisor: list[int]) -> list[int]:
    """Return the quotient of two polynomials, of which the second has 1 as its last coefficient."""
    rest, found = list(x), []
    while len(rest) >= len(divisor):
        found.append(rest[-1])
        for i, y in enumerate(reversed(divisor), 1):
            rest[-i] -= found[-1] * y
        rest.pop()
    return found[::-1]

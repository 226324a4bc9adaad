"""What a prover is given beside a certificate, which the checker finds by itself."""

from collections.abc import Sequence
from typing import Any

__all__ = ["combinations", "cyclotomic", "group_elements", "residues"]

_Equation = tuple[list[int], dict[int, int], int]
"""The coefficients of an equation, the given cells that it combines, and its right side."""


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


def combinations(
    p: int,
    monomials: Sequence[Sequence[Sequence[int]]],
    cells: Sequence[tuple[int, int, int]],
    table: Sequence[tuple[int, int, int]],
) -> tuple[list[dict[int, int]], list[list[int]]]:
    """Return how the equation of each cell follows from those of given cells, and a solution.

    Args:
        p: The prime.
        monomials: The exponents of a and b, for each class of columns.
        cells: The given cells (a, b, c), as residues.
        table: All cells.

    Returns:
        For each cell of the table the places of given cells with factors; the coefficients of a
        polynomial that has the values, for each class.
    """
    basis: list[dict[int, _Equation]] = [{} for _ in monomials]

    def reduced(place: int | None, a: int, b: int, value: int) -> _Equation:
        """Return an equation less those of the basis."""
        terms = monomials[b % len(monomials)]
        left = [pow(a, i, p) * pow(b, j, p) % p for i, j in terms]
        used: dict[int, int] = {} if place is None else {place: 1}
        for at, (row, places, right) in basis[b % len(monomials)].items():
            factor = left[at]
            if factor:
                left = [(x - factor * y) % p for x, y in zip(left, row, strict=True)]
                value = (value - factor * right) % p
                for i, k in places.items():
                    used[i] = (used.get(i, 0) - factor * k) % p
        return left, used, value

    for place, (a, b, c) in enumerate(cells):
        left, used, value = reduced(place, a, b, c)
        at = next((i for i, x in enumerate(left) if x), None)
        if at is not None:
            unit = pow(left[at], -1, p)
            row = [x * unit % p for x in left]
            places = {i: k * unit % p for i, k in used.items() if k}
            basis[b % len(monomials)][at] = row, places, value * unit % p
    follow = [{i: -k % p for i, k in reduced(None, a, b, c)[1].items() if k} for a, b, c in table]
    return follow, [
        _solution(p, len(each), rows) for each, rows in zip(monomials, basis, strict=True)
    ]


def _solution(p: int, size: int, basis: dict[int, _Equation]) -> list[int]:
    """Return coefficients that satisfy the equations of a basis; what they leave open is 0."""
    found = [0] * size
    # An equation has zeros at the leading places of those before it, so the last is solved first.
    for at, (row, _, right) in reversed(basis.items()):
        rest = sum(x * y for i, (x, y) in enumerate(zip(row, found, strict=True)) if i != at)
        found[at] = (right - rest) % p
    return found


def residues(
    document: dict[str, Any],
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
    """Return the given cells and those of the table of a certificate whose labels are residues."""
    rows, columns, symbols = ([*map(int, document[key])] for key in ("rows", "columns", "symbols"))
    cells = [(rows[a], columns[b], symbols[c]) for a, b, c in document["cells"]]
    table = [
        (rows[a], columns[b], symbols[c])
        for a, row in enumerate(document["table"])
        for b, c in enumerate(row)
    ]
    return cells, table

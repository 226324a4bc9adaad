r"""``canonical_form``: one table for each isomorphism type of an operation, and its automorphisms.

Elements that generate an operation give all others a number: products of elements are numbered in
the order in which they come up. The table in these numbers depends on the isomorphism type and on
the generators, as a sequence, only. The canonical form is the smallest of the tables of all
sequences of one kind, where the kind is chosen by invariants. Two sequences give the
same table exactly if an automorphism maps one to the other, and an automorphism that fixes
generators is the identity: so the number of sequences that give the smallest table is the order of
the automorphism group.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.identification._fingerprint import canonical_colors, row_digests

__all__ = ["CanonicalForm", "canonical_form", "refined_colors"]

_MOST_SEQUENCES = 40_000
"""Generating sequences of one kind that are numbered, half a second at order 28. Loops with an
identity and few other orbits of automorphisms, such as C2^6, have more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CanonicalForm:
    """The canonical form of an operation.

    Attributes:
        table: Its table, which isomorphic operations have in common, shape ``(n, n)``.
        places: The place of each element in it, shape ``(n,)``.
        automorphisms: All automorphisms, or all that fix 0 if it was said to be homogeneous, as
            images of ``0..n-1``, shape ``(k, n)``, the identity first.
    """

    table: Int[NDArray[Any], "n n"]
    places: Int[NDArray[Any], " n"]
    automorphisms: Int[NDArray[Any], "k n"]

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits of a digest of the table."""
        return hashlib.blake2b(self.table.astype("<i8").tobytes(), digest_size=4).hexdigest()


def canonical_form(
    products: Int[NDArray[Any], "n n"],
    *,
    homogeneous: bool = False,
    group: bool = False,
    most: int = _MOST_SEQUENCES,
) -> CanonicalForm | None:
    """Return the canonical form of an operation, or None if too many sequences generate it.

    Args:
        products: Products, shape ``(n, n)``, int64.
        homogeneous: Whether automorphisms take each element to each other one, as in a connected
            quandle. Then only those that fix element 0 are looked for, which are fewer.
        group: Whether it is known to be a group. Then only the rows of generators are compared,
            which determine the others. The form is another one than without it.
        most: How many generating sequences may be numbered.

    Example:
        >>> c4 = np.add.outer(np.arange(4), np.arange(4)) % 4
        >>> found = canonical_form(c4)
        >>> found.automorphisms.tolist()
        [[0, 1, 2, 3], [0, 3, 2, 1]]
    """
    start = np.arange(len(products)) if homogeneous else np.ones(len(products), np.int64)
    colors = refined_colors(products, np.minimum(start, 1))
    found = _numberings(products, colors, most)
    if found is None:
        return None
    numberings, generators = found
    n = len(products)
    inverses = np.argsort(numberings, axis=1)
    for i in generators if group else range(n):
        # Row i of every table that was smallest before; those with the smallest row stay.
        rows = products[numberings[:, i, None], numberings]
        rows = np.take_along_axis(inverses, rows, axis=1)
        smallest = rows[np.lexsort(rows.T[::-1])[0]] if len(rows) > 1 else rows[0]
        stay = (rows == smallest).all(axis=1)
        numberings, inverses = numberings[stay], inverses[stay]
    first = numberings[0]
    table = inverses[0][products[np.ix_(first, first)]]
    places = inverses[0]
    moves = numberings[:, places]  # the element of a number in the first one, sent to another
    # The identity is the first of all maps in lexicographic order.
    return CanonicalForm(table=table, places=places, automorphisms=moves[np.lexsort(moves.T[::-1])])


def refined_colors(
    products: Int[NDArray[Any], "n n"], start: Int[NDArray[Any], " n"]
) -> Int[NDArray[Any], " n"]:
    """Return colors that isomorphisms preserve: of squares, and of ``(y, xy, yx)`` for all y."""
    squares = products.diagonal()
    ignored = hashlib.blake2b()
    colors, count = canonical_colors([start], ignored)
    while True:
        partners = (colors * count + colors[products]) * count + colors[products.T]
        # Whether y is x itself, or xy one of the two, is seen, too.
        each = np.arange(len(products))
        same = (products == each[:, None]) * 4 + (products == each) * 2 + (products == products.T)
        partners = partners * 8 + same
        partners.sort(axis=1)
        colors, refined = canonical_colors(
            [colors, colors[squares], row_digests(partners)], ignored
        )
        if refined == count:
            return colors
        count = refined


def _numberings(
    products: Int[NDArray[Any], "n n"], colors: Int[NDArray[Any], " n"], most: int
) -> tuple[Int[NDArray[Any], "k n"], list[int]] | None:
    """Return the elements in the order of their numbers, one row for each generating sequence.

    The second result has the numbers of the generators. None if there are too many sequences. A
    sequence goes on with an element that is not generated yet, of the color that has the fewest of
    these; all of them are tried.
    """
    n, num_colors = len(products), int(colors.max()) + 1
    of_color = colors == np.arange(num_colors)[:, None]
    elements, count = np.full((1, n), -1), np.zeros(1, np.int64)
    generators: list[int] = []
    while count[0] < n:  # isomorphic or not: sequences that are short of some are extended together
        known = np.zeros((len(elements), n), bool)
        rows, places = np.nonzero(elements >= 0)
        known[rows, elements[rows, places]] = True
        left = (~known).astype(np.int64) @ of_color.T
        left[left == 0] = n + 1
        chosen = of_color[left.argmin(axis=1)] & ~known
        if chosen.sum() > most:
            return None
        generators.append(int(count[0]))
        rows, new = np.nonzero(chosen)
        elements, count = elements[rows], count[rows]
        closed = count.copy()
        elements[np.arange(len(rows)), count] = new
        known = known[rows]
        known[np.arange(len(rows)), new] = True
        count = count + 1
        _close(products, elements, known, count, closed)
        # Those that generate the most in so many steps are canonical, too, and fewer.
        most_generated = count == count.max()
        elements, count = elements[most_generated], count[most_generated]
    return elements, generators


def _close(
    products: Int[NDArray[Any], "n n"],
    elements: Int[NDArray[Any], "k n"],
    known: NDArray[np.bool_],
    count: Int[NDArray[Any], " k"],
    closed: Int[NDArray[Any], " k"],
) -> None:
    """Number all products, in place; those of the first ``closed`` elements have a number."""

    def put(new: Int[NDArray[Any], " s"], rows: Int[NDArray[Any], " s"]) -> None:
        fresh = ~known[rows, new]
        rows, new = rows[fresh], new[fresh]
        elements[rows, count[rows]] = new
        known[rows, new] = True
        count[rows] += 1

    n = len(products)
    while True:
        going = np.flatnonzero((closed < count) & (count < n))
        if not len(going):
            return
        for j in range(int(closed[going].max()) + 1):
            rows = going[closed[going] >= j]
            left, right = elements[rows, closed[rows]], elements[rows, j]
            put(products[left, right], rows)
            put(products[right, left], rows)
        closed[going] += 1

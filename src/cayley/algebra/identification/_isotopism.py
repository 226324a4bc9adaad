"""``find_isotopism``: the group that a Latin square is an isotope of, and the three relabelings."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._identity_element import has_left_identity, has_right_identity
from cayley.algebra.axioms._latin_square import is_latin_square
from cayley.algebra.axioms._lights_test import is_associative
from cayley.algebra.axioms._property import Property, first_difference
from cayley.algebra.groups._group import Group
from cayley.tables._full_square import TableLike, full_square

__all__ = ["Isotopism", "NotIsotope", "find_isotopism", "verify_isotopism"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Isotopism:
    r"""Three relabelings that turn a table into the table of a group.

    .. math:: f(a) * g(b) = h(a \circ b) \quad \text{for all } a, b

    with :math:`\circ` the operation of the table and :math:`*` that of the group.

    Attributes:
        rows: :math:`f`, the group element of each row, shape ``(n,)``, int64, a permutation.
        columns: :math:`g`, the group element of each column, shape ``(n,)``, int64.
        symbols: :math:`h`, the group element of each symbol, shape ``(n,)``, int64.
        group: The group.
    """

    rows: Int[NDArray[Any], " n"]
    columns: Int[NDArray[Any], " n"]
    symbols: Int[NDArray[Any], " n"]
    group: Group

    def __post_init__(self) -> None:
        for name in ("rows", "columns", "symbols"):
            values = np.array(getattr(self, name), np.int64)
            if not np.array_equal(np.sort(values), np.arange(self.group.order)):
                raise ValueError(f"`{name}` must be a permutation of 0..{self.group.order - 1}.")
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    @property
    def is_isomorphism(self) -> bool:
        """Whether the three maps are one: the table is then the group itself, relabeled."""
        return np.array_equal(self.rows, self.columns) and np.array_equal(self.rows, self.symbols)

    def apply(self) -> Int[NDArray[Any], "n n"]:
        """Return the table that these maps turn into the group, shape ``(n, n)``, int64."""
        inverse = np.argsort(self.symbols)
        table: Int[NDArray[Any], "n n"] = self.group.table[np.ix_(self.rows, self.columns)]
        preimage: Int[NDArray[Any], "n n"] = inverse[table]
        return preimage


@dataclass(frozen=True, slots=True, kw_only=True)
class NotIsotope:
    """The proof that a table is no isotope of a group. False as a condition.

    Attributes:
        reason: ``"not latin"`` or ``"quadrangle"``.
        counterexample: For ``"not latin"`` the cells ``(a, b, c, d)`` of :func:`is_latin_square`.
            For ``"quadrangle"`` the indices ``(a1, a2, b1, b2, a3, a4, b3, b4)``: the rectangle
            on rows ``a1, a2`` and columns ``b1, b2`` agrees with the one on rows ``a3, a4`` and
            columns ``b3, b4`` in three corners, ``(a1, b1) = (a3, b3)``, ``(a1, b2) = (a3, b4)``
            and ``(a2, b1) = (a4, b3)``, and differs in the fourth. In an isotope of a group the
            fourth would follow from the three (Frolov's quadrangle criterion).
    """

    reason: Literal["not latin", "quadrangle"]
    counterexample: tuple[int, ...]

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        if self.reason == "not latin":
            a, b, c, d = self.counterexample
            return f"not a Latin square: cells ({a}, {b}) and ({c}, {d}) hold the same symbol"
        a1, a2, b1, b2, a3, a4, b3, b4 = self.counterexample
        return (
            f"no isotope of a group: the rectangles on rows {a1}, {a2} and columns {b1}, {b2} and "
            f"on rows {a3}, {a4} and columns {b3}, {b4} agree in three corners but not the fourth"
        )


def find_isotopism(table: TableLike) -> Isotopism | NotIsotope:
    r"""Return the group that a table is an isotope of, or the proof that there is none.

    Choose a row :math:`r` and a column :math:`s`. On the symbols of a Latin square define the
    principal loop isotope by :math:`(a \circ s) * (r \circ b) = a \circ b`; its identity is
    :math:`r \circ s`. By Albert's theorem every loop isotope of a group is isomorphic to that
    group, so the table is an isotope of a group exactly when this loop is associative, whichever
    row and column were chosen. The maps found are then checked on all :math:`n^2` cells.

    An identity, left identity or right identity of the table is chosen where there is one. A
    group therefore comes back as itself, all three maps the identity.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        An :class:`Isotopism`, or a :class:`NotIsotope` with a counterexample.

    Example:
        >>> subtraction = [[0, 2, 1], [1, 0, 2], [2, 1, 0]]
        >>> found = find_isotopism(subtraction)
        >>> found.rows.tolist(), found.columns.tolist(), found.symbols.tolist()
        ([0, 1, 2], [0, 2, 1], [0, 1, 2])

    References:
        A. A. Albert, "Quasigroups I", Trans. AMS 54 (1943), theorem 2.
    """
    products = full_square(table)
    latin = is_latin_square(products)
    if latin.counterexample is not None:
        return NotIsotope(reason="not latin", counterexample=latin.counterexample)
    r, s = _base_cell(products)
    rows, columns = products[:, s], products[r]
    # argsort inverts a permutation: from_row[x] is the row a with a o s = x.
    from_row, from_column = np.argsort(rows), np.argsort(columns)
    loop = products[np.ix_(from_row, from_column)]
    identity = int(products[r, s])
    triple = is_associative(loop).counterexample
    if triple is not None:
        corners = _failed_quadrangle(loop, identity, triple)
        a, b = from_row[list(corners[0])], from_column[list(corners[1])]
        indices = (*a[:2], *b[:2], *a[2:], *b[2:])
        return NotIsotope(reason="quadrangle", counterexample=tuple(int(i) for i in indices))
    found = Isotopism(
        rows=rows,
        columns=columns,
        symbols=np.arange(len(products)),
        group=Group(table=loop, identity=identity),
    )
    # A check in all cells of what the theorem promises: O(n^2), and the certificate rests on it.
    if not verify_isotopism(products, found):
        raise AssertionError("a principal loop isotope is an isotope")
    return found


def verify_isotopism(table: TableLike, isotopism: Isotopism) -> Property:
    r"""Check :math:`f(a) * g(b) = h(a \circ b)` in every cell.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.
        isotopism: The maps and the group.

    Returns:
        A property whose counterexample is a cell ``(a, b)`` where the two sides differ.

    Raises:
        ValueError: If the orders differ.

    Example:
        >>> found = find_isotopism([[1, 0], [0, 1]])
        >>> verify_isotopism([[0, 1], [1, 0]], found).counterexample
        (0, 0)
    """
    products = full_square(table)
    if len(products) != isotopism.group.order:
        raise ValueError(
            f"`table` has order {len(products)}, the isotopism {isotopism.group.order}."
        )
    in_group = isotopism.group.table[np.ix_(isotopism.rows, isotopism.columns)]
    place = first_difference(in_group, isotopism.symbols[products])
    return Property(name="isotopism", holds=place is None, counterexample=place)


def _base_cell(table: Int[NDArray[Any], "n n"]) -> tuple[int, int]:
    """Return the row and the column that become the identity, chosen for the plainest maps."""
    left, right = has_left_identity(table), has_right_identity(table)
    r, s = left.witness, right.witness
    if r is None and s is None:
        return 0, int(table[0].argmin())  # the symbol 0 becomes the identity
    # one-sided: crossing e with itself makes e = ee the identity of the group
    return (r if r is not None else s, s if s is not None else r)  # type: ignore[return-value]


def _failed_quadrangle(
    loop: Int[NDArray[Any], "n n"], e: int, triple: tuple[int, ...]
) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
    r"""Return rows and columns of two rectangles that violate the quadrangle criterion.

    With :math:`(xy)z \ne x(yz)`: rows :math:`e, x` and columns :math:`y, yz` hold
    :math:`y, yz, xy, x(yz)`; rows :math:`y, xy` and columns :math:`e, z` hold
    :math:`y, yz, xy, (xy)z`.
    """
    x, y, z = triple
    return (e, x, y, int(loop[x, y])), (y, int(loop[y, z]), e, z)

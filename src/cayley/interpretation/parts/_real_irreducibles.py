r"""The real irreducible parts of the functions on a group, and a basis that is adapted to them.

The characters are exact. For a real irreducible representation with the rows :math:`i` of the
character table the projection on its isotypic part is

.. math:: (P f)(a) = \sum_b \Bigl( \sum_i \frac{d_i}{n} \chi_i(a b^{-1}) \Bigr) f(b) ,

a real symmetric matrix of rank :math:`\sum_i d_i^2`. The class functions are in the center of the
group algebra, so the part is the same for translations from the left and from the right.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import CharacterTable, Group, character_table
from cayley.algebra.groups._conjugacy_classes import power_map
from cayley.interpretation.parts._measured_parts import RealIrreducible

__all__ = ["AdaptedBasis", "adapted_basis", "independent_generators", "part_energies"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdaptedBasis:
    """An orthonormal basis of the functions on a group, part by part.

    Attributes:
        group: The group.
        irreducibles: Its ``k`` real irreducible representations, the trivial one first.
        basis: The basis in the columns, shape ``(n, n)``.
        labels: The part of each column, shape ``(n,)``, ascending.
        generators: In an abelian group the elements that frequencies refer to.
    """

    group: Group
    irreducibles: tuple[RealIrreducible, ...]
    basis: Float[NDArray[Any], "n n"]
    labels: Int[NDArray[Any], " n"]
    generators: tuple[int, ...]

    @property
    def dimensions(self) -> Int[NDArray[Any], " k"]:
        """The dimension of each part, shape ``(k,)``."""
        return np.bincount(self.labels, minlength=len(self.irreducibles))

    def projected(
        self, functions: Float[NDArray[Any], "n d"], parts: "list[int] | tuple[int, ...]"
    ) -> Float[NDArray[Any], "n d"]:
        """Return the sum of some isotypic parts of the columns.

        Example:
            >>> basis = adapted_basis(Group.from_table([[0, 1], [1, 0]]))
            >>> basis.projected(np.array([[3.0], [1.0]]), [0]).round(9).tolist()
            [[2.0], [2.0]]
        """
        chosen = self.basis[:, np.isin(self.labels, parts)]
        projection: Float[NDArray[Any], "n d"] = chosen @ (chosen.T @ functions)
        return projection


def part_energies(
    basis: AdaptedBasis, functions: Float[NDArray[Any], "n d"]
) -> Float[NDArray[Any], "k d"]:
    """Return the squared norm of each isotypic part of each column.

    The sum over the parts is the squared norm of the column.

    Example:
        >>> basis = adapted_basis(Group.from_table([[0, 1], [1, 0]]))
        >>> part_energies(basis, np.array([[3.0], [1.0]])).round(9).tolist()
        [[8.0], [2.0]]
    """
    squares = (basis.basis.T @ functions) ** 2
    starts = np.concatenate([[0], np.cumsum(basis.dimensions)[:-1]])
    energies: Float[NDArray[Any], "k d"] = np.add.reduceat(squares, starts, axis=0)
    return energies


def adapted_basis(group: Group) -> AdaptedBasis:
    """Return the parts of a group and a basis; it is computed once for each group.

    Raises:
        ValueError: If the group has more classes than :func:`~cayley.algebra.character_table`
            accepts.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> basis = adapted_basis(s3)
        >>> [each.name for each in basis.irreducibles], basis.dimensions.tolist()
        (['X.1', 'X.2', 'X.3'], [1, 1, 4])
    """
    return group.once("adapted basis", lambda: _adapted_basis(group))


def _adapted_basis(group: Group) -> AdaptedBasis:
    table = character_table(group)
    generators = independent_generators(group) if group.is_abelian else ()
    irreducibles = _real_irreducibles(table, generators)
    n = group.order
    # The class function that has eigenvalue j on part j: its matrix is symmetric, the parts are its
    # eigenspaces, and the eigenvalues are known to be whole numbers.
    exact = table.to_complex()
    values = np.zeros(len(table))
    for j, each in enumerate(irreducibles):
        for row in each.rows:
            values += j * each.degree / n * exact[row].real
    quotients = group.table[:, group.inverses]  # [a, b] = a b^-1
    matrix = values[table.classes.labels][quotients]
    eigenvalues, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    labels = np.rint(eigenvalues).astype(np.int64)
    expected = np.repeat(range(len(irreducibles)), [each.dimension for each in irreducibles])
    if not np.array_equal(labels, expected):
        raise AssertionError("the eigenspaces of a class function are the isotypic parts")
    return AdaptedBasis(
        group=group,
        irreducibles=irreducibles,
        basis=vectors,
        labels=labels,
        generators=generators,
    )


def _real_irreducibles(
    table: CharacterTable, generators: tuple[int, ...]
) -> tuple[RealIrreducible, ...]:
    """Join conjugate rows of the character table, and name what results."""
    # The conjugate of a character at a class is its value at the class of the inverses: exact.
    inverse = power_map(table.group, -1)
    rows = {row.tobytes(): i for i, row in enumerate(table.codes)}
    found = []
    for i, indicator in enumerate(table.indicators):
        conjugate = rows[np.ascontiguousarray(table.codes[i][inverse]).tobytes()]
        if conjugate < i:
            continue
        degree = int(table.degrees[i])
        both = (i,) if conjugate == i else (i, conjugate)
        name = "+".join(f"X.{row + 1}" for row in both)
        found.append(
            RealIrreducible(
                name=f"2{name}" if indicator == -1 else name,
                rows=both,
                degree=degree,
                dimension=degree**2 * len(both),
                frequency=_frequency(table, i, generators) if table.group.is_abelian else None,
            )
        )
    return tuple(found)


def _frequency(table: CharacterTable, row: int, generators: tuple[int, ...]) -> tuple[int, ...]:
    r"""Return the exponents of a linear character at the generators, of two conjugates the smaller.

    A value is a root of unity, so its angle is a multiple of :math:`2 \pi / n_i`: rounding double
    precision to the nearest one is exact below order 10^15.
    """
    orders = table.group.element_orders[list(generators)]
    values = [complex(table[row, int(table.classes.labels[g])]) for g in generators]
    turns = np.array([np.angle(value) / (2 * np.pi) for value in values]).reshape(-1)
    exponents = np.rint(turns * orders).astype(np.int64) % np.maximum(orders, 1)
    return min(tuple(exponents.tolist()), tuple(((-exponents) % orders).tolist()))


def independent_generators(group: Group) -> tuple[int, ...]:
    r"""Return elements of an abelian group that generate it as a direct sum, by falling order.

    Each is the first element of the largest order whose powers meet what the others generate in the
    identity alone. A cyclic subgroup of largest order is a direct summand, and so is one of largest
    order in the quotient, which such an element maps to. The symbol 1 comes before the symbol 2, so
    that the residues modulo ``n`` have the generator 1.

    Example:
        >>> c4 = Group.from_table([[(a + b) % 4 for b in range(4)] for a in range(4)])
        >>> independent_generators(c4)
        (1,)
    """
    table, n = group.table, group.order
    inside = np.arange(n) == group.identity
    chosen: list[int] = []
    by_order = np.argsort(-group.element_orders, kind="stable").tolist()
    while not inside.all():
        for x in by_order:
            powers = [x]
            while powers[-1] != group.identity:
                powers.append(int(table[powers[-1], x]))
            if x != group.identity and not inside[powers[:-1]].any():
                break
        else:
            raise AssertionError("an abelian group is a direct sum of cyclic groups")
        chosen.append(x)
        grown = np.zeros(n, bool)
        grown[table[np.ix_(np.flatnonzero(inside), powers)].ravel()] = True
        inside = grown
    return tuple(chosen)

"""``character_table``: the irreducible characters of a group, exact and checked."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Complex, Int
from cayley.algebra.characters._cyclotomic import Cyclotomic
from cayley.algebra.characters._irreducible_characters import (
    CodedValues,
    abelian_characters,
    exponent,
    irreducible_characters,
)
from cayley.algebra.characters._prime_field import (
    matmul_mod,
    prime_with_roots,
    primitive_root_of_unity,
)
from cayley.algebra.groups._conjugacy_classes import ConjugacyClasses, conjugacy_classes, power_map
from cayley.algebra.groups._group import Group, as_group
from cayley.tables._full_square import TableLike

__all__ = ["MAX_CLASSES", "CharacterTable", "character_table"]

# At 1200 classes `codes` takes 12 MB, and the check of orthogonality multiplies matrices of that
# size exactly, in O(k^3) time, which is what a larger limit would cost.
MAX_CLASSES = 1200
"""The default limit on the number of classes: the table has the square of it as entries."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CharacterTable:
    r"""The irreducible characters of a group, one row each, on its classes, one column each.

    Rows are by rising degree, then by their values from the first column on, integers before
    irrationals and larger ones first; so the trivial character is row 0. Columns are those of
    :func:`conjugacy_classes`.

    Attributes:
        group: The group.
        classes: Its ``k`` conjugacy classes.
        values: The different entries.
        codes: Which of ``values`` stands where, shape ``(k, k)``, int64.
        indicators: The Frobenius-Schur indicator of each row: 1 if the representation is real, 0
            if its character is not real, -1 if the character is real but the representation is
            not (quaternionic).

    Example:
        >>> table = character_table(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> [[str(value) for value in table.row(i)] for i in range(len(table))]
        [['1', '1', '1'], ['1', '-1', '1'], ['2', '0', '-1']]
    """

    group: Group
    classes: ConjugacyClasses
    values: tuple[Cyclotomic, ...]
    codes: Int[NDArray[Any], "k k"]
    indicators: tuple[int, ...]

    def __post_init__(self) -> None:
        self.codes.flags.writeable = False

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, place: tuple[int, int]) -> Cyclotomic:
        return self.values[int(self.codes[place])]

    def row(self, index: int) -> tuple[Cyclotomic, ...]:
        """Return one character's values on the classes."""
        return tuple(self.values[code] for code in self.codes[index].tolist())

    @property
    def degrees(self) -> Int[NDArray[Any], " k"]:
        """The degrees, shape ``(k,)``, int64: the values at the identity."""
        return np.array([int(self.values[code]) for code in self.codes[:, 0]], np.int64)

    def kernel(self, index: int) -> Int[NDArray[Any], " m"]:
        r"""Return the elements with :math:`\chi(g) = \chi(1)`, which act as the identity.

        Example:
            >>> table = character_table(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
            >>> [len(table.kernel(i)) for i in range(3)]
            [6, 3, 1]
        """
        row = self.codes[index]
        return np.flatnonzero((row == row[0])[self.classes.labels])

    def is_faithful(self, index: int) -> bool:
        """Whether only the identity acts as the identity."""
        return len(self.kernel(index)) == 1

    def to_complex(self) -> Complex[NDArray[Any], "k k"]:
        """Return the table in double precision, shape ``(k, k)``, complex128."""
        numbers = np.array([complex(value) for value in self.values])
        table: Complex[NDArray[Any], "k k"] = numbers[self.codes]
        return table

    def __repr__(self) -> str:
        return f"CharacterTable(order={self.group.order}, classes={len(self)})"


def character_table(group: TableLike, *, max_classes: int = MAX_CLASSES) -> CharacterTable:
    r"""Return the irreducible characters, exact.

    They are found modulo a prime and lifted to sums of roots of unity (Dixon), or written down for
    an abelian group. The result is then checked, exactly, to be orthonormal,

    .. math:: \frac1n \sum_g \chi(g)\, \overline{\psi(g)} = [\chi = \psi] .

    Args:
        group: A group with ``k`` classes, or its table; takes ``O(n k + k^3)`` time.
        max_classes: The largest ``k`` to accept.

    Raises:
        ValueError: If there are more classes than ``max_classes``.

    Example:
        >>> a5 = Group.from_permutations([[1, 2, 0, 3, 4], [0, 1, 3, 4, 2]])
        >>> table = character_table(a5)
        >>> table.degrees.tolist(), str(table[1, 3]), table.indicators
        ([1, 3, 3, 4, 5], '(1-√5)/2', (1, 1, 1, 1, 1))
    """
    group = as_group(group)
    classes = conjugacy_classes(group)
    if len(classes) > max_classes:
        raise ValueError(
            f"the group has {len(classes)} conjugacy classes, over the limit of {max_classes}; "
            "raise `max_classes`, bearing in mind that the table has their square of entries."
        )
    return group.once("characters", lambda: _character_table(group, classes))


def _character_table(group: Group, classes: ConjugacyClasses) -> CharacterTable:
    found = _sorted(
        abelian_characters(group) if group.is_abelian else irreducible_characters(group)
    )
    indicators = _checked_indicators(group, classes, found)
    return CharacterTable(
        group=group,
        classes=classes,
        values=found.values,
        codes=found.codes,
        indicators=indicators,
    )


def _sorted(found: CodedValues) -> CodedValues:
    """Return values and rows in the order that :class:`CharacterTable` states."""

    def key(code: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        value = found.values[code]
        return value.conductor, tuple((i, -c) for i, c in value.terms)

    def integer_key(code: int) -> tuple[int, int]:
        value = found.values[code]
        return (0, -int(value)) if value.is_rational else (1, 0)

    order = sorted(range(len(found.values)), key=lambda code: (integer_key(code), key(code)))
    codes = np.argsort(order)[found.codes]
    values = tuple(found.values[code] for code in order)
    # Integers have codes by falling value, so degrees fall as their codes rise: the first column is
    # negated to list small degrees first. lexsort takes its last key as the first criterion.
    rows = np.lexsort((*codes.T[:0:-1], -codes[:, 0]))
    return CodedValues(values=values, codes=codes[rows])


def _checked_indicators(
    group: Group, classes: ConjugacyClasses, found: CodedValues
) -> tuple[int, ...]:
    r"""Return :math:`\frac1n \sum_g \chi(g^2)` after checking that the rows are orthonormal.

    All these sums are integers: a Galois automorphism maps values to values at other classes of
    the same size. None exceeds :math:`n d^2` with ``d`` the largest degree, so they are known from
    their residues modulo a larger prime, with roots of unity in the place of roots of unity.
    """
    m, n = exponent(group), group.order
    largest = max(int(found.values[code]) for code in found.codes[:, 0])
    # Sums lie between -n d^2 and n d^2, so a modulus above twice that tells them apart.
    q = prime_with_roots(m, above=2 * n * largest**2 + n)
    zeta = primitive_root_of_unity(m, q)
    residues = np.array(
        [_residue(value, pow(zeta, m // value.conductor, q), q) for value in found.values]
    )
    table = residues[found.codes]
    weighted = table * classes.sizes % q
    conjugate = table[:, power_map(group, -1)]
    sums = matmul_mod(weighted, conjugate.T, q)
    if not np.array_equal(sums, n * np.eye(len(table), dtype=np.int64)):
        raise AssertionError("the characters found are not orthonormal")
    squares = table[:, power_map(group, 2)] * classes.sizes % q
    sums = squares.sum(axis=1) % q
    # The sum of chi(g^2) is n times the indicator, which is 1, 0 or -1 (Frobenius, Schur); anything
    # else raises KeyError.
    signs = {0: 0, n: 1, q - n: -1}
    return tuple(signs[int(total)] for total in sums)


def _residue(value: Cyclotomic, zeta: int, q: int) -> int:
    return sum(c * pow(zeta, i, q) for i, c in value.terms) % q

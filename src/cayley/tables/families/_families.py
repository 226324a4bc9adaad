r"""The families of groups, as full tables with readable labels and the identity first.

Orders and names are GAP's: ``dihedral_group(8)`` has eight elements. Where elements are
permutations, :math:`a \circ b` means first a, then b.
"""

import itertools
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.tables._limits import MAX_ORDER, check_order
from cayley.tables._table import UNKNOWN, Table
from cayley.tables.families._permutations import permutation_group_table, table_of_elements

__all__ = [
    "alternating_group",
    "cyclic_group",
    "dicyclic_group",
    "dihedral_group",
    "direct_product",
    "is_prime",
    "projective_special_linear_group",
    "quaternion_group",
    "symmetric_group",
    "symmetric_order",
]

# Beyond this degree the order is only bounded from below: it is refused anyway, and the factorial
# of a typing error such as S1000000000 would take hours.
_LARGEST_EXACT_DEGREE = 30


def cyclic_group(order: int, *, max_order: int = MAX_ORDER) -> Table:
    """Return the integers ``0..order-1`` under addition modulo ``order``.

    Raises:
        ValueError: If ``order`` is not positive or exceeds ``max_order``.

    Example:
        >>> cyclic_group(5)["3", "4"]
        '2'
    """
    _check(order, multiple_of=1, at_least=1, max_order=max_order, name="cyclic_group")
    numbers = np.arange(order)
    return Table.from_array((numbers[:, None] + numbers) % order)


def dihedral_group(order: int, *, max_order: int = MAX_ORDER) -> Table:
    r"""Return the symmetries of a polygon, ``order`` counting rotations and reflections.

    Elements are ``e, r, r2, ..., s, sr, sr2, ...`` with :math:`r^{n/2} = s^2 = e`, :math:`rs =
    sr^{-1}`.

    Raises:
        ValueError: If ``order`` is not positive and even, or exceeds ``max_order``.

    Example:
        >>> dihedral_group(8)["r", "s"]
        'sr3'
    """
    _check(order, multiple_of=2, at_least=2, max_order=max_order, name="dihedral_group")
    return _rotations_and_reflections(order, square_of_s=0)


def dicyclic_group(order: int, *, max_order: int = MAX_ORDER) -> Table:
    r"""Return the dicyclic group of an order divisible by 4.

    Elements are ``e, r, r2, ..., s, sr, sr2, ...`` with :math:`r^{n/2} = e`, :math:`s^2 = r^{n/4}`,
    :math:`rs = sr^{-1}`.

    Raises:
        ValueError: If ``order`` is not a positive multiple of 4, or exceeds ``max_order``.

    Example:
        >>> dicyclic_group(12)["s", "s"]
        'r3'
    """
    _check(order, multiple_of=4, at_least=4, max_order=max_order, name="dicyclic_group")
    return _rotations_and_reflections(order, square_of_s=order // 4)


def quaternion_group(order: int, *, max_order: int = MAX_ORDER) -> Table:
    """Return the (generalized) quaternion group; of order 8 with the labels ``1, -1, i, -i, ...``.

    Raises:
        ValueError: If ``order`` is not a power of 2 from 8, or exceeds ``max_order``.

    Example:
        >>> quaternion_group(8)["i", "j"], quaternion_group(16)["s", "s"]
        ('k', 'r4')
    """
    if order < 8 or order & (order - 1):
        raise ValueError(f"`order` of quaternion_group must be 8, 16, 32, ...; got {order}.")
    table = dicyclic_group(order, max_order=max_order)
    if order > 8:
        return table
    # r is i and s is j: then sr = ji = -k.
    names = {"e": "1", "r": "i", "r2": "-1", "r3": "-i", "s": "j", "sr": "-k", "sr2": "-j"}
    renamed = [names.get(label, "k") for label in table.rows]
    order_of_labels = ["1", "-1", "i", "-i", "j", "-j", "k", "-k"]
    old = np.array([renamed.index(label) for label in order_of_labels])
    new = np.argsort(old)
    return Table.from_array(new[table.array[np.ix_(old, old)]], labels=order_of_labels)


def symmetric_group(degree: int, *, max_order: int = MAX_ORDER) -> Table:
    """Return all permutations of ``degree`` points, in cycle notation.

    Raises:
        ValueError: If ``degree`` is not positive or the order exceeds ``max_order``.

    Example:
        >>> symmetric_group(3)["(1 2)", "(1 3)"]
        '(1 2 3)'
    """
    return table_of_elements(_all_permutations(degree, max_order, "S", share=1))


def alternating_group(degree: int, *, max_order: int = MAX_ORDER) -> Table:
    """Return the even permutations of ``degree`` points, in cycle notation.

    Raises:
        ValueError: If ``degree`` is not positive or the order exceeds ``max_order``.

    Example:
        >>> alternating_group(3).rows
        ('()', '(1 2 3)', '(1 3 2)')
    """
    elements = _all_permutations(degree, max_order, "A", share=2)
    # A permutation is even if its number of inversions is; counted for all permutations at once.
    inversions = np.zeros(len(elements), np.int64)
    for i, j in itertools.combinations(range(degree), 2):
        inversions += elements[:, i] > elements[:, j]
    return table_of_elements(elements[inversions % 2 == 0])


def projective_special_linear_group(field: int, *, max_order: int = MAX_ORDER) -> Table:
    """Return PSL(2, p) for a prime p, permuting the p + 1 points of the projective line.

    The points ``0..p-1`` are numbered 1 to p in the cycles, infinity p + 1.

    Raises:
        ValueError: If ``field`` is not a prime or the order exceeds ``max_order``.

    Example:
        >>> projective_special_linear_group(7).order
        168
    """
    # The order is checked before the primality: trial division of a number of 18 digits takes
    # minutes.
    check_order(projective_order(field), max_order=max_order, what=f"PSL(2,{field})")
    if not is_prime(field):
        raise ValueError(f"`field` of PSL(2, p) must be a prime; got {field}.")
    # z -> z + 1 and z -> -1/z generate PSL(2, p); infinity is the last point.
    shift = [*((z + 1) % field for z in range(field)), field]
    turn = [field, *(-pow(z, -1, field) % field for z in range(1, field)), 0]
    return permutation_group_table([shift, turn], max_order=max_order)


def direct_product(*tables: Table, max_order: int = MAX_ORDER) -> Table:
    """Return the componentwise operation on tuples, labeled ``(x,y)``.

    A product is unknown where one of its components is.

    Raises:
        ValueError: If there is no table, one has repeats, or the product exceeds ``max_order``.

    Example:
        >>> direct_product(cyclic_group(2), cyclic_group(3))["(1,2)", "(1,2)"]
        '(0,1)'
    """
    if not tables:
        raise ValueError("`tables` must not be empty.")
    if any(len(table.repeats) for table in tables):
        raise ValueError("`tables` must not have repeats.")
    sizes = [max(len(t.rows), len(t.columns), len(t.symbols)) for t in tables]
    check_order(math.prod(sizes), max_order=max_order, what="the product")
    if len(tables) == 1:
        return tables[0]
    array = np.zeros((1, 1), np.int64)
    for table in tables:
        # Axes: row of the product so far, row of the factor, then the columns likewise.
        known = (array != UNKNOWN)[:, None, :, None] & (table.array != UNKNOWN)[None, :, None, :]
        product = array[:, None, :, None] * len(table.symbols) + table.array[None, :, None, :]
        shape = (array.shape[0] * len(table.rows), array.shape[1] * len(table.columns))
        array = np.where(known, product, UNKNOWN).reshape(shape)
    rows, columns, symbols = (
        tuple(f"({','.join(parts)})" for parts in itertools.product(*names))
        for names in zip(*((t.rows, t.columns, t.symbols) for t in tables), strict=True)
    )
    return Table(rows=rows, columns=columns, symbols=symbols, array=array)


def symmetric_order(degree: int) -> int:
    """Return the number of permutations of ``degree`` points, or a bound if that is astronomic."""
    return math.factorial(min(degree, _LARGEST_EXACT_DEGREE))


def projective_order(field: int) -> int:
    """Return the order of PSL(2, p) for a prime p."""
    return field * (field * field - 1) // math.gcd(2, field - 1)


def is_prime(number: int) -> bool:
    """Return whether a number is a prime, by trial division."""
    return number > 1 and all(number % d for d in range(2, math.isqrt(number) + 1))


def _check(order: int, *, multiple_of: int, at_least: int, max_order: int, name: str) -> None:
    if order < at_least or order % multiple_of:
        what = "positive" if multiple_of == 1 else f"a positive multiple of {multiple_of}"
        raise ValueError(f"`order` of {name} must be {what}; got {order}.")
    check_order(order, max_order=max_order, what=f"{name}({order})")


def _rotations_and_reflections(order: int, *, square_of_s: int) -> Table:
    """Return the group of s^a r^i with r s = s r^-1 and s^2 a power of r."""
    half = order // 2
    power = np.arange(order) % half
    reflected = np.arange(order) >= half
    # Moving s to the left past r^i turns r^i into r^-i.
    sign = np.where(reflected, -1, 1)
    both = reflected[:, None] & reflected
    turns = (sign * power[:, None] + power + square_of_s * both) % half
    array = turns + half * (reflected[:, None] ^ reflected)
    turned = ["", "r", *(f"r{i}" for i in range(2, half))][:half]
    labels = ["e", *turned[1:], *(f"s{label}" for label in turned)]
    return Table.from_array(array, labels=labels)


def _all_permutations(
    degree: int, max_order: int, letter: str, *, share: int
) -> Int[NDArray[Any], "n k"]:
    if degree < 1:
        raise ValueError(f"`degree` must be positive; got {degree}.")
    order = max(symmetric_order(degree) // share, 1)
    check_order(order, max_order=max_order, what=f"{letter}{degree}")
    return np.array(list(itertools.permutations(range(degree))), np.int64)

"""Properties of an operation that need no more than its table read a few times: all O(n^2)."""

from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import ArrayLike, NDArray

from cayley.algebra.axioms._answer import Property, first_difference
from cayley.tables._full_square import full_square

__all__ = [
    "has_absorbing_element",
    "has_identity",
    "has_inverses",
    "has_left_identity",
    "has_right_identity",
    "is_commutative",
    "is_flexible",
    "is_idempotent",
    "is_latin_square",
    "is_left_alternative",
    "is_left_cancellative",
    "is_right_alternative",
    "is_right_cancellative",
    "is_unipotent",
]


def is_left_cancellative(table: ArrayLike) -> Property:
    r"""Decide whether :math:`ab = ac` implies :math:`b = c`: no row holds a symbol twice.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b, c)`` with ``ab = ac`` and ``b != c``.

    Example:
        >>> is_left_cancellative([[0, 0], [0, 1]]).counterexample
        (0, 0, 1)
    """
    found = _repeat_in_row(full_square(table))
    return Property(name="left cancellative", holds=found is None, counterexample=found)


def is_right_cancellative(table: ArrayLike) -> Property:
    r"""Decide whether :math:`ba = ca` implies :math:`b = c`: no column holds a symbol twice.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b, c)`` with ``ba = ca`` and ``b != c``.

    Example:
        >>> is_right_cancellative([[0, 1], [0, 1]]).counterexample
        (0, 0, 1)
    """
    found = _repeat_in_row(full_square(table).T)
    return Property(name="right cancellative", holds=found is None, counterexample=found)


def is_latin_square(table: ArrayLike) -> Property:
    r"""Decide whether every row and every column holds every symbol once: a quasigroup.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b, c, d)``: the different cells ``(a, b)`` and
        ``(c, d)`` hold the same symbol and lie in one row (``a = c``) or one column (``b = d``).

    Example:
        >>> is_latin_square([[0, 1], [0, 1]]).counterexample
        (0, 0, 1, 0)
    """
    products = full_square(table)
    row = _repeat_in_row(products)
    if row is not None:
        a, b, c = row
        return Property(name="Latin square", holds=False, counterexample=(a, b, a, c))
    column = _repeat_in_row(products.T)
    if column is not None:
        a, b, c = column
        return Property(name="Latin square", holds=False, counterexample=(b, a, c, a))
    return Property(name="Latin square", holds=True)


def _repeat_in_row(table: Int[NDArray[Any], "n n"]) -> tuple[int, int, int] | None:
    """Return ``(a, b, c)`` with ``b < c`` and equal symbols at ``(a, b)`` and ``(a, c)``."""
    n = len(table)
    present = np.zeros((n, n), bool)
    present[np.arange(n)[:, None], table] = True
    short = ~present.all(axis=1)
    if not short.any():
        return None
    a = int(short.argmax())
    row = table[a].tolist()
    c = next(i for i, symbol in enumerate(row) if symbol in row[:i])
    return a, row.index(row[c]), c


def is_commutative(table: ArrayLike) -> Property:
    r"""Decide whether :math:`ab = ba` for all :math:`a, b`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``ab != ba``.

    Example:
        >>> is_commutative([[0, 0], [1, 1]]).counterexample
        (0, 1)
    """
    products = full_square(table)
    place = first_difference(products, products.T)
    return Property(name="commutative", holds=place is None, counterexample=place)


def is_idempotent(table: ArrayLike) -> Property:
    r"""Decide whether :math:`aa = a` for all :math:`a`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a,)`` with ``aa != a``.

    Example:
        >>> is_idempotent([[0, 1], [1, 0]]).counterexample
        (1,)
    """
    products = full_square(table)
    place = first_difference(products.diagonal(), np.arange(len(products)))
    return Property(name="idempotent", holds=place is None, counterexample=place)


def is_unipotent(table: ArrayLike) -> Property:
    r"""Decide whether all squares are equal: :math:`aa = bb` for all :math:`a, b`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``aa != bb``; its witness is the square.

    Example:
        >>> is_unipotent([[0, 1], [1, 0]]).witness
        0
    """
    squares = full_square(table).diagonal()
    place = first_difference(squares, np.full_like(squares, squares[0]))
    if place is None:
        return Property(name="unipotent", holds=True, witness=int(squares[0]))
    return Property(name="unipotent", holds=False, counterexample=(0, place[0]))


def is_left_alternative(table: ArrayLike) -> Property:
    r"""Decide whether :math:`(aa)b = a(ab)` for all :math:`a, b`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``(aa)b != a(ab)``.

    Example:
        >>> is_left_alternative([[0, 0], [0, 1]]).holds
        True
    """
    products = full_square(table)
    each = np.arange(len(products))[:, None]
    place = first_difference(products[products.diagonal()], products[each, products])
    return Property(name="left alternative", holds=place is None, counterexample=place)


def is_right_alternative(table: ArrayLike) -> Property:
    r"""Decide whether :math:`(ab)b = a(bb)` for all :math:`a, b`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``(ab)b != a(bb)``.

    Example:
        >>> is_right_alternative([[0, 0], [0, 1]]).holds
        True
    """
    products = full_square(table)
    each = np.arange(len(products))[None, :]
    place = first_difference(products[products, each], products[:, products.diagonal()])
    return Property(name="right alternative", holds=place is None, counterexample=place)


def is_flexible(table: ArrayLike) -> Property:
    r"""Decide whether :math:`(ab)a = a(ba)` for all :math:`a, b`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` with ``(ab)a != a(ba)``.

    Example:
        >>> is_flexible([[0, 0], [0, 1]]).holds
        True
    """
    products = full_square(table)
    each = np.arange(len(products))[:, None]
    place = first_difference(products[products, each], products[each, products.T])
    return Property(name="flexible", holds=place is None, counterexample=place)


def has_left_identity(table: ArrayLike) -> Property:
    r"""Decide whether some :math:`e` has :math:`ex = x` for all :math:`x`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose witness is the first such ``e``, and whose counterexample has ``n``
        entries: for each candidate ``e`` an element ``x`` with ``ex != x``.

    Example:
        >>> has_left_identity([[1, 0], [0, 1]]).witness
        1
    """
    products = full_square(table)
    return _exists("left identity", products != np.arange(len(products)))


def has_right_identity(table: ArrayLike) -> Property:
    r"""Decide whether some :math:`e` has :math:`xe = x` for all :math:`x`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose witness is the first such ``e``, and whose counterexample has ``n``
        entries: for each candidate ``e`` an element ``x`` with ``xe != x``.

    Example:
        >>> has_right_identity([[0, 1], [0, 1]]).counterexample
        (1, 0)
    """
    products = full_square(table)
    return _exists("right identity", np.arange(len(products)) != products.T)


def has_identity(table: ArrayLike) -> Property:
    r"""Decide whether some :math:`e` has :math:`ex = x = xe` for all :math:`x`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose witness is ``e`` (there is at most one), and whose counterexample has
        ``n`` entries: for each candidate ``e`` an element ``x`` with ``ex != x`` or ``xe != x``.

    Example:
        >>> has_identity([[1, 0], [0, 1]]).witness
        1
    """
    products = full_square(table)
    each = np.arange(len(products))
    return _exists("identity", (products != each) | (each != products.T))


def has_absorbing_element(table: ArrayLike) -> Property:
    r"""Decide whether some :math:`z` has :math:`zx = z = xz` for all :math:`x` (a zero).

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose witness is ``z`` (there is at most one), and whose counterexample has
        ``n`` entries: for each candidate ``z`` an element ``x`` with ``zx != z`` or ``xz != z``.

    Example:
        >>> has_absorbing_element([[0, 0], [0, 1]]).witness
        0
    """
    products = full_square(table)
    each = np.arange(len(products))[:, None]
    return _exists("absorbing element", (products != each) | (each != products.T))


def has_inverses(table: ArrayLike) -> Property:
    r"""Decide whether every element has a two-sided inverse.

    That is, there is an identity :math:`e`, and every :math:`a` has a :math:`b` with
    :math:`ab = e = ba`.

    Args:
        table: Products, shape ``(n, n)``, integers in ``0..n-1``.

    Returns:
        A property whose counterexample is ``(a,)``, an element without such a ``b``; ``None`` if
        there is no identity to begin with.

    Example:
        >>> has_inverses([[0, 1], [1, 1]]).counterexample
        (1,)
    """
    products = full_square(table)
    identity = has_identity(products)
    if not identity:
        return Property(name="inverses", holds=False)
    reaches = products == identity.witness
    without = ~(reaches & reaches.T).any(axis=1)
    if without.any():
        return Property(name="inverses", holds=False, counterexample=(int(without.argmax()),))
    return Property(name="inverses", holds=True)


def _exists(name: str, fails: NDArray[np.bool_]) -> Property:
    """Find a row of ``fails`` without a failure, or the first failure of every row."""
    good = ~fails.any(axis=1)
    if good.any():
        return Property(name=name, holds=True, witness=int(good.argmax()))
    return Property(name=name, holds=False, counterexample=tuple(fails.argmax(axis=1).tolist()))

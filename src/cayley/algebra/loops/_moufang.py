"""The laws of Moufang and Bol, for any operation."""

from cayley.algebra.axioms._property import Property
from cayley.algebra.axioms._translation_laws import first_failure, narrow
from cayley.tables._full_square import TableLike, full_square

__all__ = ["is_left_bol", "is_moufang", "is_right_bol"]

# In all three laws every variable but x occurs once on each side, so that both sides are arrays
# over y and z once x is fixed. Every associative operation obeys all three.


def is_moufang(table: TableLike) -> Property:
    r"""Decide whether :math:`(xy)(zx) = (x(yz))x` for all :math:`x, y, z`.

    In a loop this and the three other laws of Moufang are equivalent, and a quasigroup that obeys
    one of them is a loop (Kunen).

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(x, y, z)`` with ``(xy)(zx) != (x(yz))x``.

    Example:
        >>> is_moufang([[0, 2, 1], [1, 0, 2], [2, 1, 0]]).counterexample
        (0, 0, 1)

    References:
        R. Moufang, "Zur Struktur von Alternativkörpern", Math. Ann. 110 (1935), 416-430.
        K. Kunen, "Moufang quasigroups", J. Algebra 183 (1996), 231-234.
    """
    products = full_square(table)
    values = narrow(products)
    found = first_failure(
        range(len(products)),
        lambda x: (
            values.take(products[x], axis=0).take(products[:, x], axis=1),
            values[:, x].take(products[x]).take(products),
        ),
    )
    return Property(name="Moufang", holds=found is None, counterexample=found)


def is_left_bol(table: TableLike) -> Property:
    r"""Decide whether :math:`x(y(xz)) = (x(yx))z` for all :math:`x, y, z`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(x, y, z)`` with ``x(y(xz)) != (x(yx))z``.

    Example:
        >>> is_left_bol([[0, 1, 2], [2, 0, 1], [1, 2, 0]]).counterexample
        (0, 1, 0)

    References:
        D. A. Robinson, "Bol loops", Trans. AMS 123 (1966), 341-354.
    """
    products = full_square(table)
    values = narrow(products)
    found = first_failure(
        range(len(products)),
        lambda x: (
            values[x].take(products.take(products[x], axis=1)),
            values.take(products[x].take(products[:, x]), axis=0),
        ),
    )
    return Property(name="left Bol", holds=found is None, counterexample=found)


def is_right_bol(table: TableLike) -> Property:
    r"""Decide whether :math:`((zx)y)x = z((xy)x)` for all :math:`x, y, z`.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is ``(x, y, z)`` with ``((zx)y)x != z((xy)x)``.

    Example:
        >>> is_right_bol([[0, 1], [1, 0]]).holds
        True

    References:
        D. A. Robinson, "Bol loops", Trans. AMS 123 (1966), 341-354.
    """
    products = full_square(table)
    values = narrow(products)
    found = first_failure(
        range(len(products)),
        # Arrays over z and y.
        lambda x: (
            values[:, x].take(products.take(products[:, x], axis=0)),
            values.take(products[:, x].take(products[x]), axis=1),
        ),
    )
    found = None if found is None else (found[0], found[2], found[1])
    return Property(name="right Bol", holds=found is None, counterexample=found)

r"""Associativity, decided exactly by Light's test.

Call :math:`g` *associating* if :math:`(a g) b = a (g b)` for all :math:`a, b`. Products of
associating elements are associating, in any magma whatever:

.. math:: (a(gh))b = ((ag)h)b = (ag)(hb) = a(g(hb)) = a((gh)b),

where the steps use in turn that :math:`g, h, g, h` is associating. So it is enough to test a
generating set: :math:`O(k n^2)` for :math:`k` generators in place of :math:`O(n^3)`, and in a
quasigroup :math:`k \le 1 + \log_2 n`.
"""

import numpy as np

from cayley.algebra.axioms._generators import generating_set
from cayley.algebra.axioms._property import Property, first_difference
from cayley.tables._full_square import TableLike, full_square

__all__ = ["is_associative"]


def is_associative(table: TableLike) -> Property:
    r"""Decide whether :math:`(ab)c = a(bc)` for all :math:`a, b, c`.

    Exact for every magma, by Light's test on a generating set. Memory stays at a few arrays of
    ``n * n`` entries.

    Args:
        table: A full table: a ``Table``, a ``Group``, or products, shape ``(n, n)``, integers in
            ``0..n-1``.

    Returns:
        A property whose counterexample is a triple ``(a, b, c)`` with ``(ab)c != a(bc)``.

    Example:
        >>> subtraction = [[0, 2, 1], [1, 0, 2], [2, 1, 0]]
        >>> is_associative(subtraction).counterexample
        (0, 0, 1)

    References:
        A. H. Clifford, G. B. Preston, *The Algebraic Theory of Semigroups* I, 1961, section 1.2
        (the test is credited there to F. W. Light, 1949).
    """
    products = full_square(table)
    # the entries are below n, so the narrowest type that holds n moves the least memory
    small = products.astype(np.min_scalar_type(len(products)))
    for g in generating_set(products).tolist():
        left = small.take(products[:, g], axis=0)  # left[a, b] = (a g) b
        right = small.take(products[g], axis=1)  # right[a, b] = a (g b)
        place = first_difference(left, right)
        if place is not None:
            a, b = place
            return Property(name="associative", holds=False, counterexample=(a, g, b))
    return Property(name="associative", holds=True)

"""Simple groups of order below 10000, which their order determines."""

from cayley.algebra.groups._group import Group
from cayley.algebra.groups._normal_subgroups import NormalClosures

__all__ = ["simple_name"]

_NAMES = {
    60: "A5",
    168: "PSL(2,7)",
    360: "A6",
    504: "PSL(2,8)",
    660: "PSL(2,11)",
    1092: "PSL(2,13)",
    2448: "PSL(2,17)",
    2520: "A7",
    3420: "PSL(2,19)",
    4080: "PSL(2,16)",
    5616: "PSL(3,3)",
    6048: "PSU(3,3)",
    6072: "PSL(2,23)",
    7800: "PSL(2,25)",
    7920: "M11",
    9828: "PSL(2,27)",
}
"""All simple groups of composite order below 10000, by order."""


def simple_name(group: Group) -> str | None:
    """Return the name of a simple group of composite order below 10000, else ``None``.

    A group is simple if every element but the identity has the whole group as its normal closure,
    which is checked. Simple groups of one order are then isomorphic: the first two that are not
    have order 20160.

    References:
        M. Hall, "Simple groups of order less than one million", J. Algebra 20 (1972), table I.
    """
    name = _NAMES.get(group.order)
    if name is None:
        return None
    # Only for orders in the list: the closures of all classes take O(k n) products.
    normal = NormalClosures.of(group)
    orders = [normal.order(closure) for closure in normal.closures]
    return name if orders == [1, group.order] else None

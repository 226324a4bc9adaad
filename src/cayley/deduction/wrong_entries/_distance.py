"""How far apart the tables of groups are, and how many wrong entries that leaves no doubt about."""

__all__ = ["DISTANCE_THEOREM", "is_determined", "least_distance"]

DISTANCE_THEOREM = (
    "two different tables of group isotopes of order n differ in 2n cells or more, "
    "but for n = 4 and n = 6 (Drapal; Donovan, Oates-Williams and Praeger 1997)"
)
"""What `least_distance` rests on, for a verdict to name."""

_EXCEPTIONS = {4: 4, 6: 8}
"""Orders at which two tables can be nearer than 2n, with their least distance. The second was
found by comparing all tables of isotopes of C6 and S3 with one of each: 8 between isotopes of C6,
12 otherwise."""


def least_distance(order: int) -> int | None:
    """Return in how many cells two different tables of group isotopes differ at least.

    None for order 1, where there is one table.

    Example:
        >>> [least_distance(n) for n in (1, 2, 4, 6, 7)]
        [None, 4, 4, 8, 14]

    References:
        Drapal (1992), "How far apart can the group multiplication tables be?".
        Donovan, Oates-Williams, Praeger (1997), "On the distance between distinct group Latin
        squares".
    """
    return None if order == 1 else _EXCEPTIONS.get(order, 2 * order)


def is_determined(order: int, *, num_wrong: int) -> bool:
    r"""Return whether so few wrong cells in a full table leave one table of a group isotope.

    If a table agrees with a full square but for :math:`k` cells, another one disagrees with it in
    at least :math:`d - k`, where :math:`d` is the least distance. So for :math:`2k < d`, up to
    :math:`n - 1` cells but for orders 4 and 6, it is the only one that accuses k cells or fewer;
    and since d is even, no other accuses just one more.

    Args:
        order: The order of the table.
        num_wrong: How many cells of the full table disagree.

    Example:
        >>> is_determined(14, num_wrong=13), is_determined(14, num_wrong=14)
        (True, False)
    """
    distance = least_distance(order)
    return distance is None or 2 * num_wrong < distance

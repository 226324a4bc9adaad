"""Conjugacy classes, power maps, center and derived subgroup of a group."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.axioms._generators import extend
from cayley.algebra.groups._element_orders import orders_modulo, powers, prime_factors
from cayley.algebra.groups._group import Group, as_group
from cayley.tables._full_square import TableLike

__all__ = [
    "ConjugacyClasses",
    "abelian_invariants",
    "center",
    "conjugacy_classes",
    "derived_subgroup",
    "element_power",
    "power_map",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConjugacyClasses:
    """The partition of a group into conjugacy classes.

    Classes are numbered by rising element order, then size, then smallest element, so that class 0
    is the identity's.

    Attributes:
        labels: The class of each element, shape ``(n,)``, int64.
        representatives: The smallest element of each class, shape ``(k,)``, int64.
        sizes: The number of elements of each class, shape ``(k,)``, int64.
        orders: The order of the elements of each class, shape ``(k,)``, int64.
    """

    labels: Int[NDArray[Any], " n"]
    representatives: Int[NDArray[Any], " k"]
    sizes: Int[NDArray[Any], " k"]
    orders: Int[NDArray[Any], " k"]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            getattr(self, name).flags.writeable = False

    def __len__(self) -> int:
        return len(self.sizes)

    @property
    def names(self) -> tuple[str, ...]:
        """The usual names: order of the elements and a letter, ``1a``, ``2a``, ``2b``, ...

        Example:
            >>> conjugacy_classes(Group.from_permutations([[1, 2, 0], [1, 0, 2]])).names
            ('1a', '2a', '3a')
        """
        seen: Counter[int] = Counter()
        names = []
        for order in self.orders.tolist():
            names.append(f"{order}{_letters(seen[order])}")
            seen[order] += 1
        return tuple(names)

    def members(self, index: int) -> Int[NDArray[Any], " m"]:
        """Return the elements of one class in ascending order."""
        return np.flatnonzero(self.labels == index)


def _letters(index: int) -> str:
    """Return the name with this number in the sequence a, b, ..., z, aa, ab, ..."""
    text = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        text = chr(ord("a") + letter) + text
    return text


def conjugacy_classes(group: TableLike) -> ConjugacyClasses:
    r"""Return the classes of :math:`x \sim g^{-1} x g`.

    It is enough to conjugate by generators: the classes are the connected components of their maps.

    Args:
        group: A group of order ``n``, or its table in any form that :meth:`Group.from_table` takes.

    Example:
        >>> classes = conjugacy_classes(Group.from_permutations([[1, 2, 0], [1, 0, 2]]))
        >>> classes.sizes.tolist(), classes.orders.tolist()
        ([1, 3, 2], [1, 2, 3])
    """
    group = as_group(group)
    return group.once("classes", lambda: _conjugacy_classes(group))


def _conjugacy_classes(group: Group) -> ConjugacyClasses:
    table, inverses = group.table, group.inverses
    # The map x -> g^-1 x g for each generator, all x at once.
    moves = [table[table[inverses[g]], g] for g in group.generators]
    lowest = np.arange(group.order)
    while True:
        before = lowest
        for move in moves:
            lowest = np.minimum(lowest, lowest[move])
        lowest = lowest[lowest]  # a shortcut: the label is itself a member of the class
        if np.array_equal(lowest, before):
            break
    first, labels, sizes = np.unique(lowest, return_inverse=True, return_counts=True)
    # Each class is labeled by its smallest element; the final numbers sort by order, size and that
    # element, so that they do not depend on which generators were used.
    orders = group.element_orders[first]
    by_order = np.lexsort((first, sizes, orders))
    return ConjugacyClasses(
        labels=np.argsort(by_order)[labels],
        representatives=first[by_order],
        sizes=sizes[by_order],
        orders=orders[by_order],
    )


def element_power(group: Group, exponent: int) -> Int[NDArray[Any], " n"]:
    """Return the power of every element, shape ``(n,)``; negative exponents invert.

    Example:
        >>> element_power(Group.from_permutations([[1, 2, 0]]), 2).tolist()
        [0, 2, 1]
    """
    elements = np.arange(group.order) if exponent >= 0 else group.inverses
    return powers(group.table, group.identity, elements, abs(exponent))


def power_map(
    group: Group, exponent: int, *, classes: ConjugacyClasses | None = None
) -> Int[NDArray[Any], " k"]:
    """Return the class of the powers of each class, shape ``(k,)``.

    Args:
        group: A group.
        exponent: Any integer; -1 gives the classes of inverses.
        classes: Its conjugacy classes, if at hand.

    Example:
        >>> power_map(Group.from_permutations([[1, 2, 0]]), 2).tolist()
        [0, 2, 1]
    """
    known = conjugacy_classes(group) if classes is None else classes
    images = element_power(group, exponent)[known.representatives]
    result: Int[NDArray[Any], " k"] = known.labels[images]
    return result


def center(group: TableLike) -> Int[NDArray[Any], " k"]:
    """Return the elements that commute with every element.

    Args:
        group: A group of order ``n``, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        The elements in ascending order, int64.

    Example:
        >>> center(Group.from_permutations([[1, 2, 3, 0], [0, 3, 2, 1]])).tolist()
        [0, 5]
    """
    group = as_group(group)
    generators = list(group.generators)
    # What commutes with the generators commutes with all.
    commutes = group.table[:, generators] == group.table[generators].T
    return np.flatnonzero(commutes.all(axis=1))


def derived_subgroup(group: TableLike) -> Int[NDArray[Any], " k"]:
    r"""Return the elements of the subgroup that all commutators generate.

    It is the normal closure of the commutators of generators, and so is generated by their
    conjugacy classes.

    Args:
        group: A group of order ``n``, or its table in any form that :meth:`Group.from_table` takes.

    Returns:
        The elements in ascending order, int64.

    Example:
        >>> s4 = Group.from_permutations([[1, 2, 3, 0], [1, 0, 2, 3]])
        >>> len(derived_subgroup(s4))
        12
    """
    group = as_group(group)
    return group.once("derived", lambda: _derived_subgroup(group))


def _derived_subgroup(group: Group) -> Int[NDArray[Any], " k"]:
    table, inverses = group.table, group.inverses
    g = np.array(group.generators, np.int64)
    swapped = table[np.ix_(inverses[g], inverses[g])]
    commutators = table[swapped, table[np.ix_(g, g)]].ravel()  # a^-1 b^-1 a b
    labels = conjugacy_classes(group).labels
    member = np.zeros(group.order, bool)
    # The identity first: where all commutators are trivial, as in an abelian group, nothing else is
    # added.
    extend(table, member, np.array([group.identity]))
    # Whole classes make the generated subgroup normal, which the commutators of generators alone
    # would not.
    conjugates = np.isin(labels, labels[commutators])
    extend(table, member, np.flatnonzero(conjugates & ~member))
    return np.flatnonzero(member)


def abelian_invariants(group: TableLike) -> tuple[int, ...]:
    r"""Return the prime powers whose cyclic groups make up :math:`G / G'`, ascending by prime.

    An abelian group is determined by them. As GAP's ``AbelianInvariants``.

    In an abelian :math:`p`-group :math:`\prod C_{p^{e_i}}` the number of elements of order
    dividing :math:`p^k` is :math:`p^{\sum_i \min(k, e_i)}`, which gives the exponents.

    Args:
        group: A group of order ``n``, or its table in any form that :meth:`Group.from_table` takes.

    Example:
        >>> abelian_invariants(Group.from_permutations([[1, 2, 3, 0, 5, 6, 4]]))
        (4, 3)
    """
    group = as_group(group)
    derived = np.zeros(group.order, bool)
    derived[derived_subgroup(group)] = True
    orders = orders_modulo(group.table, group.identity, derived)
    invariants: list[int] = []
    for p, most in prime_factors(group.order).items():
        # sums[k] = sum_i min(k, e_i), from k = 0; its slope at k is the number of e_i >= k
        counts = [int((p**k % orders == 0).sum()) // int(derived.sum()) for k in range(most + 1)]
        sums = [_logarithm(count, p) for count in counts]
        slopes = [after - before for before, after in pairwise(sums)] + [0]
        exponents = range(1, most + 1)
        invariants += [p**k for k in exponents for _ in range(slopes[k - 1] - slopes[k])]
    return tuple(invariants)


def _logarithm(power: int, base: int) -> int:
    exponent = 0
    while power > 1:
        power, exponent = power // base, exponent + 1
    return exponent

"""``direct_factors``: normal subgroups of which a group is the direct product."""

import numpy as np

from cayley.algebra.groups._conjugacy_classes import conjugacy_classes
from cayley.algebra.groups._element_orders import prime_factors
from cayley.algebra.groups._group import Group, restricted_to
from cayley.algebra.groups._normal_subgroups import ClassSet, NormalClosures

__all__ = ["direct_factors"]

# The search may multiply every pair of normal closures, each product over an array of up to k x n
# for k classes. A larger limit names more of the large products, and lets `identify` take longer on
# groups that do not split at all.
MAX_CLASSES = 400
"""Beyond so many conjugacy classes no splitting is looked for, except into coprime orders."""


def direct_factors(group: Group) -> list[Group]:
    r"""Return groups whose direct product is the given one; just itself if none were found.

    Each splitting is a proof: :math:`H` and :math:`K` are normal, :math:`H \cap K = 1` and
    :math:`|H| |K| = |G|`, hence :math:`G = H \times K`. The search is not complete: from the normal
    closure :math:`N` of one element, it grows :math:`K` greedily as far as it avoids :math:`N`,
    then :math:`H` from :math:`N` as far as it avoids :math:`K`. Where it is, the factors do not
    depend on the choices made (Krull, Remak, Schmidt), up to isomorphism. Factors of coprime orders
    are split off first, whatever the number of classes.
    """
    # The coprime splitting first: it needs element orders only, whatever the number of classes.
    pair = _coprime_split(group)
    if pair is None and len(conjugacy_classes(group)) <= MAX_CLASSES:
        pair = _split(group)
    if pair is None:
        return [group]
    return [factor for part in pair for factor in direct_factors(part)]


def _coprime_split(group: Group) -> tuple[Group, Group] | None:
    """Return a normal Sylow subgroup and its normal complement, or ``None`` if no prime has both.

    Both are normal then, being all elements of certain orders.
    """
    for p, k in prime_factors(group.order).items():
        q = p**k
        sylow = np.flatnonzero(q % group.element_orders == 0)
        others = np.flatnonzero(group.element_orders % p != 0)
        # The counts are necessary and quick to check. That both sets are closed under products is
        # checked next.
        if len(sylow) != q or len(others) * q != group.order or len(others) == 1:
            continue
        closed = [np.isin(group.table[np.ix_(part, part)], part).all() for part in (sylow, others)]
        if all(closed):
            return restricted_to(group, sylow), restricted_to(group, others)
    return None


def _split(group: Group) -> tuple[Group, Group] | None:
    normal = NormalClosures.of(group)
    trivial, *seeds = normal.closures
    for seed in seeds:
        # K first, as large as it can be while it avoids the seed N; then H, grown from N while it
        # avoids K, because N alone may be smaller than a complement of K.
        right = _grown(normal, trivial, avoided=seed)
        if right.sum() == 1:
            continue
        left = _grown(normal, seed, avoided=right)
        if normal.order(left) * normal.order(right) == group.order:
            first, second = normal.elements(left), normal.elements(right)
            return restricted_to(group, first), restricted_to(group, second)
    return None


def _grown(normal: NormalClosures, start: ClassSet, *, avoided: ClassSet) -> ClassSet:
    """Return ``start`` joined with normal closures, as long as it meets ``avoided`` trivially."""
    grown = start
    # Large closures first: a small one joined early could block a larger one that is needed.
    for candidate in reversed(normal.closures):
        if (candidate & avoided).sum() > 1 or not (candidate & ~grown).any():
            continue
        joined = normal.product(grown, candidate)
        if (joined & avoided).sum() == 1:
            grown = joined
    return grown

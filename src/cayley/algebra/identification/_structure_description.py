"""Structure descriptions, written as GAP writes them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from math import prod

from cayley.algebra.groups._element_orders import prime_factors

__all__ = ["abelian_name", "product_name"]


def abelian_name(invariants: Iterable[int]) -> str:
    """Return the name of an abelian group as a product of as few cyclic groups as possible.

    Args:
        invariants: The prime powers that determine it.

    Example:
        >>> abelian_name((2, 4, 3, 3)), abelian_name(())
        ('C12 x C6', '1')
    """
    by_prime: defaultdict[int, list[int]] = defaultdict(list)
    # The largest powers of all primes are multiplied first, which gives the fewest cyclic factors
    # (Chinese remainder theorem).
    for power in sorted(invariants, reverse=True):
        by_prime[next(iter(prime_factors(power)))].append(power)
    orders = [prod(parts) for parts in zip_longest(*by_prime.values(), fillvalue=1)]
    return " x ".join(f"C{order}" for order in orders) or "1"


def product_name(abelian: Iterable[int], others: Sequence[str]) -> str:
    """Return the name of a direct product: the abelian part first, extensions in brackets.

    Args:
        abelian: The prime powers of the abelian factors.
        others: The names of the factors that are not abelian, in the order to write them.

    Example:
        >>> product_name((2, 3), ("S4", "C3 : C4"))
        'C6 x S4 x (C3 : C4)'
    """
    first = abelian_name(abelian)
    names = [f"({name})" if " : " in name or " . " in name else name for name in others]
    return " x ".join(names if first == "1" else [first, *names])

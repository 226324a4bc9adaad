r"""A proof that a presented group is infinite: a homomorphism onto integers that is not trivial."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.homotopes._elimination import GrowingSystem
from cayley.deduction.todd_coxeter._relations import UniversalPresentation

__all__ = ["integer_images"]

# Homomorphisms to the integers are found modulo this prime and then verified in the integers. It
# is small enough for sums of products in int64, and fractions up to sqrt(p / 2) = 707 are read off.
_PRIME = 1_000_003

# Elimination takes a few seconds for a dense matrix of this size.
_MOST_ENTRIES = 5_000_000


def integer_images(presentation: UniversalPresentation) -> Int[NDArray[Any], " g"] | None:
    r"""Return the images of the generators under a homomorphism to the integers that is not zero.

    If there is one the group is infinite. None proves nothing: the group may be finite, or
    infinite without such a homomorphism, or the presentation too large.

    Example:
        >>> from cayley.algebra import Structure
        >>> from cayley.deduction.todd_coxeter._relations import present
        >>> cells = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 2]])
        >>> block = present(cells, 3, assume=Structure.GROUP, gauge=(0, 0))
        >>> integer_images(block).tolist()
        [0, 0, 1, 2]
    """
    size, relations = presentation.num_generators, presentation.relations
    if size * max(len(relations), 1) > _MOST_ENTRIES:
        return None
    equations = np.zeros((len(relations), size), np.int64)
    places = np.arange(len(relations))
    for column, sign in zip(relations.T, (1, 1, -1), strict=True):
        np.add.at(equations, (places, column), sign)
    system = GrowingSystem(np.zeros(len(relations), np.int64), _PRIME)
    for generator in range(1, size):  # generator 0 is the identity: its image is 0
        system.add(equations[:, generator] % _PRIME)
    for candidate in system.kernel.T.tolist():
        images = np.array([0, *_cleared(candidate)], np.int64)
        # What was found modulo a prime counts only if it holds in the integers.
        if images.any() and not (equations @ images).any():
            primitive: NDArray[Any] = images // np.gcd.reduce(images)
            return primitive
    return None


def _cleared(residues: list[int]) -> list[int]:
    """Read residues as fractions and multiply them by their common denominator."""
    fractions = [_fraction(each) for each in residues]
    common = math.lcm(*(denominator for _, denominator in fractions))
    # Larger numbers could not be verified in int64; the candidate is given up.
    if common > _PRIME:
        return [0] * len(residues)
    return [numerator * (common // denominator) for numerator, denominator in fractions]


def _fraction(residue: int) -> tuple[int, int]:
    """Return the numerator and denominator below sqrt(p / 2) that give the residue (Wang)."""
    bound = math.isqrt(_PRIME // 2)
    (r, s), (t, u) = (_PRIME, 0), (residue, 1)
    while t > bound:
        quotient = r // t
        (r, s), (t, u) = (t, u), (r - quotient * t, s - quotient * u)
    return (t, u) if u > 0 else (-t, -u)

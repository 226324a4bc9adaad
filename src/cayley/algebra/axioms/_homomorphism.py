"""Homomorphisms and isomorphisms: whether a given map between two tables is one."""

import numpy as np
from numpy.typing import ArrayLike

from cayley.algebra.axioms._property import Property, first_difference
from cayley.tables._full_square import TableLike, full_square

__all__ = ["is_homomorphism", "is_isomorphism"]


def is_homomorphism(source: TableLike, target: TableLike, mapping: ArrayLike) -> Property:
    r"""Decide whether :math:`\varphi(ab) = \varphi(a) \varphi(b)` for all :math:`a, b`.

    Args:
        source: A full table of order ``n``, in any form that :func:`is_associative` takes.
        target: A full table of order ``m``, likewise.
        mapping: :math:`\varphi`, shape ``(n,)``, integers in ``0..m-1``.

    Returns:
        A property whose counterexample is ``(a, b)`` where the two sides differ.

    Raises:
        ValueError: If ``mapping`` does not map the source into the target.

    Example:
        >>> c4 = [[(a + b) % 4 for b in range(4)] for a in range(4)]
        >>> bool(is_homomorphism(c4, [[0, 1], [1, 0]], [0, 1, 0, 1]))
        True
    """
    left, right = full_square(source, name="source"), full_square(target, name="target")
    image = np.asarray(mapping)
    if image.dtype.kind not in "iu" or image.shape != (len(left),):
        raise ValueError(
            f"`mapping` must hold {len(left)} integers; got {image.dtype}, shape {image.shape}."
        )
    if image.min() < 0 or image.max() >= len(right):
        raise ValueError(f"`mapping` must have entries in 0..{len(right) - 1}.")
    place = first_difference(image[left], right[np.ix_(image, image)])
    return Property(name="homomorphism", holds=place is None, counterexample=place)


def is_isomorphism(source: TableLike, target: TableLike, mapping: ArrayLike) -> Property:
    r"""Decide whether a map is a homomorphism and a bijection.

    Args:
        source: A full table of order ``n``, in any form that :func:`is_associative` takes.
        target: A full table of order ``m``, likewise.
        mapping: :math:`\varphi`, shape ``(n,)``, integers in ``0..m-1``.

    Returns:
        A property whose counterexample is ``(a, b)``: either :math:`\varphi(ab)` differs from
        :math:`\varphi(a) \varphi(b)`, or ``a != b`` have the same image. It is ``None`` for an
        injective homomorphism that misses an element of the target.

    Raises:
        ValueError: If ``mapping`` does not map the source into the target.

    Example:
        >>> c3 = [[(a + b) % 3 for b in range(3)] for a in range(3)]
        >>> bool(is_isomorphism(c3, c3, [0, 2, 1]))
        True
    """
    # This also checks the arguments, so the lines below may trust them.
    homomorphism = is_homomorphism(source, target, mapping)
    if not homomorphism:
        return Property(name="isomorphism", holds=False, counterexample=homomorphism.counterexample)
    image = np.asarray(mapping).tolist()
    for b, value in enumerate(image):
        if value in image[:b]:
            pair = (image.index(value), b)
            return Property(name="isomorphism", holds=False, counterexample=pair)
    return Property(name="isomorphism", holds=len(image) == len(full_square(target)))

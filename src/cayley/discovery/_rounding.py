"""Rounding of fitted matrices to a finite group and its nearest representation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Group
from cayley.discovery._least_squares import close_matrices
from cayley.representations import GroupAction, Representation, nearest_representation
from cayley.representations._defects import Defects

__all__ = ["Rounded", "round_to_group"]

# Distances up to which products count as one element, tried in this order: too small a value gives
# no finite group where there is noise, too large a value merges elements.
_TOLERANCES = (1e-6, 1e-4, 0.003, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3)
_ORTHOGONAL = 8.0
"""The invariant form counts as the identity up to so many times the error of a matrix: noise alone
must not change the coordinates."""

_NO_HOMOMORPHISM = 0.4
"""Products that are farther off than this may have little to do with what they are rounded to."""

_MOVED = 4.0
"""Rounding may move a fitted matrix by so many times its error; by more, it has become another."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rounded:
    """A representation near fitted matrices.

    Attributes:
        group: The group, its table closed and checked in whole numbers.
        elements: The element of each fitted matrix.
        representation: In the coordinates of the data; orthogonal unless the fitted matrices leave
            another form invariant.
        before: Defects of the products of fitted matrices, in a basis where they are nearly
            unitary.
        after: Defects after rounding, in that basis.
        distance: How far rounding moved a matrix at most, in that basis.
    """

    group: Group
    elements: Int[NDArray[Any], " a"]
    representation: Representation
    before: Defects
    after: Defects
    distance: float


def round_to_group(
    matrices: Float[NDArray[Any], "a d d"], *, tolerance: float | None, most: int, error: float
) -> Rounded | None:
    """Close matrices to a finite group and round; None if they close at no tolerance.

    What closes must be a group: multiplication from the right by the given matrices has to permute
    the elements simply transitively, which is checked exactly. Of the groups found at different
    tolerances the smallest is taken whose representation is near enough to the fitted matrices.

    Args:
        matrices: One for each transformation.
        tolerance: Up to which products are one element; several are tried if not given.
        most: The most elements to look for.
        error: How far noise may have moved a fitted matrix.
    """
    best: Rounded | None = None
    for radius in _TOLERANCES if tolerance is None else (tolerance,):
        closed = close_matrices(matrices, tolerance=radius, most=most)
        group = None if closed is None else _group(closed[1])
        if closed is None or group is None:
            continue
        action, elements = group
        # Of several groups the smallest: a larger one has the noise as elements.
        if best is not None and action.group.order >= best.group.order:
            continue
        found = _rounded(closed[0][action.images[:, 0]], action.group, elements, error)
        moved = found.representation.matrices.numpy()[elements] - matrices
        farthest = np.linalg.norm(moved, axis=(1, 2)).max() / np.sqrt(matrices.shape[1])
        if found.before.homomorphism > _NO_HOMOMORPHISM:
            continue
        if tolerance is not None or farthest <= _MOVED * error + 1e-6:
            best = found
    return best


def _group(
    moves: Int[NDArray[Any], "a n"],
) -> tuple[GroupAction, Int[NDArray[Any], " a"]] | None:
    n = moves.shape[1]
    if (np.sort(moves, axis=1) != np.arange(n)).any():
        return None
    try:
        action = GroupAction.from_permutations(moves.tolist(), max_order=n)
    except ValueError:  # more than n elements: not simply transitive
        return None
    if not action.is_regular:
        return None
    elements = [int((action.images == row).all(axis=1).argmax()) for row in moves]
    return action, np.array(elements)


def _rounded(
    products: Float[NDArray[Any], "n d d"],
    group: Group,
    elements: Int[NDArray[Any], " a"],
    error: float,
) -> Rounded:
    d = products.shape[1]
    form = np.einsum("gij,gkj->ik", products, products) / group.order  # M form M' = form
    spread = float(np.linalg.norm(form - np.eye(d)) / np.sqrt(d))
    root, inverse = np.eye(d), np.eye(d)
    if spread > max(1e-9, _ORTHOGONAL * error):
        values, axes = np.linalg.eigh(form)
        root, inverse = (axes * np.sqrt(values)) @ axes.T, (axes / np.sqrt(values)) @ axes.T
    nearly = torch.from_numpy(inverse @ products @ root)
    found = nearest_representation(nearly, group)
    back = root @ found.representation.matrices.numpy() @ inverse
    return Rounded(
        group=group,
        elements=elements,
        representation=Representation(group=group, matrices=torch.from_numpy(back)),
        before=found.before,
        after=found.after,
        distance=found.distance,
    )

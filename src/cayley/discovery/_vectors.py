"""The linear representation behind a permutation of vectors."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.representations import GroupAction, Representation

__all__ = ["representation_on_vectors"]


def representation_on_vectors(
    action: GroupAction, vectors: Float[NDArray[Any], "k d"]
) -> Representation | None:
    r"""Return the linear representation that moves labeled vectors as the points move.

    :math:`v_x\,\rho(g) = v_{x \cdot g}` for all points, by least squares; None if the vectors do
    not span the space.

    Example:
        >>> square = GroupAction.from_permutations([[1, 2, 3, 0]])
        >>> corners = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
        >>> representation_on_vectors(square, corners).matrices[1].round().tolist()
        [[0.0, 1.0], [-1.0, 0.0]]
    """
    if np.linalg.matrix_rank(vectors) < vectors.shape[1]:
        return None
    inverse = np.linalg.pinv(vectors)
    matrices = np.stack([inverse @ vectors[images] for images in action.images])
    return Representation(group=action.group, matrices=torch.from_numpy(matrices))

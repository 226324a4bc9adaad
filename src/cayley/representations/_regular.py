"""The left regular representation, by permutation matrices."""

import torch

from cayley.algebra.groups._group import as_group
from cayley.representations._representation import Representation
from cayley.tables._as_table import TableLike

__all__ = ["regular_representation"]


def regular_representation(
    group: TableLike,
    *,
    dtype: torch.dtype = torch.float64,
    device: torch.device | str | None = None,
) -> Representation:
    r"""Return the left regular representation, by permutation matrices.

    .. math:: \rho(g)\, \delta_x = \delta_{gx}, \qquad \chi(g) = n\, [g = e]

    It holds every irreducible representation as often as its degree. Takes ``n ** 3`` numbers.

    Args:
        group: A group of order ``n``, or its table in any form.
        dtype: A real or complex type.
        device: Where the matrices live.

    Example:
        >>> regular_representation([[0, 1], [1, 0]]).matrices[1].tolist()
        [[0.0, 1.0], [1.0, 0.0]]
    """
    group = as_group(group)
    n = group.order
    images = torch.tensor(group.table, device=device)
    matrices = torch.zeros((n, n, n), dtype=dtype, device=device)
    # entry (gx, x) of rho(g) is one
    matrices.scatter_(1, images[:, None, :], torch.ones_like(matrices[:, :1]))
    return Representation(group=group, matrices=matrices)

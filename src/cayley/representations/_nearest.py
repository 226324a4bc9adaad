r"""The nearest representation to matrices that nearly multiply as a group does, by averaging.

A family of unitary matrices with :math:`M_g M_h \approx M_{gh}` is close to a true representation
(Grove, Karcher and Ruh). The sweep

.. math:: M_g \leftarrow \operatorname{polar} \Bigl( \tfrac1n \sum_h M_{gh} M_h^* \Bigr)

finds it: near a representation each sweep squares the defect. A representation is a fixed point.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from cayley._shapes import Inexact, Int
from cayley.algebra.groups._group import as_group
from cayley.representations._defects import (
    WORKSPACE_BYTES,
    Defects,
    check_shape,
    matrix_norm,
    rounding_level,
)
from cayley.representations._representation import Representation
from cayley.tables._as_table import TableLike

__all__ = ["NearestRepresentation", "nearest_representation", "polar_factor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestRepresentation:
    r"""The result of averaging a family of matrices.

    Attributes:
        representation: The matrices after the last sweep. Only if ``converged`` are they a
            representation; ``after`` says how far they are from one.
        before: The defects of what was given.
        after: The defects of what is returned, measured over all pairs.
        distance: The largest :math:`\lVert M_g - \rho(g) \rVert_F / \sqrt d`.
        sweeps: How many sweeps were done.
        converged: Whether both defects afterwards are at the level of rounding.
    """

    representation: Representation
    before: Defects
    after: Defects
    distance: float
    sweeps: int
    converged: bool


@torch.no_grad()
def nearest_representation(
    matrices: Inexact[Tensor, "n d d"],
    group: TableLike,
    *,
    sweeps: int = 20,
    workspace_bytes: int = WORKSPACE_BYTES,
) -> NearestRepresentation:
    r"""Round a family of matrices to a unitary representation.

    Takes :math:`O(n^2 d^3)` time a sweep, in the precision of the matrices. What is far from
    every representation may converge to one that has little to do with it: look at ``distance``.

    Args:
        matrices: One matrix per element, shape ``(n, d, d)``, real or complex, of any scale.
        group: The group, of order ``n``, or its table in any form.
        sweeps: The most sweeps to do; it stops as soon as a sweep changes nothing.
        workspace_bytes: Bound on temporaries; one element is always done at a time.

    Raises:
        TypeError: If the matrices are not of a real or complex type.
        ValueError: If it is no group, there is not one square matrix per element, an entry is not
            finite, or ``sweeps`` is negative.

    Example:
        >>> c2 = [[0, 1], [1, 0]]
        >>> found = nearest_representation(torch.tensor([[[1.1]], [[-0.9]]]).double(), c2)
        >>> found.representation.matrices.flatten().tolist(), found.converged
        ([1.0, -1.0], True)

    References:
        K. Grove, H. Karcher, E. A. Ruh, "Group actions and curvature", Invent. math. 23 (1974).
    """
    group = as_group(group)
    check_shape(matrices, group)
    if sweeps < 0:
        raise ValueError(f"`sweeps` must be >= 0; got {sweeps}.")
    before = Defects.of(matrices, group)
    level = rounding_level(matrices)
    current, done = matrices, 0
    if max(before.unitarity, before.homomorphism) > level:
        current = polar_factor(matrices)
        products = torch.tensor(group.table, device=matrices.device)
        inverses = torch.tensor(group.inverses, device=matrices.device)
        for done in range(1, sweeps + 1):  # noqa: B007  (read after the loop)
            averaged = _sweep(current, products, inverses, workspace_bytes)
            change = float(matrix_norm(averaged - current).max())
            current = averaged
            # Stop when nothing changes: the defect would cost as much as a sweep to measure.
            if change <= level:
                break
    after = before if current is matrices else Defects.of(current, group)
    return NearestRepresentation(
        representation=Representation(group=group, matrices=current),
        before=before,
        after=after,
        distance=float(matrix_norm(current - matrices).max()),
        sweeps=done,
        converged=max(after.unitarity, after.homomorphism) <= level,
    )


def polar_factor(matrices: Inexact[Tensor, "*batch d d"]) -> Inexact[Tensor, "*batch d d"]:
    r"""Return the nearest unitary matrices, :math:`U V^*` of :math:`U \Sigma V^*`.

    Example:
        >>> polar_factor(torch.diag(torch.tensor([3.0, -0.1]))).round(decimals=6).tolist()
        [[1.0, 0.0], [0.0, -1.0]]
    """
    left, _, right = torch.linalg.svd(matrices)
    unitary: Tensor = left @ right
    return unitary


def _sweep(
    matrices: Inexact[Tensor, "n d d"],
    products: Int[Tensor, "n n"],
    inverses: Int[Tensor, " n"],
    workspace_bytes: int,
) -> Inexact[Tensor, "n d d"]:
    """Return the averages; of two inverse elements one is computed, the other is its adjoint."""
    n, d, _ = matrices.shape
    elements = torch.arange(n, device=matrices.device)
    chosen = elements[elements <= inverses]
    # stacked[(h, j), k] = conj M_h[k, j]: the sum over h is one product of matrices
    stacked = matrices.mH.reshape(n * d, d)
    rows = matrices.transpose(0, 1)  # rows[i, h, j] = M_h[i, j]
    block = max(1, workspace_bytes // (2 * matrices.numel() * matrices.element_size()))
    averaged = torch.empty_like(matrices)
    for g in torch.split(chosen, block):
        moved = rows[:, products[g]].transpose(0, 1).reshape(len(g) * d, n * d)
        averaged[g] = polar_factor((moved @ stacked).reshape(len(g), d, d) / n)
    averaged[inverses[chosen]] = averaged[chosen].mH
    involutions = elements[elements == inverses]
    # An involution is its own adjoint up to rounding; symmetrized, it is so exactly.
    own = averaged[involutions]
    averaged[involutions] = polar_factor((own + own.mH) / 2)
    return averaged

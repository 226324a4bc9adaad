"""From factors to a table: the largest product of every cell, and by how much it is largest."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Inexact, Int
from numpy.typing import NDArray
from torch import Tensor

from cayley.hypercube._workspace import WORKSPACE_BYTES

__all__ = ["Decoded", "decode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The table that factors stand for.

    Attributes:
        table: Best symbol of every cell, shape ``(rows, columns)``, int64.
        margin: Best product minus the second best, shape ``(rows, columns)``, float64.
    """

    table: Int[NDArray[Any], "a b"]
    margin: Float[NDArray[Any], "a b"]


@torch.no_grad()
def decode(
    A: Inexact[Tensor, "a d d"],
    B: Inexact[Tensor, "b d d"],
    C: Inexact[Tensor, "c d d"],
    *,
    workspace_bytes: int = WORKSPACE_BYTES,
) -> Decoded:
    """Return the operation that the factors stand for, with margins.

    Args:
        A: Factor of the left operands, one restart.
        B: Factor of the right operands.
        C: Factor of the results.
        workspace_bytes: Bound on temporaries; at least one row is always done.

    Example:
        >>> X = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
        >>> decode(X, X, X.mT).table.tolist()
        [[0, 1], [1, 0]]
    """
    columns, d = len(B), A.shape[-1]
    rows = B.mT.reshape(columns * d, d)
    flat = C.flatten(-2)
    most = max(1, workspace_bytes // (rows.numel() * A.element_size()))
    tables, margins = [], []
    for chunk in torch.split(A, most):
        P = torch.matmul(rows, chunk.mT).view(len(chunk), columns, d * d)
        T = (P @ flat.mT).real / d
        best = T.topk(min(2, T.shape[-1]), dim=-1)
        tables.append(best.indices[..., 0])
        margins.append(best.values[..., 0] - best.values[..., -1])
    return Decoded(
        table=torch.cat(tables).cpu().numpy().astype(np.int64),
        margin=torch.cat(margins).cpu().numpy().astype(np.float64),
    )

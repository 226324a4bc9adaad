"""Decoding of factors to a table: the symbol of the largest product of every cell."""

import numpy as np
import torch
from torch import Tensor

from cayley._shapes import Inexact
from cayley.hypercube._result import DecodedTable
from cayley.hypercube._workspace import WORKSPACE_BYTES

__all__ = ["decode"]


@torch.no_grad()
def decode(
    A: Inexact[Tensor, "a d d"],
    B: Inexact[Tensor, "b d d"],
    C: Inexact[Tensor, "c d d"],
    *,
    workspace_bytes: int = WORKSPACE_BYTES,
) -> DecodedTable:
    """Return the table of the largest products, with margins.

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
    columns, symbols, d = len(B), len(C), A.shape[-1]
    # B transposed, so that one product with A_a^T gives (A_a B_b)^T for all b without a copy.
    rows = B.mT.reshape(columns * d, d)
    flat = C.flatten(-2)
    most = min(len(A), max(1, workspace_bytes // (rows.numel() * A.element_size())))
    # No memory is allocated between two products: small results that stay would fragment what the
    # large temporaries free, which then is not used again and adds up to many times the bound.
    P, T = A.new_empty(most, columns * d, d), A.new_empty(most, columns, symbols)
    values = A.real.new_empty(len(A), columns, min(2, symbols))
    indices = torch.empty(values.shape, dtype=torch.int64, device=A.device)
    for start in range(0, len(A), most):
        chunk, here = A[start : start + most], slice(start, start + most)
        k = len(chunk)
        torch.matmul(rows, chunk.mT, out=P[:k])
        torch.matmul(P[:k].view(k, columns, d * d), flat.mT, out=T[:k])
        torch.topk(T[:k].real, values.shape[-1], out=(values[here], indices[here]))
    return DecodedTable(
        table=indices[..., 0].contiguous().cpu().numpy(),
        margin=((values[..., 0] - values[..., -1]) / d).cpu().numpy().astype(np.float64),
    )

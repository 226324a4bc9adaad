"""Exact matrices: entries of irreducible representations, and what learned matrices round to."""

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.algebra import Isotopism
from cayley.interpretation.networks._recomputation import Recomputation
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis
from cayley.representations import irreducible_representations, representation_from_factors

__all__ = ["entries", "multiplicities"]


def entries(basis: AdaptedBasis, parts: Sequence[int], *, seed: int) -> Float[NDArray[Any], "n e"]:
    """Return all matrix entries of some irreducible representations, one row an element.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.interpretation.parts._real_irreducibles import adapted_basis
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> entries(adapted_basis(s3), [2], seed=0).shape
        (6, 4)
    """
    found = irreducible_representations(basis.group, seed=seed)
    columns = []
    for part in parts:
        # Of two conjugate ones the real and imaginary parts of the first are those of both.
        matrices = found[basis.irreducibles[part].rows[0]].matrices.flatten(1).numpy()
        columns.append(matrices.real)
        if np.iscomplexobj(matrices):
            columns.append(matrices.imag)
    return np.hstack(columns).astype(np.float64)


def multiplicities(form: Recomputation, isotopism: Isotopism) -> tuple[int, ...] | None:
    """Return how often each irreducible character occurs in matrices, None if they do not round."""
    assert form.left is not None and form.right is not None
    n, m = form.unembedding.shape
    d = isqrt(m)
    A, B, C = (
        torch.from_numpy(np.ascontiguousarray(each, np.float64)).reshape(n, d, d)
        for each in (form.left, form.right, form.unembedding)
    )
    found = representation_from_factors(A, B, C, isotopism)
    return found.multiplicities if found.converged else None

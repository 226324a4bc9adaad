r"""The irreducible representations, from one random symmetric element of the group algebra.

Multiplication from the right by :math:`f = \sum_g f_g\, g` commutes with the group acting from the
left. With real :math:`f_g = f_{g^{-1}}` it is a symmetric matrix, and each of its eigenspaces,
unless two eigenvalues happen to coincide, is an irreducible representation over the real numbers.
Its character :math:`\psi` tells its type by :math:`\langle \psi, \psi \rangle`:

- 1: irreducible over the complex numbers too, and real;
- 2: :math:`\psi = \chi + \bar\chi`, of complex type;
- 4: :math:`\psi = 2 \chi`, of quaternionic type.

In the last two, a random antisymmetric matrix averaged over the group is an intertwiner
:math:`J` with :math:`J^2 = -c`, and the eigenspaces of :math:`iJ` are complex irreducible.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import generator
from cayley._shapes import Complex, Float, Inexact
from cayley.algebra import CharacterTable, Group, character_table
from cayley.algebra.groups._group import as_group
from cayley.representations._defects import homomorphism_defect
from cayley.representations._nearest import nearest_representation
from cayley.representations._representation import Representation
from cayley.tables._as_table import TableLike

__all__ = ["irreducible_representations"]

_ATTEMPTS = 10
"""Most draws of a random element. One is enough unless two eigenvalues coincide, which has
probability zero; the bound makes an error elsewhere end in a message, not in an endless loop."""

_WORKSPACE_NUMBERS = 1 << 22
"""Bound on the numbers gathered at a time: 32 MB in float64."""

_ACCURATE = 3e-13
"""A homomorphism defect above this, which a small gap between eigenvalues causes, is reduced by
averaging. That takes time of order n^2 d^3, so it is not done to all."""


@torch.no_grad()
def irreducible_representations(
    group: TableLike, *, seed: int = 0, device: torch.device | str | None = None
) -> tuple[Representation, ...]:
    r"""Return one unitary matrix representation for each irreducible character.

    They come in the order of :func:`~cayley.algebra.character_table`, each with the character of
    its row. Those with Frobenius-Schur indicator 1 are real (float64), the others complex128.
    Different seeds give equivalent representations in different bases.

    Args:
        group: A group of order ``n``, or its table in any form; takes :math:`O(n^3)` time.
        seed: The seed of the random element.
        device: Where the matrices live.

    Raises:
        ValueError: If the group has more classes than :func:`~cayley.algebra.character_table`
            accepts.

    Example:
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> [rho.degree for rho in irreducible_representations(s3)]
        [1, 1, 2]

    References:
        J.-P. Serre, *Linear Representations of Finite Groups*, 1977, sections 2.4 and 13.2.
    """
    group = as_group(group)
    table = character_table(group)
    exact = table.to_complex()
    linear = np.flatnonzero(table.degrees == 1).tolist()
    known = {i: _linear(table, exact[i], table.indicators[i]) for i in linear}
    for attempt in range(_ATTEMPTS):
        if len(known) < len(table):
            known = _with_eigenspaces(known, table, exact, generator(seed, "irreducible", attempt))
    if len(known) < len(table):
        raise AssertionError("eigenvalues of random elements coincided again and again")
    return tuple(
        Representation(group=group, matrices=known[i].to(device)) for i in range(len(table))
    )


def _linear(
    table: CharacterTable, values: Complex[NDArray[Any], " k"], indicator: int
) -> Inexact[Tensor, "n 1 1"]:
    """Return a character of degree 1, which is its own representation."""
    matrices = torch.from_numpy(values[table.classes.labels]).reshape(-1, 1, 1)
    return matrices.real.clone() if indicator == 1 else matrices


def _with_eigenspaces(
    known: dict[int, Tensor],
    table: CharacterTable,
    exact: Complex[NDArray[Any], "k k"],
    random: np.random.Generator,
) -> dict[int, Tensor]:
    """Return the known matrices, by row of the table, with those that one random element adds."""
    known = dict(known)
    weighted = exact.conj() * table.classes.sizes / table.group.order
    for basis in _eigenspaces(table.group, random):
        if len(known) == len(table):
            break
        products = weighted @ _character(table, basis)
        inside = np.flatnonzero(products.real > 0.5).tolist()
        if not inside or not _is_irreducible(table, inside, products) or inside[0] in known:
            continue
        real = _restricted(table.group, basis, random)
        parts = [real] if table.indicators[inside[0]] == 1 else _split(real, random)
        for matrices in parts:
            traces = matrices.diagonal(dim1=1, dim2=2).sum(-1).numpy()
            place = int(np.abs(weighted @ traces[table.classes.representatives]).argmax())
            known.setdefault(place, _accurate(matrices, table.group))
    return known


def _is_irreducible(
    table: CharacterTable, inside: list[int], products: Complex[NDArray[Any], " k"]
) -> bool:
    r"""Return whether a character is a real irreducible one, from its irreducible constituents."""
    expected = {1: [1], 0: [1, 1], -1: [2]}[table.indicators[inside[0]]]
    return [round(float(products[i].real)) for i in inside] == expected


def _eigenspaces(group: Group, random: np.random.Generator) -> list[Float[Tensor, "n d"]]:
    """Return eigenspaces of dimension above 1, those with the clearest gaps first."""
    n = group.order
    drawn = random.standard_normal(n)
    f = torch.from_numpy(drawn + drawn[group.inverses])
    # entry (y, x) is the coefficient of y in x f, which is f at x^-1 y
    matrix = f[torch.tensor(group.table[group.inverses])].mT
    values, vectors = torch.linalg.eigh(matrix)
    # Clearest gaps first: the eigenvectors of a space are as accurate as its gaps are wide.
    gaps = values.diff()
    cuts = torch.nonzero(gaps > 1e-8 * values.abs().max()).flatten() + 1
    bounds = [0, *cuts.tolist(), n]
    around = torch.cat([torch.full((1,), torch.inf), gaps[cuts - 1], torch.full((1,), torch.inf)])
    clearance = torch.minimum(around[:-1], around[1:])
    spaces = [
        vectors[:, bounds[i] : bounds[i + 1]] for i in clearance.argsort(descending=True).tolist()
    ]
    return [space for space in spaces if space.shape[1] > 1]


def _character(table: CharacterTable, basis: Float[Tensor, "n d"]) -> Float[NDArray[Any], " k"]:
    """Return the trace of every class on a subspace that the group leaves in place."""
    moved = torch.tensor(table.group.table[table.classes.representatives])
    per_block = max(1, _WORKSPACE_NUMBERS // basis.numel())
    blocks = [torch.einsum("kxi,xi->k", basis[b], basis) for b in torch.split(moved, per_block)]
    traces: Float[NDArray[Any], " k"] = torch.cat(blocks).numpy()
    return traces


def _restricted(
    group: Group, basis: Float[Tensor, "n d"], random: np.random.Generator
) -> Float[Tensor, "n d d"]:
    r"""Return the left action on a subspace.

    With the basis in the columns of :math:`B`, :math:`B_{gx} \rho(g) = B_x` for every row. So any
    rows :math:`X` will do whose Gramian :math:`S = \sum_x B_x^* B_x` is well conditioned:
    :math:`\rho(g) = \sum_x B_{gx}^* B_x S^{-1}`. Sixteen times as many as columns, drawn at
    random, always are; all of them have :math:`S = 1`.
    """
    n, d = basis.shape
    rows = np.arange(n) if n <= 16 * d else np.sort(random.choice(n, 16 * d, replace=False))
    sample = basis[torch.from_numpy(rows)]
    moved = torch.tensor(group.table[:, rows])
    per_block = max(1, _WORKSPACE_NUMBERS // sample.numel())
    blocks = [torch.einsum("gxi,xj->gij", basis[b], sample) for b in torch.split(moved, per_block)]
    matrices: Tensor = torch.cat(blocks) @ torch.linalg.inv(sample.mT @ sample)
    return matrices


def _split(real: Float[Tensor, "n d d"], random: np.random.Generator) -> list[Tensor]:
    """Split a real irreducible representation of complex or quaternionic type in two."""
    n, d, _ = real.shape
    drawn = torch.from_numpy(random.standard_normal((d, d)))
    # Antisymmetric and an intertwiner: i times it is Hermitian, with eigenvalues in pairs +c, -c.
    averaged = torch.einsum("gij,jk,glk->il", real, drawn - drawn.mT, real) / n
    _, vectors = torch.linalg.eigh(1j * averaged)
    halves = vectors[:, : d // 2], vectors[:, d // 2 :]
    complex_real = real.to(vectors.dtype)
    return [half.mH @ complex_real @ half for half in halves]


def _accurate(matrices: Inexact[Tensor, "n d d"], group: Group) -> Inexact[Tensor, "n d d"]:
    if homomorphism_defect(matrices, group, generators_only=True) <= _ACCURATE:
        return matrices
    return nearest_representation(matrices, group).representation.matrices

r"""Intertwiners: the equivariant linear maps between two representations.

The intertwiners from :math:`\sigma` to :math:`\tau` are the matrices with :math:`\tau(g)\, T = T\,
\sigma(g)`. There are

.. math:: \dim \operatorname{Hom}_G(\sigma, \tau)
    = \frac1n \sum_g \chi_\tau(g)\, \chi_\sigma(g^{-1})

independent ones. Between permutation representations they are the matrices that are constant on
the orbits of pairs of points; the basis is exact then.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cayley._random import stream_seed
from cayley._shapes import Inexact, Int
from cayley.representations._action import GroupAction, as_images
from cayley.representations._constructions import _same_group
from cayley.representations._representation import Representation

__all__ = ["Intertwiners", "intertwiners", "orbitals"]

_SPARE = 4
"""Random maps drawn beyond the dimension: none of them may add to the span."""

_RANK_GAP = 1e-7
"""Singular values below this share of the largest are rounding; those of K random maps in a space
of dimension K lie above 1 / K squared, except with a probability of that order."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Intertwiners:
    r"""The space of maps :math:`T` with :math:`\tau(g)\, T = T\, \sigma(g)`.

    Attributes:
        source: :math:`\sigma`, of degree ``s``.
        target: :math:`\tau`, of degree ``t``.
        dimension: The inner product of the characters; the basis has been counted to be as many.
        orbitals: Between permutation representations the number of the orbit of every pair
            ``(x, y)`` of a target and a source point, shape ``(t, s)``, int64; else ``None``.
    """

    source: Representation
    target: Representation
    dimension: int
    orbitals: Int[NDArray[Any], "t s"] | None
    _basis: Tensor | None = field(default=None, repr=False)

    @property
    def is_exact(self) -> bool:
        """Whether the basis consists of indicators of orbits, scaled."""
        return self.orbitals is not None

    @cached_property
    def basis(self) -> Inexact[Tensor, "K t s"]:
        """An orthonormal basis in the Frobenius product, float64 or complex128."""
        if self._basis is not None:
            return self._basis
        assert self.orbitals is not None
        labels = torch.tensor(self.orbitals)
        indicators = torch.nn.functional.one_hot(labels, self.dimension).permute(2, 0, 1)
        sizes = indicators.sum(dim=(1, 2), keepdim=True).to(torch.float64)
        return indicators / sizes.sqrt()

    @cached_property
    def residual(self) -> float:
        r"""The largest :math:`\lVert \tau(g) T - T \sigma(g) \rVert_F` of a basis map."""
        chosen = [self.source.group.identity, *self.source.group.generators]
        basis = self.basis
        worst = 0.0
        for g in chosen if self.dimension else []:
            after = self.target.matrices[g].to(basis.dtype) @ basis
            before = basis @ self.source.matrices[g].to(basis.dtype)
            worst = max(worst, float(torch.linalg.vector_norm(after - before, dim=(1, 2)).max()))
        return worst

    def __repr__(self) -> str:
        kind = "exact" if self.is_exact else "orthonormal"
        return (
            f"Intertwiners({self.source.degree} -> {self.target.degree}, {self.dimension} {kind})"
        )


@torch.no_grad()
def intertwiners(source: Representation, target: Representation, *, seed: int = 0) -> Intertwiners:
    r"""Find all equivariant linear maps from one representation to another.

    Random matrices are averaged, :math:`\tfrac1n \sum_g \tau(g)\, X\, \sigma(g)^{-1}`: four more
    than the inner product of the characters says that there are independent ones, and exactly so
    many must be. Between permutation representations orbits of pairs are counted instead, in
    integers, and compared with the same number by Burnside's lemma.

    Args:
        source: :math:`\sigma`, of degree ``s``; real or complex, unitary or not.
        target: :math:`\tau`, of degree ``t``, of the same group.
        seed: Seed of the random matrices.

    Raises:
        ValueError: If the groups differ, or traces or ranks are not those of representations.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import regular_representation, trivial_representation
        >>> s3 = Group.from_permutations([[1, 2, 0], [1, 0, 2]])
        >>> regular = regular_representation(s3)
        >>> intertwiners(regular, regular)
        Intertwiners(6 -> 6, 6 exact)
        >>> intertwiners(trivial_representation(s3), regular).basis.shape
        torch.Size([1, 6, 1])

    References:
        J.-P. Serre, *Linear Representations of Finite Groups*, 1977, sections 2.2 to 2.4.
    """
    _same_group(target.group, source.group, "`target`", "the source's")
    dimension = _inner_product(source, target)
    images = [as_images(rho.matrices.cpu().numpy()) for rho in (target, source)]
    if images[0] is not None and images[1] is not None:
        labels = _pair_orbits(images[0], images[1])
        if labels.max() + 1 != dimension:
            raise ValueError(
                f"the matrices are no representation: {labels.max() + 1} orbits of pairs, but "
                f"{dimension} by the characters."
            )
        return Intertwiners(source=source, target=target, dimension=dimension, orbitals=labels)
    basis = _averaged_basis(source, target, dimension, seed)
    return Intertwiners(
        source=source, target=target, dimension=dimension, orbitals=None, _basis=basis
    )


def orbitals(target: GroupAction, source: GroupAction) -> Int[NDArray[Any], "t s"]:
    r"""Return the number of the orbit of every pair of points, exactly.

    Pairs :math:`(x, y)` and :math:`(x \cdot g, y \cdot g)` are in one orbit. Orbits are numbered in
    the order of their least pairs.

    Raises:
        ValueError: If the actions are not of one group.

    Example:
        >>> from cayley.algebra import Group
        >>> c3 = GroupAction.regular(Group.from_permutations([[1, 2, 0]]))
        >>> orbitals(c3, c3).tolist()
        [[0, 1, 2], [2, 0, 1], [1, 2, 0]]
    """
    _same_group(target.group, source.group, "`target`", "the source's")
    return _pair_orbits(target.images, source.images)


def _pair_orbits(
    target: Int[NDArray[Any], "n t"], source: Int[NDArray[Any], "n s"]
) -> Int[NDArray[Any], "t s"]:
    width = source.shape[1]
    # The least pair that a pair is moved to names its orbit; one pass over the elements finds it.
    least = np.arange(target.shape[1] * width).reshape(-1, width)
    for x, y in zip(target, source, strict=True):
        np.minimum(least, x[:, None] * width + y, out=least)
    labels: NDArray[Any] = np.unique(least, return_inverse=True)[1]
    return labels.reshape(least.shape)


def _inner_product(source: Representation, target: Representation) -> int:
    group = source.group
    chi = target.character.cpu().numpy() @ source.character.cpu().numpy()[group.inverses]
    found = complex(chi) / group.order
    dimension = round(found.real)
    dtype = torch.promote_types(source.matrices.dtype, target.matrices.dtype)
    # Half of the digits: inner products of representations are whole numbers.
    tolerance = torch.finfo(dtype).eps ** 0.5 * source.degree * target.degree
    if abs(found - dimension) > tolerance or dimension < 0:
        raise ValueError(
            f"the inner product of the characters is {found:.6g}, no whole number: these are no "
            "representations. Use `nearest_representation` for matrices that are not exact."
        )
    return dimension


def _averaged_basis(
    source: Representation, target: Representation, dimension: int, seed: int
) -> Inexact[Tensor, "K t s"]:
    group, t, s = source.group, target.degree, source.degree
    is_real = source.is_real and target.is_real
    dtype = torch.float64 if is_real else torch.complex128
    sigma = source.matrices.cpu().to(dtype)[torch.tensor(group.inverses)]
    tau = target.matrices.cpu().to(dtype)
    generator = torch.Generator().manual_seed(stream_seed(seed, "intertwiners"))
    drawn = torch.randn(dimension + _SPARE, t, s, generator=generator, dtype=dtype)
    averaged = torch.zeros_like(drawn)
    for left, right in zip(tau, sigma, strict=True):
        averaged += left @ drawn @ right
    # Averages of random maps span the intertwiners, and orthonormal rows of V are a basis of them.
    _, values, rows = torch.linalg.svd(averaged.flatten(1) / group.order, full_matrices=False)
    scale = float(drawn.flatten(1).norm(dim=1).mean())
    rank = int((values > _RANK_GAP * scale).sum())
    if rank != dimension:
        raise ValueError(
            f"{rank} independent equivariant maps, but {dimension} by the characters: these are "
            "no representations. Use `nearest_representation` for matrices that are not exact."
        )
    basis: Tensor = rows[:dimension].reshape(dimension, t, s)
    return basis

r"""Equivariant linear layers, whose weights are sums of intertwiners.

Features are rows, and an element :math:`g` takes a batch :math:`x` to :math:`x\,\rho(g)`: first
:math:`g`, then :math:`h` is :math:`x\,\rho(gh)`.
"""

import math

import torch
from torch import Tensor, nn

from cayley._shapes import Inexact
from cayley.algebra.groups._group import as_group
from cayley.equivariance._arrays import ArrayModule
from cayley.representations import Representation, intertwiners, trivial_representation
from cayley.representations._intertwiners import Intertwiners
from cayley.tables._as_table import TableLike

__all__ = ["EquivariantLinear"]


class EquivariantLinear(ArrayModule):
    r"""All linear maps that commute with a group, with coefficients that are learned.

    .. math:: y_o = \sum_i x_i W_{oi} + b_o, \qquad
        \rho_\mathrm{in}(g)\, W_{oi} = W_{oi}\, \rho_\mathrm{out}(g)

    so that :math:`f(x\,\rho_\mathrm{in}(g)) = f(x)\,\rho_\mathrm{out}(g)`. The weight of a pair of
    channels is :math:`\sum_k c_{oik} T_k` over an orthonormal basis of intertwiners; the bias
    lies in the invariant rows. The number of parameters is ``out_channels * in_channels * K`` plus
    ``out_channels`` times the number of invariants.

    Args:
        group: The group, or its table in any form.
        in_rep: How it acts on a channel of the input, degree ``s``.
        out_rep: How it acts on a channel of the output, degree ``t``.
        in_channels: Copies of ``in_rep``.
        out_channels: Copies of ``out_rep``.
        bias: Whether to add a bias; there is none where nothing is invariant.
        dtype: Type of the parameters, PyTorch's default if not given; complex where needed.
        generator: Draws the first coefficients, such that outputs have the variance of inputs.

    Shapes:
        Input ``(..., in_channels, s)``, output ``(..., out_channels, t)``. NumPy gives NumPy.

    Raises:
        ValueError: If a representation is of another group, or channels are not positive.

    Example:
        >>> from cayley.representations import GroupAction, permutation_representation
        >>> square = GroupAction.from_permutations([[1, 2, 3, 0], [1, 0, 3, 2]])
        >>> rho = permutation_representation(square)
        >>> layer = EquivariantLinear(square.group, rho, rho, out_channels=2)
        >>> x = torch.randn(5, 1, 4, generator=torch.Generator().manual_seed(0))
        >>> g = rho.matrices[3].float()
        >>> bool(torch.allclose(layer(x @ g), layer(x) @ g, atol=1e-6)), layer.coefficients.shape
        (True, torch.Size([2, 1, 3]))
    """

    def __init__(
        self,
        group: TableLike,
        in_rep: Representation,
        out_rep: Representation,
        *,
        in_channels: int = 1,
        out_channels: int = 1,
        bias: bool = True,
        dtype: torch.dtype | None = None,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        group = as_group(group)
        for name, rep in (("in_rep", in_rep), ("out_rep", out_rep)):
            if rep.group != group:
                raise ValueError(f"`{name}` must be of the given group; got {rep.group}.")
        if min(in_channels, out_channels) < 1:
            raise ValueError(f"channels must be positive; got {in_channels} and {out_channels}.")
        self.in_rep, self.out_rep = in_rep, out_rep
        self.in_channels, self.out_channels = in_channels, out_channels
        maps = intertwiners(out_rep, in_rep)  # rho_in(g) W = W rho_out(g)
        invariants = intertwiners(out_rep, trivial_representation(group))
        dtype = _parameter_type(dtype, maps)
        _keep_basis(self, "weight", maps, dtype)
        _keep_basis(self, "bias", invariants, dtype)
        size = (out_channels, in_channels, maps.dimension)
        # A basis map has Frobenius norm 1: with coefficients of variance 1 the K maps of all input
        # channels give the t numbers of an output the variance K in_channels together.
        scale = math.sqrt(out_rep.degree / max(1, in_channels * maps.dimension))
        drawn = torch.randn(size, dtype=dtype, generator=generator)
        self.coefficients = nn.Parameter(drawn * scale)
        self.offsets: nn.Parameter | None = None
        if bias and invariants.dimension:
            self.offsets = nn.Parameter(
                torch.zeros(out_channels, invariants.dimension, dtype=dtype)
            )

    @property
    def weight(self) -> Inexact[Tensor, "out in s t"]:
        """The matrix of every pair of channels."""
        return self._combine("weight", self.coefficients)

    @property
    def bias(self) -> Inexact[Tensor, "out t"] | None:
        """The invariant row that is added to every output channel."""
        return None if self.offsets is None else self._combine("bias", self.offsets).squeeze(-2)

    def forward(self, x: Inexact[Tensor, "*batch in s"]) -> Inexact[Tensor, "*batch out t"]:
        """Return the outputs."""
        expected = (self.in_channels, self.in_rep.degree)
        if tuple(x.shape[-2:]) != expected:
            raise ValueError(f"`x` must have shape (..., {expected[0]}, {expected[1]}); "
                             f"got {tuple(x.shape)}.")  # fmt: skip
        rows = self.weight.permute(1, 2, 0, 3).flatten(2).flatten(0, 1)
        shape = (*x.shape[:-2], self.out_channels, self.out_rep.degree)
        y: Tensor = (x.flatten(-2) @ rows).reshape(shape)
        bias = self.bias
        return y if bias is None else y + bias

    def extra_repr(self) -> str:
        """Return what a printed model shows of this layer."""
        return (
            f"{self.in_channels} x {self.in_rep.degree} -> {self.out_channels} x "
            f"{self.out_rep.degree}, {self.coefficients.shape[-1]} intertwiners"
        )

    def _combine(self, name: str, coefficients: Tensor) -> Tensor:
        """Return the sum of basis maps; between permutations each entry is one coefficient."""
        labels = getattr(self, f"{name}_orbitals")
        if labels is not None:
            combined: Tensor = (coefficients * getattr(self, f"{name}_scale"))[..., labels]
            return combined
        return torch.einsum("...k,kst->...st", coefficients, getattr(self, f"{name}_basis"))


def _keep_basis(module: nn.Module, name: str, maps: Intertwiners, dtype: torch.dtype) -> None:
    """Register the basis as buffers: labels and scales if it is exact, dense maps if not."""
    labels = None if maps.orbitals is None else torch.tensor(maps.orbitals)
    module.register_buffer(f"{name}_orbitals", labels, persistent=False)
    if labels is not None:
        sizes = torch.bincount(labels.flatten(), minlength=maps.dimension)
        module.register_buffer(f"{name}_scale", sizes.to(dtype).rsqrt(), persistent=False)
    else:
        module.register_buffer(f"{name}_basis", maps.basis.to(dtype), persistent=False)


def _parameter_type(dtype: torch.dtype | None, maps: Intertwiners) -> torch.dtype:
    chosen = torch.get_default_dtype() if dtype is None else dtype
    is_complex = not (maps.source.is_real and maps.target.is_real)
    return chosen.to_complex() if is_complex else chosen

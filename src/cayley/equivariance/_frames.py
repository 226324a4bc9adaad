r"""Frames: a few elements of a group, chosen by each input."""

import itertools

import torch
from torch import Tensor, nn

from cayley._random import stream_seed
from cayley._shapes import Float
from cayley.equivariance._averaging import Framed, register_matrices
from cayley.representations import Representation

__all__ = ["ExtremalFrame", "PrincipalFrame"]

_TIE = 1e-5
"""Scores this close, relative to the input, are equal: rounding must not break a true tie."""


class ExtremalFrame(nn.Module):
    r"""For a finite group: the elements that turn the input most towards a direction.

    .. math:: F(x) = \operatorname{argmax}_g \langle x\,\rho(g), w \rangle

    One element for almost every input, all of its stabilizer where the input is symmetric. Where
    the maximum moves from one element to another the averaged module is not continuous.

    Args:
        in_rep: How the group acts on the last axis of the input; real.
        out_rep: How it acts on the last axis of the output; trivially if not given.
        direction: :math:`w`, of the shape of one sample or of its last axis; random if not given.
        seed: Seed of a random direction.

    Raises:
        ValueError: If the representations are of different groups, or one is complex.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import regular_representation
        >>> rho = regular_representation(Group.from_permutations([[1, 2, 0]]))
        >>> frame = ExtremalFrame(rho, direction=torch.tensor([1.0, 0.0, 0.0]))
        >>> frame(torch.tensor([[1.0, 2.0, 6.0], [3.0, 3.0, 3.0]])).sample.tolist()
        [0, 1, 1, 1]

    References:
        O. Puny et al., arXiv:2110.03336, definition 1.
    """

    def __init__(
        self,
        in_rep: Representation,
        out_rep: Representation | None = None,
        *,
        direction: Float[Tensor, "... s"] | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if not in_rep.is_real:
            raise ValueError("`in_rep` must be real: complex numbers have no largest.")
        if direction is None:
            generator = torch.Generator().manual_seed(stream_seed(seed, "direction"))
            direction = torch.randn(in_rep.degree, generator=generator, dtype=torch.float64)
        self.direction: Tensor
        self.register_buffer("direction", direction.detach().clone(), persistent=False)
        self.in_matrices, self.out_inverses = register_matrices(self, in_rep, out_rep)

    def forward(self, x: Float[Tensor, "batch *rest s"]) -> Framed:
        """Return the inputs as turned by each element of their frames."""
        matrices, direction = self.in_matrices.to(x.dtype), self.direction.to(x.dtype)
        # <x rho(g), w> = <x, w rho(g)^T>: the directions are turned, not the batch
        turned = torch.einsum("...t,gst->g...s", direction, matrices)
        missing = [1] * (x.ndim - 1 - direction.ndim)
        turned = turned.reshape(len(matrices), *missing, *direction.shape)
        turned = turned.expand(len(matrices), *x.shape[1:])
        scores = torch.einsum("bx,gx->bg", x.flatten(1), turned.flatten(1))
        size = x.flatten(1).norm(dim=1, keepdim=True) * turned[0].norm()
        best = scores >= scores.max(dim=1, keepdim=True).values - _TIE * size
        sample, element = best.nonzero(as_tuple=True)
        moved = torch.einsum("m...s,mst->m...t", x[sample], matrices[element])

        def restore(y: Tensor) -> Tensor:
            if self.out_inverses is None:
                return y
            back = self.out_inverses[element].to(y.dtype)
            restored: Tensor = torch.einsum("m...t,mtu->m...u", y, back)
            return restored

        return Framed(inputs=moved, sample=sample, restore=restore)


class PrincipalFrame(nn.Module):
    r"""For point clouds: principal axes with every choice of signs.

    Points :math:`x_i` are shown as :math:`(x_i - c) U S`, with the center :math:`c`, the
    eigenvectors :math:`U` of the covariance and all :math:`2^d` diagonal signs :math:`S` (with
    determinant 1 only, for rotations without reflections). The averaged module commutes with all
    translations, rotations and reflections of the cloud. Equal eigenvalues leave the axes
    undetermined: there, and only there, it does not.

    Args:
        equivariant: Whether outputs are points, ``(batch, m, d)``, that move along; else they are
            left as they are, invariant.
        reflections: Whether reflections count as symmetries.

    Example:
        >>> frame = PrincipalFrame()
        >>> cloud = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))
        >>> frame(cloud).inputs.shape
        torch.Size([16, 5, 3])

    References:
        O. Puny et al., arXiv:2110.03336, section 3.1.
    """

    def __init__(self, *, equivariant: bool = False, reflections: bool = True) -> None:
        super().__init__()
        self.equivariant, self.reflections = equivariant, reflections

    def forward(self, x: Float[Tensor, "batch m d"]) -> Framed:
        """Return the clouds in their principal axes."""
        batch, _, d = x.shape
        center = x.mean(dim=1, keepdim=True)
        centered = x - center
        _, axes = torch.linalg.eigh(centered.mT @ centered)
        choices = list(itertools.product((1.0, -1.0), repeat=d))
        signs = torch.tensor(choices, dtype=x.dtype, device=x.device)
        bases = axes[:, None] * signs[:, None, :]  # (batch, 2^d, d, d): columns times signs
        # Half of the signs have determinant 1, whatever the determinant of the eigenvectors is, so
        # that every sample keeps equally many.
        if not self.reflections:
            proper = torch.linalg.det(bases) > 0  # half of them, for every sample
            bases = bases[proper].reshape(batch, -1, d, d)
        k = bases.shape[1]
        sample = torch.arange(batch, device=x.device).repeat_interleave(k)
        bases = bases.flatten(0, 1)

        def restore(y: Tensor) -> Tensor:
            return y @ bases.mT + center[sample] if self.equivariant else y

        return Framed(inputs=centered[sample] @ bases, sample=sample, restore=restore)

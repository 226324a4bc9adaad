r"""Averages over a group or over a frame, which make any module equivariant.

.. math:: \bar f(x) = \frac{1}{|F(x)|} \sum_{g \in F(x)}
    f(x\,\rho_\mathrm{in}(g))\, \rho_\mathrm{out}(g)^{-1}

with :math:`F(x)` the whole group or, much cheaper, a *frame*: some elements chosen by the input
such that :math:`F(x\,\rho(h)) = h^{-1} F(x)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from cayley._shapes import Inexact, Int
from cayley.equivariance._arrays import ArrayModule
from cayley.representations import Representation, trivial_representation

__all__ = ["Frame", "FrameAverage", "Framed", "GroupAverage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """A batch for a module, with one entry for each element of each sample's frame.

    Attributes:
        inputs: The moved inputs, frame elements of all samples one after the other.
        sample: The sample that each belongs to; every sample has at least one.
        restore: Moves outputs for these inputs back.
    """

    inputs: Inexact[Tensor, "m ..."]
    sample: Int[Tensor, " m"]
    restore: Callable[[Tensor], Tensor]


class Frame(Protocol):
    """The type of a frame: a function from a batch to its :class:`Framed` version."""

    def __call__(self, x: Tensor) -> Framed:
        """Return the frame of every sample of a batch."""
        ...


class GroupAverage(ArrayModule):
    r"""A module averaged over a finite group: invariant or equivariant whatever it computes.

    It calls the module on ``n`` times the batch, with inputs of the usual shape, so that any
    architecture will do. If the module is equivariant already, nothing changes.

    Args:
        module: What to average.
        in_rep: How the group acts on the last axis of the input.
        out_rep: How it is to act on the last axis of the output; trivially if not given, which
            makes the module invariant.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.representations import regular_representation
        >>> rho = regular_representation(Group.from_permutations([[1, 2, 0]]))
        >>> first = GroupAverage(lambda x: x[:, :1], rho)  # the average, for a cyclic shift
        >>> first(torch.tensor([[1.0, 2.0, 6.0]]))
        tensor([[3.]])

    References:
        O. Puny et al., "Frame averaging for invariant and equivariant network design",
        arXiv:2110.03336, equations 1 and 2.
    """

    def __init__(
        self,
        module: Callable[[Tensor], Tensor],
        in_rep: Representation,
        out_rep: Representation | None = None,
    ) -> None:
        super().__init__()
        self.module = module
        self.in_matrices, self.out_inverses = register_matrices(self, in_rep, out_rep)

    def forward(self, x: Inexact[Tensor, "batch *rest s"]) -> Inexact[Tensor, "batch *rest t"]:
        """Return the average."""
        n, batch = len(self.in_matrices), len(x)
        moved = torch.einsum("b...s,gst->gb...t", x, self.in_matrices.to(x.dtype))
        # One call for all elements of the group instead of n calls.
        y = self.module(moved.flatten(0, 1))
        y = y.reshape(n, batch, *y.shape[1:])
        if self.out_inverses is None:
            average: Tensor = y.mean(0)
            return average
        back: Tensor = torch.einsum("gb...t,gtu->b...u", y, self.out_inverses.to(y.dtype))
        return back / n


class FrameAverage(ArrayModule):
    r"""A module averaged over a frame of each input: as symmetric as over the group, and cheaper.

    Args:
        module: What to average.
        frame: Chooses for each sample how to move it: :class:`ExtremalFrame` for a finite group,
            :class:`PrincipalFrame` for rotations and translations of point clouds, or your own.

    Example:
        >>> from cayley.algebra import Group
        >>> from cayley.equivariance import ExtremalFrame
        >>> from cayley.representations import regular_representation
        >>> rho = regular_representation(Group.from_permutations([[1, 2, 0]]))
        >>> largest_first = ExtremalFrame(rho, direction=torch.tensor([1.0, 0.0, 0.0]))
        >>> f = FrameAverage(lambda x: x, largest_first)
        >>> f(torch.tensor([[1.0, 2.0, 6.0], [6.0, 1.0, 2.0]])).tolist()
        [[6.0, 1.0, 2.0], [6.0, 1.0, 2.0]]

    References:
        O. Puny et al., "Frame averaging for invariant and equivariant network design",
        arXiv:2110.03336, definition 1 and theorem 1.
    """

    def __init__(self, module: Callable[[Tensor], Tensor], frame: Frame) -> None:
        super().__init__()
        self.module, self.frame = module, frame

    def forward(self, x: Inexact[Tensor, "batch ..."]) -> Inexact[Tensor, "batch ..."]:
        """Return the average."""
        framed = self.frame(x)
        y = framed.restore(self.module(framed.inputs))
        total = y.new_zeros(len(x), *y.shape[1:]).index_add(0, framed.sample, y)
        counts = torch.bincount(framed.sample, minlength=len(x)).to(y.dtype)
        return total / counts.reshape(-1, *[1] * (y.ndim - 1))


def register_matrices(
    module: nn.Module, in_rep: Representation, out_rep: Representation | None
) -> tuple[Tensor, Tensor | None]:
    """Register the matrices of inputs and the inverse matrices of outputs as buffers."""
    out_rep = trivial_representation(in_rep.group) if out_rep is None else out_rep
    if out_rep.group != in_rep.group:
        raise ValueError(f"`out_rep` must be of the group of `in_rep`; got {out_rep.group}.")
    # Multiplying by ones would change nothing: None spares it.
    invariant = out_rep.degree == 1 and bool((out_rep.matrices == 1).all())
    inverses = torch.tensor(in_rep.group.inverses)
    back = None if invariant else out_rep.matrices[inverses]
    for name, value in (("in_matrices", in_rep.matrices), ("out_inverses", back)):
        # Not persistent: they follow from the representation, and saved states stay small.
        module.register_buffer(name, value, persistent=False)
    return in_rep.matrices, back

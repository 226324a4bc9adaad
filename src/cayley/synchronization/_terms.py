"""The observed triples of all restarts, sorted by label so that sums are products of matrices."""

import math
from copy import copy
from dataclasses import dataclass
from typing import Literal, Self

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact, Int

__all__ = ["WORKSPACE_BYTES", "Terms", "agreements"]

WORKSPACE_BYTES = 1 << 21
"""Bound on the temporaries of a sum over triples: what is gathered should still be in the cache
when it is multiplied."""

_GPU_BYTES = 1 << 28
"""The same on a GPU, where chunks that small would be many calls of too little work each."""

Place = Literal[0, 1, 2]


class _Workspace:
    """Memory that one sum after another uses.

    Gathering into fresh memory was measured to take several times as long as the products.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Tensor] = {}

    def get(self, name: str, shape: tuple[int, int, int], like: Tensor) -> Tensor:
        """Return memory of this shape, with the dtype and on the device of a tensor."""
        size, kept = math.prod(shape), self._kept.get(name)
        if kept is None or len(kept) < size or kept.dtype != like.dtype:
            kept = self._kept[name] = like.new_empty(size)
        return kept[:size].view(shape)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Triples sorted by one of their labels, in blocks of equal length, the last of a label padded.

    Attributes:
        target: The label of each block, shape ``(blocks,)``.
        members: Places of the blocks' triples in the list, shape ``(blocks * length,)``; padding
            repeats a triple of its label.
        left: Labels of the members at the first other place; padding is the number of labels
            there, at which `Terms.sums` has a zero matrix.
        right: Labels of the members at the second other place.
        length: Triples of a block.
    """

    target: Int[Tensor, " blocks"]
    members: Int[Tensor, " k"]
    left: Int[Tensor, " k"]
    right: Int[Tensor, " k"]
    length: int

    @classmethod
    def of(cls, triples: Int[Tensor, "m 3"], place: Place, sizes: tuple[int, int, int]) -> Self:
        labels, size = triples[:, place], sizes[place]
        first, second = (k for k in range(3) if k != place)
        counts = torch.bincount(labels, minlength=size)
        length = _block_length(len(labels) / max(1, int((counts > 0).sum())))
        blocks = (counts + length - 1) // length
        order = labels.argsort(stable=True)
        begin = counts.cumsum(0) - counts  # of each label in that order
        rank = torch.arange(len(labels), device=labels.device) - begin[labels[order]]
        target = torch.arange(size, device=labels.device).repeat_interleave(blocks)
        members = order[begin[target]].repeat_interleave(length)
        at = (blocks.cumsum(0) - blocks)[labels[order]] * length + rank
        members[at] = order
        left = torch.full_like(members, sizes[first])
        left[at] = triples[order, first]
        return cls(target, members, left, triples[members, second], length)


def _block_length(mean: float) -> int:
    """Return the length of blocks for labels with so many triples on average.

    Longer blocks are larger products, but more of them is padding: half a block for each label.
    """
    return 1 if mean < 2 else 2 if mean < 5 else 4 if mean < 16 else 8


class Terms:
    r"""Weighted triples :math:`(a, b, c, w)` over the labels of all restarts.

    Args:
        triples: Labels as places in the flattened factors, shape ``(m, 3)``, int64.
        weights: Weights, shape ``(m,)``, or None for all equal to one, which is faster.
        sizes: Numbers of labels of the three factors, all restarts together.
    """

    def __init__(
        self,
        triples: Int[Tensor, "m 3"],
        weights: Float[Tensor, " m"] | None,
        sizes: tuple[int, int, int],
    ) -> None:
        self.triples, self.weights, self.sizes = triples, weights, sizes
        places: tuple[Place, ...] = (0, 1, 2)
        self._blocks = [_Blocks.of(triples, place, sizes) for place in places]
        self._workspace = _Workspace()

    def __len__(self) -> int:
        return len(self.triples)

    def reweighted(self, weights: Float[Tensor, " m"]) -> "Terms":
        """Return the same triples with other weights."""
        terms = copy(self)
        terms.weights = weights
        return terms

    def counts(self, place: Place) -> Float[Tensor, " n"]:
        """Return the summed weights of every label's triples."""
        ones = self.weights
        if ones is None:
            ones = torch.ones(len(self), device=self.triples.device)
        return ones.new_zeros(self.sizes[place]).index_add_(0, self.triples[:, place], ones)

    def sums(
        self,
        place: Place,
        left: Inexact[Tensor, "nl p d"],
        right: Inexact[Tensor, "nr p e"],
    ) -> Inexact[Tensor, "n d e"]:
        r"""Return :math:`\sum w L_l^{\mathsf T} R_r` over the triples of every label of a place.

        Args:
            place: 0, 1 or 2: sum over the triples that have a label there; ``L`` and ``R`` belong
                to the other two places, in order.
            left: A matrix for every label of the first other place.
            right: Likewise of the second other place.
        """
        blocks, space = self._blocks[place], self._workspace
        (nl, p, d), e, length = left.shape, right.shape[-1], blocks.length
        L, R = space.get("zero-ended", (nl + 1, p, d), left), right.contiguous()
        L[:nl] = left
        L[nl] = 0
        result = left.new_zeros(self.sizes[place], d, e)
        most = max(1, _bound(left.device) // (length * p * (d + e) * left.element_size()))
        for first in range(0, len(blocks.target), most):
            target = blocks.target[first : first + most]
            at, k = slice(first * length, (first + most) * length), len(target)
            l_part = space.get("left", (k * length, p, d), left)
            r_part = space.get("right", (k * length, p, e), left)
            out = space.get("product", (k, d, e), left)
            torch.index_select(L, 0, blocks.left[at], out=l_part)
            torch.index_select(R, 0, blocks.right[at], out=r_part)
            if self.weights is not None:
                l_part *= self.weights[blocks.members[at]][:, None, None]
            stacked = l_part.view(k, length * p, d).mT
            torch.bmm(stacked, r_part.view(k, length * p, e), out=out)
            result.index_add_(0, target, out)
        return result


def agreements(
    triples: Int[Tensor, "q 3"],
    A: Inexact[Tensor, "na d d"],
    B: Inexact[Tensor, "nb d k"],
    C: Inexact[Tensor, "nc d k"],
) -> Float[Tensor, " q"]:
    r"""Return :math:`\operatorname{Re}\langle C_c, A_a B_b\rangle / k` for every triple."""
    d, k = B.shape[-2:]
    most = max(1, min(_bound(A.device) // (d * (d + 3 * k) * A.element_size()), len(triples)))
    a_space, b_space = A.new_empty(most, d, d), A.new_empty(most, d, k)
    c_space, product = A.new_empty(most, d, k), A.new_empty(most, d, k)
    parts = []
    for part in torch.split(triples, most):
        (a, b, c), q = part.unbind(1), len(part)
        torch.index_select(A, 0, a, out=a_space[:q])
        torch.index_select(B, 0, b, out=b_space[:q])
        torch.index_select(C, 0, c, out=c_space[:q])
        P = torch.bmm(a_space[:q], b_space[:q], out=product[:q])
        parts.append(torch.linalg.vecdot(c_space[:q].flatten(1), P.flatten(1)).real / k)
    return torch.cat(parts)


def _bound(device: torch.device) -> int:
    return WORKSPACE_BYTES if device.type == "cpu" else _GPU_BYTES

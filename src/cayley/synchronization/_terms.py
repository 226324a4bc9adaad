"""The observed triples of all restarts, sorted by label so that sums are products of matrices."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from cayley._shapes import Float, Inexact, Int

__all__ = ["WORKSPACE_BYTES", "Terms", "agreements"]

WORKSPACE_BYTES = 1 << 22
"""Bound on the temporaries of a sum over triples: what is gathered should still be in the cache
when it is multiplied. Gathering into fresh memory was measured to take longer than the product."""

_GPU_BYTES = 1 << 28
"""The same on a GPU, where chunks that small would be many calls of too little work each."""

Place = Literal[0, 1, 2]


@dataclass(frozen=True, slots=True)
class _Grouping:
    """Triples sorted by one of their labels, in blocks of equal length, padded.

    Attributes:
        target: The label of each block, shape ``(blocks,)``.
        members: Places of the block's triples in the list, -1 for padding, ``(blocks, length)``.
    """

    target: Int[Tensor, " blocks"]
    members: Int[Tensor, "blocks length"]

    @classmethod
    def of(cls, labels: Int[Tensor, " m"], size: int) -> "_Grouping":
        counts = torch.bincount(labels, minlength=size)
        length = _block_length(len(labels) / max(1, int((counts > 0).sum())))
        blocks = (counts + length - 1) // length
        first = blocks.cumsum(0) - blocks  # first block of each label
        order = labels.argsort(stable=True)
        rank = torch.arange(len(labels), device=labels.device)
        rank = rank - (counts.cumsum(0) - counts)[labels[order]]  # place within its label
        members = labels.new_full((int(blocks.sum()) * length,), -1)
        members[first[labels[order]] * length + rank] = order
        target = torch.arange(size, device=labels.device).repeat_interleave(blocks)
        return cls(target, members.view(-1, length))


def _block_length(mean: float) -> int:
    """Return the length of blocks for labels with so many triples on average.

    Longer blocks are larger products, but more of them is padding: half a block for each label.
    """
    return 1 if mean < 2 else 2 if mean < 5 else 4 if mean < 16 else 8


class Terms:
    r"""Weighted triples :math:`(a, b, c, w)` over the labels of all restarts.

    Args:
        triples: Labels as places in the flattened factors, shape ``(m, 3)``, int64.
        weights: Weights, shape ``(m,)``, or None for all equal to one.
        sizes: Numbers of labels of the three factors, all restarts together.
    """

    def __init__(
        self,
        triples: Int[Tensor, "m 3"],
        weights: Float[Tensor, " m"] | None,
        sizes: tuple[int, int, int],
    ) -> None:
        self.triples, self.weights, self.sizes = triples, weights, sizes
        self._groupings = [_Grouping.of(triples[:, k], sizes[k]) for k in range(3)]

    def __len__(self) -> int:
        return len(self.triples)

    def reweighted(self, weights: Float[Tensor, " m"]) -> "Terms":
        """Return the same triples with other weights."""
        terms = object.__new__(Terms)
        terms.triples, terms.weights, terms.sizes = self.triples, weights, self.sizes
        terms._groupings = self._groupings
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
        grouping = self._groupings[place]
        first, second = (k for k in range(3) if k != place)
        L, R = _with_zero(left), _with_zero(right)
        (p, d), e = left.shape[1:], right.shape[-1]
        result = left.new_zeros(self.sizes[place], d, e)
        length = grouping.members.shape[1]
        bound = _bound(left.device)
        most = max(1, bound // (length * p * (d + e) * left.element_size()))
        most = min(most, len(grouping.members))
        # Fresh memory for every product would cost more than the product.
        l_space, r_space = left.new_empty(most * length, p, d), left.new_empty(most * length, p, e)
        out = left.new_empty(most, d, e)
        for target, members in _chunks(grouping, most):
            padded, at, blocks = (members < 0).flatten(), members.flatten(), len(members)
            l_part, r_part = l_space[: len(at)], r_space[: len(at)]
            l_at = self.triples[at, first].masked_fill_(padded, len(left))
            r_at = self.triples[at, second].masked_fill_(padded, len(right))
            torch.index_select(L, 0, l_at, out=l_part)
            torch.index_select(R, 0, r_at, out=r_part)
            if self.weights is not None:
                l_part *= self.weights[at][:, None, None]
            stacked = l_part.view(blocks, length * p, d).mT
            torch.bmm(stacked, r_part.view(blocks, length * p, e), out=out[:blocks])
            result.index_add_(0, target, out[:blocks])
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


def _with_zero(X: Tensor) -> Tensor:
    """Append a zero matrix, which padding points at."""
    return torch.cat([X, X.new_zeros(1, *X.shape[1:])])


def _chunks(grouping: _Grouping, most: int) -> Iterator[tuple[Tensor, Tensor]]:
    yield from zip(
        torch.split(grouping.target, most), torch.split(grouping.members, most), strict=True
    )

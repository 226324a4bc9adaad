r"""Margins of a network whose right summands are constant on cosets.

If neuron i sees the right operand only through its coset :math:`q(b)` of a subgroup, the neurons
with the same partition add up, for each a, to one vector of scores for each coset,

.. math:: S_a(q) = \sum_i \max(0, L_{ai} + r_i(q))\, U_i ,

and the scores of (a, b) are the sum of one such vector for each partition: in S5 of 21 vectors, one
for each of 5, 6 and 10 points, in place of a product with all neurons. The left summands and the
unembedding enter as they are. What is left of :math:`R` beside the cosets moves a margin by at most

.. math:: \sum_i \bigl(\max_c U_{ci} - \min_c U_{ci}\bigr) |R_{bi} - r_i(q(b))| ,

because the rectifier is a contraction. Neurons without cosets are added one by one.

Source: Stander, Yu, Fan, Biderman (2023), "Grokking group multiplication with cosets",
arXiv:2312.06581, for the cosets; the bound in the sense of Gross et al. (2024), "Compact proofs of
model performance via mechanistic interpretability", arXiv:2406.11779.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.interpretation.bounds._rectified_network import (
    LARGEST,
    RectifiedNetwork,
    rounding_allowance,
)
from cayley.interpretation.parts._coset_dependence import CosetPartition, best_cosets

__all__ = ["CosetSums", "coset_sums", "pairs_by_cosets"]

MOST_COSETS = 0.2
"""Partitions into more cosets than this share of the symbols cost more than they save."""

FEWEST = 3
"""A partition that fewer neurons have costs as much as they do one by one."""

_SLACK = 1 + 1e-9
"""For sums in float64 of up to a million terms; their relative error is below 1e-10."""

_AS_BLAS = 3.0
"""Time of an addition here over that of a product in BLAS, measured as 2 to 4."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CosetSums:
    """Which neurons see the right operand through which cosets: what a proof rests on.

    Attributes:
        neurons: The neurons with cosets, sorted by partition, shape ``(s,)``.
        starts: The first of each of ``p`` partitions, and ``s``, shape ``(p + 1,)``.
        labels: The coset of each symbol, from 0, shape ``(p, n)``.
        others: The other neurons.
    """

    neurons: Int[NDArray[Any], " s"]
    starts: Int[NDArray[Any], " p1"]
    labels: Int[NDArray[Any], "p n"]
    others: Int[NDArray[Any], " r"]

    def cost(self, m: int) -> float:
        """Return the expected time, relative to running the network on all pairs."""
        sizes = self.labels.max(axis=1, initial=0) + 1
        spread = float(np.diff(self.starts) @ sizes) / self.labels.shape[1]
        return float(_AS_BLAS * (len(sizes) + len(self.others)) + 2 * spread) / m


def coset_sums(
    network: RectifiedNetwork, partitions: tuple[CosetPartition, ...], counts: tuple[int, ...]
) -> list[CosetSums]:
    """Return structures with ever more neurons one by one, those farthest from cosets first.

    Args:
        network: The network.
        partitions: Of the right operands.
        counts: How many neurons are left out in each.
    """
    n, m = network.right.shape
    partitions = tuple(each for each in partitions if len(each.listed) <= MOST_COSETS * n)
    if not partitions:
        return []
    best = best_cosets(partitions, network.right)
    labels = np.empty((len(partitions), n), np.int64)
    for place, each in enumerate(partitions):
        labels[place, each.listed] = np.arange(len(each.listed))[:, None]
    away = np.empty(m)
    for i in range(m):
        listed = partitions[best.place[i]].listed
        values = network.right[listed, i]
        away[i] = np.abs(values - values.mean(axis=1, keepdims=True)).max()
    away *= network.weights.max(axis=1) - network.weights.min(axis=1)
    order = np.argsort(-away, kind="stable")
    return [_structure(best.place, labels, order[:count], m) for count in counts if count < m]


def _structure(
    place: Int[NDArray[Any], " m"],
    labels: Int[NDArray[Any], "p n"],
    left_out: Int[NDArray[Any], " r"],
    m: int,
) -> CosetSums:
    kept = np.ones(m, bool)
    kept[left_out] = False
    used = np.bincount(place[kept], minlength=len(labels))
    kept &= used[place] >= FEWEST
    neurons = np.flatnonzero(kept)
    neurons = neurons[np.argsort(place[neurons], kind="stable")]
    present, sizes = np.unique(place[neurons], return_counts=True)
    return CosetSums(
        neurons=neurons,
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        labels=labels[present],
        others=np.flatnonzero(~kept),
    )


def pairs_by_cosets(network: RectifiedNetwork, structure: CosetSums) -> Bool[NDArray[Any], "k n"]:
    """Return the pairs that are proved to be answered right.

    Valid for any labels: they decide how much is proved, and not whether it is true.
    """
    from cayley.interpretation.bounds._bound_kernels import coset_certified

    neurons, others = structure.neurons, structure.others
    m = network.right.shape[1]
    sizes = structure.labels.max(axis=1, initial=0) + 1
    rows = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    index = np.ascontiguousarray(structure.labels.T + rows[:-1])
    values, used = _coset_values(network.right, structure, index, rows)
    weights = network.weights
    spread = weights.max(axis=1) - weights.min(axis=1)
    away = np.abs(network.right - used) @ spread * _SLACK
    for_left, for_right = rounding_allowance(
        network,
        right=used,
        largest=np.abs(weights).max(axis=1),
        constant=float(np.abs(network.bias).max()),
        # Casting three numbers, the sum of two of them, the product, and the sum over neurons.
        terms=m + 8,
    )
    out = np.empty(network.table.shape, bool)
    coset_certified(
        _single(network.left[:, neurons]),
        values,
        structure.starts,
        rows,
        _padded(weights[neurons], 0.0),
        index,
        _single(network.left[:, others]),
        _single(network.right[:, others]),
        _padded(weights[others], 0.0),
        _padded(network.bias, -(LARGEST**3)),
        network.table,
        for_left,
        away + for_right,
        out,
    )
    return out


def _coset_values(
    right: Float[NDArray[Any], "n m"],
    structure: CosetSums,
    index: Int[NDArray[Any], "n p"],
    rows: Int[NDArray[Any], " p1"],
) -> tuple[Float[NDArray[Any], "s k"], Float[NDArray[Any], "n m"]]:
    """Return the mean of each neuron on each coset, in float32, and the summands they replace."""
    n, neurons = len(right), structure.neurons
    member = np.zeros((int(rows[-1]), n))
    member[index, np.arange(n)[:, None]] = 1
    member /= np.maximum(member.sum(axis=1, keepdims=True), 1)
    means = (member @ right[:, neurons]).astype(np.float32)
    own = np.repeat(np.arange(len(structure.labels)), np.diff(structure.starts))
    most = int(np.diff(rows).max(initial=1))
    # Of a partition with fewer cosets the last places are not used.
    places = np.minimum(rows[own][:, None] + np.arange(most), max(int(rows[-1]) - 1, 0))
    columns = np.arange(len(neurons))
    used = right.copy()
    used[:, neurons] = means[index[:, own], columns]
    return means[places, columns[:, None]], used


def _single(array: Float[NDArray[Any], "..."]) -> NDArray[np.float32]:
    return np.ascontiguousarray(array, np.float32)


def _padded(array: Float[NDArray[Any], "... n"], value: float) -> NDArray[np.float32]:
    """Return the array with its last axis as long as the compiled maximum likes it."""
    missing = -array.shape[-1] % 64  # two halvings, each of a multiple of 16
    widths = [(0, 0)] * (array.ndim - 1) + [(0, missing)]
    return np.pad(_single(array), widths, constant_values=value)

r"""Margins of a network whose right summands are constant on cosets.

If neuron i sees the right operand only through its coset :math:`q(b)` of a subgroup, the neurons
with the same partition add up, for each a, to one vector of scores for each coset,

.. math:: S_a(q) = \sum_i \max(0, L_{ai} + r_i(q))\, U_i ,

and the scores of (a, b) are the sum of one such vector for each partition: in S5 of 21 vectors, one
for each of 5, 6 and 10 points, in place of a product with all neurons. The left summands and the
unembedding enter as they are. What is left of :math:`R` beside the cosets, :math:`D_{bi} = R_{bi} -
r_i(q(b))`, moves a hidden value by a number between 0 and :math:`D_{bi}`, because the rectifier is
monotonic and a contraction. Half of it is added to the scores, :math:`D_b U / 2`, and the other
half moves the margin against c by at most

.. math:: \tfrac12 \lVert D_b \rVert \max_{c'} \lVert U_c - U_{c'} \rVert

by the inequality of Cauchy and Schwarz. Neurons without cosets see every symbol by itself.

Source: Stander, Yu, Fan, Biderman (2023), "Grokking group multiplication with cosets",
arXiv:2312.06581, for the cosets; the bound in the sense of Gross et al. (2024), "Compact proofs of
model performance via mechanistic interpretability", arXiv:2406.11779.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.interpretation.bounds._norms import balanced_scale, farthest
from cayley.interpretation.bounds._rectified_network import RectifiedNetwork, rounding_allowance
from cayley.interpretation.parts._coset_dependence import CosetPartition, best_cosets

__all__ = ["CosetSums", "coset_sums", "pairs_by_cosets"]

MOST_COSETS = 0.2
"""Partitions into more cosets than this share of the symbols cost more than they save."""

_SLACK = 1 + 1e-9
"""For sums in float64 of up to a million terms; their relative error is below 1e-10."""

_MOST_PARTITIONS = 1000
"""Sums are rounded to whole numbers of 16 bits, each of them by half a unit."""

_LARGEST_SUM = 32767.0

_HALF = 0.51
"""Of a unit, and 0.004 for the product of 32767 with a unit in float32."""

_ROUNDED_UP = 1.001
"""For the rounding of sums of up to ten thousand terms in float32."""

_TINY = 1e-20
"""The least size of scores that units are made for; rounding exceeds what is below anyway."""

_FIXED = 0.15
"""Time of the maxima, and of what is prepared once, relative to running a network on S5."""


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
        n = self.labels.shape[1]
        sizes = self.labels.max(axis=1, initial=0) + 1
        products = float(np.diff(self.starts) @ sizes) / n + len(self.others)
        rows = int(sizes.sum()) + (n if len(self.others) else 0)
        passes = len(sizes) + (len(self.others) > 0)
        # In neurons, as measured on S5: a product here costs twice what it costs in BLAS, and 22
        # roundings to whole numbers as much as an addition for all pairs.
        return float((2 * products + 1.3 * passes + 1.3 * rows / 22) / m + _FIXED)


def coset_sums(
    network: RectifiedNetwork,
    partitions: tuple[CosetPartition, ...],
    *,
    limits: tuple[int, ...],
    counts: tuple[int, ...],
) -> list[CosetSums]:
    """Return structures with few partitions or many, and with few neurons one by one or more.

    Args:
        network: The network.
        partitions: Of the right operands.
        limits: How many partitions there are at most: those with most neurons.
        counts: How many neurons are left out, those farthest from cosets first.
    """
    n, m = network.right.shape
    partitions = tuple(each for each in partitions if len(each.listed) <= MOST_COSETS * n)
    if not partitions or not m:
        return []
    ranges = network.weights.max(axis=1) - network.weights.min(axis=1)
    place = best_cosets(partitions, network.right).place
    popular = np.argsort(-np.bincount(place, minlength=len(partitions)), kind="stable")
    found, seen = [], set()
    for limit in limits:
        used = np.sort(popular[:limit])
        some = tuple(partitions[i] for i in used if (place == i).any())
        if some in seen:
            continue
        seen.add(some)
        own = best_cosets(some, network.right).place
        labels = np.empty((len(some), n), np.int64)
        for i, each in enumerate(some):
            labels[i, each.listed] = np.arange(len(each.listed))[:, None]
        away = np.empty(m)
        for i in range(m):
            values = network.right[some[own[i]].listed, i]
            away[i] = np.linalg.norm(values - values.mean(axis=1, keepdims=True)) * ranges[i]
        order = np.argsort(-away, kind="stable")
        found += [_structure(own, labels, order[:count], m) for count in counts if count < m]
    return found


def _structure(
    place: Int[NDArray[Any], " m"],
    labels: Int[NDArray[Any], "p n"],
    left_out: Int[NDArray[Any], " r"],
    m: int,
) -> CosetSums:
    kept = np.ones(m, bool)
    kept[left_out] = False
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

    if len(structure.labels) >= _MOST_PARTITIONS:
        return np.zeros(network.table.shape, bool)
    structure = _with_singletons(structure, len(network.right))
    neurons, m = structure.neurons, network.right.shape[1]
    sizes = structure.labels.max(axis=1) + 1
    rows = np.concatenate([[0], np.cumsum(sizes)])
    index = np.ascontiguousarray(structure.labels.T + rows[:-1])
    values, used = _coset_values(network.right, structure, sizes)
    weights = network.weights
    heights = np.abs(weights).max(axis=1)
    for_left, for_right = rounding_allowance(
        network,
        right=used,
        largest=heights,
        constant=float(np.abs(network.bias).max()),
        # Casting three numbers, the sum of two of them, the product, and the sum over neurons.
        terms=m + 8,
    )
    # A hidden value moves by between 0 and what its summand moves: by half of it, and half at most.
    half = (network.right - used) / 2
    scale = balanced_scale(weights, np.sqrt(np.einsum("bi,bi->i", half, half)))
    spread = farthest(weights * scale[:, None])
    half /= scale
    away = np.sqrt(np.einsum("bi,bi->b", half, half)) * _SLACK
    half *= scale
    first = half @ weights + network.bias
    unit, whole = _whole(network, first, used, heights)
    for_right += (len(structure.labels) + 1) * 2 * _HALF / unit
    out = np.empty(network.table.shape, bool)
    coset_certified(
        _single(network.left[:, neurons]),
        values,
        structure.starts,
        rows,
        _padded(weights[neurons], np.float32),
        index,
        whole,
        unit,
        away,
        spread,
        network.table,
        for_left,
        for_right,
        out,
    )
    return out


def _whole(
    network: RectifiedNetwork,
    first: Float[NDArray[Any], "n c"],
    used: Float[NDArray[Any], "n m"],
    heights: Float[NDArray[Any], " m"],
) -> tuple[np.float32, NDArray[np.int16]]:
    """Return how many units are one, so that no sum of scores overflows; and numbers in units."""
    hidden = np.maximum(network.left.max(axis=0) + used.max(axis=0), 0)
    most = hidden @ heights + np.abs(first).max()
    room = _LARGEST_SUM - _MOST_PARTITIONS  # each rounding may add half a unit
    unit = np.float32(room / max(_ROUNDED_UP * most, _TINY))
    return unit, _padded(np.rint(first * np.float64(unit)), np.int16)


def _with_singletons(structure: CosetSums, n: int) -> CosetSums:
    """Return the structure with all neurons: the others see every symbol by itself."""
    others = structure.others
    if not len(others) and len(structure.labels):
        return structure
    return CosetSums(
        neurons=np.concatenate([structure.neurons, others]),
        starts=np.append(structure.starts, structure.starts[-1] + len(others)),
        labels=np.vstack([structure.labels, np.arange(n)]),
        others=others[:0],
    )


def _coset_values(
    right: Float[NDArray[Any], "n m"],
    structure: CosetSums,
    sizes: Int[NDArray[Any], " p"],
) -> tuple[NDArray[np.float32], Float[NDArray[Any], "n m"]]:
    """Return the mean of each neuron on each coset, and the summands that it replaces."""
    from cayley.interpretation.bounds._bound_kernels import coset_means

    values = np.zeros((len(structure.neurons), int(sizes.max())), np.float32)
    used = right.copy()
    coset_means(right, structure.neurons, structure.starts, structure.labels, sizes, values, used)
    return values, used


def _single(array: Float[NDArray[Any], "..."]) -> NDArray[np.float32]:
    return np.ascontiguousarray(array, np.float32)


def _padded(array: Float[NDArray[Any], "... n"], dtype: type[np.generic]) -> NDArray[Any]:
    """Return the array with zeros, so that its last axis is halved twice to a multiple of 16."""
    n = array.shape[-1]
    out = np.zeros((*array.shape[:-1], n + -n % 64), dtype)
    out[..., :n] = array
    return out

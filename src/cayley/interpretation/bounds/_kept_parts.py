r"""Margins of a network whose unembedding has few irreducible parts.

The unembedding is kept where it is large, in some parts of the functions on the group and for each
part in some neurons: :math:`U = \Phi M^T + E` with the columns of :math:`\Phi` an orthonormal basis
of the parts and :math:`M` with few entries. In a cyclic group a neuron of frequency :math:`k` has
entries at :math:`k` and at a few of its multiples. The kept part is computed for all pairs through
its coordinates :math:`M^T h(a, b)`.

Most of a hidden value is the sum of a number for a and one for b, :math:`h_i(a, b) \approx A_{ai} +
B_{bi}`; what the rest of the unembedding makes of these sums is two small products. What is left
moves the margin against c by at most

.. math:: \lVert h(a, b) - A_a - B_b \rVert \, \max_{c'} \lVert E_{c} - E_{c'} \rVert

by the inequality of Cauchy and Schwarz. Neurons with hardly any weight are not evaluated: a hidden
value lies between 0 and :math:`|L_{ai}| + |R_{bi}|`.

Source: in the sense of Gross et al. (2024), "Compact proofs of model performance via mechanistic
interpretability", arXiv:2406.11779: exact in a subspace, a norm for the rest.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.interpretation.bounds._norms import SQUARED, balanced_scale, farthest
from cayley.interpretation.bounds._rectified_network import RectifiedNetwork, rounding_allowance
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis, part_energies

__all__ = ["KeptParts", "kept_parts", "pairs_by_parts"]

_ROWS = 8
"""Left operands at once: 8 x 113 x 128 scores in float32 are 460 kB, which fit into the cache."""

_MOMENT_ROWS = 16
"""Left operands at once for means: their hidden values in float64 are 2 MB."""

_EVEN = 64
"""Right operands are filled up to a multiple of this, four registers of 16 numbers (AVX-512)."""

_IDLE = 2e-3
"""Neurons that together move scores by less than this share of their deviation stay out: their
slack is then far below a margin. A third of the neurons of networks on C113 were such."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptParts:
    """Which neurons keep which parts of the unembedding: what a proof rests on.

    Attributes:
        neurons: The neurons that are evaluated, shape ``(s,)``.
        basis: Orthonormal, shape ``(n, r)``.
        columns: The first coordinate of each of ``p`` parts, and ``r``, shape ``(p + 1,)``.
        members: For each part the places in ``neurons`` that keep it, one part after the other.
        starts: The first of each part, and their number, shape ``(p + 1,)``.
        left_mean: What hidden values are compared with: a number for each left operand, shape
            ``(k, s)``.
        right_mean: To which one for each right operand is added, shape ``(n, s)``.
        deviation: How far hidden values are typically from the sum, shape ``(s,)``.
    """

    neurons: Int[NDArray[Any], " s"]
    basis: Float[NDArray[Any], "n r"]
    columns: Int[NDArray[Any], " p1"]
    members: Int[NDArray[Any], " e"]
    starts: Int[NDArray[Any], " p1"]
    left_mean: Float[NDArray[Any], "k s"]
    right_mean: Float[NDArray[Any], "n s"]
    deviation: Float[NDArray[Any], " s"]

    def at(self, rows: Int[NDArray[Any], " k"]) -> "KeptParts":
        """Return the structure for some left operands alone."""
        return replace(self, left_mean=self.left_mean[rows])

    def cost(self, m: int) -> float:
        """Return the expected time, relative to running the network of ``m`` neurons."""
        n = len(self.basis)
        entries = float(np.diff(self.starts) @ np.diff(self.columns))
        # Measured on C113: hidden values, additions and maxima take 0.2 of the time of running;
        # a coordinate costs as much as half a neuron, and an entry twice what it costs in BLAS.
        return 0.2 + 0.5 * float(self.columns[-1]) / m + entries / (m * n)


def kept_parts(
    network: RectifiedNetwork,
    basis: AdaptedBasis,
    *,
    coordinates: tuple[float, ...],
    entries: tuple[float, ...],
) -> list[KeptParts]:
    """Return structures that keep ever more of the unembedding.

    Args:
        network: The network, for all left operands.
        basis: Of the group.
        coordinates: How many there are, as shares of the number of neurons.
        entries: How many of them a neuron has, on average.
    """
    if len(basis.irreducibles) == 1 or not network.weights.any():
        return []
    left_mean, right_mean, deviation = _additive_means(network)
    neurons = _active(network, deviation)
    centered = network.weights - network.weights.mean(axis=1, keepdims=True)
    # What a part does to the scores: its energy times the variance of the hidden value. By column:
    # a part of large dimension costs more for the same energy.
    energies = part_energies(basis, centered[neurons].T) * deviation[neurons] ** 2
    energies /= basis.dimensions[:, None]
    order = np.argsort(-energies.sum(axis=1), kind="stable")
    widths = np.cumsum(basis.dimensions[order])
    found, seen = [], set()
    for share in coordinates:
        parts = order[widths <= share * network.right.shape[1]]
        for density in entries:
            kept = _entries(energies[parts], basis.dimensions[parts], density * len(neurons))
            if not kept.any() or kept.tobytes() in seen:
                continue
            seen.add(kept.tobytes())
            used = kept.any(axis=1)
            columns = [np.flatnonzero(basis.labels == part) for part in parts[used]]
            members = [np.flatnonzero(row) for row in kept[used]]
            found.append(
                KeptParts(
                    neurons=neurons,
                    basis=basis.basis[:, np.concatenate(columns)],
                    columns=_starts(columns),
                    members=np.concatenate(members),
                    starts=_starts(members),
                    left_mean=left_mean[:, neurons],
                    right_mean=right_mean[:, neurons],
                    deviation=deviation[neurons],
                )
            )
    return found


def _starts(lists: list[NDArray[Any]]) -> Int[NDArray[Any], " p1"]:
    return np.cumsum([0, *map(len, lists)])


def _additive_means(
    network: RectifiedNetwork,
) -> tuple[Float[NDArray[Any], "k m"], Float[NDArray[Any], "n m"], Float[NDArray[Any], " m"]]:
    """Return the sum of a number for a and one for b next to the hidden values, and the rest."""
    k, (n, m) = len(network.left), network.right.shape
    left_mean, right_mean, squares = np.empty((k, m)), np.zeros((n, m)), np.zeros(m)
    for first in range(0, k, _MOMENT_ROWS):
        rows = slice(first, first + _MOMENT_ROWS)
        hidden = np.maximum(network.left[rows][:, None, :] + network.right, 0)
        left_mean[rows] = hidden.mean(axis=1)
        right_mean += hidden.sum(axis=0) / k
        squares += np.einsum("abi,abi->i", hidden, hidden) / (k * n)
    mean = right_mean.mean(axis=0)
    right_mean -= mean
    # The variances of the two sums and of what is left of both add up.
    rest = squares - (left_mean**2).mean(axis=0) - (right_mean**2).mean(axis=0)
    return left_mean, right_mean, np.sqrt(np.maximum(rest, 0))


def _active(
    network: RectifiedNetwork, deviation: Float[NDArray[Any], " m"]
) -> Int[NDArray[Any], " s"]:
    """Return the neurons without those that hardly move any score."""
    ranges = network.weights.max(axis=1) - network.weights.min(axis=1)
    most = ranges * (np.abs(network.left).max(axis=0) + np.abs(network.right).max(axis=0))
    order = np.argsort(most, kind="stable")
    typical = float(np.linalg.norm(ranges * deviation))
    idle = np.cumsum(most[order]) <= _IDLE * typical
    return np.sort(order[~idle])


def _entries(
    energies: Float[NDArray[Any], "p s"], widths: Int[NDArray[Any], " p"], most: float
) -> Bool[NDArray[Any], "p s"]:
    """Return the largest entries that have so many columns together."""
    order = np.argsort(-energies, axis=None, kind="stable")
    columns = np.repeat(widths, energies.shape[1])[order]
    chosen = (np.cumsum(columns) <= most) & (energies.reshape(-1)[order] > 0)
    kept = np.zeros(energies.size, bool)
    kept[order[chosen]] = True
    return kept.reshape(energies.shape)


def pairs_by_parts(network: RectifiedNetwork, structure: KeptParts) -> Bool[NDArray[Any], "k n"]:
    """Return the pairs that are proved to be answered right.

    Valid for any basis, entries and means: they decide how much is proved, and not whether it is
    true.
    """
    from cayley.interpretation.bounds._bound_kernels import part_coordinates, parts_certified

    k, n = network.table.shape
    neurons = structure.neurons
    weights = network.weights
    basis = structure.basis.astype(np.float32)
    inside, kept, absolute = _kept(weights[neurons], basis, structure)
    members, starts = _in_fours(structure)
    rest = weights[neurons] - kept
    largest = np.abs(weights).max(axis=1)
    largest[neurons] = np.maximum(largest[neurons], absolute)
    terms = weights.shape[0] + basis.shape[1] + 8
    for_left, for_right = rounding_allowance(
        network,
        right=network.right,
        largest=largest,
        constant=float(np.abs(network.bias).max()),
        terms=terms,
    )
    if len(neurons) < len(weights):
        idle = np.ones(len(weights), bool)
        idle[neurons] = False
        ranges = (weights[idle].max(axis=1) - weights[idle].min(axis=1)) * (1 + SQUARED)
        for_left += np.abs(network.left[:, idle]) @ ranges
        for_right += np.abs(network.right[:, idle]) @ ranges
    # Products of the means with the rest are taken in float32, with fewer roundings than `terms`.
    relative = 4 * terms * 2.0**-24
    heights = relative * np.abs(rest).max(axis=1)
    unit = (1 / balanced_scale(rest, structure.deviation)).astype(np.float32)
    scale = 1 / unit.astype(np.float64)
    # The rest is known up to rounding in float64, which is below 1e-15 for each of r terms.
    spread = farthest(rest * scale[:, None])
    spread += SQUARED * float(np.linalg.norm(largest[neurons] * scale))
    left, right = (each[:, neurons].astype(np.float32) for each in (network.left, network.right))
    left_mean, right_mean = (
        each.astype(np.float32) for each in (structure.left_mean, structure.right_mean)
    )
    for_left += _for_distance(left, left_mean, unit, heights, relative * spread.max())
    for_right += _for_distance(right, right_mean, unit, heights, relative * spread.max())
    spread *= 1 + relative
    single = rest.astype(np.float32)
    constant = left_mean @ single
    added = _columns(right_mean @ single + network.bias)
    right, right_mean = _columns(right), _columns(right_mean)
    width = added.shape[1]
    hidden = np.empty((len(neurons), width), np.float32)
    coordinates = np.empty((_ROWS, basis.shape[1], width), np.float32)
    squares = np.empty((_ROWS, width), np.float32)
    scores = np.empty((_ROWS, n, width), np.float32)
    out = np.empty((k, n), bool)
    for first in range(0, k, _ROWS):
        last = min(first + _ROWS, k)
        part_coordinates(
            first, last, left, right, left_mean, right_mean, unit, starts, structure.columns,
            members, inside, hidden, coordinates, squares,
        )  # fmt: skip
        count = last - first
        np.matmul(basis, coordinates[:count], out=scores[:count])
        parts_certified(
            first, last, scores, constant, added, squares, spread, network.table, for_left,
            for_right, out,
        )  # fmt: skip
    return out


def _for_distance(
    summand: NDArray[np.float32],
    mean: NDArray[np.float32],
    unit: NDArray[np.float32],
    heights: Float[NDArray[Any], " s"],
    relative: float,
) -> Float[NDArray[Any], " n"]:
    """Return what rounding can change in products of the means, and in the distance from them.

    The distance is rounded by a factor, which is counted elsewhere, and for each hidden value by
    the allowance of its summands and of the two means.
    """
    size = np.abs(mean)
    products: Float[NDArray[Any], " n"] = size @ heights
    size += np.abs(summand)
    size *= unit
    products += 2 * relative * np.sqrt(np.einsum("ai,ai->a", size, size))
    return products


def _kept(
    weights: Float[NDArray[Any], "s n"], basis: Float[NDArray[Any], "n r"], structure: KeptParts
) -> tuple[NDArray[np.float32], Float[NDArray[Any], "s n"], Float[NDArray[Any], " s"]]:
    """Return the entries in float32, the weights that they stand for, and a bound on their sums.

    Entries: a row for each coordinate, with one number for each member of its part, then zeros.
    """
    held = (weights @ basis).astype(np.float32)
    columns, starts, members = structure.columns, structure.starts, structure.members
    counts = np.diff(starts)
    entries = np.zeros((len(basis.T), int(counts.max(initial=0)) + 3), np.float32)
    exact = np.zeros(held.shape)
    for p in range(len(counts)):
        own, here = members[starts[p] : starts[p + 1]], slice(columns[p], columns[p + 1])
        kept = held[own, here]
        entries[here, : len(own)] = kept.T
        exact[own, here] = kept
    wide = basis.astype(np.float64)
    absolute = (np.abs(exact) @ np.abs(wide).T).max(axis=1)
    return entries, exact @ wide.T, absolute


def _in_fours(structure: KeptParts) -> tuple[Int[NDArray[Any], " e"], Int[NDArray[Any], " p1"]]:
    """Return members and starts with each part filled up to a multiple of four members.

    Which neurons fill it up does not matter: their entries are 0.
    """
    counts = np.diff(structure.starts)
    starts = np.concatenate([[0], np.cumsum(counts + -counts % 4)])
    members = np.zeros(int(starts[-1]), np.int64)
    shift = np.repeat(starts[:-1] - structure.starts[:-1], counts)
    members[np.arange(len(structure.members)) + shift] = structure.members
    return members, starts


def _columns(array: Float[NDArray[Any], "n s"]) -> NDArray[np.float32]:
    """Return the transpose with its rows filled up by zeros."""
    n, s = array.shape
    out = np.zeros((s, n + -n % _EVEN), np.float32)
    out[:, :n] = array.T
    return out

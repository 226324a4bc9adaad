r"""Margins of a network whose unembedding has few parts for each kind of neuron.

Neurons are put into blocks by the irreducible part that their summands lie in. For each block
:math:`B` the unembedding is kept in a few parts, which in a cyclic group are the frequency of the
neurons and some of its multiples: :math:`U_B = M_B \Phi_B^T + E_B` with the columns of
:math:`\Phi_B` an orthonormal basis of these parts. The kept part is computed for all pairs, through
its coordinates :math:`M_B^T h_B`; the rest moves the margin against c by at most

.. math:: \lVert h(a, b) - \bar h \rVert \, \max_{c'} \lVert E_{c} - E_{c'} \rVert
   \quad\text{about}\quad \bar h \cdot (E_c - E_{c'}),

for any vector :math:`\bar h`, by the inequality of Cauchy and Schwarz.

Source: in the sense of Gross et al. (2024), "Compact proofs of model performance via mechanistic
interpretability", arXiv:2406.11779: exact in a subspace, a norm for the rest.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Bool, Float, Int
from cayley.interpretation.bounds._rectified_network import RectifiedNetwork, rounding_allowance
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis, part_energies

__all__ = ["BlockUnembedding", "block_unembeddings", "pairs_by_blocks"]

_ROWS = 8
"""Left operands at once: 8 x 113 x 113 scores in float32 are 400 kB, which fit into the cache."""

_MOMENT_ROWS = 32
"""Left operands that the mean of hidden values is taken over: 32 x 113 pairs give it to 2 %."""

_SQUARED = 1e-12
"""Relative rounding of squared distances from inner products in float64 of up to 1000 terms."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockUnembedding:
    """Which neurons keep which parts of the unembedding: what a proof rests on.

    Attributes:
        neurons: All neurons, sorted by block, shape ``(m,)``.
        starts: The first of each of ``p`` blocks, and ``m``, shape ``(p + 1,)``.
        columns: The first coordinate of each block, and their number ``r``, shape ``(p + 1,)``.
        basis: Orthonormal in each block, shape ``(n, r)``.
        mean: The hidden values that distances are measured from, shape ``(m,)``.
        deviation: How far they are typically from it, shape ``(m,)``.
    """

    neurons: Int[NDArray[Any], " m"]
    starts: Int[NDArray[Any], " p1"]
    columns: Int[NDArray[Any], " p1"]
    basis: Float[NDArray[Any], "n r"]
    mean: Float[NDArray[Any], " m"]
    deviation: Float[NDArray[Any], " m"]

    def cost(self) -> float:
        """Return the expected time, relative to running the network on all pairs."""
        n, m = len(self.basis), len(self.neurons)
        inside = float(np.diff(self.starts) @ np.diff(self.columns))
        # Products in blocks run at half the speed of BLAS; hidden values and maxima cost as much.
        return float(self.columns[-1]) / m + 2 * inside / (m * n) + 0.2


def block_unembeddings(
    network: RectifiedNetwork, basis: AdaptedBasis, kept: tuple[float, ...]
) -> list[BlockUnembedding]:
    """Return structures that keep ever more parts of the unembedding.

    Args:
        network: The network, for all left operands.
        basis: Of the group.
        kept: A part of a block is kept if it has this share of the energy of the unembedding.
    """
    if len(basis.irreducibles) == 1 or not network.weights.size:
        return []
    energies = part_energies(basis, network.left) + part_energies(basis, network.right)
    own = 1 + energies[1:].argmax(axis=0)
    centered = (network.weights - network.weights.mean(axis=1, keepdims=True)).T
    parts = part_energies(basis, centered)
    blocks = np.unique(own)
    shares = np.array([parts[:, own == block].sum(axis=1) for block in blocks])
    # A part of large dimension costs more for the same energy.
    shares = (
        shares
        / max(shares.sum(), np.finfo(float).tiny)
        * (basis.dimensions.min() / basis.dimensions)
    )
    mean, deviation = _hidden_moments(network)
    neurons = np.argsort(own, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.unique(own, return_counts=True)[1])])
    found = []
    for least in kept:
        chosen = [np.isin(basis.labels, np.flatnonzero(row >= least)) for row in shares]
        widths = [int(each.sum()) for each in chosen]
        found.append(
            BlockUnembedding(
                neurons=neurons,
                starts=starts.astype(np.int64),
                columns=np.concatenate([[0], np.cumsum(widths)]).astype(np.int64),
                basis=np.hstack([basis.basis[:, each] for each in chosen]),
                mean=mean[neurons],
                deviation=deviation[neurons],
            )
        )
    return found


def _hidden_moments(
    network: RectifiedNetwork,
) -> tuple[Float[NDArray[Any], " m"], Float[NDArray[Any], " m"]]:
    """Return mean and standard deviation of the hidden values over some pairs, not all."""
    # Evenly spaced operands would see only one phase of some frequencies.
    count = min(len(network.left), _MOMENT_ROWS)
    rows = np.random.default_rng(0).choice(len(network.left), count, replace=False)
    hidden = np.maximum(network.left[rows][:, None, :] + network.right, 0)
    return hidden.mean(axis=(0, 1)), hidden.std(axis=(0, 1))


def pairs_by_blocks(
    network: RectifiedNetwork, structure: BlockUnembedding
) -> Bool[NDArray[Any], "k n"]:
    """Return the pairs that are proved to be answered right.

    Valid for any blocks, basis and mean: they decide how much is proved, and not whether it is
    true.
    """
    from cayley.interpretation.bounds._bound_kernels import block_certified, block_coordinates

    k, n = network.table.shape
    m, r = len(structure.neurons), int(structure.columns[-1])
    weights = network.weights[structure.neurons]
    basis = structure.basis.astype(np.float32)
    mean = structure.mean.astype(np.float32)
    widest = int(np.diff(structure.columns).max(initial=0))
    inside = np.zeros((m, widest), np.float32)
    rest, largest = weights.copy(), np.abs(weights).max(axis=1)
    for p in range(len(structure.starts) - 1):
        rows = slice(structure.starts[p], structure.starts[p + 1])
        columns = basis[:, structure.columns[p] : structure.columns[p + 1]].astype(np.float64)
        held = (weights[rows] @ columns).astype(np.float32)
        inside[rows, : held.shape[1]] = held
        exact = held.astype(np.float64)
        rest[rows] -= exact @ columns.T
        np.maximum(
            largest[rows], (np.abs(exact) @ np.abs(columns).T).max(axis=1), out=largest[rows]
        )
    constant = network.bias + mean.astype(np.float64) @ rest
    terms = m + r + 8
    ordered = RectifiedNetwork(
        left=network.left[:, structure.neurons],
        right=network.right[:, structure.neurons],
        weights=weights,
        bias=network.bias,
        table=network.table,
    )
    most = float(np.abs(network.bias).max() + (np.abs(mean) @ np.abs(rest)).max())
    for_left, for_right = rounding_allowance(
        ordered, right=ordered.right, largest=largest, constant=most, terms=terms
    )
    # The rest is known up to rounding in float64, which is below 1e-15 for each of r terms.
    scale = _scale(rest, structure.deviation)
    unit = (1 / scale).astype(np.float32)
    scale = 1 / unit.astype(np.float64)
    spread = _spread(rest * scale[:, None]) + 1e-12 * float(np.linalg.norm(largest * scale))
    # The distance from the mean is rounded too: by a factor, and for each hidden value by the
    # allowance of its summands.
    relative = 4 * terms * 2.0**-24
    for_left = for_left + relative * np.linalg.norm(ordered.left * unit, axis=1) * spread.max()
    for_right = for_right + relative * np.linalg.norm(ordered.right * unit, axis=1) * spread.max()
    spread = spread * (1 + relative)
    expanded = np.hstack([basis, constant[:, None].astype(np.float32)])
    left = np.ascontiguousarray(ordered.left, np.float32)
    right = np.ascontiguousarray(ordered.right.T, np.float32)
    out = np.empty((k, n), bool)
    for first in range(0, k, _ROWS):
        last = min(first + _ROWS, k)
        coordinates = np.empty((last - first, r + 1, n), np.float32)
        squares = np.empty((last - first, n), np.float32)
        block_coordinates(
            first, last, left, right, structure.starts, structure.columns, inside, mean,
            unit, coordinates, squares,
        )  # fmt: skip
        scores = expanded @ coordinates
        block_certified(first, scores, squares, spread, network.table, for_left, for_right, out)
    return out


def _scale(
    rest: Float[NDArray[Any], "m n"], deviation: Float[NDArray[Any], " m"]
) -> Float[NDArray[Any], " m"]:
    r"""Return the scale :math:`s` of each neuron for which the two norms are small together.

    Any positive one is valid. The expected :math:`\lVert h/s \rVert^2 \lVert s E \rVert^2` is
    least where :math:`s_i^2` is the deviation of the hidden value over the norm of its row.
    """
    norms = np.linalg.norm(rest, axis=1)
    # Within a factor of 1000 of each other, also where a row or a deviation is 0.
    norms = np.maximum(norms, 1e-6 * max(float(norms.max()), 1e-30))
    deviation = np.maximum(deviation, 1e-6 * max(float(deviation.max()), 1e-30))
    ratio = deviation / norms
    scale: Float[NDArray[Any], " m"] = np.clip(np.sqrt(ratio / np.median(ratio)), 1e-3, 1e3)
    return scale


def _spread(rest: Float[NDArray[Any], "m n"]) -> Float[NDArray[Any], " n"]:
    """Return for each symbol the largest distance of its column from another, rounded up."""
    products = rest.T @ rest
    norms = np.diagonal(products)
    squares = norms[:, None] + norms - 2 * products + _SQUARED * (norms[:, None] + norms)
    spread: Float[NDArray[Any], " n"] = np.sqrt(np.maximum(squares, 0).max(axis=1))
    return spread

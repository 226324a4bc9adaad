r"""What each neuron depends on: functions of a, b and ab, their parts, and cosets.

On the pairs of a Latin square the functions of :math:`a`, of :math:`b` and of :math:`ab`, without
constants, are orthogonal to each other. So the variance of a neuron splits into that of its means
over rows, columns and equal products, and a rest that depends on the pair in other ways.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Shaped
from cayley.algebra import Isotopism
from cayley.interpretation.parts._coset_dependence import CosetPartition, best_cosets
from cayley.interpretation.parts._isotypic_energy import FEW, LEVEL
from cayley.interpretation.parts._measured_parts import OF, CosetDependence, NeuronPart
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis, part_energies

__all__ = ["NeuronFunctions", "describe_neurons", "neuron_functions"]

_WORTH_A_COSET = 0.01
"""Functions with less of a neuron's variance are not compared with cosets."""

_SIDES: dict[str, Literal["left", "right"]] = {"a": "left", "b": "right", "ab": "left"}
"""Which cosets are preferred where both sides explain as much: for a in xH and b in Hy the product
is in xHy."""

_CONSTANT = 1e-12
"""Variance relative to the largest of all neurons below which a neuron is constant: rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NeuronFunctions:
    """The means of ``m`` neurons as functions on the group, without their constants.

    Attributes:
        means: Of ``a``, ``b`` and ``ab``, shape ``(3, n, m)``, float64.
        constant: The mean over all pairs, shape ``(m,)``.
        variance: Over all pairs, shape ``(m,)``.
    """

    means: Float[NDArray[Any], "3 n m"]
    constant: Float[NDArray[Any], " m"]
    variance: Float[NDArray[Any], " m"]

    @property
    def depends(self) -> Float[NDArray[Any], "3 m"]:
        """The shares of the variance that are functions of ``a``, ``b`` and ``ab``."""
        parts = (self.means**2).mean(axis=1)
        shares: Float[NDArray[Any], "3 m"] = np.divide(
            parts, self.variance, out=np.zeros_like(parts), where=self.variance > 0
        )
        # A rest of rounding, such as 1e-16 of ab in sums of a and b, is none.
        return np.where(shares < _CONSTANT, 0.0, np.minimum(shares, 1.0))


def neuron_functions(
    neurons: Shaped[NDArray[Any], "n n m"], isotopism: Isotopism
) -> NeuronFunctions:
    """Return the means of neurons over rows, columns and products, as functions on the group.

    Args:
        neurons: Their values at each pair of symbols.
        isotopism: The maps of rows and columns to group elements.

    Example:
        >>> from cayley.algebra import find_isotopism
        >>> found = find_isotopism([[0, 1], [1, 0]])
        >>> neurons = np.array([[[0.0], [1.0]], [[1.0], [0.0]]])
        >>> neuron_functions(neurons, found).depends[:, 0].tolist()
        [0.0, 0.0, 1.0]
    """
    n, _, m = neurons.shape
    row_of, column_of = np.argsort(isotopism.rows), np.argsort(isotopism.columns)
    of_a, of_b, of_ab = np.zeros((n, m)), np.zeros((n, m)), np.zeros((n, m))
    squares = np.zeros(m)
    products = isotopism.group.table
    # First the constants, so that the variance is no difference of large numbers.
    constant = np.mean([row.mean(axis=0, dtype=np.float64) for row in neurons], axis=0)
    for x in range(n):
        values = neurons[row_of[x]][column_of].astype(np.float64) - constant  # (y, m)
        of_a[x] = values.mean(axis=0)
        of_b += values / n
        of_ab[products[x]] += values / n  # the products of a row are all different
        squares += (values**2).sum(axis=0)
    variance = squares / n**2
    variance[variance <= _CONSTANT * max(float(variance.max()), np.finfo(float).tiny)] = 0
    means = np.stack([of_a, of_b, of_ab])
    means[:, :, variance == 0] = 0
    return NeuronFunctions(means=means, constant=constant, variance=variance)


def describe_neurons(
    functions: NeuronFunctions,
    basis: AdaptedBasis,
    partitions: tuple[CosetPartition, ...] | None,
    *,
    layer: str,
    permutations: int,
    random: np.random.Generator,
) -> tuple[NeuronPart, ...]:
    """Return the part, the concentration and the best cosets of each neuron.

    The null of concentrations and of cosets is one for the layer: each permutation shuffles the
    symbols of a neuron that is drawn at random.
    """
    energies = sum(part_energies(basis, each) for each in functions.means)
    assert not isinstance(energies, int)
    concentration, best = _concentration(energies)
    shuffled = _shuffled(functions, permutations, random)
    null = _null_concentration(basis, shuffled)
    cosets = _coset_columns(functions, partitions, shuffled) if partitions else {}
    depends = functions.depends
    return tuple(
        NeuronPart(
            index=i,
            layer=layer,
            depends={of: float(depends[j, i]) for j, of in enumerate(OF)},
            irreducible=int(best[i]) if concentration[i] > 0 else None,
            concentration=float(concentration[i]),
            claimed=bool(concentration[i] > null),
            cosets=tuple(cosets[i, j] for j in range(3) if (i, j) in cosets),
        )
        for i in range(depends.shape[1])
    )


def _concentration(
    energies: Float[NDArray[Any], "k m"],
) -> tuple[Float[NDArray[Any], " m"], NDArray[np.int64]]:
    """Return the largest share of a part in each column, and which part it is."""
    total = energies.sum(axis=0)
    best = energies.argmax(axis=0)
    largest = energies.max(axis=0)
    shares = np.divide(largest, total, out=np.zeros_like(total), where=total > 0)
    return shares, best


def _shuffled(
    functions: NeuronFunctions, permutations: int, random: np.random.Generator
) -> Float[NDArray[Any], "3 n p"]:
    """Return the functions of neurons drawn at random, each with its symbols shuffled."""
    n = functions.means.shape[1]
    alive = np.flatnonzero(functions.variance > 0)
    if not len(alive):
        return np.zeros((3, n, 0))
    drawn = random.choice(alive, permutations)
    if n <= FEW:  # a single function that is rotated at random is Gaussian noise
        noise: Float[NDArray[Any], "3 n p"] = random.standard_normal((3, n, permutations))
        noise -= noise.mean(axis=1, keepdims=True)
        return noise
    shuffled: Float[NDArray[Any], "3 n p"] = np.stack(
        [
            np.stack([random.permutation(each[:, i]) for i in drawn], axis=1)
            for each in functions.means
        ]
    )
    return shuffled


def _null_concentration(basis: AdaptedBasis, shuffled: Float[NDArray[Any], "3 n p"]) -> float:
    if not shuffled.shape[2]:
        return 1.0
    energies = sum(part_energies(basis, each) for each in shuffled)
    assert not isinstance(energies, int)
    return float(np.quantile(_concentration(energies)[0], LEVEL))


def _coset_columns(
    functions: NeuronFunctions,
    partitions: tuple[CosetPartition, ...],
    shuffled: Float[NDArray[Any], "3 n p"],
) -> dict[tuple[int, int], CosetDependence]:
    """Return the best cosets by neuron and function, where the function is worth it."""
    worth = functions.depends >= _WORTH_A_COSET
    found = {}
    for j, of in enumerate(OF):
        columns = np.flatnonzero(worth[j])
        if not len(columns):
            continue
        # Only functions of the same kind that are not constant make the null.
        null = shuffled[j][:, (shuffled[j] ** 2).sum(axis=0) > 0]
        limit = -np.inf
        side = _SIDES[of]
        if null.shape[1]:
            criteria = best_cosets(partitions, null, side=side).criterion
            limit = float(np.quantile(criteria, 1 - LEVEL))
        best = best_cosets(partitions, functions.means[j][:, columns], side=side)
        for at, i in enumerate(columns.tolist()):
            partition = partitions[best.place[at]]
            found[i, j] = CosetDependence(
                of=of,
                side=partition.side,
                subgroup_class=partition.subgroup_class,
                order=len(partition.elements),
                elements=partition.elements,
                generators=partition.generators,
                cosets=len(partition.listed),
                share=float(best.share[at]),
                adjusted=float(best.adjusted[at]),
                sharp=bool(best.criterion[at] < limit),
            )
    return found

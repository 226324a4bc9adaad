"""What a network answers when parts of it are taken away: whether a claim is what it computes with.

The constant part of an embedding, its mean over the symbols, says nothing about symbols and always
stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Isotopism
from cayley.interpretation.parts._measured_parts import Intervention, NeuronPart
from cayley.interpretation.parts._neurons import NeuronFunctions
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis

__all__ = [
    "Changeable",
    "OnSymbols",
    "embedding_interventions",
    "neuron_interventions",
    "own_part_intervention",
]


class Changeable(Protocol):
    """A network that answers after a change to it."""

    def with_embeddings(
        self, left: Float[NDArray[Any], "n d"], right: Float[NDArray[Any], "n d"]
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with other embeddings of the operands."""

    def without_neurons(
        self,
        layer: str,
        neurons: Int[NDArray[Any], " k"],
        means: Float[NDArray[Any], " m"],
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with neurons replaced by their means over all pairs.

        ``means`` has those of all neurons of the layer, before a rectifier if there is one.
        """

    def with_sums(
        self, layer: str, left: Float[NDArray[Any], "n m"], right: Float[NDArray[Any], "n m"]
    ) -> Int[NDArray[Any], "n n"]:
        """Return the answers with neurons of a layer that are a sum replaced by another sum."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnSymbols:
    """Projections of matrices whose rows are symbols, through a map to the group.

    Attributes:
        basis: Of the group.
        elements: The group element of each symbol.
    """

    basis: AdaptedBasis
    elements: Int[NDArray[Any], " n"]

    def projected(
        self, matrix: Float[NDArray[Any], "n d"], parts: Sequence[int]
    ) -> Float[NDArray[Any], "n d"]:
        """Return the sum of some isotypic parts and the constant one, rows in the same order."""
        on_group = matrix[np.argsort(self.elements)].astype(np.float64)
        on_group = self.basis.projected(on_group, [0, *parts])
        kept: Float[NDArray[Any], "n d"] = on_group[self.elements]
        return kept

    def fitted(
        self, matrix: Float[NDArray[Any], "n d"], entries: Float[NDArray[Any], "n e"]
    ) -> Float[NDArray[Any], "n d"]:
        """Return the best linear function of the entries of matrices, one row an element.

        The entries of representations and a constant; least squares.
        """
        columns = np.hstack([np.ones((len(entries), 1)), entries])[self.elements]
        weights, *_ = np.linalg.lstsq(columns, matrix.astype(np.float64), rcond=None)
        fit: Float[NDArray[Any], "n d"] = columns @ weights
        return fit


def embedding_interventions(
    network: Changeable,
    left: Float[NDArray[Any], "n d"],
    right: Float[NDArray[Any], "n d"],
    *,
    isotopism: Isotopism,
    basis: AdaptedBasis,
    claimed: Sequence[int],
    reference: Int[NDArray[Any], "n n"],
    entries: Float[NDArray[Any], "n e"] | None,
) -> list[Intervention]:
    """Measure accuracy with the claimed parts of the embeddings alone, without, and exact.

    Args:
        network: What answers.
        left: Its embedding of the left operand.
        right: Likewise of the right one.
        isotopism: From symbols to group elements.
        basis: Of the group.
        claimed: The places of the claimed parts.
        reference: The right answers.
        entries: All entries of the matrices of the claimed representations, one row an element.
    """
    names = tuple(basis.irreducibles[i].name for i in claimed)
    rows, columns = (
        OnSymbols(basis=basis, elements=each) for each in (isotopism.rows, isotopism.columns)
    )
    others = [i for i in range(1, len(basis.irreducibles)) if i not in claimed]

    def accuracy(left: NDArray[Any], right: NDArray[Any]) -> float:
        return float((network.with_embeddings(left, right) == reference).mean())

    found = [
        Intervention(
            kind="claimed parts alone",
            parts=names,
            accuracy=accuracy(rows.projected(left, claimed), columns.projected(right, claimed)),
        ),
        Intervention(
            kind="without the claimed parts",
            parts=names,
            accuracy=accuracy(rows.projected(left, others), columns.projected(right, others)),
        ),
    ]
    if entries is not None:
        found.append(
            Intervention(
                kind="exact representation",
                parts=names,
                accuracy=accuracy(rows.fitted(left, entries), columns.fitted(right, entries)),
            )
        )
    return found


def neuron_interventions(
    network: Changeable,
    functions: NeuronFunctions,
    neurons: Sequence[NeuronPart],
    *,
    basis: AdaptedBasis,
    reference: Int[NDArray[Any], "n n"],
) -> list[Intervention]:
    """Measure accuracy without the neurons of each part, those with most neurons first."""
    own: dict[int, list[int]] = {}
    for each in neurons:
        if each.claimed and each.irreducible is not None:
            own.setdefault(each.irreducible, []).append(each.index)
    found = []
    for part, chosen in sorted(own.items(), key=lambda item: (-len(item[1]), item[0])):
        answers = network.without_neurons(neurons[0].layer, np.array(chosen), functions.constant)
        found.append(
            Intervention(
                kind="without the neurons of a part",
                parts=(basis.irreducibles[part].name,),
                accuracy=float((answers == reference).mean()),
                neurons=len(chosen),
            )
        )
    return found


def own_part_intervention(
    network: Changeable,
    functions: NeuronFunctions,
    neurons: Sequence[NeuronPart],
    *,
    isotopism: Isotopism,
    basis: AdaptedBasis,
    reference: Int[NDArray[Any], "n n"],
) -> Intervention:
    """Measure accuracy where each neuron keeps its own part alone.

    The neurons must be sums of a function of a and one of b before the rectifier.
    """
    own = np.array([-1 if each.irreducible is None else each.irreducible for each in neurons])
    kept = np.zeros_like(functions.means[:2])
    for part in np.unique(own[own >= 0]).tolist():
        columns = own == part
        for j in range(2):
            kept[j][:, columns] = basis.projected(functions.means[j][:, columns], [part])
    left = kept[0][isotopism.rows] + functions.constant
    right = kept[1][isotopism.columns]
    answers = network.with_sums(neurons[0].layer, left, right)
    used = sorted(set(own[own >= 0].tolist()))
    return Intervention(
        kind="each neuron its own part alone",
        parts=tuple(basis.irreducibles[i].name for i in used),
        accuracy=float((answers == reference).mean()),
    )

"""Which interventions a network allows, in order, and sentences on those it does not."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.algebra import Isotopism
from cayley.interpretation.interventions._interventions import (
    Changeable,
    embedding_interventions,
    neuron_interventions,
    own_part_intervention,
)
from cayley.interpretation.networks._recomputation import Recomputation, is_additive
from cayley.interpretation.parts._measured_parts import Intervention, NeuronPart
from cayley.interpretation.parts._neurons import NeuronFunctions
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis

__all__ = ["intervene"]


def intervene(
    network: Changeable,
    left: Float[NDArray[Any], "n d"] | None,
    right: Float[NDArray[Any], "n d"] | None,
    *,
    layers: Sequence[tuple[NeuronFunctions, Sequence[NeuronPart]]],
    form: Recomputation | None,
    claimed: Sequence[int],
    reference: Int[NDArray[Any], "n n"],
    isotopism: Isotopism,
    basis: AdaptedBasis,
    seed: int,
    notes: list[str],
) -> list[Intervention]:
    """Take parts and neurons away where that is possible, and add a note where it is not.

    Args:
        network: What answers.
        left: Its embedding of the left operand; the same array as ``right`` if they share one.
        right: Likewise of the right one.
        layers: The neurons of each layer, as functions and described.
        form: How a network of arrays computes; None if a network runs.
        claimed: The places of the claimed parts.
        reference: The right answers.
        isotopism: From symbols to group elements.
        basis: Of the group.
        seed: Chooses the bases of the exact matrices.
        notes: Gets the sentences.
    """
    found: list[Intervention] = []
    if not claimed:
        notes.append("No part is claimed, so none was taken away.")
    elif left is None or right is None:
        notes.append("There are no embeddings to take parts away from.")
    elif left is right and not _same_parts(isotopism, basis):
        notes.append(
            "Both operands share one embedding, but the maps from symbols to group elements differ "
            "so that their parts do: none was taken away."
        )
    else:
        from cayley.interpretation.parts._matrix_parts import entries

        if len(claimed) == len(basis.irreducibles) - 1:
            notes.append(
                "All parts are claimed, so the claimed parts alone are the whole embedding."
            )

        found += embedding_interventions(
            network,
            left,
            right,
            isotopism=isotopism,
            basis=basis,
            claimed=claimed,
            reference=reference,
            entries=entries(basis, claimed, seed=seed),
        )
    if form is not None and form.form == "traces":
        return found  # it has no neurons
    for functions, neurons in layers:
        if not any(neuron.claimed for neuron in neurons):
            continue
        found += neuron_interventions(network, functions, neurons, basis=basis, reference=reference)
        if (form is None or form.form == "rectified sums") and is_additive(functions.depends):
            found.append(
                own_part_intervention(
                    network,
                    functions,
                    neurons,
                    isotopism=isotopism,
                    basis=basis,
                    reference=reference,
                )
            )
    return found


def _same_parts(isotopism: Isotopism, basis: AdaptedBasis) -> bool:
    """Return whether a function of symbols has the same parts through rows and columns."""
    spaces = [
        basis.basis[elements] * (basis.labels + 1.0) @ basis.basis[elements].T
        for elements in (isotopism.rows, isotopism.columns)
    ]
    # Sums of projections with whole coefficients: equal, or a long way apart.
    return bool(np.allclose(spaces[0], spaces[1], atol=1e-6))

"""A network under a group: its layers, its energies, what is claimed, and what that does."""

from dataclasses import dataclass, replace

import numpy as np

from cayley._random import generator
from cayley.algebra import Isotopism
from cayley.interpretation._explanation import Explanation
from cayley.interpretation.interventions._intervene import intervene
from cayley.interpretation.interventions._interventions import Changeable
from cayley.interpretation.networks._file_network import FileNetwork
from cayley.interpretation.networks._network_parts import NetworkParts
from cayley.interpretation.networks._recomputation import Recomputation, is_additive, recomputation
from cayley.interpretation.parts._coset_dependence import MAX_ORDER, coset_partitions
from cayley.interpretation.parts._isotypic_energy import measured_energies
from cayley.interpretation.parts._measured_parts import Intervention, NeuronPart, PartEnergies
from cayley.interpretation.parts._neurons import NeuronFunctions, describe_neurons, neuron_functions
from cayley.interpretation.parts._real_irreducibles import AdaptedBasis, adapted_basis

__all__ = ["take_apart"]

_MORE_THAN_CHANCE = 0.1
"""The share of a layer's neurons that must concentrate more than shuffled ones: of neurons without
structure one in a hundred does, and some more where they depend on each other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """One layer: its neurons as functions on the group, and each of them described."""

    name: str
    functions: NeuronFunctions
    neurons: tuple[NeuronPart, ...]


def take_apart(
    result: Explanation,
    parts: NetworkParts,
    running: "Changeable | None",
    isotopism: Isotopism,
) -> Explanation:
    """Add the parts, the neurons and the interventions to an explanation with a group."""
    notes = list(result.notes)
    try:
        basis = adapted_basis(isotopism.group)
    except ValueError as error:  # more classes than a character table may have
        return replace(result, notes=(*notes, f"The parts were not computed: {error}"))
    layers = _layers(result, parts, isotopism, basis, notes)
    form = None
    if running is None and parts.answers is not None:
        form = _form(parts, layers, isotopism)
    measured = _measured(result, parts, form, isotopism, basis)
    claimed = _claimed_places(measured, layers)
    if form is not None and form.form == "traces":
        measured, claimed = _of_matrices(form, measured, isotopism, basis, notes)
    network: Changeable | None = running if form is None else FileNetwork(form=form)
    interventions: list[Intervention] = []
    if network is not None and result.reference is not None:
        left, right = (parts.left, parts.right) if form is None else (form.left, form.right)
        interventions = intervene(
            network,
            left,
            right,
            layers=[(layer.functions, layer.neurons) for layer in layers],
            form=form,
            claimed=claimed,
            reference=result.reference.array,
            isotopism=isotopism,
            basis=basis,
            seed=result.seed,
            notes=notes,
        )
    elif running is None and parts.answers is not None:
        notes.append(
            "Nothing was taken away from the network: its logits can't be computed from the arrays "
            "at hand. Neurons with an unembedding of the same width would do, or the network."
        )
    return replace(
        result,
        irreducibles=basis.irreducibles,
        generators=tuple(
            (
                result.answers.rows[int(np.flatnonzero(isotopism.rows == g)[0])],
                int(isotopism.group.element_orders[g]),
            )
            for g in basis.generators
        ),
        parts=tuple(measured),
        claimed=tuple(basis.irreducibles[i].name for i in claimed),
        neurons=tuple(neuron for layer in layers for neuron in layer.neurons),
        neuron_functions={layer.name: layer.functions.means for layer in layers},
        interventions=tuple(interventions),
        notes=tuple(notes),
    )


def _layers(
    result: Explanation,
    parts: NetworkParts,
    isotopism: Isotopism,
    basis: AdaptedBasis,
    notes: list[str],
) -> list[Layer]:
    """Return every layer with its neurons described."""
    if not parts.neurons:
        return []
    partitions = coset_partitions(isotopism.group)
    if partitions is None:
        notes.append(
            "Neurons were not compared with cosets: the group has too many subgroups, or more than "
            f"{MAX_ORDER} elements."
        )
    found = []
    for name, values in parts.neurons.items():
        functions = neuron_functions(values, isotopism)
        neurons = describe_neurons(
            functions,
            basis,
            partitions,
            layer=name,
            permutations=result.permutations,
            random=generator(result.seed, "neurons", name),
        )
        found.append(Layer(name=name, functions=functions, neurons=neurons))
    return found


def _form(parts: NetworkParts, layers: list[Layer], isotopism: Isotopism) -> Recomputation | None:
    """Return how the logits follow from the arrays of a file, or None."""
    if not layers:
        return recomputation(parts, False, None)
    functions = layers[0].functions
    # Back from group elements to symbols; the constant goes with the left summand.
    sums = np.stack(
        [
            functions.means[0][isotopism.rows] + functions.constant,
            functions.means[1][isotopism.columns],
        ]
    )
    return recomputation(parts, is_additive(functions.depends), sums)


def _measured(
    result: Explanation,
    parts: NetworkParts,
    form: Recomputation | None,
    isotopism: Isotopism,
    basis: AdaptedBasis,
) -> list[PartEnergies]:
    """Return the energies of the embeddings, of summands of neurons where there are none."""
    left, right = parts.left, parts.right
    if form is not None and form.form == "rectified sums":
        left = form.left if left is None else left
        right = form.right if right is None else right
    found = []
    for name, matrix, elements in (
        ("left", left, isotopism.rows),
        ("right", right, isotopism.columns),
        ("unembedding", parts.unembedding, isotopism.symbols),
    ):
        if matrix is not None:
            found.append(
                measured_energies(
                    basis,
                    matrix[np.argsort(elements)].astype(np.float64),
                    name=name,
                    permutations=result.permutations,
                    random=generator(result.seed, "energies", name),
                )
            )
    return found


def _claimed_places(measured: list[PartEnergies], layers: list[Layer]) -> list[int]:
    """Return the parts claimed in an embedding, or else those that neurons concentrate on."""
    embedded = [each.claimed for each in measured if each.name in ("left", "right")]
    claimed = np.flatnonzero(np.any(embedded, axis=0)).tolist() if embedded else []
    for layer in layers if not claimed else ():
        sharp = [
            neuron.irreducible
            for neuron in layer.neurons
            if neuron.claimed and neuron.irreducible is not None
        ]
        if len(sharp) >= _MORE_THAN_CHANCE * len(layer.neurons):
            claimed += sharp
    return sorted({int(i) for i in claimed})


def _of_matrices(
    form: Recomputation,
    measured: list[PartEnergies],
    isotopism: Isotopism,
    basis: AdaptedBasis,
    notes: list[str],
) -> tuple[list[PartEnergies], list[int]]:
    """Claim what occurs in the representation that the matrices of traces round to.

    The regular representation has the energies of any embedding that knows nothing of the group:
    not the energies but the products of the matrices tell.
    """
    from cayley.interpretation.parts._matrix_parts import multiplicities

    found = multiplicities(form, isotopism)
    if found is None:
        notes.append(
            "The matrices do not round to a representation; what is claimed is by their energies."
        )
        return measured, _claimed_places(measured, [])
    claimed = np.array([any(found[row] for row in each.rows) for each in basis.irreducibles])
    claimed[0] = False
    listed = ", ".join(
        f"{found[each.rows[0]]} {each.name}" for each in basis.irreducibles if found[each.rows[0]]
    )
    notes.append(
        f"The matrices round to a representation with {listed}; these parts are claimed, not by "
        "their energies."
    )
    return [replace(each, claimed=claimed) for each in measured], np.flatnonzero(claimed).tolist()

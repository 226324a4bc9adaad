"""An explanation as a JSON document of schema ``cayley.explanation/1``."""

from typing import TYPE_CHECKING, Any

import numpy as np

from cayley._version import __version__
from cayley.algebra import identify
from cayley.interpretation._sentences import sentences

if TYPE_CHECKING:
    from cayley.algebra import Isotopism
    from cayley.interpretation._explanation import Explanation
    from cayley.interpretation.parts._measured_parts import CosetDependence, NeuronPart
    from cayley.tables import Table

__all__ = ["to_document"]

_DIGITS = 9
"""Decimals of shares: far more than they are known to, and the same on every machine."""


def to_document(explanation: "Explanation") -> dict[str, Any]:
    """Return the document; what is unknown is null or empty."""
    solution = explanation.solution
    return {
        "schema": "cayley.explanation/1",
        "version": __version__,
        "verdict": sentences(explanation),
        "order": explanation.answers.order,
        "labels": {
            "rows": list(explanation.answers.rows),
            "columns": list(explanation.answers.columns),
            "symbols": list(explanation.answers.symbols),
        },
        "answers": None if solution is None else explanation.answers.array.tolist(),
        "accuracy": explanation.accuracy,
        "agreement": explanation.agreement,
        "chance": explanation.chance,
        "table": None if solution is None else _table(explanation),
        "group": _group(explanation),
        "irreducibles": [
            {
                "name": each.name,
                "rows": [row + 1 for row in each.rows],
                "degree": each.degree,
                "dimension": each.dimension,
                "frequency": None if each.frequency is None else list(each.frequency),
            }
            for each in explanation.irreducibles
        ],
        "parts": [
            {
                "name": each.name,
                "energies": [float(f"{value:.{_DIGITS}g}") for value in each.energies.tolist()],
                "shares": np.round(each.shares, _DIGITS).tolist(),
                "chance": np.round(each.null, _DIGITS).tolist(),
                "claimed": each.claimed.tolist(),
                "claimed_share": round(each.claimed_share, _DIGITS),
            }
            for each in explanation.parts
        ],
        "claimed": list(explanation.claimed),
        "neurons": [_neuron(explanation, each) for each in explanation.neurons],
        "interventions": [
            {
                "kind": each.kind,
                "parts": list(each.parts),
                "neurons": each.neurons,
                "accuracy": each.accuracy,
            }
            for each in explanation.interventions
        ],
        "notes": list(explanation.notes),
        "seed": explanation.seed,
        "permutations": explanation.permutations,
        "seconds": explanation.seconds,
    }


def _table(explanation: "Explanation") -> dict[str, Any]:
    """Return the verdict on the answers as a table."""
    solution = explanation.solution
    assert solution is not None
    return {
        "status": solution.status,
        "structure": None if solution.structure is None else str(solution.structure),
        "theory": None if solution.assumption is None else str(solution.assumption),
        "standing": solution.standing,
        "verdict": solution.verdict,
        "wrong": [
            {"row": s.row, "column": s.column, "given": s.given, "expected": s.expected}
            for s in solution.suspects
        ],
    }


def _group(explanation: "Explanation") -> dict[str, Any] | None:
    isotopism = explanation.isotopism
    if isotopism is None:
        return None
    found = identify(isotopism.group)
    return {
        "name": found.name,
        "gap_id": None if found.gap_id is None else list(found.gap_id),
        "order": isotopism.group.order,
        "standing": explanation.standing,
        "is_isomorphism": isotopism.is_isomorphism,
        "maps": {
            "rows": isotopism.rows.tolist(),
            "columns": isotopism.columns.tolist(),
            "symbols": isotopism.symbols.tolist(),
        },
        "generators": [
            {"element": label, "order": order} for label, order in explanation.generators
        ],
    }


def _neuron(explanation: "Explanation", neuron: "NeuronPart") -> dict[str, Any]:
    place = neuron.irreducible
    assert explanation.isotopism is not None
    return {
        "layer": neuron.layer,
        "index": neuron.index,
        "depends": {of: round(share, _DIGITS) for of, share in neuron.depends.items()},
        "part": None if place is None else explanation.irreducibles[place].name,
        "concentration": round(neuron.concentration, _DIGITS),
        "claimed": neuron.claimed,
        "cosets": [
            _coset(each, explanation.isotopism, explanation.answers) for each in neuron.cosets
        ],
    }


def _coset(each: "CosetDependence", isotopism: "Isotopism", answers: "Table") -> dict[str, Any]:
    return {
        "of": each.of,
        "side": each.side,
        "subgroup": {
            "class": each.subgroup_class,
            "order": each.order,
            "generators": element_labels(each.generators, isotopism, answers),
        },
        "cosets": each.cosets,
        "share": round(each.share, _DIGITS),
        "adjusted": round(each.adjusted, _DIGITS),
        "sharp": each.sharp,
        "function_of_coset": each.is_function_of_coset,
    }


def element_labels(
    elements: "tuple[int, ...]", isotopism: "Isotopism", answers: "Table"
) -> list[str]:
    """Return the labels of group elements: those of the symbols that the isotopism maps to them."""
    symbol_of = np.argsort(isotopism.symbols)
    return [answers.symbols[int(symbol_of[element])] for element in elements]

"""An explanation in sentences: what is proved of the table, and what is measured of the network."""

from typing import TYPE_CHECKING

from cayley.algebra import identify
from cayley.interpretation.parts._measured_parts import OF

if TYPE_CHECKING:
    from cayley.interpretation._explanation import Explanation
    from cayley.interpretation.parts._measured_parts import Intervention, PartEnergies

__all__ = ["group_name", "percent", "sentences"]

_SHOWN = 6
"""Most names of parts in a sentence; the table and the document have all."""


def percent(share: float) -> str:
    """Return a share in percent; only 1 is 100 %, and only 0 is 0 %.

    Example:
        >>> percent(1.0), percent(0.99996), percent(0.5), percent(0.00001), percent(0.0)
        ('100 %', '99.9 %', '50 %', 'less than 0.1 %', '0 %')
    """
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    if share < 0.001:
        return "less than 0.1 %"
    return f"{min(100 * share, 99.9):.1f}".removesuffix(".0") + " %"


def group_name(explanation: "Explanation") -> str:
    """Return the name of the group under which parts were measured.

    Raises:
        ValueError: If there is none.
    """
    if explanation.isotopism is None:
        raise ValueError("no group was found, and none was given.")
    return str(identify(explanation.isotopism.group))


def sentences(explanation: "Explanation") -> list[str]:
    """Return the verdict on the answers and what was measured, in sentences."""
    return [
        text
        for text in (
            *_answers(explanation),
            _group(explanation),
            *(_part(explanation, each) for each in explanation.parts),
            _neurons(explanation),
            _cosets(explanation),
            *_causal(explanation),
            *explanation.notes,
            _basis(explanation),
        )
        if text
    ]


def _answers(explanation: "Explanation") -> list[str]:
    solution, size = explanation.solution, explanation.answers.array.size
    if solution is None:
        return []
    parts = []
    if explanation.accuracy is not None:
        parts.append(
            f"The network is right in {percent(explanation.accuracy)} of the {size} cells."
        )
    verdict = solution.verdict
    if solution.isotopism is None:
        parts.append("No group was found in its answers.")
    return [*parts, f"The table of its answers: {verdict}"]


def _group(explanation: "Explanation") -> str:
    if explanation.isotopism is None:
        return "Without a group there are no parts to measure."
    name = group_name(explanation)
    return {
        "found": f"Parts are those of {name}, the group of the answers.",
        "given": f"Parts are those of {name}, which was given.",
        "truth": f"Parts are those of {name}, the group of the truth.",
    }[explanation.standing or "given"]


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _part(explanation: "Explanation", part: "PartEnergies") -> str:
    names = [
        each.name
        for _, each, claimed in sorted(
            zip(part.shares, explanation.irreducibles, part.claimed, strict=True),
            key=lambda item: -item[0],
        )
        if claimed
    ]
    if not names:
        return f"{part.name}: no part holds more of the energy than shuffled symbols would give it."
    total = len(explanation.irreducibles) - 1
    return (
        f"{part.name}: {percent(part.claimed_share)} of the energy is in {len(names)} of {total} "
        f"parts: {_listed(names)}."
    )


def _neurons(explanation: "Explanation") -> str:
    neurons = explanation.neurons
    if not neurons:
        return ""
    sharp = [each for each in neurons if each.claimed]
    pure = sum(each.concentration >= 0.95 for each in sharp)
    return (
        f"Neurons: {len(sharp)} of {len(neurons)} concentrate on one part more than shuffled "
        f"symbols do, {pure} of them with 95 % of their energy or more."
    )


def _cosets(explanation: "Explanation") -> str:
    neurons = explanation.neurons
    if not any(each.cosets for each in neurons):
        return ""
    counts = {
        of: sum(
            any(each.of == of and each.is_function_of_coset for each in neuron.cosets)
            for neuron in neurons
        )
        for of in OF
    }
    if not any(counts.values()):
        return "Cosets: no neuron depends on a, b or ab through the cosets of a subgroup alone."
    listed = ", ".join(f"{count} on {of}" for of, count in counts.items() if count)
    return (
        f"Cosets: of {len(neurons)} neurons {listed} depend through the coset of a subgroup alone "
        "(95 % of that function's variance or more)."
    )


def _causal(explanation: "Explanation") -> list[str]:
    chance = percent(explanation.chance)
    found = []
    for each in explanation.interventions:
        text = _intervention(each)
        if text:
            found.append(f"{text} (chance: {chance}).")
    removed = [
        each for each in explanation.interventions if each.kind == "without the neurons of a part"
    ]
    if removed:
        worst = min(removed, key=lambda each: each.accuracy)
        found.append(
            f"Without the {worst.neurons} neurons of {worst.parts[0]} it is right in "
            f"{percent(worst.accuracy)}, the least of {len(removed)} parts with neurons."
        )
    return found


def _intervention(each: "Intervention") -> str:
    accuracy = percent(each.accuracy)
    if each.kind == "claimed parts alone":
        return f"With the claimed parts of the embeddings alone it is right in {accuracy}"
    if each.kind == "without the claimed parts":
        return f"Without them it is right in {accuracy}"
    if each.kind == "exact representation":
        return (
            "With the exact matrices of these representations, mapped linearly to the embeddings, "
            f"it is right in {accuracy}"
        )
    if each.kind == "each neuron its own part alone":
        return f"With each neuron's own part alone it is right in {accuracy}"
    return ""


def _basis(explanation: "Explanation") -> str:
    if not explanation.parts and not explanation.neurons:
        return ""
    proved = ""
    if explanation.standing == "found" and explanation.solution is not None:
        proved = "Proved: the group of that table. " if explanation.solution.proved else ""
    return (
        f"{proved}Measured: energies, shares and accuracies. What chance explains is the 99 % "
        f"quantile of {explanation.permutations} shuffles of the symbols, seed {explanation.seed}."
    )

"""One neuron as a function of a, b and ab, with the elements by cosets or by frequency."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.interpretation import Explanation
from cayley.interpretation._document import element_labels
from cayley.interpretation._sentences import percent
from cayley.interpretation.parts._coset_dependence import cosets_of
from cayley.interpretation.parts._measured_parts import OF, CosetDependence, NeuronPart
from cayley.report.figures.drawing._marks import (
    INK,
    Circle,
    Drawing,
    Label,
    Mark,
    Path,
    Rectangle,
    Style,
    isolated,
)
from cayley.report.figures.drawing._palette import element_colors
from cayley.report.figures.drawing._text_width import longest_start, text_width
from cayley.report.figures.networks._part_energies import part_label

__all__ = ["clearest_neuron", "neuron_picture"]

_WIDTH, _HEIGHT, _LEFT, _SPACE = 520.0, 120.0, 60.0, 44.0

_SHOWN = 0.01
"""Functions with less of the neuron's variance are not drawn."""

_WIDEST_GENERATORS = 3
"""Most generators of a subgroup in a title."""


def clearest_neuron(explanation: Explanation) -> int:
    """Return the place of the neuron that shows most: of a coset if there is one, else of a part.

    Raises:
        ValueError: If there are no neurons.
    """
    if not explanation.neurons:
        raise ValueError("there are no neurons to draw; give `layers`, or `neurons` in the file.")

    def clear(place: int) -> tuple[float, float]:
        neuron = explanation.neurons[place]
        cosets = [each.adjusted for each in neuron.cosets if each.is_function_of_coset]
        # The more functions go through cosets, the more there is to see; then the purest part.
        return len(cosets), neuron.concentration if neuron.claimed else 0.0

    return max(range(len(explanation.neurons)), key=clear)


def neuron_picture(explanation: Explanation, *, neuron: int | None = None) -> Drawing:
    """Draw a neuron as functions of a, of b and of ab, with the elements listed by cosets.

    Elements of one coset follow each other on a ground of one color. Where the neuron does not go
    through cosets and the group is cyclic, element ``x`` stands at ``k x`` modulo the order, with
    ``k`` the frequency of the neuron, which turns a wave of any frequency into one period.

    Args:
        explanation: One with neurons.
        neuron: Its place among ``neurons``; the clearest one by default.

    Raises:
        ValueError: If there are no neurons, or not so many.
    """
    place = clearest_neuron(explanation) if neuron is None else neuron
    if not 0 <= place < len(explanation.neurons):
        raise ValueError(
            f"`neuron` must be one of 0..{len(explanation.neurons) - 1}; got {neuron}."
        )
    chosen = explanation.neurons[place]
    values = explanation.neuron_functions[chosen.layer][:, :, chosen.index]
    largest = float(np.abs(values).max()) or 1.0
    marks: list[Mark] = []
    top = 8.0
    drawn = [j for j in range(3) if chosen.depends[OF[j]] >= _SHOWN]
    for j in drawn:
        coset = next((each for each in chosen.cosets if each.of == OF[j]), None)
        if coset is not None and not coset.is_function_of_coset:
            coset = None
        marks += _panel(
            explanation, chosen, of=OF[j], values=values[j], coset=coset, top=top, largest=largest
        )
        top += _HEIGHT + _SPACE
    if not drawn:
        marks.append(Label(x=_LEFT, y=20, text="the neuron is constant", anchor="start"))
        top = 40.0
    return Drawing(
        width=_LEFT + _WIDTH + 14,
        height=top,
        marks=tuple(marks),
        title=f"neuron {chosen.index} of {chosen.layer}",
        description=_description(explanation, chosen),
    )


def _panel(
    explanation: Explanation,
    neuron: NeuronPart,
    *,
    of: str,
    values: Float[NDArray[Any], " n"],
    coset: CosetDependence | None,
    top: float,
    largest: float,
) -> list[Mark]:
    """Return a title and a dot for each element, listed in an order in which structure shows."""
    assert explanation.isotopism is not None
    title = f"as a function of {of} ({percent(neuron.depends[of])} of the variance)"
    order = np.arange(len(values))
    marks: list[Mark] = []
    top += 14
    step = _WIDTH / len(values)
    if coset is not None:
        listed = cosets_of(explanation.isotopism.group, coset.elements, coset.side)
        means = values[listed].mean(axis=1)
        listed = listed[np.argsort(means, kind="stable")]  # a staircase is easiest to read
        order = listed.ravel()
        wide = step * listed.shape[1]
        for k, color in enumerate(element_colors(len(listed))):
            marks.append(
                Rectangle(
                    x=round(_LEFT + k * wide, 2),
                    y=top,
                    width=round(wide, 2),
                    height=_HEIGHT,
                    style=Style(fill=color, opacity=0.45),
                )
            )
        title += f": {_coset_text(explanation, coset)}"
    else:
        order = _by_frequency(explanation, neuron)
        if not np.array_equal(order, np.arange(len(values))) and neuron.irreducible is not None:
            title += f": elements by {part_label(explanation, neuron.irreducible)}"
    if text_width(title, 11.0) > _WIDTH:
        title = longest_start(title, _WIDTH, 11.0) + "…"
    marks.append(Label(x=_LEFT, y=top - 9, text=title, size=11.0, anchor="start"))
    middle = top + _HEIGHT / 2
    marks.append(
        Path(
            d=f"M{_LEFT:g} {middle:g}L{_LEFT + _WIDTH:g} {middle:g}",
            style=Style(stroke=INK, width=0.8, opacity=0.5),
        )
    )
    names = element_labels(tuple(order.tolist()), explanation.isotopism, explanation.answers)
    for k, (element, name) in enumerate(zip(order.tolist(), names, strict=True)):
        value = float(values[element])
        marks.append(
            Circle(
                x=round(_LEFT + (k + 0.5) * step, 2),
                y=round(middle - value / largest * (_HEIGHT / 2 - 5), 2),
                radius=max(1.6, min(3.5, 0.4 * step)),
                style=Style(fill=INK),
                hint=f"{isolated(name)}: {value:.3g}",
            )
        )
    for value, y in ((largest, top + 5), (0.0, middle), (-largest, top + _HEIGHT - 5)):
        marks.append(Label(x=_LEFT - 6, y=y, text=f"{value:.2g}", size=9.0, anchor="end"))
    return marks


def _by_frequency(explanation: Explanation, neuron: NeuronPart) -> Int[NDArray[Any], " n"]:
    """Return the elements of a cyclic group by the frequency of the neuron, else as they are."""
    isotopism = explanation.isotopism
    assert isotopism is not None
    n = isotopism.group.order
    if len(explanation.generators) != 1 or neuron.irreducible is None:
        return np.arange(n)
    frequency = explanation.irreducibles[neuron.irreducible].frequency
    assert frequency is not None
    label, _ = explanation.generators[0]
    generator = int(isotopism.rows[explanation.answers.rows.index(label)])
    power = np.zeros(n, np.int64)  # which power of the generator each element is
    element = isotopism.group.identity
    for exponent in range(n):
        power[element] = exponent
        element = int(isotopism.group.table[element, generator])
    return np.argsort(power * frequency[0] % n, kind="stable")


def _coset_text(explanation: Explanation, coset: CosetDependence) -> str:
    assert explanation.isotopism is not None
    names = element_labels(coset.generators, explanation.isotopism, explanation.answers)
    shown = ", ".join(isolated(name) for name in names[:_WIDEST_GENERATORS])
    written = {"left": "xH", "right": "Hx"}[coset.side]
    return f"{percent(coset.share)} by cosets {written}, |H| = {coset.order}, H = <{shown}>"


def _description(explanation: Explanation, neuron: NeuronPart) -> str:
    """Return what a person who does not see the picture is told."""
    depends = ", ".join(f"{percent(share)} on {of}" for of, share in neuron.depends.items())
    texts = [f"Neuron {neuron.index} of {isolated(neuron.layer)} depends {depends}."]
    if neuron.irreducible is not None:
        texts.append(
            f"Of its energy {percent(neuron.concentration)} is in "
            f"{part_label(explanation, neuron.irreducible)}."
        )
    texts += [
        f"On {each.of} it depends {_coset_text(explanation, each)}."
        for each in neuron.cosets
        if each.is_function_of_coset
    ]
    return " ".join(texts)

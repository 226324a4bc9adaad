"""The pictures of networks by name, for ``draw_picture`` and the folder of ``cayley explain``."""

from collections.abc import Callable
from typing import Any

from cayley.interpretation import Explanation
from cayley.report.figures.drawing._marks import Drawing
from cayley.report.figures.networks._energies_over_training import energies_over_training_picture
from cayley.report.figures.networks._neuron_cosets import neuron_picture
from cayley.report.figures.networks._part_energies import part_energies_picture

__all__ = ["NETWORK_FIGURES", "network_picture"]

NETWORK_FIGURES: dict[str, Callable[..., Drawing]] = {
    "part-energies": part_energies_picture,
    "neuron": neuron_picture,
    "energies-over-training": energies_over_training_picture,
}
"""Pictures of an :class:`Explanation`; the last one of an ``EnergyRecorder``."""


def network_picture(kind: str, source: Any, **options: Any) -> Drawing:
    """Return a picture of an explanation, or of what a recorder has recorded.

    Raises:
        TypeError: If the source is not what this kind shows.
        ValueError: If it takes no such option, or there is nothing to show.
    """
    allowed = {"neuron": {"neuron"}, "energies-over-training": {"of"}}.get(kind, set())
    for name in options:
        if name not in allowed:
            raise ValueError(f'the kind "{kind}" takes no option `{name}`.')
    if (kind == "energies-over-training") == isinstance(source, Explanation) or not (
        isinstance(source, Explanation) or hasattr(source, "accuracies")
    ):
        what = "EnergyRecorder" if kind == "energies-over-training" else "Explanation"
        raise TypeError(f'the kind "{kind}" shows an {what}; got {type(source).__name__}.')
    return NETWORK_FIGURES[kind](source, **options)

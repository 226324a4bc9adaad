"""A figure of the activity of a spiking network in one trial."""

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["draw_activity", "has_activity"]

Arrays = Mapping[str, NDArray[Any]]

# Written by the trials of `cayley bench spiking`; every panel below uses some of them.
NEEDED = ("time_ms", "inputs", "spike_time_ms", "spike_neuron", "potentials", "currents",
          "readout", "target", "window")  # fmt: skip


def has_activity(arrays: Arrays) -> bool:
    """Return whether these are the arrays of a trial that :func:`draw_activity` can draw."""
    return all(name in arrays for name in NEEDED)


def draw_activity(arrays: Arrays, path: str | PathLike[str], *, title: str = "") -> None:
    """Draw inputs, raster, potentials, currents, and readout against target, over time.

    Where the arrays hold ``learned_fast`` and ``predicted_fast``, one more panel shows learned
    fast weights against those that predictive coding predicts from the readout.

    Args:
        arrays: As in the ``.npz`` file of a record of ``cayley bench spiking --out``.
        path: The picture; the suffix says the kind.
        title: Above the figure.

    Raises:
        ValueError: If an array is missing.
    """
    if not has_activity(arrays):
        missing = ", ".join(name for name in NEEDED if name not in arrays)
        raise ValueError(f"`arrays` has no activity of a trial: {missing} missing.")
    import matplotlib as mpl  # imported only where something is drawn
    from matplotlib.figure import Figure  # and no pyplot, which would keep the figure

    weights = "learned_fast" in arrays
    # The salt makes the identifiers of an SVG the same every time.
    with mpl.rc_context({"svg.hashsalt": "cayley", "font.size": 8}):
        figure = Figure(figsize=(10.5 if weights else 7.5, 7), layout="constrained")
        grid = figure.add_gridspec(5, 3 if weights else 2, height_ratios=(1, 2, 2, 2, 2))
        axes = [figure.add_subplot(grid[i, :2]) for i in range(5)]
        _draw_trial(axes, arrays)
        if weights:
            _draw_weights(figure.add_subplot(grid[1:4, 2]), arrays)
        figure.suptitle(title)
        # Without a date the same arrays give the same file; other formats know no such key.
        date = {"Date": None} if Path(path).suffix == ".svg" else None
        figure.savefig(path, dpi=110, metadata=date)


def _draw_trial(axes: list[Any], arrays: Arrays) -> None:
    """Draw the five panels of a trial over a common axis of time."""
    time = arrays["time_ms"]
    inputs, raster, potentials, currents, readout = axes
    inputs.plot(time, arrays["inputs"], lw=0.8)
    inputs.set(ylabel="inputs")
    raster.plot(arrays["spike_time_ms"], arrays["spike_neuron"], "|", color="k", ms=2, mew=0.6)
    raster.set(ylabel="neuron")
    # Each trace is shifted by more than the height of the one below, so that they do not cross.
    for place in range(arrays["potentials"].shape[1]):
        potentials.plot(time, arrays["potentials"][:, place] + 1.2 * place, lw=0.6)
    potentials.set(ylabel="potentials", yticks=[])
    currents.plot(time, arrays["currents"], lw=0.6)
    currents.set(ylabel="currents")
    for place in range(arrays["readout"].shape[1]):
        color = f"C{place % 10}"  # matplotlib's cycle has ten colors
        readout.plot(time, arrays["target"][:, place], color=color, lw=2.2, alpha=0.35)
        readout.plot(time, arrays["readout"][:, place], color=color, lw=0.9)
    inside = np.flatnonzero(arrays["window"])
    if len(inside):  # the part of the trial in which the error counts, below the curves
        readout.axvspan(time[inside[0]], time[inside[-1]], color="0.93", zorder=-1)
    readout.set(ylabel="readout (thin)\ntarget (wide)", xlabel="ms")
    for axis in axes:
        axis.set_xlim(0, time[-1])
        if axis is not readout:
            axis.tick_params(labelbottom=False)


def _draw_weights(axis: Any, arrays: Arrays) -> None:
    """Draw learned fast weights against predicted ones, with their correlation."""
    learned, predicted = arrays["learned_fast"], arrays["predicted_fast"]
    axis.plot(predicted, learned, ".", ms=2, color="C3")
    correlation = np.corrcoef(predicted, learned)[0, 1]
    axis.set(
        xlabel="predicted fast weight, $-D_n \\cdot D_m$",
        ylabel="learned fast weight",
        title=f"correlation {correlation:.2f}",
    )
    axis.grid(alpha=0.2)

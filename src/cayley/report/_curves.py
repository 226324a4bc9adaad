"""The course of training as curves."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.completion import Progress, Solution
from cayley.report._style import COLORS, INK, new_figure, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PANELS", "curve", "draw_curves", "steps_of"]

PANELS = (
    ("fit", "Fit: share of observations met"),
    ("penalty_ratio", "Penalty H / n²; 3 at groups"),
    ("agreement", "Agreement of products and data"),
    ("imbalance", "Imbalance of the factors"),
)
"""The curves: a name in :class:`~cayley.completion.Progress`, and what it is."""


def steps_of(history: tuple[Progress, ...]) -> Int[NDArray[Any], " k"]:
    """Return a running count of steps: what follows a restart is counted on.

    Example:
        >>> from cayley.completion import solve
        >>> steps_of(()).tolist()
        []
    """
    total, before = 0, 0
    steps = []
    for progress in history:
        if progress.step < before:
            total += before
        before = progress.step
        steps.append(total + before)
    return np.array(steps, np.int64)


def curve(history: tuple[Progress, ...], name: str) -> Float[NDArray[Any], " k"]:
    """Return one number of each record, NaN where a solver has none."""
    values = (getattr(progress, name, None) for progress in history)
    return np.array([np.nan if v is None or not np.isfinite(v) else v for v in values], float)


def draw_curves(solution: Solution) -> "Figure":
    r"""Draw fit, penalty ratio :math:`H / n^2`, agreement and imbalance against the steps.

    Args:
        solution: One that a learned solver has found.

    Raises:
        ValueError: If nothing was trained.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("S3"), observe=0.7, seed=0)
        >>> len(draw_curves(solve(table, solver="hypercube", restarts=1)).axes)
        4
    """
    if not solution.history:
        raise ValueError(
            "there are no curves: the table was found by deduction and nothing was trained. "
            "Complete it with a learned solver."
        )
    steps = steps_of(solution.history)
    with style():
        figure = new_figure(9.6, 2.4)
        for i, (axes, (name, title)) in enumerate(
            zip(figure.subplots(1, len(PANELS)), PANELS, strict=True)
        ):
            values = curve(solution.history, name)
            axes.set_title(title, fontsize=8)
            axes.set_xlabel("step")
            if not np.isfinite(values).any():
                axes.text(0.5, 0.5, "not recorded", ha="center", transform=axes.transAxes)
                axes.set_yticks([])
                continue
            marker = "." if len(steps) < 30 else ""
            axes.plot(steps, values, color=COLORS[i], marker=marker, linewidth=1.3)
            if name == "penalty_ratio":
                axes.axhline(3, color=INK, linewidth=0.8, linestyle=":")
                axes.set_ylim(0, max(4.0, min(12.0, 1.1 * float(np.nanmax(values)))))
            elif name == "imbalance":
                axes.set_yscale("log")
            else:
                axes.set_ylim(0, 1.05)
        return figure

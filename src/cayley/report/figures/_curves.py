"""The curves of training as a figure."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int
from cayley.completion import Progress
from cayley.completion._as_solution import SolutionLike, as_solution
from cayley.report.figures.drawing._style import COLORS, INK, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PANELS", "curve", "draw_curves", "steps_of"]

PANELS = (
    ("fit", "Fit: share of observations met"),
    ("penalty_ratio", "Penalty H / n², and its floor"),
    ("agreement", "Agreement of products and data"),
    ("imbalance", "Imbalance of the factors"),
)
"""The curves: a name in :class:`~cayley.completion.Progress`, and what it is."""


def steps_of(history: tuple[Progress, ...]) -> Int[NDArray[Any], " k"]:
    """Return the steps of all restarts, counted on from one to the next.

    Example:
        >>> from cayley.completion import solve
        >>> steps_of(()).tolist()
        []
    """
    total, before = 0, 0
    steps = []
    for progress in history:
        if progress.step < before:  # a solver counts from 0 again after a restart
            total += before
        before = progress.step
        steps.append(total + before)
    return np.array(steps, np.int64)


def curve(history: tuple[Progress, ...], name: str) -> Float[NDArray[Any], " k"]:
    """Return one number of each record, NaN where the solver does not report it."""
    values = (getattr(progress, name, None) for progress in history)
    return np.array([np.nan if v is None or not np.isfinite(v) else v for v in values], float)


def draw_curves(solution: SolutionLike) -> "Figure":
    r"""Draw fit, penalty ratio :math:`H / n^2`, agreement and imbalance against the steps.

    The dashed line below the penalty is its floor, :math:`3 \sum |T|^{4/3} / n^2` over the observed
    triples, where they are part of a Latin square; the dotted one is 3, its value at groups.

    Args:
        solution: One that a learned solver has found; a table is completed first.

    Raises:
        ValueError: If nothing was trained.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.tables import generate_family, mask
        >>> table = mask(generate_family("S3"), observe=0.7, seed=0)
        >>> len(draw_curves(solve(table, solver="hypercube", restarts=1)).axes)
        4
    """
    solution = as_solution(solution)
    if not solution.history:
        raise ValueError(
            "there are no curves: the table was found by deduction and nothing was trained. "
            "Complete it with a learned solver."
        )
    steps = steps_of(solution.history)
    with style():
        figure = new_figure(9.6, 2.4)
        panels = zip(figure.subplots(1, len(PANELS)), PANELS, COLORS, strict=False)
        for axes, (name, title), color in panels:
            axes.set_title(title, fontsize=8)
            axes.set_xlabel("step")
            if name == "penalty_ratio":
                floor = curve(solution.history, "penalty_floor")
                known = np.isfinite(floor)
                axes.plot(steps[known], floor[known], color=INK, linewidth=0.9, linestyle="--")
            _draw_curve(axes, steps, curve(solution.history, name), name, color)
        return figure


def _draw_curve(
    axes: "Axes",
    steps: Int[NDArray[Any], " k"],
    values: Float[NDArray[Any], " k"],
    name: str,
    color: str,
) -> None:
    """Draw one curve on a scale that fits its name; say so if nothing was recorded."""
    if not np.isfinite(values).any():
        axes.text(0.5, 0.5, "not recorded", ha="center", transform=axes.transAxes)
        axes.set_yticks([])
        return
    marker = "." if len(steps) < 30 else ""  # a line through a single record cannot be seen
    axes.plot(steps, values, color=color, marker=marker, linewidth=1.3)
    if name == "penalty_ratio":
        axes.axhline(3, color=INK, linewidth=0.8, linestyle=":")
        # At least 4, so that the line at 3 is inside; at most 12, since the values at the start
        # may be so large that the end would look flat.
        axes.set_ylim(0, max(4.0, min(12.0, 1.1 * float(np.nanmax(values)))))
    elif name == "imbalance":
        axes.set_yscale("log")  # it may fall by many powers of ten
    else:
        axes.set_ylim(0, 1.05)  # shares; the margin keeps a curve at 1 off the edge

"""The shares of energy by part over training, with the accuracy."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float
from cayley.interpretation._sentences import percent
from cayley.report.figures.drawing._marks import INK, Drawing, Label, Mark, Path, Style
from cayley.report.figures.drawing._style import COLORS

if TYPE_CHECKING:
    from cayley.interpretation import EnergyRecorder

__all__ = ["energies_over_training_picture"]

_WIDTH, _HEIGHT, _LEFT, _TOP = 460.0, 220.0, 46.0, 16.0
_LABELS = 150.0  # room for the names of the curves at their ends

_APART = 13.0
"""Least distance of two names at the ends of curves, in pixels: their letters are 10 high."""


def energies_over_training_picture(recorder: "EnergyRecorder", *, of: str = "left") -> Drawing:
    """Draw the shares of the largest parts over the steps, and the accuracy as a dashed line.

    Args:
        recorder: One that has recorded two steps or more.
        of: ``left``, ``right`` or ``unembedding``.

    Raises:
        ValueError: If there is too little to draw, or nothing was recorded of that matrix.
    """
    if of not in recorder.shares:
        known = ", ".join(recorder.shares) or "nothing"
        raise ValueError(f"`of` must be what was recorded ({known}); got {of!r}.")
    steps = np.array(recorder.steps, float)
    if len(steps) < 2 or steps.max() == steps.min():
        raise ValueError("at least two steps must be recorded before they can be drawn.")
    shares = np.array(recorder.shares[of])
    # At most as many as there are colors; a part counts by the most that it ever has.
    chosen = np.argsort(-shares.max(axis=0), kind="stable")[: min(len(COLORS), shares.shape[1] - 1)]
    top = max(float(shares[:, chosen].max()), 0.01)
    x = _LEFT + (steps - steps.min()) / (steps.max() - steps.min()) * _WIDTH
    marks: list[Mark] = _frame(steps, top)
    ends = []
    for color, part in zip(COLORS, chosen.tolist(), strict=False):
        y = _TOP + (1 - shares[:, part] / top) * _HEIGHT
        marks.append(Path(d=_line(x, y), style=Style(stroke=color, width=1.8)))
        each = recorder.irreducibles[part]
        name = (
            each.name
            if each.frequency is None
            else f"frequency {','.join(map(str, each.frequency))}"
        )
        ends.append((float(y[-1]), f"{name} {percent(float(shares[-1, part]))}", color))
    accuracy = np.array(recorder.accuracies)
    y = _TOP + (1 - accuracy) * _HEIGHT
    marks.append(Path(d=_line(x, y), style=Style(stroke=INK, width=1.4, dash="4 3")))
    ends.append((float(y[-1]), f"right answers {percent(float(accuracy[-1]))}", INK))
    marks += _names(ends)
    listed = "; ".join(text for _, text, _ in ends)
    return Drawing(
        width=_LEFT + _WIDTH + _LABELS,
        height=_TOP + _HEIGHT + 34,
        marks=tuple(marks),
        title=f"energies of {of} over training",
        description=f"Shares of the energy of {of} over {len(steps)} recorded steps. "
        f"At the end: {listed}.",
    )


def _line(x: Float[NDArray[Any], " t"], y: Float[NDArray[Any], " t"]) -> str:
    points = (f"{u:.1f} {v:.1f}" for u, v in zip(x, y, strict=True))
    return "M" + "L".join(points)


def _frame(steps: Float[NDArray[Any], " t"], top: float) -> list[Mark]:
    """Return the axes with their ends."""
    bottom, thin = _TOP + _HEIGHT, Style(stroke=INK, width=1.0, opacity=0.6)
    return [
        Path(d=f"M{_LEFT:g} {_TOP:g}L{_LEFT:g} {bottom:g}L{_LEFT + _WIDTH:g} {bottom:g}",
             style=thin),
        Label(x=_LEFT - 6, y=_TOP, text=f"{top:.0%}", size=10.0, anchor="end"),
        Label(x=_LEFT - 6, y=bottom, text="0%", size=10.0, anchor="end"),
        Label(x=_LEFT, y=bottom + 12, text=f"step {steps.min():g}", size=10.0, anchor="start"),
        Label(x=_LEFT + _WIDTH, y=bottom + 12, text=f"{steps.max():g}", size=10.0, anchor="end"),
        Label(x=_LEFT, y=bottom + 26, size=10.0, anchor="start",
              text="solid: share of the energy; dashed: right answers, from 0 to 100 %"),
    ]  # fmt: skip


def _names(ends: list[tuple[float, str, str]]) -> list[Mark]:
    """Return the names at the ends of curves, moved down where they would overlap."""
    marks: list[Mark] = []
    last = -np.inf
    for y, text, color in sorted(ends):
        last = max(y, last + _APART)
        marks.append(
            Label(x=_LEFT + _WIDTH + 6, y=round(last, 1), text=text, size=10.0, anchor="start",
                  style=Style(fill=color))
        )  # fmt: skip
    return marks

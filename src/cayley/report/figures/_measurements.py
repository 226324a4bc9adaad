"""Pictures of measurements: accuracy by case and method, and the panels of a figure."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cayley.experiments._reproduce import FigurePoint, Reproduction

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cayley.report._write_benchmark import Line

__all__ = ["draw_reproduction", "draw_summary"]

_STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "cayley",
    "svg.fonttype": "path",
}
_MARKS = "osD^vPX*<>hp"


def draw_summary(lines: "Sequence[Line]", *, title: str) -> bytes:
    """Draw accuracy on hidden cells, or else the first metric, as a grid of cases and methods.

    Returns:
        The picture as SVG.
    """
    import numpy as np

    cases = list(dict.fromkeys(line.case for line in lines)) or ["nothing"]
    methods = list(dict.fromkeys(line.method for line in lines)) or ["nothing"]
    names = [name for line in lines for name in line.metrics]
    metric = "test_accuracy" if "test_accuracy" in names else next(iter(names), "seconds")
    grid = np.full((len(methods), len(cases)), np.nan)
    for line in lines:
        if metric in line.metrics:
            place = methods.index(line.method), cases.index(line.case)
            grid[place] = line.metrics[metric][0]
    figure, axis = _new(1.8 + 0.62 * len(cases), 1.4 + 0.3 * len(methods))
    top = 1.0 if metric.endswith("accuracy") or not np.isfinite(grid).any() else np.nanmax(grid)
    # Vector shapes: a page that may load nothing shows no embedded picture.
    centers = np.arange(len(cases)), np.arange(len(methods))
    axis.pcolormesh(*centers, grid, cmap="cividis", vmin=0, vmax=max(float(top), 1e-9))
    axis.invert_yaxis()
    for (row, column), value in np.ndenumerate(grid):
        almost = min(value, 0.99) if value < 1 else value  # nothing but 1 is shown as 1
        text = "–" if np.isnan(value) else f"{almost:.2g}"
        dark = np.isnan(value) or value < 0.6 * top
        color = "black" if np.isnan(value) or not dark else "white"
        axis.text(column, row, text, ha="center", va="center", color=color, fontsize=8)
    axis.set_xticks(range(len(cases)), cases, rotation=45, ha="right")
    axis.set_yticks(range(len(methods)), methods)
    axis.set_title(f"{title}\n{metric.replace('_', ' ')}", loc="left", fontsize=9)
    return _svg(figure)


def draw_reproduction(found: Reproduction) -> bytes:
    """Draw a figure, published numbers as open marks, as SVG."""
    if found.matrices:
        return _draw_matrices(found.matrices)
    if found.lines:
        return _draw_lines(found)
    return _draw_points(found)


def _draw_points(found: Reproduction) -> bytes:
    panels = list(dict.fromkeys(row.panel for row in found.rows))
    named = any(isinstance(row.x, str) for row in found.rows)
    width = 6.2 if named or len(panels) == 1 else 3.9 * len(panels)
    figure, axes = _new(width, 4.4 if named else 3.6, columns=len(panels))
    for axis, panel in zip(axes if len(panels) > 1 else [axes], panels, strict=True):
        rows = [row for row in found.rows if row.panel == panel]
        _draw_panel(axis, rows, found)
        axis.set_title(panel, loc="left", fontsize=9)
    return _svg(figure)


def _draw_panel(axis: "Axes", rows: Sequence[FigurePoint], found: Reproduction) -> None:
    names = list(dict.fromkeys(row.x for row in rows)) if isinstance(rows[0].x, str) else None
    curves = list(dict.fromkeys(row.series for row in rows))
    for number, series in enumerate(curves):
        aside = 0.12 * (number - (len(curves) - 1) / 2) if names else 0.0  # so that none hides
        own = [row for row in rows if row.series == series]
        own = own if names else sorted(own, key=lambda row: float(row.x))
        seen = [row for row in own if row.value is not None]
        color, mark = f"C{number % 10}", _MARKS[number % len(_MARKS)]
        places = [aside + names.index(row.x) if names else float(row.x) for row in seen]
        middle = [row.value or 0.0 for row in seen]
        spread = [
            [(row.value or 0.0) - (row.low or 0.0) for row in seen],
            [(row.high or 0.0) - (row.value or 0.0) for row in seen],
        ]
        line = "none" if names else "-"
        axis.errorbar(
            places, middle, spread, color=color, marker=mark, ms=4, lw=1, ls=line, label=series
        )
        for row in own:
            x = aside + names.index(row.x) if names else float(row.x)
            if row.value is None:
                axis.plot(
                    x,
                    0.97 - 0.035 * number,
                    "x",
                    color=color,
                    ms=5,
                    clip_on=False,
                    transform=axis.get_xaxis_transform(),
                )
            if row.published is not None:
                axis.plot(x, row.published.value, mark, mfc="none", color=color, ms=8)
    if names:
        axis.set_xticks(range(len(names)), [str(name) for name in names], rotation=40, ha="right")
    elif found.figure.x_label in _LOGARITHMIC:
        smallest = min(float(row.x) for row in rows if float(row.x) > 0)
        axis.set_xscale("symlog", linthresh=smallest)  # logarithmic, with a place for 0
    if found.figure.logarithmic:
        axis.set_yscale("log")
    axis.set_xlabel(found.figure.x_label)
    axis.set_ylabel(found.figure.metric.replace("_", " "))
    if any(row.published is not None for row in rows):
        axis.plot([], [], "o", mfc="none", color="#777777", label="published")
    if any(row.value is None for row in rows):
        axis.plot([], [], "x", color="#777777", label="in no run")
    beside: Any = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.16)}
    if names:  # their labels take what room there is below
        beside = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.06)}
    axis.legend(frameon=False, fontsize=7, ncols=3, **beside)


_LOGARITHMIC = ("epsilon", "learning rate", "scale")


def _draw_lines(found: Reproduction) -> bytes:
    figure, axis = _new(4.6, 3.4)
    for (_, series), points in found.lines.items():
        axis.plot(*zip(*points, strict=True), lw=1.2, label=series)
    axis.axhline(3, color="#999999", lw=0.8, ls="--", label="3, groups' isotopes")
    axis.set(xlabel="step", ylabel="H / n²", xscale="log", ylim=(0, None))
    axis.legend(frameon=False, fontsize=7)
    return _svg(figure)


def _draw_matrices(matrices: Mapping[str, Sequence[Any]]) -> bytes:
    count = max(len(images) for images in matrices.values())
    figure, axes = _new(1.15 * count + 0.4, 1.25 * len(matrices), rows=len(matrices), columns=count)
    for row, (title, images) in zip(axes, matrices.items(), strict=True):
        for axis, image in zip(row, images, strict=True):
            axis.imshow(image, cmap="RdBu_r", vmin=-1, vmax=1)
            axis.set(xticks=[], yticks=[])
            for spine in axis.spines.values():
                spine.set_visible(True)
        row[0].set_ylabel(title, fontsize=8)
    return _svg(figure)


def _new(width: float, height: float, *, rows: int = 1, columns: int = 1) -> tuple["Figure", Any]:
    """Make a figure that belongs to no window and no global state."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots(rows, columns)


def _svg(figure: "Figure") -> bytes:
    import matplotlib

    data = io.BytesIO()
    with matplotlib.rc_context(_STYLE):
        figure.savefig(data, format="svg", metadata={"Date": None})
    return data.getvalue()

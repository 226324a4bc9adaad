"""Small pictures that are drawn again while a solver runs: heat maps as PNG, curves as SVG.

They are not drawn by matplotlib, so that several of them a second take little of a run's time.
"""

import base64
import struct
import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Float, Int, UInt8
from cayley.completion import Progress
from cayley.report.figures._curves import PANELS, curve, steps_of
from cayley.report.figures.drawing._style import COLORS

__all__ = ["curves_svg", "heat_map", "matrix_strip", "png_uri"]


def png_uri(pixels: UInt8[NDArray[Any], "h w 3"]) -> str:
    """Return an image as a ``data:`` address of a PNG.

    Example:
        >>> png_uri(np.zeros((1, 1, 3), np.uint8))[:30]
        'data:image/png;base64,iVBORw0K'
    """
    height, width, _ = pixels.shape
    # Each line of a PNG begins with the number of its filter: 0, none.
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        """Return a chunk: length, kind, data, and a checksum of the last two."""
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    # 8 bits a channel, color type 2 (RGB), the usual compression and filter, not interlaced.
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(lines.tobytes(), 6)  # the usual trade of time for size
    whole = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data)
    return "data:image/png;base64," + base64.b64encode(whole + chunk(b"IEND", b"")).decode()


@cache
def _colors(name: str) -> UInt8[NDArray[Any], "256 3"]:
    """Return a color map of matplotlib as 256 colors."""
    import matplotlib as mpl  # only for its color maps, and only where something is drawn

    return np.array(mpl.colormaps[name](np.arange(256), bytes=True)[:, :3])


def heat_map(cells: Int[NDArray[Any], "r c"], *, count: int) -> str:
    """Return a table as an image of one pixel a cell; unknown cells are gray.

    Args:
        cells: The place of each cell's symbol in the order, -1 where unknown.
        count: The number of symbols.
    """
    # The color map of the report's table.
    scaled = (np.maximum(cells, 0) * 255) // max(1, count - 1)
    pixels = _colors("cividis")[scaled]
    pixels[cells < 0] = 205  # a gray that is in no color of the map
    return png_uri(pixels)


def matrix_strip(matrices: Float[NDArray[Any], "k d d"]) -> str:
    """Return matrices side by side, one pixel an entry; violet is positive, orange negative."""
    # As in the report: a quantile, so that one large entry does not make all others pale.
    largest = float(np.quantile(np.abs(matrices), 0.99)) or 1.0
    scaled = np.clip(127.5 + 127.5 * matrices / largest, 0, 255).astype(np.uint8)
    pixels = _colors("PuOr")[scaled]
    # A white line between two matrices, and none after the last.
    framed = np.pad(pixels, ((0, 0), (0, 0), (0, 1), (0, 0)), constant_values=255)
    return png_uri(np.concatenate(list(framed), axis=1)[:, :-1])


def curves_svg(history: Sequence[Progress]) -> str:
    """Return the four curves of a run, each as SVG in the colors of the page."""
    records = tuple(history)
    steps = steps_of(records)
    width, height = 150, 78  # units of the SVG; the page scales it. The box adds room for texts.
    box = f"-2 -16 {width + 6} {height + 32}"
    parts = [f'<div class="curves" role="img" aria-label="{_spoken(records)}">']
    for i, (name, _) in enumerate(PANELS):
        values = curve(records, name)
        title = _TITLES[name]
        last = values[np.isfinite(values)][-1:]
        shown = f" {last[0]:.3g}" if len(last) else ""
        parts.append(
            f'<svg viewBox="{box}"><text y="-4">{title}{shown}</text>'
            f'<path d="M0 0V{height}H{width}" class="axis"/>'
        )
        parts.extend(_line(name, steps, values, width=width, height=height, color=COLORS[i]))
        end = int(steps[-1]) if len(steps) else 0
        parts.append(f'<text x="{width}" y="{height + 12}" class="end">step {end}</text></svg>')
    return "".join(parts) + "</div>"


_TITLES = {
    "fit": "fit",
    "penalty_ratio": "H / n²",
    "agreement": "agreement",
    "imbalance": "imbalance",
}


def _spoken(records: tuple[Progress, ...]) -> str:
    """Return the curves in words, for a screen reader."""
    if not records:
        return "curves of training, none yet"
    last = records[-1]
    return f"curves of training: step {last.step}, fit {last.fit:.0%}"


def _line(
    name: str,
    steps: Int[NDArray[Any], " k"],
    values: Float[NDArray[Any], " k"],
    *,
    width: int,
    height: int,
    color: str,
) -> list[str]:
    """Return one curve, and the line at 3 for the penalty."""
    low, high = 0.0, 1.05
    parts = []
    if name == "penalty_ratio":
        finite = values[np.isfinite(values)]
        high = float(min(12.0, max([4.0, *finite])))  # the scale of the report's figure
        y = height * (1 - 3 / high)
        parts.append(f'<path d="M0 {y:.1f}H{width}" class="axis" stroke-dasharray="2 3"/>')
    elif name == "imbalance":
        values = np.log10(np.maximum(values, 1e-12))  # balanced factors may give exactly 0
        finite = values[np.isfinite(values)]
        low, high = (min(finite) - 0.1, max(finite) + 0.1) if len(finite) else (0.0, 1.0)
    keep = np.isfinite(values)
    if keep.any():
        x = width * steps[keep] / max(1, int(steps[-1]))
        y_all = height * (1 - (np.clip(values[keep], low, high) - low) / (high - low))
        points = " ".join(f"{u:.1f},{v:.1f}" for u, v in zip(x, y_all, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}"/>')
    return parts

"""A grid of colors as a PNG, one pixel a cell: a table too large to be drawn as shapes."""

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int, UInt8

__all__ = ["grid_image"]


def grid_image(cells: Int[NDArray[Any], "r c"], colors: Sequence[str], *, empty: str) -> str:
    """Return an image of a grid as a ``data:`` address.

    Args:
        cells: The place of each cell's color, -1 for a cell without one.
        colors: The colors, ``#rrggbb``.
        empty: The color of cells without one.

    Example:
        >>> grid_image(np.array([[0, -1]]), ["#ff0000"], empty="#ffffff")[:28]
        'data:image/png;base64,iVBORw'

    References:
        W3C, *Portable Network Graphics*, third edition, 2025.
    """
    table = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in (*colors, empty)],
                     np.uint8)  # fmt: skip
    height, width = cells.shape
    places = np.where(cells < 0, len(colors), cells)
    pixels: UInt8[NDArray[Any], "r w"]
    if len(table) <= 256:  # one byte a pixel: a place in a palette
        kind, palette = 3, _chunk(b"PLTE", table.tobytes())
        pixels = places.astype(np.uint8)
    else:  # three bytes a pixel
        kind, palette = 2, b""
        pixels = table[places].reshape(height, 3 * width)
    # Each line begins with the number of its filter; 0 is none.
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels], axis=1)
    image = (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
        + palette
        + _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

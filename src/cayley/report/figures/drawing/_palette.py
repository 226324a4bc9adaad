"""Colors of elements: categorical, spread for the eye, and told apart by the color-blind.

They are made in OKLCH, in which equal steps look equally large: lightness, chroma, hue. Elements of
one coset or class share a hue and differ in lightness; neighbors differ in lightness always, since
hues alone are not told apart by everybody.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import cos, gcd, radians, sin

__all__ = ["contrast", "element_colors", "ink_on", "structured_colors"]

_DARK, _LIGHT = "#1c1c1c", "#fefefe"
_READABLE = 4.5  # the contrast that WCAG 2 asks of texts

_CHROMA = 0.13
"""Of all colors, where the screen has it: strong enough to tell hues, and not garish in a table."""

_FIRST_HUE = 255.0
"""The first block is blue: the subgroup itself, and blue is told from all others by everybody."""

_GOLDEN = 0.382
"""Neighbors are this part of the circle of hues apart, about 137 degrees."""

# Lightness of blocks of one element, by turns: any two neighbors differ by at least 0.15.
_SINGLES = (0.80, 0.62, 0.90, 0.50)

# The lightest and the darkest of a block, by its number of elements. Few stay light, so that
# letters in them are easy to read; many need the room.
_RANGES = {2: (0.86, 0.66), 3: (0.90, 0.62), 4: (0.92, 0.56), 5: (0.92, 0.50)}
_WIDEST = (0.94, 0.42)

_FEW = 5
"""More lightnesses of one hue are hard to tell: the hue then moves too."""

_PALE = 0.80
"""Lighter colors have less chroma: pale cyan and pale green would shine like lamps."""


def element_colors(n: int) -> list[str]:
    """Return colors for ``n`` elements without blocks: all different, neighbors far apart.

    Example:
        >>> colors = element_colors(3)
        >>> len(set(colors)), all(len(color) == 7 for color in colors)
        (3, True)
    """
    return list(_singles(n))


def structured_colors(blocks: Sequence[Sequence[int]]) -> list[str]:
    """Return a color for each element: one hue a block, lightness by the place in the block.

    In blocks of more than five the hue moves too, within the share of the block.

    Args:
        blocks: Lists that hold each of ``0 .. n-1`` once, in the order in which they are drawn.

    Returns:
        The color of element ``i`` at place ``i``.

    Example:
        >>> colors = structured_colors([[0, 2], [1, 3]])
        >>> len(set(colors))
        4
    """
    n = sum(map(len, blocks))
    # A few elements in one block have no other hue to be told from.
    if max(map(len, blocks), default=0) <= 1 or (len(blocks) == 1 and n <= _FEW):
        colors = _singles(n)
        places = [i for block in blocks for i in block]
        return [color for _, color in sorted(zip(places, colors, strict=True))]
    found = [""] * n
    for hue, block in zip(_hues(len(blocks)), blocks, strict=True):
        window = _window(len(blocks), len(block))
        for at, (i, lightness) in enumerate(zip(block, _levels(len(block)), strict=True)):
            turn = window * (at / (len(block) - 1) - 0.5) if window else 0.0
            found[i] = _readable(lightness, (hue + turn) % 360)
    return found


@lru_cache(maxsize=4096)
def ink_on(color: str) -> str:
    """Return the color of letters on a color: nearly black or nearly white.

    Example:
        >>> ink_on("#ffee88"), ink_on("#203060")
        ('#1c1c1c', '#fefefe')
    """
    return max((_DARK, _LIGHT), key=lambda ink: contrast(ink, color))


def contrast(a: str, b: str) -> float:
    """Return the contrast of two colors, from 1 to 21.

    References:
        WCAG 2.1, contrast ratio.

    Example:
        >>> round(contrast("#000000", "#ffffff"), 6)
        21.0
    """
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=64)
def _singles(n: int) -> tuple[str, ...]:
    """Return colors of blocks of one element."""
    return tuple(_readable(_SINGLES[i % len(_SINGLES)], hue) for i, hue in enumerate(_hues(n)))


def _hues(count: int) -> list[float]:
    """Return equally spaced hues in an order in which neighbors are far apart."""
    if count == 0:
        return []
    step = max(1, round(_GOLDEN * count))
    while gcd(step, count) > 1:  # a step with a common divisor would come back too early
        step += 1
    return [(_FIRST_HUE + 360 * (i * step % count) / count) % 360 for i in range(count)]


def _window(blocks: int, size: int) -> float:
    """Return the part of the circle of hues that a block takes: 0 where lightness is enough.

    Two blocks of twelve are a cold and a warm family; a single block goes around the circle, and
    three quarters of it, so that its ends differ.
    """
    if size <= _FEW:
        return 0.0
    return 270.0 if blocks == 1 else min(100.0, 0.6 * 360 / blocks)


def _levels(count: int) -> list[float]:
    """Return lightnesses: two from the two halves of the range by turns, so that neighbors differ.

    Sorted they would be a ramp, in which neighbors of a block of twelve look alike.
    """
    if count == 1:
        return [0.78]
    high, low = _RANGES.get(count, _WIDEST)
    ramp = [high - (high - low) * i / (count - 1) for i in range(count)]
    half = (count + 1) // 2
    return [ramp[i // 2 if i % 2 == 0 else half + i // 2] for i in range(count)]


@lru_cache(maxsize=4096)
def _readable(lightness: float, hue: float) -> str:
    """Return the color nearest to a lightness on which letters can be read.

    Between about 0.56 and 0.62 neither dark nor light letters have enough contrast.
    """
    for step in range(12):
        for sign in (1, -1):
            color = _oklch(lightness + sign * step * 0.01, hue)
            if max(contrast(color, _DARK), contrast(color, _LIGHT)) >= _READABLE:
                return color
    raise AssertionError("some color within a tenth of every lightness can be written on")


def _oklch(lightness: float, hue: float) -> str:
    """Return a color of OKLCH as sRGB, with less chroma where the screen does not have it.

    References:
        Ottosson (2020), A perceptual color space for image processing.
    """
    chroma = _CHROMA * min(1.0, (1.02 - lightness) / (1.02 - _PALE))
    a, b = cos(radians(hue)), sin(radians(hue))
    while True:
        u, v = chroma * a, chroma * b
        l3 = (lightness + 0.3963377774 * u + 0.2158037573 * v) ** 3
        m3 = (lightness - 0.1055613458 * u - 0.0638541728 * v) ** 3
        s3 = (lightness - 0.0894841775 * u - 1.2914855480 * v) ** 3
        linear = (
            4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
            -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
            -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3,
        )
        if chroma <= 0 or all(-1e-4 <= value <= 1 + 1e-4 for value in linear):
            break
        chroma -= 0.005
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, x)))):02x}" for x in linear)


def _gamma(value: float) -> float:
    """Return a linear value as the screen encodes it."""
    return float(12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)


@lru_cache(maxsize=4096)
def _luminance(color: str) -> float:
    """Return the relative luminance of a color, from 0 to 1."""
    values = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""How wide a text is, from a small table of widths; how it fits into a box.

A drawing is made before anybody knows which font shows it. The widths are those of DejaVu Sans,
which is wider than Arial, Helvetica, Roboto and the fonts of systems in nearly every letter: what
fits by this measure fits in all of them.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LINE", "Fitted", "fitted", "longest_start", "plain", "text_width"]

LINE = 1.2
"""The distance of two lines in units of the size of the font: ascenders and descenders part."""

# Hundredths of the size of the font, of the characters from the blank to the tilde.
_ASCII = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip

_BOLD = 1.12  # bold letters of DejaVu Sans are wider by up to this factor

# Where a label may be broken: after a blank, before an opening parenthesis that follows something,
# after a comma. The parts together are the label again.
_BREAK = re.compile(r"(?<=\s)(?=\S)|(?<=[^\s(])(?=\()|(?<=,)(?=\S)")

# Joiners belong to scripts and to emoji; other invisible characters would reorder or hide text.
_KEPT = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


@lru_cache(maxsize=4096)  # the labels of a table are measured once for each of their cells
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is in pixels, at a size of the font in pixels.

    Example:
        >>> text_width("iii", 100), text_width("WWW", 100), text_width("漢", 100)
        (84.0, 297.0, 105.0)
    """
    width = sum(map(_character, text)) * size / 100
    return width * _BOLD if bold else width


def longest_start(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the longest start of a text that fits a width with an ellipsis after it.

    Example:
        >>> longest_start("a label that is long", 40, 10, bold=True)
        'a lab'
    """
    # The width grows with the length: labels of thousands of letters are measured a few times.
    count = bisect_right(
        range(1, len(text) + 1),
        width,
        key=lambda k: text_width(text[:k] + "…", size, bold=bold),
    )
    return text[:count]


def _character(c: str) -> int:
    """Return the width of a character in hundredths of the size of the font."""
    code = ord(c)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    if unicodedata.combining(c) or c in _KEPT:
        return 0
    if unicodedata.east_asian_width(c) in "WF" or code > 0xFFFF:
        return 105  # ideographs and emoji are as wide as high, and a little more
    if c in "…—→←↔⇒⟶":
        return 100
    if unicodedata.category(c) == "No":  # exponents and indices
        return 40
    return 84  # the widest usual letter of Greek and Cyrillic, and signs such as the minus


def plain(text: str) -> str:
    r"""Return a text on one line, with a sign for what cannot be printed.

    Example:
        >>> plain("a\nb\u202ec")
        'a�b�c'
    """
    return "".join(
        c if c.isprintable() or c in _KEPT else "\N{REPLACEMENT CHARACTER}" for c in text
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """How a text is written into a box: its lines, and the size of the font."""

    lines: tuple[str, ...]
    size: float


@lru_cache(maxsize=8192)
def fitted(
    text: str,
    *,
    width: float,
    height: float,
    largest: float = 12.0,
    smallest: float = 6.0,
    bold: bool = False,
) -> Fitted | None:
    """Return how a text fits into a box: whole, smaller, or on lines; None if it does not.

    One line is tried down to four fifths of the largest size, or to 8 pixels, before the text is
    broken, since a word is read faster than its parts.

    Args:
        text: What to write.
        width: Of the box, in pixels.
        height: Of the box.
        largest: The size of the font where there is room.
        smallest: The size below which nobody could read it.
        bold: Whether it is bold.

    Example:
        >>> fitted("abc", width=30, height=20)
        Fitted(lines=('abc',), size=12.0)
        >>> fitted("(1 2)(3 4)", width=36, height=40)
        Fitted(lines=('(1 2)', '(3 4)'), size=12.0)
        >>> fitted("a label of a hundred letters", width=20, height=10) is None
        True
    """
    text = plain(text)
    unit = text_width(text, 1.0, bold=bold) or 0.3  # an empty label takes some room too
    single = min(largest, width / unit, height / LINE)
    if single >= min(0.8 * largest, 8.0):
        return Fitted(lines=(text,), size=_rounded(single))
    best = Fitted(lines=(text,), size=_rounded(single))
    parts = _BREAK.split(text)
    for count in range(2, min(len(parts), int(height / (LINE * smallest))) + 1):
        lines = _balanced(parts, count)
        widest = max(text_width(line, 1.0, bold=bold) for line in lines)
        size = _rounded(min(largest, width / widest, height / (LINE * len(lines))))
        if size > best.size:
            best = Fitted(lines=lines, size=size)
    return best if best.size >= smallest else None


def _rounded(size: float) -> float:
    """Return a size rounded down: nearly equal sizes side by side look like a mistake."""
    return int(size * 4) / 4


def _balanced(parts: list[str], count: int) -> tuple[str, ...]:
    """Return the parts joined to lines of which the widest is as narrow as possible."""
    widths = [text_width(part.strip(), 1.0) for part in parts]
    # The bound on the width of a line is found among the sums of neighbors: a few dozen at most.
    sums = sorted(
        {sum(widths[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
    )
    for bound in sums:
        lines: list[list[str]] = [[]]
        total = 0.0
        for part, width in zip(parts, widths, strict=True):
            if lines[-1] and total + width > bound + 1e-9:
                lines.append([])
                total = 0.0
            lines[-1].append(part)
            total += width
        if len(lines) <= count:
            return tuple("".join(line).strip() for line in lines)
    return ("".join(parts),)

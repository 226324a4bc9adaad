"""What all figures share: colors that the color-blind tell apart, fonts, file formats."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from cayley._files import replace_file
from cayley.completion import Provenance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "COLORS",
    "FIGURE_FORMATS",
    "INK",
    "PAPER",
    "PROVENANCE_COLORS",
    "SIGNED",
    "figure_bytes",
    "new_figure",
    "save_figure",
    "shortened",
    "style",
]

FIGURE_FORMATS = ("svg", "png", "pdf")
"""What a figure can be written as, told by the file's suffix."""

BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE = (
    "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7",
)  # fmt: skip
"""The palette of Okabe and Ito, without black, which is the ink, and yellow, too pale for lines."""

COLORS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""Colors of lines, in the order in which they are used.

Blue and vermillion come first: most figures have few lines, and these two are easy to tell apart.
"""

# Given cells need no attention and are pale; what contradicts the given is the strongest color.
PROVENANCE_COLORS = {
    Provenance.OBSERVED: "#ececec",
    Provenance.FORCED: SKY,
    Provenance.PREDICTED: ORANGE,
    Provenance.SUSPECT: VERMILLION,
    Provenance.UNKNOWN: "#8c8c8c",
}

SIGNED = "PuOr"
"""The color map of numbers that may be negative."""

# Not quite black and white: in a page both are replaced by the page's own colors, and matplotlib
# uses exact black and white for other things.
INK = "#1c1c1c"
"""Text and lines; a page may show it in its own color of text."""

PAPER = "#fefefe"
"""Behind text that covers lines; a page may show it in its own color of paper."""

_SETTINGS: dict[str, Any] = {
    "font.size": 9,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib: the same picture on every machine
    "text.color": INK,
    "text.parse_math": False,  # labels are data: a dollar sign is a dollar sign
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "savefig.dpi": 160,
    "svg.fonttype": "none",  # text stays text: searchable, and smaller than outlines
    "svg.image_inline": True,  # a page loads nothing, so pictures stand inside it
}


@contextmanager
def style(salt: str = "cayley") -> Iterator[None]:
    """Draw and save in the common style while the block runs.

    Args:
        salt: What the identifiers in an SVG are made from: the same figure gives the same file.
    """
    import matplotlib as mpl  # imported only where something is drawn

    settings: Any = _SETTINGS | {"svg.hashsalt": salt}
    with mpl.rc_context(settings), warnings.catch_warnings():
        # an emoji in a label is drawn as a box where the font has none
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield


def new_figure(width: float, height: float) -> "Figure":
    """Return an empty figure of a size in inches.

    It is made without pyplot, which would keep it until it is closed.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def figure_bytes(
    figure: "Figure", format: str, *, salt: str = "cayley", transparent: bool = False
) -> bytes:
    """Return a figure as a file: the same bytes whenever the figure is the same.

    Args:
        figure: What one of the drawing functions returned.
        format: ``"svg"``, ``"png"`` or ``"pdf"``.
        salt: What the identifiers in an SVG are made from.
        transparent: Whether to leave out the white background.

    Raises:
        ValueError: If the format is none of these.

    Example:
        >>> from cayley.completion import solve
        >>> from cayley.report import draw_table
        >>> from cayley.tables import generate_family
        >>> figure = draw_table(solve(generate_family("C3")))
        >>> figure_bytes(figure, "svg") == figure_bytes(figure, "svg")
        True
    """
    if format not in FIGURE_FORMATS:
        raise ValueError(f"`format` must be one of {', '.join(FIGURE_FORMATS)}; got {format!r}.")
    # None leaves out the date, which would make every file differ from the one before.
    dates: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": "cayley"},
        "png": {"Software": "cayley"},
        "pdf": {"CreationDate": None, "ModDate": None},
    }
    stream = io.BytesIO()
    with style(salt):
        figure.savefig(stream, format=format, metadata=dates[format], transparent=transparent)
    return stream.getvalue()


def save_figure(figure: "Figure", path: str | PathLike[str]) -> None:
    """Write a figure to a file, whole or not at all; its suffix tells the format.

    Args:
        figure: What one of the drawing functions returned.
        path: A file named ``.svg``, ``.png`` or ``.pdf``.

    Raises:
        ValueError: If the suffix is none of these.
        OSError: If the file cannot be written.
    """
    replace_file(Path(path), figure_bytes(figure, format_of(path)))


def format_of(path: str | PathLike[str]) -> str:
    """Return the format that a file's suffix tells.

    Raises:
        ValueError: If it tells none.
    """
    suffix = PurePath(path).suffix.lower().removeprefix(".")
    if suffix not in FIGURE_FORMATS:
        choices = ", ".join(f".{name}" for name in FIGURE_FORMATS)
        raise ValueError(f"`{path}` must end in one of {choices}.")
    return suffix


def shortened(label: str, longest: int = 12) -> str:
    """Return a label on one line, without control characters, cut where it is long.

    Example:
        >>> shortened("a" * 200, 5)
        'aaaa…'
    """
    # Almost all labels are printable: one fast test instead of a loop.
    plain = label
    if not label.isprintable():
        plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"

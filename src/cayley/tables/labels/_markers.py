"""Which strings mean that a product is unknown."""

from collections.abc import Collection, Iterable

__all__ = ["UNKNOWN_MARKERS", "is_marker", "markers_from", "zero_is_unknown"]

# What people, spreadsheets, pandas, R, JSON and printed tables put where they know nothing. A label
# of the rows wins over a marker, so that the list may be long; a marker that is added here turns
# results of their own (in tables where results are no row labels) into unknown ones.
UNKNOWN_MARKERS = (
    "?", ".", "-", "_", "*", "NA", "N/A", "#N/A", "NaN", "None", "null", "unknown",
    "undefined",
)  # fmt: skip
"""What stands for an unknown product, besides a blank, unless declared otherwise."""

# Typesetters make dashes out of a hyphen, and spreadsheets an ellipsis out of three points.
_DASHES = frozenset("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{HORIZONTAL BAR}")
_WORDS = frozenset(marker.casefold() for marker in UNKNOWN_MARKERS if marker[-1].isalpha())


def markers_from(unknown: str | Iterable[str] | None) -> frozenset[str]:
    """Return the markers the user declared, or the default ones; a single string is one marker.

    Example:
        >>> sorted(markers_from("?")), "NaN" in markers_from(None)
        (['?'], True)
    """
    if unknown is None:
        return frozenset(UNKNOWN_MARKERS)
    return frozenset([unknown] if isinstance(unknown, str) else unknown)


def is_marker(value: str, markers: Collection[str], *, are_declared: bool) -> bool:
    """Return whether a value that is no label marks an unknown product.

    Markers that the user declared are taken by the letter. Of the default ones, words count in any
    case, and every dash counts as a hyphen.

    Example:
        >>> is_marker("nan", UNKNOWN_MARKERS, are_declared=False)
        True
        >>> is_marker("nan", ["NaN"], are_declared=True)
        False
    """
    if not value or value in markers:
        return True
    return not are_declared and (value in _DASHES or value.casefold() in _WORDS)


def zero_is_unknown(labels: Collection[str]) -> bool:
    """Return whether the labels are 1..n, so that programs write 0 for an unknown product.

    Example:
        >>> zero_is_unknown(["2", "1", "3"]), zero_is_unknown(["0", "1"]), zero_is_unknown(["1"])
        (True, False, True)
    """
    return set(labels) == {str(i + 1) for i in range(len(labels))}

"""Labels that a spreadsheet program takes for formulas when it opens a CSV file."""

import re
from collections.abc import Iterable

__all__ = ["formulas_among", "is_formula", "quoted_formula"]

# Excel, LibreOffice and Google Sheets calculate what begins with one of these. Numbers stay what
# they are, and a sign alone is text.
_SIGNS = "=+-@"
_NUMBER = re.compile(r"[+-]?+(?:\d++[.,]?+\d*+|[.,]\d++)(?:[eE][+-]?+\d++)?+")


def is_formula(label: str) -> bool:
    """Return whether a spreadsheet program would calculate with a label.

    Example:
        >>> [label for label in ("=1+1", "-1", "-a", "-", "@x", "a=b", "+") if is_formula(label)]
        ['=1+1', '-a', '@x']
    """
    bare = label.lstrip()
    return len(bare) > 1 and bare[0] in _SIGNS and not _NUMBER.fullmatch(bare)


def formulas_among(labels: Iterable[str]) -> list[str]:
    """Return the labels that a spreadsheet program would calculate with, each once."""
    return [label for label in dict.fromkeys(labels) if is_formula(label)]


def quoted_formula(label: str) -> str:
    """Return a label with an apostrophe before it if it is a formula: then it is shown as text.

    Example:
        >>> quoted_formula("=1+1"), quoted_formula("-1")
        ("'=1+1", '-1')
    """
    return f"'{label}" if is_formula(label) else label

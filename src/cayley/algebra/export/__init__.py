"""What is known about a group as one value, and tables as GAP and LaTeX.

Read in this order: ``_describe`` (:class:`GroupDescription`), ``_format_description`` (the same as
text), ``_gap``, ``_latex``.
"""

from cayley.algebra.export._describe import (
    GroupDescription,
    describe,
)
from cayley.algebra.export._format_description import format_description
from cayley.algebra.export._gap import to_gap
from cayley.algebra.export._latex import to_latex

__all__ = [
    "GroupDescription",
    "describe",
    "format_description",
    "to_gap",
    "to_latex",
]

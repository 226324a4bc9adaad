"""Tables as Mathematica writes them, lists in braces: ``{{1, 2}, {2, 1}}``; arrays of C as well."""

import re

from cayley.tables.formats._context import Format, ReadContext
from cayley.tables.formats._raw import RawGrid, RawTriples, Sniffed
from cayley.tables.formats.programs._bracket_lists import find_lists, list_names, only_matrix
from cayley.tables.formats.rectangles._raw_from_sheet import raw_from_sheet
from cayley.tables.formats.rectangles._sheet import Sheet

__all__ = ["MATHEMATICA", "parse_mathematica", "sniff_mathematica"]

# Comments of Mathematica and of C, prompts of a copied session, and what Mathematica calls
# missing. All become blanks of their length, so that lines and columns stay what they are; strings
# come first, as nothing inside them is any of this. The quantifiers are possessive.
_BLANKED = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+"?+)
      | \(\*(?:[^*]|\*(?!\)))*+(?:\*\))?+ | /\*(?:[^*]|\*(?!/))*+(?:\*/)?+ | //[^\n\r]*+
      | \b(?:In|Out)\[\d++\]:?=
      | \bMissing\[[^\][]*+\] | \bNull\b | \bIndeterminate\b""",
    re.VERBOSE | re.DOTALL,
)
_NOT_NEWLINE = re.compile(r"[^\n\r]")
# The lists that the outline of `_bracket_lists` knows stand in square brackets; arguments of
# functions, for which Mathematica has these, are in round ones elsewhere.
_AS_ELSEWHERE = str.maketrans("{}[]#", "[]()?")
_STRING = re.compile(r'("(?:[^"\\]|\\.)*+"?+)', re.DOTALL)


def parse_mathematica(text: str, context: ReadContext) -> RawGrid | RawTriples:
    """Read the only list of rows in braces: with labels, without any, or products one a row.

    What is left out (``{1, , 3}``), ``Null`` and ``Missing[...]`` are unknown products.

    Raises:
        TableFormatError: If there is no list of rows, or several, or the rows differ in length.
    """
    plain = _BLANKED.sub(
        lambda match: match[0] if match["string"] else _NOT_NEWLINE.sub(" ", match[0]), text
    )
    if '"' in plain:
        pieces = _STRING.split(plain)
        pieces[::2] = [piece.translate(_AS_ELSEWHERE) for piece in pieces[::2]]
        outline = "".join(pieces)
    else:
        outline = plain.translate(_AS_ELSEWHERE)
    lists = list(find_lists(outline, context))
    matrix = only_matrix(lists, context, what="file of lists in braces")
    others = [one for one in lists if one is not matrix]
    width = len(matrix.rows[0])
    for row, start in zip(matrix.rows, matrix.starts, strict=True):
        if not row or len(row) != width:
            line, column = matrix.lines.at(start)
            raise context.error(
                f"this row has {len(row)} entries, the first one {width}.",
                line=line,
                column=column,
            )
    sheet = Sheet(
        fields=tuple(map(tuple, matrix.rows)),
        lines=tuple(matrix.lines.at(start)[0] for start in matrix.starts),
        remarks=(f"not read: {list_names(others)}",) if others else (),
    )
    if width < 2:
        return RawGrid(cells=sheet.fields, remarks=sheet.remarks)
    return raw_from_sheet(sheet, context, three_by_three=True)


_PREFIX = 8192  # enough for a comment of some length before the list
_ROWS = re.compile(r'\{\s*+\{(?:[^{}"]|"(?:[^"\\]|\\.)*+")*+\}\s*+[,}]')
_BEGINS = re.compile(r"\s*+(?:[\w$]++\s*+:?=\s*+)?+\{\s*+\{")
_NAMES_IT = re.compile(
    r"\bIn\[\d++\]:=|\bOut\[\d++\]=|\w++(?:\[[^\][\n]*+\]){1,2}+\s*+=\s*+\{\s*+\{"
)


def sniff_mathematica(text: str) -> Sniffed:
    """Say whether the text has rows in braces inside of braces."""
    start = text[:_PREFIX]
    if "{" not in start or not (_ROWS.search(start) or _NAMES_IT.search(start)):
        return 0.0, ""
    if _BEGINS.match(start) or _NAMES_IT.search(start):
        return 0.9, "a list of rows in braces"
    return 0.3, "a list of rows in braces"


MATHEMATICA = Format(
    name="mathematica",
    suffixes=(".m", ".wl", ".nb"),
    sniff=sniff_mathematica,
    parse=parse_mathematica,
)

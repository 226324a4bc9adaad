"""Tables as GAP writes them: lists of rows, printed or assigned, counted from 1."""

import re

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._raw import RawGrid, Sniffed
from cayley.tables.formats.programs._bracket_lists import (
    find_lists,
    is_other_than_json,
    list_names,
    only_matrix,
    raw_grid_of,
)
from cayley.tables.formats.programs._numbered import (
    labels_of,
    named_grid,
    named_lists,
    numbers_of,
    read_label_lines,
    refuse_repeats,
)

__all__ = ["GAP", "gap_matrix", "gap_string", "parse_gap", "sniff_gap", "write_gap"]

# Prompts of a copied session. They become blanks, so that lines and columns stay what they are.
_PROMPT = re.compile(r"^(?:gap>|brk>|>)", re.MULTILINE)


def parse_gap(text: str, context: ReadContext) -> RawGrid:
    """Read a list of rows in GAP's syntax, bare, assigned or as the argument of a function.

    Elements that are left out (``[1,,3]``) and ``fail`` are unknown products. Flat lists of strings
    named ``labels``, or ``rows``, ``columns`` and ``symbols``, name what the numbers count; so does
    a comment ``# labels: ["e", "a"]``.

    Raises:
        TableFormatError: If there is no list of rows, or several, or the rows differ in length.
    """
    session, text = text, _PROMPT.sub(lambda match: " " * len(match.group()), text)
    lists = list(find_lists(text, context))
    matrix = only_matrix(lists, context, what="GAP file")
    labels, others = named_lists(one for one in lists if one is not matrix)
    labels = labels or read_label_lines(session, context)
    remarks = (f"not read: {list_names(others)}",) if others else ()
    # In a statement or after a prompt the numbers count a list's positions, from 1 on; a bare list
    # may come from a program that counts from 0.
    in_gap = bool(matrix.name) or "gap>" in session
    are_numbers = all(each is None or each.isdigit() for each in matrix.rows[0])
    base = 1 if in_gap and are_numbers else None
    grid = raw_grid_of(matrix, context, base=base, remarks=remarks)
    return named_grid(grid, labels, context, base=1)


def write_gap(table: Table, context: WriteContext) -> str:
    r"""Return statements that assign the table, and its labels where they are not 1, 2, ...

    Raises:
        ValueError: If observations repeat cells.

    Example:
        >>> context = WriteContext(markers=frozenset(), reorder=False, delimiter=",")
        >>> print(write_gap(Table.from_array([[0, 1], [1, -1]], labels="ea"), context), end="")
        labels := [ "e", "a" ];;
        table := [
          [ 1, 2 ],
          [ 2, fail ]
        ];;
    """
    refuse_repeats(table, "GAP")
    statements = "".join(
        f"{name} := [ {', '.join(map(gap_string, names))} ];;\n"
        for name, names in labels_of(table, base=1).items()
    )
    return f"{statements}table := {gap_matrix(table)};;\n"


def gap_matrix(table: Table) -> str:
    """Return the products as a list of rows, counted from 1, ``fail`` where unknown."""
    rows = (f"[ {', '.join(row)} ]" for row in numbers_of(table, base=1, unknown="fail"))
    return "[\n  " + ",\n  ".join(rows) + "\n]"


def gap_string(text: str) -> str:
    r"""Return a string literal; control characters become octal escapes.

    Example:
        >>> print(gap_string('say "\\"'))
        "say \"\\\""
    """
    # Backslashes first: those that the other replacements add must not be doubled.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    # A raw line feed would end the statement, so that a label could become code.
    plain = (c if c >= " " and c != "\x7f" else f"\\{ord(c):03o}" for c in escaped)
    return f'"{"".join(plain)}"'


# Enough for a comment of some length before the first list.
_PREFIX = 8192
_NAMES_IT = re.compile(
    r"MultiplicationTable|^gap>|:=\s*+(?:rec\s*+\(|\[|\w++\s*+\()|\breturn\s*+\[\s*+\[",
    re.MULTILINE,
)
_ROWS, _IN_BRACES = re.compile(r"\[\s*+\["), re.compile(r"\{\s*+\{")
_LIST_OF_ROWS = re.compile(r"(?:\s|#[^\n]*+\n)*+\[\s*+\[")


def sniff_gap(text: str) -> Sniffed:
    """Say whether the text names GAP's functions, assigns a list, or is a list of rows."""
    start = text[:_PREFIX]
    named = _NAMES_IT.search(start)
    # Mathematica calls its table so too, and has braces.
    if named and (_ROWS.search(text) or not _IN_BRACES.search(text)) and "[" in text:
        found = named.group()
        by_sign = found.startswith((":=", "return"))
        return (0.9, "a GAP statement") if by_sign else (1.0, f"a GAP file, as it has `{found}`")
    if _LIST_OF_ROWS.match(start):
        if is_other_than_json(start):
            return 0.97, "a list of rows in GAP's syntax"
        # What JSON cannot read may come late; these searches are fast.
        if any(sign in text for sign in (",,", "..", "fail")) and is_other_than_json(text):
            return 0.97, "a list of rows in GAP's syntax"
        return 0.4, "a list of rows"
    return 0.0, ""


GAP = Format(name="gap", suffixes=(".g", ".gap"), sniff=sniff_gap, parse=parse_gap, write=write_gap)

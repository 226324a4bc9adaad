r"""Tables of LaTeX: the rows of ``array``, ``tabular`` and their kin, or the rows alone."""

import re
from collections.abc import Iterator

from cayley.tables._table import Table
from cayley.tables.formats._context import Format, ReadContext, WriteContext
from cayley.tables.formats._places import Lines
from cayley.tables.formats._raw import RawGrid, RawTriples, Sniffed
from cayley.tables.formats.markup._labeled_text import rows_of_text
from cayley.tables.formats.markup._latex_text import labels_of_latex, latex_text_of_label
from cayley.tables.formats.rectangles._raw_from_sheet import raw_from_sheet, raw_labeled
from cayley.tables.formats.rectangles._sheet import Record, sheet_from_records

__all__ = ["LATEX", "parse_latex", "sniff_latex", "write_latex"]

_NAMES = (
    r"tabular\*?|tabularx|tabulary|longtable|tabu|array|[pbvBV]?matrix|smallmatrix|NiceTabular|"
    r"NiceArray|pNiceMatrix|tblr"
)
_BEGIN = re.compile(rf"\\begin\s*+\{{({_NAMES})\}}")
_OTHER_BEGIN = re.compile(r"\\begin\s*+\{")
# A comment ends at the end of its line; a backslash takes the next character along.
_COMMENT = re.compile(r"\\.|%[^\n]*+", re.DOTALL)
_ROW_END = re.compile(r"\\tabularnewline\b|\\cr\b")
_OPTIONAL = re.compile(r"\s*+\[[^\[\]]*+\]")
_AFTER_ROW_END = re.compile(r"\*?\s*+(?:\[\s*+-?[\d.]++\s*+[a-z]{2}\s*+\])?+")
_BRACED = r"\{[^{}]*+\}"
# Rules, and what else may stand before the first cell of a row.
_RULE = re.compile(
    rf"\s*+\\(?P<rule>hline|toprule|midrule|bottomrule|firsthline|lasthline|hdashline|Hline|"
    rf"Xhline{_BRACED}|hhline{_BRACED}|specialrule{_BRACED}{_BRACED}{_BRACED})(?![A-Za-z])"
    r"(?:\[[^\[\]]*+\])?+"
    rf"|\s*+\\(?:cline|cmidrule)\s*+(?:\[[^\[\]]*+\])?+(?:\([a-z]*+\))?+{_BRACED}"
    rf"|\s*+\\(?:endhead|endfirsthead|endfoot|endlastfoot|addlinespace|centering|noalign{_BRACED}|"
    rf"label{_BRACED}|rowcolor(?:\[[^\[\]]*+\])?+{_BRACED}|caption(?:\[[^\[\]]*+\])?+{_BRACED})"
    r"(?![A-Za-z])(?:\[[^\[\]]*+\])?+"
)
_SPAN_OF_ONE = re.compile(
    rf"\s*+\\multicolumn\s*+\{{\s*+1\s*+\}}\s*+(?:{_BRACED}|[a-z])\s*+\{{(.*)\}}\s*+", re.DOTALL
)
_SPANS = re.compile(r"\\(multicolumn|multirow)\b")
_LABEL_COLUMN = re.compile(r"[^a-zA-Z|]*+[a-zA-Z](?:\{[^{}]*+\})?+\s*+(?:@\{[^{}]*+\}\s*+)?+\|")


def parse_latex(text: str, context: ReadContext) -> RawGrid | RawTriples:
    r"""Read the only table of a text in LaTeX.

    Raises:
        TableFormatError: If there is none, or several, or one inside another; if cells span several
            columns or rows; or if braces do not close.
    """
    text = (
        _COMMENT.sub(
            lambda match: match.group() if match.group()[0] == "\\" else " " * len(match.group()),
            text,
        )
        if "%" in text
        else text
    )
    text = _ROW_END.sub(lambda match: r"\\".ljust(len(match.group())), text)
    lines = Lines(text)
    start, end, specification = _body(text, lines, context)
    sources: list[tuple[int, list[str]]] = []
    rules: set[int] = set()
    for row_start, whole in _rows(text, start, end):
        offset, row, has_rule = _without_rules(row_start, whole)
        if has_rule:
            rules.add(len(sources))
        if not row.strip():
            continue
        line = lines.at(offset + len(row) - len(row.lstrip()))[0]
        cells = _cells(row, line, context)
        sources.append((line, cells))
        if len(sources) > context.max_order + 1:
            context.check_sizes(len(sources), len(cells), 1)
    if not sources:
        raise context.error("the table has no rows.", line=lines.at(start)[0])
    labels = labels_of_latex(cell for _, cells in sources for cell in cells)
    width = max(len(cells) for _, cells in sources)
    # A row may end before its last cells.
    records: list[Record] = [
        (line, [labels[cell] for cell in cells] + [""] * (width - len(cells)))
        for line, cells in sources
    ]
    sheet = sheet_from_records(records, context)
    has_labels = width == len(records) and (1 in rules or bool(_LABEL_COLUMN.match(specification)))
    return raw_labeled(sheet, context) if has_labels else raw_from_sheet(sheet, context)


def _body(text: str, lines: Lines, context: ReadContext) -> tuple[int, int, str]:
    """Return where the rows start and end, and the specification of the columns."""
    found: list[tuple[int, int, int, str]] = []
    position = 0
    while begin := _BEGIN.search(text, position):
        name = begin.group(1)
        end = text.find(rf"\end{{{name}}}", begin.end())
        line, column = lines.at(begin.start())
        if end < 0:
            raise context.error(
                rf"\begin{{{name}}} has no \end{{{name}}}.", line=line, column=column
            )
        # A table without & is no table of products: people set titles with it.
        if text.find("&", begin.end(), end) >= 0:
            found.append((begin.start(), begin.end(), end, name))
        position = end
    if not found:
        return 0, len(text), ""
    if len(found) > 1:
        where = ", ".join(str(lines.at(start)[0]) for start, *_ in found[:10])
        raise context.error(
            f"the file has {len(found)} tables, in the lines {where}. Keep one a file."
        )
    _, start, end, name = found[0]
    inner = _OTHER_BEGIN.search(text, start, end)
    if inner:
        line, column = lines.at(inner.start())
        raise context.error("a table inside a table is not read.", line=line, column=column)
    start, specification = _after_arguments(text, (start, end), name, lines, context)
    return start, end, specification


def _after_arguments(
    text: str, span: tuple[int, int], name: str, lines: Lines, context: ReadContext
) -> tuple[int, str]:
    """Return where the arguments of an environment end, and the last one: the columns."""
    start, end = span
    counts = {"tabular*": 2, "tabularx": 2, "tabulary": 2}
    count = 0 if name.lower().endswith("matrix") else counts.get(name, 1)
    specification = ""
    optional = _OPTIONAL.match(text, start, end)
    start = optional.end() if optional else start
    for _ in range(count):
        opening = start
        while opening < end and text[opening].isspace():
            opening += 1
        if text[opening : opening + 1] != "{":
            break
        closing = _closing_brace(text, opening, end)
        if closing < 0:
            line, column = lines.at(opening)
            raise context.error("this brace is never closed.", line=line, column=column)
        specification, start = text[opening + 1 : closing], closing + 1
    return start, specification


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _closing_brace(text: str, opening: int, end: int) -> int:
    depth = 0
    for match in _BRACE.finditer(text, opening, end):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return -1


def _rows(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    r"""Yield what stands between the ends of rows, ``\\``, with its offset."""
    offset = start
    # Read from the left, two backslashes that touch are always the end of a row.
    for number, row in enumerate(text[start:end].split(r"\\")):
        after = _AFTER_ROW_END.match(row) if number else None
        skipped = after.end() if after else 0
        yield offset + skipped, row[skipped:]
        offset += len(row) + 2


def _without_rules(offset: int, row: str) -> tuple[int, str, bool]:
    has_rule = False
    position = 0
    while match := _RULE.match(row, position):
        has_rule = has_rule or match.group("rule") is not None
        position = match.end()
    return offset + position, row[position:], has_rule


_PIECE = re.compile(r"\\.|[{}&]", re.DOTALL)


def _cells(row: str, line: int, context: ReadContext) -> list[str]:
    if "\\&" not in row and "{" not in row and "}" not in row:
        cells = [cell.strip() for cell in row.split("&")]
    else:
        cells, start, depth = [], 0, 0
        for match in _PIECE.finditer(row):
            piece = match.group()
            depth += {"{": 1, "}": -1}.get(piece, 0)
            if depth < 0:
                break
            if piece == "&" and depth == 0:
                cells.append(row[start : match.start()].strip())
                start = match.end()
        cells.append(row[start:].strip())
        if depth:
            raise context.error("the braces of this row do not match.", line=line)
    if len(cells) > context.max_order + 1:
        context.check_sizes(1, len(cells), 1)
    if _SPANS.search(row):
        cells = [_one_column(cell, line, context) for cell in cells]
    return cells


def _one_column(cell: str, line: int, context: ReadContext) -> str:
    """Return what is set in a span of one column, and refuse longer spans."""
    one = _SPAN_OF_ONE.fullmatch(cell)
    if one:
        cell = one.group(1)
    spans = _SPANS.search(cell)
    if spans:
        raise context.error(
            rf"\{spans.group(1)} makes one cell of several; write every cell by itself.",
            line=line,
        )
    return cell


def write_latex(table: Table, context: WriteContext) -> str:
    r"""Return a ``tabular`` with the labels escaped, unknown cells blank.

    Raises:
        ValueError: If the table is not square, observations repeat cells or a label has control
            characters.

    Example:
        >>> context = WriteContext(markers=frozenset(), reorder=False, delimiter=",")
        >>> table = Table.from_array([[0, 1], [1, -1]], labels=["e", "a_1"])
        >>> print(write_latex(table, context), end="")
        \begin{tabular}{c|cc}
         & e & a\_1 \\
        \hline
        e & e & a\_1 \\
        a\_1 & a\_1 &  \\
        \end{tabular}
    """
    rows = [
        " & ".join(row) + r" \\" for row in rows_of_text(table, latex_text_of_label, what="LaTeX")
    ]
    body = "\n".join([rows[0], r"\hline", *rows[1:]])
    columns = "c|" + "c" * len(table.columns)
    return f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}\n"


def sniff_latex(text: str) -> Sniffed:
    r"""Say whether the text begins an ``array`` or ``tabular``, or has rows that end in ``\\``."""
    begin = _BEGIN.search(text[:65536])
    if begin:
        return 1.0, rf"the LaTeX of \begin{{{begin.group(1)}}}"
    lines = [line for line in text[:8192].splitlines() if line.strip()]
    ends = sum(r"\\" in line for line in lines)
    if ends and sum("&" in line for line in lines) >= max(1, len(lines) - 3):
        return 0.8, r"rows of LaTeX"
    return 0.0, ""


LATEX = Format(
    name="latex", suffixes=(".tex",), sniff=sniff_latex, parse=parse_latex, write=write_latex
)

"""Text in columns: separated by blanks, by lines that are drawn, or both, as terminals show it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from cayley.tables.formats._context import Format, ReadContext
from cayley.tables.formats._raw import RawGrid, RawTriples, Sniffed
from cayley.tables.formats.rectangles._raw_from_sheet import raw_from_sheet, raw_labeled
from cayley.tables.formats.rectangles._sheet import Record, sheet_from_records
from cayley.tables.labels._shown import ticked

__all__ = ["ALIGNED", "aligned_records", "parse_aligned", "sniff_aligned"]

Lines = list[tuple[int, str]]
"""Lines with their numbers from 1."""

# Upright lines of drawn boxes, and the pieces that horizontal ones are made of.
_UPRIGHT = str.maketrans(dict.fromkeys("│┃║┆┇┊┋╎╏▏¦", "|"))
_HORIZONTAL = r"\-+=_:|\u2500-\u257f"
# Every word of a rule has two characters at least: `- | - +` is a row of the product of signs.
_RULE = re.compile(rf"\s*+(?:[{_HORIZONTAL}]{{2,}}+\s*+)++")
_R_COLUMN = re.compile(r"\[,(\d++)\]")
_R_ROW = re.compile(r"\[(\d++),\]")


def parse_aligned(text: str, context: ReadContext) -> RawGrid | RawTriples:
    """Read text in columns; a rule or an upright line sets the labels off, where there is one.

    Raises:
        TableFormatError: If a cell stands under no column or two, or the lines differ in length.
    """
    records, has_margins, remarks = aligned_records(text, context)
    sheet = sheet_from_records(records, context)
    raw = raw_labeled(sheet, context) if has_margins else raw_from_sheet(sheet, context)
    return replace(raw, remarks=(*raw.remarks, *remarks)) if remarks else raw


def aligned_records(text: str, context: ReadContext) -> tuple[list[Record], bool, tuple[str, ...]]:
    """Return the fields of each line, whether labels are set off, and what was left out."""
    lines: Lines = []
    rules: set[int] = set()
    # The rule right under the header is told by how many lines came before it.
    rule_text = ""
    for number, line in enumerate(text.translate(_UPRIGHT).splitlines(), start=1):
        if not line.strip():
            continue
        if _RULE.fullmatch(line):
            rules.add(len(lines))
            rule_text = rule_text or line
        else:
            lines.append((number, line))
            if len(lines) > 2 * context.max_order:
                context.check_sizes(len(lines), 1, 1)
    if not lines:
        raise context.error("there are no lines besides rules and blank ones.")
    piped = [i for i, (_, line) in enumerate(lines) if "|" in line]
    if len(piped) > 1:
        return _piped(lines, piped, 1 in {i - piped[0] for i in rules}, context)
    spans = [match.span() for match in re.finditer(r"\S+", rule_text)]
    if len(spans) > 1:
        return [*_by_spans(lines, spans, context)], False, ()
    records = list(_by_blanks(lines, context))
    return records, 1 in rules and len(records) == len(records[0][1]), ()


def _piped(
    lines: Lines, piped: list[int], has_rule: bool, context: ReadContext
) -> tuple[list[Record], bool, tuple[str, ...]]:
    first, last = piped[0], piped[-1]
    if len(piped) != last - first + 1:
        gap = next(i for i in range(first, last) if i not in set(piped))
        raise context.error(
            "this line has no upright line, the lines around it have.", line=lines[gap][0]
        )
    outside = [line.strip() for _, line in (*lines[:first], *lines[last + 1 :])]
    remarks = tuple(f"{ticked(line)} left out" for line in outside)
    inside = [(number, line.strip()) for number, line in lines[first : last + 1]]
    # Lines around the whole have nothing beyond them; a blank cell is not such a line.
    left = all(line.startswith("|") for _, line in inside)
    right = all(line.endswith("|") and len(line) > 1 for _, line in inside)
    cut = [
        (number, line.split("|")[left : len(line) and line.count("|") + 1 - right])
        for number, line in inside
    ]
    if all(len(fields) == 2 for _, fields in cut) and any(
        len(fields[1].split()) > 1 for _, fields in cut
    ):
        # One upright line sets the row labels off; blanks separate the cells.
        cells = list(_by_blanks([(n, fields[1]) for n, fields in cut], context, has_corner=False))
        records: list[Record] = [
            (number, [fields[0].strip(), *row])
            for (number, fields), (_, row) in zip(cut, cells, strict=True)
        ]
        return records, True, remarks
    return [(number, fields) for number, fields in cut], has_rule, remarks


def _by_spans(lines: Lines, spans: list[tuple[int, int]], context: ReadContext) -> Iterator[Record]:
    """Yield what stands over or under each piece of a rule of several pieces."""
    # Up to the next piece: the last column, and labels longer than the dashes, are whole.
    ends = [start for start, _ in spans[1:]]
    for number, line in lines:
        for end in ends:
            if line[end - 1 : end].strip():
                raise context.error(
                    "this line has a character where the rule has a gap.", line=number, column=end
                )
        starts = [0, *ends]
        yield number, [line[a:b].strip() for a, b in zip(starts, [*ends, None], strict=True)]


def _by_blanks(lines: Lines, context: ReadContext, *, has_corner: bool = True) -> Iterator[Record]:
    """Yield the words of each line, or what stands between runs of two blanks and more."""
    for line in lines[:1]:
        count = len(line[1].split())
        if count > context.max_order + 1:
            context.check_sizes(1, count, 1)
    # Blanks inside labels are rare, so words come first; a header without a corner comes last, as
    # it could be one with labels that have blanks.
    for shift in (0, 1) if has_corner else (0,):
        for cut in (str.split, _between_wide_gaps):
            fields = [cut(line) for _, line in lines]
            if fields[0] and {len(row) for row in fields[1:]} <= {len(fields[0]) + shift}:
                fields[0] = [*[""] * shift, *fields[0]]
                numbers = [number for number, _ in lines]
                yield from _without_r_brackets(list(zip(numbers, fields, strict=True)))
                return
    yield from _under_header(lines, context, has_corner=has_corner)


def _between_wide_gaps(line: str) -> list[str]:
    return re.split(r"\s{2,}", line.strip())


def _without_r_brackets(records: list[Record]) -> list[Record]:
    """Return the records with the numbers that R prints as ``[,1]`` and ``[1,]`` as labels."""
    (number, header), *body = records
    if not body or not all(_R_COLUMN.fullmatch(field or "") for field in header[1:]):
        return records
    if len(header) < 2 or not all(_R_ROW.fullmatch(row[0] or "") for _, row in body):
        return records
    named: list[Record] = [(number, ["", *((f or "")[2:-1] for f in header[1:])])]
    return named + [(n, [(row[0] or "")[1:-2], *row[1:]]) for n, row in body]


def _under_header(lines: Lines, context: ReadContext, *, has_corner: bool) -> Iterator[Record]:
    """Yield the cells by the column whose header they stand under: some cells are blank."""
    words = [
        [(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+", line)] for _, line in lines
    ]
    header = words[0]
    if not header:
        raise context.error("this line has no column labels.", line=lines[0][0])
    spans = [(start, end) for start, end, _ in header]
    # Row labels stand left of the first column label, or under the corner.
    without_corner = has_corner and all(row and row[0][1] <= spans[0][0] for row in words[1:])
    shift = 1 if without_corner else 0
    yield lines[0][0], [*[""] * shift, *(word for _, _, word in header)]
    for (number, _), row in zip(lines[1:], words[1:], strict=True):
        fields = [""] * (len(spans) + shift)
        for at, (start, end, word) in enumerate(row):
            if without_corner and at == 0:
                fields[0] = word
                continue
            under = [k for k, (a, b) in enumerate(spans) if a < end and start < b]
            if len(under) != 1 or fields[under[0] + shift]:
                raise context.error(
                    f"it cannot be told in which column {word!r} stands. Write ? for unknown "
                    "products.",
                    line=number,
                    column=start + 1,
                )
            fields[under[0] + shift] = word
        yield number, fields


_PREFIX = 8192


def sniff_aligned(text: str) -> Sniffed:
    """Say whether the text has columns of words, or columns between upright lines."""
    start = text[:_PREFIX].translate(_UPRIGHT)
    lines = start.splitlines()
    if len(text) > _PREFIX and len(lines) > 1:
        lines.pop()  # it is cut
    lines = [line for line in lines if line.strip()]
    plain = [line for line in lines if not _RULE.fullmatch(line)]
    if len(plain) < 2:
        return 0.0, ""
    if re.fullmatch(r"\s*+(?:\[,\d++\]\s*+)++", plain[0]):
        return 0.97, "a matrix as R prints it"
    if sum("|" in line for line in plain) > 1 and not any("&" in line for line in plain):
        has_rule = len(plain) < len(lines)
        return (0.7 if has_rule else 0.6), "text in columns with upright lines"
    return _sure_of_blanks(plain), "text in columns"


def _sure_of_blanks(lines: list[str]) -> float:
    """Return how sure it is that blanks separate the cells of some lines."""
    if any(mark in line for line in lines for mark in ",;\t&") or all(
        " = " in line for line in lines
    ):
        return 0.0
    counts = [len(line.split()) for line in lines]
    is_shorter = len({*counts[1:]}) == 1 and counts[1] == counts[0] + 1
    if min(counts) > 1 and (is_shorter or all(a == b for a, b in pairwise(counts))):
        return 0.6
    wide = {len(_between_wide_gaps(line)) for line in lines}
    if len(wide) == 1 and wide != {1}:
        return 0.5
    # Some cells are blank; that every word stands under one of the header is seen when it is read.
    return 0.4 if counts[0] > 2 and max(counts[1:]) <= counts[0] + 1 and min(counts) > 0 else 0.0


ALIGNED = Format(name="aligned", suffixes=(), sniff=sniff_aligned, parse=parse_aligned)

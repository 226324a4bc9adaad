"""A rectangle of fields, as spreadsheets hold it: titles, notes and empty margins taken off.

Spreadsheets and people surround a table with what is no part of it. What is left out here is said
in ``Sheet.remarks``, so that nothing disappears without a word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cayley.tables.formats._context import ReadContext
from cayley.tables.labels._shown import ticked

__all__ = ["INDEX_NAMES", "Record", "Sheet", "is_blank", "is_sign", "sheet_from_records"]

Record = tuple[int, Sequence[str | None]]
"""The line on which a record starts, from 1, and its fields; None is a field without a value."""

INDEX_NAMES = ("index", "unnamed: 0", "unnamed: 0.1")
"""What pandas writes, in lower case, in the corner of a table that it saves."""


_SPACES = " \t"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rectangle that holds the table.

    Attributes:
        fields: One tuple a row, all of one length, without white space around the fields.
        lines: The line on which each row starts.
        first_column: The number of the first column in the file, from 1.
        remarks: What was left out, in words.
    """

    fields: tuple[tuple[str | None, ...], ...]
    lines: tuple[int, ...]
    first_column: int = 1
    remarks: tuple[str, ...] = ()


class _Stripped(dict[str | None, str | None]):
    """Gives every field without the white space around it, equal ones as one string."""

    def __missing__(self, field: str | None) -> str | None:
        # Spaces of other kinds are left to be compared with the labels, so that it can be said.
        bare = field.strip(_SPACES) if field and not field.isspace() else field and ""
        if bare not in self:
            self[bare] = bare
        self[field] = self[bare]
        return self[bare]


def is_blank(field: str | None) -> bool:
    """Return whether a field holds nothing."""
    return not field


def is_sign(field: str | None) -> bool:
    """Return whether a field is a sign for the operation, which people put into the corner.

    Example:
        >>> is_sign("*"), is_sign("\N{RING OPERATOR}"), is_sign("x"), is_sign("D4")
        (True, True, True, False)
    """
    # The letters stand for the ring and the cross; as labels they are no more likely than others.
    return bool(field) and (not any(map(str.isalnum, field or "")) or field in ("o", "x"))


def sheet_from_records(records: Iterable[Record], context: ReadContext) -> Sheet:
    """Return the rectangle in some records, without what stands around it.

    Left out are blank rows and columns, comment lines that begin with ``#``, lines above the table
    that hold a title, lines below it that hold a note, and the column of row numbers that pandas
    adds.

    Raises:
        TableFormatError: If the rows have different lengths, or there are more than the limit.
    """
    kept, remarks, last_blank = _kept(records)
    if not kept:
        return Sheet(fields=(), lines=(), remarks=remarks)
    kept, said = _without_titles_and_notes(kept, last_blank)
    width = _width(kept, context)
    lines = tuple(line for line, _ in kept)
    fields = tuple(tuple(record[:width]) for _, record in kept)
    sheet = Sheet(fields=fields, lines=lines, remarks=(*remarks, *said))
    return _without_index(_without_blank_columns(sheet))


def _kept(
    records: Iterable[Record],
) -> tuple[list[tuple[int, list[str | None]]], tuple[str, ...], set[int]]:
    """Return the records that are not blank, what was left out, and where a blank line came before.

    The last are the indices of records that follow a blank one.
    """
    stripped = _Stripped()
    kept: list[tuple[int, list[str | None]]] = []
    after_blank: set[int] = set()
    comments: list[int] = []
    for line, record in records:
        bare = [stripped[field] for field in record]
        if not any(bare):
            after_blank.add(len(kept))
        else:
            if (bare[0] or "").startswith("#"):
                comments.append(len(kept))
            kept.append((line, bare))
    if not comments:
        return kept, (), after_blank
    # A label may begin with a number sign too: a line with as many fields as the others is a row,
    # unless a blank follows the sign in the first lines, as it does in no label.
    most = Counter(len(record) for _, record in kept).most_common(1)[0][0]
    out = {
        i
        for i in comments
        if len(kept[i][1]) != most
        or (sum(map(bool, kept[i][1])) == 1 < most and not _recurs(kept[i][1][0], i, kept))
        or (set(range(i)) <= set(comments) and (kept[i][1][0] or "")[1:2] == " ")
    }
    if len(out) == len(kept):
        return kept, (), after_blank
    left = [record for i, record in enumerate(kept) if i not in out]
    plural = "s" if len(out) > 1 else ""
    remark = (f"{len(out)} comment line{plural} left out",) if out else ()
    moved = {i - sum(j < i for j in out) for i in after_blank}
    return left, remark, moved


def _recurs(field: str | None, at: int, kept: list[tuple[int, list[str | None]]]) -> bool:
    return any(field in record for j, (_, record) in enumerate(kept) if j != at)


def _without_titles_and_notes(
    kept: list[tuple[int, list[str | None]]], after_blank: set[int]
) -> tuple[list[tuple[int, list[str | None]]], list[str]]:
    """Leave out lines above and below that have another shape than the table and share no label."""
    # Two thirds of the lines must be table before anything else can be a title.
    width = Counter(len(record) for _, record in kept).most_common(1)[0][0]
    remarks: list[str] = []
    first, last = 0, len(kept)

    def is_aside(i: int, others: range, *, is_note: bool) -> bool:
        words = [field for field in kept[i][1] if field]
        full = len(kept[i][1]) == width
        # A header has a label for every column, but of one column; a row may have its label only.
        if is_note and full:
            return False
        if not is_note and full and (len(words) > 1 or width < 3):
            return False
        if (
            is_note
            and len(words) > 1
            and not any(j in after_blank for j in range(first + 1, i + 1))
        ):
            return False
        return not any(word in kept[j][1] for word in words for j in others)

    while last - first > 2 and is_aside(first, range(first + 1, last), is_note=False):
        remarks.append(f"the title {ticked(_joined(kept[first][1]))} left out")
        first += 1
    while last - first > 2 and is_aside(last - 1, range(first, last - 1), is_note=True):
        remarks.append(f"the note {ticked(_joined(kept[last - 1][1]))} left out")
        last -= 1
    kept = kept[first:last]
    header = kept[0][1]
    # R's write.table writes no field above the row names.
    if len(kept) > 2 and len(header) == width - 1 and all(header) and _heads(header, kept):
        kept = [(kept[0][0], ["", *header]), *kept[1:]]
        remarks.append("the first line has no corner, as R writes it")
    return kept, remarks


def _heads(header: list[str | None], kept: list[tuple[int, list[str | None]]]) -> bool:
    """Return whether a first line that is one field short can name the columns."""
    side = [record[0] for _, record in kept[1:]]
    return len(set(header)) == len(header) and len(side) == len(header) and all(side)


def _joined(record: list[str | None]) -> str:
    return ", ".join(field for field in record if field)


def _width(kept: list[tuple[int, list[str | None]]], context: ReadContext) -> int:
    """Return the number of columns, those that are blank at the right end left out.

    Raises:
        TableFormatError: If a row is shorter, or has a label where the first row ends.
    """
    header = len(kept[0][1])
    # With as many rows as columns, the last column may be one whose products are all unknown.
    if all(len(record) == header for _, record in kept) and header == len(kept):
        return header
    width = max(_used(record) for _, record in kept)
    for line, record in kept:
        used = _used(record)
        if used > header or len(record) < width <= header:
            expected = min(width, header)
            raise context.error(
                f"expected {expected} fields, as many as in the first row; "
                f"got {max(used, len(record)) if used > header else len(record)}.",
                line=line,
                column=min(len(record), expected) + 1,
            )
    return width


def _used(record: Sequence[str | None]) -> int:
    """Return the number of fields up to the last one that is not blank."""
    used = len(record)
    while used and not record[used - 1]:
        used -= 1
    return used


def _without_blank_columns(sheet: Sheet) -> Sheet:
    """Leave out blank columns at the left, if a table with labels is what remains."""
    fields = sheet.fields
    count = 0
    while count < len(fields[0]) and not any(row[count] for row in fields):
        count += 1
    rest = tuple(row[count:] for row in fields)
    # A blank first column may also hold row labels that were forgotten: they must not disappear.
    if not count or len(rest) != len(rest[0]) or not (is_blank(rest[0][0]) or is_sign(rest[0][0])):
        return sheet
    return Sheet(
        fields=rest,
        lines=sheet.lines,
        first_column=sheet.first_column + count,
        remarks=sheet.remarks,
    )


def _without_index(sheet: Sheet) -> Sheet:
    """Leave out the row numbers that pandas puts in front of a table that has row labels."""
    fields = sheet.fields
    height, width = len(fields) - 1, len(fields[0]) - 1
    if height < 1 or width != height + 1:
        return sheet
    corner = (fields[0][0] or "").lower()
    numbers = [row[0] for row in fields[1:]]
    labels = {row[1] for row in fields[1:]}
    counted = any(numbers == [str(i + start) for i in range(height)] for start in (0, 1))
    if corner not in ("", *INDEX_NAMES) or not counted or labels != set(fields[0][2:]):
        return sheet
    return Sheet(
        fields=tuple(row[1:] for row in fields),
        lines=sheet.lines,
        first_column=sheet.first_column + 1,
        remarks=(*sheet.remarks, "the row numbers in front of the labels left out"),
    )

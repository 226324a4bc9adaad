"""What a sheet holds, once it is decided which way it is read: labels and cells, or products."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

from cayley.tables.formats._context import ReadContext
from cayley.tables.formats._raw import Place, Products, RawGrid, RawTriples
from cayley.tables.formats.rectangles._arrangement import (
    TIE,
    TRIPLE_HEADERS,
    arrangements,
    column_names,
    one_margin,
)
from cayley.tables.formats.rectangles._sheet import Sheet
from cayley.tables.labels._shown import bare, listed, shown

__all__ = [
    "raw_from_sheet",
    "raw_grid",
    "raw_labeled",
    "raw_products",
    "raw_triples",
    "with_remarks",
]


def raw_from_sheet(
    sheet: Sheet, context: ReadContext, *, three_by_three: bool = False
) -> RawGrid | RawTriples:
    """Return what a sheet holds, whichever it is: labels and cells, cells only, or triples.

    For formats that have one kind of rectangle and no name for each way to read it.

    Raises:
        TableFormatError: If the sheet holds no table, or two ways to read it are equally good.
    """
    sure = arrangements(sheet, three_by_three=three_by_three)
    ranked = sorted(sure, key=lambda name: -sure[name][0])
    if not ranked or sure[ranked[0]][0] < 0.2:
        return raw_labeled(sheet, context)
    if len(ranked) > 1 and sure[ranked[0]][0] - sure[ranked[1]][0] <= TIE:
        ways = " or as ".join(sure[name][1] for name in ranked[:2])
        raise context.error(
            f"this can be read as {ways}. Put a `*` into the corner of a table with labels, or a "
            "header such as left, right, result above products."
        )
    if ranked[0] == "triples":
        return raw_triples(sheet, context)
    return raw_grid(sheet, context) if ranked[0] == "grid" else raw_labeled(sheet, context)


def raw_labeled(sheet: Sheet, context: ReadContext) -> RawGrid:
    """Return the labels and cells of a sheet whose first row and column are labels.

    Raises:
        TableFormatError: If the table is not square, or has no labels.
    """
    fields = sheet.fields
    if not fields or len(fields[0]) < 2:
        what = "has a single field" if fields else "is empty"
        raise context.error(
            f"the table {what}; a square table starts with a row of column labels and has a "
            "first column of row labels.",
            line=sheet.lines[0] if fields else None,
        )
    context.check_sizes(max(1, len(fields) - 1), len(fields[0]) - 1, 1)
    places = [(line, sheet.first_column) for line in sheet.lines]
    across = [(sheet.lines[0], sheet.first_column + j) for j in range(len(fields[0]))]
    margin = one_margin(fields)
    if margin == "head":
        labels = tuple(map(str, fields[0]))
        remark = "the rows have no labels and are taken in the order of the columns"
        return _grid(fields[1:], labels, (*sheet.remarks, remark), places[1:], across)
    if margin == "side":
        labels = tuple(str(row[0]) for row in fields)
        remark = "the columns have no labels and are taken in the order of the rows"
        cells = tuple(row[1:] for row in fields)
        return _grid(cells, labels, (*sheet.remarks, remark), places, across[1:])
    rows = tuple(row[0] or "" for row in fields[1:])
    columns = tuple(field or "" for field in fields[0][1:])
    _check_margin(rows, places[1:], "row", "line", context)
    _check_margin(columns, across[1:], "column", "column", context)
    if len(rows) != len(columns):
        raise context.error(_not_square(rows, columns))
    return RawGrid(
        cells=tuple(row[1:] for row in fields[1:]),
        rows=rows,
        columns=columns,
        row_places=tuple(places[1:]),
        column_places=tuple(across[1:]),
        remarks=sheet.remarks,
    )


def _grid(
    cells: tuple[tuple[str | None, ...], ...],
    labels: tuple[str, ...] | None,
    remarks: tuple[str, ...],
    places: Sequence[Place],
    across: Sequence[Place],
) -> RawGrid:
    return RawGrid(
        cells=cells,
        rows=labels,
        columns=labels,
        row_places=tuple(places),
        column_places=tuple(across),
        remarks=remarks,
    )


def _check_margin(
    labels: Sequence[str],
    places: Sequence[Place],
    kind: str,
    unit: str,
    context: ReadContext,
) -> None:
    """Refuse a blank label, and one that stands there already."""
    first: dict[str, int | None] = {}
    for label, (line, column) in zip(labels, places, strict=True):
        if not label:
            raise context.error(f"the {kind} label is empty.", line=line, column=column)
        if label in first:
            raise context.error(
                f"the {kind} label {shown(label)} stands in {unit} {first[label]} already.",
                line=line,
                column=column,
            )
        first[label] = line if unit == "line" else column


def _not_square(rows: Sequence[str], columns: Sequence[str]) -> str:
    """Return the message about a table with labels that is not square."""
    message = (
        f"a square table has as many rows as columns; got {len(rows)} rows and {len(columns)} "
        "columns."
    )
    for missing, kind, there in (
        ([label for label in columns if label not in set(rows)], "row", rows),
        ([label for label in rows if label not in set(columns)], "column", columns),
    ):
        if (
            0 < len(missing) < len(there) + 1
            and set(there) <= {*rows, *columns}
            and (len(missing) == abs(len(rows) - len(columns)))
        ):
            return (
                f"{message} No {kind} has the label {listed(missing)}: add it, with blanks for "
                "unknown products."
            )
    return f"{message} Use triples or JSON for a rectangular one."


def raw_grid(sheet: Sheet, context: ReadContext) -> RawGrid:
    """Return the cells of a sheet without labels.

    Raises:
        TableFormatError: If the sheet is not square.
    """
    fields = sheet.fields
    height, width = len(fields), len(fields[0]) if fields else 0
    context.check_sizes(height, width, 1)
    if not height or height != width:
        raise context.error(
            f"a table without labels has as many rows as columns; got {height} rows and {width} "
            "columns."
        )
    places = [(line, sheet.first_column) for line in sheet.lines]
    across = [(sheet.lines[0], sheet.first_column + j) for j in range(width)]
    return _grid(fields, None, sheet.remarks, places, across)


def raw_triples(sheet: Sheet, context: ReadContext) -> RawTriples:
    """Return the products in a sheet of three columns.

    Raises:
        TableFormatError: If there are not three columns, or the first line may be a header or not.
    """
    fields = sheet.fields
    if fields and len(fields[0]) != 3:
        raise context.error(
            f"expected 3 fields (left, right, result); got {len(fields[0])}.",
            line=sheet.lines[0],
            column=min(len(fields[0]), 3) + 1,
        )
    products = Products.of((left or "", right or "", result) for left, right, result in fields)
    return raw_products(products, sheet.lines, sheet.remarks, context)


def raw_products(
    products: Products, lines: Sequence[int], remarks: tuple[str, ...], context: ReadContext
) -> RawTriples:
    """Return the products in three columns, without the line that names the columns.

    Args:
        products: All lines of the columns.
        lines: Their numbers.
        remarks: What was left out, in words.
        context: The settings.

    Raises:
        TableFormatError: If the first line may be a header or not.
    """
    if not lines:
        return RawTriples(products=products, remarks=remarks)
    first = tuple(column[0] for column in products)
    below = {label for column in products for label in {*islice(column, 1, None)} if label}
    header = column_names(first, below)
    _check_header(first, below, header, lines, context)
    if header is None:
        remarks = (*remarks, "no header line, every line is a product")
    else:
        if header not in TRIPLE_HEADERS:
            named = ", ".join(map(bare, header))
            remarks = (*remarks, f"the first line, {named}, names the columns")
        left, right, result = products
        products = Products(left[1:], right[1:], result[1:])
        lines = lines[1:]
    return RawTriples(products=products, lines=lines, remarks=remarks)


def _check_header(
    first: Sequence[str | None],
    below: Collection[str],
    header: tuple[str, ...] | None,
    lines: Sequence[int],
    context: ReadContext,
) -> None:
    """Refuse a first line that may name the columns or be a product as well."""
    shared = sum(field in below for field in first)
    # Two labels of the header among those of the products are hardly there by chance.
    letters = header is not None and header == ("a", "b", "c") and shared >= 2
    strangers = (
        header is None
        and len(lines) > 2
        and not shared
        and not any(map(str.isdigit, map(str, first)))
    )
    if letters or strangers:
        raise context.error(
            f"the first line, {listed(map(str, first))}, may name the columns or be a product. "
            "Write left,right,result above it if it is a product, and in its place if not.",
            line=lines[0],
        )


def with_remarks(raw: RawGrid | RawTriples, remarks: tuple[str, ...]) -> RawGrid | RawTriples:
    """Return cells or products with more remarks."""
    return replace(raw, remarks=(*raw.remarks, *remarks)) if remarks else raw

"""``with_formulas_as_text``: a table whose CSV file a spreadsheet program opens without harm."""

from dataclasses import replace

from cayley.tables._table import Table
from cayley.tables.labels._formulas import quoted_formula

__all__ = ["with_formulas_as_text"]


def with_formulas_as_text(table: Table) -> Table:
    """Return a table with an apostrophe before every label that would be calculated with.

    Raises:
        ValueError: If such a label is there already.

    Example:
        >>> with_formulas_as_text(Table.from_array([[0]], labels=["=1+1"])).rows
        ("'=1+1",)
    """
    rows, columns, symbols = (
        tuple(map(quoted_formula, labels)) for labels in (table.rows, table.columns, table.symbols)
    )
    for labels in (rows, columns, symbols):
        if len(set(labels)) < len(labels):
            raise ValueError(
                "with an apostrophe before formulas two labels would be one; write the table as "
                "xlsx, where labels are text."
            )
    return replace(table, rows=rows, columns=columns, symbols=symbols)

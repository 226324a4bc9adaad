"""Tables with labels in their margins, as rows of text, for formats that are looked at."""

from collections.abc import Callable

from cayley.tables._table import UNKNOWN, Table
from cayley.tables.formats.programs._numbered import refuse_repeats

__all__ = ["rows_of_text"]


def rows_of_text(table: Table, text_of: Callable[[str], str], *, what: str) -> list[list[str]]:
    """Return the header and the rows, each label as ``text_of`` it; unknown cells are empty.

    Raises:
        ValueError: If the table has not as many rows as columns, or observations repeat cells.
    """
    refuse_repeats(table, what)
    if len(table.rows) != len(table.columns):
        raise ValueError(
            f"{what} needs as many rows as columns; got {table.array.shape}. "
            "Use `triples`, `json` or `npz`."
        )
    for labels in (table.rows, table.columns, table.symbols):
        if "" in labels:
            raise ValueError(
                f"an empty label would be read as unknown in {what}. Use `json` or `npz`."
            )
    # The last entry serves the cells with UNKNOWN = -1.
    assert UNKNOWN == -1
    names = [*map(text_of, table.symbols), ""]
    return [
        ["", *map(text_of, table.columns)],
        *(
            [text_of(label), *(names[c] for c in cells)]
            for label, cells in zip(table.rows, table.array.tolist(), strict=True)
        ),
    ]

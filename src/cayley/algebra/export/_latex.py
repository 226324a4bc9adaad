"""``to_latex``: tables and character tables as LaTeX."""

from collections.abc import Iterable

from cayley.algebra.characters._character_table import CharacterTable
from cayley.algebra.groups._group import Group
from cayley.tables import UNKNOWN, Table
from cayley.tables._as_table import TableLike, as_table
from cayley.tables.formats.markup._latex_text import latex_text_of_label

__all__ = ["latex_text_of_label", "to_latex"]


def to_latex(source: TableLike | CharacterTable) -> str:
    r"""Return a table as a ``tabular``, or a character table as an ``array`` for math mode.

    Labels are data: what is special to LaTeX is escaped. Unknown products are left blank. A group
    and an array of integers (-1 where unknown) are exported as a table with the labels ``0..n-1``.

    Args:
        source: What to export.

    Raises:
        TypeError: If it is something else.
        ValueError: If an array is not square, or an entry is out of range.

    Example:
        >>> print(to_latex(Table.from_array([[0, 1], [1, -1]], labels=["e", "a_1"])), end="")
        \begin{tabular}{c|cc}
         & e & a\_1 \\
        \hline
        e & e & a\_1 \\
        a\_1 & a\_1 &  \\
        \end{tabular}
    """
    if isinstance(source, Table):
        return _table(source)
    if isinstance(source, CharacterTable):
        return _character_table(source)
    if isinstance(source, Group):
        return _table(Table.from_array(source.table))
    try:
        table = as_table(source)
    except TypeError:
        raise TypeError(
            "`source` must be a Table, Group, array or CharacterTable; "
            f"got {type(source).__name__}."
        ) from None
    return _table(table)


def _table(table: Table) -> str:
    columns = [latex_text_of_label(label) for label in table.columns]
    symbols = [latex_text_of_label(label) for label in table.symbols]
    body = [
        [latex_text_of_label(label), *("" if c == UNKNOWN else symbols[c] for c in row)]
        for label, row in zip(table.rows, table.array.tolist(), strict=True)
    ]
    lines = [_row(["", *columns]), r"\hline", *map(_row, body)]
    return _environment("tabular", "c|" + "c" * len(columns), lines)


def _character_table(table: CharacterTable) -> str:
    names = [rf"\mathrm{{{name}}}" for name in table.classes.names]
    texts = [value.to_latex() for value in table.values]
    body = [
        _row([rf"\chi_{{{i}}}", *(texts[code] for code in row)])
        for i, row in enumerate(table.codes.tolist(), start=1)
    ]
    sizes = _row(["|C|", *map(str, table.classes.sizes.tolist())])
    lines = [_row(["", *names]), sizes, r"\hline", *body]
    return _environment("array", "c|" + "r" * len(names), lines)


def _row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


def _environment(name: str, columns: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"\\begin{{{name}}}{{{columns}}}\n{body}\n\\end{{{name}}}\n"

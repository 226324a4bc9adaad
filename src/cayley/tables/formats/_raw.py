"""What a file says before it is understood: cells and labels as they were written.

A format turns its text into a :class:`RawGrid` or :class:`RawTriples` and nothing more. Which
strings mean "unknown", which labels are one label in two spellings, what the labels of a grid
without margins are, and whether a value is a mistyped label is decided afterwards, for all formats
alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["Place", "Products", "RawGrid", "RawTriples", "Sniffed"]

Place: TypeAlias = tuple[int | None, int | None]
"""Line and column in the file, both from 1, as editors count; None where there is no such thing."""

Sniffed: TypeAlias = tuple[float, str]
"""How sure a format is that a text is its own, from 0 to 1, and why, in words for the user.

1.0: the text names the format (``MultiplicationTable``, ``\\begin{array}``, ``interpretation(``).
0.7: the shape is the format's and hardly anything else's. 0.4: it can be read so, and otherwise
too. 0.0: it is not.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawGrid:
    """A rectangular table as written.

    Attributes:
        cells: One tuple a row, all of one length; None where the format says "unknown" by itself
            (JSON's null), else the string as written, without surrounding white space.
        rows: Labels of the rows, or None if the file has none.
        columns: Labels of the columns, or None if the file has none.
        symbols: The alphabet, if the file declares it.
        base: The number of the first element, if the format fixes it (0 or 1) and the cells are
            numbers; None if it is to be found out.
        is_exact: Whether cells and labels mean what is written: no string marks an unknown product
            and no two spellings are one label.
        delimiter: What separates the cells, if the user may want to know it.
        places: Where each cell stands, by (row, column) from 0; a cell that is missing here stands
            in the line of its row and in the column of its column.
        row_places: Where each row label stands.
        column_places: Where each column label stands.
        remarks: What was read and not used (a title, a comment, an index column), in words for the
            user.
    """

    cells: tuple[tuple[str | None, ...], ...]
    rows: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    symbols: tuple[str, ...] | None = None
    base: int | None = None
    is_exact: bool = False
    delimiter: str | None = None
    places: Mapping[tuple[int, int], Place] = field(default_factory=dict)
    row_places: tuple[Place, ...] = ()
    column_places: tuple[Place, ...] = ()
    remarks: tuple[str, ...] = ()


class Products(NamedTuple):
    """Products by columns: a list of a million is then looked at by loops in C only.

    Attributes:
        left: The left operand of every product.
        right: The right operand.
        result: The result, None where it is said to be unknown.
    """

    left: Sequence[str]
    right: Sequence[str]
    result: Sequence[str | None]

    @classmethod
    def of(cls, triples: Iterable[tuple[str, str, str | None]]) -> "Products":
        """Return the products in some triples."""
        columns = tuple(zip(*triples, strict=True))
        return cls(*columns) if columns else cls((), (), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTriples:
    """Products as written, one after another: left, right and result.

    Attributes:
        products: The products.
        labels: The alphabet, if the file declares it (``labels: a b c``).
        lines: The line of each triple, from 1.
        unit: What these numbers count, "line" or "item".
        delimiter: What separates the labels, if the user may want to know it.
        remarks: What was read and not used, in words for the user.
    """

    products: Products
    labels: tuple[str, ...] | None = None
    lines: Sequence[int] = ()
    unit: Literal["line", "item"] = "line"
    delimiter: str | None = None
    remarks: tuple[str, ...] = ()

"""``to_gap``: tables, groups and character tables as statements for GAP."""

from collections.abc import Iterable
from typing import Any

from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.algebra.characters._character_table import CharacterTable
from cayley.algebra.groups._conjugacy_classes import power_map
from cayley.algebra.groups._element_orders import prime_factors
from cayley.algebra.groups._group import Group
from cayley.algebra.groups._presentation import Presentation
from cayley.tables import UNKNOWN, Table
from cayley.tables._as_table import TableLike, as_table
from cayley.tables.formats.programs._gap import gap_string

__all__ = ["gap_string", "to_gap"]


def to_gap(source: TableLike | CharacterTable | Presentation) -> str:
    r"""Return statements that rebuild an object in GAP, for a file or for pasting.

    - A table becomes a record ``table`` of labels and ``products``, which counts symbols from 1 and
      has ``fail`` where the product is not known; a full table with one alphabet also the
      ``magma`` with that multiplication table. An array or nested lists of integers, -1 where
      unknown, are exported as :meth:`Table.from_array <cayley.tables.Table.from_array>` of them.
    - A group becomes ``group``, a character table ``table`` (``Irr`` and power maps), a
      presentation the finitely presented ``group``.

    Labels are data: they become string literals with everything special escaped.

    Args:
        source: What to export.

    Raises:
        TypeError: If it is something else.
        ValueError: If an array is not square, or an entry is out of range.

    Example:
        >>> print(to_gap(Group.from_table([[0, 1], [1, 0]])), end="")
        group := GroupByMultiplicationTable( [
          [ 1, 2 ],
          [ 2, 1 ]
        ] );;

    References:
        The GAP Group, *GAP - Reference Manual*, chapters 35 and 71, https://www.gap-system.org.
    """
    if isinstance(source, Table):
        return _table(source)
    if isinstance(source, Group):
        return f"group := GroupByMultiplicationTable( {_matrix(source.table)} );;\n"
    if isinstance(source, CharacterTable):
        return _character_table(source)
    if isinstance(source, Presentation):
        return _presentation(source)
    try:
        table = as_table(source)
    except TypeError:
        raise TypeError(
            "`source` must be a Table, Group, array, CharacterTable or Presentation; "
            f"got {type(source).__name__}."
        ) from None
    return _table(table)


def _table(table: Table) -> str:
    if table.has_one_alphabet:
        table = table.aligned()
    labels = "".join(
        f"  {name} := [ {', '.join(map(gap_string, getattr(table, name)))} ],\n"
        for name in ("rows", "columns", "symbols")
    )
    record = f"table := rec(\n{labels}  products := {_matrix(table.array)}\n);;\n"
    if not (table.is_full and table.has_one_alphabet):
        return record
    return f"{record}magma := MagmaByMultiplicationTable( table.products );;\n"


def _character_table(table: CharacterTable) -> str:
    order = table.group.order
    # GAP counts from 1; places of numbers that are not prime divisors stay empty in its list.
    maps = {p: power_map(table.group, p) + 1 for p in prime_factors(order)}
    places = ", ".join(
        _list(maps[p].tolist()) if p in maps else "" for p in range(1, max(maps, default=0) + 1)
    )
    irreducibles = ",\n".join(
        "  " + _list(value.to_gap() for value in table.row(i)) for i in range(len(table))
    )
    fields = {
        "UnderlyingCharacteristic": "0",
        "Size": str(order),
        "NrConjugacyClasses": str(len(table)),
        "SizesCentralizers": _list((order // table.classes.sizes).tolist()),
        "SizesConjugacyClasses": _list(table.classes.sizes.tolist()),
        "OrdersClassRepresentatives": _list(table.classes.orders.tolist()),
        "ComputedPowerMaps": f"[ {places} ]" if maps else "[ ]",
        "Irr": f"[\n{irreducibles}\n]",
    }
    body = ",\n".join(f"{name} := {value}" for name, value in fields.items())
    return f"table := ConvertToCharacterTable( rec(\n{body}\n) );;\n"


def _presentation(presentation: Presentation) -> str:
    names = ", ".join(f'"{name}"' for name in presentation.names)
    free = f"free := FreeGroup( {names} );;\n" if names else "free := FreeGroup( 0 );;\n"
    # The relators only: the free group gets a name of its own, for its letters to be defined.
    words = presentation.to_gap().partition(" / ")[2]
    letters = "".join(
        f"{name} := free.{i};; " for i, name in enumerate(presentation.names, start=1)
    )
    return f"{free}{letters}\ngroup := free / {words};;\n"


def _matrix(array: Int[NDArray[Any], "r c"]) -> str:
    """Write indices counted from 1, one row a line."""
    rows = (_list("fail" if c == UNKNOWN else c + 1 for c in row) for row in array.tolist())
    return "[\n  " + ",\n  ".join(rows) + "\n]"


def _list(values: Iterable[object]) -> str:
    return f"[ {', '.join(map(str, values))} ]"

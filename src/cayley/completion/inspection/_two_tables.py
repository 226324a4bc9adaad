"""``two_tables``: what two tables on one alphabet are together, in labels and sentences."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from cayley.algebra.rings import TwoOperations
from cayley.algebra.rings._laws_of_two import EQUATIONS, Failure, Term
from cayley.tables import Table

__all__ = ["TwoTables", "two_tables"]

_MOST_NAMED = 3
"""Labels of one table only that are named in a message; the first few show what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoTables:
    """What two tables are together.

    Attributes:
        plus: The table that is the sum.
        times: The table that is the product, its rows and columns in the order of ``plus``.
        swapped: Whether the sum is the table that was given second.
        together: The kinds of structure that they are.
    """

    plus: Table
    times: Table
    swapped: bool
    together: TwoOperations

    @property
    def reasons(self) -> dict[str, str]:
        """Why they are not of each other kind, as sentences."""
        return {kind: self._sentence(found) for kind, found in self.together.failures.items()}

    def to_document(self) -> dict[str, Any]:
        """Return the member ``two_operations`` of the document."""
        return {
            "sum": "second" if self.swapped else "first",
            "kinds": list(self.together.kinds),
            "name": self.together.name,
            "reasons": self.reasons,
        }

    def _sentence(self, failure: Failure) -> str:
        labels = self.plus.rows
        values = [labels[i] for i in failure.instance]
        law = failure.law
        if law in EQUATIONS:
            left, right = EQUATIONS[law]
            ends = f"{self._text(left, values)} = {labels[self._value(left, failure.instance)]}"
            if isinstance(right, int):
                return f"no {law}: {ends}"
            result = labels[self._value(right, failure.instance)]
            return f"no {law}: {ends}, but {self._text(right, values)} = {result}"
        sign = "+" if law.startswith("additive") else "*"
        if law.endswith("identity"):
            return f"no {law}: no element e has e {sign} x = x = x {sign} e"
        if law.endswith("inverses"):
            return f"no {law}: {values[0]} has no inverse under {sign}"
        zero = labels[self._zero]
        if law == "zero absorbs":
            return f"the zero {zero} does not absorb {values[0]}"
        return f"zero and one are both {zero}"

    @property
    def _zero(self) -> int:
        return int((self.plus.array == np.arange(self.plus.order)).all(axis=1).argmax())

    def _value(self, term: Term, instance: tuple[int, ...]) -> int:
        if isinstance(term, int):
            return instance[term]
        sign, left, right = term
        a, b = self._value(left, instance), self._value(right, instance)
        if sign == "-":
            a, sign = int((self.plus.array[a] == self._zero).argmax()), "+"
        return int((self.plus if sign == "+" else self.times).array[a, b])

    def _text(self, term: Term, values: list[str], *, outermost: bool = True) -> str:
        if isinstance(term, int):
            return values[term]
        sign, left, right = term
        first, second = (self._text(each, values, outermost=False) for each in (left, right))
        text = f"-{first} + {second}" if sign == "-" else f"{first} {sign} {second}"
        return text if outermost else f"({text})"


def two_tables(first: Table, second: Table) -> TwoTables:
    """Return what two full tables are together.

    The first one is the sum, unless the two are of no kind then and are of some the other way
    around.

    Args:
        first: A full table, columns and symbols in the order of the rows.
        second: A full table over the same labels.

    Raises:
        ValueError: If a table has several alphabets, a cell is unknown, or the labels differ.

    Example:
        >>> join, meet = [[0, 1], [1, 1]], [[0, 0], [0, 1]]
        >>> found = two_tables(Table.from_array(join), Table.from_array(meet))
        >>> found.together.kinds[0], found.reasons["ring"]
        ('distributive lattice', 'no additive inverses: 1 has no inverse under +')
    """
    for name, table in (("first", first), ("second", second)):
        if not table.has_one_alphabet:
            raise ValueError(
                f"the {name} table has different labels in rows, columns and symbols; two "
                "operations need one alphabet."
            )
        if table.num_observed < table.array.size:
            raise ValueError(
                f"the {name} table must be full; {table.array.size - table.num_observed} cells are "
                "unknown. Use `cayley complete` first."
            )
    for here, there, name in ((first, second, "first"), (second, first, "second")):
        alone = [label for label in here.rows if label not in set(there.rows)]
        if alone:
            named = ", ".join(f"`{label}`" for label in alone[:_MOST_NAMED])
            more = ", ..." if len(alone) > _MOST_NAMED else ""
            raise ValueError(
                f"two operations need the same labels; {named}{more} "
                f"{'is' if len(alone) == 1 else 'are'} in the {name} table only."
            )
    second = _in_order_of(first, second.aligned())
    together = TwoOperations.of(first, second)
    if not together.kinds and (other_way := TwoOperations.of(second, first)).kinds:
        return TwoTables(plus=second, times=first, swapped=True, together=other_way)
    return TwoTables(plus=first, times=second, swapped=False, together=together)


def _in_order_of(first: Table, second: Table) -> Table:
    place = {label: i for i, label in enumerate(first.rows)}
    to = np.array([place[label] for label in second.rows])
    back = np.argsort(to)
    return Table.from_array(to[second.array[np.ix_(back, back)]], labels=first.rows)

"""The clauses that say that a table has some cells and is of a theory.

The variable ``1 + (a n + b) n + c`` says that ``a o b = c``. An instance of a law is written for
all values that its inner products can have: those of given cells are put in.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from cayley import _checker

__all__ = ["Formula", "TooLarge"]

Clause = list[int]

_GROUP: Any = [_checker.ASSOCIATIVE]


class TooLarge(Exception):
    """The formula has more clauses than are written."""


class Formula:
    """Clauses, and the number of variables in them.

    Args:
        theory: The theory, as the checker reads it: a group, an isotope, or laws and conditions.
        order: How many labels there are.
        cells: Given cells ``(a, b, c)``.
        most: How many clauses there may be.

    Raises:
        ValueError: If the theory is that of homotopes, whose groups may be of any order.
        TooLarge: If there are more clauses.
    """

    def __init__(
        self, theory: Any, order: int, cells: Sequence[Sequence[int]], *, most: int
    ) -> None:
        if theory.is_homotope:
            raise ValueError("homotopes of groups are not written as formulas.")
        self._n, self._most = order, most
        self.num_variables = 0
        self.clauses: list[Clause] = []
        self.comments: list[str] = []
        self._known = {(a, b): c for a, b, c in cells}
        table = self._operation("the result of row a, column b is symbol c")
        for a, b, c in cells:
            self.add([self.cell(a, b, c, table)])
        if theory.is_isotope:
            self._lines(table, "left cancellation")
            self._lines(table, "right cancellation")
            self._isotope(table)
            return
        for condition in theory.conditions:
            if condition in _checker.CONDITIONS[:2]:
                self._lines(table, condition)
        if theory.unit:
            self._unit(table, inverses=theory.inverses)
        for law in theory.laws:
            self._law(law, table)

    def add(self, clause: Clause) -> None:
        """Add one clause."""
        if len(self.clauses) >= self._most:
            raise TooLarge
        self.clauses.append(clause)

    def cell(self, a: int, b: int, c: int, operation: int = 0) -> int:
        """Return the variable for one product of an operation, that of the table by default."""
        return operation + 1 + (a * self._n + b) * self._n + c

    def lines(self) -> Iterator[str]:
        """Yield the lines of the DIMACS format."""
        yield from (f"c {each}" for each in self.comments)
        yield f"p cnf {self.num_variables} {len(self.clauses)}"
        yield from (f"{' '.join(map(str, clause))} 0" for clause in self.clauses)

    def _variables(self, count: int, meaning: str) -> int:
        """Return the number before new variables."""
        first = self.num_variables
        self.num_variables += count
        self.comments.append(f"variables {first + 1} to {first + count}: {meaning}")
        return first

    def _operation(self, meaning: str) -> int:
        """Return the number before the variables of a new operation: each cell has one symbol."""
        n = self._n
        operation = self._variables(n**3, f"{meaning}, at (a n + b) n + c, n = {n}")
        for a, b in itertools.product(range(n), repeat=2):
            self._just_one([self.cell(a, b, c, operation) for c in range(n)])
        return operation

    def _just_one(self, variables: list[int]) -> None:
        self.add(variables)
        for one, other in itertools.combinations(variables, 2):
            self.add([-one, -other])

    def _lines(self, operation: int, condition: str) -> None:
        """Say that every symbol is just once in every row, or in every column."""
        everyone = range(self._n)
        for line, c in itertools.product(everyone, repeat=2):
            by_row = condition == _checker.CONDITIONS[0]
            self._just_one([
                self.cell(line, x, c, operation) if by_row else self.cell(x, line, c, operation)
                for x in everyone
            ])  # fmt: skip

    def _unit(self, operation: int, *, inverses: bool) -> None:
        n = self._n
        everyone = range(n)
        unit = self._variables(n, "e is a unit")
        self.add([unit + 1 + e for e in everyone])
        for e, x in itertools.product(everyone, repeat=2):
            self.add([-(unit + 1 + e), self.cell(e, x, x, operation)])
            self.add([-(unit + 1 + e), self.cell(x, e, x, operation)])
        if not inverses:
            return
        inverse = self._variables(n * n, "y is an inverse of x, at x n + y")
        for x in everyone:
            self.add([inverse + 1 + x * n + y for y in everyone])
        for x, y, e in itertools.product(everyone, repeat=3):
            both = [-(inverse + 1 + x * n + y), -(unit + 1 + e)]
            self.add([*both, self.cell(x, y, e, operation)])
            self.add([*both, self.cell(y, x, e, operation)])

    def _law(self, law: Sequence[Any], operation: int) -> None:
        """Say that a law holds: unequal values of its sides exclude each other."""
        variables, _, _ = _checker.compiled(law)
        left, right = law
        # What is last is an outermost product, so that a clause names its value at once.
        if isinstance(right, int):
            left, right = right, left
        for values in itertools.product(range(self._n), repeat=variables):
            for value, given in self._values(left, values, operation):
                if isinstance(right, int):
                    if value != values[right]:
                        self.add([-x for x in given])
                    continue
                for a, one in self._values(right[0], values, operation):
                    for b, other in self._values(right[1], values, operation):
                        supposed = [-x for x in (*given, *one, *other)]
                        if operation == 0 and (a, b) in self._known:
                            if self._known[a, b] != value:
                                self.add(supposed)
                        else:
                            self.add([*supposed, self.cell(a, b, value, operation)])

    def _values(
        self, term: Any, values: Sequence[int], operation: int
    ) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield each value that a term can have, with the variables that then are true."""
        if isinstance(term, int):
            yield values[term], ()
            return
        for a, one in self._values(term[0], values, operation):
            for b, other in self._values(term[1], values, operation):
                if operation == 0 and (a, b) in self._known:
                    yield self._known[a, b], (*one, *other)
                    continue
                for c in range(self._n):
                    yield c, (*one, *other, self.cell(a, b, c, operation))

    def _isotope(self, table: int) -> None:
        """Say that (a o 0) * (0 o b) = a o b is a group, as it is for isotopes (Albert)."""
        everyone = range(self._n)
        group = self._operation("the product of a and b is c in the group")
        for a, b, u, v, w in itertools.product(everyone, repeat=5):
            given = [
                self.cell(a, 0, u, table),
                self.cell(0, b, v, table),
                self.cell(a, b, w, table),
            ]
            cells = [((a, 0), u), ((0, b), v), ((a, b), w)]
            if all(self._known.get(at, x) == x for at, x in cells):
                self.add([*(-x for x in given), self.cell(u, v, w, group)])
        self._lines(group, _checker.CONDITIONS[0])
        self._lines(group, _checker.CONDITIONS[1])
        for law in _GROUP:
            self._law(law, group)

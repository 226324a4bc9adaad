"""Proofs that conditions force a cell, or cannot hold: cancellation, a unit, inverses.

Propagation notes which cells speak for a step by conditions; here a note becomes lines of schema
``cayley.certificate/1``, by going through the labels that something can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cayley.deduction.proofs._proof_lines import EQ, ProofLines
from cayley.theories.laws._conditions import Condition
from cayley.theories.propagation._cells import KnownCells, Note

__all__ = ["ConditionTrace", "NoTrace", "Scope"]

_LEFT, _RIGHT = Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION

_KNOWN = frozenset({_LEFT, _RIGHT, Condition.UNIT, Condition.INVERSES})
"""The conditions that the checker knows."""


class NoTrace(Exception):
    """No proof was found within the limits, or the theory has a condition without a rule."""


@dataclass(slots=True)
class Scope:
    """A state of the propagation with the facts that its cells have in the proof."""

    state: KnownCells
    fact: dict[int, int] = field(default_factory=dict)
    seen: int = 0
    unit: int | None = None

    def child(self) -> "Scope":
        return Scope(self.state.copy(), dict(self.fact), self.seen, self.unit)


class ConditionTrace:
    """Writes why conditions force cells.

    Args:
        lines: The proof, which it adds to.
        order: How many elements there are.
    """

    def __init__(self, lines: ProofLines, order: int) -> None:
        self._lines, self._order = lines, order

    def forced(self, scope: Scope, note: Note, cell: int) -> int:
        """Return the fact for a cell that conditions force."""
        conditions = set(note.conditions)
        if not conditions <= _KNOWN:
            raise NoTrace
        a, b = divmod(cell, self._order)
        value = int(scope.state.table[cell])
        if Condition.INVERSES in conditions:
            return self._inverse(scope, note, a, b)
        if Condition.UNIT in conditions:
            for unit in (a, b):
                if value == (b if unit == a else a) and self._find_unit(scope, note, unit):
                    return self._of_unit(scope, unit, a, b)
            raise NoTrace
        for place in (2, 1, 0):
            used = self._excluding(scope, note, (a, b, value), place)
            if used is not None:
                triple = (1 + a, 1 + b, 1 + value)
                return self._lines.only(triple, place, 0, triple[place], used)
        raise NoTrace

    def _excluding(
        self, scope: Scope, note: Note, triple: Sequence[int], place: int, *, kept: bool = True
    ) -> list[int] | None:
        """Return for each other label the fact that excludes it at a place; None if one is not."""
        n, table = self._order, scope.state.table
        cancel = {0: _RIGHT in note.conditions, 1: _LEFT in note.conditions, 2: True}
        if not cancel[place]:
            return None
        found: dict[int, int] = {}
        for a, b in note.cells:
            cell = a * n + b
            known = (a, b, int(table[cell]))
            # It excludes the label that it holds there, if it differs from the triple in one more.
            rest = [at for at in range(3) if at != place and known[at] != triple[at]]
            if len(rest) == 1 and cancel[rest[0]]:
                found.setdefault(known[place], scope.fact[cell])
        labels = [x for x in range(n) if not (kept and x == triple[place])]
        return [found[x] for x in labels] if all(x in found for x in labels) else None

    def contradiction(self, scope: Scope, note: Note) -> int:
        """Return the step by which cells contradict conditions."""
        if not set(note.conditions) <= _KNOWN:
            raise NoTrace
        n = self._order
        if Condition.INVERSES in note.conditions:
            return self._no_inverse(scope, note)
        if Condition.UNIT in note.conditions:
            return self._no_unit(scope, note)
        facts = [scope.fact[a * n + b] for a, b in note.cells]
        if len(note.cells) == 2 and len(note.conditions) == 1:
            place = 1 if note.conditions[0] is _LEFT else 0
            return self._lines.clash(self._lines.same(facts[0], facts[1], place))
        # A cell without candidates, or a symbol without a place: find out which.
        rows, columns = ({cell[i] for cell in note.cells} for i in (0, 1))
        symbols = range(n)
        for place, choices in (
            (2, ((a, b, -1) for a in rows for b in columns)),
            (1, ((a, -1, c) for a in rows for c in symbols)),
            (0, ((-1, b, c) for b in columns for c in symbols)),
        ):
            for triple in choices:
                used = self._excluding(scope, note, triple, place, kept=False)
                if used is not None:
                    names = (1 + triple[0], 1 + triple[1], 1 + triple[2])
                    return self._lines.only(names, place, 0, -1, used)
        raise NoTrace

    def _find_unit(self, scope: Scope, note: Note, unit: int) -> bool:
        """Prove that an element is the unit, once; return whether the note says so."""
        if scope.unit is not None:
            return max(self._lines.facts[scope.unit]) == 1 + unit
        n, lines, table = self._order, self._lines, scope.state.table
        if _LEFT in note.conditions:
            a, b = note.cells[0]
            value, fact = int(table[a * n + b]), scope.fact[a * n + b]
            if value == b and unit == a:
                scope.unit = lines.same(fact, lines.unit(1 + b)[0], 0)
            elif value == a and unit == b:
                scope.unit = lines.same(fact, lines.unit(1 + a)[1], 1)
            return scope.unit is not None
        others = [x for x in range(n) if x != unit]
        if len(note.cells) < len(others):
            return False
        refuted = self._exclude_units(scope, others, note)
        if refuted is None:
            return False
        cases, refutations = refuted
        scope.unit = lines.end(cases, refutations, 1 + unit)
        return True

    def _exclude_units(
        self, scope: Scope, others: list[int], note: Note
    ) -> tuple[int, list[int]] | None:
        """Refute that the unit is one of some elements, each by its cell of a note."""
        n, lines, table = self._order, self._lines, scope.state.table
        for e, (a, b) in zip(others, note.cells, strict=False):
            value = int(table[a * n + b])
            if not ((a == e and value != b) or (b == e and value != a)):
                return None
        units = {x: lines.unit(1 + x) for cell in note.cells for x in cell}
        cases, refutations = lines.cases(0, EQ, 0), []
        for e, (a, b) in zip(others, note.cells, strict=False):
            equal = lines.case(cases, 1 + e)
            value, fact = int(table[a * n + b]), scope.fact[a * n + b]
            if a == e and value != b:
                product = lines.replace(units[b][0], 0, equal)
            else:
                product = lines.replace(units[a][1], 1, equal)
            refutations.append(lines.clash(lines.same(product, fact, 2)))
        return cases, refutations

    def _of_unit(self, scope: Scope, unit: int, a: int, b: int) -> int:
        """Return the fact for a product with the unit."""
        assert scope.unit is not None
        other, side = (b, 0) if a == unit else (a, 1)
        return self._lines.replace(self._lines.unit(1 + other)[side], side, scope.unit)

    def _no_unit(self, scope: Scope, note: Note) -> int:
        """Refute by the unit: no element is left, or a product with it is wrong."""
        n = self._order
        *rest, (a, b) = note.cells
        value = int(scope.state.table[a * n + b])
        shorter = Note(note.conditions, tuple(rest))
        for unit in (a, b) if rest else ():
            if value != (b if unit == a else a) and self._find_unit(scope, shorter, unit):
                fact = self._of_unit(scope, unit, a, b)
                return self._lines.clash(self._lines.same(fact, scope.fact[a * n + b], 2))
        if len(note.cells) == n:
            refuted = self._exclude_units(scope, list(range(n)), note)
            if refuted is not None:
                return self._lines.end(*refuted, None)
        raise NoTrace

    def _inverse(self, scope: Scope, note: Note, a: int, b: int) -> int:
        """Return the fact that a*b is the unit: no other inverse of a, or of b, is left."""
        if scope.unit is None:
            raise NoTrace
        for x, y in ((a, b), (b, a)):
            refuted = self._exclude_inverses(
                scope, note, x, [z for z in range(self._order) if z != y]
            )
            if refuted is not None:
                facts, cases, refutations = refuted
                equal = self._lines.end(cases, refutations, 1 + y)
                fact = self._lines.replace(facts[0 if x == a else 1], 1 if x == a else 0, equal)
                return self._lines.replace(fact, 2, scope.unit)
        raise NoTrace

    def _no_inverse(self, scope: Scope, note: Note) -> int:
        """Refute by an element without an inverse, or by there being no unit."""
        if scope.unit is None:
            excluding = self._cells_that_exclude_units(scope)
            left = [e for e in range(self._order) if e not in excluding]
            by_unit = Note((Condition.UNIT,), tuple(excluding.values()))
            if not left:
                return self._no_unit(scope, by_unit)
            if len(left) > 1 or not self._find_unit(scope, by_unit, left[0]):
                raise NoTrace
        for x in {cell[i] for cell in note.cells for i in (0, 1)}:
            refuted = self._exclude_inverses(scope, note, x, list(range(self._order)))
            if refuted is not None:
                return self._lines.end(refuted[1], refuted[2], None)
        raise NoTrace

    def _cells_that_exclude_units(self, scope: Scope) -> dict[int, tuple[int, int]]:
        """Return for each element that is no unit a known cell that says so."""
        found = {}
        square = scope.state.square.tolist()
        for e, row in enumerate(square):
            for x, value in enumerate(row):
                if value not in (-1, x):
                    found[e] = (e, x)
                elif square[x][e] not in (-1, x):
                    found[e] = (x, e)
        return found

    def _exclude_inverses(
        self, scope: Scope, note: Note, x: int, others: list[int]
    ) -> tuple[tuple[int, int], int, list[int]] | None:
        """Refute that the inverse of x is one of some elements, by cells of a note."""
        n, lines, table = self._order, self._lines, scope.state.table
        assert scope.unit is not None
        unit = max(lines.facts[scope.unit]) - 1
        wrong = {cell for cell in note.cells if table[cell[0] * n + cell[1]] != unit}
        if not all((x, y) in wrong or (y, x) in wrong for y in others):
            return None
        facts = lines.inverse(1 + x)
        inverse = lines.facts[facts[0]][1]
        cases, refutations = lines.cases(inverse, EQ, 0), []
        for y in others:
            equal = lines.case(cases, 1 + y)
            side = 0 if (x, y) in wrong else 1
            cell = x * n + y if side == 0 else y * n + x
            fact = lines.replace(facts[side], 1 - side, equal)
            fact = lines.replace(fact, 2, scope.unit)
            refutations.append(lines.clash(lines.same(fact, scope.fact[cell], 2)))
        return facts, cases, refutations

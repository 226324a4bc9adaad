"""Proofs that laws and conditions force cells, or leave no table, as lines to be replayed.

The propagation of ``_propagation`` keeps a reason for every cell; here each reason becomes a line
of schema ``cayley.certificate/1``, and each guess of a search a case. `cayley._checker` reads them.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction._proof_lines import EQ, ProofLines
from cayley.theories._cells import GIVEN, GUESSED, KnownCells, Note
from cayley.theories._conditions import Condition
from cayley.theories._demands import candidates
from cayley.theories._evaluation import OutOfTime
from cayley.theories._propagation import Propagation
from cayley.theories._terms import products

__all__ = ["NoTrace", "TracedSearch"]

_LEFT, _RIGHT = Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION

_KNOWN = frozenset({_LEFT, _RIGHT, Condition.UNIT, Condition.INVERSES})
"""The conditions that the checker knows."""

_DEEPEST = 200
"""Cases inside cases; Python allows some thousand calls inside calls."""


class NoTrace(Exception):
    """No proof was found within the limits, or the theory has a condition without a rule."""


@dataclass(slots=True)
class _Scope:
    """A state of the propagation with the facts that its cells have in the proof."""

    state: KnownCells
    fact: dict[int, int] = field(default_factory=dict)
    seen: int = 0
    unit: int | None = None

    def child(self) -> "_Scope":
        return _Scope(self.state.copy(), dict(self.fact), self.seen, self.unit)


class TracedSearch:
    """A search that writes down why each cell is forced and each guess refuted.

    Args:
        given: The given cells ``(a, b, c)`` in the order of their facts.
        order: How many elements there are.
        propagation: What the theory forces by what it states alone, without theorems.
        max_nodes: How many guesses may be tried.
        deadline: When to stop, on the monotonic clock.
    """

    def __init__(
        self,
        given: Sequence[tuple[int, int, int]],
        order: int,
        propagation: Propagation,
        *,
        max_nodes: int,
        deadline: float,
    ) -> None:
        self._propagation, self._nodes, self._deadline = propagation, max_nodes, deadline
        self.order = order
        self.lines = ProofLines([(1 + a, 1 + b, 1 + c) for a, b, c in given], 1 + order)
        self._given = {a * order + b: i for i, (a, b, _) in enumerate(given)}
        array = np.full((order, order), -1)
        for a, b, c in given:
            array[a, b] = c
        self._root = _Scope(propagation.start(array))
        self._refutation: int | None = None

    def refuted(self) -> list[list[Any]]:
        """Return the lines that prove that there is no table.

        Raises:
            NoTrace: If none are found.
        """
        step = self._refute(self._root, 0)
        return self.lines.written(self.lines.needed([step]))

    def forced(
        self, table: Int[NDArray[Any], "n n"], cells: Iterable[tuple[int, int]]
    ) -> list[list[Any]]:
        """Return the lines that prove some cells of a table.

        Raises:
            NoTrace: If none are found.
        """
        scope, n = self._root, self.order
        if self._propagate(scope) is not None:
            raise NoTrace
        wanted = [a * n + b for a, b in cells]
        while open_ := [cell for cell in wanted if cell not in scope.fact]:
            cell = min(open_, key=lambda cell: self._allowed(scope, cell).sum())
            value = int(table.flat[cell])
            fact = self._split(scope, cell, keep=value)
            scope.state.guess(cell, value)
            scope.fact[cell] = fact
            if self._propagate(scope) is not None:
                raise NoTrace
        facts = [scope.fact[cell] for cell in wanted]
        return self.lines.written(self.lines.needed(facts=facts))

    def _allowed(self, scope: _Scope, cell: int) -> NDArray[Any]:
        a, b = divmod(cell, self.order)
        square, conditions = scope.state.square, self._propagation.conditions
        allowed: NDArray[Any] = candidates(square, conditions, slice(a, a + 1))[0, b]
        return allowed

    def _refute(self, scope: _Scope, depth: int) -> int:
        """Return the step that refutes a state."""
        step = self._propagate(scope)
        if step is not None:
            return step
        if scope.state.is_full or depth == _DEEPEST:
            raise NoTrace
        unknown = np.flatnonzero(scope.state.table < 0).tolist()
        cell = min(unknown, key=lambda cell: self._allowed(scope, cell).sum())
        return self._split(scope, cell, keep=None, depth=depth)

    def _split(self, scope: _Scope, cell: int, *, keep: int | None, depth: int = 0) -> int:
        """Refute all values of a cell but one; return the fact, or the step if none is kept."""
        n, lines = self.order, self.lines
        a, b = divmod(cell, n)
        cases, refutations = lines.cases(1 + a, 1 + b, 0), []
        allowed = self._allowed(scope, cell)
        for value in range(n):
            if value == keep:
                continue
            fact = lines.case(cases, 1 + value)
            if not allowed[value]:
                refutations.append(self._blocked(scope, cell, value, fact))
                continue
            self._nodes -= 1
            if self._nodes < 0 or time.monotonic() > self._deadline:
                raise NoTrace
            child = scope.child()
            child.state.guess(cell, value)
            child.fact[cell] = fact
            refutations.append(self._refute(child, depth + 1))
        return lines.end(cases, refutations, None if keep is None else 1 + keep)

    def _blocked(self, scope: _Scope, cell: int, value: int, fact: int) -> int:
        """Refute a value that the row or the column holds already."""
        a, b = divmod(cell, self.order)
        square, conditions = scope.state.square, self._propagation.conditions
        if _LEFT in conditions and (square[a] == value).any():
            other, place = a * self.order + int((square[a] == value).argmax()), 1
        else:
            other, place = int((square[:, b] == value).argmax()) * self.order + b, 0
        return self.lines.clash(self.lines.same(fact, scope.fact[other], place))

    def _propagate(self, scope: _Scope) -> int | None:
        """Deduce all that follows, with its facts; return the step that refutes it, if one does."""
        try:
            good = self._propagation.run(scope.state, deadline=self._deadline)
        except OutOfTime:
            raise NoTrace from None
        self._write(scope)
        if good:
            return None
        conflict = scope.state.conflict
        assert conflict is not None
        if conflict.note is None:
            fact = self._instance(scope, conflict.law, conflict.instance, None)
            return self.lines.clash(fact)
        return self._contradiction(scope, conflict.note)

    def _write(self, scope: _Scope) -> None:
        """Write the facts of all cells that became known, in their order."""
        state = scope.state
        for cell in state.trail[scope.seen : state.num_known].tolist():
            if cell in scope.fact:
                continue
            step = int(state.reason[cell])
            if step == GIVEN:
                scope.fact[cell] = self._given[cell]
            elif step == GUESSED:
                raise NoTrace
            elif (law := int(state.step_law[step])) >= 0:
                instance = tuple(state.step_instance[step].tolist())
                scope.fact[cell] = self._instance(scope, law, instance, cell)
            else:
                scope.fact[cell] = self._by_conditions(scope, state.notes[-1 - law], cell)
        scope.seen = state.num_known

    def _instance(
        self, scope: _Scope, law: int, instance: Sequence[int], unknown: int | None
    ) -> int:
        """Return the fact that an instance of a law gives for an unknown cell, or an equality.

        The cell may be inside a side: names are given to it and to the products around it, and
        cancelling the known factors, from outside, says what they are.
        """
        lines, n, table = self.lines, self.order, scope.state.table
        what = self._propagation.laws[law]
        # The names of variables and products; around the unknown cell they are new ones. Beside
        # them the elements that they are found to be.
        names: dict[Any, int] = {i: 1 + x for i, x in enumerate(instance[: what.num_variables])}
        values: dict[Any, int] = dict(names)
        around: list[tuple[int, int, int]] = []  # the fact of a new name, its place, its element
        used, root = [], None
        for side in (what.left, what.right):
            for product in products(side):
                p, q = names[product[0]], names[product[1]]
                new = lines.facts[around[-1][0]][2] if around else None
                cell = (values[product[0]] - 1) * n + values[product[1]] - 1
                values[product] = 1 + int(table[cell])
                if new in (p, q) or (not around and root is None and cell == unknown):
                    place = 0 if p == new else 1
                    if product == side:
                        used.append(-1)
                        root = (p, q, place)
                        continue
                    around.append((lines.define(p, q, 0, 2), place, values[product]))
                    used.append(around[-1][0])
                    names[product] = lines.facts[used[-1]][2]
                    continue
                if max(p, q) > n or cell not in scope.fact:
                    raise NoTrace
                used.append(scope.fact[cell])
                names[product] = values[product]
        at = [1 + instance[i] for i in range(what.num_variables)]
        known = [names[side] for side in (what.left, what.right) if side in names]
        if unknown is None:
            return lines.law(law, at, used, (known[0], EQ, known[1]))
        if root is None or len(known) != 1:
            raise NoTrace
        p, q, place = root
        fact = lines.law(law, at, used, (p, q, known[0]))
        while around:
            inner, next_place, element = around.pop()
            factors = list(lines.facts[fact][:2])
            factors[place] = element
            agreeing = scope.fact.get((factors[0] - 1) * n + factors[1] - 1)
            if agreeing is None or lines.facts[agreeing][2] != lines.facts[fact][2]:
                raise NoTrace
            fact = lines.replace(inner, 2, lines.same(fact, agreeing, place))
            place = next_place
        return fact

    def _by_conditions(self, scope: _Scope, note: Note, cell: int) -> int:
        """Return the fact for a cell that conditions force."""
        conditions = set(note.conditions)
        if not conditions <= _KNOWN:
            raise NoTrace
        a, b = divmod(cell, self.order)
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
                return self.lines.only(triple, place, 0, triple[place], used)
        raise NoTrace

    def _excluding(
        self, scope: _Scope, note: Note, triple: Sequence[int], place: int, *, kept: bool = True
    ) -> list[int] | None:
        """Return for each other label the fact that excludes it at a place; None if one is not."""
        n, table = self.order, scope.state.table
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

    def _contradiction(self, scope: _Scope, note: Note) -> int:
        """Return the step by which cells contradict conditions."""
        if not set(note.conditions) <= _KNOWN:
            raise NoTrace
        n = self.order
        if Condition.INVERSES in note.conditions:
            return self._no_inverse(scope, note)
        if Condition.UNIT in note.conditions:
            return self._no_unit(scope, note)
        facts = [scope.fact[a * n + b] for a, b in note.cells]
        if len(note.cells) == 2 and len(note.conditions) == 1:
            place = 1 if note.conditions[0] is _LEFT else 0
            return self.lines.clash(self.lines.same(facts[0], facts[1], place))
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
                    return self.lines.only(names, place, 0, -1, used)
        raise NoTrace

    def _find_unit(self, scope: _Scope, note: Note, unit: int) -> bool:
        """Prove that an element is the unit, once; return whether the note says so."""
        if scope.unit is not None:
            return max(self.lines.facts[scope.unit]) == 1 + unit
        n, lines, table = self.order, self.lines, scope.state.table
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
        self, scope: _Scope, others: list[int], note: Note
    ) -> tuple[int, list[int]] | None:
        """Refute that the unit is one of some elements, each by its cell of a note."""
        n, lines, table = self.order, self.lines, scope.state.table
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

    def _of_unit(self, scope: _Scope, unit: int, a: int, b: int) -> int:
        """Return the fact for a product with the unit."""
        assert scope.unit is not None
        other, side = (b, 0) if a == unit else (a, 1)
        return self.lines.replace(self.lines.unit(1 + other)[side], side, scope.unit)

    def _no_unit(self, scope: _Scope, note: Note) -> int:
        """Refute by the unit: no element is left, or a product with it is wrong."""
        n = self.order
        *rest, (a, b) = note.cells
        value = int(scope.state.table[a * n + b])
        shorter = Note(note.conditions, tuple(rest))
        for unit in (a, b) if rest else ():
            if value != (b if unit == a else a) and self._find_unit(scope, shorter, unit):
                fact = self._of_unit(scope, unit, a, b)
                return self.lines.clash(self.lines.same(fact, scope.fact[a * n + b], 2))
        if len(note.cells) == n:
            refuted = self._exclude_units(scope, list(range(n)), note)
            if refuted is not None:
                return self.lines.end(*refuted, None)
        raise NoTrace

    def _inverse(self, scope: _Scope, note: Note, a: int, b: int) -> int:
        """Return the fact that a*b is the unit: no other inverse of a, or of b, is left."""
        if scope.unit is None:
            raise NoTrace
        for x, y in ((a, b), (b, a)):
            refuted = self._exclude_inverses(
                scope, note, x, [z for z in range(self.order) if z != y]
            )
            if refuted is not None:
                facts, cases, refutations = refuted
                equal = self.lines.end(cases, refutations, 1 + y)
                fact = self.lines.replace(facts[0 if x == a else 1], 1 if x == a else 0, equal)
                return self.lines.replace(fact, 2, scope.unit)
        raise NoTrace

    def _no_inverse(self, scope: _Scope, note: Note) -> int:
        """Refute by an element without an inverse, or by there being no unit."""
        if scope.unit is None:
            excluding = self._cells_that_exclude_units(scope)
            left = [e for e in range(self.order) if e not in excluding]
            by_unit = Note((Condition.UNIT,), tuple(excluding.values()))
            if not left:
                return self._no_unit(scope, by_unit)
            if len(left) > 1 or not self._find_unit(scope, by_unit, left[0]):
                raise NoTrace
        for x in {cell[i] for cell in note.cells for i in (0, 1)}:
            refuted = self._exclude_inverses(scope, note, x, list(range(self.order)))
            if refuted is not None:
                return self.lines.end(refuted[1], refuted[2], None)
        raise NoTrace

    def _cells_that_exclude_units(self, scope: _Scope) -> dict[int, tuple[int, int]]:
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
        self, scope: _Scope, note: Note, x: int, others: list[int]
    ) -> tuple[tuple[int, int], int, list[int]] | None:
        """Refute that the inverse of x is one of some elements, by cells of a note."""
        n, lines, table = self.order, self.lines, scope.state.table
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

"""Proofs that laws and conditions force cells, or leave no table, as lines to be replayed.

The propagation of ``_propagation`` keeps a reason for every cell; here each reason becomes a line
of schema ``cayley.certificate/1``, and each guess of a search a case. `cayley._checker` reads them.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._shapes import Int
from cayley.deduction.proofs._proof_lines import EQ, ProofLines
from cayley.theories.laws._conditions import Condition
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._terms import products
from cayley.theories.proofs._condition_trace import ConditionTrace, NoTrace, Scope
from cayley.theories.propagation._cells import GIVEN, GUESSED
from cayley.theories.propagation._demands import candidates
from cayley.theories.propagation._propagation import Propagation

__all__ = ["NoTrace", "TracedSearch"]

_LEFT = Condition.LEFT_CANCELLATION

_DEEPEST = 200
"""Cases inside cases; Python allows some thousand calls inside calls."""


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
        self._root = Scope(propagation.start(array))
        self._conditions = ConditionTrace(self.lines, order)

    def refuted(self) -> list[list[Any]]:
        """Return the lines that prove that there is no table.

        Raises:
            NoTrace: If none are found.
        """
        step = self._refute(self._root, 0)
        return self.lines.written(self.lines.needed([step]))

    def consequences(self) -> tuple[list[list[int]] | None, list[list[Any]]]:
        """Return the cells that propagation shows to follow, with the lines that prove them.

        Returns:
            The cells ``[a, b, c]`` beyond the given ones, None if these contradict each other; and
            the lines.

        Raises:
            NoTrace: If a step has no rule in a proof.
        """
        scope, n = self._root, self.order
        step = self._propagate(scope)
        if step is not None:
            return None, self.lines.written(self.lines.needed([step]))
        table = scope.state.table
        new = [cell for cell in sorted(scope.fact) if cell not in self._given]
        found = [[*divmod(cell, n), int(table[cell])] for cell in new]
        return found, self.lines.written(
            self.lines.needed(facts=[scope.fact[cell] for cell in new])
        )

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

    def _allowed(self, scope: Scope, cell: int) -> NDArray[Any]:
        a, b = divmod(cell, self.order)
        square, conditions = scope.state.square, self._propagation.conditions
        allowed: NDArray[Any] = candidates(square, conditions, slice(a, a + 1))[0, b]
        return allowed

    def _refute(self, scope: Scope, depth: int) -> int:
        """Return the step that refutes a state."""
        step = self._propagate(scope)
        if step is not None:
            return step
        if scope.state.is_full or depth == _DEEPEST:
            raise NoTrace
        unknown = np.flatnonzero(scope.state.table < 0).tolist()
        cell = min(unknown, key=lambda cell: self._allowed(scope, cell).sum())
        return self._split(scope, cell, keep=None, depth=depth)

    def _split(self, scope: Scope, cell: int, *, keep: int | None, depth: int = 0) -> int:
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

    def _blocked(self, scope: Scope, cell: int, value: int, fact: int) -> int:
        """Refute a value that the row or the column holds already."""
        a, b = divmod(cell, self.order)
        square, conditions = scope.state.square, self._propagation.conditions
        if _LEFT in conditions and (square[a] == value).any():
            other, place = a * self.order + int((square[a] == value).argmax()), 1
        else:
            other, place = int((square[:, b] == value).argmax()) * self.order + b, 0
        return self.lines.clash(self.lines.same(fact, scope.fact[other], place))

    def _propagate(self, scope: Scope) -> int | None:
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
        return self._conditions.contradiction(scope, conflict.note)

    def _write(self, scope: Scope) -> None:
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
                scope.fact[cell] = self._conditions.forced(scope, state.notes[-1 - law], cell)
        scope.seen = state.num_known

    def _instance(
        self, scope: Scope, law: int, instance: Sequence[int], unknown: int | None
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

"""Settles cells by cases: every value of a cell but one is refuted, and the proof written."""

import time

from cayley.deduction.proofs._proof_lines import ProofLines
from cayley.deduction.proofs._traced_enumeration import TracedEnumeration
from cayley.deduction.universal_group._partial_table import PartialTable

__all__ = ["CaseSearch"]

_MOST_CASES = 3000
"""Cases that are followed by an enumeration, each a few milliseconds at order 24."""

_DEEPEST = 40
"""Cases inside cases: more would take longer than anybody waits."""


class CaseSearch:
    """A search through the values of open cells that writes its proof.

    Args:
        partial: The cells, and whether the table is a group or an isotope.
        lines: The proof, which it adds to.
        deadline: When to stop, on the monotonic clock.
    """

    def __init__(self, partial: PartialTable, lines: ProofLines, deadline: float) -> None:
        self._kinds, self._order, self._lines = partial.kinds, partial.order, lines
        self._deadline, self._left = deadline, _MOST_CASES

    def name(self, role: int, label: int) -> int:
        """Return the name of a row (0), a column (1) or a symbol (2)."""
        return 1 + self._kinds[role] * self._order + label

    def fact(self, enumeration: TracedEnumeration, a: int, b: int, c: int) -> int:
        """Return the fact that a o b = c, in the names of the labels; -1 if it is not known."""
        names = [self.name(role, label) for role, label in enumerate((a, b, c))]
        v, g, u = map(enumeration.find, names)
        w, fact = enumeration.edge(v, g)
        if w != u:
            return -1
        for place, name in enumerate(names):
            equal = enumeration.named(name)
            if equal is not None:
                fact = self._lines.replace(fact, place, equal)
        return fact

    def next_cell(self, enumeration: TracedEnumeration) -> tuple[int, int] | None:
        """Return the open cell with fewest values that its row and column do not hold, or None."""
        n = self._order
        symbol = {enumeration.find(self.name(2, c)): c for c in range(n)}
        known = [
            [
                symbol.get(
                    enumeration.edge(
                        enumeration.find(self.name(0, a)), enumeration.find(self.name(1, b))
                    )[0]
                )
                for b in range(n)
            ]
            for a in range(n)
        ]
        columns = [{row[b] for row in known} for b in range(n)]
        open_ = [
            (n - len(({*row} | columns[b]) - {None}), a, b)
            for a, row in enumerate(known)
            for b, c in enumerate(row)
            if c is None
        ]
        return min(open_)[1:] if open_ else None

    def refute(self, enumeration: TracedEnumeration, depth: int = 0) -> int | None:
        """Return the step that refutes what is supposed, None if the search is ended early."""
        enumeration.settle()
        if enumeration.refutation is not None:
            return enumeration.refutation
        cell = self.next_cell(enumeration) if depth < _DEEPEST else None
        return None if cell is None else self.split(enumeration, cell, keep=None, depth=depth)

    def split(
        self,
        enumeration: TracedEnumeration,
        cell: tuple[int, int],
        *,
        keep: int | None,
        depth: int = 0,
        deepest: bool = False,
    ) -> int | None:
        """Refute all values of a cell but one; return the fact, or the step if none is kept.

        None if the search is ended early, or with `deepest` if there would be cases inside cases.
        """
        a, b = cell
        cases = self._lines.cases(self.name(0, a), self.name(1, b), 2)
        refutations = []
        for value in range(self._order):
            if value == keep:
                continue
            self._left -= 1
            if self._left < 0 or time.monotonic() > self._deadline:
                return None
            child = enumeration.copy()
            child.observe(self._lines.case(cases, self.name(2, value)))
            step = self.refute(child, _DEEPEST if deepest else depth + 1)
            if step is None:
                return None
            refutations.append(step)
        left = None if keep is None else self.name(2, keep)
        return self._lines.end(cases, refutations, left)

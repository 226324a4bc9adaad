"""Why a cell is forced: the given cells that it rests on, and the laws that lead to it."""

import time
from typing import Any

from cayley.algebra import Structure
from cayley.completion import Solution
from cayley.deduction.proofs._proof_lines import EQ, ProofLines
from cayley.report._typeset import cleaned
from cayley.tables import Table
from cayley.theories import Theory, parse_theory
from cayley.theories.laws._terms import Law
from cayley.theories.proofs._condition_trace import NoTrace
from cayley.theories.proofs._trace import TracedSearch
from cayley.theories.propagation._propagation import Propagation

__all__ = ["reason_for"]

_SECONDS = 1.0
"""Most time for one proof: the reason has to come while somebody still looks at the cell."""

_NODES = 200
"""Guesses in one proof; with more of them nobody follows it."""

_MOST_STEPS = 8
"""Steps that are written out; a longer proof is counted."""

_LARGEST_BATCH = 1_000_000
"""Instances of a law in memory at once, as in `SearchLimits`."""


def reason_for(solution: Solution, row: int, column: int) -> dict[str, Any]:
    """Return why a cell holds what it holds.

    Args:
        solution: What was found by deduction.
        row: The place of the cell's row.
        column: The place of its column.

    Returns:
        ``from``: the given cells that are used, as places; ``steps``: sentences; ``more``: how many
        steps are not written out. All are empty where no short proof was found.

    Example:
        >>> from cayley.completion import solve
        >>> table = Table.from_array([["e", "a", "b"], ["a", "b", "e"], ["b", None, "a"]],
        ...     labels="eab")
        >>> reason_for(solve(table, assume="quasigroup"), 2, 1)["steps"]
        ['b ∘ a = e: every other result is in its row or column already.']
    """
    none: dict[str, Any] = {"from": [], "steps": [], "more": 0}
    table = solution.table
    theory = _theory(solution)
    if theory is None or not table.has_one_alphabet or table.array[row, column] < 0:
        return none
    wrong = {(each.row, each.column) for each in solution.suspects}
    full, given = table.aligned(), solution.given.aligned()
    cell = (row, full.columns.index(table.columns[column]))
    cells = [
        (a, b, c)
        for a, b, c in given.observations.tolist()
        if (given.rows[a], given.columns[b]) not in wrong
    ]
    search = TracedSearch(
        cells,
        full.order,
        # By the laws alone and no theorems: a reader can check each step.
        Propagation(theory, full.order, max_batch=_LARGEST_BATCH, by_theorems=False),
        max_nodes=_NODES,
        deadline=time.monotonic() + _SECONDS,
    )
    try:
        search.forced(full.array, [cell])
    except NoTrace:
        return none
    found = _Steps(search, theory.laws, full, len(cells)).of(cell)
    across = [table.columns.index(label) for label in full.columns]
    return found | {"from": [[a, across[b]] for a, b in found["from"]]}


def _theory(solution: Solution) -> Theory | None:
    """Return the laws under which cells are forced; None for isotopes, which have none."""
    assumption = solution.assumption
    if assumption is Structure.GROUP:
        return parse_theory("group")
    if isinstance(assumption, Theory) and (assumption.laws or assumption.conditions):
        return assumption
    return None


class _Steps:
    """The steps of a proof in words.

    Args:
        search: The search that has made them.
        laws: The laws that its lines count.
        full: The completed table.
        count: How many cells were given.
    """

    def __init__(
        self, search: TracedSearch, laws: tuple[Law, ...], full: Table, count: int
    ) -> None:
        self._lines: ProofLines = search.lines
        self._laws, self._full, self._count = search._propagation.laws or laws, full, count
        self._fact = search._root.fact

    def of(self, cell: tuple[int, int]) -> dict[str, Any]:
        """Return the steps that lead to a cell."""
        lines, n = self._lines, self._full.order
        fact = self._fact[cell[0] * n + cell[1]]
        needed = sorted(lines.needed(facts=[fact]))
        first: dict[int, int] = {}
        for number, step in enumerate(lines._made_by):
            first.setdefault(step, number)
        used: set[int] = {fact} if fact < self._count else set()
        texts = []
        for step in needed:
            rule, arguments, names, facts, made = lines._steps[step]
            used |= {i for i in facts if 0 <= i < self._count}
            if made:
                text = self._text(rule, arguments, names, lines.facts[first[step]])
                texts += [text] if text else []
        return {
            "from": [[lines.facts[i][0] - 1, lines.facts[i][1] - 1] for i in sorted(used)],
            "steps": texts[:_MOST_STEPS],
            "more": max(0, len(texts) - _MOST_STEPS),
        }

    def _text(
        self, rule: str, arguments: tuple[Any, ...], names: tuple[int, ...], fact: Any
    ) -> str:
        """Return a step in words; empty for those that only rename or combine others."""
        p, q, r = fact
        if max(p, q, r) > self._full.order or min(p, r) < 1 or q == EQ:
            return ""
        said = f"{self._name(p)} ∘ {self._name(q)} = {self._name(r)}"
        if rule == "law":
            law = self._laws[arguments[0]]
            labels = [self._name(x) for x in names]
            left, right = (_written(side, labels) for side in (law.left, law.right))
            return str(cleaned(f"{said}, because {left} = {right}."))
        if rule == "only":
            return str(cleaned(f"{said}: every other result is in its row or column already."))
        if rule == "end":
            return str(cleaned(f"{said}: every other result leads to a contradiction."))
        return ""

    def _name(self, number: int) -> str:
        return self._full.rows[number - 1] if 0 < number <= self._full.order else "?"


def _written(term: Any, labels: list[str]) -> str:
    """Return a side of a law with labels in the place of its variables."""
    if isinstance(term, int):
        return labels[term]
    sides = (
        part if isinstance(each, int) else f"({part})"
        for each in term
        for part in [_written(each, labels)]
    )
    return " ∘ ".join(sides)

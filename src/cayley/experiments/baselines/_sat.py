"""Completion as satisfiability: quasigroups, and groups by associativity."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cayley._errors import MissingExtraError
from cayley._random import generator
from cayley._shapes import Bool, Int
from cayley.experiments.baselines._completer import Budget, Callback, Prediction
from cayley.experiments.baselines._meter import Meter
from cayley.tables import Table

__all__ = ["SATCompleter"]

# Conflicts that count as one step, between two checks of the budget. More would let a search
# overshoot its seconds; fewer would interrupt the solver more often.
_CONFLICTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SATCompleter:
    r"""Asks a SAT solver for a quasigroup, or a group, that has the known cells.

    A variable :math:`x_{abc}` says :math:`a \circ b = c`. Every cell has exactly one symbol, every
    row and every column has every symbol exactly once; a group has, with
    :math:`y_{abcf}` for :math:`(a \circ b) \circ c = f`,

    .. math:: x_{abd} \wedge x_{dcf} \Rightarrow y_{abcf}, \qquad
        y_{abcf} \wedge x_{bce} \Rightarrow x_{aef}

    (an associative quasigroup is a group). Symbols that a known cell rules out have no variable. A
    step is a thousand conflicts. It finds *some* completion; that there is none is proved, and that
    there is no second one is asked for, with what is left of the budget.

    Attributes:
        structure: ``quasigroup`` or ``group``.
        max_clauses: Largest formula that is built.

    Example:
        >>> table = Table.from_array([[0, 1, 2], [1, -1, -1], [-1, -1, -1]])
        >>> found = SATCompleter().complete(table, seed=0, budget=Budget(seconds=5))
        >>> found.table.tolist(), found.verdict
        ([[0, 1, 2], [1, 2, 0], [2, 0, 1]], 'the only quasigroup')

    References:
        Gomes, Shmoys (2002), Completing quasigroups or Latin squares (the encoding of the cells).
    """

    structure: Literal["quasigroup", "group"] = "quasigroup"
    max_clauses: int = 5_000_000  # more would take gigabytes before the search begins

    def complete(
        self, table: Table, *, seed: int, budget: Budget, callback: Callback | None = None
    ) -> Prediction:
        """Build the formula and search; see :class:`Completer`.

        Raises:
            MissingExtraError: If python-sat is not installed.
            ValueError: If the structure is unknown or does not fit the table's alphabets, or the
                formula would be too large.
        """
        if self.structure not in ("quasigroup", "group"):
            raise ValueError(
                f"`structure` must be 'quasigroup' or 'group'; got {self.structure!r}."
            )
        if not table.is_square or (self.structure == "group" and not table.has_one_alphabet):
            raise ValueError(
                f"`table` of a {self.structure} must be square"
                + (", over one alphabet." if self.structure == "group" else ".")
            )
        if table.has_one_alphabet:
            aligned = table.aligned()
            place = {label: i for i, label in enumerate(aligned.rows)}
            found = self._search(aligned, seed, Meter(budget, callback))
            return _in_order_of(table, found, place)
        return self._search(table, seed, Meter(budget, callback))

    def _search(self, table: Table, seed: int, meter: Meter) -> Prediction:
        given = table.array
        formula = _Formula(candidates(table), generator(seed, "sat"))
        clauses = formula.num_clauses(associative=self.structure == "group")
        if clauses > self.max_clauses:
            raise ValueError(
                f"the formula for this {self.structure} would have about {clauses:,} clauses, "
                f"over `max_clauses` = {self.max_clauses:,}."
            )
        with _solver() as solver:
            for clause in formula.clauses(associative=self.structure == "group"):
                solver.add_clause(clause)
            answer = _decide(solver, meter, given)
            if answer is None:
                return Prediction(
                    table=given, steps=meter.steps, reason=meter.reason, verdict="out of budget"
                )
            if not answer:
                return Prediction(
                    table=given,
                    steps=meter.steps,
                    reason="finished",
                    verdict=f"no {self.structure} has these cells",
                    proved=True,
                )
            completed, true = formula.read(solver.get_model())
            solver.add_clause([-variable for variable in true])
            other = _decide(solver, meter, completed)
        verdict = f"the only {self.structure}" if other is False else f"one {self.structure}"
        return Prediction(
            table=completed,
            steps=meter.steps,
            reason="finished",
            verdict=verdict,
            proved=other is False,
        )


def candidates(table: Table) -> Bool[NDArray[Any], "n n n"]:
    """Return which symbols each cell may have: none that its row or column has already.

    Example:
        >>> candidates(Table.from_array([[0, -1], [-1, -1]])).sum(-1).tolist()
        [[1, 1], [1, 2]]
    """
    n = table.order
    allowed = np.ones((n, n, n), bool)
    for a, b, c in table.observations.tolist():
        kept = allowed[a, b, c]
        allowed[a, :, c] = allowed[:, b, c] = allowed[a, b, :] = False
        allowed[a, b, c] = kept
    return allowed


class _Formula:
    """The variables and clauses of one table."""

    def __init__(self, allowed: Bool[NDArray[Any], "n n n"], random: np.random.Generator) -> None:
        self.n, self.allowed = len(allowed), allowed
        self.num_variables = int(allowed.sum())
        self.variable = np.zeros(allowed.shape, np.int64)
        self.variable[allowed] = random.permutation(self.num_variables) + 1
        self.symbols = [[np.flatnonzero(cell).tolist() for cell in row] for row in allowed]

    def num_clauses(self, *, associative: bool) -> int:
        """Return about how many clauses there are."""
        counts = self.allowed.sum(-1)
        pairs = 3 * int((counts * (counts - 1) // 2).sum()) + 3 * self.n**2
        return pairs + (2 * self.n**3 * int(counts.mean() ** 2 + 1) if associative else 0)

    def clauses(self, *, associative: bool) -> Iterator[list[int]]:
        """Yield all clauses."""
        for axis in range(3):
            for line in np.moveaxis(self.variable, axis, -1).reshape(-1, self.n):
                some: list[int] = line[line > 0].tolist()
                yield some
                for i, x in enumerate(some):
                    yield from ([-x, -y] for y in some[i + 1 :])
        if associative:
            yield from self._associativity()

    def _associativity(self) -> Iterator[list[int]]:
        x: Any = self.variable.tolist()
        fresh = self.num_variables
        for a, b, c in product(range(self.n), repeat=3):
            y: dict[int, int] = {}
            for d in self.symbols[a][b]:
                for f in self.symbols[d][c]:
                    if f not in y:
                        fresh += 1
                        y[f] = fresh
                    yield [-x[a][b][d], -x[d][c][f], y[f]]
            for f, both in y.items():
                for e in self.symbols[b][c]:
                    then = x[a][e][f]
                    yield [-both, -x[b][c][e], then] if then else [-both, -x[b][c][e]]

    def read(self, model: list[int]) -> tuple[Int[NDArray[Any], "n n"], list[int]]:
        """Return the table of a model, and the variables that are true in it."""
        true = np.zeros(self.num_variables + 1, bool)
        true[[v for v in model if 0 < v <= self.num_variables]] = True
        chosen = true[self.variable]
        return chosen.argmax(-1), self.variable[chosen].tolist()


def _decide(solver: Any, meter: Meter, table: Int[NDArray[Any], "n n"]) -> bool | None:
    """Search a thousand conflicts at a time; None when the budget is spent."""
    if meter.reason != "finished":
        return None
    while True:
        solver.conf_budget(_CONFLICTS)
        answer: bool | None = solver.solve_limited()
        going = meter.count(predict=lambda: table)
        if answer is not None or not going:
            return answer


def _in_order_of(table: Table, found: Prediction, place: dict[str, int]) -> Prediction:
    """Undo the alignment of a table of one alphabet."""
    rows, columns, symbols = (
        np.array([place[label] for label in labels])
        for labels in (table.rows, table.columns, table.symbols)
    )
    names = np.append(np.argsort(symbols), -1)
    return replace(found, table=names[found.table[np.ix_(rows, columns)]])


def _solver() -> Any:
    try:
        from pysat.solvers import Glucose4
    except ImportError:
        raise MissingExtraError("python-sat", "bench") from None
    return Glucose4()

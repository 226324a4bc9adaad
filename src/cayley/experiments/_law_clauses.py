"""A SAT solver's word on whether a partial table has just one completion under a theory.

An oracle that shares nothing with the propagation of `cayley.theories` but the parser: every
instance of every law is written out, with a variable for each value that an inner product can have.
"""

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cayley._errors import MissingExtraError
from cayley._shapes import Int
from cayley.theories import Theory, parse_theory

__all__ = ["LawClauses", "is_only_completion"]

_CLAUSES = 3_000_000
"""Most clauses: some ten seconds and 2 GB."""


class TooLargeError(Exception):
    """More clauses than are allowed."""


def is_only_completion(
    cells: Int[NDArray[Any], "n n"],
    theory: str | Theory,
    truth: Int[NDArray[Any], "n n"],
    *,
    conflicts: int = 20_000,  # more decides more of the larger tables and takes longer in each
    max_clauses: int = _CLAUSES,
) -> bool | None:
    """Return whether a table that has a theory is the only one with the seen cells that has it.

    Args:
        cells: The seen cells, shape ``(n, n)``, -1 where unknown.
        theory: The theory.
        truth: A full table that has the theory and the cells.
        conflicts: After how many of the solver to give up.
        max_clauses: From how many on not to start.

    Returns:
        None if the formula is too large or the solver gave up.

    Raises:
        ValueError: If ``truth`` is no completion, which the solver finds too.

    Example:
        >>> import numpy as np
        >>> both = np.array([[0, 1], [1, 1]])
        >>> seen = np.array([[0, 1], [1, -1]])
        >>> is_only_completion(seen, "semilattice", both)
        True
        >>> is_only_completion(seen, "x*y = y*x", both)
        False
    """
    theory = parse_theory(theory) if isinstance(theory, str) else theory
    try:
        clauses = LawClauses(cells, theory, max_clauses=max_clauses)
    except TooLargeError:
        return None
    try:
        hidden = [clauses.cell(int(a), int(b), int(truth[a, b])) for a, b in np.argwhere(cells < 0)]
        if clauses.solve(hidden, conflicts) is False:
            raise ValueError("`truth` does not have the theory and the cells.")
        clauses.solver.add_clause([-each for each in hidden])
        other = clauses.solve([], conflicts)
        return None if other is None else not other
    finally:
        clauses.solver.delete()


class LawClauses:
    """The formula whose models are the completions of a table under a theory."""

    def __init__(
        self, cells: Int[NDArray[Any], "n n"], theory: Theory, *, max_clauses: int = _CLAUSES
    ) -> None:
        try:
            from pysat.solvers import Solver
        except ModuleNotFoundError as error:
            raise MissingExtraError("python-sat", extra="sat") from error
        self.n = n = len(cells)
        self.solver = Solver(name="minisat22")
        self.count, self.num_variables, self.max_clauses = 0, n**3, max_clauses
        # Values that a cell may have: inner products are written out for these alone.
        self.values = [[range(n) if c < 0 else (int(c),) for c in row] for row in cells.tolist()]
        for a, b in itertools.product(range(n), repeat=2):
            self._exactly_one([self.cell(a, b, c) for c in range(n)])
            if cells[a, b] >= 0:
                self._add(self.cell(a, b, int(cells[a, b])))
        for law in theory.laws:
            for values in itertools.product(range(n), repeat=law.num_variables):
                self._equal(self._term(law.left, values), self._term(law.right, values))
        for condition in theory.conditions:
            getattr(self, "_" + condition.replace(" ", "_"))()

    def cell(self, a: int, b: int, c: int) -> int:
        """Return the variable for a product."""
        return 1 + (a * self.n + b) * self.n + c

    def solve(self, assumptions: list[int], conflicts: int) -> bool | None:
        """Return whether there is a model, or None after too many conflicts."""
        self.solver.conf_budget(conflicts)
        found: bool | None = self.solver.solve_limited(assumptions=assumptions)
        return found

    def _add(self, *literals: int) -> None:
        self.count += 1
        if self.count > self.max_clauses:
            self.solver.delete()
            raise TooLargeError
        self.solver.add_clause(literals)

    def _new(self) -> int:
        self.num_variables += 1
        return self.num_variables

    def _exactly_one(self, variables: list[int]) -> None:
        self._add(*variables)
        for one, other in itertools.combinations(variables, 2):
            self._add(-one, -other)

    def _term(self, term: Any, values: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
        """Return the values that a term can have, each with the literals that say so."""
        if isinstance(term, int):
            return {values[term]: ()}
        left, right = (self._term(side, values) for side in term)
        if len(left) == len(right) == 1:
            ((a, one),), ((b, two),) = left.items(), right.items()
            return {
                c: tuple(dict.fromkeys((*one, *two, self.cell(a, b, c))))
                if len(self.values[a][b]) > 1 or one or two
                else ()
                for c in self.values[a][b]
            }
        reached = sorted({c for a in left for b in right for c in self.values[a][b]})
        new = {c: self._new() for c in reached}
        for (a, one), (b, two) in itertools.product(left.items(), right.items()):
            for c in self.values[a][b]:
                said = {-x for x in (*one, *two, self.cell(a, b, c))}
                self._add(*said, new[c])
        return {c: (variable,) for c, variable in new.items()}

    def _equal(self, left: dict[int, tuple[int, ...]], right: dict[int, tuple[int, ...]]) -> None:
        for (c, one), (d, two) in itertools.product(left.items(), right.items()):
            if c != d:
                self._add(*{-x for x in (*one, *two)})

    def _left_cancellation(self) -> None:
        for a, c in itertools.product(range(self.n), repeat=2):
            self._exactly_one([self.cell(a, b, c) for b in range(self.n)])

    def _right_cancellation(self) -> None:
        for b, c in itertools.product(range(self.n), repeat=2):
            self._exactly_one([self.cell(a, b, c) for a in range(self.n)])

    def _unit(self) -> list[int]:
        units = [self._new() for _ in range(self.n)]
        self._add(*units)
        for (e, unit), x in itertools.product(enumerate(units), range(self.n)):
            self._add(-unit, self.cell(e, x, x))
            self._add(-unit, self.cell(x, e, x))
        return units

    def _zero(self) -> None:
        zeros = [self._new() for _ in range(self.n)]
        self._add(*zeros)
        for (z, zero), x in itertools.product(enumerate(zeros), range(self.n)):
            self._add(-zero, self.cell(z, x, z))
            self._add(-zero, self.cell(x, z, z))

    def _inverses(self) -> None:
        units = self._unit()
        for x in range(self.n):
            pairs = [self._new() for _ in range(self.n)]
            self._add(*pairs)
            for (y, pair), (e, unit) in itertools.product(enumerate(pairs), enumerate(units)):
                self._add(-pair, -unit, self.cell(x, y, e))
                self._add(-pair, -unit, self.cell(y, x, e))

    def _inverses_of_a_semigroup(self) -> None:
        # In a semigroup each x has exactly one y just if some x*y*x = x and idempotents commute.
        everyone = range(self.n)
        for x in everyone:
            pairs = [self._new() for _ in everyone]
            self._add(*pairs)
            for (y, pair), w in itertools.product(enumerate(pairs), everyone):
                self._add(-pair, -self.cell(x, y, w), self.cell(w, x, x))
        for e, f, g in itertools.product(everyone, repeat=3):
            both = (-self.cell(e, e, e), -self.cell(f, f, f))
            self._add(*both, -self.cell(e, f, g), self.cell(f, e, g))

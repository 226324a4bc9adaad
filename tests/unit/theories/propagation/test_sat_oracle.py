"""Orders beyond brute force are compared with a SAT solver that knows every instance."""

import itertools

import numpy as np
import pytest

from cayley.theories import SearchLimits, complete_under, parse_theory

sat = pytest.importorskip("pysat.solvers")

MOST = 40


class Encoding:
    """One variable for each cell and value; the values of inner products are tried one by one."""

    def __init__(self, n, theory, cells):
        self.n = n
        self.solver = sat.Solver(name="cadical153")
        everyone = range(n)
        lines = [[(a, b, c) for c in everyone] for a in everyone for b in everyone]
        for condition in theory.conditions:
            if condition == "left cancellation":
                lines += [[(a, b, c) for b in everyone] for a in everyone for c in everyone]
            elif condition == "right cancellation":
                lines += [[(a, b, c) for a in everyone] for b in everyone for c in everyone]
            else:
                assert condition == "unit"
                self.unit()
        for line in lines:
            self.solver.add_clause([self.variable(*place) for place in line])
            for one, other in itertools.combinations(line, 2):
                self.solver.add_clause([-self.variable(*one), -self.variable(*other)])
        for law in theory.laws:
            for env in itertools.product(everyone, repeat=law.num_variables):
                for left, given in self.values(law.left, env):
                    for right, more in self.values(law.right, env):
                        if left != right:
                            self.solver.add_clause([-x for x in (*given, *more)])
        for a, b in np.argwhere(cells >= 0).tolist():
            self.solver.add_clause([self.variable(a, b, int(cells[a, b]))])

    def variable(self, a, b, c):
        return 1 + (a * self.n + b) * self.n + c

    def unit(self):
        n = self.n
        first = n**3 + 1
        self.solver.add_clause(list(range(first, first + n)))
        for e, x in itertools.product(range(n), repeat=2):
            self.solver.add_clause([-(first + e), self.variable(e, x, x)])
            self.solver.add_clause([-(first + e), self.variable(x, e, x)])

    def values(self, term, env):
        """Yield each value that a term can have, with the variables that then are true."""
        if isinstance(term, int):
            yield env[term], ()
            return
        for left, given in self.values(term[0], env):
            for right, more in self.values(term[1], env):
                for value in range(self.n):
                    yield value, (*given, *more, self.variable(left, right, value))

    def completions(self):
        found = []
        while len(found) < MOST and self.solver.solve():
            true = {x for x in self.solver.get_model() if 0 < x <= self.n**3}
            places = np.array(sorted(true)) - 1
            found.append((places % self.n).reshape(self.n, self.n))
            self.solver.add_clause([-x for x in true])
        return found


def operations():
    i, j = np.indices((6, 6))
    k, m = np.indices((5, 5))
    p, q = np.indices((7, 7))
    fano = np.full((7, 7), -1)
    for x in range(7):
        for a, b, c in itertools.permutations((x, (x + 1) % 7, (x + 3) % 7)):
            fano[a, b] = c
    np.fill_diagonal(fano, range(7))
    yield "commutative monoid", k * m % 5
    yield "semilattice", np.maximum(k, m)
    yield "left quandle", (2 * k - m) % 5
    yield "abelian group", (i + j) % 6
    yield "Steiner quasigroup", fano
    yield "semisymmetric quasigroup", (-p - q) % 7
    yield "commutative loop", (p + q) % 7


@pytest.mark.parametrize(
    ("name", "table"), list(operations()), ids=lambda case: case if isinstance(case, str) else ""
)
def test_completions_are_those_of_a_sat_solver(name, table, rng):
    theory = parse_theory(name)
    if name == "abelian group":
        # The unit and the inverses follow; the encoding knows laws, cancellation and units.
        theory = parse_theory("commutative associative quasigroup")
    n = len(table)
    p = rng.permutation(n)
    table = p[table[np.ix_(np.argsort(p), np.argsort(p))]]
    limits = SearchLimits(max_completions=MOST, max_nodes=100_000)
    for fraction in (0.35, 0.6):
        cells = np.where(rng.random((n, n)) < fraction, table, -1)
        if fraction == 0.6:
            cells[0, 0] = (table[0, 0] + 1) % n
        expected = Encoding(n, theory, cells).completions()
        completion = complete_under(cells, theory, limits=limits)
        assert completion.num_completions == len(expected)
        assert (completion.refutation is None) == bool(expected)
        if len(expected) < MOST:
            assert completion.is_exact
            found = {each.tobytes() for each in completion.completions}
            assert found == {each.astype(np.int64).tobytes() for each in expected}

"""Formulas say what the claims say, and the proofs that they have no model are right."""

import numpy as np
import pytest

from cayley import _checker as checker
from cayley import solve
from cayley.completion.certificates._drat import _proof, refutations
from cayley.completion.certificates._drat._formula import Formula
from cayley.experiments.records.certificate_truth import of_theory
from cayley.tables import generate_family, isotope, mask

sat = pytest.importorskip("pysat.solvers")

THEORIES = {
    "group": {"name": "group"},
    "isotope": {"name": "isotope of a group"},
    "semilattice": {
        "name": "semilattice",
        "laws": [[[0, [1, 2]], [[0, 1], 2]], [[0, 1], [1, 0]], [[0, 0], 0]],
        "conditions": [],
    },
    "by a variable": {"name": "law", "laws": [[0, [1, [0, 1]]]], "conditions": []},
    "loop": {
        "name": "loop",
        "laws": [],
        "conditions": ["left cancellation", "right cancellation", "unit"],
    },
    "with inverses": {"name": "inverses", "laws": [[[0, 1], [1, 0]]], "conditions": ["inverses"]},
    "left cancellation": {"name": "left", "laws": [], "conditions": ["left cancellation"]},
}


@pytest.mark.parametrize("name", THEORIES)
def test_the_models_of_a_formula_are_the_tables(name):
    rng = np.random.default_rng(len(name))
    for cells in ([], [[0, 1, 1]], [[0, 0, 2], [1, 2, 0]], rng.integers(3, size=(2, 3)).tolist()):
        if len({(a, b) for a, b, _ in cells}) < len(cells):
            continue
        formula = Formula(checker.Theory(THEORIES[name]), 3, cells, most=10**6)
        tables = of_theory(THEORIES[name], 3)
        for a, b, c in cells:
            tables = tables[tables[:, a, b] == c]
        found = set()
        with sat.Solver(name="cadical153", bootstrap_with=formula.clauses) as solver:
            while solver.solve():
                true = [x for x in solver.get_model() if 0 < x <= 27]
                found.add(tuple((x - 1) % 3 for x in sorted(true)))
                solver.add_clause([-x for x in true])
        assert found == {tuple(each.ravel().tolist()) for each in tables}


SOLVED = {
    "group": (mask(generate_family("C4"), observe=0.4, seed=2), "group"),
    "isotope": (mask(isotope(generate_family("C5"), seed=1), observe=0.6, seed=0), "isotope"),
    "no group": ([[0, 1, 1], [1, 2, -1], [2, -1, -1]], "group"),
    "several": ([[0, 1, 2, 3], [1, 1, -1, -1], [2, -1, 2, -1], [3, -1, -1, 3]], "semilattice"),
    "search": (mask(generate_family("C5"), observe=0.3, seed=2), "commutative loop"),
}


@pytest.fixture(scope="module")
def solved():
    return {
        name: solve(table, assume=assume, solver="exact", time_limit=5).certificate
        for name, (table, assume) in SOLVED.items()
    }


@pytest.mark.parametrize("name", SOLVED)
def test_proofs_follow_by_unit_propagation(solved, name):
    found = list(refutations(solved[name]))
    assert found
    for each in found:
        clauses = parsed(each.formula)
        assert is_refuted(clauses, each.proof)
        if len(each.proof) > 1:  # what was learned is needed
            assert not is_refuted(clauses, each.proof[-1:])
        if solved[name]["claims"][each.claim]["claim"] != "inconsistent":
            assert not is_refuted(clauses[:-1], ["0"])  # the last clause is the opposite
    assert (max(len(each.proof) for each in found) > 1) == (name == "search")


@pytest.mark.parametrize("name", SOLVED)
def test_an_independent_checker_accepts_the_proofs(solved, name):
    dratify = pytest.importorskip("dratify", reason="no dratify, an optional oracle")
    for each in refutations(solved[name]):
        formula = dratify.parse_dimacs("\n".join(each.formula) + "\n")
        assert dratify.check_proof(formula, "\n".join(each.proof) + "\n").ok


def parsed(lines):
    header = next(line for line in lines if line.startswith("p "))
    clauses = [list(map(int, line.split()[:-1])) for line in lines if line[0] not in "cp"]
    _, _, variables, count = header.split()
    assert len(clauses) == int(count)
    assert max(abs(x) for clause in clauses for x in clause) <= int(variables)
    return clauses


def is_refuted(clauses, proof):
    """Whether every clause of a proof follows by unit propagation, and the empty one is there."""
    known = [set(clause) for clause in clauses]
    for line in proof:
        if line.startswith("d "):
            continue  # what is deleted is true all the same
        learned = [int(x) for x in line.split()[:-1]]
        if not conflicts(known, {-x for x in learned}):
            return False
        if not learned:
            return True
        known.append(set(learned))
    return False


def conflicts(clauses, true):
    """Whether unit propagation from some literals ends in a conflict."""
    uses, waiting = {}, list(true)
    for clause in clauses:
        for x in clause:
            uses.setdefault(x, []).append(clause)
    for clause in clauses:
        if len(clause) == 1 and not clause & true:
            waiting += clause
            true |= clause
    while waiting:
        x = waiting.pop()
        if -x in true:
            return True
        for clause in uses.get(-x, ()):
            if clause & true:
                continue
            left = [y for y in clause if -y not in true]
            if not left:
                return True
            if len(left) == 1 and left[0] not in true:
                true.add(left[0])
                waiting.append(left[0])
    return any(-x in true for x in true)


def test_what_cannot_be_put_as_a_formula_is_named(solved, monkeypatch):
    full = solve(generate_family("C3")).certificate
    with pytest.raises(ValueError, match="is refused"):
        next(refutations(full | {"claims": [{"claim": "group"}], "table": [[0]]}))
    with pytest.raises(ValueError, match="no claim for a SAT solver"):
        next(refutations(full | {"claims": [{"claim": "group"}]}))
    monkeypatch.setattr(_proof, "_MOST_CLAUSES", 100)
    with pytest.raises(ValueError, match="more than 100 clauses"):
        next(refutations(solved["group"]))

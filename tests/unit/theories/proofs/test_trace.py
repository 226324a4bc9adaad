"""What laws and conditions force has a proof that the checker accepts."""

import math

import numpy as np
import pytest

from cayley import _checker as checker
from cayley.tables import generate_family
from cayley.theories import SearchLimits, parse_theory
from cayley.theories.proofs._trace import NoTrace, TracedSearch
from cayley.theories.propagation._complete import completed
from cayley.theories.propagation._propagation import Propagation

MIN = [[min(a, b) for b in range(4)] for a in range(4)]
MOUFANG = "Moufang loop"
CASES = {
    "semilattice": (MIN, 0.6),
    "band": (MIN, 0.7),
    "quasigroup": ([[(a - b) % 5 for b in range(5)] for a in range(5)], 0.7),
    "loop": ([[(a + b) % 5 for b in range(5)] for a in range(5)], 0.6),
    "group": ([[a ^ b for b in range(4)] for a in range(4)], 0.5),
    "abelian group": ([[(a + b) % 6 for b in range(6)] for a in range(6)], 0.3),
    "Steiner quasigroup": ([[(-a - b) % 3 for b in range(3)] for a in range(3)], 0.4),
    "left quandle": ([[(2 * a - b) % 5 for b in range(5)] for a in range(5)], 0.5),
    "medial quasigroup": ([[(2 * a + 3 * b) % 5 for b in range(5)] for a in range(5)], 0.4),
    "monoid": ([[max(a, b) for b in range(4)] for a in range(4)], 0.8),
    MOUFANG: ([[(a + b) % 6 for b in range(6)] for a in range(6)], 0.5),
    "x*y = y*x; x*(x*y) = y": ([[(-a - b) % 5 for b in range(5)] for a in range(5)], 0.4),
}


def stated(theory):
    def nested(term):
        return term if isinstance(term, int) else [nested(term[0]), nested(term[1])]

    return checker.Theory(
        {
            "name": f"a {theory}",
            "laws": [[nested(law.left), nested(law.right)] for law in theory.laws],
            "conditions": sorted(map(str, theory.conditions)),
        }
    )


def search_of(cells, n, theory):
    propagation = Propagation(theory, n, max_batch=10**6, by_theorems=False)
    return TracedSearch(cells, n, propagation, max_nodes=1000, deadline=math.inf)


def observed(table, share, seed, wrong=0):
    rng = np.random.default_rng(seed)
    array = np.array(table)
    n = len(array)
    relabel = rng.permutation(n)
    array = relabel[array[np.ix_(np.argsort(relabel), np.argsort(relabel))]]
    places = np.sort(rng.permutation(n * n)[: round(share * n * n)])
    cells = [(int(p) // n, int(p) % n, int(array.flat[p])) for p in places]
    for i in rng.permutation(len(cells))[:wrong].tolist():
        a, b, c = cells[i]
        cells[i] = (a, b, (c + 1) % n)
    return cells, n


def array_of(cells, n):
    array = np.full((n, n), -1)
    for a, b, c in cells:
        array[a, b] = c
    return array


@pytest.mark.parametrize("name", CASES)
def test_forced_tables_and_contradictions_have_proofs(name):
    theory, (table, share) = parse_theory(name), CASES[name]
    forced = refuted = 0
    for seed in range(12):
        cells, n = observed(table, share, seed, wrong=seed % 2)
        found = completed(array_of(cells, n), theory, SearchLimits(max_completions=2))
        if found.unique == "yes":
            every = [(a, b) for a in range(n) for b in range(n)]
            lines = search_of(cells, n, theory).forced(found.table, every)
            known = checker.Proof(stated(theory), n, cells, None).run(lines).known()
            assert known == {cell: int(found.table[cell]) for cell in every}
            forced += 1
        elif found.refutation is not None:
            lines = search_of(cells, n, theory).refuted()
            assert checker.Proof(stated(theory), n, cells, None).run(lines).refuted
            refuted += 1
    assert forced or refuted


def test_no_proof_of_what_does_not_follow():
    theory = parse_theory("semilattice")
    cells, n = [(0, 1, 1)], 3
    found = completed(array_of(cells, n), theory, SearchLimits())
    with pytest.raises(NoTrace):
        search_of(cells, n, theory).forced(found.completions[0], [(0, 2)])
    with pytest.raises(NoTrace):
        search_of(cells, n, theory).refuted()


def test_conditions_without_a_rule_have_no_proof():
    theory = parse_theory("inverse semigroup")
    table = generate_family("C3").array
    cells = [(a, b, int(table[a, b])) for a in range(3) for b in range(3) if (a, b) != (2, 2)]
    cells[0] = (0, 0, 1)
    try:
        search_of(cells, 3, theory).refuted()
    except NoTrace:
        return
    # Where the laws alone refute it the condition is not needed.
    lines = search_of(cells, 3, theory).refuted()
    laws = parse_theory("semigroup")
    assert checker.Proof(stated(laws), 3, cells, None).run(lines).refuted


def test_what_follows_at_once_is_found_with_its_proof():
    theory = parse_theory("semilattice")
    cells = [(a, b, MIN[a][b]) for a in range(4) for b in range(a)]
    found, lines = search_of(cells, 4, theory).consequences()
    proof = checker.Proof(stated(theory), 4, cells, None).run(lines)
    assert {(a, b): c for a, b, c in found}.items() <= proof.known().items()
    assert {(a, b) for a, b, _ in found} == {(a, b) for a in range(4) for b in range(a, 4)}
    cells[0] = (1, 0, 1)
    found, lines = search_of([*cells, (0, 1, 0)], 4, theory).consequences()
    assert found is None
    assert checker.Proof(stated(theory), 4, [*cells, (0, 1, 0)], None).run(lines).refuted

"""What deduction says of groups and isotopes has a proof that the checker accepts."""

import time

import numpy as np
import pytest

from cayley import _checker as checker
from cayley.deduction import Forced, Inconsistent, decide, deduce
from cayley.deduction.proofs import _trace
from cayley.deduction.proofs._trace import (
    cells_trace,
    consequences_trace,
    forced_trace,
    refuted_trace,
)
from cayley.deduction.universal_group._partial_table import PartialTable
from cayley.tables import generate_family

NAMES = {"group": "group", "isotope": "isotope of a group"}


def checked(partial, lines):
    theory = checker.Theory({"name": NAMES["group" if max(partial.kinds) == 0 else "isotope"]})
    proof = checker.Proof(theory, partial.order, partial.cells.tolist(), list(partial.gauge))
    return proof.run(lines)


def every_cell(table):
    return {(a, b): int(c) for (a, b), c in np.ndenumerate(table)}


def observed(name, share, seed, *, isotope=False, wrong=0):
    rng = np.random.default_rng(seed)
    table = generate_family(name).array
    n = len(table)
    relabel = rng.permutation(n)
    table = relabel[table[np.ix_(np.argsort(relabel), np.argsort(relabel))]]
    if isotope:
        table = rng.permutation(n)[table[rng.permutation(n)][:, rng.permutation(n)]]
    places = np.sort(rng.permutation(n * n)[: max(1, round(share * n * n))])
    cells = np.stack([places // n, places % n, table.flat[places]], axis=1)
    for i in rng.permutation(len(cells))[:wrong]:
        cells[i, 2] = (cells[i, 2] + 1 + rng.integers(n - 1)) % n
    return cells, n


@pytest.mark.parametrize("assume", ["group", "isotope"])
@pytest.mark.parametrize(
    ("name", "share"),
    [("C1", 1.0), ("C2", 0.8), ("C3", 0.6), ("C4", 0.6), ("S3", 0.5), ("Q8", 0.4), ("A4", 0.3)],
)
def test_every_cell_of_a_forced_table_is_proved(name, share, assume):
    found = 0
    for seed in range(6):
        cells, n = observed(name, share, seed, isotope=assume == "isotope")
        forced = decide(cells, order=n, assume=assume).verdict
        if not isinstance(forced, Forced):
            continue
        partial = PartialTable.of(cells, n, assume)
        lines = forced_trace(partial, forced.table, time_limit=20)
        assert lines is not None
        assert checked(partial, lines).known() == every_cell(forced.table)
        found += 1
        # What the proof keeps is used: without its first line it falls.
        if n > 4:
            with pytest.raises(checker.Refused):
                assert checked(partial, lines[1:]).known() == every_cell(forced.table)
                raise checker.Refused
    assert found


@pytest.mark.parametrize(
    ("name", "share", "isotope"), [("S4", 0.1, False), ("S4", 0.05, False), ("S4", 0.17, True)]
)
def test_larger_groups_take_short_proofs(name, share, isotope):
    assume = "isotope" if isotope else "group"
    for seed in range(5, 8):
        cells, n = observed(name, share, seed, isotope=isotope)
        forced = deduce(cells, order=n, assume=assume)
        if not isinstance(forced, Forced):
            continue
        partial = PartialTable.of(cells, n, assume)
        lines = forced_trace(partial, forced.table)
        assert checked(partial, lines).known() == every_cell(forced.table)
        assert len(lines) < 2500


@pytest.mark.parametrize("assume", ["group", "isotope"])
@pytest.mark.parametrize(("name", "share"), [("C3", 0.9), ("S3", 0.7), ("Q8", 0.6), ("S4", 0.3)])
def test_what_no_group_has_is_refuted(name, share, assume):
    found = 0
    for seed in range(4):
        cells, n = observed(name, share, seed, isotope=assume == "isotope", wrong=2)
        refuted = deduce(cells, order=n, assume=assume)
        if isinstance(refuted, Inconsistent):
            partial = PartialTable.of(cells, n, assume)
            assert checked(partial, refuted_trace(partial, refuted.evidence)).refuted
            found += 1
    assert found


def test_cells_that_follow_have_a_proof_where_others_do_not():
    cells = [(0, 1, 1), (1, 1, 2), (1, 2, 3)]
    partial = PartialTable.of(cells, 12, "group")
    wanted = [(0, 0, 0), (2, 1, 3), (0, 7, 7)]
    known = checked(partial, cells_trace(partial, wanted)).known()
    assert all(known[a, b] == c for a, b, c in wanted[:2])
    assert cells_trace(partial, [(4, 4, 4)]) is None
    # A label that is used nowhere: only the unit says what a product with it is.
    assert known[0, 7] == 7


def test_consistent_cells_are_not_refuted():
    cells, n = observed("S3", 0.5, 1)
    assert refuted_trace(PartialTable.of(cells, n, "group"), time_limit=2) is None


@pytest.mark.parametrize(("p", "share"), [(7, 0.6), (11, 0.5), (13, 0.4)])
def test_cells_of_a_homotope_are_proved(p, share):
    rng = np.random.default_rng(p)
    a, b = np.indices((p, p))
    table = (a * a + b * b) % p
    places = np.sort(rng.permutation(p * p)[: round(share * p * p)])
    # The only cell with the symbol 0 modulo 7 and 11 is not seen: no other symbol can be there.
    places = places[places != 0]
    cells = np.stack([places // p, places % p, table.flat[places]], axis=1)
    partial = PartialTable.of(cells, p, "isotope")
    wanted = [[int(a), int(b), int(c)] for (a, b), c in np.ndenumerate(table)]
    lines = cells_trace(partial, wanted, max_defined=10 * p, homotope=True)
    theory = checker.Theory({"name": checker.HOMOTOPE})
    proof = checker.Proof(theory, p, cells.tolist(), list(partial.gauge)).run(lines)
    assert proof.known() == every_cell(table)
    assert not any(line[0] in ("frame", "column") for line in lines)
    # Equal rows contradict an isotope, and not a homotope.
    assert refuted_trace(partial) is not None
    assert refuted_trace(partial, homotope=True) is None


@pytest.mark.parametrize("assume", ["group", "isotope"])
def test_what_follows_at_once_is_found_with_its_proof(assume):
    seen = set()
    for seed in range(8):
        share = 0.3 if assume == "group" else 0.6
        cells, n = observed("S3", share, seed, isotope=assume == "isotope", wrong=seed % 2)
        partial = PartialTable.of(cells, n, assume)
        found, lines = consequences_trace(partial)
        proof = checked(partial, lines)
        assert proof.refuted == (found is None)
        verdict = deduce(cells, order=n, assume=assume)
        assert isinstance(verdict, Inconsistent) == (found is None)
        if found is not None:
            assert {(a, b): c for a, b, c in found}.items() <= proof.known().items()
            assert not set(map(tuple, found)) & set(map(tuple, cells.tolist()))
        if isinstance(verdict, Forced):
            assert len(found) + len({(a, b) for a, b, _ in cells.tolist()}) == n * n
        seen.add(found is None)
    assert seen == {False, True}


def test_an_isotope_above_order_32_is_proved_by_cases():
    rng = np.random.default_rng(0)
    n = 35
    a, b = np.indices((n, n))
    table = rng.permutation(n)[((a + b) % n)[rng.permutation(n)][:, rng.permutation(n)]]
    places = np.sort(rng.permutation(n * n)[:155])
    cells = np.stack([places // n, places % n, table.flat[places]], axis=1)
    partial = PartialTable.of(cells, n, "isotope")
    lines = _trace._forced_by_cases(partial, table, time.monotonic() + 20)
    assert any(line[0] == "cases" for line in lines)
    assert checked(partial, lines).known() == every_cell(table)

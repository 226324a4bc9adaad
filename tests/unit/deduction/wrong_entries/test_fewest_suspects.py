"""The ranking of tables by suspects, against a list of all tables of a kind."""

import math

import numpy as np
import pytest
from tests.oracles import labeled_groups, labeled_isotopes, semigroups

from cayley.deduction.wrong_entries._fewest_suspects import Look, fewest_suspects

KINDS = {
    "groups of order 4": labeled_groups(4),
    "isotopes of order 4": labeled_isotopes(4),
    "semigroups of order 3": semigroups(3),
}


SHOWN = 2


class ListOracle:
    """Looks through a list of all tables; `blind` is from when on it sees nothing."""

    def __init__(self, tables, cells, blind=math.inf):
        self.agrees = tables[:, cells[:, 0], cells[:, 1]] == cells[:, 2]
        self.tables, self.cells, self.left = tables, cells, blind

    def having(self, kept):
        return np.flatnonzero(self.agrees[:, kept].all(axis=1))

    def core(self, kept):
        if len(self.having(kept)):
            return ()
        chosen = kept.copy()
        for item in np.flatnonzero(kept):
            chosen[item] = False
            if len(self.having(chosen)):
                chosen[item] = True
        return tuple(np.flatnonzero(chosen).tolist())

    def look(self, kept):
        self.left -= 1
        if self.left < 0:
            return Look()
        places = self.having(kept)
        if not len(places):
            return Look(core=self.core(kept))
        return Look(tables=tuple(self.tables[places[:SHOWN]]), is_all=len(places) <= SHOWN)

    def forces(self, kept):
        return len(self.having(kept)) == 1

    def suspects(self, table):
        a, b, c = self.cells.T
        return tuple(np.flatnonzero(table[a, b] != c).tolist())


def sample(tables, seed):
    """Half to all cells of a table of the kind, one to three of them perhaps wrong."""
    rng = np.random.default_rng(seed)
    table = tables[rng.integers(len(tables))]
    n = len(table)
    places = rng.choice(n * n, int(rng.integers(n * n // 2, n * n + 1)), replace=False)
    a, b = np.divmod(places, n)
    cells = np.stack([a, b, table[a, b]], axis=1)
    wrong = rng.choice(len(cells), int(rng.integers(0, 4)), replace=False)
    cells[wrong, 2] = rng.integers(n, size=len(wrong))
    return cells


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(25))
def test_the_fewest_suspects_and_every_tie_are_found(kind, seed):
    tables = KINDS[kind]
    cells = sample(tables, seed)
    oracle = ListOracle(tables, cells)
    found = fewest_suspects(oracle, len(cells), deadline=math.inf)
    wrong = (~oracle.agrees).sum(axis=1)
    least = int(wrong.min())
    assert found.fewest == least
    assert found.is_minimal
    best = {oracle.suspects(table) for table in tables[wrong == least]}
    named = {each.suspects for each in (found.found[0], *found.ties)}
    assert named <= best
    assert named == best or len(found.found) >= 8
    for each in found.found:
        allowed = sum(set(oracle.suspects(t)) <= set(each.suspects) for t in tables)
        assert allowed == 1 if each.is_forced else len(each.suspects) > least or allowed > 1
    near = all(each.is_forced for each in (found.found[0], *found.ties))
    assert max(len(each.suspects) for each in found.found) <= least + near
    # Below the bound every table has been found, up to tables that accuse the same cells.
    known = {each.suspects for each in found.found}
    assert all(
        w >= found.bound or oracle.suspects(t) in known for t, w in zip(tables, wrong, strict=True)
    )
    if found.found[0].is_forced and len(found.found) < 8:
        rivals = {oracle.suspects(table) for table in tables[wrong == least + 1]}
        named = {x.suspects for x in found.found if len(x.suspects) == least + 1}
        # Two tables that are known already may be all that is shown of what some cells allow.
        assert named == rivals if found.bound > least + 1 else named <= rivals


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_the_cells_does_not_matter(kind, rng):
    for seed in range(10):
        cells = sample(KINDS[kind], seed)
        order = rng.permutation(len(cells))
        first = fewest_suspects(ListOracle(KINDS[kind], cells), len(cells), deadline=math.inf)
        again = fewest_suspects(
            ListOracle(KINDS[kind], cells[order]), len(cells), deadline=math.inf
        )
        if len(first.found) >= 8:
            continue
        best = [{each.suspects for each in (x.found[0], *x.ties)} for x in (first, again)]
        assert best[0] == {tuple(sorted(order[list(each)].tolist())) for each in best[1]}
        near = [len(x.found) > len(x.ties) + 1 or x.bound <= x.fewest + 1 for x in (first, again)]
        assert near[0] == near[1]


def test_a_known_table_is_proved_or_replaced():
    tables = labeled_isotopes(4)
    cells = sample(tables, 3)
    oracle = ListOracle(tables, cells)
    wrong = (~oracle.agrees).sum(axis=1)
    # A table far off, which the cells that it agrees with force.
    accused = [oracle.suspects(table) for table in tables]
    worse = next(
        table
        for table, each in zip(tables, accused, strict=True)
        if len(each) > wrong.min() + 1 and accused.count(each) == 1
    )
    found = fewest_suspects(oracle, len(cells), known=[worse], deadline=math.inf)
    assert found.fewest == wrong.min()
    assert found.is_minimal


def test_what_is_cut_short_claims_no_more_than_it_knows():
    tables = labeled_isotopes(4)
    for seed, blind in ((s, b) for s in range(10) for b in range(6)):
        cells = sample(tables, seed)
        oracle = ListOracle(tables, cells, blind)
        found = fewest_suspects(oracle, len(cells), deadline=math.inf)
        wrong = (~oracle.agrees).sum(axis=1)
        known = {each.suspects for each in found.found}
        assert all(
            w >= found.bound or oracle.suspects(t) in known
            for t, w in zip(tables, wrong, strict=True)
        )
    late = fewest_suspects(ListOracle(tables, cells), len(cells), deadline=-math.inf)
    assert (late.found, late.fewest, late.is_minimal) == ((), None, False)

import itertools
import math

import numpy as np
import pytest

from cayley.theories import parse_laws
from cayley.theories.laws._conditions import Condition
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._exposures import Exposures

LEFT, RIGHT = Condition.LEFT_CANCELLATION, Condition.RIGHT_CANCELLATION


def slow_chances(seen, conditions):
    """New symbols and the symbol among them, cell by cell from the definition."""
    n, new, symbol = seen.order, [], []
    places = [divmod(int(cell), n) for cell in seen.cells]
    for time, (a, b) in enumerate(places):
        covered = [int(seen.table[place]) for place in places[time:]]
        used = set()
        for place in places[:time]:
            if (LEFT in conditions and place[0] == a) or (RIGHT in conditions and place[1] == b):
                used.add(int(seen.table[place]))
        fresh = [v for v in covered if v not in used]
        own = covered.count(int(seen.table[a, b]))
        new.append(len(fresh) / len(covered))
        chance = own / max(own, len(fresh))
        if conditions:
            chance = max(chance, 1 / max(1, n - len(used)))
        symbol.append(chance)
    return np.array(new), np.array(symbol)


@pytest.mark.parametrize("conditions", [(), (LEFT,), (RIGHT,)])
def test_chances_are_those_of_the_definition(conditions, rng):
    for n in (2, 3, 5):
        for table in (rng.integers(n, size=(n, n)), [rng.permutation(n) for _ in range(n)]):
            seen = SeenCells.of(np.where(rng.random((n, n)) < 0.8, table, -1), seed=3)
            new, symbol = seen._chances(frozenset(conditions))
            slow_new, slow_symbol = slow_chances(seen, conditions)
            with np.errstate(divide="ignore"):
                assert new == pytest.approx(np.log10(slow_new))
            assert symbol == pytest.approx(np.log10(slow_symbol))


def test_blocks_of_cells_change_nothing(rng, monkeypatch):
    table = rng.integers(9, size=(9, 9))
    whole = SeenCells.of(table)._chances(frozenset({LEFT, RIGHT}))
    monkeypatch.setattr("cayley.theories.mining._chances._BLOCK", 40)
    blocks = SeenCells.of(table)._chances(frozenset({LEFT, RIGHT}))
    assert np.array_equal(whole, blocks)


def test_the_last_symbol_of_a_latin_row_or_column_is_no_surprise():
    table = np.add.outer(np.arange(5), np.arange(5)) % 5
    seen = SeenCells.ordered(table, np.arange(25))
    assert seen.repeat_free == {LEFT, RIGHT}
    assert seen.log10_symbol[4] == 0.0
    # In the last row each column lacks one symbol.
    assert not seen.log10_symbol[20:].any()
    assert seen.log10_symbol[0] == pytest.approx(-math.log10(5))
    assert seen.repeat(LEFT) is None


def test_repeats_are_named():
    seen = SeenCells.of(np.array([[0, 1, 0], [2, -1, 0], [2, 1, 1]]))
    assert seen.repeat(LEFT) in {(0, 2), (7, 8)}
    assert seen.repeat(RIGHT) in {(3, 6), (1, 7), (2, 5)}
    assert seen.repeat_free == frozenset()


SOME = parse_laws(
    "xy = yx; xx = x; x(yz) = (xy)z; (xy)y = x; x(xy) = y; xy = x; x = y(zx); xx = yy;"
    "x(yz) = (xy)(xz); (xy)(zw) = (xz)(yw); x = y; xy = zw; x(yx) = y; (xy)x = x(yx)"
)


def expectation(tables, weights, mask, order, laws=SOME):
    """The largest over laws, and rows of weights, of the expected 1/chance, 0 where a law fails."""
    values = np.zeros((len(tables), len(laws)))
    for table, row in zip(tables, values, strict=True):
        seen = SeenCells.ordered(np.where(mask, table, -1), order)
        exposures = Exposures(seen)
        for i, law in enumerate(laws):
            look = exposures.look(law)
            if look.violation is None:
                row[i] = 10 ** -seen.log10_symbol[look.exposed].sum()
    return (np.asarray(weights) @ values).max()


def test_the_bound_holds_over_all_tables_of_order_two(rng):
    """The expectation is at most 1, so by Markov's inequality 10**d has a chance of 10**-d."""
    tables = np.array(list(itertools.product((0, 1), repeat=4))).reshape(-1, 2, 2)
    odds = np.array([0.5, 0.8])[:, None, None, None]
    weights = (odds ** (1 - tables) * (1 - odds) ** tables).prod(axis=(2, 3))
    for mask in itertools.product((True, False), repeat=4):
        shape = np.array(mask).reshape(2, 2)
        assert expectation(tables, weights, shape, rng.permutation(4)) <= 1 + 1e-9


def test_the_bound_holds_over_all_tables_of_order_three_with_five_cells(rng):
    mask = np.isin(rng.permutation(9), range(5)).reshape(3, 3)
    tables = np.zeros((243, 3, 3), int)
    tables[:, mask] = list(itertools.product(range(3), repeat=5))
    odds = np.array([(1 / 3, 1 / 3, 1 / 3), (0.7, 0.2, 0.1)])
    weights = odds[:, tables[:, mask]].prod(axis=2)
    assert expectation(tables, weights, mask, rng.permutation(9)) <= 1 + 1e-9


def test_the_bound_holds_over_all_tables_with_rows_that_are_permutations(rng):
    rows = list(itertools.permutations(range(3)))
    tables = np.array(list(itertools.product(rows, repeat=3)))
    weights = np.full(len(tables), 1 / len(tables))
    mask, order = rng.random((3, 3)) < 0.8, rng.permutation(9)
    assert expectation(tables, weights, mask, order) <= 1 + 1e-9
    columns = tables.transpose(0, 2, 1)
    assert expectation(columns, weights, mask, order, SOME[:4]) <= 1 + 1e-9


def test_relabeling_with_the_order_carried_along_changes_nothing(rng):
    table = np.where(rng.random((6, 6)) < 0.7, np.add.outer(np.arange(6), np.arange(6)) % 6, -1)
    order, p = rng.permutation(36), rng.permutation(6)
    renamed = np.full((6, 6), -1)
    renamed[np.ix_(p, p)] = np.where(table >= 0, p[table], -1)
    seen = SeenCells.ordered(table, order)
    carried = SeenCells.ordered(renamed, p[order // 6] * 6 + p[order % 6])
    assert seen.log10_symbol == pytest.approx(carried.log10_symbol)
    one, other = Exposures(seen), Exposures(carried)
    for law in SOME:
        a, b = one.look(law), other.look(law)
        assert (a.violation is None) == (b.violation is None)
        if a.violation is None:
            assert np.array_equal(a.exposed, b.exposed)
            assert a.support == b.support

import itertools
import math
import time

import numpy as np
import pytest

from cayley.theories import law, parse_laws
from cayley.theories.laws._evaluation import OutOfTime
from cayley.theories.laws._numbered import all_laws
from cayley.theories.mining._chances import SeenCells
from cayley.theories.mining._mining import EARNED, mine, named_laws, still_standing
from cayley.theories.mining._refuted import ManyLaws

MOUFANG, CORE = parse_laws("(xy)(zx) = (x(yz))x; (xy)z = x(y(xz))")


def is_violated(each, table):
    """Whether some instance has two known sides that differ, by all instances together."""
    n = len(table)
    padded = np.pad(table, (0, 1), constant_values=-1)
    values = np.indices((n,) * each.num_variables)

    def value(term):
        return values[term] if isinstance(term, int) else padded[value(term[0]), value(term[1])]

    left, right = value(each.left), value(each.right)
    return bool(((left != right) & (left >= 0) & (right >= 0)).any())


@pytest.mark.parametrize("order", [4, 6])
def test_violated_laws_are_never_returned_and_the_others_are(order, rng):
    table = np.maximum.outer(np.arange(order), np.arange(order))
    table[0, 0] = order - 1
    seen = np.where(rng.random(table.shape) < 0.8, table, -1)
    found = {each.law for each in mine(seen, laws="numbered")}
    tried = [each for each in (*named_laws(), *all_laws()) if each.num_variables <= 4]
    for i in rng.choice(len(tried), 400):
        assert tried[i] not in found or not is_violated(tried[i], seen)
    assert all(not is_violated(each, seen) for each in found if each.num_variables <= 5)
    standing = [each for each in named_laws() if not is_violated(each, seen)]
    exposed = {each.law for each in mine(seen, laws=standing)}
    assert exposed == found & set(standing)


def test_laws_in_many_variables_are_decided_whatever_a_first_look_leaves(monkeypatch):
    monkeypatch.setattr("cayley.theories.mining._mining._FIRST_LOOK", 1)
    monkeypatch.setattr("cayley.theories.mining._mining._SAMPLE", 8)
    # A left zero semigroup but for one cell, which few of 1,296 or more instances meet.
    table = np.repeat(np.arange(6)[:, None], 6, axis=1)
    table[1, 3] = 2
    found = mine(table, laws="numbered")
    assert max(each.law.num_variables for each in found) >= 4
    assert all(not is_violated(each.law, table) for each in found)


def test_true_laws_of_a_large_enough_table_are_earned(tables, rng):
    table = tables.moufang(tables.symmetric(3))
    seen = np.where(rng.random(table.shape) < 0.8, table, -1)
    found = mine(seen)
    assert MOUFANG.canonical() in {each.law for each in found}
    assert law(4512) not in {each.law for each in found}
    assert [each.corrected for each in found] == sorted(each.corrected for each in found)
    best = found[0]
    assert best.is_earned
    assert best.support >= best.exposures > 10
    assert best.corrected == best.log10_chance + math.log10(len(named_laws()))


def test_numbered_laws_are_corrected_for_their_number(tables):
    table = tables.cyclic(13)
    found = mine(3 * table.T % 7, laws="numbered")
    named = set(named_laws())
    for each in found:
        tried = len(named) if each.law in named else 4694
        assert each.corrected == min(0.0, each.log10_chance + math.log10(tried))
        assert each.law in named or each.number == all_laws().index(each.law) + 1
    assert any(each.law not in named and each.is_earned for each in mine(table, laws="numbered"))


def test_the_core_of_a_group_obeys_its_word(tables, rng):
    group = tables.symmetric(4)
    core = group[group, np.arange(24)[:, None]]  # (a b) a
    seen = np.where(rng.random(core.shape) < 0.5, core, -1)
    assert mine(seen, laws=[CORE, *parse_laws("xy = yx")])[0].is_earned
    assert next(each.law for each in mine(seen) if each.is_earned) == CORE.canonical()


def test_above_order_24_the_compiled_back_end_says_the_same(tables, rng):
    table = np.where(rng.random((26, 26)) < 0.6, tables.cyclic(26), -1)
    found = {each.law: each for each in mine(table)}
    assert {law(43), law(4512).canonical()} <= set(found)
    for each in found:
        assert each.num_variables > 3 or not is_violated(each, table)
    numbered = mine(table, laws="numbered")
    assert len(numbered) > len(found)
    for each in numbered:
        assert each.law.num_variables > 3 or not is_violated(each.law, table)


def test_nothing_is_earned_by_random_tables(rng):
    # Each law's chance to reach the bound is below 10**EARNED after correction: 6e-5 in all.
    for _ in range(60):
        n = int(rng.integers(3, 8))
        table = np.where(rng.random((n, n)) < 0.7, rng.integers(n, size=(n, n)), -1)
        assert not any(each.is_earned for each in mine(table))
    table = rng.integers(6, size=(6, 6))
    assert not any(each.corrected <= EARNED for each in mine(table, laws="numbered"))


def test_nothing_is_earned_from_a_handful_of_cells_or_a_constant():
    assert mine(np.full((4, 4), -1), laws="numbered") == ()
    table = np.full((6, 6), -1)
    table[0, :4] = [0, 1, 2, 3]
    assert not any(each.is_earned for each in mine(table, laws="numbered"))
    assert not any(each.is_earned for each in mine(np.zeros((6, 6), int), laws="numbered"))
    boolean = np.array([[0, 0], [0, 1]])
    assert all(each.log10_chance > -1 for each in mine(boolean))


def test_some_random_instances_refute_only_laws_that_are_violated(rng):
    laws = all_laws()[1:]
    many = ManyLaws(laws)
    for n in (2, 5):
        table = np.where(rng.random((n, n)) < 0.8, rng.integers(n, size=(n, n)), -1)
        standing = many.standing(table, instances=400, rng=rng)
        assert not standing.all()
        for i in rng.choice(len(laws), 150):
            if laws[i].num_variables <= 4 and not standing[i]:
                assert is_violated(laws[i], table)
        few = [i for i in range(len(laws)) if laws[i].num_variables == 1]
        assert all(standing[i] != is_violated(laws[i], table) for i in few)


def test_another_seed_is_another_order_and_the_clock_is_looked_at(rng):
    table = rng.permutation(49).reshape(7, 7) % 7
    table = np.triu(table) + np.triu(table, 1).T
    chances = {round(mine(table, seed=seed)[0].log10_chance, 6) for seed in range(4)}
    assert len(chances) > 1
    assert mine(table, seed=1) == mine(table, seed=1)
    with pytest.raises(OutOfTime):
        mine(table, deadline=time.monotonic() - 1)


def test_mined_laws_are_looked_at_again_when_cells_are_added():
    table = np.maximum.outer(np.arange(6), np.arange(6))
    table[0, 5] = table[4, 5] = -1
    mined = mine(table)
    assert {each.law for each in mined} >= set(parse_laws("xy = yx; x = xx"))
    table[0, 5] = 3
    again = still_standing(mined, table)
    assert again == tuple(each for each in mined if not is_violated(each.law, table))
    assert parse_laws("x = xx")[0] in {each.law for each in again}
    assert law(43) not in {each.law for each in again}


@pytest.mark.parametrize("table", [[[0]], [[-1]], [[-1, -1], [-1, -1]], [[0, 1], [1, 0]]])
def test_the_smallest_tables_are_no_trouble(table):
    assert not any(each.is_earned for each in mine(np.array(table), laws="numbered"))


def test_seen_cells_are_what_is_asked(rng):
    table = np.where(rng.random((5, 5)) < 0.5, 1, -1)
    seen = SeenCells.of(table)
    assert sorted(seen.cells.tolist()) == np.flatnonzero(table >= 0).tolist()
    assert list(itertools.chain(*np.argwhere(seen.ranks == 0))) == list(divmod(seen.cells[0], 5))

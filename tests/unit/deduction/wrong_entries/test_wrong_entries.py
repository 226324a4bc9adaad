import numpy as np
import pytest

from cayley.deduction import (
    Forced,
    Limits,
    NotFound,
    WrongEntries,
    deduce,
    find_wrong_entries,
)
from cayley.testing import assert_group


def noisy(table, rng, fraction, wrong):
    """Random cells, ``wrong`` of them with another symbol; and the places of these."""
    n = len(table)
    a, b = np.divmod(rng.choice(n * n, round(fraction * n * n), replace=False), n)
    cells = np.stack([a, b, table[a, b]], axis=1)
    places = np.sort(rng.choice(len(cells), wrong, replace=False))
    cells[places, 2] = (cells[places, 2] + rng.integers(1, n, wrong)) % n
    return cells, places


CASES = {
    "S4 at 30 %, 5 wrong": ("group", 0.30, 5, "symmetric", 4),
    "S4 isotope at 60 %, 10 wrong": ("isotope", 0.60, 10, "symmetric", 4),
    "S5 at 5 %, 22 wrong": ("group", 0.05, 22, "symmetric", 5),
    "S5 at 10 %, 43 wrong": ("group", 0.10, 43, "symmetric", 5),
    "S5 at 10 %, 144 wrong": ("group", 0.10, 144, "symmetric", 5),
    "S5 isotope at 16 %, 69 wrong": ("isotope", 0.16, 69, "symmetric", 5),
    "S5 isotope at 30 %, 130 wrong": ("isotope", 0.30, 130, "symmetric", 5),
    "A5 at 8 %, 9 wrong": ("group", 0.08, 9, "alternating", 5),
}
LONG = {"S4 at 30 %, 5 wrong", "S5 at 5 %, 22 wrong", "S5 isotope at 16 %, 69 wrong"}


@pytest.mark.parametrize(
    "name", [pytest.param(x, marks=pytest.mark.slow) if x in LONG else x for x in CASES]
)
def test_every_wrong_entry_is_found_and_the_rest_is_certified(name, tables):
    assume, fraction, wrong, family, size = CASES[name]
    rng = np.random.default_rng(5)
    table = getattr(tables, family)(size)
    hidden = (tables.isotope if assume == "isotope" else tables.relabeled)(table, rng)
    cells, places = noisy(hidden, rng, fraction, wrong)
    found = find_wrong_entries(cells, order=len(table), assume=assume)
    assert isinstance(found, WrongEntries)
    assert found.suspects == tuple(places.tolist())
    a, b, c = cells[places].T
    np.testing.assert_array_equal(found.given, c)
    np.testing.assert_array_equal(found.expected, hidden[a, b])
    assert found.num_kept == len(cells) - wrong
    assert found.log10_chance < -6
    rest = deduce(np.delete(cells, places, axis=0), order=len(table), assume=assume)
    assert isinstance(rest, Forced)
    np.testing.assert_array_equal(rest.table, hidden)
    np.testing.assert_array_equal(found.forced.table, hidden)


def test_one_switched_intercalate_is_four_wrong_entries(tables):
    table = tables.product(tables.symmetric(3), tables.cyclic(2))
    switched = tables.switched(table)
    a, b = np.indices(table.shape).reshape(2, -1)
    cells = np.stack([a, b, switched[a, b]], axis=1)
    for assume in ("group", "isotope"):
        found = find_wrong_entries(cells, order=12, assume=assume)
        assert isinstance(found, WrongEntries)
        assert len(found.suspects) == 4
        np.testing.assert_array_equal(found.forced.table, table)


def test_clean_observations_have_no_suspects(tables, rng):
    cells, _ = noisy(tables.symmetric(4), rng, 0.2, 0)
    found = find_wrong_entries(cells, order=24, assume="group")
    assert isinstance(found, WrongEntries)
    assert (found.suspects, found.num_kept) == ((), len(cells))
    few, _ = noisy(tables.symmetric(4), rng, 0.02, 0)
    assert find_wrong_entries(few, order=24, assume="group") == NotFound(
        reason="consistent", num_trials=0
    )


@pytest.mark.parametrize("trials", [20, pytest.param(60, marks=pytest.mark.slow)])
def test_tables_far_from_groups_are_not_repaired(trials, tables, rng):
    """Moufang and Steiner loops, random Latin squares, random magmas, a semigroup."""
    samples = [
        tables.moufang(tables.symmetric(3)),
        tables.steiner(9, loop=True),
        tables.random_latin(9, rng),
        tables.random_latin(11, rng),
        rng.integers(8, size=(8, 8)),
        np.minimum.outer(np.arange(8), np.arange(8)),
    ]
    for table in samples:
        n = len(table)
        a, b = np.indices((n, n)).reshape(2, -1)
        cells = np.stack([a, b, table[a, b]], axis=1)
        for assume in ("group", "isotope"):
            found = find_wrong_entries(cells, order=n, assume=assume, max_trials=trials)
            assert isinstance(found, NotFound)
            assert found.reason == "limit"


def test_no_cluster_is_tried_where_too_many_symbols_repeat(rng):
    a, b = np.indices((9, 9)).reshape(2, -1)
    observed = np.stack([a, b, rng.integers(0, 9, 81)], axis=1)
    found = find_wrong_entries(observed, order=9, assume="isotope")
    assert isinstance(found, NotFound)
    assert (found.reason, found.num_trials) == ("limit", 0)
    found = find_wrong_entries(observed, order=9, assume="isotope", max_fraction=0.9, max_trials=3)
    assert found.num_trials == 3


def test_two_equally_good_explanations_are_no_finding(tables):
    """Label 7 occurs in two cells, and one of them says that it is what 9 is.

    While 9 is known from other cells, the second is wrong; without these, either may be.
    """
    table = tables.symmetric(4)
    a, b = np.indices(table.shape).reshape(2, -1)
    cells = np.stack([a, b, table[a, b]], axis=1)
    others = cells[(cells != 7).all(axis=1)]
    columns = [x for x in range(24) if not {x, table[7, x], table[9, x]} & {7, 9}][:2]
    right, wrong = [7, columns[0], table[7, columns[0]]], [7, columns[1], table[9, columns[1]]]
    cells = np.concatenate([others, [right, wrong]])
    found = find_wrong_entries(cells, order=24, assume="group", max_trials=30)
    assert isinstance(found, WrongEntries)
    assert found.suspects == (len(cells) - 1,)
    np.testing.assert_array_equal(found.forced.table, table)
    cells = np.concatenate([others[(others != 9).all(axis=1)], [right, wrong]])
    found = find_wrong_entries(cells, order=24, assume="group", max_trials=30)
    assert isinstance(found, NotFound)


def test_results_repeat_with_the_seed_and_limits_hold(tables, rng):
    cells, _ = noisy(tables.symmetric(4), rng, 0.3, 5)
    first = find_wrong_entries(cells, order=24, assume="group", seed=3)
    again = find_wrong_entries(cells, order=24, assume="group", seed=3)
    assert first.suspects == again.suspects
    assert find_wrong_entries(cells, order=24, assume="group", max_trials=0) == NotFound(
        reason="limit", num_trials=0
    )
    few = 4 / len(cells)  # there are five, of which repeated symbols show fewer
    strict = find_wrong_entries(cells, order=24, assume="group", max_trials=2, max_fraction=few)
    assert strict == NotFound(reason="limit", num_trials=2)
    late = find_wrong_entries(
        cells, order=24, assume="group", max_fraction=few, limits=Limits(time_limit=0.0)
    )
    assert late == NotFound(reason="limit", num_trials=1)


def test_the_forced_group_is_a_group(tables, rng):
    cells, _ = noisy(tables.dihedral(6), rng, 0.6, 3)
    assert_group(find_wrong_entries(cells, order=12, assume="group").forced.group)


def test_bad_arguments_get_one_clear_message():
    cells = [[0, 0, 0]]
    with pytest.raises(ValueError, match=r"`max_fraction` must be in \[0, 1\); got 1"):
        find_wrong_entries(cells, order=2, assume="group", max_fraction=1.0)
    with pytest.raises(ValueError, match=r"`max_trials` must not be negative; got -1"):
        find_wrong_entries(cells, order=2, assume="group", max_trials=-1)


# Parts of a group of order 8 and of one of order 9, two entries wrong in each. Another group
# leaves five (six) contradictions, a wrong entry speaks for it, and it is as easy to come upon.
@pytest.mark.parametrize("seeds", [4, pytest.param(10, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (
            "52.760.3 ....31.. ...6.234 .4651.2. .3.1.4.2 012345.7 47320... .6.067.4",
            {(7, 4): 2, (7, 7): 5},
        ),
        (
            "13507..84 306.82547 .6....... 0123.567. 783..0..6 ...50..13 25861..30 .40.5..52 "
            "..18.7..5",
            {(8, 5): 3, (7, 7): 6},
        ),
    ],
)
def test_a_near_twin_does_not_pass_for_the_group(rows, wrong, seeds):
    table = np.array([[-1 if x == "." else int(x) for x in row] for row in rows.split()])
    cells = np.argwhere(table >= 0)
    cells = np.column_stack([cells, table[tuple(cells.T)]])
    for seed in range(seeds):
        found = find_wrong_entries(cells, order=len(table), assume="group", seed=seed)
        assert isinstance(found, WrongEntries)
        places = cells[list(found.suspects), :2].tolist()
        assert {(a, b): c for (a, b), c in zip(places, found.expected, strict=True)} == wrong


def test_two_groups_that_explain_the_cells_equally_well_are_ambiguous():
    a, b = np.indices((8, 8)).reshape(2, -1)
    first = a ^ b
    swap = np.array([0, 1, 2, 3, 4, 5, 7, 6])
    second = swap[swap[a] ^ swap[b]]  # the same with two labels exchanged
    differ = np.flatnonzero(first != second)
    chosen = np.zeros(64, int)
    chosen[differ[::2]] = 1
    kept = np.setdiff1d(np.arange(64), differ[4:])
    cells = np.stack([a, b, np.where(chosen, second, first)], axis=1)[kept]
    assert (first[kept] != cells[:, 2]).sum() == (second[kept] != cells[:, 2]).sum() == 2
    found = find_wrong_entries(cells, order=8, assume="group")
    assert isinstance(found, NotFound)

    rows = "52.760.3 ....31.. ...6.215 .4651.2. .3.1.4.2 012345.7 47320... .6.067.."
    table = np.array([[-1 if x == "." else int(x) for x in row] for row in rows.split()])
    cells = np.argwhere(table >= 0)
    cells = np.column_stack([cells, table[tuple(cells.T)]])
    found = find_wrong_entries(cells, order=8, assume="group")
    assert isinstance(found, NotFound)
    assert found.reason == "ambiguous"  # two groups of order 8 leave three contradictions each

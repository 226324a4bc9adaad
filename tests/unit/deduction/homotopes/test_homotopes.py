"""What is deduced is compared with lists of all homotopes of groups on small tables."""

import itertools
import math
from functools import cache

import numpy as np
import pytest

from cayley.deduction import Inconsistent
from cayley.deduction.homotopes._homotope_quotients import homotopes_of_quotients
from cayley.deduction.homotopes._homotopes import complete_homotope, connected_parts
from cayley.tables import Table, generate_family

GROUPS = {
    1: ["C1"],
    2: ["C2"],
    3: ["C3"],
    4: ["C4", "C2xC2"],
    5: ["C5"],
    6: ["C6", "S3"],
}


@cache
def all_homotopes(rows, columns, symbols, highest):
    """Every homotope of a group of order up to ``highest`` of this shape, as an array of tables."""
    found = set()
    for name in itertools.chain(*(GROUPS[n] for n in range(1, highest + 1))):
        group = generate_family(name).array
        # One row and one column may stand for the identity, element 0.
        for f in itertools.product(range(len(group)), repeat=rows - 1):
            for g in itertools.product(range(len(group)), repeat=columns - 1):
                products = group[np.ix_((0, *f), (0, *g))]
                elements, places = np.unique(products, return_inverse=True)
                for names in itertools.permutations(range(symbols), len(elements)):
                    found.add(np.array(names)[places].reshape(rows, columns).tobytes())
    tables = [np.frombuffer(each, np.int64).reshape(rows, columns) for each in sorted(found)]
    return np.array(tables)


def as_table(array, num_symbols):
    rows, columns = array.shape
    return Table(
        rows=[f"r{a}" for a in range(rows)],
        columns=[f"c{b}" for b in range(columns)],
        symbols=[f"s{c}" for c in range(num_symbols)],
        array=array,
    )


@pytest.mark.parametrize(
    ("shape", "highest", "cases"),
    [((2, 2, 2), 6, 60), ((2, 3, 4), 6, 60), ((3, 3, 3), 6, 60), ((3, 2, 3), 6, 60),
     ((4, 4, 4), 3, 50), ((3, 4, 2), 4, 60)],
)  # fmt: skip
def test_what_is_claimed_holds_for_all_homotopes(shape, highest, cases):
    tables = all_homotopes(*shape, highest)
    rng = np.random.default_rng(sum(shape))
    answers = set()
    for _ in range(cases):
        truth = tables[rng.integers(len(tables))].copy()
        if rng.random() < 0.3:
            truth[tuple(rng.integers(shape[:2]))] = rng.integers(shape[2])
        seen = np.where(rng.random(shape[:2]) < rng.uniform(0.3, 1), truth, -1)
        known = seen >= 0
        possible = tables[(tables[:, known] == seen[known]).all(axis=1)]
        answer = complete_homotope(as_table(seen, shape[2]))
        if isinstance(answer, Inconsistent):
            answers.add("inconsistent")
            assert len(possible) == 0
            a, b, c = as_table(seen, shape[2]).observations[list(answer.evidence)].T
            assert not (tables[:, a, b] == c).all(axis=1).any()
            continue
        answers.add(answer.unique)
        forced = answer.table.array >= 0
        assert (answer.table.array[known] == seen[known]).all()
        assert (possible[:, forced] == answer.table.array[forced]).all()
        for merged in answer.merged_rows:
            places = [int(label[1:]) for label in merged]
            assert (possible[:, places] == possible[:, places[:1]]).all()
        for merged in answer.merged_columns:
            places = [int(label[1:]) for label in merged]
            assert (possible[:, :, places] == possible[:, :, places[:1]]).all()
        if answer.unique == "yes":
            assert (possible == answer.table.array).all()
            assert answer.table.is_full
            group, rows, columns = answer.group, answer.rows, answer.columns
            products = group[np.ix_(rows, columns)]
            # the map from symbols to elements is injective: equal elements, equal symbols
            cells = answer.table.array.ravel()
            pairs = set(zip(cells.tolist(), products.ravel().tolist(), strict=True))
            assert len({c for c, _ in pairs}) == len({e for _, e in pairs}) == len(pairs)
        elif answer.unique == "no":
            first, second = (each.array for each in answer.completions)
            assert (first != second).any()
            for each in (first, second):
                assert (each[known] == seen[known]).all()
                assert (tables == each).all(axis=(1, 2)).any()
    assert "yes" in answers
    assert {"no", "unknown"} & answers


def test_a_small_table_is_settled_where_the_list_settles_it():
    """All masks of an and-or-equal pattern in three symbols: never "yes" with two completions."""
    tables = all_homotopes(2, 3, 3, 6)
    truth = tables[len(tables) // 2]
    counts = dict.fromkeys(["yes", "no", "unknown"], 0)
    for mask in itertools.product([False, True], repeat=6):
        seen = np.where(np.array(mask).reshape(2, 3), truth, -1)
        answer = complete_homotope(as_table(seen, 3))
        known = seen >= 0
        possible = tables[(tables[:, known] == seen[known]).all(axis=1)]
        counts[answer.unique] += 1
        assert (answer.unique == "yes") <= (len(possible) == 1)
        assert (answer.unique == "no") <= (len(possible) > 1)
    assert counts["yes"] >= 1


def test_quotients_of_a_cyclic_group_are_gone_through():
    """Residues modulo each divisor of 12, with all namings of the results that have no name."""
    rng = np.random.default_rng(0)
    group = generate_family("C12").array
    numbers = set()
    for _ in range(60):
        rows, columns = rng.integers(12, size=3), rng.integers(12, size=2)
        results = np.unique(np.add.outer(rows, columns) % 12)
        named = rng.permutation(results)[: rng.integers(1, 4)]
        symbols = np.full(rng.integers(len(named), 6), -1)
        symbols[rng.permutation(len(symbols))[: len(named)]] = named
        expected = set()
        for d in (1, 2, 3, 4, 6, 12):
            names = {int(e) % d: c for c, e in enumerate(symbols) if e >= 0}
            if len(names) < len(named):
                continue
            products = np.add.outer(rows, columns) % d
            further = sorted(set(products.ravel().tolist()) - set(names))
            free = np.flatnonzero(symbols < 0).tolist()
            for chosen in itertools.permutations(free, len(further)):
                naming = names | dict(zip(further, chosen, strict=True))
                expected.add(tuple(naming[e] for e in products.ravel().tolist()))
        found = homotopes_of_quotients(group, (rows, columns, symbols), deadline=math.inf)
        numbers.add(len(found))
        assert len(found) == min(len(expected), 2)
        assert {tuple(each.products.ravel().tolist()) for each in found} <= expected
    assert numbers == {0, 1, 2}


@pytest.mark.parametrize("missing", [np.s_[2], np.s_[:, 2]], ids=["row", "column"])
def test_a_row_without_cells_can_be_any_other(missing):
    seen = generate_family("C3").array.copy()
    seen[missing] = -1
    answer = complete_homotope(as_table(seen, 3))
    assert (answer.unique, answer.reason) == ("no", "two completions")
    for each in answer.completions:
        assert (each.array[seen >= 0] == seen[seen >= 0]).all()
        assert complete_homotope(each).unique == "yes"


@pytest.mark.parametrize("seed", range(2))
def test_sums_of_squares_follow_from_eight_percent_of_the_cells(seed):
    rng = np.random.default_rng(seed)
    array = generate_family("mod97:a^2+b^2").array
    f, g, h = (rng.permutation(97) for _ in range(3))
    truth = h[array[f][:, g]]
    seen = np.where(rng.random((97, 97)) < 0.08, truth, -1)
    answer = complete_homotope(seen)
    assert answer.unique == "yes"
    assert (answer.table.array == truth).all()
    assert len(answer.group) == answer.universal_order == 97
    assert len(answer.merged_rows) == len(answer.merged_columns) == 48
    assert answer.log10_chance < -700


def test_a_block_of_a_group_is_completed_in_its_labels():
    """Five rows and seven columns of S4, rectangular, with results all over the group."""
    rng = np.random.default_rng(0)
    block = generate_family("S4").array[np.ix_(rng.permutation(24)[:5], rng.permutation(24)[:7])]
    symbols, places = np.unique(block, return_inverse=True)
    truth = places.reshape(5, 7)
    seen = truth.copy()
    seen[0, 1] = seen[3, 4] = seen[2, 2] = -1
    answer = complete_homotope(as_table(seen, len(symbols)), max_order=5000)
    assert (answer.table.array == truth)[answer.table.array >= 0].all()
    whole = complete_homotope(as_table(truth, len(symbols)), max_order=5000)
    assert whole.table.is_full


def test_a_quotient_decides_where_the_universal_group_is_too_large():
    """The universal group of these cells has 16 elements, but only C2 has results in two labels."""
    seen = [[0, 1, 0], [1, 0, -1], [0, -1, 0]]
    answer = complete_homotope(as_table(np.array(seen), 2))
    possible = all_homotopes(3, 3, 2, 6)
    known = np.array(seen) >= 0
    possible = possible[(possible[:, known] == np.array(seen)[known]).all(axis=1)]
    assert answer.unique == ("yes" if len(possible) == 1 else "no")


def test_contradicting_cells_are_all_needed():
    rng = np.random.default_rng(0)
    wrong = generate_family("mod23:a^2+b^2").array.copy()
    wrong[4, 5] = (wrong[4, 5] + 1) % 23
    seen = np.where(rng.random((23, 23)) < 0.6, wrong, -1)
    seen[4, 5] = wrong[4, 5]
    table = as_table(seen, 23)
    answer = complete_homotope(table)
    assert isinstance(answer, Inconsistent)
    assert answer.minimal
    chosen = table.observations[list(answer.evidence)]
    assert [4, 5, wrong[4, 5]] in chosen.tolist()
    assert len(chosen) <= 24
    for left_out in range(len(chosen)):
        rest = np.full((23, 23), -1)
        a, b, c = np.delete(chosen, left_out, axis=0).T
        rest[a, b] = c
        assert not isinstance(complete_homotope(as_table(rest, 23)), Inconsistent)


def test_a_cell_with_two_results_contradicts_itself():
    table = Table(
        rows="ab", columns="xy", symbols="01", array=[[0, 1], [1, -1]], repeats=[[0, 0, 1]]
    )
    answer = complete_homotope(table)
    assert sorted(answer.evidence) == [0, 3]


def test_parts_without_a_common_row_or_column_leave_their_products_open():
    c3 = generate_family("C3").array
    seen = np.full((6, 6), -1)
    seen[:3, :3] = seen[3:, 3:] = c3
    answer = complete_homotope(as_table(seen, 3))
    assert answer.unique == "unknown"
    assert "fall apart" in answer.reason
    assert (answer.table.array == seen).all()
    assert answer.merged_rows == ()
    np.testing.assert_array_equal(
        connected_parts(as_table(seen, 3).observations, 6), [[0, 0, 0, 3, 3, 3]] * 2
    )


def test_nothing_follows_from_no_cells():
    answer = complete_homotope(np.full((3, 3), -1))
    assert answer.unique == "unknown"
    assert answer.table.num_observed == 0
    assert answer.log10_chance == 0


def test_the_answer_does_not_depend_on_the_order_of_labels():
    rng = np.random.default_rng(0)
    array = generate_family("C3xC2").array[:, [0, 1, 1, 4, 3]]
    seen = np.where(rng.random(array.shape) < 0.8, array, -1)
    before = complete_homotope(as_table(seen, 6))
    f, g, h = rng.permutation(6), rng.permutation(5), rng.permutation(6)
    moved = np.where(seen >= 0, h[seen], -1)[np.ix_(f, g)]
    after = complete_homotope(as_table(moved, 6))
    assert before.unique == after.unique
    expected = np.where(before.table.array >= 0, h[before.table.array], -1)[np.ix_(f, g)]
    np.testing.assert_array_equal(after.table.array, expected)


def test_a_time_limit_ends_with_unknown():
    array = generate_family("mod97:a+b").array
    seen = np.where(np.random.default_rng(0).random((97, 97)) < 0.05, array, -1)
    answer = complete_homotope(seen, time_limit=0.0)
    assert (answer.unique, answer.reason) == ("unknown", "limit: time")
    with pytest.raises(ValueError, match="`time_limit` must not be negative"):
        complete_homotope(seen, time_limit=-1.0)


def test_a_refutation_may_name_all_cells():
    several = np.array([[0, 1, 2], [1, 1, 0], [2, 2, 1]])
    short = complete_homotope(several)
    every = complete_homotope(several, minimal=False)
    assert isinstance(short, Inconsistent)
    assert isinstance(every, Inconsistent)
    assert len(short.evidence) < len(every.evidence) == 9
    assert not every.minimal

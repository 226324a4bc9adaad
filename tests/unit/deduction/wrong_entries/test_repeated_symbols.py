import itertools
import math

import numpy as np
import pytest

from cayley.deduction.wrong_entries._repeated_symbols import (
    log10_chance_of_so_few_repeats,
    most_agreeing,
)
from cayley.tables import generate_family


def cells(table, shown) -> np.ndarray:
    a, b = np.nonzero(shown)
    return np.stack([a, b, table[a, b]], axis=1)


def without_repeat(observed, table) -> int:
    right = {tuple(x) for x in observed.tolist() if table[x[0], x[1]] == x[2]}
    return sum(
        not any(z == c and (x == a or y == b) for x, y, z in right)
        for a, b, c in observed.tolist()
        if table[a, b] != c
    )


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_chance_of_random_wrong_symbols(seed) -> None:
    rng = np.random.default_rng(seed)
    table = generate_family(("C5", "S3", "Q8")[seed % 3]).array
    n = len(table)
    observed = cells(table, rng.random((n, n)) < 0.6)
    wrong = rng.choice(len(observed), size=3, replace=False)

    def draw():
        drawn = observed.copy()
        drawn[wrong, 2] = (drawn[wrong, 2] + rng.integers(1, n, size=3)) % n
        return drawn

    given = draw()
    found = 10 ** log10_chance_of_so_few_repeats(given, table)
    least = without_repeat(given, table)
    share = np.mean([without_repeat(draw(), table) >= least for _ in range(3000)])
    assert abs(share - found) < 5 * math.sqrt(max(found * (1 - found), 1e-4) / 3000)


def test_a_full_latin_square_near_to_a_group_is_too_orderly() -> None:
    for n in (6, 8, 12):
        table = np.add.outer(np.arange(n), np.arange(n)) % n
        turned = table.copy()
        turned[np.ix_((0, n // 2), (0, n // 2))] = [[n // 2, 0], [0, n // 2]]
        found = log10_chance_of_so_few_repeats(cells(turned, turned >= 0), table)
        assert found == pytest.approx(-4 * math.log10(n - 1))


def test_every_repeat_counts_as_a_wrong_entry() -> None:
    table = generate_family("S3").array
    observed = cells(table, table >= 0)
    assert log10_chance_of_so_few_repeats(observed, table) == 0.0
    observed[7, 2] = (observed[7, 2] + 1) % 6
    assert log10_chance_of_so_few_repeats(observed, table) == 0.0
    # A cell that was seen twice, once otherwise, is contradicted whatever it repeats.
    twice = np.vstack([cells(table, table == 0), [[0, 0, 1]]])
    assert log10_chance_of_so_few_repeats(twice, table) == 0.0


def test_listing_an_observation_again_changes_nothing() -> None:
    table = generate_family("C7").array
    rng = np.random.default_rng(0)
    observed = cells(table, rng.random((7, 7)) < 0.5)
    observed[:3, 2] = (observed[:3, 2] + 3) % 7
    once = log10_chance_of_so_few_repeats(observed, table)
    again = np.vstack([observed, observed[:9]])
    assert log10_chance_of_so_few_repeats(again, table) == once


def test_no_latin_square_agrees_with_more() -> None:
    rng = np.random.default_rng(0)
    rows = list(itertools.permutations(range(3)))
    squares = [np.array(x) for x in itertools.product(rows, repeat=3)]
    squares = [x for x in squares if all(len(set(column)) == 3 for column in x.T.tolist())]
    assert len(squares) == 12
    reached = 0
    for _ in range(100):
        observed = rng.integers(0, 3, size=(rng.integers(1, 10), 3))
        a, b, c = np.unique(observed, axis=0).T
        best = max(int((x[a, b] == c).sum()) for x in squares)
        assert best <= most_agreeing(observed, 3)
        reached += best == most_agreeing(observed, 3)
    assert reached > 30  # the bound is not idle

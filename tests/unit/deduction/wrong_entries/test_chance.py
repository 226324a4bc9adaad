import itertools
import math

import numpy as np
import pytest

from cayley.algebra import Structure
from cayley.deduction.wrong_entries._chance import log2_num_tables, log10_agreeing_by_chance

# Labeled groups, n!/|Aut| for each, and their isotopes among Latin squares.
COUNTS = {("group", n): count for n, count in ((2, 2), (3, 3), (4, 16), (5, 30), (6, 480))}
COUNTS |= {("isotope", n): count for n, count in ((2, 2), (3, 12), (4, 576), (5, 17280))}


@pytest.mark.parametrize(("assume", "order"), COUNTS)
def test_there_are_no_more_tables_than_the_bound(assume, order):
    bound = log2_num_tables(order, assume=Structure(assume))
    assert math.log2(COUNTS[assume, order]) <= bound + 1e-9


def test_the_number_of_groups_is_bounded(small_groups):
    counts = np.bincount([entry["order"] for entry in small_groups])
    for order in range(2, 101):
        labelings = math.lgamma(order + 1) / math.log(2)
        bound = log2_num_tables(order, assume=Structure.GROUP) - labelings
        assert math.log2(counts[order]) <= bound + 1e-6


def test_the_expected_number_is_bounded_for_random_cells():
    """Mean number of group tables of order 4 that agree with at least k of m random cells."""
    rng = np.random.default_rng(0)
    start = [np.add.outer(range(4), range(4)) % 4, np.bitwise_xor.outer(range(4), range(4))]
    orders = [np.array(p) for p in itertools.permutations(range(4))]
    labeled = [p[t[np.ix_(np.argsort(p), np.argsort(p))]] for t in start for p in orders]
    tables = np.unique(labeled, axis=0)
    assert len(tables) == 16
    for m, k in ((6, 5), (8, 7), (10, 8)):
        counts = []
        for _ in range(3000):
            a, b = np.divmod(rng.choice(16, m, replace=False), 4)
            c = rng.integers(4, size=m)
            counts.append(((tables[:, a, b] == c).sum(axis=1) >= k).sum())
        spread = np.std(counts) / math.sqrt(len(counts))
        bound = 10 ** log10_agreeing_by_chance(4, assume=Structure.GROUP, cells=m, agreeing=k)
        assert np.mean(counts) - 4 * spread <= bound
